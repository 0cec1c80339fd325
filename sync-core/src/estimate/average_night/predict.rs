//! T̂ = Σ_S x + β̂A_U, with its interval, its fallbacks and its refusals.

use std::collections::BTreeMap;

use super::explain::explain;
use super::input::{Access, Composition, District, NightAverageInput};
use super::model::{Figure, Model, Sums};
use super::outcome::{
    Coverage, DistrictFigure, NightAverage, NightEstimate, NightRefusal, NightResult, SizeCoverage,
};
use super::place_state::{Kind, PlaceState, keep_in_the_rest};
use crate::estimate::reason::{Refusal, Warning};
use crate::estimate::thresholds::Thresholds;

/// Where the sizes of places part, in persons of the previous figure.
const SIZES: [u32; 4] = [1, 5, 15, 50];

/// Estimates the people present on an average night.
///
/// Deterministic, and independent of the order of the input. Never fails: what
/// cannot be estimated is refused, with what was seen beside it.
pub fn night_average(input: &NightAverageInput) -> NightAverage {
    night_average_of(input.clone())
}

/// [`night_average`] of an input that is given away.
pub fn night_average_of(mut input: NightAverageInput) -> NightAverage {
    input.normalise();
    if !input.is_valid() {
        return City::default().refuse(&input, vec![Refusal::InvalidInput]);
    }
    let states: Vec<_> = input
        .places
        .iter()
        .map(|place| PlaceState::new(place, &input.counting, &input.thresholds))
        .collect();
    let city = City::survey(&input, &states);
    city.estimate(&input, &keep_in_the_rest(&states, &input.thresholds))
}

#[derive(Debug, Default)]
struct City {
    sums: Sums,
    districts: BTreeMap<District, Sums>,
    coverage: Coverage,
    composition: Composition,
    tents: f64,
    warnings: Vec<Warning>,
    model: Model,
}

impl City {
    /// Takes stock of what was seen, without estimating anything.
    fn survey(input: &NightAverageInput, states: &[PlaceState]) -> Self {
        let mut city = Self::default();
        let coverage = &mut city.coverage;
        coverage.by_size = SIZES
            .iter()
            .enumerate()
            .map(|(i, &from)| SizeCoverage {
                from,
                below: SIZES.get(i + 1).copied(),
                places: 0,
                visited: 0,
            })
            .collect();
        for (place, state) in input.places.iter().zip(states) {
            city.composition.add(&place.composition);
            city.tents += state.tents;
            coverage.places += 1;
            let whole = state.whole.is_some();
            match (state.whole, place.access) {
                (Some(seen), _) => {
                    coverage.visited += 1;
                    coverage.seen_empty += u32::from(seen.x <= 0.0);
                }
                (None, _) if place.nights.iter().any(|n| !n.is_unseen()) => coverage.partly += 1,
                (None, Access::NotVisited) => coverage.not_visited += 1,
                (None, Access::NoAccess) => coverage.no_access += 1,
                (None, Access::Partial | Access::Complete) => coverage.partly += 1,
            }
            if place.drawn {
                coverage.drawn += u32::from(whole);
                coverage.drawn_not_counted += u32::from(!whole);
            }
            match state.kind {
                Kind::New => coverage.new_places += 1,
                Kind::Stale { .. } => coverage.stale_places += 1,
                Kind::Known { previous, .. } => {
                    coverage.previous_total += previous;
                    if whole {
                        coverage.previous_visited += previous;
                    }
                    let size = SIZES.iter().rposition(|&from| previous >= f64::from(from));
                    if let Some(size) = coverage.by_size.get_mut(size.unwrap_or(0)) {
                        size.places += 1;
                        size.visited += u32::from(whole);
                    }
                }
            }
        }
        if coverage.previous_total > 0.0 {
            coverage.visited_share = Some(coverage.previous_visited / coverage.previous_total);
        }
        city.note_warnings(input);
        city
    }

    fn note_warnings(&mut self, input: &NightAverageInput) {
        let phi = input.counting.phi;
        let mut warn = |when: bool, warning| {
            if when {
                self.warnings.push(warning);
            }
        };
        warn(!phi.measured(), Warning::PhiAssumed);
        warn(
            phi.measured() && phi.recounted < input.thresholds.few_recounts,
            Warning::PhiFromFew,
        );
        warn(
            self.coverage.drawn_not_counted > 0,
            Warning::DrawnNotCounted,
        );
        warn(self.coverage.partly > 0, Warning::PartlySeen);
        warn(self.tents > 0.0, Warning::TentsNotConverted);
        warn(self.coverage.stale_places > 0, Warning::StalePlaces);
    }

    fn estimate(mut self, input: &NightAverageInput, states: &[PlaceState]) -> NightAverage {
        let thresholds = &input.thresholds;
        let mut refusals = Vec::new();
        self.model = Model::fit(states, thresholds, &mut self.warnings);
        self.add_up(input, states);
        if self.coverage.visited + self.coverage.partly == 0 {
            refusals.push(Refusal::NoData);
            return self.refuse(input, refusals);
        }
        let unfilled = self.sums.unseen.iter().any(|&a| a > 0.0) && self.model.ratios.is_none();
        if unfilled {
            refusals.push(Refusal::TooFewDrawn);
        }
        if self.share_seen() < thresholds.least_visited_share {
            refusals.push(Refusal::CoverageTooLow);
        }
        if unfilled {
            return self.refuse(input, refusals);
        }
        let city = self.model.figure(&self.sums);
        if self.sums.indirect > thresholds.most_indirect_share * city.total {
            refusals.push(Refusal::MostlyIndirect);
        }
        if too_wide(&city, thresholds) {
            refusals.push(Refusal::IntervalTooWide);
        }
        if !refusals.is_empty() {
            return self.refuse(input, refusals);
        }
        let upper = self.upper_scenario(&city, states);
        let estimate = NightEstimate {
            total: city.total,
            low: city.low,
            high: city.high,
            se: city.se,
            df: city.df,
            beta: self.model.beta(&self.sums, |ratio| ratio.beta),
            observed: self.model.beta(&self.sums, |ratio| ratio.observed),
            method: self.model.method(&self.sums),
        };
        self.finish(input, NightResult::Estimate(estimate), Some(upper))
    }

