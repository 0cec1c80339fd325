//! The server of Lägesbild: an ordered log of changes, what is computed from
//! it, and the routes that lead there.

pub mod app;
pub mod audit;
pub mod auth;
pub mod background;
pub mod cli;
pub mod config;
pub mod demo;
pub mod estimate;
pub mod http;
pub mod leaflets;
pub mod map;
pub mod metrics;
pub mod projection;
pub mod retention;
pub mod seeded;
pub mod store;
pub mod sync;
