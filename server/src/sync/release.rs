//! A coordinator lets in what the gate kept out.

use sha2::{Digest, Sha256};
use sync_core::ids::{DeviceId, Hash, OrganisationId};
use sync_core::protocol::{Offer, Relayed};
use sync_core::time::Instant;

use super::exchange::take_in;
use crate::store::log::Scope;
use crate::store::quarantine::Settled;
use crate::store::{Store, StoreError};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Released {
    /// It is in the log.
    In,
    /// The gate still refuses it.
    StillRefused,
    /// There is no such entry, or no longer.
    Unknown,
}

/// Offers a quarantined change once more, on the coordinator's word that the
/// device that sent it had it from whoever made it. Everything else the gate
/// checks as ever: bytes that are dangerous or of another shape stay out, and a
/// change from the future waits until it no longer is.
pub async fn release(
    store: &Store,
    organisation: OrganisationId,
    id: i64,
    by: DeviceId,
    now: Instant,
) -> Result<Released, StoreError> {
    let Some(entry) = store.quarantined_change(organisation.clone(), id).await? else {
        return Ok(Released::Unknown);
    };
    let digest: [u8; 32] = Sha256::digest(entry.bytes.get(8..).unwrap_or_default()).into();
    let heads = vec![Hash::from_bytes(digest)];
    // The coordinator's word takes the form of the server's own: this goes the
    // way of what a phone gives back after a restore.
    let receipt = store.receipts().make(entry.document, entry.kind, &heads);
    let offer = Offer {
        document: entry.document,
        kind: entry.kind,
        known_heads: Vec::new(),
        changes: Vec::new(),
        relayed: Some(Relayed {
            heads,
            receipt: receipt.into(),
            changes: vec![entry.bytes.into()],
        }),
    };
    let scope = Scope {
        device: entry.device,
        organisation: organisation.clone(),
    };
    let results = take_in(store, &scope, vec![offer], now).await?;
    if results.first().and_then(|result| result.relayed) != Some(1) {
        return Ok(Released::StillRefused);
    }
    store
        .settle_quarantined(organisation, id, Settled::Released, by, now)
        .await?;
    Ok(Released::In)
}
