//! The gate's decision, with its reasons.

use automerge::ActorId;

use crate::document::Document;
use crate::ids::Hash;
use crate::rejection::RejectionCode;

/// A refusal: the first change that was not let in. Those after it in the same
/// offer were not tried, since they may build on it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Rejection {
    pub code: RejectionCode,
    /// A sentence for whoever looks into it. Never holds content.
    pub detail: String,
    /// Index of the change in the offer.
    pub index: usize,
}

/// A change that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub hash: Hash,
    /// Its bytes, as offered.
    pub bytes: Vec<u8>,
    /// Whether the document did not hold it before.
    pub new: bool,
    /// Whether it was made long before it came (queued offline).
    pub late: bool,
    pub actor: ActorId,
    /// When it was made, by the phone's clock: seconds since 1970 UTC.
    pub at: i64,
}

/// The gate's decision about an offer.
#[derive(Debug)]
pub struct Admission {
    /// The document with the accepted changes; `None` when there is none.
    pub document: Option<Document>,
    /// The changes let in, in the order offered.
    pub accepted: Vec<Accepted>,
    /// Why not all were let in; none when all were.
    pub rejected: Option<Rejection>,
    /// The work of putting the changes into the document: some microseconds of a processor,
    /// counted from what they hold (and so the same everywhere).
    pub work: usize,
}
