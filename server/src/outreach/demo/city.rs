//! Places, and how many people truly are there each night.

use sync_core::ids::{DocumentId, RecordId};
use sync_core::model::{Content, DatedState, Place, PlaceState, PlaceType, Records};
use sync_core::time::{Instant, Night};

use super::names;
use crate::config::stockholm_districts;
use crate::shared::split_mix::Seeded;

/// One in this many places was recorded twice and is marked as the same.
const DOUBLES: u32 = 40;
/// Change of the whole city from one week to the next.
const TREND: f64 = 0.985;

/// A made-up city and its noise.
#[derive(Debug)]
pub(super) struct City {
    /// The places; doubles come after what they are doubles of.
    pub(super) places: Vec<DemoPlace>,
    /// The first night that anything is known of.
    pub(super) first: Night,
    noise: u64,
}

/// A made-up place and its true size.
#[derive(Debug)]
pub(super) struct DemoPlace {
    pub(super) id: DocumentId,
    pub(super) name: String,
    pub(super) place_type: PlaceType,
    pub(super) district: String,
    /// People there on an ordinary night at the beginning.
    pub(super) size: f64,
    /// Index of the organisation that recorded it.
    pub(super) recorded_by: usize,
    /// Index of the place that it is a double of.
    pub(super) same_as: Option<(usize, DocumentId)>,
}

impl City {
    /// Makes one up. Sizes are skewed: many small places and a few large ones.
    pub(super) fn invent(random: &mut Seeded, places: u32, first: Night) -> Self {
        let districts = stockholm_districts();
        let mut city = Self {
            places: Vec::new(),
            first,
            noise: random.bits(),
        };
        for n in 0..places {
            let double = (n % DOUBLES == DOUBLES - 1).then_some(n as usize / 2);
            let place_type = names::pick(
                random,
                &[
                    PlaceType::Settlement,
                    PlaceType::Settlement,
                    PlaceType::SleepingPlace,
                    PlaceType::SleepingPlace,
                    PlaceType::SleepingPlace,
                    PlaceType::Street,
                    PlaceType::Street,
                    PlaceType::Park,
                    PlaceType::Park,
                    PlaceType::PublicBuilding,
                    PlaceType::Other,
                ],
            );
            let district = usize::try_from(random.below(districts.len() as u64)).unwrap_or(0);
            let same = double.and_then(|i| city.places.get(i).map(|p| (i, p.id)));
            let place = DemoPlace {
                id: DocumentId::made(first, random.bytes()),
                name: names::place(random, place_type),
                place_type,
                district: match same {
                    Some((i, _)) => city.places[i].district.clone(),
                    None => districts[district].code.clone(),
                },
                size: if random.chance(0.1) || same.is_some() {
                    0.0
                } else {
                    (0.9 + 0.9 * normal(random)).exp().min(45.0)
                },
                recorded_by: usize::try_from(random.below(5)).unwrap_or(0),
                same_as: same,
            };
            city.places.push(place);
        }
        city
    }

    /// Returns how many people are at a place on a night. A double's are its original's.
    pub(super) fn persons(&self, place: usize, night: Night) -> u32 {
        let place = self.places[place].same_as.map_or(place, |(i, _)| i);
        let nights = night.0 - self.first.0;
        let week = nights.div_euclid(7);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred nights")]
        let trend = TREND.powf(nights as f64 / 7.0);
        // The same night asked for twice has the same people.
        let mut weekly = self.noise_of(place, week, 1);
        let mut nightly = self.noise_of(place, nights, 2);
        let mean = self.places[place].size * trend * (0.25 * normal(&mut weekly)).exp();
        poisson_like(&mut nightly, mean)
    }

    /// Of a place, by its document.
    pub(super) fn index(&self, id: DocumentId) -> Option<usize> {
        self.places.iter().position(|p| p.id == id)
    }

    fn noise_of(&self, place: usize, time: i64, purpose: u64) -> Seeded {
        let mut seed = Seeded::new(self.noise ^ purpose);
        let mixed = seed.bits()
            ^ (place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ time.cast_unsigned().wrapping_mul(0xd1b5_4a32_d192_ed03);
        Seeded::new(mixed)
    }
}

impl DemoPlace {
    /// A position within about a kilometre of the middle, rounded to 100 m as
    /// the phones do; longitude and latitude in 1e-5 degrees. From the place's
    /// id, so that the city stays the same.
    fn somewhere_near(&self, middle: [f64; 2]) -> [i64; 2] {
        let id = self.id.as_bytes();
        let away = [
            (f64::from(id[0]) - 127.5) * 12.0,
            (f64::from(id[1]) - 127.5) * 6.0,
        ];
        [0, 1].map(|axis| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "at most 180 degrees in 1e-3 degrees"
            )]
            let coarse = ((middle[axis] * 1e5 + away[axis]) / 100.0).round() as i64;
            coarse * 100
        })
    }

    /// The document's content.
    pub(super) fn content(&self, at: Instant, middle: Option<[f64; 2]>) -> Content {
        let position = middle.map(|middle| self.somewhere_near(middle));
        let state = DatedState {
            state: PlaceState::Active,
            at,
            withdrawn: false,
        };
        let record = RecordId::from_bytes([1; 8]);
        Content::Place(Place {
            name: self.name.clone(),
            place_type: self.place_type,
            district: self.district.clone(),
            latitude: position.map(|[_, latitude]| latitude),
            longitude: position.map(|[longitude, _]| longitude),
            exact: false,
            created: at,
            states: Records([(record, state)].into()),
            tips: Records::default(),
            proposals: Records::default(),
            same_as: None,
            note: String::new(),
            withdrawn: false,
        })
    }
}

/// About normal, mean 0 and variance 1: twelve uniform numbers added.
pub(super) fn normal(random: &mut Seeded) -> f64 {
    (0..12).map(|_| random.unit()).sum::<f64>() - 6.0
}

/// A whole number with this mean and a variance of half of it: people of a place
/// mostly stay.
fn poisson_like(random: &mut Seeded, mean: f64) -> u32 {
    let drawn = mean + (0.5 * mean).sqrt() * normal(random);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some dozens of people"
    )]
    let whole = (drawn.max(0.0) + 0.5).floor() as u32;
    whole
}

/// Draws how many of `n` something of this probability happens to.
pub(super) fn binomial(random: &mut Seeded, n: u32, probability: f64) -> u32 {
    let mut hits = 0;
    for _ in 0..n {
        hits += u32::from(random.chance(probability));
    }
    hits
}
