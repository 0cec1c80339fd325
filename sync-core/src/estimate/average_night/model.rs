//! The model that fills in places nobody saw whole, and what it says of a sum.

use super::outcome::{ClassRatio, NightMethod, StalenessClass};
use super::place_state::{Kind, PlaceState};
use crate::estimate::average_night::ratio::{DrawnPlace, Ratio, square_root_interval};
use crate::estimate::numeric::{Z95, t95};
use crate::estimate::reason::Warning;
use crate::estimate::thresholds::Thresholds;

/// The ratios and the mean by which places are filled in.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// A ratio for each class of previous figures; all the same when pooled.
    pub(super) ratios: Option<[Ratio; 3]>,
    by_age: bool,
    /// The factor on the standard error of the ratios' predictions.
    ratio_penalty: f64,
    /// The mean of new places.
    pub(super) new_places: Option<NewPlaces>,
}

/// The places without a previous figure, as the sampled ones of them show.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewPlaces {
    pub(super) mean: f64,
    /// s², the variance between them.
    variance: f64,
    n: f64,
    penalty: f64,
}

/// The sums over the city or over one district.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) seen: f64,
    pub(super) whole: f64,
    pub(super) counting_variance: f64,
    /// Persons that tents stand for.
    pub(super) indirect: f64,
    /// A_U, persons before, by class.
    pub(super) unseen: [f64; 3],
    pub(super) new_unseen: f64,
    pub(super) places: u32,
    pub(super) visited: u32,
}

/// A total with its spread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    pub(super) total: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) se: f64,
    pub(super) df: Option<f64>,
}

/// The visited places, by what they can stand for.
#[derive(Debug, Default)]
struct Samples {
    drawn: [Vec<DrawnPlace>; 3],
    all_drawn: Vec<DrawnPlace>,
    all_whole: Vec<DrawnPlace>,
    new_drawn: Vec<f64>,
    new_whole: Vec<f64>,
    /// The number of places to fill in, by class, and new ones.
    missing: [u32; 3],
    new_missing: u32,
}

impl Samples {
    fn new(states: &[PlaceState]) -> Self {
        let mut samples = Self::default();
        for state in states {
            match (state.kind, state.whole) {
                (Kind::Known { class, .. }, None) => samples.missing[class as usize] += 1,
                (Kind::New, None) => samples.new_missing += 1,
                (Kind::Known { class, previous }, Some(whole)) if whole.counted => {
                    let place = DrawnPlace {
                        previous,
                        current: whole.x,
                    };
                    samples.all_whole.push(place);
                    if state.drawn {
                        samples.drawn[class as usize].push(place);
                        samples.all_drawn.push(place);
                    }
                }
                (Kind::New, Some(whole)) if whole.counted => {
                    samples.new_whole.push(whole.x);
                    if state.drawn {
                        samples.new_drawn.push(whole.x);
                    }
                }
                _ => {}
            }
        }
        samples
    }

    /// Returns whether each class with places to fill in has enough drawn ones.
    fn enough_by_age(&self, least: usize) -> bool {
        self.missing.iter().filter(|&&m| m > 0).count() > 1
            && self
                .missing
                .iter()
                .zip(&self.drawn)
                .all(|(&missing, drawn)| missing == 0 || drawn.len() >= least)
    }
}

impl Model {
    /// Measures the ratios and the mean of new places.
    pub(super) fn fit(
        states: &[PlaceState],
        thresholds: &Thresholds,
        warnings: &mut Vec<Warning>,
    ) -> Self {
        let samples = Samples::new(states);
        let missing: u32 = samples.missing.iter().sum();
        let least_drawn = thresholds.least_drawn.max(2) as usize;
        let mut model = Self {
            ratio_penalty: 1.0,
            ..Self::default()
        };
        if samples.all_drawn.len() >= least_drawn {
            model.by_age = samples.enough_by_age(thresholds.least_drawn_per_class.max(2) as usize);
            model.ratios = Ratio::corrected(&samples.all_drawn, missing).map(|pooled| {
                [0, 1, 2].map(|class: usize| {
                    let unseen = samples.missing[class];
                    if model.by_age && unseen > 0 {
                        Ratio::corrected(&samples.drawn[class], unseen).unwrap_or(pooled)
                    } else {
                        pooled
                    }
                })
            });
        } else if samples.all_whole.len() >= least_drawn && missing > 0 {
            model.ratios = Ratio::corrected(&samples.all_whole, missing).map(|ratio| [ratio; 3]);
            model.ratio_penalty = thresholds.not_drawn_penalty;
            warnings.push(Warning::NotDrawn);
        }
        if samples.new_missing > 0 {
            // Without previous figures everything rests on the new places, so
            // they carry the draw's limit.
            let no_previous = states
                .iter()
                .all(|state| !matches!(state.kind, Kind::Known { .. }));
            let least = if no_previous { least_drawn } else { 2 };
            model.new_places = NewPlaces::fit(&samples, least, thresholds);
            if let Some(new) = model.new_places {
                if new.penalty > 1.0 {
                    warnings.push(Warning::NewPlacesNotDrawn);
                }
                if no_previous {
                    warnings.push(Warning::NoPreviousFigures);
                }
            } else {
                warnings.push(Warning::NewPlacesNotEstimated);
            }
        }
        model
    }

