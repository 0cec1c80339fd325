//! A phone's request → the gate → the log → the phone's reply.

mod admit;
mod exchange;
pub mod hand;
mod moment;
pub mod release;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod undo;

pub use exchange::{ExchangeError, exchange, take_left};
pub use moment::Moment;
