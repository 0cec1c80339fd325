//! A made-up city whose true numbers are known. Its records are documents that
//! made-up phones make, through the same gate into the same log as anybody's.

mod city;
mod names;
mod notes;
mod phone;
mod truth;
mod walk;

use sync_core::ids::DocumentId;
use sync_core::model::{Content, Place};
use sync_core::time::{Instant, Night};

use crate::config::Config;
use crate::outreach::map::{DistrictMap, MapError};
use crate::outreach::projection::Period;
use crate::outreach::store::draws::{DrawRequest, DrawStore, Drawing};
use crate::outreach::store::feed::FeedStore;
use crate::outreach::store::{Store, StoreError};
use crate::outreach::sync::ExchangeError;
use crate::outreach::sync::server_changes::{self, Attribution, ChangeError};
use crate::shared::accounts::members::Organisation;
use crate::shared::principal::Actor;
use crate::shared::split_mix::Seeded;

pub use truth::{PeriodTruth, Truth};

use city::City;
use phone::{Phones, session_of};

/// Days of a period, as in the default configuration.
const PERIOD_DAYS: u32 = 28;
/// Nights of a period that must have passed before its draw is made.
const NIGHTS_BEFORE_DRAW: i64 = 4;

/// The partnership: short name and name.
pub const ORGANISATIONS: [(&str, &str); 5] = [
    ("eu-teamet", "EU-teamet"),
    ("forening-a", "Förening A (exempel)"),
    ("forening-b", "Förening B (exempel)"),
    ("forening-c", "Förening C (exempel)"),
    ("forening-d", "Förening D (exempel)"),
];

/// The city that is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// The same seed, sizes and day give the same city.
    pub seed: u64,
    /// Places, doubles included.
    pub places: u32,
    /// Weeks of visits, up to `today`.
    pub weeks: u32,
    /// The time up to which visits are made up.
    pub today: Instant,
    /// Places in each draw.
    pub drawn: usize,
}

/// Why a city could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There are documents already; made-up ones must not mix with real ones.
    #[error("the data directory already holds documents: choose an empty one")]
    NotEmpty,
    /// A made-up document could not be made.
    #[error("a made-up document could not be made: {0}")]
    Document(#[source] Box<sync_core::document::DocumentError>),
    /// The server's own gate refused a made-up document.
    #[error("the gate refused a made-up document: {code}: {detail}")]
    Refused {
        /// The gate's code for it.
        code: String,
        /// The gate's sentence.
        detail: String,
    },
    /// The made-up map cannot be read.
    #[error(transparent)]
    Map(#[from] MapError),
    /// A made-up phone's request failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// An act of a made-up coordinator was refused.
    #[error(transparent)]
    Desk(#[from] ChangeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sync_core::document::DocumentError> for DemoError {
    fn from(error: sync_core::document::DocumentError) -> Self {
        Self::Document(Box::new(error))
    }
}

/// The made-up city's map. It says that it is made up.
pub fn map() -> Result<DistrictMap, MapError> {
    DistrictMap::from_geojson(
        include_str!("../../../content/demo-map.geojson"),
        &Config::default(),
    )
    .map(|(map, _)| map)
}

/// Fills an empty store with a city and gives its true numbers.
pub async fn make(store: &Store, options: &DemoOptions) -> Result<Truth, DemoError> {
    if store.head().await?.cursor > 0 {
        return Err(DemoError::NotEmpty);
    }
    let first = options
        .today
        .night()
        .plus(-7 * i64::from(options.weeks.max(1)));
    for (id, name) in ORGANISATIONS {
        let Ok(id) = id.parse() else { continue };
        let name = name.to_owned();
        store
            .accounts()
            .put_organisation(Organisation { id, name }, first.start())
            .await?;
    }
    let mut random = Seeded::new(options.seed);
    let city = City::invent(&mut random, options.places, first);
    let mut phones = Phones::new(&mut random);
    settle(store, &city, &mut phones, first).await?;
    let mut period = Period::of(first, PERIOD_DAYS);
    while period.first <= options.today.night() {
        live_through(
            store,
            &city,
            &mut phones,
            &mut random,
            period,
            first,
            options,
        )
        .await?;
        period = Period::of(period.end(), PERIOD_DAYS);
    }
    Ok(Truth::of(&city, first, options))
}

/// Records the places themselves.
async fn settle(
    store: &Store,
    city: &City,
    phones: &mut Phones,
    first: Night,
) -> Result<(), DemoError> {
    let at = first.start();
    let map = map()?;
    for place in &city.places {
        let content = place.content(at, map.middle(&place.district));
        phones.record(place.recorded_by, place.id, &content, at)?;
    }
    phones.send(store, at).await?;
    // Which of them are the same, a coordinator says at a desk.
    for place in &city.places {
        let Some((_, same)) = place.same_as else {
            continue;
        };
        let edit = move |content| match content {
            Content::Place(place) => Content::Place(Place {
                same_as: Some(same),
                ..place
            }),
            other => other,
        };
        server_changes::change(
            store,
            &Attribution::SERVER,
            place.id,
            session_of(place.id),
            edit,
            at,
        )
        .await?;
    }
    Ok(())
}

/// A period's nights, its draw at half-way included.
async fn live_through(
    store: &Store,
    city: &City,
    phones: &mut Phones,
    random: &mut Seeded,
    period: Period,
    first: Night,
    options: &DemoOptions,
) -> Result<(), DemoError> {
    let start = period.first.max(first);
    let last = period.last().min(options.today.night());
    let passed = last.0 - start.0 + 1;
    // A period that has not come to its half-way yet is drawn early, as a
    // coordinator may, so that there is something to look at.
    let draw_after = passed.min(i64::from(PERIOD_DAYS)) / 2;
    let round = walk::round(random, city);
    let mut drawn: Vec<DocumentId> = Vec::new();
    for day in 0..passed {
        let night = start.plus(day);
        let evening = walk::Evening {
            night,
            until: options.today,
            round: &round,
        };
        walk::choose(random, city, phones, &evening)?;
        if let Some(place) = drawn.pop() {
            walk::visit_drawn(random, city, phones, &evening, place)?;
            // Catches up when few nights are left.
            if last.0 - night.0 < i64::try_from(drawn.len()).unwrap_or(0)
                && let Some(place) = drawn.pop()
            {
                walk::visit_drawn(random, city, phones, &evening, place)?;
            }
        }
        notes::evening(random, city, phones, &evening)?;
        phones
            .send(store, night.plus(1).start().min(options.today))
            .await?;
        if day == draw_after && passed >= NIGHTS_BEFORE_DRAW {
            let request = DrawRequest {
                period,
                count: options.drawn,
                seed: random.bits(),
                now: night.plus(1).start().min(options.today),
                by: Actor::SERVER,
            };
            if let Drawing::Made(view) = store.draw_places(request).await? {
                drawn = view.places.into_iter().map(|p| p.place).collect();
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
