//! Changes that were not let in, kept so that a person can look into them.

use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::model::Kind;
use sync_core::time::Instant;

use super::Answer;
use crate::shared::principal::Actor;

/// A change that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The document it was meant for.
    pub document: DocumentId,
    /// The kind it was said to have.
    pub kind: Kind,
    /// Why: a stable code.
    pub code: &'static str,
    /// A sentence; never content.
    pub detail: String,
    /// The change as it was sent.
    pub bytes: Vec<u8>,
}

/// An entry of the quarantine, without the change itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The entry's number.
    pub id: i64,
    /// When it came, by the server's clock.
    pub received_at: Instant,
    /// From which organisation.
    pub organisation: OrganisationId,
    /// From which device.
    pub device: DeviceId,
    /// The document it was meant for.
    pub document: DocumentId,
    /// The kind it was said to have.
    pub kind: Kind,
    /// Why it was refused.
    pub code: String,
    /// A sentence about why; never content.
    pub detail: String,
    /// Its size in bytes.
    pub size: u64,
}

/// The decision of a coordinator about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The change was let in.
    Released,
    /// It was thrown away.
    Discarded,
}

/// A refused change itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedChange {
    /// From which device.
    pub device: DeviceId,
    /// The document it was meant for.
    pub document: DocumentId,
    /// The kind it was said to have.
    pub kind: Kind,
    /// The change as it was sent.
    pub bytes: Vec<u8>,
}

/// Operations on refused changes.
pub trait QuarantineStore {
    /// Returns an entry of an organisation's devices that nobody has settled yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn quarantined_change(
        &self,
        organisation: OrganisationId,
        id: i64,
    ) -> impl Answer<Option<QuarantinedChange>>;

    /// Notes what was decided and deletes the bytes. `false` when there is no
    /// such entry, or it was settled before.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn settle_quarantined(
        &self,
        organisation: OrganisationId,
        id: i64,
        settled: Settled,
        by: Actor,
        now: Instant,
    ) -> impl Answer<bool>;

    /// Returns whether a coordinator threw this very change of a device away.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn was_discarded(&self, device: DeviceId, refused: &Refused) -> impl Answer<bool>;

    /// Lists the newest entries of an organisation's devices, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn quarantined(
        &self,
        organisation: OrganisationId,
        limit: u32,
    ) -> impl Answer<Vec<Quarantined>>;

    /// Counts the entries of an organisation's devices that wait.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn waiting_in_quarantine(&self, organisation: OrganisationId) -> impl Answer<u64>;

    /// Counts the entries that came from a device and wait.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn quarantined_of(&self, device: DeviceId) -> impl Answer<u64>;

    /// Discards what waits in quarantine from a device. Returns how many entries.
    ///
    /// # Errors
    /// When the store cannot be written; what was discarded until then stays so.
    fn discard_quarantined_of(
        &self,
        undo: i64,
        device: DeviceId,
        by: Actor,
        now: Instant,
    ) -> impl Answer<u64>;
}
