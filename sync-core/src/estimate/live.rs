//! The live estimate: a changed visit touches the statistics of its own
//! place-night and a few integer sums, never the city's history.
//!
//! The rules that turn a city's history into the input of a period's estimate are
//! here and nowhere else: which places belong to it, which figure is a place's
//! previous one, how far back counts tell how they vary.

mod history;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use super::night::{
    Access, Composition, District, NightAverage, NightAverageInput, PlaceId, night_average_of,
};
use super::place::{Counting, PlaceNightCounts};
use super::recounts::Recounts;
use super::tents::OpenedTents;
use super::thresholds::Thresholds;
use history::PlaceHistory;

pub use rules::{Lot, place_input, previous_figure};

/// A night as a day number; it takes the date on which it starts.
pub type Night = i64;

/// Nights before a period in which recounts tell how counts vary.
pub const RECOUNT_NIGHTS: Night = 90;
/// Nights before a period's end in which opened tents tell how many a tent holds.
pub const SEASON_NIGHTS: Night = 180;
/// Nights before a period in which a place's previous figure is looked for. (One
/// that is too old for the headline still shows in the upper scenario.)
pub const PREVIOUS_NIGHTS: Night = 400;

/// What is known of one place on one night.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceNightRecord {
    /// The reduced observations.
    pub counts: PlaceNightCounts,
    /// What the visits reached.
    pub access: Access,
    /// When the last visit began, in milliseconds: after the draw or before it.
    pub last_started: i64,
    /// Who was seen.
    pub composition: Composition,
    /// Tents that were opened, with the persons in them.
    pub opened_tents: Vec<(u32, u32)>,
}

/// What is known of a place itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceFacts {
    /// Its district.
    pub district: District,
    /// The first night on which it was known.
    pub known_from: Night,
    /// In use, as far as anybody knows: not seen empty for good, not evicted.
    pub in_use: bool,
    /// The night from which that holds.
    pub state_from: Night,
}

impl PlaceFacts {
    /// A place that has always been there and is in use.
    pub const fn in_use(district: District) -> Self {
        Self {
            district,
            known_from: Night::MIN,
            in_use: true,
            state_from: Night::MIN,
        }
    }

    /// Whether the place belongs to a period in which nobody went there: it was
    /// known by then, and not known to be empty. A state given later says nothing.
    pub const fn belongs(&self, period: Period) -> bool {
        self.known_from <= period.last && (self.in_use || self.state_from > period.last)
    }
}

/// A run of nights, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first night.
    pub first: Night,
    /// The last night.
    pub last: Night,
}

impl Period {
    /// The first night of the earlier period, of the same length, in which an
    /// earlier night lies.
    const fn start_of_earlier(self, night: Night) -> Night {
        let days = self.last.saturating_sub(self.first).saturating_add(1);
        let days = if days < 1 { 1 } else { days };
        let back = self.first.saturating_sub(1).saturating_sub(night) / days + 1;
        self.first.saturating_sub(back.saturating_mul(days))
    }
}

/// A period's draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draw {
    /// What it can be repeated from.
    pub seed: u64,
    /// When it was made, in milliseconds.
    pub at: i64,
    /// The drawn places.
    pub places: BTreeSet<PlaceId>,
}

/// A city's place-nights, kept so that the estimate of a period is quick and
/// equals, to the last bit, that of a city rebuilt from nothing.
///
/// The dispersion φ and the persons per tent rest on integer sums by night, from
/// which a place-night is taken away and to which it is added; everything else is
/// looked up place by place, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveCity {
    places: BTreeMap<PlaceId, PlaceHistory>,
    recounts: BTreeMap<Night, Recounts>,
    opened_tents: BTreeMap<Night, OpenedTents>,
}

impl LiveCity {
    /// Makes a place known, or changes what is known of it.
    pub fn set_place(&mut self, id: PlaceId, facts: PlaceFacts) {
        match self.places.get_mut(&id) {
            Some(place) => place.facts = facts,
            None => {
                self.places.insert(id, PlaceHistory::new(facts));
            }
        }
    }

