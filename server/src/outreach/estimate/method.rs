//! How an average night was estimated, for the page that explains it.

use serde::Serialize;
use sync_core::estimate::average_night::{ClassRatio, NightMethod, SizeCoverage, StalenessClass};
use sync_core::estimate::{NightAverage, Thresholds};
use utoipa::ToSchema;

use super::message::Message;

/// How the figure was made: what the page that explains it shows.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MethodReport {
    /// The version of the method.
    pub version: String,
    /// SHA-256 over everything that went in, in one order.
    pub inputs_hash: String,
    /// The seed of the draw, as text: not every reader holds 64 bits.
    pub draw_seed: Option<String>,
    /// How places that nobody saw whole were filled in: `all_counted`,
    /// `drawn_ratio`, `drawn_ratio_by_age`, `pooled_ratio` or
    /// `stratified_expansion`. None with a refusal.
    pub kind: Option<NightMethod>,
    /// The standard error of the estimate, in persons.
    pub se: Option<f64>,
    /// Its degrees of freedom.
    pub df: Option<f64>,
    /// The ratios that places were filled in by.
    pub ratios: Vec<RatioReport>,
    /// Coverage by the size of the previous figure.
    pub sizes: Vec<SizeReport>,
    /// The previous persons at all places with a figure young enough.
    pub previous_total: f64,
    /// Of them, at places seen whole this period.
    pub previous_visited: f64,
    /// Place-nights that were counted more than once: what `phi` rests on.
    pub recounted: u32,
    /// Places whose last figure is too old to use: outside the estimate.
    pub stale_places: u32,
    /// Every reason against an estimate, gravest first.
    pub refusals: Vec<Message>,
    /// The limits that it falls back and refuses by.
    pub limits: LimitsReport,
    /// Persons at drawn places for each previous person.
    pub beta: Option<f64>,
    /// How counts vary; none when no place was counted twice.
    pub phi: Option<f64>,
    /// Drawn places behind `beta`.
    pub drawn: u32,
}

/// A ratio measured at drawn places.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct RatioReport {
    /// `recent`, `ageing` or `old` previous figures; none: one ratio for all.
    pub class: Option<StalenessClass>,
    /// Persons now for each previous person, as seen there.
    pub observed: f64,
    /// The same with the correction for few places.
    pub beta: f64,
    /// The places behind it.
    pub places: u32,
    /// The previous persons there.
    pub drawn_previous: f64,
    /// The previous persons at the places that it stands in for.
    pub unseen_previous: f64,
}

/// Coverage among places of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SizeReport {
    /// The least previous figure.
    pub from: u32,
    /// Where the next size starts; none for the largest.
    pub below: Option<u32>,
    /// Places.
    pub places: u32,
    /// Of them seen whole.
    pub visited: u32,
}

/// The limits of the method that people ask about.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct LimitsReport {
    /// The least share of the previous persons that visited places must hold.
    pub least_visited_share: f64,
    /// The fewest drawn places.
    pub least_drawn: u32,
    /// The most that tents may make up of the figure.
    pub most_indirect_share: f64,
    /// The most that the upper limit may be of the lower.
    pub widest_interval: f64,
    /// The fewest people whom two organisations both met.
    pub least_overlap: u64,
    /// The fewest people on a list.
    pub least_list: u64,
    /// The most that the largest model's figure may be of the smallest one's.
    pub widest_strip: f64,
    /// The longest period, in days, for which people count as the same.
    pub longest_period_days: u32,
}

impl MethodReport {
    /// Returns how this average night was made.
    pub(super) fn of(average: &NightAverage) -> Self {
        let estimate = average.result.estimate();
        let coverage = &average.coverage;
        Self {
            version: average.explanation.method_version.to_owned(),
            inputs_hash: average.explanation.inputs_hash.clone(),
            draw_seed: average.explanation.draw_seed.map(|seed| seed.to_string()),
            kind: estimate.map(|e| e.method),
            se: estimate.map(|e| e.se),
            df: estimate.and_then(|e| e.df),
            ratios: average.ratios.iter().map(RatioReport::from).collect(),
            sizes: coverage.by_size.iter().map(SizeReport::from).collect(),
            previous_total: coverage.previous_total,
            previous_visited: coverage.previous_visited,
            recounted: average.phi.recounted,
            stale_places: coverage.stale_places,
            refusals: average
                .result
                .refusal()
                .iter()
                .flat_map(|refused| &refused.codes)
                .map(|&code| code.into())
                .collect(),
            limits: LimitsReport::from(&Thresholds::default()),
            beta: estimate.and_then(|e| e.beta),
            phi: average.phi.measured().then_some(average.phi.value),
            drawn: coverage.drawn,
        }
    }
}

impl From<&ClassRatio> for RatioReport {
    fn from(ratio: &ClassRatio) -> Self {
        Self {
            class: ratio.class,
            observed: ratio.observed,
            beta: ratio.beta,
            places: ratio.places,
            drawn_previous: ratio.drawn_previous,
            unseen_previous: ratio.unseen_previous,
        }
    }
}

impl From<&SizeCoverage> for SizeReport {
    fn from(size: &SizeCoverage) -> Self {
        Self {
            from: size.from,
            below: size.below,
            places: size.places,
            visited: size.visited,
        }
    }
}

impl From<&Thresholds> for LimitsReport {
    fn from(limits: &Thresholds) -> Self {
        Self {
            least_visited_share: limits.least_visited_share,
            least_drawn: limits.least_drawn,
            most_indirect_share: limits.most_indirect_share,
            widest_interval: limits.widest_interval,
            least_overlap: limits.least_overlap,
            least_list: limits.least_list,
            widest_strip: limits.widest_strip,
            longest_period_days: limits.longest_period_days,
        }
    }
}
