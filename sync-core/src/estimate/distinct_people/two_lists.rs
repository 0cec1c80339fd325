//! Two lists: how many people in all, from how many both have met.

use serde::Serialize;

use crate::estimate::numeric::{Z95, interval_above_seen};
use crate::estimate::reason::Refusal;
use crate::estimate::thresholds::Thresholds;

/// Two lists of distinct people and those on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    n1: u64,
    n2: u64,
    m: u64,
}

/// The estimate from two lists.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairEstimate {
    /// n₁n₂/m; none without overlap.
    pub lincoln_petersen: Option<f64>,
    /// (n₁+1)(n₂+1)/(m+1) − 1.
    pub chapman: f64,
    /// The standard error of `chapman`.
    pub se: f64,
    /// chapman ± 1.96 se.
    pub wald95: [f64; 2],
    /// The log-normal interval above those seen.
    pub log95: [f64; 2],
    /// Sadinle's interval by transformed logits: the one to show.
    pub sadinle95: [f64; 2],
    /// Why it should not be used.
    pub refusals: Vec<Refusal>,
}

impl Pair {
    /// Makes a pair; none when more are on both lists than on one.
    pub fn new(n1: u64, n2: u64, m: u64) -> Option<Self> {
        (m <= n1.min(n2)).then_some(Self { n1, n2, m })
    }

    /// Returns the distinct people on the lists.
    pub const fn seen(self) -> u64 {
        self.n1 + self.n2 - self.m
    }

    /// Estimates the people in all (Chapman 1951, Seber 1970 for the variance,
    /// Sadinle 2009 for the interval).
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    pub fn estimate(self, thresholds: &Thresholds) -> PairEstimate {
        let (n1, n2, m) = (self.n1 as f64, self.n2 as f64, self.m as f64);
        let chapman = (n1 + 1.0) * (n2 + 1.0) / (m + 1.0) - 1.0;
        let variance =
            (n1 + 1.0) * (n2 + 1.0) * (n1 - m) * (n2 - m) / ((m + 1.0) * (m + 1.0) * (m + 2.0));
        let se = variance.sqrt();
        let (a, b, c) = (n1 - m + 0.5, n2 - m + 0.5, m + 0.5);
        let spread = (1.0 / c + 1.0 / a + 1.0 / b + c / (a * b)).sqrt();
        let sadinle = |sign: f64| n1 + n2 - m - 0.5 + a * b / c * libm::exp(sign * Z95 * spread);
        let sadinle95 = [sadinle(-1.0), sadinle(1.0)];
        let mut refusals = Vec::new();
        if self.m < thresholds.least_overlap {
            refusals.push(Refusal::OverlapTooSmall);
        }
        if self.n1.min(self.n2) < thresholds.least_list {
            refusals.push(Refusal::ListTooShort);
        }
        if sadinle95[1] > thresholds.widest_interval * sadinle95[0] {
            refusals.push(Refusal::IntervalTooWide);
        }
        PairEstimate {
            lincoln_petersen: (self.m > 0).then(|| n1 * n2 / m),
            chapman,
            se,
            wald95: [chapman - Z95 * se, chapman + Z95 * se],
            log95: interval_above_seen(self.seen() as f64, chapman, se, Z95),
            sadinle95,
            refusals,
        }
    }
}

/// Estimates from people planted among those counted: N̂ = (R + 1)n/(r + 1), with
/// r of R planted people seen and n others (Laska and Meisner 1993).
#[expect(clippy::cast_precision_loss, reason = "counts of people")]
pub fn plants(planted: u64, seen_planted: u64, seen_others: u64) -> f64 {
    (planted as f64 + 1.0) * seen_others as f64 / (seen_planted as f64 + 1.0)
}
