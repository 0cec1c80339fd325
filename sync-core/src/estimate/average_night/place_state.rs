//! One place over its nights of one period.

use super::input::PlaceInput;
use super::outcome::StalenessClass;
use crate::estimate::average_night::place_night::{Counting, Evidence};
use crate::estimate::thresholds::Thresholds;

/// How a place can be filled in, by its previous figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A usable previous figure above zero.
    Known {
        class: StalenessClass,
        previous: f64,
    },
    /// No previous figure, or zero.
    New,
    /// A figure too old to use.
    Stale { previous: f64 },
}

/// A place reduced to what the estimate needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PlaceState {
    pub(super) kind: Kind,
    /// Seen whole, or turned into persons from tents: a member of S.
    pub(super) whole: Option<Whole>,
    /// The persons seen for certain: K's share.
    pub(super) seen: f64,
    /// Drawn at random, and visited after the draw.
    pub(super) drawn: bool,
    /// Chosen after the draw: predicted although it was seen.
    pub(super) after_draw: bool,
    /// The largest figure that others reported.
    pub(super) reported: f64,
    /// Tents that could not be turned into persons, on the night with most.
    pub(super) tents: f64,
}

/// The figure of a place that was seen whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Whole {
    /// x: the mean over its nights.
    pub(super) x: f64,
    /// u: the variance of that mean.
    pub(super) u: f64,
    /// Whether it rests on counts of persons alone.
    pub(super) counted: bool,
}

impl PlaceState {
    pub(super) fn new(place: &PlaceInput, counting: &Counting, thresholds: &Thresholds) -> Self {
        let kind = match place.previous {
            Some(p) if p.age_days > thresholds.stale_days => Kind::Stale { previous: p.figure },
            Some(p) if p.figure > 0.0 => Kind::Known {
                class: if p.age_days <= thresholds.recent_days {
                    StalenessClass::Recent
                } else if p.age_days <= thresholds.ageing_days {
                    StalenessClass::Ageing
                } else {
                    StalenessClass::Old
                },
                previous: p.figure,
            },
            _ => Kind::New,
        };
        let mut nights: Vec<_> = place
            .nights
            .iter()
            .filter_map(|counts| counts.reconcile(counting))
            .collect();
        // One order of summation whatever the order of arrival.
        nights.sort_by(|a, b| {
            (a.evidence, a.x, a.u, a.seen)
                .partial_cmp(&(b.evidence, b.x, b.u, b.seen))
                .unwrap_or(core::cmp::Ordering::Equal)
        });
        let reported = place.nights.iter().filter_map(|n| n.reported).max();
        let tents = nights
            .iter()
            .fold(0.0, |most: f64, n| most.max(n.unconverted_tents));
        let first_whole = nights.partition_point(|n| n.evidence == Evidence::LowerLimit);
        let (partial, whole) = nights.split_at(first_whole);
        // A night that was seen whole says more than one seen in part.
        let (seen, whole) = if whole.is_empty() {
            (mean(partial.iter().map(|n| n.seen)), None)
        } else {
            let x = mean(whole.iter().map(|n| n.x));
            let u = variance_of_mean(x, whole.iter().map(|n| (n.x, n.u)));
            let counted = whole.iter().all(|n| n.evidence == Evidence::Counted);
            let seen = mean(whole.iter().map(|n| n.seen)).min(x);
            (seen, Some(Whole { x, u, counted }))
        };
        Self {
            kind,
            whole,
            seen,
            drawn: place.drawn,
            after_draw: place.after_draw && !place.drawn && whole.is_some(),
            reported: f64::from(reported.unwrap_or(0)),
            tents,
        }
    }
}

/// Puts the places that somebody chose after the draw back among those that the
/// drawn places stand for, when there are enough drawn places to do so. What was
/// seen there still counts in K.
pub(super) fn keep_in_the_rest(states: &[PlaceState], thresholds: &Thresholds) -> Vec<PlaceState> {
    let stands = |state: &&PlaceState| {
        state.drawn
            && matches!(state.kind, Kind::Known { .. })
            && state.whole.is_some_and(|whole| whole.counted)
    };
    let enough = states.iter().filter(stands).count() >= thresholds.least_drawn.max(2) as usize;
    states
        .iter()
        .map(|state| {
            let chosen = state.after_draw && matches!(state.kind, Kind::Known { .. });
            PlaceState {
                after_draw: chosen && enough,
                whole: state.whole.filter(|_| !(chosen && enough)),
                ..*state
            }
        })
        .collect()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = u32::try_from(values.len()).map_or(f64::from(u32::MAX), f64::from);
    if n > 0.0 {
        values.sum::<f64>() / n
    } else {
        0.0
    }
}

/// Returns the variance of a mean over nights: what the counting explains, Σu/J², or what
/// the nights themselves show, s²/J, whichever is larger.
fn variance_of_mean(mean: f64, nights: impl ExactSizeIterator<Item = (f64, f64)>) -> f64 {
    let j = u32::try_from(nights.len()).map_or(f64::from(u32::MAX), f64::from);
    let (mut counting, mut between) = (0.0, 0.0);
    for (x, u) in nights {
        counting += u;
        between += (x - mean) * (x - mean);
    }
    let counting = counting / (j * j);
    if j > 1.0 {
        counting.max(between / ((j - 1.0) * j))
    } else {
        counting
    }
}
