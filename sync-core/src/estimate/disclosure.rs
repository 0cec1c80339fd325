//! Figures that may leave the group: city and district, rounded, never a small cell.
//!
//! Everything is computed on the raw figures and protected last. Zero is shown,
//! since an empty row tells nothing of anybody.

use serde::{Serialize, Serializer};

/// Cells below this, other than zero, are never shown.
pub const LEAST_SHOWN: u64 = 5;

/// Figures above this are rounded to base 10, others to base 5.
pub const COARSE_ABOVE: u64 = 200;

/// A published cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A rounded figure; zero is exact.
    Shown(u64),
    /// A figure from one to four, which one is not said.
    FewerThanFive,
    /// Hidden so that another cell of its row or column cannot be derived.
    Hidden,
}

impl Cell {
    /// The words of a cell that holds one to four.
    pub const FEWER: &'static str = "fewer than 5";
    /// The word of a cell that is hidden for the sake of another.
    pub const HIDDEN: &'static str = "hidden";
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shown(figure) => serializer.serialize_u64(*figure),
            Self::FewerThanFive => serializer.serialize_str(Self::FEWER),
            Self::Hidden => serializer.serialize_str(Self::HIDDEN),
        }
    }
}

fn base(value: u64) -> u64 {
    if value > COARSE_ABOVE { 10 } else { 5 }
}

/// Rounds to the nearest multiple of the base; halves go up.
pub fn round(value: u64) -> u64 {
    let base = base(value);
    (value.saturating_add(base / 2)) / base * base
}

/// A published figure with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedInterval {
    /// The lower limit, rounded down.
    pub low: u64,
    /// The figure, rounded to the nearest.
    pub total: u64,
    /// The upper limit, rounded up.
    pub high: u64,
}

/// Rounds a figure and its limits: the lower limit down, the upper up. None when
/// the figure itself is below five, or is no figure.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be from 0 to 10¹²"
)]
pub fn round_interval(low: f64, total: f64, high: f64) -> Option<PublishedInterval> {
    let possible = |v: f64| (0.0..1e12).contains(&v);
    if !(possible(low) && possible(total) && possible(high)) {
        return None;
    }
    let nearest = total.round() as u64;
    if nearest < LEAST_SHOWN {
        return None;
    }
    let (low, high) = (low.floor() as u64, high.ceil() as u64);
    let total = round(nearest);
    let high_base = base(high);
    Some(PublishedInterval {
        low: (low / base(low) * base(low)).min(total),
        total,
        high: high
            .div_ceil(high_base)
            .saturating_mul(high_base)
            .max(total),
    })
}

/// Protects a row: cells of one to four are hidden, and when that is a single
/// cell, the next smallest with somebody in it is hidden too.
pub fn protect_row(row: &[u64]) -> Vec<Cell> {
    let mut hidden: Vec<bool> = row.iter().map(|&v| is_small(v)).collect();
    hide_second(row.iter().copied().enumerate(), &mut hidden);
    row.iter().zip(hidden).map(|(&v, h)| cell(v, h)).collect()
}

/// A protected table with its margins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProtectedTable {
    pub rows: Vec<Vec<Cell>>,
    /// The sums of the rows.
    pub row_totals: Vec<Cell>,
    /// The sums of the columns.
    pub column_totals: Vec<Cell>,
    pub total: Cell,
}

/// Protects a table that is published with its margins, each computed on the raw
/// figures. None when the rows are not equally long.
///
/// Hiding cells is not enough: two fours side by side with a sum that rounds to
/// ten are both given away. So a margin is hidden too unless, even for somebody
/// who knows every shown cell exactly, each cell of one to four may still be any
/// of the four, and each other hidden cell at least two figures. The sum of a
/// column with a hidden cell is always hidden, which leaves no cycles to solve.
pub fn protect_table(rows: &[Vec<u64>]) -> Option<ProtectedTable> {
    let width = rows.first().map_or(0, Vec::len);
    if rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let cells: Vec<Vec<Cell>> = rows.iter().map(|row| protect_row(row)).collect();
    let mut lines: Vec<Line> = rows
        .iter()
        .zip(&cells)
        .map(|(row, cells)| Line::new(row, cells))
        .collect();
    for line in &mut lines {
        line.margin_shown = true;
        line.margin_shown = Line::all_open(core::slice::from_ref(line), None);
    }
    let sum = rows
        .iter()
        .flatten()
        .fold(0_u64, |sum, &v| sum.saturating_add(v));
    let total_shown = Line::all_open(&lines, Some(sum));
    let margin = |value: u64, shown: bool| {
        if shown {
            cell(value, false)
        } else {
            Cell::Hidden
        }
    };
    let column = |c: usize| {
        let shown = cells.iter().all(|row| matches!(row[c], Cell::Shown(_)));
        margin(
            rows.iter()
                .fold(0_u64, |sum, row| sum.saturating_add(row[c])),
            shown,
        )
    };
    Some(ProtectedTable {
        row_totals: lines
            .iter()
            .map(|l| margin(l.sum, l.margin_shown))
            .collect(),
        column_totals: (0..width).map(column).collect(),
        total: margin(sum, total_shown),
        rows: cells,
    })
}

