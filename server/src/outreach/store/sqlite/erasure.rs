//! Erasure: a document goes, its id is refused for ever, and of a visit only
//! what its place and night amount to stays.

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::ids::DocumentId;
use sync_core::time::Instant;

use super::read_model::{self, Touched};
use super::sql;
use super::{Store, StoreError};
use crate::outreach::store::port::erasure::ErasureStore;
use crate::outreach::store::port::rebuild::RebuildStore;
use crate::shared::audit::{self, Entry};
use crate::shared::database::tombstones;
use crate::shared::principal::Actor;

impl ErasureStore for Store {
    async fn erase(
        &self,
        document: DocumentId,
        by: Actor,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let directory = self.directory().to_owned();
        let erased = self
            .write(move |tx| {
                tombstones::note_documents(&directory, &[document])?;
                let mut touched = Touched::default();
                let erased = erase(tx, document, now, &mut touched)?;
                read_model::settle(tx, touched)?;
                if erased {
                    let entry = Entry {
                        at: now,
                        by,
                        action: "document.erase",
                        subject: document.to_string(),
                        detail: String::new(),
                    };
                    audit::record(tx, &entry)?;
                }
                Ok(erased)
            })
            .await?;
        self.catch_up().await?;
        self.database.scrub().await?;
        Ok(erased)
    }
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
    if let Some(number) = sql::number(tx, document)? {
        read_model::archive_visit(tx, number)?;
        read_model::remove(tx, document, number, touched)?;
        for statement in [
            "DELETE FROM changes WHERE document = ?1 AND cursor <> document",
            "DELETE FROM changes WHERE cursor = ?1",
            "DELETE FROM documents WHERE number = ?1",
            "DELETE FROM hidden WHERE document = ?1",
            "DELETE FROM kept WHERE document = ?1",
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