    /// Forgets a place and what was counted there.
    pub fn remove_place(&mut self, id: &PlaceId) {
        if let Some(place) = self.places.remove(id) {
            for (night, record) in place.nights() {
                self.forget(*night, record);
            }
        }
    }

    /// Gives the places that are known, in order.
    pub fn places(&self) -> impl Iterator<Item = &PlaceId> {
        self.places.keys()
    }

    /// Sets what is known of a place on a night; none takes it away. Gives
    /// whether the place is known: otherwise nothing happens.
    pub fn set_night(
        &mut self,
        id: &PlaceId,
        night: Night,
        record: Option<PlaceNightRecord>,
    ) -> bool {
        let Some(place) = self.places.get_mut(id) else {
            return false;
        };
        if let Some(record) = &record {
            add(&mut self.recounts, &mut self.opened_tents, night, record);
        }
        if let Some(before) = place.set(night, record) {
            self.forget(night, &before);
        }
        true
    }

    /// Sets all that is known of a place, in any order; of two records of one
    /// night the later stands. Much quicker than one by one. Gives whether the
    /// place is known: otherwise nothing happens.
    pub fn set_nights(&mut self, id: &PlaceId, nights: Vec<(Night, PlaceNightRecord)>) -> bool {
        let Some(place) = self.places.get_mut(id) else {
            return false;
        };
        let before = place.set_all(nights);
        for (night, record) in place.nights() {
            add(&mut self.recounts, &mut self.opened_tents, *night, record);
        }
        for (night, record) in before {
            self.forget(night, &record);
        }
        true
    }

    fn forget(&mut self, night: Night, record: &PlaceNightRecord) {
        if let Some(recounts) = self.recounts.get_mut(&night) {
            recounts.remove(&record.counts);
            if recounts.is_empty() {
                self.recounts.remove(&night);
            }
        }
        if let Some(tents) = self.opened_tents.get_mut(&night) {
            for &(opened, persons) in &record.opened_tents {
                tents.remove(opened, persons);
            }
            if tents.is_empty() {
                self.opened_tents.remove(&night);
            }
        }
    }

    /// How counts vary around a period, and how many persons a tent then holds.
    pub fn counting(&self, period: Period, thresholds: &Thresholds) -> Counting {
        let from = |nights: Night, before: Night| before.saturating_sub(nights)..=period.last;
        let mut recounts = Recounts::default();
        let mut tents = OpenedTents::default();
        if period.first <= period.last {
            for (_, some) in self.recounts.range(from(RECOUNT_NIGHTS, period.first)) {
                recounts.add_all(some);
            }
            for (_, some) in self.opened_tents.range(from(SEASON_NIGHTS, period.last)) {
                tents.add_all(some);
            }
        }
        Counting {
            phi: recounts.phi(),
            per_tent: tents.rate(thresholds),
        }
    }

    /// Gives the input of the estimate of a period.
    pub fn input(
        &self,
        period: Period,
        draw: Option<&Draw>,
        thresholds: &Thresholds,
    ) -> NightAverageInput {
        let counting = self.counting(period, thresholds);
        let places = self
            .places
            .iter()
            .filter_map(|(id, place)| place.input(id, period, draw, &counting))
            .collect();
        NightAverageInput {
            places,
            counting,
            thresholds: *thresholds,
            draw_seed: draw.map(|draw| draw.seed),
        }
    }

    /// Estimates the average night of a period.
    pub fn estimate(
        &self,
        period: Period,
        draw: Option<&Draw>,
        thresholds: &Thresholds,
    ) -> NightAverage {
        night_average_of(self.input(period, draw, thresholds))
    }
}

fn add(
    recounts: &mut BTreeMap<Night, Recounts>,
    opened_tents: &mut BTreeMap<Night, OpenedTents>,
    night: Night,
    record: &PlaceNightRecord,
) {
    if record.counts.complete >= 2 {
        recounts.entry(night).or_default().add(&record.counts);
    }
    for &(opened, persons) in record.opened_tents.iter().filter(|(opened, _)| *opened > 0) {
        opened_tents.entry(night).or_default().add(opened, persons);
    }
}

#[cfg(test)]
mod tests;
