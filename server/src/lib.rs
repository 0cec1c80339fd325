//! The server of Lägesbild: an ordered log of changes, what is computed from
//! it, and the routes that lead there.

pub mod config;
pub mod store;
