//! One list with repeated meetings: at least how many people there are.

use std::collections::BTreeMap;

use crate::estimate::numeric::{Z95, interval_above_seen};
use crate::estimate::reason::Refusal;
use crate::estimate::thresholds::Thresholds;

/// How many people were met once, twice, three times, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frequencies {
    /// D: the distinct people.
    pub distinct: u64,
    /// f₁: those met once.
    pub once: u64,
    /// f₂: those met twice.
    pub twice: u64,
    /// All f_k by k, when known.
    pub all: Option<BTreeMap<u32, u64>>,
}

/// A figure with its standard error and interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounded {
    /// The figure with its interval.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Its 95 % interval.
    pub interval: [f64; 2],
}

/// The zero-truncated Poisson fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedPoisson {
    /// λ: meetings per person, the unmet included.
    pub lambda: f64,
    /// The people in all.
    pub total: f64,
    /// Its standard error.
    pub se: f64,
}

impl Frequencies {
    /// Takes the full table; none when it is empty or somebody was met 0 times.
    pub fn from_table(table: BTreeMap<u32, u64>) -> Option<Self> {
        let distinct = table
            .values()
            .try_fold(0_u64, |sum, &f| sum.checked_add(f))?;
        if distinct == 0 || table.contains_key(&0) {
            return None;
        }
        let of = |k| table.get(&k).copied().unwrap_or(0);
        Some(Self {
            distinct,
            once: of(1),
            twice: of(2),
            all: Some(table),
        })
    }

    /// Takes the three figures that Chao's bound needs; none when they
    /// contradict each other.
    pub fn from_first(distinct: u64, once: u64, twice: u64) -> Option<Self> {
        let known = once.checked_add(twice)?;
        (distinct > 0 && known <= distinct).then_some(Self {
            distinct,
            once,
            twice,
            all: None,
        })
    }

    /// Chao's lower bound D + f₁²/(2f₂) (Chao 1987); none when f₂ = 0.
    pub fn chao(&self) -> Option<Bounded> {
        if self.twice == 0 {
            return None;
        }
        let (d, f1, f2) = self.first();
        let r = f1 / f2;
        let variance = f2 * (r * r * r * r / 4.0 + r * r * r + r * r / 2.0);
        Some(above(d, f1 * r / 2.0, variance.sqrt()))
    }

    /// Returns the bias-corrected bound D + f₁(f₁−1)/(2(f₂+1)), which always exists.
    pub fn chao_bias_corrected(&self) -> Bounded {
        let (d, f1, f2) = self.first();
        let g = f2 + 1.0;
        let less = (f1 - 1.0).max(0.0);
        let twice_less = 2.0 * f1 - 1.0;
        let variance = f1 * less / (2.0 * g)
            + f1 * twice_less * twice_less / (4.0 * g * g)
            + f1 * f1 * f2 * less * less / (4.0 * g * g * g * g);
        let variance = if self.once == 0 { 0.0 } else { variance };
        above(d, f1 * less / (2.0 * g), variance.sqrt())
    }

    /// Zelterman's estimate with Böhning's standard error, a diagnostic; none
    /// when f₁ or f₂ is zero.
    pub fn zelterman(&self) -> Option<(f64, f64)> {
        if self.once == 0 || self.twice == 0 {
            return None;
        }
        let (d, f1, f2) = self.first();
        let lambda = 2.0 * f2 / f1;
        let met = -libm::expm1(-lambda);
        let dg = d * libm::exp(-lambda) / (met * met);
        let variance = dg * (1.0 + dg * lambda * lambda * (1.0 / f1 + 1.0 / f2));
        Some((d / met, variance.sqrt()))
    }

