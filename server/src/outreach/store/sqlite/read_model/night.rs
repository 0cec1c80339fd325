//! Place-nights: all organisations' visits, and what erasure left, together.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::time::{Instant, Night};

use crate::outreach::projection::{Observed, PlaceNightRow, Walk, reconcile};
use crate::outreach::store::StoreError;
use crate::outreach::store::sqlite::sql::{self, Number};

/// A visit to a place on a night, for what several of them amount to.
#[derive(Debug)]
pub(super) struct Visited {
    pub(super) organisation: OrganisationId,
    pub(super) walk: Walk,
    pub(super) observed: Vec<Observed>,
}

/// Reconciles a night of a place, as which `members` count, over what is known of
/// each of them.
pub(super) fn settle(
    tx: &Connection,
    place: DocumentId,
    night: Night,
    members: Vec<(DocumentId, Vec<Visited>)>,
) -> Result<(), StoreError> {
    let (mut walks, mut observed) = (Vec::new(), Vec::new());
    for (member, visits) in members {
        for visit in visits {
            walks.push(visit.walk);
            observed.extend(visit.observed);
        }
        if let Some((walk, left)) = archived(tx, member, night)? {
            walks.push(walk);
            observed.extend(left);
        }
    }
    if let Some(row) = reconcile(&walks, observed) {
        return write(tx, place, night, &row);
    }
    tx.prepare_cached("DELETE FROM place_night WHERE place = ?1 AND night = ?2")?
        .execute(params![place.as_bytes(), night.0])?;
    Ok(())
}

/// Adds what a visit saw to what erasure leaves of its place and night.
pub(in crate::outreach::store) fn archive_visit(
    tx: &Connection,
    visit: Number,
) -> Result<(), StoreError> {
    let Some((place, night, visited)) = tx
        .prepare_cached(
            "SELECT organisation, access, started, observed, place, night
             FROM visit_row WHERE document = ?1",
        )?
        .query_row([visit], |r| {
            Ok((sql::document(r, 4)?, Night(r.get(5)?), read(r)?))
        })
        .optional()?
    else {
        return Ok(());
    };
    let (mut walks, mut observed) = archived(tx, place, night)?
        .map_or_else(Default::default, |(walk, observed)| (vec![walk], observed));
    walks.push(visited.walk);
    observed.extend(visited.observed);
    observed.sort_unstable();
    let Some(row) = reconcile(&walks, observed.clone()) else {
        return Ok(());
    };
    // As text: it stays for ten years, and may be read by other programs.
    let text = serde_json::to_string(&observed)
        .map_err(|e| StoreError::Inconsistent(format!("what was observed: {e}")))?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO archive (place, night, access, last_started, observations)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        place.as_bytes(),
        night.0,
        row.access.as_str(),
        row.last_started.0,
        text,
    ])?;
    Ok(())
}

/// The visits to a place as recorded on a night.
pub(super) fn visits(
    tx: &Connection,
    place: DocumentId,
    night: Night,
) -> Result<Vec<Visited>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT organisation, access, started, observed
         FROM visit_row WHERE night = ?1 AND place = ?2",
    )?;
    let visits = statement.query_map(params![night.0, place.as_bytes()], read)?;
    Ok(visits.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Visited> {
    Ok(Visited {
        organisation: sql::parsed(row, 0)?,
        walk: Walk {
            access: sql::parsed(row, 1)?,
            started: sql::instant(row, 2)?,
        },
        observed: sql::cbor(row, 3)?,
    })
}

fn archived(
    tx: &Connection,
    place: DocumentId,
    night: Night,
) -> Result<Option<(Walk, Vec<Observed>)>, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT access, last_started, observations FROM archive
             WHERE place = ?1 AND night = ?2",
        )?
        .query_row(params![place.as_bytes(), night.0], |r| {
            let walk = Walk {
                access: sql::parsed(r, 0)?,
                started: sql::instant(r, 1)?,
            };
            Ok((walk, sql::json(r, 2)?))
        })
        .optional()?)
}

fn write(
    tx: &Connection,
    place: DocumentId,
    night: Night,
    row: &PlaceNightRow,
) -> Result<(), StoreError> {
    let opened: Vec<_> = row
        .opened
        .iter()
        .map(|o| format!("{}:{}", o.tents, o.persons))
        .collect();
    let counts = &row.counts;
    let Instant(last_started) = row.last_started;
    tx.prepare_cached(
        "INSERT INTO place_night
         (place, night, access, last_started, complete, sum, sum_of_squares, twice_median,
          lower_limit, range, reported, tent_observations, twice_unopened, twice_in_tents,
          opened, adults, children, unknown, eu_eea, third_country)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20)
         ON CONFLICT (night, place) DO UPDATE
         SET access = ?3, last_started = ?4, complete = ?5, sum = ?6, sum_of_squares = ?7,
             twice_median = ?8, lower_limit = ?9, range = ?10, reported = ?11,
             tent_observations = ?12, twice_unopened = ?13, twice_in_tents = ?14,
             opened = ?15, adults = ?16, children = ?17, unknown = ?18, eu_eea = ?19,
             third_country = ?20",
    )?
    .execute(params![
        place.as_bytes(),
        night.0,
        row.access.as_str(),
        last_started,
        counts.complete,
        sql::signed(counts.sum),
        sql::signed(counts.sum_of_squares),
        sql::signed(counts.twice_median),
        counts.lower_limit,
        counts.range,
        counts.reported,
        counts.tent_observations,
        sql::signed(counts.twice_unopened),
        sql::signed(counts.twice_in_tents),
        (!opened.is_empty()).then(|| opened.join(" ")),
        row.split.adults,
        row.split.children,
        row.split.unknown,
        row.split.eu_eea,
        row.split.third_country,
    ])?;
    Ok(())
}
