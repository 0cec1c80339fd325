//! Visits with their counts and encounters.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::ids::{DocumentId, OrganisationId, RecordId};
use sync_core::time::Night;

use super::Touched;
use crate::projection::{CountRow, EncounterRow, VisitRow};
use crate::store::{StoreError, sql};

pub(super) fn put(
    tx: &Connection,
    document: DocumentId,
    organisation: &OrganisationId,
    row: Option<&VisitRow>,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    remove(tx, document, touched)?;
    row.map_or(Ok(()), |row| add(tx, document, organisation, row, touched))
}

pub(super) fn add(
    tx: &Connection,
    document: DocumentId,
    organisation: &OrganisationId,
    row: &VisitRow,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    touched
        .visits
        .insert((row.place, row.night, organisation.clone()));
    tx.prepare_cached(
        "INSERT INTO visit_row (document, organisation, place, night, started, access, basis)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        document.as_bytes(),
        organisation.as_str(),
        row.place.as_bytes(),
        row.night.0,
        row.started.0,
        row.access.as_str(),
        row.basis.as_str(),
    ])?;
    for count in &row.counts {
        put_count(tx, document, count)?;
    }
    for encounter in &row.encounters {
        put_encounter(tx, document, encounter)?;
    }
    Ok(())
}

pub(super) fn remove(
    tx: &Connection,
    document: DocumentId,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let before: Option<(DocumentId, Night, OrganisationId)> = tx
        .prepare_cached(
            "DELETE FROM visit_row WHERE document = ?1 RETURNING place, night, organisation",
        )?
        .query_row([document.as_bytes()], |r| {
            Ok((sql::document(r, 0)?, Night(r.get(1)?), sql::parsed(r, 2)?))
        })
        .optional()?;
    let Some(before) = before else { return Ok(()) };
    touched.visits.insert(before);
    for table in ["count_row", "encounter_row", "encounter_item"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE visit = ?1"))?
            .execute([document.as_bytes()])?;
    }
    Ok(())
}

fn put_count(tx: &Connection, visit: DocumentId, row: &CountRow) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO count_row
         (visit, record, method, low, best, high, adults, children, unknown,
          eu_eea, third_country, tents, tents_opened, persons_in_opened)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        visit.as_bytes(),
        row.record.as_bytes(),
        row.method.as_str(),
        row.low,
        row.best,
        row.high,
        row.adults,
        row.children,
        row.unknown,
        row.eu_eea,
        row.third_country,
        row.tents,
        row.tents_opened,
        row.persons_in_opened,
    ])?;
    Ok(())
}

fn put_encounter(tx: &Connection, visit: DocumentId, row: &EncounterRow) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO encounter_row
         (visit, record, at, adults, children, citizens, met_before, met_by, code)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        visit.as_bytes(),
        row.record.as_bytes(),
        row.at.0,
        row.adults,
        row.children,
        row.citizens.as_str(),
        row.met_before.as_str(),
        row.met_by,
        row.code,
    ])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO encounter_item (visit, record, sort, code, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for item in &row.items {
        insert.execute(params![
            visit.as_bytes(),
            row.record.as_bytes(),
            item.sort,
            item.code,
            item.detail,
        ])?;
    }
    Ok(())
}

/// The columns that [`read_count`] reads, from `count_row AS c`.
pub(super) const COUNT_COLUMNS: &str = "c.record, c.method, c.low, c.best, c.high, c.adults, \
     c.children, c.unknown, c.eu_eea, c.third_country, c.tents, c.tents_opened, \
     c.persons_in_opened";

pub(super) fn read_count(row: &Row<'_>, from: usize) -> rusqlite::Result<CountRow> {
    Ok(CountRow {
        record: row.get(from).map(RecordId::from_bytes)?,
        method: sql::parsed(row, from + 1)?,
        low: row.get(from + 2)?,
        best: row.get(from + 3)?,
        high: row.get(from + 4)?,
        adults: row.get(from + 5)?,
        children: row.get(from + 6)?,
        unknown: row.get(from + 7)?,
        eu_eea: row.get(from + 8)?,
        third_country: row.get(from + 9)?,
        tents: row.get(from + 10)?,
        tents_opened: row.get(from + 11)?,
        persons_in_opened: row.get(from + 12)?,
    })
}
