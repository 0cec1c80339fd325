//! Three to six lists: log-linear models and averaging over graphs.

pub mod admissible_models;
pub mod average;
pub mod existence;
pub mod fit;
pub mod graphs;
pub mod table;

use crate::estimate::reason::Refusal;
use crate::estimate::thresholds::Thresholds;
use table::Table;

/// Returns the reasons for which a table can carry no number, whatever the model.
pub fn table_refusals(table: &Table, thresholds: &Thresholds) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if (0..table.lists()).any(|list| table.on_all(1 << list) < thresholds.least_list) {
        refusals.push(Refusal::ListTooShort);
    }
    // What two lists share is all that can be known of the unseen.
    let overlap: u64 = (0_u32..)
        .zip(table.cells())
        .filter(|&(cell, _)| cell.count_ones() >= 2)
        .map(|(_, &people)| people)
        .sum();
    if overlap < thresholds.least_overlap {
        refusals.push(Refusal::OverlapTooSmall);
    }
    if table.lists() == 3
        && table
            .pairs()
            .any(|(i, j)| table.on_all(1 << i | 1 << j) == 0)
    {
        refusals.push(Refusal::EmptyOverlap);
    }
    refusals
}

#[cfg(test)]
mod tests;