    /// Returns the zero-truncated Poisson fit, a diagnostic; none without the full table or
    /// when nobody was met twice.
    pub fn truncated_poisson(&self) -> Option<TruncatedPoisson> {
        let d = self.first().0;
        let mean = self.meetings()? / d;
        if mean <= 1.0 {
            return None;
        }
        // λ/(1 − e^−λ) = mean has one root, between mean − 1 and mean.
        let lambda = root(mean - 1.0, mean, |l| l + mean * libm::expm1(-l));
        let total = d / -libm::expm1(-lambda);
        let se = (total / (libm::expm1(lambda) - lambda)).sqrt();
        Some(TruncatedPoisson { lambda, total, se })
    }

    /// Equal catchability on `occasions` fixed occasions (M0); none without the
    /// full table or without repeats.
    pub fn m0(&self, occasions: u32) -> Option<f64> {
        let d = self.first().0;
        let t = f64::from(occasions);
        let mean = self.meetings()? / d;
        if mean <= 1.0 || mean > t {
            return None;
        }
        let met = |p: f64| -libm::expm1(t * libm::log1p(-p));
        if mean >= t {
            return Some(d);
        }
        // tp/(1 − (1−p)^t) = mean rises from 1 to t with p.
        let p = root(0.0, 1.0, |p| t * p - mean * met(p));
        Some(d / met(p))
    }

    /// Chao's bound with t fixed occasions, D + (t−1)/t · f₁²/(2f₂); none when
    /// f₂ = 0.
    pub fn mh_chao(&self, occasions: u32) -> Option<f64> {
        if self.twice == 0 || occasions == 0 {
            return None;
        }
        let (d, f1, f2) = self.first();
        let t = f64::from(occasions);
        Some(d + (t - 1.0) / t * f1 * f1 / (2.0 * f2))
    }

    /// Returns the reasons not to use the bound.
    pub fn refusals(&self, thresholds: &Thresholds) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if self.twice < thresholds.least_met_twice {
            refusals.push(Refusal::TooFewMetTwice);
        }
        let [low, high] = self
            .chao()
            .unwrap_or_else(|| self.chao_bias_corrected())
            .interval;
        if high > thresholds.widest_interval * low {
            refusals.push(Refusal::IntervalTooWide);
        }
        refusals
    }

    /// Σ k·f_k: all meetings, when the full table is known.
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    pub fn meetings(&self) -> Option<f64> {
        let table = self.all.as_ref()?;
        Some(table.iter().map(|(&k, &f)| f64::from(k) * f as f64).sum())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    fn first(&self) -> (f64, f64, f64) {
        (self.distinct as f64, self.once as f64, self.twice as f64)
    }
}

/// Occasion-dependent catchability (Mt, Darroch 1958): the N with
/// Π(1 − n_i/N) = 1 − D/N. None without repeats.
pub fn mt(distinct: u64, caught: &[u64]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    let (d, caught): (f64, Vec<f64>) =
        (distinct as f64, caught.iter().map(|&n| n as f64).collect());
    let sum: f64 = caught.iter().sum();
    if sum <= d || caught.iter().any(|&n| n > d) {
        return None;
    }
    if caught.iter().any(|&n| n >= d) {
        return Some(d);
    }
    // In logarithms, at N from D (where the right side is −∞) upwards.
    let gap = |n: f64| {
        let left: f64 = caught.iter().map(|&c| libm::log1p(-c / n)).sum();
        left - libm::log1p(-d / n)
    };
    let mut high = 2.0 * d;
    while gap(high) > 0.0 {
        high *= 2.0;
        if high > 1e18 {
            return None;
        }
    }
    Some(root(d, high, |n| if n <= d { -1.0 } else { -gap(n) }))
}

fn above(distinct: f64, unmet: f64, se: f64) -> Bounded {
    let value = distinct + unmet;
    let interval = if se > 0.0 {
        interval_above_seen(distinct, value, se, Z95)
    } else {
        [value, value]
    };
    Bounded {
        value,
        se,
        interval,
    }
}

/// Finds the sign change of a function that is negative just above `low` and
/// positive at `high`, by bisection to adjacent numbers.
fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..2_000 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if f(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
