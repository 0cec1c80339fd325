//! Walking the chain, a portion at a time.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::head::Link;
use super::{START, hash_field, head};
use crate::shared::database::{Database, StoreError};

/// Rows that are checked in one reading.
const AT_ONCE: i64 = 10_000;

/// The result of a check of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// Every row follows from the one before it, and what was noted elsewhere is there.
    Whole {
        /// The number of the last row.
        rows: u64,
    },
    /// The first row that does not, or that is another one than was noted elsewhere.
    BrokenAt {
        /// The row's number, from 1.
        row: u64,
    },
    /// The end is missing: a row that was noted elsewhere is not there.
    CutAt {
        /// The first row that is missing.
        row: u64,
    },
}

/// How far a portion went.
enum Portion {
    Goes(Link),
    Ends(Link),
    BrokenAt(i64),
}

impl Database {
    /// Checks the whole chain, and that what `audit.head` says was there once still is.
    pub async fn verify_audit(&self) -> Result<Chain, StoreError> {
        self.verify_audit_from((0, START)).await
    }

    /// Checks the last `rows` rows, taking the one before them as it is.
    pub async fn verify_recent_audit(&self, rows: i64) -> Result<Chain, StoreError> {
        let start = self
            .read(move |connection| {
                Ok(connection
                    .query_row(
                        "SELECT seq, hash FROM audit
                         WHERE seq <= (SELECT max(seq) FROM audit) - ?1
                         ORDER BY seq DESC LIMIT 1",
                        [rows],
                        |r| Ok((r.get(0)?, r.get(1)?)),
                    )
                    .optional()?)
            })
            .await?;
        self.verify_audit_from(start.unwrap_or((0, START))).await
    }

    async fn verify_audit_from(&self, mut link: Link) -> Result<Chain, StoreError> {
        // What is noted while this goes on is not looked for.
        let noted = head::read(self.directory())?;
        let number = |seq: i64| u64::try_from(seq).unwrap_or(0);
        let last = loop {
            match self
                .read(move |connection| portion(connection, link))
                .await?
            {
                Portion::Goes(next) => link = next,
                Portion::Ends(last) => break last,
                Portion::BrokenAt(seq) => return Ok(Chain::BrokenAt { row: number(seq) }),
            }
        };
        let missing = self
            .read(move |connection| head::missing(connection, &noted))
            .await?;
        Ok(match missing {
            Some(seq) if seq > last.0 => Chain::CutAt {
                row: number(last.0 + 1),
            },
            Some(seq) => Chain::BrokenAt { row: number(seq) },
            None => Chain::Whole {
                rows: number(last.0),
            },
        })
    }
}

fn portion(connection: &Connection, (mut seq, mut previous): Link) -> Result<Portion, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, at, member, device, action, subject, detail, previous, hash FROM audit
         WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query([seq, AT_ONCE])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        let found: i64 = row.get(0)?;
        let mut hash = Sha256::new();
        hash.update(previous);
        hash.update(found.to_be_bytes());
        hash.update(row.get::<_, i64>(1)?.to_be_bytes());
        let member = row.get::<_, Option<i64>>(2)?.map(i64::to_be_bytes);
        hash_field(&mut hash, member.as_ref().map_or(&[], |member| &member[..]));
        for column in 3..7 {
            let field = row.get_ref(column)?;
            let bytes = field.as_bytes_or_null().map_err(rusqlite::Error::from)?;
            hash_field(&mut hash, bytes.unwrap_or_default());
        }
        let expected: [u8; 32] = hash.finalize().into();
        let linked = row.get::<_, [u8; 32]>(7)? == previous;
        if found != seq + 1 || !linked || row.get::<_, [u8; 32]>(8)? != expected {
            return Ok(Portion::BrokenAt(found));
        }
        (seq, previous) = (found, expected);
    }
    let link = (seq, previous);
    Ok(if count < AT_ONCE {
        Portion::Ends(link)
    } else {
        Portion::Goes(link)
    })
}
