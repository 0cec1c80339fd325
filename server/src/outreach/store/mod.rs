//! The store: what the server holds.
//!
//! [`port`] says what it does; [`sqlite`] does it. Nothing outside an engine's folder sees a
//! table or a connection. The server has one engine, [`Store`]: with another one it becomes
//! the choice between them.

#![warn(clippy::missing_errors_doc)]

pub mod encrypted;
pub mod port;
pub mod quotas;
pub mod receipts;
pub mod sqlite;
#[cfg(test)]
mod suite;
pub mod turns;

pub use crate::shared::database::{StoreError, StoreOptions};
pub use port::{
    Act, Scope, acts, alerts, draws, encounters, erasure, expiry, feed, feedback, figures,
    followup, history, incoming, log, places, quarantine, rebuild, statistics, team_key, times,
    undos,
};
pub use sqlite::{Store, backup, copies};
