//! The truth of a made-up city, to hold the estimate against.

use std::collections::BTreeMap;

use serde::Serialize;
use sync_core::time::{Night, Period};

use super::city::City;
use super::walk::DETECTION;
use super::{DemoOptions, PERIOD_DAYS};

/// The true numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Truth {
    /// The seed that the city was made from.
    pub seed: u64,
    /// The places, doubles not counted.
    pub places: usize,
    /// The chance that a person who is there is seen: what the estimate of an
    /// average night aims at is this share of the truth.
    pub detection: f64,
    /// The periods, oldest first; the first and the last can be cut short.
    pub periods: Vec<PeriodTruth>,
}

/// The true numbers of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodTruth {
    /// The period's first night.
    pub start: Night,
    /// Its last night so far.
    pub end: Night,
    /// People on an average night of it, to one decimal.
    pub average_night: f64,
    /// The same by district.
    pub districts: BTreeMap<String, f64>,
    /// Different people during it.
    pub distinct: u32,
}

impl Truth {
    pub(super) fn of(city: &City, first: Night, options: &DemoOptions) -> Self {
        let mut periods = Vec::new();
        let mut period = Period::of(first, PERIOD_DAYS);
        while period.first <= options.today.night() {
            let last = period.last().min(options.today.night());
            periods.push(period_truth(city, period.first.max(first), last));
            period = Period::of(period.end(), PERIOD_DAYS);
        }
        Self {
            seed: options.seed,
            places: city.places.iter().filter(|p| p.same_as.is_none()).count(),
            detection: DETECTION,
            periods,
        }
    }
}

fn period_truth(city: &City, start: Night, end: Night) -> PeriodTruth {
    let mut districts: BTreeMap<String, u32> = BTreeMap::new();
    let mut distinct = 0;
    for (index, place) in city.places.iter().enumerate() {
        if place.same_as.is_some() {
            continue;
        }
        let nightly = (start.0..=end.0).map(|n| city.persons(index, Night(n)));
        *districts.entry(place.district.clone()).or_default() += nightly.clone().sum::<u32>();
        // People of a place are numbered from 0 up: the fullest night has all.
        distinct += nightly.max().unwrap_or(0);
    }
    #[expect(clippy::cast_precision_loss, reason = "at most some dozens of nights")]
    let nights = (end.0 - start.0 + 1) as f64;
    let mean = |persons: u32| (f64::from(persons) / nights * 10.0).round() / 10.0;
    PeriodTruth {
        start,
        end,
        average_night: mean(districts.values().sum()),
        districts: districts.into_iter().map(|(d, n)| (d, mean(n))).collect(),
        distinct,
    }
}
