//! A coordinator lets in what the gate kept out.

use sync_core::authority::Capacity;
use sync_core::ids::OrganisationId;
use sync_core::protocol::Offer;

use super::Moment;
use super::exchange::take_in;
use crate::outreach::store::Scope;
use crate::outreach::store::quarantine::{QuarantineStore, Settled};
use crate::outreach::store::{Store, StoreError};
use crate::shared::principal::Actor;

/// The result of offering a quarantined change again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Released {
    /// It is in the log.
    In,
    /// The gate still refuses it.
    StillRefused,
    /// There is no such entry, or no longer.
    Unknown,
}

/// Offers a quarantined change once more, on the coordinator's word: that the device that
/// sent it had it from whoever made it, and that its dates are right. Everything else the
/// gate checks as ever: bytes that are dangerous or of another shape stay out, what a
/// coordinator could not say either does, and a change from the future waits until it no
/// longer is.
pub async fn release(
    store: &Store,
    organisation: OrganisationId,
    id: i64,
    by: Actor,
    at: impl Into<Moment>,
) -> Result<Released, StoreError> {
    let at = at.into();
    let Some(entry) = store.quarantined_change(organisation.clone(), id).await? else {
        return Ok(Released::Unknown);
    };
    let offer = Offer {
        document: entry.document,
        kind: entry.kind,
        known_heads: Vec::new(),
        changes: vec![entry.bytes.into()],
        relayed: None,
    };
    let scope = Scope {
        device: entry.device,
        organisation: organisation.clone(),
        by,
        act: None,
        capacity: Capacity::Release,
    };
    // A refusal leaves the entry as it is: the same bytes are kept once.
    let results = take_in(store, &scope, vec![offer], at).await?;
    if results.first().is_none_or(|result| result.accepted != 1) {
        return Ok(Released::StillRefused);
    }
    store
        .settle_quarantined(organisation, id, Settled::Released, by, at.now)
        .await?;
    Ok(Released::In)
}
