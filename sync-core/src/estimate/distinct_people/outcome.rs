//! The outcome of the estimate of a period.

use serde::{Deserialize, Serialize};

use super::input::Organisation;
use crate::estimate::explain::Explanation;
use crate::estimate::reason::{Refusal, Warning};

/// How the people nobody met were estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PeriodMethod {
    /// From two lists: Chapman, with Sadinle's interval.
    Pair,
    /// From three to five lists: averaging over decomposable graphs.
    Average,
    /// From one list: Chao's lower bound, "at least".
    LowerBound,
}

/// The figure with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodEstimate {
    /// The distinct people; with a lower bound, at least so many.
    pub total: f64,
    /// The lower limit of the 95 % interval.
    pub low: f64,
    /// The upper limit; none for a lower bound.
    pub high: Option<f64>,
    pub method: PeriodMethod,
}

/// Why there is no figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodRefusal {
    /// The gravest reason.
    pub code: Refusal,
    /// All reasons, gravest first.
    pub codes: Vec<Refusal>,
}

/// A figure, or the reasons for none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PeriodResult {
    /// The figure with its interval.
    Estimate(PeriodEstimate),
    Refusal(PeriodRefusal),
}

impl PeriodResult {
    /// Returns the figure, if there is one.
    pub fn estimate(&self) -> Option<&PeriodEstimate> {
        match self {
            Self::Estimate(estimate) => Some(estimate),
            Self::Refusal(_) => None,
        }
    }

    /// Returns the refusal, if it is one.
    pub fn refusal(&self) -> Option<&PeriodRefusal> {
        match self {
            Self::Estimate(_) => None,
            Self::Refusal(refusal) => Some(refusal),
        }
    }
}

/// One organisation's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSize {
    /// The organisation.
    pub organisation: Organisation,
    /// The distinct people on it.
    pub people: u64,
    /// Whether it is long enough to be used.
    pub used: bool,
}

/// Two lists on their own, as a diagnostic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairRow {
    pub organisations: [Organisation; 2],
    /// The people on both.
    pub both: u64,
    /// Chapman's estimate.
    pub chapman: f64,
    /// Sadinle's interval.
    pub interval: [f64; 2],
}

/// One admissible model, as a diagnostic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelEstimate {
    /// The pairs of lists that depend on each other, by their place among the
    /// lists used.
    pub terms: Vec<[u32; 2]>,
    /// N̂: all people, the unseen ones too.
    pub total: f64,
    pub interval: [f64; 2],
    /// Its Bayesian criterion less the best one's.
    pub delta_bic: f64,
}

/// The figure had a share of the true links been missed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkSensitivity {
    /// ρ: the share of true links that were found.
    pub found: f64,
    /// The figure under it.
    pub total: f64,
}

/// The distinct people of a period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeriodPeople {
    /// K: distinct people met for certain.
    pub seen: u64,
    /// People met without a code or an answer, who may be among those.
    pub unlinked: u64,
    /// The figure or the refusal.
    pub result: PeriodResult,
    /// The lists, longest first.
    pub lists: Vec<ListSize>,
    /// Every pair of lists in use.
    pub pairs: Vec<PairRow>,
    /// The strip of admissible models, best first.
    pub models: Vec<ModelEstimate>,
    /// ρ = 1, 0.95 and 0.9.
    pub sensitivity: Vec<LinkSensitivity>,
    /// For the reader, gravest first.
    pub warnings: Vec<Warning>,
    /// The headline, and what the figure can be traced by.
    pub explanation: Explanation,
}
