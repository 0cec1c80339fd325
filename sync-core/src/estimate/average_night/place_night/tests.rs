//! Reconciling the observations of one place on one night.

use super::*;

fn reconcile(observations: &[Observation]) -> PlaceNight {
    reconcile_place_night(observations, &Counting::default())
        .unwrap()
        .unwrap()
}

#[test]
fn median_and_lower_limits() {
    let c = Observation::complete;
    let night = reconcile(&[c(7), c(12), c(8)]);
    assert_eq!((night.x, night.evidence), (8.0, Evidence::Counted));
    // s² = 7, k = 3.
    assert!((night.u - 7.0 / 3.0).abs() < 1e-15);
    let night = reconcile(&[c(7), Observation::Partial { best: 9 }, c(8)]);
    assert_eq!(night.x, 9.0);
    assert_eq!(reconcile(&[c(7), c(8)]).x, 7.5);
}

#[test]
fn variance_of_a_single_count() {
    assert_eq!(reconcile(&[Observation::complete(7)]).u, 7.0);
    let ranged = Observation::Complete {
        low: Some(5),
        best: 7,
        high: Some(12),
    };
    assert!((reconcile(&[ranged]).u - (7.0_f64 / 3.92) * (7.0 / 3.92)).abs() < 1e-12);
}

#[test]
fn reports_never_enter() {
    let reported = Observation::Reported { best: 40 };
    let counting = Counting::default();
    assert_eq!(reconcile_place_night(&[reported], &counting), Ok(None));
    assert_eq!(reconcile_place_night(&[], &counting), Ok(None));
    let both = reconcile(&[reported, Observation::complete(0)]);
    assert_eq!((both.x, both.u), (0.0, 0.0));
}

#[test]
fn tents_need_a_rate() {
    let tents = [Observation::Tents {
        tents: 5,
        opened: 1,
        persons: 2,
    }];
    let night = reconcile(&tents);
    assert_eq!(night.unconverted_tents, 4.0);
    assert_eq!((night.x, night.evidence), (2.0, Evidence::LowerLimit));
    let counting = Counting {
        phi: Phi::ASSUMED,
        per_tent: Some(TentRate {
            persons_per_tent: 1.5,
            variance: 1.0,
            opened: 20,
        }),
    };
    let night = reconcile_place_night(&tents, &counting).unwrap().unwrap();
    assert_eq!(
        (night.x, night.seen, night.evidence),
        (8.0, 2.0, Evidence::Tents)
    );
    assert!((night.u - (2.0 + 16.0 / 20.0 + 4.0)).abs() < 1e-12);
}

#[test]
fn absurd_figures_are_refused() {
    let big = Observation::complete(1_000_000_000);
    assert_eq!(
        PlaceNightCounts::new(&[big]),
        Err(PlaceError::TooLarge(1_000_000_000))
    );
    let inverted = Observation::Complete {
        low: Some(9),
        best: 7,
        high: None,
    };
    assert_eq!(
        PlaceNightCounts::new(&[inverted]),
        Err(PlaceError::InvertedRange)
    );
}
