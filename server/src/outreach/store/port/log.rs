//! The log: documents and the changes to them, in the order of their arrival.

use sync_core::ids::{DeviceId, DocumentId, Hash, OrganisationId};
use sync_core::model::Kind;
use sync_core::time::Instant;

use super::quarantine::Refused;
use super::{Answer, Scope};
use crate::outreach::projection::Rows;

/// Changes after which a document's history is made into one chunk.
pub const COMPACT_AFTER: u32 = 50;

/// A document as the store holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub kind: Kind,
    /// The organisation that it belongs to.
    pub organisation: OrganisationId,
    /// The cursor of its newest change.
    pub last_cursor: u64,
    /// Changes that no snapshot holds yet.
    pub loose: u32,
    /// The chunks to load it from: a snapshot, if there is one, and the changes after it.
    pub chunks: Vec<Vec<u8>>,
}

/// The entry that the store has under an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// There is nothing.
    Nothing,
    /// A document is there.
    Document(Stored),
    /// A document was there and was erased; the id is refused for ever.
    Erased,
}

/// A change to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// The change's own hash.
    pub hash: Hash,
    /// The engine's chunk, as it was sent.
    pub bytes: Vec<u8>,
    /// Whether it was made long before it came.
    pub late: bool,
    /// The device that made it.
    pub device: DeviceId,
}

/// New changes to a document, checked against the state with `expected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    pub document: DocumentId,
    pub kind: Kind,
    /// The cursor it was checked at; 0 when there was nothing.
    pub expected: u64,
    /// The changes, in causal order; at least one.
    pub changes: Vec<NewChange>,
    /// The device that made the document: whose it is, whoever sends it.
    pub founder: DeviceId,
    /// The changes of the document that no other builds on, sorted.
    pub heads: Vec<Hash>,
    /// The document's rows with these changes.
    pub rows: Rows,
    /// The whole document as one chunk, when it is time for it.
    pub snapshot: Option<Vec<u8>>,
}

/// The result of an [`Append`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is in the log.
    Stored,
    /// Someone else's change came first: check it again.
    Moved,
    /// The document was erased.
    Erased,
    /// The organisation has as many visits to that place on that night as it may.
    Crowded,
}

/// The changes that one request brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The device that sends, and what it may reach.
    pub scope: Scope,
    /// When it came, by the server's clock.
    pub now: Instant,
    /// Changes that were let in.
    pub appends: Vec<Append>,
    /// Changes that were not let in.
    pub refused: Vec<Refused>,
}

/// How much checking a request may still cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkRoom {
    left: usize,
    untouched: bool,
}

impl WorkRoom {
    /// A room of a size.
    pub const fn of(size: usize) -> Self {
        Self {
            left: size,
            untouched: true,
        }
    }

    /// Takes a part of it, if it is there.
    pub(in crate::outreach::store) fn take(&mut self, part: usize) -> bool {
        let fits = self.untouched || part <= self.left;
        self.untouched = false;
        self.left = if fits {
            self.left.saturating_sub(part)
        } else {
            0
        };
        fits
    }
}

/// Something that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// The kind of the document.
    pub kind: Kind,
    /// Whether the document is new.
    pub new: bool,
    /// Bytes of its changes.
    pub bytes: u64,
}

/// When something came, from which device, of which organisation, and what.
pub type Arrival = (Instant, DeviceId, Option<OrganisationId>, Came);

/// Operations on the log.
pub trait LogStore {
    /// Reads what is needed to check changes to some documents.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn find(&self, documents: Vec<DocumentId>) -> impl Answer<Vec<Found>>;

    /// Returns what came since an instant: when, from whom, of which organisation.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn came_since(&self, since: Instant) -> impl Answer<Vec<Arrival>>;

    /// Reads as [`Self::find`] does, as far as a room goes: `cost` says what an offer takes of it,
    /// given its index and the size of what is stored. None from where the room ends; the
    /// first always fits into a room of which nothing was taken.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn find_within(
        &self,
        documents: Vec<DocumentId>,
        room: WorkRoom,
        cost: impl Fn(usize, usize) -> usize + Send + 'static,
    ) -> impl Answer<(Vec<Option<Found>>, WorkRoom)>;

    /// Stores what a request brings, in one go. Answers once it is on disk, for
    /// each append in order. When the caller has gone before it began, nothing is stored.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn submit(&self, submission: Submission) -> impl Answer<Vec<Appended>>;
}