    /// Returns the total of some places with its interval.
    ///
    /// The parts are independent, so their limits combine as distances from the
    /// total: √Σ(limit − part)² (Zou and Donner 2008). A predicted part has limits
    /// on the square-root scale, the counting ones on the plain scale.
    pub(super) fn figure(&self, sums: &Sums) -> Figure {
        let mut total = sums.whole;
        let mut parts = Parts::default();
        if let Some(ratios) = &self.ratios {
            let pooled = [sums.unseen.iter().sum(), 0.0, 0.0];
            let unseen = if self.by_age { sums.unseen } else { pooled };
            for (ratio, unseen) in ratios
                .iter()
                .zip(unseen)
                .filter(|&(_, unseen)| unseen > 0.0)
            {
                let expected = ratio.beta * unseen;
                total += expected;
                let penalty = self.ratio_penalty;
                let variance = ratio.prediction_variance(unseen) * penalty * penalty;
                let interval = ratio.prediction_interval(unseen, penalty);
                parts.add(expected, variance, ratio.df, interval);
            }
        }
        if let Some(new) = self.new_places.filter(|_| sums.new_unseen > 0.0) {
            let expected = new.mean * sums.new_unseen;
            total += expected;
            // With U unseen of N places and n sampled ones this is
            // N²(1 − n/N)s²/n when all that were seen were sampled.
            let variance = new.variance
                * (sums.new_unseen + sums.new_unseen * sums.new_unseen / new.n)
                * new.penalty
                * new.penalty;
            let df = new.n - 1.0;
            let interval = square_root_interval(expected, t95(df) * variance.sqrt());
            parts.add(expected, variance, df, interval);
        }
        let total = total.max(sums.seen);
        let counting = Z95 * Z95 * sums.counting_variance;
        let low = total - (parts.below + counting).sqrt();
        let high = total + (parts.above + counting).sqrt();
        Figure {
            total,
            low: low.max(sums.seen).min(total),
            high,
            se: (sums.counting_variance + parts.variance).sqrt(),
            df: parts.df(),
        }
    }

    /// Returns the ratio over all places filled in.
    pub(super) fn beta(&self, sums: &Sums, of: fn(&Ratio) -> f64) -> Option<f64> {
        let ratios = self.ratios.as_ref()?;
        let (mut predicted, mut previous) = (0.0, 0.0);
        for (ratio, &unseen) in ratios.iter().zip(&sums.unseen) {
            predicted += of(ratio) * unseen;
            previous += unseen;
        }
        Some(if self.by_age && previous > 0.0 {
            predicted / previous
        } else {
            of(&ratios[0])
        })
    }

    /// Returns the name of what was done.
    pub(super) fn method(&self, sums: &Sums) -> NightMethod {
        if sums.unseen.iter().any(|&a| a > 0.0) {
            if self.ratio_penalty > 1.0 {
                NightMethod::PooledRatio
            } else if self.by_age {
                NightMethod::DrawnRatioByAge
            } else {
                NightMethod::DrawnRatio
            }
        } else if sums.new_unseen > 0.0 && self.new_places.is_some() {
            NightMethod::StratifiedExpansion
        } else {
            NightMethod::AllCounted
        }
    }

    /// Returns the ratios for the explanation.
    pub(super) fn class_ratios(&self, sums: &Sums) -> Vec<ClassRatio> {
        let Some(ratios) = &self.ratios else {
            return Vec::new();
        };
        let row = |class, ratio: &Ratio, unseen_previous| ClassRatio {
            class,
            observed: ratio.observed,
            beta: ratio.beta,
            sigma2: ratio.sigma2,
            df: ratio.df,
            places: ratio.places,
            drawn_previous: ratio.previous,
            unseen_previous,
        };
        if self.by_age {
            StalenessClass::ALL
                .iter()
                .zip(ratios)
                .zip(&sums.unseen)
                .filter(|&(_, &unseen)| unseen > 0.0)
                .map(|((&class, ratio), &unseen)| row(Some(class), ratio, unseen))
                .collect()
        } else {
            vec![row(None, &ratios[0], sums.unseen.iter().sum())]
        }
    }
}

impl NewPlaces {
    fn fit(samples: &Samples, least: usize, thresholds: &Thresholds) -> Option<Self> {
        let (sample, penalty) = if samples.new_drawn.len() >= least {
            (&samples.new_drawn, 1.0)
        } else {
            (&samples.new_whole, thresholds.not_drawn_penalty)
        };
        if sample.len() < least {
            return None;
        }
        let n = u32::try_from(sample.len()).map_or(f64::from(u32::MAX), f64::from);
        let mean = sample.iter().sum::<f64>() / n;
        let squares: f64 = sample.iter().map(|x| (x - mean) * (x - mean)).sum();
        Some(Self {
            mean,
            variance: squares / (n - 1.0),
            n,
            penalty,
        })
    }
}

impl Sums {
    pub(super) fn add(&mut self, other: &Self) {
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

/// Independent predictions, added up.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    variance: f64,
    squares_over_df: f64,
    /// Σ(part − its lower limit)².
    below: f64,
    /// Σ(its upper limit − part)².
    above: f64,
}

impl Parts {
    fn add(&mut self, expected: f64, variance: f64, df: f64, [low, high]: [f64; 2]) {
        self.variance += variance;
        self.squares_over_df += variance * variance / df;
        self.below += (expected - low) * (expected - low);
        self.above += (high - expected) * (high - expected);
    }

    /// Satterthwaite's degrees of freedom of the sum.
    fn df(&self) -> Option<f64> {
        (self.squares_over_df > 0.0).then(|| self.variance * self.variance / self.squares_over_df)
    }
}
