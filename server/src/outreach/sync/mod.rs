//! A phone's request → the gate → the log → the phone's reply.

mod admit;
mod exchange;
mod moment;
pub mod release;
pub mod server_changes;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod undo;

pub use exchange::{ExchangeError, exchange, take_left};
pub use moment::Moment;
