//! A city whose estimate is kept up to date: a changed visit touches the statistics of
//! its own place-night and a few integer sums, never the city's history.

mod history;

use std::collections::{BTreeMap, BTreeSet};

use history::PlaceHistory;
use sync_core::estimate::average_night::place_history::{
    Lot, PlaceFacts, PlaceNightRecord, RECOUNT_NIGHTS, SEASON_NIGHTS,
};
use sync_core::estimate::average_night::tents::OpenedTents;
use sync_core::estimate::average_night::{PlaceId, night_average_of};
use sync_core::estimate::{Counting, NightAverage, NightAverageInput, Recounts, Thresholds};
use sync_core::time::{Night, Period};

/// The places drawn for a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnPlaces {
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
        let from = |nights: i64, before: Night| before.plus(-nights)..=period.last();
        let mut recounts = Recounts::default();
        let mut tents = OpenedTents::default();
        if period.days > 0 {
            for (_, some) in self.recounts.range(from(RECOUNT_NIGHTS, period.first)) {
                recounts.add_all(some);
            }
            for (_, some) in self.opened_tents.range(from(SEASON_NIGHTS, period.last())) {
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
        draw: Option<&DrawnPlaces>,
        thresholds: &Thresholds,
    ) -> NightAverageInput {
        let counting = self.counting(period, thresholds);
        let places = self
            .places
            .iter()
            .filter_map(|(id, place)| {
                let lot = draw.map(|draw| Lot {
                    drawn: draw.places.contains(id),
                    at: draw.at,
                });
                place.input(id, period, lot, &counting)
            })
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
        draw: Option<&DrawnPlaces>,
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
