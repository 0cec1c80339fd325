//! The server of Lägesbild: products on what they share.

pub mod cli;
pub mod config;
pub mod outreach;
pub mod shared;
