//! Visits with what they saw and their encounters.

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::time::Night;

use super::{Subject, Touched};
use crate::outreach::projection::{EncounterRow, VisitRow};
use crate::outreach::store::StoreError;
use crate::outreach::store::sqlite::sql::{self, Number};

/// Most visits of one organisation to a place on a night: all of them are read again for
/// each one that comes. Two teams that pass ten times are twenty.
const MOST_OF_A_NIGHT: u32 = 50;

/// Checks whether an organisation has so many visits to a place on a night that no other can
/// come. One that is there already may change.
pub(in crate::outreach::store) fn is_crowded(
    tx: &Connection,
    document: DocumentId,
    organisation: &OrganisationId,
    row: &VisitRow,
) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT count(*) >= ?4 AND NOT coalesce(max(v.document =
                (SELECT number FROM documents WHERE id = ?5)), 0)
             FROM visit_row v WHERE v.night = ?1 AND v.place = ?2 AND v.organisation = ?3",
        )?
        .query_row(
            params![
                row.night.0,
                row.place.as_bytes(),
                organisation.as_str(),
                MOST_OF_A_NIGHT,
                document.as_bytes(),
            ],
            |r| r.get(0),
        )?)
}

pub(super) fn put(
    tx: &Connection,
    subject: Subject<'_>,
    row: Option<&VisitRow>,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    remove(tx, subject.number, touched)?;
    row.map_or(Ok(()), |row| add(tx, subject, row, touched))
}

pub(super) fn add(
    tx: &Connection,
    subject: Subject<'_>,
    row: &VisitRow,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let Subject {
        number,
        organisation,
        ..
    } = subject;
    touched
        .visits
        .insert((row.place, row.night, organisation.clone()));
    let observed = minicbor::to_vec(&row.observed)
        .map_err(|e| StoreError::Inconsistent(format!("what was observed: {e}")))?;
    tx.prepare_cached(
        "INSERT INTO visit_row
         (night, place, document, organisation, started, access, basis, counts, observed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        row.night.0,
        row.place.as_bytes(),
        number,
        organisation.as_str(),
        row.started.0,
        row.access.as_str(),
        row.basis.as_str(),
        row.counts,
        observed,
    ])?;
    for encounter in &row.encounters {
        put_encounter(tx, number, encounter)?;
    }
    Ok(())
}

pub(super) fn remove(
    tx: &Connection,
    number: Number,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let before: Option<(DocumentId, Night, OrganisationId)> = tx
        .prepare_cached(
            "DELETE FROM visit_row WHERE document = ?1 RETURNING place, night, organisation",
        )?
        .query_row([number], |r| {
            Ok((sql::document(r, 0)?, Night(r.get(1)?), sql::parsed(r, 2)?))
        })
        .optional()?;
    let Some(before) = before else { return Ok(()) };
    touched.visits.insert(before);
    for table in ["encounter_row", "encounter_item"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE visit = ?1"))?
            .execute([number])?;
    }
    Ok(())
}

fn put_encounter(tx: &Connection, visit: Number, row: &EncounterRow) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO encounter_row
         (visit, record, at, adults, children, citizens, met_before, met_by, code)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        visit,
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
            visit,
            row.record.as_bytes(),
            item.sort,
            item.code,
            item.detail,
        ])?;
    }
    Ok(())
}
