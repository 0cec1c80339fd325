//! Places, and which place each counts as.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::ids::DocumentId;

use super::{Touched, nights_at};
use crate::outreach::projection::PlaceRow;
use crate::outreach::store::StoreError;
use crate::outreach::store::sqlite::sql;

/// Longest chain of "same as" that is followed. Longer ones are nobody's doing
/// but a broken program's; the walk ends there.
const LONGEST_CHAIN: usize = 100;

pub(super) fn put(
    tx: &Connection,
    document: DocumentId,
    row: &PlaceRow,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let before = tx
        .prepare_cached("SELECT same_as FROM place_row WHERE document = ?1")?
        .query_row([document.as_bytes()], |r| sql::maybe_document(r, 0))
        .optional()?;
    let present = target(tx, document)?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO place_row
         (document, name, place_type, district, state, state_at, created, withdrawn, same_as,
          target, open_proposals)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        document.as_bytes(),
        row.name,
        row.place_type.as_str(),
        row.district,
        row.state.as_str(),
        row.state_at.0,
        row.created.0,
        row.withdrawn,
        row.same_as.as_ref().map(DocumentId::as_bytes),
        present.as_bytes(),
        row.open_proposals,
    ])?;
    if before == Some(row.same_as) {
        return Ok(());
    }
    redirect(tx, document, touched)
}

/// Removes a place's row. What pointed at it counts as itself again, or as
/// whatever the chain now ends in.
pub(super) fn remove(
    tx: &Connection,
    document: DocumentId,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let before = target(tx, document)?;
    let removed = tx
        .prepare_cached("DELETE FROM place_row WHERE document = ?1")?
        .execute([document.as_bytes()])?;
    if removed == 0 {
        return Ok(());
    }
    for night in nights_at(tx, document)? {
        touched.nights.insert((before, night));
        touched.nights.insert((document, night));
    }
    redirect(tx, document, touched)
}

/// The place that a place counts as.
pub(in crate::outreach::store) fn target(
    tx: &Connection,
    place: DocumentId,
) -> Result<DocumentId, StoreError> {
    let target = tx
        .prepare_cached("SELECT target FROM place_row WHERE document = ?1")?
        .query_row([place.as_bytes()], |r| sql::document(r, 0))
        .optional()?;
    Ok(target.unwrap_or(place))
}

/// Checks whether a place counts as itself, and no other place counts as it. A place that has
/// not arrived does: nothing has said otherwise.
pub(super) fn is_alone(tx: &Connection, place: DocumentId) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM place_row WHERE document = ?1 AND target <> ?1)
                AND NOT EXISTS (SELECT 1 FROM place_row WHERE target = ?1 AND document <> ?1)",
        )?
        .query_row([place.as_bytes()], |r| r.get(0))?)
}

/// Works the targets out again for every place whose chain passes `document`,
/// the only ones that a change to it can move.
fn redirect(
    tx: &Connection,
    document: DocumentId,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let mut open = vec![document];
    let mut affected = BTreeSet::from([document]);
    while let Some(place) = open.pop() {
        let aliases: Vec<DocumentId> = tx
            .prepare_cached("SELECT document FROM place_row WHERE same_as = ?1")?
            .query_map([place.as_bytes()], |r| sql::document(r, 0))?
            .collect::<Result<_, _>>()?;
        open.extend(aliases.into_iter().filter(|alias| affected.insert(*alias)));
    }
    for place in affected {
        let (before, after) = (target(tx, place)?, resolve(tx, place)?);
        if before == after {
            continue;
        }
        tx.prepare_cached("UPDATE place_row SET target = ?2 WHERE document = ?1")?
            .execute([place.as_bytes(), after.as_bytes()])?;
        for night in nights_at(tx, place)? {
            touched.nights.insert((before, night));
            touched.nights.insert((after, night));
        }
    }
    Ok(())
}

/// Works every target out again.
pub(in crate::outreach::store) fn resolve_all(tx: &Connection) -> Result<(), StoreError> {
    let places: Vec<DocumentId> = tx
        .prepare("SELECT document FROM place_row")?
        .query_map([], |r| sql::document(r, 0))?
        .collect::<Result<_, _>>()?;
    for place in places {
        let target = resolve(tx, place)?;
        tx.prepare_cached("UPDATE place_row SET target = ?2 WHERE document = ?1")?
            .execute([place.as_bytes(), target.as_bytes()])?;
    }
    Ok(())
}

/// Follows "same as" to its end. Places that name each other in a circle count
/// as the one of them with the smallest id, wherever the walk began.
fn resolve(tx: &Connection, place: DocumentId) -> Result<DocumentId, StoreError> {
    let mut walked = vec![place];
    loop {
        let here = walked[walked.len() - 1];
        let next = tx
            .prepare_cached("SELECT same_as FROM place_row WHERE document = ?1")?
            .query_row([here.as_bytes()], |r| sql::maybe_document(r, 0))
            .optional()?;
        match next {
            // The place has not arrived (or was erased): the walk ends before it.
            None if walked.len() > 1 => return Ok(walked[walked.len() - 2]),
            None | Some(None) => return Ok(here),
            Some(Some(next)) => {
                if let Some(start) = walked.iter().position(|p| *p == next) {
                    let circle = &walked[start..];
                    return Ok(circle.iter().min().copied().unwrap_or(here));
                }
                if walked.len() >= LONGEST_CHAIN {
                    return Ok(here);
                }
                walked.push(next);
            }
        }
    }
}
