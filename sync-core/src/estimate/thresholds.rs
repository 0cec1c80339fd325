//! Every limit that makes the estimate fall back or refuse.

use serde::{Deserialize, Serialize};

/// The limits of the method. The defaults are the agreed ones; a deployment
/// that changes one prints it, since the whole struct is part of the hash of
/// the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Visited places must hold at least this share of the previous total.
    pub least_visited_share: f64,
    /// Fewer drawn places than this cannot carry a ratio.
    pub least_drawn: u32,
    /// A staleness class gets its own ratio from this many drawn places.
    pub least_drawn_per_class: u32,
    /// The most that tents and reports of others may make up of the total.
    pub most_indirect_share: f64,
    /// The widest interval that is still a figure: upper over lower.
    pub widest_interval: f64,
    /// A previous figure up to this old, in days, is recent.
    pub recent_days: u32,
    /// A previous figure up to this old, in days, is ageing; after it, old.
    pub ageing_days: u32,
    /// A previous figure older than this, in days, says nothing: the place is
    /// outside the headline and in the upper scenario.
    pub stale_days: u32,
    /// Tents become persons only after this many opened tents.
    pub least_opened_tents: u32,
    /// Below this many recounted place-nights φ is shown as uncertain.
    pub few_recounts: u32,
    /// The factor on the standard error when the ratio comes from places that
    /// someone chose instead of from drawn ones.
    pub not_drawn_penalty: f64,
    /// The least overlap of two lists.
    pub least_overlap: u64,
    /// The least length of a list.
    pub least_list: u64,
    /// The least number of people met exactly twice.
    pub least_met_twice: u64,
    /// The least number of expected overlaps of an admissible model.
    pub least_expected_overlap: f64,
    /// A model this much worse than the best by BIC is not admissible.
    pub most_delta_bic: f64,
    /// The widest strip of admissible models: largest over smallest estimate.
    pub widest_strip: f64,
    /// The longest period, in days, for which a population may count as closed.
    pub longest_period_days: u32,
    /// The most of a period's place-nights that may have been erased, with their
    /// encounters, before its people can no longer be estimated.
    pub most_erased_share: f64,
    /// The least share of links that an audit found right.
    pub least_link_accuracy: f64,
    /// The most weight that the saturated graph may carry.
    pub most_saturated_weight: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            least_visited_share: 0.40,
            least_drawn: 3,
            least_drawn_per_class: 8,
            most_indirect_share: 0.25,
            widest_interval: 3.0,
            recent_days: 14,
            ageing_days: 42,
            stale_days: 90,
            least_opened_tents: 20,
            few_recounts: 5,
            not_drawn_penalty: 2.0,
            least_overlap: 7,
            least_list: 20,
            least_met_twice: 5,
            least_expected_overlap: 5.0,
            most_delta_bic: 10.0,
            widest_strip: 2.0,
            longest_period_days: 28,
            most_erased_share: 0.05,
            least_link_accuracy: 0.85,
            most_saturated_weight: 0.5,
        }
    }
}
