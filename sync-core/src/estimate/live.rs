//! The live estimate: a changed visit touches the statistics of its own
//! place-night and a few integer sums, never the city's history.

use std::collections::BTreeMap;

use super::dispersion::Recounts;
use super::night::{
    Access, Composition, District, NightAverage, NightAverageInput, PlaceId, PlaceInput, Previous,
    night_average,
};
use super::place::{Counting, PlaceNightCounts};
use super::tents::OpenedTents;
use super::thresholds::Thresholds;

/// A night as a day number; it takes the date on which it starts.
pub type Night = i64;

/// What is known of one place on one night.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceNightRecord {
    /// The reduced observations.
    pub counts: PlaceNightCounts,
    /// What the visits reached.
    pub access: Access,
    /// Drawn, and visited after the draw.
    pub drawn: bool,
    /// Who was seen.
    pub composition: Composition,
    /// Tents that were opened, with the persons in them.
    pub opened_tents: Vec<(u32, u32)>,
}

/// A run of nights, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first night.
    pub first: Night,
    /// The last night.
    pub last: Night,
}

/// A city's place-nights, kept so that the estimate of a period is quick and
/// equals, to the last bit, that of a city rebuilt from nothing.
///
/// The dispersion φ and the persons per tent rest on integer sums over the whole
/// history, from which a place-night is taken away and to which it is added;
/// everything else is looked up place by place, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveCity {
    places: BTreeMap<PlaceId, PlaceHistory>,
    recounts: Recounts,
    opened_tents: OpenedTents,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct PlaceHistory {
    district: District,
    nights: BTreeMap<Night, PlaceNightRecord>,
}

impl LiveCity {
    /// Makes a place known, or moves it to another district.
    pub fn set_place(&mut self, id: PlaceId, district: District) {
        self.places
            .entry(id)
            .and_modify(|place| place.district = district.clone())
            .or_insert_with(|| PlaceHistory {
                district,
                nights: BTreeMap::new(),
            });
    }

    /// Forgets a place and what was counted there.
    pub fn remove_place(&mut self, id: &PlaceId) {
        if let Some(place) = self.places.remove(id) {
            for record in place.nights.values() {
                self.forget(record);
            }
        }
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
            self.recounts.add(&record.counts);
            for &(opened, persons) in &record.opened_tents {
                self.opened_tents.add(opened, persons);
            }
        }
        let before = match record {
            Some(record) => place.nights.insert(night, record),
            None => place.nights.remove(&night),
        };
        if let Some(before) = before {
            self.forget(&before);
        }
        true
    }

    fn forget(&mut self, record: &PlaceNightRecord) {
        self.recounts.remove(&record.counts);
        for &(opened, persons) in &record.opened_tents {
            self.opened_tents.remove(opened, persons);
        }
    }

    /// Gives the input of the estimate of a period.
    ///
    /// A place's previous figure is that of the last night before the period on
    /// which it was seen whole; its age runs to the first night of the period.
    pub fn input(&self, period: Period, thresholds: &Thresholds) -> NightAverageInput {
        let counting = Counting {
            phi: self.recounts.phi(),
            per_tent: self.opened_tents.rate(thresholds),
        };
        let places = self
            .places
            .iter()
            .map(|(id, place)| place.input(id, period, &counting))
            .collect();
        NightAverageInput {
            places,
            counting,
            thresholds: *thresholds,
            draw_seed: None,
        }
    }

    /// Estimates the average night of a period.
    pub fn estimate(&self, period: Period, thresholds: &Thresholds) -> NightAverage {
        night_average(&self.input(period, thresholds))
    }
}

