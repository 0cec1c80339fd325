//! Short runs of the study.

use super::*;

/// A short run of the study: wide of the mark means broken, not unlucky.
#[test]
fn coverage_is_near_what_it_says() {
    for set_up in &SET_UPS[..5] {
        for drawn in [5, 12] {
            let study = study(set_up, drawn, 200, 1);
            let chosen = &study.methods[0];
            assert!((0.90..=0.99).contains(&chosen.coverage), "{study:#?}");
            assert!(chosen.bias.abs() < 0.02, "{study:#?}");
        }
    }
}

#[test]
fn the_seed_decides_everything() {
    let run = |seed| study(&SET_UPS[0], 8, 20, seed);
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).methods, run(8).methods);
}
