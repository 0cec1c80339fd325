//! Draws: places chosen at random among those of a period that nobody has seen
//! yet, so that they can stand for the places that nobody chooses.

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::ids::{DeviceId, DocumentId};
use sync_core::protocol;

use super::{Store, StoreError, sql};
use crate::outreach::projection::{DrawView, DrawnPlace, Period};
use crate::outreach::store::port::draws::{DrawRequest, DrawStore, Drawing};
use crate::shared::audit::{self, Entry};
use crate::shared::split_mix::Seeded;

impl DrawStore for Store {
    async fn draw_places(&self, request: DrawRequest) -> Result<Drawing, StoreError> {
        self.write(move |tx| draw(tx, &request)).await
    }

    async fn draw(&self, period: Period) -> Result<Option<DrawView>, StoreError> {
        self.read(move |connection| view(connection, period)).await
    }
}

/// Seeds are kept below this, so that every program that reads one as a double
/// reads it exactly.
const SEED_LIMIT: u64 = 1 << 53;

fn draw(tx: &Connection, request: &DrawRequest) -> Result<Drawing, StoreError> {
    let period = request.period;
    if let Some(view) = view(tx, period)? {
        return Ok(Drawing::AlreadyMade(view));
    }
    let seed = request.seed % SEED_LIMIT;
    let candidates = unseen(tx, period)?;
    let among = candidates.len();
    // A draw of nothing would use up the period's only one.
    if among == 0 {
        return Ok(Drawing::NothingToDraw);
    }
    let places = Seeded::new(seed).choose(candidates, request.count);
    let cursor = sql::advance(tx, 1)?;
    tx.execute(
        "INSERT INTO draws (period, drawn_at, seed, cursor, device) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            period.first.0,
            request.now.0,
            sql::signed(seed),
            sql::signed(cursor),
            request.by.device.as_ref().map(DeviceId::as_bytes),
        ],
    )?;
    for (ordinal, place) in (0_i64..).zip(&places) {
        tx.prepare_cached("INSERT INTO drawn_places (period, ordinal, place) VALUES (?1, ?2, ?3)")?
            .execute(params![period.first.0, ordinal, place.as_bytes()])?;
    }
    let entry = Entry {
        at: request.now,
        by: request.by,
        action: "draw.make",
        subject: period.first.to_string(),
        detail: format!("seed={seed} places={} among={among}", places.len()),
    };
    audit::record(tx, &entry)?;
    view(tx, period)?.map_or_else(
        || Err(StoreError::Inconsistent("a draw was not kept".to_owned())),
        |view| Ok(Drawing::Made(view)),
    )
}

/// The places that may be drawn, by id: in use as far as anybody knows, not
/// another place's double, and not seen whole in this period.
fn unseen(tx: &Connection, period: Period) -> Result<Vec<DocumentId>, StoreError> {
    let places = tx
        .prepare(
            "SELECT document FROM place_row p
             WHERE NOT withdrawn AND target = document AND state IN ('active', 'unknown')
               AND NOT EXISTS (
                 SELECT 1 FROM place_night n
                 WHERE n.place = p.document AND n.night BETWEEN ?1 AND ?2
                   AND n.access = 'complete')
             ORDER BY document",
        )?
        .query_map([period.first.0, period.last().0], |r| sql::document(r, 0))?
        .collect::<Result<_, _>>()?;
    Ok(places)
}

fn view(connection: &Connection, period: Period) -> Result<Option<DrawView>, StoreError> {
    let Some((drawn_at, seed)) = connection
        .prepare_cached("SELECT drawn_at, seed FROM draws WHERE period = ?1")?
        .query_row([period.first.0], |r| {
            Ok((sql::instant(r, 0)?, sql::natural(r, 1)?))
        })
        .optional()?
    else {
        return Ok(None);
    };
    let places = connection
        .prepare_cached(
            "SELECT d.place, coalesce(p.name, ''), coalesce(p.district, ''), EXISTS (
               SELECT 1 FROM place_night n
               WHERE n.place = coalesce(p.target, d.place) AND n.night BETWEEN ?1 AND ?2
                 AND n.access = 'complete' AND n.last_started >= ?3)
             FROM drawn_places d LEFT JOIN place_row p ON p.document = d.place
             WHERE d.period = ?1 ORDER BY d.ordinal",
        )?
        .query_map([period.first.0, period.last().0, drawn_at.0], |r| {
            Ok(DrawnPlace {
                place: sql::document(r, 0)?,
                name: r.get(1)?,
                district: r.get(2)?,
                visited: r.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(DrawView {
        period: period.first,
        drawn_at,
        seed,
        places,
    }))
}

/// The newest draw, when it came after `from` and not after `reach`.
pub(super) fn newest(
    connection: &Connection,
    from: u64,
    reach: u64,
) -> Result<Option<protocol::Draw>, StoreError> {
    let Some((period, drawn_at)) = connection
        .prepare_cached(
            "SELECT period, drawn_at FROM draws
             WHERE period = (SELECT max(period) FROM draws) AND cursor > ?1 AND cursor <= ?2",
        )?
        .query_row([sql::signed(from), sql::signed(reach)], |r| {
            Ok((r.get::<_, i64>(0)?, r.get(1)?))
        })
        .optional()?
    else {
        return Ok(None);
    };
    let places = connection
        .prepare_cached("SELECT place FROM drawn_places WHERE period = ?1 ORDER BY ordinal")?
        .query_map([period], |r| sql::document(r, 0))?
        .collect::<Result<_, _>>()?;
    Ok(Some(protocol::Draw {
        period,
        drawn_at,
        places,
    }))
}
