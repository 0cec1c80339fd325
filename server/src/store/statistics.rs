//! What the estimate of a period is made from, read from the read model.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::estimate::dispersion::Recounts;
use sync_core::estimate::live::{PREVIOUS_NIGHTS, RECOUNT_NIGHTS, SEASON_NIGHTS};
use sync_core::estimate::place::Basis;
use sync_core::estimate::tents::OpenedTents;
use sync_core::estimate::{Counting, PlaceNightCounts, Thresholds};
use sync_core::ids::DocumentId;
use sync_core::model::{Access, PlaceState};
use sync_core::time::{Instant, Night};

use super::{Store, StoreError, sql};
use crate::projection::{Period, Split};

/// A place's night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NightFacts {
    /// The night.
    pub night: Night,
    /// The best that any visit saw.
    pub access: Access,
    /// When the last visit began.
    pub last_started: Instant,
    /// The statistics.
    pub counts: PlaceNightCounts,
    /// Who was there.
    pub split: Split,
}

/// A place in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceFacts {
    /// The place.
    pub place: DocumentId,
    /// Its district.
    pub district: String,
    /// Its nights of the period, in order.
    pub nights: Vec<NightFacts>,
    /// Drawn in this period.
    pub drawn: bool,
    /// Its last figure from before: the mean over the nights of the newest
    /// earlier period in which it was seen whole, and the newest of those nights.
    pub previous: Option<(f64, Night)>,
}

/// Everything that the estimate of a period depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodFacts {
    /// How far the log was read.
    pub cursor: u64,
    /// The places known to be in use or possibly in use, by id.
    pub places: Vec<PlaceFacts>,
    /// How counts vary, and how many persons a tent holds.
    pub counting: Counting,
    /// The draw: its seed and when it was made.
    pub draw: Option<(u64, Instant)>,
}

impl Store {
    /// Reads what the estimate of a period is made from, in one snapshot.
    pub async fn period_facts(&self, period: Period) -> Result<PeriodFacts, StoreError> {
        self.read(move |connection| facts(connection, period)).await
    }

    /// The first night that anybody went anywhere.
    pub async fn first_night(&self) -> Result<Option<Night>, StoreError> {
        self.read(|connection| {
            let live: Option<i64> = connection
                .prepare_cached("SELECT min(started) FROM visit_row")?
                .query_row([], |r| r.get(0))?;
            let archived: Option<i64> = connection
                .prepare_cached("SELECT min(night) FROM archive")?
                .query_row([], |r| r.get(0))?;
            let live = live.map(|ms| Instant(ms).night());
            Ok(live.into_iter().chain(archived.map(Night)).min())
        })
        .await
    }
}

fn facts(connection: &Connection, period: Period) -> Result<PeriodFacts, StoreError> {
    let cursor = connection
        .prepare_cached("SELECT cursor FROM head")?
        .query_row([], |r| sql::natural(r, 0))?;
    let counting = counting(connection, period)?;
    let draw = connection
        .prepare_cached("SELECT seed, drawn_at FROM draws WHERE period = ?1")?
        .query_row([period.first.0], |r| {
            Ok((sql::natural(r, 0)?, sql::instant(r, 1)?))
        })
        .optional()?;
    let drawn: BTreeSet<DocumentId> = connection
        .prepare_cached(
            "SELECT coalesce(p.target, d.place)
             FROM drawn_places d LEFT JOIN place_row p ON p.document = d.place
             WHERE d.period = ?1",
        )?
        .query_map([period.first.0], |r| sql::document(r, 0))?
        .collect::<Result<_, _>>()?;
    let mut places = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT document, district, state, state_at, created FROM place_row
         WHERE target = document AND NOT withdrawn ORDER BY document",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place = sql::document(row, 0)?;
        let nights = nights(connection, place, period)?;
        if nights.is_empty() && !may_be_in_use(row, period)? {
            continue;
        }
        places.push(PlaceFacts {
            place,
            district: row.get(1)?,
            nights,
            drawn: drawn.contains(&place),
            previous: previous(connection, place, period, &counting)?,
        });
    }
    Ok(PeriodFacts {
        cursor,
        places,
        counting,
        draw,
    })
}

/// Whether a place that nobody went to belongs to the period: it was known by
/// then, and not known to be empty. A state given later says nothing of it.
fn may_be_in_use(row: &Row<'_>, period: Period) -> Result<bool, StoreError> {
    let state: PlaceState = sql::parsed(row, 2)?;
    let in_use = matches!(state, PlaceState::Active | PlaceState::Unknown);
    let later = sql::instant(row, 3)?.night() > period.last();
    let known = sql::instant(row, 4)?.night() <= period.last();
    Ok(known && (in_use || later))
}

