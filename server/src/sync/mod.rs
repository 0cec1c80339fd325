//! A phone's request → the gate → the log → the phone's reply.

mod admit;
mod exchange;

pub use exchange::{ExchangeError, exchange};