/// The hidden cells of a row, and what its margin says of their sum.
#[derive(Debug)]
struct Line {
    sum: u64,
    shown: u64,
    /// Each hidden figure, with whether it is one to four.
    hidden: Vec<(u64, bool)>,
    margin_shown: bool,
}

/// Above every figure that can occur, so that sums of a table still fit.
const UNBOUNDED: u64 = 1 << 48;

impl Line {
    fn new(row: &[u64], cells: &[Cell]) -> Self {
        let hidden: Vec<(u64, bool)> = row
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !matches!(cell, Cell::Shown(_)))
            .map(|(&v, &cell)| (v.min(UNBOUNDED), cell == Cell::FewerThanFive))
            .collect();
        let sum = row.iter().fold(0_u64, |sum, &v| sum.saturating_add(v));
        Self {
            sum,
            shown: sum.saturating_sub(hidden.iter().map(|&(v, _)| v).sum()),
            hidden,
            margin_shown: false,
        }
    }

    /// Returns the range of the sum of the hidden cells, with one of them set to a figure;
    /// none when that figure contradicts the margin.
    fn range(&self, set: Option<(usize, u64)>) -> Option<(u64, u64)> {
        let (mut low, mut high) = (0_u64, 0_u64);
        for (i, &(_, small)) in self.hidden.iter().enumerate() {
            let (least, most) = match set {
                Some((j, value)) if i == j => (value, value),
                _ if small => (1, LEAST_SHOWN - 1),
                _ => (LEAST_SHOWN, UNBOUNDED),
            };
            low = low.saturating_add(least);
            high = high.saturating_add(most);
        }
        if self.margin_shown {
            let (least, most) = meaning(self.sum);
            low = low.max(least.saturating_sub(self.shown));
            high = high.min(most.saturating_sub(self.shown));
        }
        (low <= high).then_some((low, high))
    }

    /// Returns whether every hidden cell stays open, given the margins shown and, if it is,
    /// the sum of all.
    fn all_open(lines: &[Self], total: Option<u64>) -> bool {
        let shown = lines
            .iter()
            .fold(0_u64, |sum, l| sum.saturating_add(l.shown));
        let free: Vec<(u64, u64)> = lines.iter().filter_map(|l| l.range(None)).collect();
        let (low, high) = free.iter().fold((0_u64, 0_u64), |(low, high), &(a, b)| {
            (low.saturating_add(a), high.saturating_add(b))
        });
        let can_be = |line: &Self, i: usize, value: u64| {
            let (Some((a, b)), Some((least, most))) =
                (line.range(Some((i, value))), line.range(None))
            else {
                return false;
            };
            let Some(total) = total else { return true };
            let (from, to) = meaning(total);
            let low = (low - least).saturating_add(a).saturating_add(shown);
            let high = high
                .saturating_sub(most)
                .saturating_add(b)
                .saturating_add(shown);
            low <= to && high >= from
        };
        lines.iter().all(|line| {
            line.hidden.iter().enumerate().all(|(i, &(value, small))| {
                if small {
                    (1..LEAST_SHOWN).all(|v| can_be(line, i, v))
                } else {
                    // What is possible has no gaps.
                    can_be(line, i, value + 1)
                        || (value > LEAST_SHOWN && can_be(line, i, value - 1))
                }
            })
        })
    }
}

/// Returns the least and the largest figure that are published as `value` is.
fn meaning(value: u64) -> (u64, u64) {
    if is_small(value) {
        return (1, LEAST_SHOWN - 1);
    }
    if value == 0 {
        return (0, 0);
    }
    let published = round(value);
    let near = |v: &u64| *v >= LEAST_SHOWN && round(*v) == published;
    let around = published.saturating_sub(10)..=published.saturating_add(10);
    let low = around.clone().find(near).unwrap_or(value);
    (low, around.rev().find(near).unwrap_or(value))
}

fn is_small(value: u64) -> bool {
    (1..LEAST_SHOWN).contains(&value)
}

fn cell(value: u64, hidden: bool) -> Cell {
    match (hidden, is_small(value)) {
        (_, true) => Cell::FewerThanFive,
        (true, false) => Cell::Hidden,
        (false, false) => Cell::Shown(round(value)),
    }
}

/// Hides the smallest cell with somebody in it beside a single hidden one; of
/// equal ones the first.
fn hide_second(line: impl Iterator<Item = (usize, u64)> + Clone, hidden: &mut [bool]) {
    if line.clone().filter(|&(i, _)| hidden[i]).count() != 1 {
        return;
    }
    let second = line
        .filter(|&(i, value)| !hidden[i] && value > 0)
        .min_by_key(|&(i, value)| (value, i));
    if let Some((i, _)) = second {
        hidden[i] = true;
    }
}

#[cfg(test)]
mod tests;
