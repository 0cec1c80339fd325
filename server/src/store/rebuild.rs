//! The read model, made anew from the log and the archive.

use rusqlite::{Connection, OptionalExtension, Transaction};
use sync_core::document::{Document, DocumentError};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::model::{Content, Kind};

use super::log::{Found, find};
use super::read_model::{self, Touched};
use super::{Store, StoreError, sql};
use crate::projection::rows_of;

/// The tables and the columns that a rebuild must give again. A row of coverage
/// keeps its cursor, which tells of the past; rows no longer true are not compared.
const TABLES: [(&str, &str, &str); 9] = [
    ("place_row", "*", "true"),
    ("visit_row", "*", "true"),
    ("count_row", "*", "true"),
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

/// What a rebuild found different in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// Rows that were there and should not have been.
    pub surplus: u64,
    /// Rows that should have been there and were not.
    pub missing: u64,
}

/// What a rebuild did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Documents read.
    pub documents: u64,
    /// Tables that were not as they should have been. They are now.
    pub differences: Vec<Difference>,
}

impl Store {
    /// Makes the read model anew, in one transaction, and says what differed.
    pub async fn rebuild(&self) -> Result<Rebuilt, StoreError> {
        self.write(rebuild).await
    }
}

fn rebuild(tx: &Transaction<'_>) -> Result<Rebuilt, StoreError> {
    for (table, ..) in TABLES {
        tx.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.was_{table};
             CREATE TEMP TABLE was_{table} AS SELECT * FROM main.{table};
             DELETE FROM main.{table};"
        ))?;
    }
    let documents = replay(tx)?;
    // Rows as they were keep their cursors, and with them what phones have read;
    // rows that are no longer true stay to be told of.
    tx.execute_batch(
        "UPDATE coverage SET cursor = w.cursor FROM temp.was_coverage w
         WHERE w.place = coverage.place AND w.night = coverage.night
           AND w.organisation = coverage.organisation AND w.present
           AND w.complete = coverage.complete AND w.persons IS coverage.persons;
         INSERT OR IGNORE INTO coverage SELECT * FROM temp.was_coverage WHERE NOT present;",
    )?;
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

/// Puts every document's rows in, then everything that follows from them.
fn replay(tx: &Connection) -> Result<u64, StoreError> {
    let mut touched = Touched::default();
    let mut after = 0_i64;
    let mut documents = 0;
    loop {
        let next: Option<(i64, DocumentId)> = tx
            .prepare_cached(
                "SELECT rowid, id FROM documents WHERE rowid > ?1 ORDER BY rowid LIMIT 1",
            )?
            .query_row([after], |r| Ok((r.get(0)?, sql::document(r, 1)?)))
            .optional()?;
        let Some((row, id)) = next else { break };
        let (kind, organisation) = owner(tx, id)?;
        let Found::Document(stored) = find(tx, id)? else {
            return Err(StoreError::Inconsistent(format!("document {id} is gone")));
        };
        let chunks: Vec<&[u8]> = stored.chunks.iter().map(Vec::as_slice).collect();
        let content = read(kind, &chunks)
            .map_err(|e| StoreError::Inconsistent(format!("document {id}: {e}")))?;
        read_model::put(tx, id, &organisation, &rows_of(&content), &mut touched)?;
        documents += 1;
        after = row;
    }
    read_model::resolve_all(tx)?;
    read_model::touch_archive(tx, &mut touched)?;
    read_model::settle(tx, touched)?;
    Ok(documents)
}

fn read(kind: Kind, chunks: &[&[u8]]) -> Result<Content, Box<DocumentError>> {
    Document::load(kind, chunks)
        .map_err(Box::new)?
        .content()
        .map_err(Box::new)
}

fn owner(tx: &Connection, id: DocumentId) -> Result<(Kind, OrganisationId), StoreError> {
    Ok(tx
        .prepare_cached("SELECT kind, organisation FROM documents WHERE id = ?1")?
        .query_row([id.as_bytes()], |r| {
            Ok((sql::parsed(r, 0)?, sql::parsed(r, 1)?))
        })?)
}
