//! The input of the estimate of an average night.

use serde::{Deserialize, Serialize};

use crate::estimate::average_night::place_night::{Counting, MOST_PERSONS, PlaceNightCounts};
use crate::estimate::thresholds::Thresholds;

/// A place, after places marked "same as" became one. Opaque; only its order
/// and equality matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceId(pub String);

/// A district of the city.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct District(pub String);

/// The last reconciled figure of a place from before this period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Previous {
    /// a: persons, zero or more.
    pub figure: f64,
    /// Its age in days at the start of this period.
    pub age_days: u32,
}

/// How much of a place the visits of this period reached, by the best of them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nobody went there.
    #[default]
    NotVisited,
    /// Somebody went there and could not come in or near.
    NoAccess,
    /// Part of the place was seen.
    Partial,
    /// The whole place was seen.
    Complete,
}

/// Who was seen, among those seen. Never scaled up to the estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Composition {
    pub adults: u64,
    pub children: u64,
    /// Persons of unknown age.
    pub age_unknown: u64,
    /// EU and EEA citizens.
    pub eu: u64,
    /// Citizens of third countries.
    pub third_country: u64,
    /// Persons of unknown citizenship.
    pub group_unknown: u64,
}

impl Composition {
    /// Adds another composition, field by field, without overflow.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.adults, other.adults),
            (&mut self.children, other.children),
            (&mut self.age_unknown, other.age_unknown),
            (&mut self.eu, other.eu),
            (&mut self.third_country, other.third_country),
            (&mut self.group_unknown, other.group_unknown),
        ] {
            *mine = mine.saturating_add(theirs);
        }
    }
}

/// One place in one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceInput {
    pub id: PlaceId,
    pub district: District,
    /// Its last figure from before this period; none for a new place.
    #[serde(default)]
    pub previous: Option<Previous>,
    /// The nights of this period on which somebody counted there, each reduced
    /// to its sufficient statistics. The order does not matter.
    #[serde(default)]
    pub nights: Vec<PlaceNightCounts>,
    /// By the best of the visits.
    #[serde(default)]
    pub access: Access,
    /// Drawn at random this period **and** visited after the draw: only such a
    /// place stands for those that nobody chose.
    #[serde(default)]
    pub drawn: bool,
    /// Not drawn, and seen whole for the first time after the draw: somebody chose
    /// it among those that the drawn places stand for. It counts in K and stays
    /// among those predicted, for whoever chooses goes where people are.
    #[serde(default)]
    pub after_draw: bool,
    /// Who was seen there.
    #[serde(default)]
    pub composition: Composition,
}

/// Everything that the estimate of an average night depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NightAverageInput {
    /// The places known to be in use or possibly in use, each once.
    pub places: Vec<PlaceInput>,
    /// The dispersion of counts and the persons per tent.
    #[serde(default)]
    pub counting: Counting,
    /// The limits for falling back and refusing.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// The seed of this period's draw, for the record.
    #[serde(default)]
    pub draw_seed: Option<u64>,
}

impl NightAverageInput {
    /// Puts places and nights in one order, whatever the order of arrival.
    pub(super) fn normalise(&mut self) {
        for place in &mut self.places {
            place.nights.sort_unstable();
        }
        let figure = |place: &PlaceInput| place.previous.map(|p| (p.figure.to_bits(), p.age_days));
        self.places.sort_by(|a, b| {
            let rest = |p: &PlaceInput| (p.access, p.drawn, p.after_draw, figure(p));
            (&a.id, &a.district, &a.nights)
                .cmp(&(&b.id, &b.district, &b.nights))
                .then_with(|| rest(a).cmp(&rest(b)))
        });
    }

    /// Writes the input, put in order, for hashing: every field, figures as their
    /// bits, other numbers in as few bytes as they need, texts and lists after
    /// their length. Two orders of magnitude shorter than JSON, on which the live
    /// estimate of a large city would spend its time.
    pub(in crate::estimate) fn canonical_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128 * self.places.len() + 1024);
        // The few settings may take the general way.
        let settings = serde_json::to_vec(&(self.counting, self.thresholds, self.draw_seed));
        put_text(&mut out, &settings.unwrap_or_default());
        put(&mut out, self.places.len() as u64);
        for place in &self.places {
            put_text(&mut out, place.id.0.as_bytes());
            put_text(&mut out, place.district.0.as_bytes());
            put_option(&mut out, place.previous.map(|p| u64::from(p.age_days)));
            if let Some(previous) = place.previous {
                out.extend_from_slice(&previous.figure.to_bits().to_le_bytes());
            }
            put(&mut out, place.access as u64);
            put(
                &mut out,
                u64::from(place.drawn) | u64::from(place.after_draw) << 1,
            );
            let c = &place.composition;
            let parts = [
                c.adults,
                c.children,
                c.age_unknown,
                c.eu,
                c.third_country,
                c.group_unknown,
            ];
            for part in parts {
                put(&mut out, part);
            }
            put(&mut out, place.nights.len() as u64);
            for n in &place.nights {
                put(&mut out, u64::from(n.complete));
                put(&mut out, n.sum);
                put(&mut out, n.sum_of_squares);
                put(&mut out, n.twice_median);
                put_option(&mut out, n.lower_limit.map(u64::from));
                put_option(&mut out, n.range.map(u64::from));
                put_option(&mut out, n.reported.map(u64::from));
                put(&mut out, u64::from(n.tent_observations));
                put(&mut out, n.twice_unopened);
                put(&mut out, n.twice_in_tents);
            }
        }
        out
    }

    /// Returns whether every figure is a possible one and every place comes once. `places`
    /// must be sorted by id.
    pub(super) fn is_valid(&self) -> bool {
        let phi = self.counting.phi.value;
        let possible = |v: f64| v.is_finite() && (0.0..=f64::from(MOST_PERSONS)).contains(&v);
        let tents = self
            .counting
            .per_tent
            .is_none_or(|rate| possible(rate.persons_per_tent) && possible(rate.variance));
        possible(phi)
            && tents
            && self.places.windows(2).all(|pair| pair[0].id < pair[1].id)
            && self.places.iter().all(|place| {
                place.previous.is_none_or(|p| possible(p.figure))
                    && place.nights.iter().all(PlaceNightCounts::is_possible)
            })
    }
}

/// LEB128: seven bits a byte, the last byte without the eighth.
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn put_option(out: &mut Vec<u8>, value: Option<u64>) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        put(out, value);
    }
}

fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    put(out, text.len() as u64);
    out.extend_from_slice(text);
}
