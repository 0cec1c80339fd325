//! The inputs of the estimate of a period, read from the read model.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::estimate::average_night::place_history::{self, Lot, PlaceNightRecord};
use sync_core::estimate::average_night::tents::OpenedTents;
use sync_core::estimate::average_night::{
    Access, Composition, District, PlaceId, PlaceInput, Previous,
};
use sync_core::estimate::{Counting, NightAverageInput, PlaceNightCounts, Recounts, Thresholds};
use sync_core::ids::DocumentId;
use sync_core::model::{self, PlaceState};
use sync_core::time::{Instant, Night, Period};

use super::{Store, StoreError, sql};
use crate::outreach::projection::PeriodFacts;
use crate::outreach::store::port::statistics::StatisticsStore;

impl StatisticsStore for Store {
    async fn period_facts(&self, period: Period) -> Result<PeriodFacts, StoreError> {
        self.read(move |connection| facts(connection, period)).await
    }

    async fn first_night(&self) -> Result<Option<Night>, StoreError> {
        self.read(|connection| {
            let live: Option<i64> = connection
                .prepare_cached("SELECT min(night) FROM visit_row")?
                .query_row([], |r| r.get(0))?;
            let archived: Option<i64> = connection
                .prepare_cached("SELECT min(night) FROM archive")?
                .query_row([], |r| r.get(0))?;
            Ok(live.into_iter().chain(archived).min().map(Night))
        })
        .await
    }
}

type Nights = BTreeMap<DocumentId, Vec<(Night, PlaceNightRecord)>>;

fn facts(connection: &Connection, period: Period) -> Result<PeriodFacts, StoreError> {
    let cursor = connection
        .prepare_cached("SELECT cursor FROM head")?
        .query_row([], |r| sql::natural(r, 0))?;
    let counting = counting(connection, period)?;
    let draw: Option<(u64, Instant)> = connection
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
    let mut nights = nights(connection, period)?;
    let (mut places, mut nights_of) = (Vec::new(), Vec::new());
    let mut statement = connection.prepare_cached(
        "SELECT document, district, state, state_at, created FROM place_row
         WHERE target = document AND NOT withdrawn ORDER BY document",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place = sql::document(row, 0)?;
        let known = place_facts(row)?;
        let nights = nights.remove(&place).unwrap_or_default();
        if nights.is_empty() && !known.belongs(period) {
            continue;
        }
        let lot = draw.map(|(_, at)| Lot {
            drawn: drawn.contains(&place),
            at: at.0,
        });
        places.push(PlaceInput {
            previous: previous(connection, place, period, &counting)?,
            ..place_history::place_input(PlaceId(place.to_string()), &known, &nights, lot)
        });
        nights_of.push(nights);
    }
    Ok(PeriodFacts {
        cursor,
        input: NightAverageInput {
            places,
            counting,
            thresholds: Thresholds::default(),
            draw_seed: draw.map(|(seed, _)| seed),
        },
        nights: nights_of,
    })
}

/// Reads what is known of a place itself.
fn place_facts(row: &Row<'_>) -> Result<place_history::PlaceFacts, StoreError> {
    let state: PlaceState = sql::parsed(row, 2)?;
    Ok(place_history::PlaceFacts {
        district: District(row.get(1)?),
        known_from: sql::instant(row, 4)?.night(),
        in_use: matches!(state, PlaceState::Active | PlaceState::Unknown),
        state_from: sql::instant(row, 3)?.night(),
    })
}

const NIGHT_COLUMNS: &str = "night, access, last_started, complete, sum, sum_of_squares, \
     twice_median, lower_limit, range, reported, tent_observations, twice_unopened, \
     twice_in_tents, adults, children, unknown, eu_eea, third_country";

/// Reads [`NIGHT_COLUMNS`].
fn read_night(r: &Row<'_>) -> rusqlite::Result<(Night, PlaceNightRecord)> {
    let natural = |column| r.get::<_, u32>(column).map(u64::from);
    let (adults, children, age_unknown) = (natural(13)?, natural(14)?, natural(15)?);
    let (eu, third_country) = (natural(16)?, natural(17)?);
    let record = PlaceNightRecord {
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
        access: match sql::parsed(r, 1)? {
            model::Access::Complete => Access::Complete,
            model::Access::Partial => Access::Partial,
            model::Access::NoAccess => Access::NoAccess,
        },
        last_started: sql::instant(r, 2)?.0,
        composition: Composition {
            adults,
            children,
            age_unknown,
            eu,
            third_country,
            group_unknown: (adults + children + age_unknown).saturating_sub(eu + third_country),
        },
        // Counted by night for the whole city: `counting` below.
        opened_tents: Vec::new(),
    };
    Ok((Night(r.get(0)?), record))
}

/// The period's nights at each place, in their order: they lie together.
fn nights(connection: &Connection, period: Period) -> Result<Nights, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {NIGHT_COLUMNS}, place FROM place_night
         WHERE night BETWEEN ?1 AND ?2 ORDER BY night"
    ))?;
    let place = statement.column_index("place")?;
    let mut rows = statement.query([period.first.0, period.last().0])?;
    let mut nights = Nights::new();
    while let Some(row) = rows.next()? {
        let place = sql::document(row, place)?;
        nights.entry(place).or_default().push(read_night(row)?);
    }
    Ok(nights)
}

fn previous(
    connection: &Connection,
    place: DocumentId,
    period: Period,
    counting: &Counting,
) -> Result<Option<Previous>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {NIGHT_COLUMNS} FROM place_night
         WHERE place = ?1 AND night < ?2 AND night >= ?3 ORDER BY night DESC"
    ))?;
    let oldest = period.first.0 - place_history::PREVIOUS_NIGHTS;
    let earlier = statement
        .query_map(
            params![place.as_bytes(), period.first.0, oldest],
            read_night,
        )?
        .map(|night| night.map(|(night, record)| (night, record.counts)));
    Ok(place_history::previous_figure(period, counting, earlier)?)
}

fn counting(connection: &Connection, period: Period) -> Result<Counting, StoreError> {
    let last = period.last();
    let mut recounts = Recounts::default();
    let mut statement = connection.prepare_cached(
        "SELECT complete, sum, sum_of_squares FROM place_night INDEXED BY place_night_recounted
         WHERE complete >= 2 AND night BETWEEN ?1 AND ?2",
    )?;
    let mut rows = statement.query([period.first.0 - place_history::RECOUNT_NIGHTS, last.0])?;
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
    let mut rows = statement.query([last.0 - place_history::SEASON_NIGHTS, last.0])?;
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
