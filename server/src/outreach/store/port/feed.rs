//! The news for a phone since its cursor.

use sync_core::ids::DocumentId;
use sync_core::protocol::{BODY_BYTES, Coverage, Delivery, Draw, MOST_DOCUMENTS};
use sync_core::time::Instant;

use super::{Answer, Scope};

/// How much a reply may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageBudget {
    pub(in crate::outreach::store) documents: usize,
    /// Bytes that documents may take.
    pub(in crate::outreach::store) document_bytes: usize,
    /// Rows of coverage (about 40 bytes each), and erased documents named.
    pub(in crate::outreach::store) rows: u32,
}

impl PageBudget {
    /// A reply that does nothing but bring news.
    pub const FULL: Self = Self {
        documents: MOST_DOCUMENTS,
        document_bytes: BODY_BYTES - 250_000,
        rows: 5_000,
    };
    /// A reply that also says what the server took: on one bar of signal that must
    /// not wait behind minutes of news, nor be lost with them. The rest comes next.
    pub const BRIEF: Self = Self {
        documents: 16,
        document_bytes: 4_000,
        rows: 100,
    };
}

/// The request of a phone for news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRequest {
    /// The phone, and what it may reach.
    pub scope: Scope,
    /// The epoch it knows; 0 for none.
    pub epoch: u64,
    /// How far it has read; 0 for nothing.
    pub cursor: u64,
    /// In the middle of a reading, the cursor at which that began.
    pub since: Option<u64>,
    /// The time of the request, by the server's clock.
    pub now: Instant,
    /// How much the reply may bring.
    pub room: PageBudget,
}

/// The answer: see [`sync_core::protocol::Reply`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The server's epoch.
    pub epoch: u64,
    /// How far this reads.
    pub cursor: u64,
    /// Whether more is left to read.
    pub more: bool,
    /// New documents, or what is new in them.
    pub documents: Vec<Delivery>,
    /// Erased documents.
    pub purge: Vec<DocumentId>,
    /// Place-nights of other organisations.
    pub coverage: Vec<Coverage>,
    /// The newest draw, when it is new.
    pub draw: Option<Draw>,
}

/// The server's epoch and newest cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The newest cursor.
    pub cursor: u64,
    /// The server's epoch.
    pub epoch: u64,
}

/// Operations that read the news for phones.
pub trait FeedStore {
    /// Reads what is new to a phone. The cost depends on what is new, not on
    /// what is stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn feed(&self, request: FeedRequest) -> impl Answer<Feed>;

    /// Reads the newest cursor and the epoch.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn head(&self) -> impl Answer<Head>;
}
