//! The outcome of the estimate of an average night.

use serde::{Deserialize, Serialize};

use super::input::{Composition, District};
use crate::estimate::average_night::dispersion::Phi;
use crate::estimate::explain::Explanation;
use crate::estimate::reason::{Refusal, Warning};

/// How old the previous figure of a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StalenessClass {
    /// At most 14 days (by default).
    Recent,
    /// At most 42 days (by default).
    Ageing,
    /// At most 90 days (by default).
    Old,
}

impl StalenessClass {
    /// All classes, youngest first.
    pub const ALL: [Self; 3] = [Self::Recent, Self::Ageing, Self::Old];
}

/// The ratio measured at drawn places, for all places or for one class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassRatio {
    /// The class; none when one ratio serves all.
    pub class: Option<StalenessClass>,
    /// This period's figures over the previous ones, as seen there.
    pub observed: f64,
    /// β̂: the same with the correction for small samples.
    pub beta: f64,
    /// σ̂², adjusted for leverage.
    pub sigma2: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// The places behind it.
    pub places: u32,
    /// A_R: the sum of their previous figures.
    pub drawn_previous: f64,
    /// A_U: the sum of the previous figures it stands in for.
    pub unseen_previous: f64,
}

/// How places that nobody saw whole were filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NightMethod {
    /// Every place was counted.
    AllCounted,
    /// By the ratio at drawn places.
    DrawnRatio,
    /// By a ratio for each staleness class.
    DrawnRatioByAge,
    /// By the ratio at all visited places, with a doubled standard error.
    PooledRatio,
    /// By the mean of sampled places, without previous figures.
    StratifiedExpansion,
}

/// Which places were looked at. Counts of places, except where it says persons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// All places of the period.
    pub places: u32,
    /// Seen whole at least once.
    pub visited: u32,
    pub seen_empty: u32,
    /// Seen in part only.
    pub partly: u32,
    /// Visited without access.
    pub no_access: u32,
    pub not_visited: u32,
    /// Drawn and seen whole: n_R.
    pub drawn: u32,
    /// Drawn, but not seen whole.
    pub drawn_not_counted: u32,
    /// Without a previous figure, or with zero.
    pub new_places: u32,
    /// With a previous figure that is too old to use.
    pub stale_places: u32,
    /// The previous persons at all places, those too old left out.
    pub previous_total: f64,
    /// The previous persons at places seen whole.
    pub previous_visited: f64,
    /// `previous_visited / previous_total`; none without previous figures.
    pub visited_share: Option<f64>,
    /// Coverage by the size of the previous figure.
    pub by_size: Vec<SizeCoverage>,
}

/// Coverage among places of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeCoverage {
    /// The least previous figure of the size.
    pub from: u32,
    /// The previous figure where the next size starts; none for the largest.
    pub below: Option<u32>,
    /// Places of the size.
    pub places: u32,
    /// Of those, seen whole.
    pub visited: u32,
}

/// The figure, with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NightEstimate {
    /// T̂: the persons on an average night.
    pub total: f64,
    /// The lower limit of the 95 % interval, never below what was seen.
    pub low: f64,
    pub high: f64,
    /// The standard error.
    pub se: f64,
    /// The degrees of freedom; none when the normal distribution serves.
    pub df: Option<f64>,
    /// β̂ over all places filled in: predicted persons per previous person.
    pub beta: Option<f64>,
    /// The ratio as seen at the drawn places, before the correction for small
    /// samples: what the sentence says.
    pub observed: Option<f64>,
    pub method: NightMethod,
}

/// Why there is no figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightRefusal {
    /// The gravest reason.
    pub code: Refusal,
    /// All reasons, gravest first.
    pub codes: Vec<Refusal>,
}

/// A figure, or the reasons for none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NightResult {
    /// The figure with its interval.
    Estimate(NightEstimate),
    Refusal(NightRefusal),
}

impl NightResult {
    /// Returns the figure, if there is one.
    pub fn estimate(&self) -> Option<&NightEstimate> {
        match self {
            Self::Estimate(estimate) => Some(estimate),
            Self::Refusal(_) => None,
        }
    }

    /// Returns the refusal, if it is one.
    pub fn refusal(&self) -> Option<&NightRefusal> {
        match self {
            Self::Estimate(_) => None,
            Self::Refusal(refusal) => Some(refusal),
        }
    }
}

/// One district. Its interval shares β̂ with the others: never add them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictFigure {
    pub district: District,
    /// K of the district.
    pub seen: f64,
    pub places: u32,
    /// Of those, seen whole.
    pub visited: u32,
    /// The figure; none when the city's is refused or this one's interval is
    /// too wide.
    pub total: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Why there is no figure.
    pub refusal: Option<Refusal>,
}

/// The people present on an average night.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NightAverage {
    /// K: persons seen for certain, the mean over the nights of each place.
    pub seen: f64,
    /// The figure or the refusal.
    pub result: NightResult,
    /// Which places were looked at.
    pub coverage: Coverage,
    /// The districts, sorted.
    pub districts: Vec<DistrictFigure>,
    /// The upper limit with, besides, what others reported, places with figures
    /// too old to use and new places left out; none with a refusal.
    pub upper_scenario: Option<f64>,
    /// Tents that could not be turned into persons: published as tents.
    pub tents: f64,
    /// Who was seen, among those seen.
    pub composition: Composition,
    pub ratios: Vec<ClassRatio>,
    /// The dispersion of counts.
    pub phi: Phi,
    /// For the reader, gravest first.
    pub warnings: Vec<Warning>,
    /// The headline, and what the figure can be traced by.
    pub explanation: Explanation,
}
