//! The cross-table of lists.

use crate::estimate::distinct_people::two_lists::Pair;

/// The most lists a table may have.
pub const MOST_LISTS: u32 = 6;

/// A set of lists as bits: bit i is list i.
pub type Lists = u32;

/// How many people are on exactly which lists. The cell of those on none is
/// unknown; it holds zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    lists: u32,
    cells: Vec<u64>,
}

impl Table {
    /// Makes an empty table of two to [`MOST_LISTS`] lists.
    pub fn new(lists: u32) -> Option<Self> {
        (2..=MOST_LISTS).contains(&lists).then(|| Self {
            lists,
            cells: vec![0; 1 << lists],
        })
    }

    /// Adds people who are on exactly `on`; nothing for people on no list or
    /// for lists that the table does not have.
    pub fn add(&mut self, on: Lists, people: u64) {
        if on != 0
            && let Some(cell) = self.cells.get_mut(on as usize)
        {
            *cell = cell.saturating_add(people);
        }
    }

    /// Returns the number of lists.
    pub const fn lists(&self) -> u32 {
        self.lists
    }

    /// Returns the cells by the bits of the lists; the first is zero.
    pub fn cells(&self) -> &[u64] {
        &self.cells
    }

    /// Returns the distinct people on the lists.
    pub fn seen(&self) -> u64 {
        self.cells.iter().sum()
    }

    /// Returns the people who are on all of `on`, whatever else they are on.
    pub fn on_all(&self, on: Lists) -> u64 {
        (0_u32..)
            .zip(&self.cells)
            .filter(|&(cell, _)| cell & on == on)
            .map(|(_, &people)| people)
            .sum()
    }

    /// Returns every pair of lists, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let lists = self.lists;
        (0..lists).flat_map(move |i| (i + 1..lists).map(move |j| (i, j)))
    }

    /// Returns two of the lists as a pair.
    pub fn pair(&self, i: u32, j: u32) -> Option<Pair> {
        Pair::new(
            self.on_all(1 << i),
            self.on_all(1 << j),
            self.on_all(1 << i | 1 << j),
        )
    }
}

/// Replaces each value by the sum over the sets that contain its set.
pub(super) fn superset_sums(values: &mut [f64]) {
    let mut bit = 1;
    while bit < values.len() {
        for set in 0..values.len() {
            if set & bit == 0 {
                values[set] += values[set | bit];
            }
        }
        bit <<= 1;
    }
}

/// Replaces each value by the sum over the subsets of its set.
pub(super) fn subset_sums(values: &mut [f64]) {
    let mut bit = 1;
    while bit < values.len() {
        for set in 0..values.len() {
            if set & bit != 0 {
                values[set] += values[set ^ bit];
            }
        }
        bit <<= 1;
    }
}
