//! Erasure: a document goes, its id is refused for ever, and of a visit only
//! what its place and night amount to stays.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::ids::{DeviceId, DocumentId};
use sync_core::model::Kind;
use sync_core::time::{Instant, Night};

use super::read_model::{self, Touched};
use super::sql::{self, Number};
use super::{Store, StoreError, gone};
use crate::audit::{self, Entry};

/// Most documents erased in one transaction: others wait for it.
const MOST_AT_ONCE: u32 = 200;
/// Days after which phones no longer hear that another organisation's visit is gone.
const FORGET_COVERAGE: i64 = 100;

impl Store {
    /// Erases a document, whether or not it has arrived. `false`: it was erased before.
    pub async fn erase(
        &self,
        document: DocumentId,
        by: Option<DeviceId>,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let directory = self.directory().to_owned();
        let erased = self
            .write(move |tx| {
                gone::note_documents(&directory, &[document])?;
                let mut touched = Touched::default();
                let erased = erase(tx, document, now, &mut touched)?;
                read_model::settle(tx, touched)?;
                if erased {
                    let entry = Entry {
                        at: now,
                        device: by,
                        action: "document.erase",
                        subject: document.to_string(),
                        detail: String::new(),
                    };
                    audit::record(tx, &entry)?;
                }
                Ok(erased)
            })
            .await?;
        // What was deleted is still in the write-ahead log.
        self.checkpoint().await?;
        Ok(erased)
    }

    /// Erases visits, alerts or feedback of before `before`: their retention has
    /// run out. What was taken back goes by when its last change came. (Places
    /// are kept: they hold nothing of persons.) Gives how many; call again while
    /// it is not zero.
    pub async fn expire(
        &self,
        kind: Kind,
        before: Instant,
        now: Instant,
    ) -> Result<u32, StoreError> {
        let directory = self.directory().to_owned();
        let expired = self
            .write(move |tx| expire(tx, &directory, kind, before, now))
            .await?;
        if expired > 0 {
            self.checkpoint().await?;
        }
        Ok(expired)
    }
}

fn expire(
    tx: &Connection,
    directory: &Path,
    kind: Kind,
    before: Instant,
    now: Instant,
) -> Result<u32, StoreError> {
    // The rows of a kind, what they know a document by, and which of them are due.
    let (table, key, due) = match kind {
        Kind::Visit => {
            // Visits lie by night.
            let Night(last) = before.night();
            let due = format!("r.night <= {last} AND r.started < ?1");
            ("visit_row", "number", due)
        }
        Kind::Alert => ("alert_row", "id", "r.opened < ?1".to_owned()),
        Kind::Feedback => ("feedback_row", "id", "r.at < ?1".to_owned()),
        Kind::Place => return Ok(0),
    };
    let mut due: Vec<DocumentId> = tx
        .prepare_cached(&format!(
            "SELECT d.id FROM {table} r JOIN documents d ON d.{key} = r.document
             WHERE {due} LIMIT ?2"
        ))?
        .query_map(params![before.0, MOST_AT_ONCE], |r| sql::document(r, 0))?
        .collect::<Result<_, _>>()?;
    // What was taken back has no row and no date left but that of its arrival.
    let withdrawn = tx
        .prepare_cached(&format!(
            "SELECT d.id FROM documents d JOIN changes c ON c.cursor = d.last_cursor
             WHERE d.kind = ?1 AND c.received_at < ?2
               AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.document = d.{key})
             LIMIT ?3"
        ))?
        .query_map(params![kind.as_str(), before.0, MOST_AT_ONCE], |r| {
            sql::document(r, 0)
        })?
        .collect::<Result<Vec<_>, _>>()?;
    due.extend(withdrawn);
    gone::note_documents(directory, &due)?;
    tx.prepare_cached("DELETE FROM quarantine WHERE kind = ?1 AND received_at < ?2")?
        .execute(params![kind.as_str(), before.0])?;
    let mut touched = Touched::default();
    for document in &due {
        erase(tx, *document, now, &mut touched)?;
    }
    read_model::settle(tx, touched)?;
    tx.execute(
        "DELETE FROM coverage WHERE NOT present AND night < ?1",
        [now.night().0 - FORGET_COVERAGE],
    )?;
    if !due.is_empty() {
        let entry = Entry {
            at: now,
            device: None,
            action: "document.expire",
            subject: kind.to_string(),
            detail: format!("documents={}", due.len()),
        };
        audit::record(tx, &entry)?;
    }
    Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
}

pub(super) fn erase(
    tx: &Connection,
    document: DocumentId,
    now: Instant,
    touched: &mut Touched,
) -> Result<bool, StoreError> {
    let already = tx
        .prepare_cached("SELECT 1 FROM erased WHERE document = ?1")?
        .query_row([document.as_bytes()], |_| Ok(()))
        .optional()?;
    if already.is_some() {
        return Ok(false);
    }
    if let Some(number) = Number::of(tx, document)? {
        read_model::archive_visit(tx, number)?;
        read_model::remove(tx, document, number, touched)?;
        for statement in [
            "DELETE FROM changes WHERE document = ?1 AND cursor <> document",
            "DELETE FROM changes WHERE cursor = ?1",
            "DELETE FROM documents WHERE number = ?1",
        ] {
            tx.prepare_cached(statement)?.execute([number])?;
        }
    }
    tx.prepare_cached("DELETE FROM quarantine WHERE document = ?1")?
        .execute([document.as_bytes()])?;
    let cursor = sql::advance(tx, 1)?;
    tx.prepare_cached("INSERT INTO erased (document, cursor, erased_at) VALUES (?1, ?2, ?3)")?
        .execute(params![document.as_bytes(), sql::signed(cursor), now.0])?;
    Ok(true)
}
