//! The domain of Lägesbild. Pure: no IO, clock or randomness, so that the
//! phone, the server and the simulator run the same code on the same bits.

#![warn(clippy::missing_errors_doc)]

pub mod authority;
pub mod document;
pub mod estimate;
pub mod gate;
pub mod ids;
pub mod model;
mod operations;
pub mod protocol;
mod rejection;
pub mod replica;
pub mod time;
