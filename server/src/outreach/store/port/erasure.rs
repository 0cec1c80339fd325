//! Erasure: a document goes, its id is refused for ever, and of a visit only
//! what its place and night amount to stays.

use sync_core::ids::DocumentId;
use sync_core::time::Instant;

use super::Answer;
use crate::shared::principal::Actor;

/// Operations that erase documents.
pub trait ErasureStore {
    /// Erases a document, whether or not it has arrived. `false`: it was erased before.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn erase(&self, document: DocumentId, by: Actor, now: Instant) -> impl Answer<bool>;
}
