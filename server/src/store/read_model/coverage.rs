//! What an organisation did at a place on a night, for the other organisations.

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::model::Access;
use sync_core::time::Night;

use super::night::Visited;
use crate::projection::figure;
use crate::store::{StoreError, sql};

#[derive(Debug, PartialEq, Eq)]
struct Row {
    complete: bool,
    persons: Option<u32>,
    present: bool,
}

/// Works a row out anew, from the visits to the place on that night; when it says
/// something else than before it takes the next cursor, so that phones read it
/// again.
pub(super) fn settle(
    tx: &Connection,
    place: DocumentId,
    night: Night,
    organisation: &OrganisationId,
    visits: &[Visited],
    cursors: &mut sql::Cursors,
) -> Result<(), StoreError> {
    let own = || visits.iter().filter(|v| v.organisation == *organisation);
    let observed: Vec<_> = own().flat_map(|v| v.observed.iter().copied()).collect();
    let row = Row {
        complete: own().any(|v| v.walk.access == Access::Complete),
        persons: figure(&observed),
        present: own().next().is_some(),
    };
    let key = params![place.as_bytes(), night.0, organisation.as_str()];
    let before = tx
        .prepare_cached(
            "SELECT complete, persons, present FROM coverage
             WHERE place = ?1 AND night = ?2 AND organisation = ?3",
        )?
        .query_row(key, |r| {
            Ok(Row {
                complete: r.get(0)?,
                persons: r.get(1)?,
                present: r.get(2)?,
            })
        })
        .optional()?;
    let unchanged = before
        .as_ref()
        .map_or(!row.present, |before| *before == row);
    if unchanged {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT OR REPLACE INTO coverage
         (place, night, organisation, complete, persons, present, cursor)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        place.as_bytes(),
        night.0,
        organisation.as_str(),
        row.complete,
        row.persons,
        row.present,
        sql::signed(cursors.take(1)),
    ])?;
    Ok(())
}
