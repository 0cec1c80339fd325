//! Who changed a document, and when that came.

use sync_core::ids::{DeviceId, DocumentId, Hash, OrganisationId};
use sync_core::time::Instant;

use super::Answer;
use crate::shared::principal::Role;

/// A change, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The change's own hash.
    pub hash: Hash,
    /// The device that made it.
    pub device: DeviceId,
    /// The device's member: organisation and role. None for the server's own hand.
    pub by: Option<(OrganisationId, Role)>,
    /// When the server received it.
    pub received_at: Instant,
}

/// Operations that read who changed a document.
pub trait HistoryStore {
    /// Lists the changes of a document in the order of their arrival.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn changes_of(&self, document: DocumentId) -> impl Answer<Vec<Changed>>;
}
