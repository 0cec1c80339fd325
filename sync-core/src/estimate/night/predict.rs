//! T̂ = Σ_S x + β̂A_U, with its interval, its fallbacks and its refusals.

use std::collections::BTreeMap;

use super::input::{Access, Composition, District, NightAverageInput};
use super::outcome::{
    ClassRatio, Coverage, DistrictFigure, NightAverage, NightEstimate, NightMethod, NightRefusal,
    NightResult, SizeCoverage, StalenessClass,
};
use super::place_state::{Kind, PlaceState};
use crate::estimate::explain;
use crate::estimate::numeric::{Z95, interval_above_seen, t95};
use crate::estimate::ratio::{DrawnPlace, Ratio};
use crate::estimate::reason::{Refusal, Warning};
use crate::estimate::thresholds::Thresholds;

/// Where the sizes of places part, in persons of the previous figure.
const SIZES: [u32; 4] = [1, 5, 15, 50];

/// Estimates the people present on an average night.
///
/// Deterministic, and independent of the order of the input. Never fails: what
/// cannot be estimated is refused, with what was seen beside it.
pub fn night_average(input: &NightAverageInput) -> NightAverage {
    let mut input = input.clone();
    input.normalise();
    if !input.is_valid() {
        return City::default().refuse(&input, vec![Refusal::InvalidInput]);
    }
    let states: Vec<_> = input
        .places
        .iter()
        .map(|place| PlaceState::new(place, &input.counting, &input.thresholds))
        .collect();
    City::survey(&input, &states).estimate(&input, &states)
}

/// The model by which places that nobody saw whole are filled in.
#[derive(Clone, Debug, Default)]
struct Model {
    /// A ratio for each class of previous figures; all the same when pooled.
    ratios: Option<[Ratio; 3]>,
    by_age: bool,
    /// The factor on the standard error of the ratios' predictions.
    ratio_penalty: f64,
    /// The mean of new places.
    new_places: Option<NewPlaces>,
}

/// What is known of the places without a previous figure.
#[derive(Clone, Copy, Debug)]
struct NewPlaces {
    mean: f64,
    /// s², the variance between them.
    variance: f64,
    n: f64,
    penalty: f64,
}

/// The sums over the city or over one district.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    seen: f64,
    whole: f64,
    counting_variance: f64,
    /// Persons that tents stand for.
    indirect: f64,
    /// A_U by class.
    unseen: [f64; 3],
    new_unseen: f64,
    places: u32,
    visited: u32,
}

