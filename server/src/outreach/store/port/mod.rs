//! The store's work, by topic, in plain types: what whoever uses it sees, and what an
//! engine must do. No engine's words stand here.
//!
//! Each topic has a trait beside its types. An engine that has them all and passes the
//! suite (`store/suite`) can hold what this server holds.

pub mod acts;
pub mod alerts;
pub mod draws;
pub mod encounters;
pub mod erasure;
pub mod expiry;
pub mod feed;
pub mod feedback;
pub mod figures;
pub mod followup;
pub mod history;
pub mod incoming;
pub mod log;
pub mod number;
pub mod places;
pub mod quarantine;
pub mod rebuild;
mod scope;
pub mod statistics;
pub mod team_key;
pub mod times;
pub mod undos;

use crate::shared::database::StoreError;

pub use scope::{Act, Scope};

/// The answer of an operation, at last: on any thread.
pub trait Answer<T>: Future<Output = Result<T, StoreError>> + Send {}

impl<T, F> Answer<T> for F where F: Future<Output = Result<T, StoreError>> + Send {}

/// All that an engine does. Nothing of it has a cost of its own: the server is built for the
/// engine that it has.
pub trait Port:
    acts::ActStore
    + alerts::AlertStore
    + draws::DrawStore
    + encounters::EncounterStore
    + erasure::ErasureStore
    + expiry::ExpiryStore
    + feed::FeedStore
    + feedback::FeedbackStore
    + figures::FiguresStore
    + followup::FollowupStore
    + history::HistoryStore
    + incoming::IncomingStore
    + log::LogStore
    + places::PlaceStore
    + quarantine::QuarantineStore
    + rebuild::RebuildStore
    + statistics::StatisticsStore
    + team_key::TeamKeyStore
    + times::TimesStore
    + undos::UndoStore
    + Send
    + Sync
{
}
