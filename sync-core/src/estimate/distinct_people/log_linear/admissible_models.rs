//! The admissible log-linear models, shown beside the average.

use super::fit::{Fit, fit};
use super::table::{Lists, Table};
use crate::estimate::thresholds::Thresholds;

/// One admissible model.
#[derive(Clone, Debug, PartialEq)]
pub struct AdmissibleModel {
    /// Its pairs of lists that depend on each other.
    pub terms: Vec<Lists>,
    pub fit: Fit,
}

/// Every admissible model, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AdmissibleModels {
    /// The models with their fits, sorted by the Bayesian criterion.
    pub models: Vec<AdmissibleModel>,
    /// How many models were tried.
    pub tried: usize,
}

impl AdmissibleModels {
    /// Returns the smallest and the largest estimate.
    pub fn span(&self) -> Option<[f64; 2]> {
        let totals = || self.models.iter().map(|m| m.fit.total());
        let low = totals().reduce(f64::min)?;
        Some([low, totals().reduce(f64::max)?])
    }

    /// Returns whether the estimates lie further apart than the limit.
    pub fn disagrees(&self, thresholds: &Thresholds) -> bool {
        self.span()
            .is_some_and(|[low, high]| high > thresholds.widest_strip * low)
    }
}

/// Fits every model with interactions of pairs, and keeps the admissible ones:
/// an ordinary fit exists, every overlap it rests on (of the pairs in its terms,
/// and of all lists together) is expected to hold enough people, and its
/// Bayesian criterion is close to the best.
pub fn admissible_models(table: &Table, thresholds: &Thresholds) -> AdmissibleModels {
    let pairs: Vec<Lists> = table.pairs().map(|(i, j)| 1 << i | 1 << j).collect();
    // A fitted model reproduces the overlaps of its terms, so a pair with a
    // small overlap can be left out before fitting.
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    let usable: Vec<Lists> = pairs
        .into_iter()
        .filter(|&pair| table.on_all(pair) as f64 >= thresholds.least_expected_overlap)
        .collect();
    let mut found = AdmissibleModels::default();
    for chosen in 0_u32..1 << usable.len() {
        let terms: Vec<Lists> = usable
            .iter()
            .enumerate()
            .filter(|&(bit, _)| chosen >> bit & 1 == 1)
            .map(|(_, &pair)| pair)
            .collect();
        found.tried += 1;
        if let Ok(fit) = fit(table, &terms)
            && fit.exists
            && expected_overlap(&fit) >= thresholds.least_expected_overlap
        {
            found.models.push(AdmissibleModel { terms, fit });
        }
    }
    let best = found.models.iter().map(|m| m.fit.bic).reduce(f64::min);
    if let Some(best) = best {
        found
            .models
            .retain(|m| m.fit.bic - best <= thresholds.most_delta_bic);
    }
    found
        .models
        .sort_by(|a, b| a.fit.bic.total_cmp(&b.fit.bic).then(a.terms.cmp(&b.terms)));
    found
}

/// Returns the people expected on two lists or more.
fn expected_overlap(fit: &Fit) -> f64 {
    (0_u32..)
        .zip(&fit.means)
        .filter(|&(cell, _)| cell.count_ones() >= 2)
        .map(|(_, &mean)| mean)
        .sum()
}
