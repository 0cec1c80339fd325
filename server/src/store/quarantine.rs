//! What was not let in, kept so that a person can look into it.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::model::Kind;
use sync_core::time::Instant;

use super::log::Scope;
use super::{Store, StoreError, sql};

/// Most entries kept; the oldest go first.
const MOST_ENTRIES: i64 = 2_000;
/// Most entries kept of one device, so that one cannot push the others out.
const MOST_OF_A_DEVICE: i64 = 200;
/// Most bytes kept of a refused change.
const MOST_BYTES: usize = 64 * 1024;

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
    /// The change.
    pub bytes: Vec<u8>,
}

/// An entry of the quarantine, without the change itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number.
    pub id: i64,
    /// When it came.
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
    /// A sentence.
    pub detail: String,
    /// Its size in bytes.
    pub size: u64,
}

impl Store {
    /// The newest entries of an organisation's devices, newest first.
    pub async fn quarantined(
        &self,
        organisation: OrganisationId,
        limit: u32,
    ) -> Result<Vec<Quarantined>, StoreError> {
        self.read(move |connection| {
            let entries = connection
                .prepare_cached(
                    "SELECT id, received_at, organisation, device, document, kind, code, detail, size
                     FROM quarantine WHERE organisation = ?1 ORDER BY id DESC LIMIT ?2",
                )?
                .query_map(params![organisation.as_str(), limit], |r| {
                    Ok(Quarantined {
                        id: r.get(0)?,
                        received_at: sql::instant(r, 1)?,
                        organisation: sql::parsed(r, 2)?,
                        device: sql::device(r, 3)?,
                        document: sql::document(r, 4)?,
                        kind: sql::parsed(r, 5)?,
                        code: r.get(6)?,
                        detail: r.get(7)?,
                        size: sql::natural(r, 8)?,
                    })
                })?
                .collect::<Result<_, _>>()?;
            Ok(entries)
        })
        .await
    }
}

/// Keeps a refused change. The same one again adds nothing.
pub(super) fn keep(
    tx: &Connection,
    scope: &Scope,
    now: Instant,
    refused: &Refused,
) -> Result<(), StoreError> {
    let digest: [u8; 32] = Sha256::digest(&refused.bytes).into();
    let kept = &refused.bytes[..refused.bytes.len().min(MOST_BYTES)];
    let added = tx
        .prepare_cached(
            "INSERT INTO quarantine
             (received_at, organisation, device, document, kind, code, detail, digest, size, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (device, document, digest) DO NOTHING",
        )?
        .execute(params![
            now.0,
            scope.organisation.as_str(),
            scope.device.as_bytes(),
            refused.document.as_bytes(),
            refused.kind.as_str(),
            refused.code,
            refused.detail,
            digest,
            sql::signed(refused.bytes.len() as u64),
            kept,
        ])?;
    if added > 0 {
        tx.prepare_cached(
            "DELETE FROM quarantine WHERE device = ?1 AND id <=
               (SELECT id FROM quarantine WHERE device = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![scope.device.as_bytes(), MOST_OF_A_DEVICE])?;
        tx.prepare_cached(
            "DELETE FROM quarantine WHERE id <=
               (SELECT id FROM quarantine ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        )?
        .execute([MOST_ENTRIES])?;
    }
    Ok(())
}
