//! Sparse tables, and the algebra of the lattice of lists.

use proptest::prelude::*;

use super::admissible_models::admissible_models;
use super::existence::support;
use super::fit::fit;
use super::table::{Table, subset_sums, superset_sums};
use super::{Refusal, Thresholds, table_refusals};

fn table(lists: u32, cells: &[(&str, u64)]) -> Table {
    let mut table = Table::new(lists).unwrap();
    for (key, people) in cells {
        let on = key
            .bytes()
            .enumerate()
            .map(|(i, b)| u32::from(b == b'1') << i)
            .sum();
        table.add(on, *people);
    }
    table
}

#[test]
fn an_empty_overlap_with_its_own_term_has_no_fit() {
    // Lists 0 and 1 share nobody: their interaction goes to −∞, and the rest
    // still gives a number.
    let sparse = table(
        3,
        &[
            ("100", 30),
            ("010", 40),
            ("001", 50),
            ("101", 9),
            ("011", 12),
        ],
    );
    let boundary = fit(&sparse, &[0b011]).unwrap();
    assert!(!boundary.exists);
    assert!((boundary.means[0b011]).abs() < 1e-12);
    // Lists 0 and 1 are then disjoint, and both independent of list 2:
    // the unseen are 50·(30 + 40)/(9 + 12).
    assert!(
        (boundary.unseen - 50.0 * 70.0 / 21.0).abs() < 1e-6,
        "{}",
        boundary.unseen
    );
    let plain = fit(&sparse, &[]).unwrap();
    assert!(plain.exists);
    assert!(table_refusals(&sparse, &Thresholds::default()).contains(&Refusal::EmptyOverlap));
}

#[test]
fn disjoint_lists_identify_nothing() {
    let disjoint = table(3, &[("100", 30), ("010", 40), ("001", 50)]);
    assert_eq!(
        fit(&disjoint, &[0b011, 0b101, 0b110]),
        Err(Refusal::NotIdentifiable)
    );
    // Even independence has its best fit only at infinitely many unseen.
    assert!(fit(&disjoint, &[]).is_err() || !fit(&disjoint, &[]).unwrap().exists);
    let one = table(3, &[("111", 5)]);
    assert!(fit(&one, &[]).map_or(true, |f| !f.exists));
}

#[test]
fn a_table_without_zeros_has_a_fit() {
    let full = table(
        3,
        &[
            ("100", 1),
            ("010", 1),
            ("001", 1),
            ("110", 1),
            ("101", 1),
            ("011", 1),
            ("111", 1),
        ],
    );
    let terms = [0, 1, 2, 4, 3, 5, 6];
    assert!(support(&full, &terms).unwrap().exists);
    // All pairs fit exactly: the unseen are the product of odd cells over that
    // of even ones.
    assert!((fit(&full, &[3, 5, 6]).unwrap().unseen - 1.0).abs() < 1e-9);
    assert_eq!(fit(&full, &[3, 5, 6, 7]), Err(Refusal::NotIdentifiable));
}

#[test]
fn only_rich_overlaps_become_terms() {
    let table = table(
        3,
        &[
            ("100", 60),
            ("010", 70),
            ("001", 80),
            ("110", 4),
            ("101", 20),
            ("011", 30),
        ],
    );
    let strip = admissible_models(&table, &Thresholds::default());
    assert_eq!(strip.tried, 4);
    assert!(strip.models.iter().all(|m| !m.terms.contains(&0b011)));
}

proptest! {
    #[test]
    fn sums_over_the_lattice(values in prop::collection::vec(0.0..100.0_f64, 16)) {
        let values: Vec<f64> = values.iter().map(|v| v.trunc()).collect();
        let (mut above, mut below) = (values.clone(), values.clone());
        superset_sums(&mut above);
        subset_sums(&mut below);
        for set in 0..16_usize {
            let over: f64 = (0..16).filter(|&s| s & set == set).map(|s| values[s]).sum();
            let under: f64 = (0..16).filter(|&s| s & set == s).map(|s| values[s]).sum();
            prop_assert_eq!(above[set], over);
            prop_assert_eq!(below[set], under);
        }
    }

    /// A fit reproduces the margins of its terms, whatever the table.
    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn fits_reproduce_their_margins(
        lists in 2_u32..=5,
        cells in prop::collection::vec(prop_oneof![Just(0_u64), 0_u64..4, 0_u64..500], 31),
        chosen in any::<u32>(),
    ) {
        let mut table = Table::new(lists).unwrap();
        for (on, &people) in (1_u32..1 << lists).zip(&cells) {
            table.add(on, people);
        }
        let pairs: Vec<u32> = table.pairs().map(|(i, j)| 1 << i | 1 << j).collect();
        let terms: Vec<u32> = pairs
            .iter()
            .enumerate()
            .filter(|&(bit, _)| chosen >> bit & 1 == 1)
            .map(|(_, &pair)| pair)
            .collect();
        match fit(&table, &terms) {
            Ok(fit) => {
                prop_assert!(fit.total().is_finite() && fit.unseen >= 0.0);
                let mut margins = fit.means.clone();
                margins[0] = 0.0;
                superset_sums(&mut margins);
                for &term in &terms {
                    let observed = table.on_all(term) as f64;
                    prop_assert!(
                        (margins[term as usize] - observed).abs() <= 1e-6 * (1.0 + observed),
                        "{} {}", margins[term as usize], observed,
                    );
                }
            }
            Err(refusal) => prop_assert!(matches!(
                refusal,
                Refusal::NotIdentifiable | Refusal::NoData,
            ), "{refusal:?} {table:?} {terms:?}"),
        }
    }
}
