//! The read model, made again from the log and the archive.

use std::panic::catch_unwind;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use sync_core::document::{Document, DocumentError};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::model::{Content, Kind};

use super::log::find;
use super::read_model::{self, Subject, Touched};
use super::sql::{self, Number};
use super::{Store, StoreError};
use crate::outreach::projection::{self, rows_of};
use crate::outreach::store::port::log::Found;
use crate::outreach::store::port::rebuild::{Difference, RebuildStore, Rebuilt};

impl RebuildStore for Store {
    async fn rebuild(&self) -> Result<Rebuilt, StoreError> {
        self.catch_up().await?;
        self.write(rebuild).await
    }

    async fn catch_up(&self) -> Result<(), StoreError> {
        while self.write(|tx| read_model::settle_due(tx)).await? {}
        Ok(())
    }
}

/// The tables and the columns that a rebuild must give again. A row of coverage
/// keeps its cursor, which tells of the past; rows no longer true are not compared.
const TABLES: [(&str, &str, &str); 8] = [
    ("place_row", "*", "true"),
    ("visit_row", "*", "true"),
    ("encounter_row", "*", "true"),
    ("encounter_item", "*", "true"),
    ("alert_row", "*", "true"),
    ("feedback_row", "*", "true"),
    ("place_night", "*", "true"),
    (
        "coverage",
        "place, night, organisation, complete, persons",
        "present",
    ),
];

/// Makes the read model again when another version of `projection` made it. Killed in
/// the middle, it begins again at the next start. A document that cannot be read is
/// left out, and said in the log: without it the server works, and `lagesbild rebuild`
/// still fails.
pub(super) fn if_outdated(connection: &mut Connection) -> Result<(), StoreError> {
    // Nearly always there is nothing to do, and then nothing is locked or written.
    if version(connection)? == projection::VERSION {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&tx)?;
    if version == projection::VERSION {
        return Ok(());
    }
    tracing::info!(version, "the read model is made anew");
    set_aside(&tx, "coverage")?;
    for (table, ..) in TABLES {
        tx.execute_batch(&format!("DELETE FROM main.{table}"))?;
    }
    let documents = replay(&tx, |id, _| {
        tracing::error!(document = %id, "cannot be read, and is left out of the read model");
        Ok(())
    })?;
    keep_cursors(&tx)?;
    tx.execute_batch("DROP TABLE temp.was_coverage")?;
    tx.execute("UPDATE projected SET version = ?1", [projection::VERSION])?;
    tx.commit()?;
    tracing::info!(documents, "the read model has been made anew");
    Ok(())
}

/// Checks whether another version of `projection` made the read model of tables that are
/// up to date. Where none has made it (0), it is a new store's or one just migrated, and
/// a second process may be at the same place.
pub(super) fn is_outdated(connection: &Connection) -> Result<bool, StoreError> {
    Ok(!matches!(version(connection)?, 0 | projection::VERSION))
}

/// By which version of `projection` the read model was made; 0 while none has.
fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("SELECT version FROM projected", [], |r| r.get(0))?)
}

/// Copies a table as it is.
fn set_aside(tx: &Connection, table: &str) -> Result<(), StoreError> {
    tx.execute_batch(&format!(
        "DROP TABLE IF EXISTS temp.was_{table};
         CREATE TEMP TABLE was_{table} AS SELECT * FROM main.{table};"
    ))?;
    Ok(())
}

/// Rows of coverage as they were keep their cursors, and with them what phones have
/// read; rows that are no longer true stay to be told of.
fn keep_cursors(tx: &Connection) -> Result<(), StoreError> {
    tx.execute_batch(
        "UPDATE coverage SET cursor = w.cursor FROM temp.was_coverage w
         WHERE w.place = coverage.place AND w.night = coverage.night
           AND w.organisation = coverage.organisation AND w.present
           AND w.complete = coverage.complete AND w.persons IS coverage.persons;
         INSERT OR IGNORE INTO coverage SELECT * FROM temp.was_coverage WHERE NOT present;",
    )?;
    Ok(())
}

fn rebuild(tx: &Transaction<'_>) -> Result<Rebuilt, StoreError> {
    for (table, ..) in TABLES {
        set_aside(tx, table)?;
        tx.execute_batch(&format!("DELETE FROM main.{table}"))?;
    }
    let documents = replay(tx, |_, error| Err(error))?;
    keep_cursors(tx)?;
    let mut differences = Vec::new();
    for (table, columns, which) in TABLES {
        let count = |a: &str, b: &str| -> Result<u64, StoreError> {
            let query = format!(
                "SELECT count(*) FROM (SELECT {columns} FROM {a} WHERE {which}
                                       EXCEPT SELECT {columns} FROM {b} WHERE {which})"
            );
            Ok(tx.query_row(&query, [], |r| sql::natural(r, 0))?)
        };
        let (was, now) = (format!("temp.was_{table}"), format!("main.{table}"));
        let (surplus, missing) = (count(&was, &now)?, count(&now, &was)?);
        if surplus + missing > 0 {
            differences.push(Difference {
                table,
                surplus,
                missing,
            });
        }
        tx.execute_batch(&format!("DROP TABLE {was}"))?;
    }
    Ok(Rebuilt {
        documents,
        differences,
    })
}

/// Puts every document's rows in, then everything that follows from them. `unreadable`
/// says whether it goes on without a document.
fn replay(
    tx: &Connection,
    unreadable: impl Fn(DocumentId, StoreError) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let mut touched = Touched::default();
    let mut after = Number::BEFORE_ALL;
    let mut documents = 0;
    loop {
        let next = tx
            .prepare_cached(
                "SELECT number, id, kind, organisation FROM documents
                 WHERE number > ?1 ORDER BY number LIMIT 1",
            )?
            .query_row([after], |r| {
                let kind: Kind = sql::parsed(r, 2)?;
                let organisation: OrganisationId = sql::parsed(r, 3)?;
                Ok((r.get(0)?, sql::document(r, 1)?, kind, organisation))
            })
            .optional()?;
        let Some((number, id, kind, organisation)) = next else {
            break;
        };
        after = number;
        let Found::Document(stored) = find(tx, id)? else {
            return Err(StoreError::Inconsistent(format!("document {id} is gone")));
        };
        let chunks: Vec<&[u8]> = stored.chunks.iter().map(Vec::as_slice).collect();
        match catch_unwind(|| read(kind, &chunks)) {
            Ok(Ok(content)) => {
                let subject = Subject {
                    id,
                    number,
                    organisation: &organisation,
                };
                read_model::put(tx, subject, &rows_of(&content), &mut touched)?;
                documents += 1;
            }
            Ok(Err(e)) => unreadable(id, StoreError::Inconsistent(format!("document {id}: {e}")))?,
            Err(_) => unreadable(id, StoreError::Panicked)?,
        }
    }
    read_model::resolve_all(tx)?;
    read_model::touch_archive(tx, &mut touched)?;
    read_model::settle_all(tx, touched)?;
    Ok(documents)
}

fn read(kind: Kind, chunks: &[&[u8]]) -> Result<Content, Box<DocumentError>> {
    Document::load(kind, chunks)
        .map_err(Box::new)?
        .content()
        .map_err(Box::new)
}
