//! Changes that a server has acknowledged, and whether its database holds them.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use sync_core::ids::{DocumentId, Hash};
use sync_core::protocol::{Reply, Request, Signed};

/// Acknowledged changes: the document and the change's name.
#[derive(Debug, Default, Clone)]
pub struct Acknowledged(BTreeSet<(DocumentId, Hash)>);

impl Acknowledged {
    /// Notes what a reply acknowledges of a signed body.
    pub fn note(&mut self, body: &[u8], reply: &[u8]) -> Result<()> {
        let signed: Signed = minicbor::decode(body)?;
        self.note_payload(&signed.payload, reply)
    }

    /// Notes what a reply acknowledges of a request.
    pub fn note_payload(&mut self, payload: &[u8], reply: &[u8]) -> Result<()> {
        let request: Request = minicbor::decode(payload)?;
        let reply: Reply = minicbor::decode(reply)?;
        for (offer, result) in request.batch.iter().zip(&reply.results) {
            ensure!(
                offer.document == result.document,
                "the results are in another order"
            );
            for change in offer.changes.iter().take(result.accepted as usize) {
                self.0.insert((offer.document, name(change)));
            }
        }
        Ok(())
    }

    /// Takes over what another noted.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Forgets a document: it was erased.
    pub fn forget(&mut self, document: DocumentId) {
        self.0.retain(|(of, _)| *of != document);
    }

    /// Forgets some changes.
    pub fn forget_changes(&mut self, changes: &[(DocumentId, Hash)]) {
        for change in changes {
            self.0.remove(change);
        }
    }

    /// Returns how many changes were acknowledged.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks whether no change was acknowledged.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that a set of stored changes lacks.
    pub fn missing(&self, stored: &BTreeSet<(DocumentId, Hash)>) -> Vec<(DocumentId, Hash)> {
        self.0.difference(stored).copied().collect()
    }
}

/// The name of a plain change chunk: SHA-256 of all but magic and checksum.
pub fn name(change: &[u8]) -> Hash {
    let digest: [u8; 32] = Sha256::digest(change.get(8..).unwrap_or_default()).into();
    Hash::from_bytes(digest)
}

/// The changes that a data directory's database holds.
pub fn stored(data: &Path) -> Result<BTreeSet<(DocumentId, Hash)>> {
    let connection = reading(data)?;
    let mut statement = connection.prepare(
        "SELECT d.id, c.hash, c.bytes
         FROM changes c LEFT JOIN documents d ON d.number = c.document",
    )?;
    let rows = statement.query_map([], |r| {
        Ok((
            r.get::<_, Option<_>>(0)?.map(DocumentId::from_bytes),
            Hash::from_bytes(r.get(1)?),
            r.get::<_, Vec<u8>>(2)?,
        ))
    })?;
    let mut changes = BTreeSet::new();
    for row in rows {
        let (document, hash, bytes) = row?;
        let document = document.context("a change is of no document")?;
        ensure!(name(&bytes) == hash, "a change of {document} is damaged");
        ensure!(
            changes.insert((document, hash)),
            "a change of {document} is there twice"
        );
    }
    Ok(changes)
}

/// Asks `SQLite` whether the database is whole, and looks for what an erased document
/// left.
pub fn is_whole(data: &Path) -> Result<()> {
    let connection = reading(data)?;
    let said: String = connection.query_row("PRAGMA integrity_check", [], |r| r.get(0))?;
    ensure!(said == "ok", "integrity_check: {said}");
    for (table, column) in [
        ("changes", "document"),
        ("visit_row", "document"),
        ("encounter_row", "visit"),
        ("encounter_item", "visit"),
    ] {
        let query = format!(
            "SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT number FROM documents)"
        );
        let left: i64 = connection.query_row(&query, [], |r| r.get(0))?;
        ensure!(left == 0, "{left} rows of {table} are of no document");
    }
    // By its number a phone tells a document that it cannot have read.
    let query = "SELECT (SELECT count(*) FROM documents d WHERE NOT EXISTS
                   (SELECT 1 FROM changes WHERE cursor = d.number AND document = d.number))
                 + (SELECT count(*) FROM changes WHERE cursor < document)";
    let wrong: i64 = connection.query_row(query, [], |r| r.get(0))?;
    ensure!(
        wrong == 0,
        "{wrong} documents' numbers are not their first cursors"
    );
    Ok(())
}

/// The database is whole and holds everything acknowledged.
pub fn holds(data: &Path, acknowledged: &Acknowledged) -> Result<()> {
    is_whole(data)?;
    let missing = acknowledged.missing(&stored(data)?);
    ensure!(
        missing.is_empty(),
        "{} of {} acknowledged changes are lost, e.g. {:?}",
        missing.len(),
        acknowledged.len(),
        missing.first()
    );
    Ok(())
}

/// The read model is what the documents say.
pub fn rebuilds(data: &Path) -> Result<()> {
    let path = data.to_str().context("the path is no text")?;
    crate::server::run(&["rebuild", "--data", path])?;
    Ok(())
}

fn reading(data: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(data.join("lagesbild.db"), flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}