impl PlaceHistory {
    fn input(&self, id: &PlaceId, period: Period, counting: &Counting) -> PlaceInput {
        let previous = self
            .nights
            .range(..period.first)
            .rev()
            .find_map(|(&night, record)| {
                let figure = record
                    .counts
                    .reconcile(counting)
                    .filter(|night| night.basis != super::place::Basis::LowerLimit)?;
                Some(Previous {
                    figure: figure.x,
                    age_days: u32::try_from(period.first.saturating_sub(night)).unwrap_or(u32::MAX),
                })
            });
        let mut input = PlaceInput {
            id: id.clone(),
            district: self.district.clone(),
            previous,
            nights: Vec::new(),
            access: Access::NotVisited,
            drawn: false,
            composition: Composition::default(),
        };
        if period.first > period.last {
            return input;
        }
        for record in self
            .nights
            .range(period.first..=period.last)
            .map(|(_, record)| record)
        {
            input.nights.push(record.counts);
            input.access = input.access.max(record.access);
            input.drawn |= record.drawn;
            input.composition.add(&record.composition);
        }
        input
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::estimate::place::Observation;

    fn record(counts: &[u32], tents: Option<(u32, u32)>, drawn: bool) -> PlaceNightRecord {
        let observations: Vec<_> = counts.iter().map(|&c| Observation::complete(c)).collect();
        PlaceNightRecord {
            counts: PlaceNightCounts::new(&observations).unwrap(),
            access: Access::Complete,
            drawn,
            composition: Composition::default(),
            opened_tents: tents.into_iter().collect(),
        }
    }

    fn place(i: u32) -> PlaceId {
        PlaceId(format!("p{i}"))
    }

    #[test]
    fn the_previous_figure_is_the_last_before_the_period() {
        let mut city = LiveCity::default();
        city.set_place(place(1), District("d".to_owned()));
        for (night, count) in [(10, 4), (60, 6), (100, 9)] {
            assert!(city.set_night(&place(1), night, Some(record(&[count], None, false))));
        }
        assert!(!city.set_night(&place(2), 1, None));
        let period = Period {
            first: 90,
            last: 117,
        };
        let input = city.input(period, &Thresholds::default());
        let previous = input.places[0].previous.unwrap();
        assert_eq!((previous.figure, previous.age_days), (6.0, 30));
        assert_eq!(input.places[0].nights.len(), 1);
    }

    type Change = (u32, Night, Option<(Vec<u32>, Option<(u32, u32)>, bool)>);

    fn any_change() -> impl Strategy<Value = Change> {
        (
            0_u32..12,
            0_i64..60,
            prop::option::weighted(
                0.8,
                (
                    prop::collection::vec(0_u32..30, 1..4),
                    prop::option::of((1_u32..6, 0_u32..12)),
                    any::<bool>(),
                ),
            ),
        )
    }

    proptest! {
        /// Whatever happened on the way, the city equals one rebuilt from what is
        /// left, in any order of arrival.
        #[test]
        fn live_equals_rebuilt(changes in prop::collection::vec(any_change(), 0..120)) {
            let mut live = LiveCity::default();
            let mut left: BTreeMap<(u32, Night), PlaceNightRecord> = BTreeMap::new();
            for i in 0..12 {
                live.set_place(place(i), District((i % 3).to_string()));
            }
            for (i, night, change) in changes {
                let record = change.map(|(counts, tents, drawn)| record(&counts, tents, drawn));
                live.set_night(&place(i), night, record.clone());
                match record {
                    Some(record) => left.insert((i, night), record),
                    None => left.remove(&(i, night)),
                };
            }
            let mut rebuilt = LiveCity::default();
            for i in (0..12).rev() {
                rebuilt.set_place(place(i), District((i % 3).to_string()));
            }
            for ((i, night), record) in left.into_iter().rev() {
                rebuilt.set_night(&place(i), night, Some(record));
            }
            let period = Period { first: 32, last: 59 };
            let thresholds = Thresholds::default();
            let (one, other) =
                (live.estimate(period, &thresholds), rebuilt.estimate(period, &thresholds));
            prop_assert_eq!(
                serde_json::to_string(&one).unwrap(),
                serde_json::to_string(&other).unwrap()
            );
            prop_assert_eq!(live, rebuilt);
        }
    }
}
