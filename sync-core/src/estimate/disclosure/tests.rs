//! Rounding, rows, and a search for cells that the margins give away.

use proptest::prelude::*;

use super::*;

#[test]
fn rounding() {
    let rounded: Vec<_> = [0, 5, 7, 8, 200, 203, 204, 205, 1_234].map(round).into();
    assert_eq!(rounded, [0, 5, 5, 10, 200, 200, 200, 210, 1_230]);
    let published = round_interval(98.4, 120.2, 151.0).unwrap();
    assert_eq!(
        (published.low, published.total, published.high),
        (95, 120, 155)
    );
    let published = round_interval(198.0, 201.0, 301.5).unwrap();
    assert_eq!(
        (published.low, published.total, published.high),
        (195, 200, 310)
    );
    assert!(round_interval(0.0, 4.4, 9.0).is_none());
    assert!(round_interval(0.0, f64::NAN, 9.0).is_none());
}

#[test]
fn a_row() {
    use Cell::{FewerThanFive, Hidden, Shown};
    assert_eq!(
        protect_row(&[3, 12, 0, 41]),
        [FewerThanFive, Hidden, Shown(0), Shown(40)]
    );
    assert_eq!(
        protect_row(&[3, 1, 12]),
        [FewerThanFive, FewerThanFive, Shown(10)]
    );
    assert_eq!(protect_row(&[0, 7]), [Shown(0), Shown(5)]);
}

/// The raw values that a published cell may stand for.
fn range(cell: Cell, most: u64) -> (u64, u64) {
    match cell {
        Cell::Shown(0) => (0, 0),
        Cell::FewerThanFive => (1, 4),
        Cell::Hidden => (5, most),
        Cell::Shown(figure) => {
            let near = || (figure.saturating_sub(9)..=figure + 9).filter(|&v| round(v) == figure);
            (near().min().unwrap().max(5), near().max().unwrap())
        }
    }
}

/// Looks for a table other than by the truth that publishes the same, with
/// `wanted` at cell `at`: depth first over the cells, pruned by the margins.
fn possible(table: &ProtectedTable, most: u64, at: usize, wanted: u64) -> bool {
    struct Search {
        ranges: Vec<(u64, u64)>,
        width: usize,
        rows: Vec<(u64, u64)>,
        columns: Vec<(u64, u64)>,
        total: (u64, u64),
    }
    impl Search {
        fn go(&self, i: usize, values: &mut Vec<u64>) -> bool {
            let w = self.width;
            let reach = |indices: &mut dyn Iterator<Item = usize>, (low, high): (u64, u64)| {
                let (mut least, mut most) = (0, 0);
                for j in indices {
                    let (a, b) = values.get(j).map_or(self.ranges[j], |&v| (v, v));
                    least += a;
                    most += b;
                }
                least <= high && most >= low
            };
            let height = self.ranges.len() / w;
            let fits = (0..height).all(|r| reach(&mut (r * w..(r + 1) * w), self.rows[r]))
                && (0..w).all(|c| reach(&mut (0..height).map(|r| r * w + c), self.columns[c]))
                && reach(&mut (0..self.ranges.len()), self.total);
            if !fits || i == self.ranges.len() {
                return fits;
            }
            let (low, high) = self.ranges[i];
            (low..=high).any(|v| {
                values.push(v);
                let found = self.go(i + 1, values);
                values.pop();
                found
            })
        }
    }
    let margin = |c: &Cell| match c {
        Cell::Hidden => (0, u64::MAX),
        _ => range(*c, 0),
    };
    let width = table.column_totals.len();
    let mut ranges: Vec<_> = table
        .rows
        .iter()
        .flatten()
        .map(|&c| range(c, most))
        .collect();
    ranges[at] = (wanted, wanted);
    let search = Search {
        ranges,
        width,
        rows: table.row_totals.iter().map(margin).collect(),
        columns: table.column_totals.iter().map(margin).collect(),
        total: margin(&table.total),
    };
    search.go(0, &mut Vec::new())
}

/// Checks that no hidden cell can be derived from what is published.
fn nothing_derivable(rows: &[Vec<u64>]) {
    let table = protect_table(rows).unwrap();
    let width = rows[0].len();
    let most = rows.iter().flatten().max().unwrap() + 20;
    for (i, &cell) in table.rows.iter().flatten().enumerate() {
        if matches!(cell, Cell::Shown(_)) {
            continue;
        }
        let truth = rows[i / width][i % width];
        let open = if cell == Cell::FewerThanFive {
            (1..5).all(|v| possible(&table, most, i, v))
        } else {
            (5..=most).any(|v| v != truth && possible(&table, most, i, v))
        };
        assert!(open, "cell {i} of {rows:?} is given away by {table:?}");
    }
}

/// The search itself finds what naive margins give away.
#[test]
fn naive_margins_give_two_fours_away() {
    let naive = ProtectedTable {
        rows: vec![vec![Cell::FewerThanFive; 2]],
        row_totals: vec![Cell::Shown(10)],
        column_totals: vec![Cell::Hidden; 2],
        total: Cell::Hidden,
    };
    assert!(possible(&naive, 30, 0, 4));
    assert!(!(1..4).any(|v| possible(&naive, 30, 0, v)));
    assert_eq!(
        protect_table(&[vec![4, 4]]).unwrap().row_totals,
        [Cell::Hidden]
    );
}

/// Every 2 × 2 table of small figures.
#[test]
fn small_tables_exhaustively() {
    let figures = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    for a in figures {
        for b in figures {
            for c in figures {
                for d in figures {
                    nothing_derivable(&[vec![a, b], vec![c, d]]);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn larger_tables(
        cells in prop::collection::vec(
            prop_oneof![Just(0_u64), 1_u64..5, 5_u64..20, 195_u64..230], 9),
        shape in prop_oneof![Just((2, 3)), Just((3, 2)), Just((3, 3)), Just((1, 5))],
    ) {
        let (height, width): (usize, usize) = shape;
        let rows: Vec<Vec<u64>> =
            cells.chunks(width).take(height).map(<[u64]>::to_vec).collect();
        nothing_derivable(&rows);
    }
}
