//! `audit.head`, a small file beside the database: the chain's last row as it was now and
//! then. Whoever cuts the chain's end off, or makes all of it again, must change this file
//! too, and the log, which says the same.
//!
//! A line holds the epoch of the data, the row's number and its hash. What another epoch
//! noted is of before a restore, which may have taken those rows away.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use crate::shared::database::{Database, StoreError, private};

/// The file in the data directory.
const FILE: &str = "audit.head";
/// Lines that are kept: some days of them.
const KEPT: usize = 1_000;

/// A row's number and hash.
pub(super) type Link = (i64, [u8; 32]);

/// A line of the file: the chain's last row at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noted {
    epoch: i64,
    row: Link,
}

/// Reads the file; what cannot be read in it is passed over. None when there is no file.
pub(super) fn read(directory: &Path) -> Result<Vec<Noted>, StoreError> {
    let text = match std::fs::read_to_string(directory.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    Ok(text.lines().filter_map(line).collect())
}

fn line(line: &str) -> Option<Noted> {
    let mut parts = line.split(' ');
    let epoch = parts.next()?.parse().ok()?;
    let seq = parts.next()?.parse().ok()?;
    let hash = parts.next()?.parse::<sync_core::ids::Hash>().ok()?;
    Some(Noted {
        epoch,
        row: (seq, *hash.as_bytes()),
    })
}

/// The first of what was noted in this epoch that is not there, or another.
pub(super) fn missing(connection: &Connection, noted: &[Noted]) -> Result<Option<i64>, StoreError> {
    let epoch: i64 = connection.query_row("SELECT epoch FROM head", [], |r| r.get(0))?;
    let mut find = connection.prepare_cached("SELECT hash FROM audit WHERE seq = ?1")?;
    for noted in noted.iter().filter(|noted| noted.epoch == epoch) {
        let (seq, hash) = noted.row;
        let found: Option<[u8; 32]> = find.query_row([seq], |r| r.get(0)).optional()?;
        if found != Some(hash) {
            return Ok(Some(seq));
        }
    }
    Ok(None)
}

impl Database {
    /// Notes the chain's last row in `audit.head` and in the log, unless it was noted.
    pub(super) async fn note_audit_head(&self) -> Result<(), StoreError> {
        let last = self
            .read(|connection| {
                Ok(connection
                    .query_row(
                        "SELECT h.epoch, a.seq, a.hash FROM head h, audit a
                         ORDER BY a.seq DESC LIMIT 1",
                        [],
                        |r| {
                            Ok(Noted {
                                epoch: r.get(0)?,
                                row: (r.get(1)?, r.get(2)?),
                            })
                        },
                    )
                    .optional()?)
            })
            .await?;
        let mut noted = read(self.directory())?;
        let Some(last) = last.filter(|last| noted.last() != Some(last)) else {
            return Ok(());
        };
        noted.push(last);
        write(self.directory(), &noted[noted.len().saturating_sub(KEPT)..])?;
        let (row, hash) = last.row;
        let hash = sync_core::ids::Hash::from_bytes(hash);
        tracing::info!(row, %hash, epoch = last.epoch, "audit: the last row");
        Ok(())
    }
}

/// Writes the file in one step.
fn write(directory: &Path, noted: &[Noted]) -> Result<(), StoreError> {
    let mut text = String::new();
    for Noted { epoch, row } in noted {
        let hash = sync_core::ids::Hash::from_bytes(row.1);
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{epoch} {} {hash}", row.0);
    }
    let next = directory.join("audit.head.next");
    std::io::Write::write_all(&mut private::create(&next)?, text.as_bytes())?;
    std::fs::rename(&next, directory.join(FILE))?;
    Ok(())
}
