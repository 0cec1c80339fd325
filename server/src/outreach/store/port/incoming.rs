//! Arrivals of late, without what they say.

use sync_core::model::Kind;
use sync_core::time::Instant;

use super::Answer;
use crate::shared::accounts::members::Organisation;

/// Changes to one document that came in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// When they came, by the server's clock.
    pub received_at: Instant,
    /// The organisation whose device sent them.
    pub organisation: Organisation,
    /// The document's kind.
    pub kind: Kind,
    /// The district of the place that it is or concerns, when it has one.
    pub district: Option<String>,
    /// The number of changes.
    pub changes: u64,
    /// Whether one of them was made long before it came.
    pub late: bool,
}

/// Operations that list what came in lately.
pub trait IncomingStore {
    /// Lists the newest arrivals of all organisations, newest first. Says that
    /// something came, never what.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn incoming(&self, limit: u32) -> impl Answer<Vec<Incoming>>;
}
