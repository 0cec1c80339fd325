//! The work of an organisation at a place on a night, for the other organisations.

use rusqlite::{Connection, params};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::model::Access;
use sync_core::time::Night;

use super::night::Visited;
use crate::outreach::projection::figure;
use crate::outreach::store::StoreError;
use crate::outreach::store::sqlite::sql;

/// Works a row out again, from the visits to the place on that night; when it says
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
    let complete = own().any(|v| v.walk.access == Access::Complete);
    let persons = figure(&observed);
    let key = params![
        place.as_bytes(),
        night.0,
        organisation.as_str(),
        complete,
        persons,
        sql::signed(cursors.next())
    ];
    let changed = if own().next().is_some() {
        tx.prepare_cached(
            "INSERT INTO coverage
             (place, night, organisation, complete, persons, present, cursor)
             VALUES (?1, ?2, ?3, ?4, ?5, true, ?6)
             ON CONFLICT (night, place, organisation) DO UPDATE
             SET complete = ?4, persons = ?5, present = true, cursor = ?6
             WHERE NOT present OR complete <> ?4 OR persons IS NOT ?5",
        )?
        .execute(key)?
    } else {
        tx.prepare_cached(
            "UPDATE coverage SET complete = ?4, persons = ?5, present = false, cursor = ?6
             WHERE place = ?1 AND night = ?2 AND organisation = ?3 AND present",
        )?
        .execute(key)?
    };
    cursors.take(changed as u64);
    Ok(())
}
