//! A synthetic city with ten years of visits. Nobody in it exists.

use estimate_studies::live::{DrawnPlaces, LiveCity};
use estimate_studies::random::Random;
use sync_core::estimate::average_night::place_history::{PlaceFacts, PlaceNightRecord};
use sync_core::estimate::average_night::{Access, Composition, District, PlaceId};
use sync_core::estimate::{Observation, PlaceNightCounts};
use sync_core::time::{Night, Period};

/// Nights of ten years.
pub(crate) const NIGHTS: u16 = 3_652;
/// Places that are or were in use.
pub(crate) const PLACES: usize = 1_000;

/// The last period of four weeks.
pub(crate) const PERIOD: Period = Period {
    first: Night(NIGHTS as i64 - 28),
    days: 28,
};

/// One visit's row: where, when, what.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) place: usize,
    pub(crate) night: Night,
    pub(crate) record: PlaceNightRecord,
}

/// One of the last `of` nights.
pub(crate) fn night(random: &mut Random, of: u16) -> Night {
    let back = u16::try_from(random.below(of.into())).unwrap_or(0);
    Night(i64::from(NIGHTS - 1 - back))
}

/// The id of a place.
pub(crate) fn place(index: usize) -> PlaceId {
    PlaceId(format!("{index:032x}"))
}

/// Twenty drawn places; every visit counts as after the draw.
pub(crate) fn draw() -> DrawnPlaces {
    DrawnPlaces {
        seed: 1,
        at: 0,
        places: (0..20).map(|n| place(n * PLACES / 20)).collect(),
    }
}

/// A city that knows its places and nothing else.
pub(crate) fn empty() -> LiveCity {
    let mut city = LiveCity::default();
    for index in 0..PLACES {
        let district = District((index % 11).to_string());
        city.set_place(place(index), PlaceFacts::in_use(district));
    }
    city
}

/// A place-night that `random` makes up.
pub(crate) fn record(random: &mut Random) -> PlaceNightRecord {
    let persons = random.poisson(6.0);
    // Every tenth place-night is counted twice.
    let observations: Vec<Observation> = if random.happens(0.1) {
        let again = random.binomial(persons, 0.9);
        vec![Observation::complete(persons), Observation::complete(again)]
    } else {
        vec![Observation::complete(persons)]
    };
    PlaceNightRecord {
        // Small counts are always taken in.
        counts: PlaceNightCounts::new(&observations).unwrap_or_default(),
        access: Access::Complete,
        last_started: 0,
        composition: Composition {
            adults: u64::from(persons),
            ..Composition::default()
        },
        opened_tents: Vec::new(),
    }
}

/// `visits` rows over ten years, in an order of arrival of their own.
pub(crate) fn rows(visits: usize, seed: u64) -> Vec<Row> {
    let mut random = Random::new(seed);
    (0..visits)
        .map(|_| {
            let place = random.below(PLACES);
            let night = night(&mut random, NIGHTS);
            Row {
                place,
                night,
                record: record(&mut random),
            }
        })
        .collect()
}

/// Builds a city from its rows.
pub(crate) fn build(rows: &[Row], ids: &[PlaceId]) -> LiveCity {
    let mut nights = vec![Vec::new(); ids.len()];
    for row in rows {
        nights[row.place].push((row.night, row.record.clone()));
    }
    let mut city = empty();
    for (id, nights) in ids.iter().zip(nights) {
        city.set_nights(id, nights);
    }
    city
}