/// A total with its spread.
#[derive(Clone, Copy, Debug)]
struct Figure {
    total: f64,
    low: f64,
    high: f64,
    se: f64,
    df: Option<f64>,
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
        self.fit(states, thresholds);
        self.add_up(input, states);
        if self.coverage.visited + self.coverage.partly == 0 {
            refusals.push(Refusal::NoData);
            return self.refuse(input, refusals);
        }
        let unfilled = self.sums.unseen.iter().any(|&a| a > 0.0) && self.model.ratios.is_none();
        if unfilled {
            refusals.push(Refusal::TooFewDrawn);
        }
        if self.sums.new_unseen > 0.0 && self.model.new_places.is_none() {
            self.warnings.push(Warning::NewPlacesNotEstimated);
        }
        if self.share_seen() < thresholds.least_visited_share {
            refusals.push(Refusal::CoverageTooLow);
        }
        if unfilled {
            return self.refuse(input, refusals);
        }
        let city = self.figure(&self.sums);
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
            beta: self.beta(),
            method: self.method(),
        };
        self.finish(input, NightResult::Estimate(estimate), Some(upper))
    }

    /// The share of the previous total at places seen whole; without previous
    /// figures, the share of places.
    fn share_seen(&self) -> f64 {
        self.coverage.visited_share.unwrap_or_else(|| {
            f64::from(self.coverage.visited) / f64::from(self.coverage.places.max(1))
        })
    }

    /// Measures the ratios and the mean of new places.
    fn fit(&mut self, states: &[PlaceState], thresholds: &Thresholds) {
        let mut drawn: [Vec<DrawnPlace>; 3] = Default::default();
        let (mut all_drawn, mut all_whole) = (Vec::new(), Vec::new());
        let (mut new_drawn, mut new_whole) = (Vec::new(), Vec::new());
        let mut missing = [false; 3];
        for state in states {
            match (state.kind, state.whole) {
                (Kind::Known { class, .. }, None) => missing[class as usize] = true,
                (Kind::Known { class, previous }, Some(whole)) if whole.counted => {
                    let place = DrawnPlace {
                        previous,
                        current: whole.x,
                    };
                    all_whole.push(place);
                    if state.drawn_figure().is_some() {
                        drawn[class as usize].push(place);
                        all_drawn.push(place);
                    }
                }
                (Kind::New, Some(whole)) if whole.counted => {
                    new_whole.push(whole.x);
                    if state.drawn {
                        new_drawn.push(whole.x);
                    }
                }
                _ => {}
            }
        }
        let least_drawn = thresholds.least_drawn.max(2) as usize;
        let per_class = thresholds.least_drawn_per_class.max(2) as usize;
        let by_age = missing.iter().filter(|&&m| m).count() > 1
            && missing
                .iter()
                .zip(&drawn)
                .all(|(&missing, drawn)| !missing || drawn.len() >= per_class);
        self.model.ratio_penalty = 1.0;
        if all_drawn.len() >= least_drawn {
            let pooled = Ratio::measure(&all_drawn);
            self.model.by_age = by_age;
            self.model.ratios = pooled.map(|pooled| {
                [0, 1, 2].map(|class: usize| {
                    if by_age && missing[class] {
                        Ratio::measure(&drawn[class]).unwrap_or(pooled)
                    } else {
                        pooled
                    }
                })
            });
        } else if all_whole.len() >= least_drawn && missing.contains(&true) {
            self.model.ratios = Ratio::measure(&all_whole).map(|ratio| [ratio; 3]);
            if self.model.ratios.is_some() {
                self.model.ratio_penalty = thresholds.not_drawn_penalty;
                self.warnings.push(Warning::NotDrawn);
            }
        }
        self.fit_new_places(states, &new_drawn, &new_whole, thresholds);
    }

    fn fit_new_places(
        &mut self,
        states: &[PlaceState],
        drawn: &[f64],
        whole: &[f64],
        thresholds: &Thresholds,
    ) {
        let unseen = |s: &PlaceState| s.kind == Kind::New && s.whole.is_none();
        if !states.iter().any(unseen) {
            return;
        }
        let no_previous = self.coverage.previous_total <= 0.0;
        let least = if no_previous {
            // The whole figure rests on them, so they carry the draw's limit.
            thresholds.least_drawn.max(2) as usize
        } else {
            2
        };
        let (sample, penalty) = if drawn.len() >= least {
            (drawn, 1.0)
        } else {
            (whole, thresholds.not_drawn_penalty)
        };
        if sample.len() < least {
            return;
        }
        if penalty > 1.0 {
            self.warnings.push(Warning::NewPlacesNotDrawn);
        }
        if no_previous {
            self.warnings.push(Warning::NoPreviousFigures);
        }
        let n = u32::try_from(sample.len()).map_or(f64::from(u32::MAX), f64::from);
        let mean = sample.iter().sum::<f64>() / n;
        let squares: f64 = sample.iter().map(|x| (x - mean) * (x - mean)).sum();
        self.model.new_places = Some(NewPlaces {
            mean,
            variance: squares / (n - 1.0),
            n,
            penalty,
        });
    }

    /// Adds up the city and its districts under the model.
    fn add_up(&mut self, input: &NightAverageInput, states: &[PlaceState]) {
        for (place, state) in input.places.iter().zip(states) {
            let mut one = Sums {
                seen: state.seen,
                places: 1,
                visited: u32::from(state.whole.is_some()),
                ..Sums::default()
            };
            match (state.whole, state.kind) {
                (Some(whole), _) => {
                    one.whole = whole.x;
                    one.counting_variance = whole.u;
                    one.indirect = whole.x - state.seen;
                }
                // A place seen in part is filled in when the model expects more
                // than was seen there; else what was seen stands.
                (None, Kind::Known { class, previous })
                    if self.model.ratios.is_none_or(|ratios| {
                        ratios[class as usize].beta * previous > state.seen
                    }) =>
                {
                    one.unseen[class as usize] = previous;
                }
                (None, Kind::New)
                    if self
                        .model
                        .new_places
                        .is_none_or(|new| new.mean > state.seen) =>
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

    /// Gives the total of some places with its interval.
    fn figure(&self, sums: &Sums) -> Figure {
        let mut total = sums.whole;
        let mut predicted = Spread::default();
        if let Some(ratios) = &self.model.ratios {
            let mut pooled_unseen = 0.0;
            for (ratio, &unseen) in ratios.iter().zip(&sums.unseen) {
                total += ratio.beta * unseen;
                if self.model.by_age {
                    predicted.add(self.ratio_variance(ratio, unseen), ratio.df);
                } else {
                    pooled_unseen += unseen;
                }
            }
            if !self.model.by_age {
                predicted.add(self.ratio_variance(&ratios[0], pooled_unseen), ratios[0].df);
            }
        }
        if let Some(new) = self.model.new_places {
            total += new.mean * sums.new_unseen;
            // With U unseen of N places and n sampled ones this is
            // N²(1 − n/N)s²/n when all that were seen were sampled.
            let variance = new.variance
                * (sums.new_unseen + sums.new_unseen * sums.new_unseen / new.n)
                * new.penalty
                * new.penalty;
            predicted.add(variance, new.n - 1.0);
        }
        let se = (sums.counting_variance + predicted.variance).sqrt();
        let df = predicted.df();
        let quantile = df.map_or(Z95, t95);
        let total = total.max(sums.seen);
        let [low, high] = interval_above_seen(sums.seen, total, se, quantile);
        Figure {
            total,
            low: low.max(sums.seen).min(total),
            high: high.max(total),
            se,
            df,
        }
    }

    fn ratio_variance(&self, ratio: &Ratio, unseen: f64) -> f64 {
        ratio.prediction_variance(unseen) * self.model.ratio_penalty * self.model.ratio_penalty
    }

    fn beta(&self) -> Option<f64> {
        let ratios = self.model.ratios.as_ref()?;
        let (mut predicted, mut previous) = (0.0, 0.0);
        for (ratio, &unseen) in ratios.iter().zip(&self.sums.unseen) {
            predicted += ratio.beta * unseen;
            previous += unseen;
        }
        Some(if self.model.by_age && previous > 0.0 {
            predicted / previous
        } else {
            ratios[0].beta
        })
    }

    fn method(&self) -> NightMethod {
        if self.sums.unseen.iter().any(|&a| a > 0.0) {
            if self.model.ratio_penalty > 1.0 {
                NightMethod::PooledRatio
            } else if self.model.by_age {
                NightMethod::DrawnRatioByAge
            } else {
                NightMethod::DrawnRatio
            }
        } else if self.sums.new_unseen > 0.0 && self.model.new_places.is_some() {
            NightMethod::StratifiedExpansion
        } else {
            NightMethod::AllCounted
        }
    }

    /// The upper limit plus all that the headline leaves out: reports above what
    /// was counted or predicted, places with figures too old to use (at no less
    /// than that figure), and new places without a basis (at the mean of those
    /// seen, or one person).
    fn upper_scenario(&self, city: &Figure, states: &[PlaceState]) -> f64 {
        let growth = self.beta().unwrap_or(1.0).max(1.0);
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
        let refusal = NightRefusal {
            code,
            sentence: explain::refusal(code),
            codes,
        };
        self.finish(input, NightResult::Refusal(refusal), None)
    }

    fn district_figures(&self, estimated: bool, thresholds: &Thresholds) -> Vec<DistrictFigure> {
        self.districts
            .iter()
            .map(|(district, sums)| {
                let figure = estimated.then(|| self.figure(sums));
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

    fn class_ratios(&self) -> Vec<ClassRatio> {
        let Some(ratios) = &self.model.ratios else {
            return Vec::new();
        };
        let row = |class, ratio: &Ratio, unseen_previous| ClassRatio {
            class,
            beta: ratio.beta,
            sigma2: ratio.sigma2,
            places: ratio.places,
            drawn_previous: ratio.previous,
            unseen_previous,
        };
        if self.model.by_age {
            StalenessClass::ALL
                .iter()
                .zip(ratios)
                .zip(&self.sums.unseen)
                .filter(|&(_, &unseen)| unseen > 0.0)
                .map(|((&class, ratio), &unseen)| row(Some(class), ratio, unseen))
                .collect()
        } else {
            vec![row(None, &ratios[0], self.sums.unseen.iter().sum())]
        }
    }

    fn finish(
        mut self,
        input: &NightAverageInput,
        result: NightResult,
        upper_scenario: Option<f64>,
    ) -> NightAverage {
        self.warnings.sort_unstable();
        self.warnings.dedup();
        let mut average = NightAverage {
            seen: self.sums.seen,
            districts: self.district_figures(result.estimate().is_some(), &input.thresholds),
            ratios: self.class_ratios(),
            result,
            coverage: self.coverage,
            upper_scenario,
            tents: self.tents,
            composition: self.composition,
            phi: input.counting.phi,
            warnings: self.warnings,
            explanation: explain::Explanation::default(),
        };
        average.explanation = explain::night(input, &average);
        average
    }
}

/// Upper over lower, with half a person as the least lower limit.
fn too_wide(figure: &Figure, thresholds: &Thresholds) -> bool {
    figure.high > thresholds.widest_interval * figure.low.max(0.5)
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.seen += other.seen;
        self.whole += other.whole;
        self.counting_variance += other.counting_variance;
        self.indirect += other.indirect;
        for (mine, theirs) in self.unseen.iter_mut().zip(other.unseen) {
            *mine += theirs;
        }
        self.new_unseen += other.new_unseen;
        self.places += other.places;
        self.visited += other.visited;
    }
}

/// Independent variances, each with its degrees of freedom.
#[derive(Clone, Copy, Debug, Default)]
struct Spread {
    variance: f64,
    squares_over_df: f64,
    parts: u32,
    only_df: f64,
}

impl Spread {
    fn add(&mut self, variance: f64, df: f64) {
        if variance > 0.0 {
            self.variance += variance;
            self.squares_over_df += variance * variance / df;
            self.parts += 1;
            self.only_df = df;
        }
    }

    /// Satterthwaite's degrees of freedom of the sum.
    fn df(&self) -> Option<f64> {
        match self.parts {
            0 => None,
            1 => Some(self.only_df),
            _ => Some(self.variance * self.variance / self.squares_over_df),
        }
    }
}
