//! The audit log: who did what, each row's hash covering the one before it, so
//! that a row that was changed, taken out or put in shows.

pub mod chain;
mod head;
pub mod show;
mod watch;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use crate::shared::database::{Database, StoreError};
use crate::shared::principal::Actor;

/// A row that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it was done, by the server's clock.
    pub at: Instant,
    /// The device or the server's own part that did it.
    pub by: Actor,
    /// The act: a stable code such as `sync.append`.
    pub action: &'static str,
    /// The subject: an id, never content.
    pub subject: String,
    /// Counts and the result: never content.
    pub detail: String,
}

pub use chain::Chain;
pub(crate) use watch::watch;

const START: [u8; 32] = [0; 32];

impl Entry {
    /// SHA-256 over the previous hash and the fields, each preceded by its length.
    fn hash(&self, seq: i64, previous: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(previous);
        hash.update(seq.to_be_bytes());
        hash.update(self.at.0.to_be_bytes());
        let member = self.by.member.map(|member| member.0.to_be_bytes());
        let device = self.by.device.as_ref();
        for field in [
            member.as_ref().map_or(&[][..], |member| &member[..]),
            device.map_or(&[][..], |device| device.as_bytes()),
            self.action.as_bytes(),
            self.subject.as_bytes(),
            self.detail.as_bytes(),
        ] {
            hash_field(&mut hash, field);
        }
        hash.finalize().into()
    }
}

fn hash_field(hash: &mut Sha256, field: &[u8]) {
    hash.update((field.len() as u64).to_be_bytes());
    hash.update(field);
}

/// Adds a row, in the transaction of what it tells of.
pub(crate) fn record(tx: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let last: Option<(i64, [u8; 32])> = tx
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (seq, previous) = last.map_or((1, START), |(seq, hash)| (seq + 1, hash));
    tx.prepare_cached(
        "INSERT INTO audit (seq, at, member, device, action, subject, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        seq,
        entry.at.0,
        entry.by.member.map(|member| member.0),
        entry.by.device.as_ref().map(DeviceId::as_bytes),
        entry.action,
        entry.subject,
        entry.detail,
        previous,
        entry.hash(seq, &previous),
    ])?;
    Ok(())
}

impl Database {
    /// Adds a row to the audit log by itself: for what was read.
    pub async fn audit(&self, entry: Entry) -> Result<(), StoreError> {
        self.write(move |tx| record(tx, &entry)).await
    }
}
