//! The audit log: who did what, each row's hash covering the one before it, so
//! that a row that was changed, taken out or put in shows.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use crate::store::{Store, StoreError};

/// A row to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// The device that did it; none for the server itself and its command line.
    pub device: Option<DeviceId>,
    /// What was done: a stable code such as `sync.append`.
    pub action: &'static str,
    /// To what: an id, never content.
    pub subject: String,
    /// How much, with which result: never content.
    pub detail: String,
}

/// What a check of the chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// Every row follows from the one before it.
    Whole {
        /// The number of rows.
        rows: u64,
    },
    /// The first row that does not.
    BrokenAt {
        /// Its number.
        row: u64,
    },
}

const START: [u8; 32] = [0; 32];

impl Entry {
    /// SHA-256 over the previous hash and the fields, each preceded by its length.
    fn hash(&self, seq: i64, previous: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(previous);
        hash.update(seq.to_be_bytes());
        hash.update(self.at.0.to_be_bytes());
        let device = self.device.as_ref().map_or(&[][..], |d| d.as_bytes());
        for field in [
            device,
            self.action.as_bytes(),
            self.subject.as_bytes(),
            self.detail.as_bytes(),
        ] {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        hash.finalize().into()
    }
}

/// Adds a row, in the transaction of what it tells of.
pub(crate) fn record(tx: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let last: Option<(i64, [u8; 32])> = tx
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (seq, previous) = last.map_or((1, START), |(seq, hash)| (seq + 1, hash));
    tx.prepare_cached(
        "INSERT INTO audit (seq, at, device, action, subject, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        seq,
        entry.at.0,
        entry.device.as_ref().map(DeviceId::as_bytes),
        entry.action,
        entry.subject,
        entry.detail,
        previous,
        entry.hash(seq, &previous),
    ])?;
    Ok(())
}

impl Store {
    /// Adds a row to the audit log by itself: for what was read.
    pub async fn audit(&self, entry: Entry) -> Result<(), StoreError> {
        self.write(move |tx| record(tx, &entry)).await
    }

    /// Checks the whole chain.
    pub async fn verify_audit(&self) -> Result<Chain, StoreError> {
        self.read(verify).await
    }
}

fn verify(connection: &Connection) -> Result<Chain, StoreError> {
    let mut statement = connection.prepare(
        "SELECT seq, at, device, action, subject, detail, previous, hash FROM audit ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let (mut seq, mut previous) = (0_i64, START);
    while let Some(row) = rows.next()? {
        let found: i64 = row.get(0)?;
        let mut hash = Sha256::new();
        hash.update(previous);
        hash.update(found.to_be_bytes());
        hash.update(row.get::<_, i64>(1)?.to_be_bytes());
        for column in 2..6 {
            let field = row.get_ref(column)?;
            let bytes = field.as_bytes_or_null().map_err(rusqlite::Error::from)?;
            let bytes = bytes.unwrap_or_default();
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        let expected: [u8; 32] = hash.finalize().into();
        let linked = row.get::<_, [u8; 32]>(6)? == previous;
        if found != seq + 1 || !linked || row.get::<_, [u8; 32]>(7)? != expected {
            return Ok(Chain::BrokenAt {
                row: u64::try_from(found).unwrap_or(0),
            });
        }
        (seq, previous) = (found, expected);
    }
    Ok(Chain::Whole {
        rows: u64::try_from(seq).unwrap_or(0),
    })
}
