//! The parts that know no product: time and randomness, who acts, the audit, the database, HTTP.
//!
//! A product (`outreach`) stands on this and never the other way round.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod clock;
pub mod database;
pub mod http;
pub mod jobs;
pub mod longest;
pub mod principal;
pub mod split_mix;