const NIGHT_COLUMNS: &str = "night, access, last_started, complete, sum, sum_of_squares, \
     twice_median, lower_limit, range, reported, tent_observations, twice_unopened, \
     twice_in_tents, adults, children, unknown, eu_eea, third_country";

fn read_night(r: &Row<'_>) -> rusqlite::Result<NightFacts> {
    Ok(NightFacts {
        night: Night(r.get(0)?),
        access: sql::parsed(r, 1)?,
        last_started: sql::instant(r, 2)?,
        counts: PlaceNightCounts {
            complete: r.get(3)?,
            sum: sql::natural(r, 4)?,
            sum_of_squares: sql::natural(r, 5)?,
            twice_median: sql::natural(r, 6)?,
            lower_limit: r.get(7)?,
            range: r.get(8)?,
            reported: r.get(9)?,
            tent_observations: r.get(10)?,
            twice_unopened: sql::natural(r, 11)?,
            twice_in_tents: sql::natural(r, 12)?,
        },
        split: Split {
            adults: r.get(13)?,
            children: r.get(14)?,
            unknown: r.get(15)?,
            eu_eea: r.get(16)?,
            third_country: r.get(17)?,
        },
    })
}

fn nights(
    connection: &Connection,
    place: DocumentId,
    period: Period,
) -> Result<Vec<NightFacts>, StoreError> {
    let nights = connection
        .prepare_cached(&format!(
            "SELECT {NIGHT_COLUMNS} FROM place_night
             WHERE place = ?1 AND night BETWEEN ?2 AND ?3 ORDER BY night"
        ))?
        .query_map(
            params![place.as_bytes(), period.first.0, period.last().0],
            read_night,
        )?
        .collect::<Result<_, _>>()?;
    Ok(nights)
}

fn previous(
    connection: &Connection,
    place: DocumentId,
    period: Period,
    counting: &Counting,
) -> Result<Option<(f64, Night)>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {NIGHT_COLUMNS} FROM place_night
         WHERE place = ?1 AND night < ?2 AND night >= ?3 ORDER BY night DESC"
    ))?;
    let oldest = period.first.plus(-PREVIOUS_NIGHTS);
    let mut rows = statement.query(params![place.as_bytes(), period.first.0, oldest.0])?;
    let (mut sum, mut nights, mut newest) = (0.0, 0_u32, None);
    while let Some(row) = rows.next()? {
        let facts = read_night(row)?;
        let within: Period = newest.map_or_else(
            || Period::of(facts.night, period.days),
            |n| Period::of(n, period.days),
        );
        if !within.contains(facts.night) {
            break;
        }
        let whole = facts
            .counts
            .reconcile(counting)
            .filter(|n| n.basis != Basis::LowerLimit);
        if let Some(whole) = whole {
            sum += whole.x;
            nights += 1;
            newest = newest.or(Some(facts.night));
        }
    }
    Ok(newest.map(|night| (sum / f64::from(nights), night)))
}

fn counting(connection: &Connection, period: Period) -> Result<Counting, StoreError> {
    let last = period.last();
    let mut recounts = Recounts::default();
    let mut statement = connection.prepare_cached(
        "SELECT complete, sum, sum_of_squares FROM place_night INDEXED BY place_night_recounted
         WHERE complete >= 2 AND night BETWEEN ?1 AND ?2",
    )?;
    let mut rows = statement.query([period.first.0 - RECOUNT_NIGHTS, last.0])?;
    while let Some(row) = rows.next()? {
        recounts.add(&PlaceNightCounts {
            complete: row.get(0)?,
            sum: sql::natural(row, 1)?,
            sum_of_squares: sql::natural(row, 2)?,
            ..PlaceNightCounts::default()
        });
    }
    let mut opened = OpenedTents::default();
    let mut statement = connection.prepare_cached(
        "SELECT opened FROM place_night INDEXED BY place_night_opened
         WHERE opened IS NOT NULL AND night BETWEEN ?1 AND ?2",
    )?;
    let mut rows = statement.query([last.0 - SEASON_NIGHTS, last.0])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        for pair in text.split(' ') {
            let numbers = pair
                .split_once(':')
                .and_then(|(t, p)| Some((t.parse().ok()?, p.parse().ok()?)));
            if let Some((tents, persons)) = numbers {
                opened.add(tents, persons);
            }
        }
    }
    Ok(Counting {
        phi: recounts.phi(),
        per_tent: opened.rate(&Thresholds::default()),
    })
}
