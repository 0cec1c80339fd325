//! Retention in the store: what is due, hiding it, taking it out again, destroying it.
//!
//! It runs from the receipt of a document's first change, by the server's clock; no date
//! that a phone wrote plays a part. What is due is looked for on a reader; the writer gets
//! portions so small that others do not wait for them.

use sync_core::ids::DocumentId;
use sync_core::model::Kind;
use sync_core::time::Instant;

use super::Answer;
use super::number::Number;
use crate::shared::principal::Actor;

const DAY: i64 = 86_400_000;

/// How long a kind is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub kind: Kind,
    /// Days from its receipt until a document is hidden.
    pub days: u32,
    /// Days from then until it is destroyed.
    pub hidden_days: u32,
}

impl Term {
    /// Returns the time from hiding to destroying, milliseconds.
    pub(in crate::outreach::store) fn hidden_ms(&self) -> i64 {
        i64::from(self.hidden_days) * DAY
    }

    /// Returns from when on what was received is not due yet.
    pub(in crate::outreach::store) fn before(&self, now: Instant) -> Instant {
        Instant(now.0 - i64::from(self.days) * DAY)
    }
}

/// The documents of a kind, by what retention is to do with them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "one of the ways in which it stands"
)]
pub struct Due {
    /// Documents of the kind.
    pub total: u64,
    /// Those that were hidden within the last day.
    pub lately: u64,
    /// Those that are due and not hidden yet.
    pub(in crate::outreach::store) due: Vec<Number>,
    /// Those whose receipt bears a time that has not come yet.
    pub(in crate::outreach::store) early: Vec<Number>,
    /// Those that are hidden and not due: the days were changed, say.
    pub(in crate::outreach::store) not_due: Vec<Number>,
    /// Those that have been hidden for long enough.
    pub(in crate::outreach::store) over: Vec<DocumentId>,
}

impl Due {
    /// Returns how many would be hidden.
    pub fn to_hide(&self) -> u64 {
        self.due.len() as u64
    }

    /// Returns how many would be destroyed.
    pub fn to_destroy(&self) -> u64 {
        self.over.len() as u64
    }
}

/// A hidden document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    pub document: DocumentId,
    pub kind: Kind,
    /// Since when it is hidden.
    pub since: Instant,
}

/// Operations that hide and destroy documents past their retention.
pub trait ExpiryStore {
    /// Looks for what is due, on a reader.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn due(&self, term: Term, now: Instant) -> impl Answer<Due>;

    /// Hides what is due and destroys what has been hidden for long enough, in portions,
    /// until `stopped` says so. Returns how many were hidden and destroyed.
    ///
    /// # Errors
    /// When the store cannot be written; what was done until then stays done.
    fn expire(
        &self,
        term: Term,
        due: Due,
        now: Instant,
        stopped: impl Fn() -> bool + Send + Sync,
    ) -> impl Answer<(u64, u64)>;

    /// Lists what is hidden, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn hidden(&self, limit: u32) -> impl Answer<Vec<Hidden>>;

    /// Takes a document out of hiding: its days begin again. `false`: it is not hidden.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn unhide(&self, document: DocumentId, by: Actor, now: Instant) -> impl Answer<bool>;
}
