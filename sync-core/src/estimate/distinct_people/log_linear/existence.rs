//! Whether a log-linear model has a finite fit to a sparse table.
//!
//! The likelihood has a maximum exactly when no direction z leaves the means of
//! the occupied cells alone and only lowers those of empty ones (Haberman 1974;
//! Fienberg and Rinaldo 2012). Where there is such a direction, the empty cells
//! that it lowers are fitted as exactly zero, and the total can still be
//! identifiable from the rest (Chan, Silverman and Vincent 2021).

use super::table::{Lists, Table};

/// The part of a table that can be fitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// Which cells have a mean above zero, by the bits of the lists.
    pub active: Vec<bool>,
    /// The terms that the active cells can tell apart, the constant first.
    pub terms: Vec<Lists>,
    /// Whether an ordinary maximum exists: no cell is fitted as zero.
    pub exists: bool,
}

const TINY: f64 = 1e-9;

/// Finds the support of the model with `terms` (the constant included), or none
/// when the number of unseen people is not identifiable.
pub fn support(table: &Table, terms: &[Lists]) -> Option<Support> {
    let cells = table.cells();
    let row = |cell: usize| -> Vec<f64> {
        terms
            .iter()
            .map(|&term| {
                if cell & term as usize == term as usize {
                    1.0
                } else {
                    0.0
                }
            })
            .collect()
    };
    let rows = |wanted: &dyn Fn(usize) -> bool| -> Vec<Vec<f64>> {
        (1..cells.len()).filter(|&c| wanted(c)).map(row).collect()
    };
    let mut active: Vec<bool> = (0..cells.len()).map(|cell| cell > 0).collect();
    // Directions that leave the occupied cells alone.
    let free = null_space(rows(&|c| cells[c] > 0), terms.len());
    if free.is_empty() {
        return Some(Support {
            active,
            terms: terms.to_vec(),
            exists: true,
        });
    }
    let empty: Vec<usize> = (1..cells.len()).filter(|&c| cells[c] == 0).collect();
    // How far each free direction raises each empty cell.
    let slopes: Vec<Vec<f64>> = empty
        .iter()
        .map(|&cell| {
            let row = row(cell);
            free.iter().map(|z| dot(z, &row)).collect()
        })
        .collect();
    let mut exists = true;
    for (&cell, lowered) in empty.iter().zip(most_lowered(&slopes)) {
        if lowered {
            active[cell] = false;
            exists = false;
        }
    }
    let remaining = rows(&|c| active[c]);
    let unknown = null_space(remaining.clone(), terms.len());
    if unknown.iter().any(|z| z[0].abs() > TINY) {
        return None;
    }
    let kept = independent_columns(remaining, terms.len());
    Some(Support {
        active,
        terms: kept.into_iter().map(|column| terms[column]).collect(),
        exists,
    })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Reduces to row echelon form; gives the pivot column of each remaining row.
fn reduce(rows: &mut Vec<Vec<f64>>, columns: usize) -> Vec<usize> {
    let mut pivots = Vec::new();
    for column in 0..columns {
        let rank = pivots.len();
        let best = (rank..rows.len()).fold(None, |best: Option<usize>, r| match best {
            Some(b) if rows[b][column].abs() >= rows[r][column].abs() => Some(b),
            _ => Some(r),
        });
        let Some(best) = best.filter(|&r| rows[r][column].abs() > TINY) else {
            continue;
        };
        rows.swap(rank, best);
        let scale = rows[rank][column];
        for value in &mut rows[rank] {
            *value /= scale;
        }
        let pivot = rows[rank].clone();
        for (r, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if r != rank && factor != 0.0 {
                for (value, p) in row.iter_mut().zip(&pivot) {
                    *value -= factor * p;
                }
            }
        }
        pivots.push(column);
    }
    rows.truncate(pivots.len());
    pivots
}

fn independent_columns(mut rows: Vec<Vec<f64>>, columns: usize) -> Vec<usize> {
    reduce(&mut rows, columns)
}

/// Returns a basis of the vectors z with Rz = 0.
fn null_space(mut rows: Vec<Vec<f64>>, columns: usize) -> Vec<Vec<f64>> {
    let pivots = reduce(&mut rows, columns);
    (0..columns)
        .filter(|column| !pivots.contains(column))
        .map(|free| {
            let mut z = vec![0.0; columns];
            z[free] = 1.0;
            for (row, &pivot) in rows.iter().zip(&pivots) {
                z[pivot] = -row[free];
            }
            z
        })
        .collect()
}

/// Tells for each row w of `slopes` whether some v with Wv ≤ 0 has w·v < 0.
///
/// All such rows at once by one linear programme: maximise Σs under
/// s ≤ −w·v and 0 ≤ s ≤ 1. The directions form a cone, so every row that can be
/// lowered can be lowered by one together with all the others.
fn most_lowered(slopes: &[Vec<f64>]) -> Vec<bool> {
    let dimensions = slopes.first().map_or(0, Vec::len);
    let count = slopes.len();
    // v = v⁺ − v⁻, then s; the rows are s + w·v ≤ 0 and s ≤ 1, each with a slack.
    let columns = 2 * dimensions + count;
    let width = columns + 2 * count + 1;
    let mut tableau = vec![vec![0.0; width]; 2 * count];
    let mut objective = vec![0.0; width];
    for (i, w) in slopes.iter().enumerate() {
        for (d, &value) in w.iter().enumerate() {
            tableau[i][d] = value;
            tableau[i][dimensions + d] = -value;
        }
        let s = 2 * dimensions + i;
        tableau[i][s] = 1.0;
        tableau[i][columns + i] = 1.0;
        tableau[count + i][s] = 1.0;
        tableau[count + i][columns + count + i] = 1.0;
        tableau[count + i][width - 1] = 1.0;
        objective[s] = -1.0;
    }
    let mut basis: Vec<usize> = (columns..width - 1).collect();
    // Bland's rule cannot cycle; the cap only bounds the time.
    for _ in 0..10_000 {
        let Some(enter) = (0..width - 1).find(|&c| objective[c] < -TINY) else {
            break;
        };
        let leave = (0..tableau.len())
            .filter(|&r| tableau[r][enter] > TINY)
            .min_by(|&a, &b| {
                let ratio = |r: usize| tableau[r][width - 1] / tableau[r][enter];
                ratio(a).total_cmp(&ratio(b)).then(basis[a].cmp(&basis[b]))
            });
        let Some(leave) = leave else { break };
        let scale = tableau[leave][enter];
        for value in &mut tableau[leave] {
            *value /= scale;
        }
        let pivot = tableau[leave].clone();
        let eliminate = |row: &mut Vec<f64>| {
            let factor = row[enter];
            if factor != 0.0 {
                for (value, p) in row.iter_mut().zip(&pivot) {
                    *value -= factor * p;
                }
            }
        };
        for (r, row) in tableau.iter_mut().enumerate() {
            if r != leave {
                eliminate(row);
            }
        }
        eliminate(&mut objective);
        basis[leave] = enter;
    }
    let mut lowered = vec![false; count];
    for (row, &variable) in tableau.iter().zip(&basis) {
        if (2 * dimensions..columns).contains(&variable) && row[width - 1] > TINY {
            lowered[variable - 2 * dimensions] = true;
        }
    }
    lowered
}