    /// Returns the share of the previous total at places seen whole; without previous
    /// figures, the share of places.
    fn share_seen(&self) -> f64 {
        self.coverage.visited_share.unwrap_or_else(|| {
            f64::from(self.coverage.visited) / f64::from(self.coverage.places.max(1))
        })
    }

    /// Adds up the city and its districts under the model.
    fn add_up(&mut self, input: &NightAverageInput, states: &[PlaceState]) {
        for (place, state) in input.places.iter().zip(states) {
            let mut one = Sums {
                seen: state.seen,
                places: 1,
                visited: u32::from(state.whole.is_some() || state.after_draw),
                ..Sums::default()
            };
            match (state.whole, state.kind) {
                (Some(whole), _) => {
                    one.whole = whole.x;
                    one.counting_variance = whole.u;
                    one.indirect = whole.x - state.seen;
                }
                // A place seen in part is filled in unless more was seen there than
                // the model expects. One where nobody was seen always is, even when
                // nobody is expected: it keeps its share of the uncertainty.
                // So does one chosen after the draw, whatever was seen there.
                (None, Kind::Known { class, previous })
                    if state.after_draw
                        || self.model.ratios.is_none_or(|ratios| {
                            ratios[class as usize].beta * previous >= state.seen
                        }) =>
                {
                    one.unseen[class as usize] = previous;
                }
                (None, Kind::New)
                    if self
                        .model
                        .new_places
                        .is_none_or(|new| new.mean >= state.seen) =>
                {
                    one.new_unseen = 1.0;
                    if self.model.new_places.is_none() {
                        one.whole = state.seen;
                    }
                }
                (None, _) => one.whole = state.seen,
            }
            self.sums.add(&one);
            self.districts
                .entry(place.district.clone())
                .or_default()
                .add(&one);
        }
    }

    /// Returns the upper limit plus all that the headline leaves out: reports above what
    /// was counted or predicted, places with figures too old to use (at no less than that
    /// figure), and new places without a basis (at the mean of those seen, or one person).
    fn upper_scenario(&self, city: &Figure, states: &[PlaceState]) -> f64 {
        let growth = self
            .model
            .beta(&self.sums, |ratio| ratio.beta)
            .unwrap_or(1.0)
            .max(1.0);
        let mut extra = 0.0;
        for state in states {
            let expected = match (state.whole, state.kind) {
                (Some(whole), _) => whole.x,
                (None, Kind::Known { class, previous }) => self
                    .model
                    .ratios
                    .map_or(0.0, |ratios| ratios[class as usize].beta * previous),
                (None, Kind::Stale { previous }) => {
                    let expected = (previous * growth).max(state.seen);
                    extra += expected - state.seen;
                    expected
                }
                (None, Kind::New) => {
                    if let Some(new) = self.model.new_places {
                        new.mean
                    } else {
                        extra += (1.0 - state.seen).max(0.0);
                        state.seen.max(1.0)
                    }
                }
            };
            extra += (state.reported - expected.max(state.seen)).max(0.0);
        }
        city.high + extra
    }

    fn refuse(self, input: &NightAverageInput, mut codes: Vec<Refusal>) -> NightAverage {
        codes.sort_unstable();
        codes.dedup();
        let code = codes.first().copied().unwrap_or(Refusal::NoData);
        let refusal = NightRefusal { code, codes };
        self.finish(input, NightResult::Refusal(refusal), None)
    }

    fn district_figures(&self, estimated: bool, thresholds: &Thresholds) -> Vec<DistrictFigure> {
        self.districts
            .iter()
            .map(|(district, sums)| {
                let figure = estimated.then(|| self.model.figure(sums));
                let refusal = figure
                    .filter(|f| too_wide(f, thresholds))
                    .map(|_| Refusal::IntervalTooWide);
                let shown = figure.filter(|_| refusal.is_none());
                DistrictFigure {
                    district: district.clone(),
                    seen: sums.seen,
                    places: sums.places,
                    visited: sums.visited,
                    total: shown.map(|f| f.total),
                    low: shown.map(|f| f.low),
                    high: shown.map(|f| f.high),
                    refusal,
                }
            })
            .collect()
    }

    fn finish(
        mut self,
        input: &NightAverageInput,
        result: NightResult,
        upper_scenario: Option<f64>,
    ) -> NightAverage {
        self.warnings.sort_unstable();
        self.warnings.dedup();
        let explanation = explain(input, self.sums.seen, &result);
        NightAverage {
            seen: self.sums.seen,
            districts: self.district_figures(result.estimate().is_some(), &input.thresholds),
            ratios: self.model.class_ratios(&self.sums),
            result,
            coverage: self.coverage,
            upper_scenario,
            tents: self.tents,
            composition: self.composition,
            phi: input.counting.phi,
            warnings: self.warnings,
            explanation,
        }
    }
}

/// Upper over lower, with half a person as the least lower limit.
fn too_wide(figure: &Figure, thresholds: &Thresholds) -> bool {
    figure.high > thresholds.widest_interval * figure.low.max(0.5)
}
