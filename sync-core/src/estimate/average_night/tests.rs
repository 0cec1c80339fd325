//! The average night: by hand, its fallbacks and refusals, and its algebra.

use proptest::prelude::*;

use super::*;
use crate::estimate::average_night::dispersion::Phi;
use crate::estimate::average_night::place_night::{Counting, Observation, PlaceNightCounts};
use crate::estimate::explain::Param;
use crate::estimate::reason::{Refusal, Warning};

fn place(id: usize, previous: Option<f64>, current: Option<u32>, drawn: bool) -> PlaceInput {
    PlaceInput {
        id: PlaceId(format!("p{id:03}")),
        district: District(["north", "south"][id % 2].to_owned()),
        previous: previous.map(|figure| Previous {
            figure,
            age_days: 10,
        }),
        nights: current
            .map(|c| PlaceNightCounts::new(&[Observation::complete(c)]).unwrap())
            .into_iter()
            .collect(),
        access: if current.is_some() {
            Access::Complete
        } else {
            Access::NotVisited
        },
        drawn,
        after_draw: false,
        composition: Composition::default(),
    }
}

/// A place that somebody chose after the draw counts in K and changes nothing
/// else: those who choose go where people are.
#[test]
fn chosen_after_the_draw_counts_in_k_only() {
    let mut rows = vec![(20.0, Some(18), false); 4];
    rows.extend([
        (10.0, Some(7), true),
        (12.0, Some(8), true),
        (9.0, Some(6), true),
    ]);
    rows.extend([(10.0, None, false); 4]);
    let mut input = city(&rows);
    input.thresholds.widest_interval = f64::MAX;
    let before = night_average(&input);
    let nine = PlaceNightCounts::new(&[Observation::complete(9)]).unwrap();
    input.places[10].nights = vec![nine];
    input.places[10].access = Access::Complete;
    input.places[10].after_draw = true;
    let after = night_average(&input);
    let total = |a: &NightAverage| a.result.estimate().unwrap().total;
    assert_eq!(total(&before).to_bits(), total(&after).to_bits());
    assert_eq!((before.seen, after.seen), (93.0, 102.0));
    assert_eq!(after.coverage.visited, before.coverage.visited + 1);
    // Without enough drawn places there is nothing for it to be kept for.
    for place in &mut input.places {
        place.drawn = false;
    }
    assert!(total(&night_average(&input)) >= 102.0);
}

fn city(rows: &[(f64, Option<u32>, bool)]) -> NightAverageInput {
    NightAverageInput {
        places: rows
            .iter()
            .enumerate()
            .map(|(id, &(previous, current, drawn))| place(id, Some(previous), current, drawn))
            .collect(),
        counting: Counting {
            phi: Phi {
                value: 0.0,
                recounted: 10,
            },
            per_tent: None,
        },
        ..NightAverageInput::default()
    }
}

/// The twelve places of the published case, all seen ones drawn.
fn twelve() -> NightAverageInput {
    city(&[
        (12.0, Some(9), true),
        (8.0, Some(6), true),
        (30.0, Some(21), true),
        (5.0, Some(5), true),
        (3.0, Some(1), true),
        (1.0, Some(0), true),
        (22.0, Some(18), true),
        (7.0, Some(4), true),
        (9.0, None, false),
        (4.0, None, false),
        (15.0, None, false),
        (2.0, None, false),
    ])
}

#[test]
fn twelve_places() {
    let average = night_average(&twelve());
    let estimate = average.result.estimate().unwrap();
    // 64 + 30β̂ with the jackknifed β̂, checked against R.
    assert!((estimate.total - (64.0 + 30.0 * 0.728_076_511_492)).abs() < 1e-9);
    assert!((estimate.observed.unwrap() - 0.727_272_727_3).abs() < 1e-9);
    assert!((estimate.low - (64.0 + 15.725_998_356_184)).abs() < 1e-6);
    assert!((estimate.high - (64.0 + 28.970_393_939_833)).abs() < 1e-6);
    assert_eq!(estimate.method, NightMethod::DrawnRatio);
    assert_eq!(average.seen, 64.0);
    assert_eq!(average.coverage.seen_empty, 1);
    assert_eq!(average.coverage.visited, 8);
    let headline = &average.explanation.headline;
    assert_eq!(headline.code, "night_drawn_ratio");
    for (name, number) in [
        ("seen", 64.0),
        ("times", 0.73),
        ("total", 86.0),
        ("low", 79.0),
    ] {
        assert_eq!(headline.params[name], Param::Number(number), "{name}");
    }
    assert_eq!(average.explanation.inputs_hash.len(), 64);
    // The districts' totals do add up, even if their intervals do not.
    let districts: f64 = average.districts.iter().filter_map(|d| d.total).sum();
    assert!((districts - estimate.total).abs() < 1e-9);
}

#[test]
fn chosen_places_double_the_error() {
    let drawn = night_average(&twelve());
    let mut input = twelve();
    for place in &mut input.places {
        place.drawn = false;
    }
    let chosen = night_average(&input);
    assert!(chosen.warnings.contains(&Warning::NotDrawn));
    let (chosen, drawn) = (chosen.result, drawn.result);
    let (chosen, drawn) = (chosen.estimate().unwrap(), drawn.estimate().unwrap());
    assert_eq!(chosen.method, NightMethod::PooledRatio);
    assert!((chosen.se - 2.0 * drawn.se).abs() < 1e-9);
}

#[test]
fn refusals_keep_what_was_seen() {
    let few = city(&[
        (10.0, Some(8), true),
        (10.0, Some(7), true),
        (10.0, None, false),
    ]);
    let average = night_average(&few);
    assert_eq!(average.result.refusal().unwrap().code, Refusal::TooFewDrawn);
    assert_eq!(average.seen, 15.0);
    let mut rows = vec![(1.0, Some(1), true); 5];
    rows.push((100.0, None, false));
    let average = night_average(&city(&rows));
    assert!(
        average
            .result
            .refusal()
            .unwrap()
            .codes
            .contains(&Refusal::CoverageTooLow)
    );
    assert_eq!(
        night_average(&NightAverageInput::default())
            .result
            .refusal()
            .unwrap()
            .code,
        Refusal::NoData
    );
    let nan = city(&[(f64::NAN, Some(1), true)]);
    assert_eq!(
        night_average(&nan).result.refusal().unwrap().code,
        Refusal::InvalidInput
    );
    let twice = NightAverageInput {
        places: vec![place(1, None, Some(1), false); 2],
        ..NightAverageInput::default()
    };
    assert_eq!(
        night_average(&twice).result.refusal().unwrap().code,
        Refusal::InvalidInput
    );
}

/// Nobody at the drawn places is no proof that nobody is at the others.
#[test]
fn empty_drawn_places_leave_uncertainty() {
    let mut rows = vec![(10.0, Some(9), false); 8];
    rows.extend([(10.0, Some(0), true); 4]);
    rows.extend([(10.0, None, false); 6]);
    let average = night_average(&city(&rows));
    let estimate = average.result.estimate().unwrap();
    assert_eq!((estimate.total, estimate.low), (72.0, 72.0));
    assert!((estimate.high - (72.0 + 3.688_879_454 * 60.0 / 40.0)).abs() < 1e-6);
}

#[test]
fn all_counted_needs_no_draw() {
    let average = night_average(&city(&[(10.0, Some(8), false), (3.0, Some(0), false)]));
    let estimate = average.result.estimate().unwrap();
    assert_eq!(estimate.method, NightMethod::AllCounted);
    assert_eq!(estimate.total, 8.0);
}

#[test]
fn new_places_are_their_own_stratum() {
    let mut input = twelve();
    for (i, current) in [Some(2), Some(4), None, None].into_iter().enumerate() {
        input
            .places
            .push(place(20 + i, None, current, current.is_some()));
    }
    let with = night_average(&input).result.estimate().cloned().unwrap();
    let without = night_average(&twelve()).result.estimate().cloned().unwrap();
    // Four new places at a mean of three.
    assert!((with.total - without.total - 12.0).abs() < 1e-9);
    // N²(1 − n/N)s²/n = 16 · ½ · 2 / 2.
    assert!((with.se * with.se - without.se * without.se - 8.0).abs() < 1e-9);
}

#[test]
fn stale_places_are_only_in_the_upper_scenario() {
    let mut input = twelve();
    let mut stale = place(30, Some(40.0), None, false);
    stale.previous = Some(Previous {
        figure: 40.0,
        age_days: 91,
    });
    input.places.push(stale);
    let with = night_average(&input);
    let without = night_average(&twelve());
    assert_eq!(
        with.result.estimate().unwrap().total,
        without.result.estimate().unwrap().total
    );
    assert!((with.upper_scenario.unwrap() - without.upper_scenario.unwrap() - 40.0).abs() < 1e-9);
    assert!(with.warnings.contains(&Warning::StalePlaces));
}

#[test]
fn a_place_seen_in_part_is_filled_in() {
    let mut input = twelve();
    // Previous 15, so about 10.9 are expected; 4 and then 13 were seen.
    let place = &mut input.places[10];
    place.nights = vec![PlaceNightCounts::new(&[Observation::Partial { best: 4 }]).unwrap()];
    let filled = night_average(&input);
    let before = night_average(&twelve()).result.estimate().unwrap().total;
    assert!((filled.result.estimate().unwrap().total - before).abs() < 1e-9);
    assert_eq!((filled.seen, filled.coverage.partly), (68.0, 1));
    input.places[10].nights =
        vec![PlaceNightCounts::new(&[Observation::Partial { best: 13 }]).unwrap()];
    let more = night_average(&input).result.estimate().unwrap().total;
    assert!((more - (64.0 + 13.0 + 15.0 * 0.728_076_511_492)).abs() < 0.05);
}

fn any_observation() -> impl Strategy<Value = Observation> {
    prop_oneof![
        (0_u32..60).prop_map(Observation::complete),
        (0_u32..60).prop_map(|best| Observation::Partial { best }),
        (0_u32..60).prop_map(|best| Observation::Reported { best }),
        (0_u32..9, 0_u32..9, 0_u32..20).prop_map(|(tents, opened, persons)| Observation::Tents {
            tents: tents + opened,
            opened,
            persons,
        }),
        (0_u32..1_000_000).prop_map(Observation::complete),
    ]
}

prop_compose! {
    fn any_place()(
        id in 0_u32..100_000,
        previous in prop::option::of((prop_oneof![Just(0.0), 0.5..40.0, 0.0..1e6], 0_u32..120)),
        nights in prop::collection::vec(prop::collection::vec(any_observation(), 0..4), 0..3),
        no_access in any::<bool>(),
        drawn in any::<bool>(),
        after_draw in any::<bool>(),
    ) -> PlaceInput {
        PlaceInput {
            id: PlaceId(id.to_string()),
            district: District((id % 5).to_string()),
            previous: previous.map(|(figure, age_days)| Previous { figure, age_days }),
            nights: nights.iter().map(|n| PlaceNightCounts::new(n).unwrap()).collect(),
            access: if no_access { Access::NoAccess } else { Access::NotVisited },
            drawn,
            after_draw,
            composition: Composition::default(),
        }
    }
}

fn any_city() -> impl Strategy<Value = NightAverageInput> {
    (
        prop::collection::vec(any_place(), 0..40),
        0.0..5.0_f64,
        prop::option::of((0.0..5.0_f64, 0.0..5.0_f64)),
    )
        .prop_map(|(places, phi, tents)| NightAverageInput {
            places,
            counting: Counting {
                phi: Phi {
                    value: phi,
                    recounted: 3,
                },
                per_tent: tents.map(|(persons_per_tent, variance)| {
                    crate::estimate::average_night::tents::TentRate {
                        persons_per_tent,
                        variance,
                        opened: 25,
                    }
                }),
            },
            ..NightAverageInput::default()
        })
}

/// Checks what must hold for any city, and gives the JSON for comparing bits.
fn check(input: &NightAverageInput) -> Result<String, TestCaseError> {
    let average = night_average(input);
    if let Some(estimate) = average.result.estimate() {
        let chain = [average.seen, estimate.low, estimate.total, estimate.high];
        prop_assert!(chain.iter().all(|v| v.is_finite()), "{chain:?}");
        prop_assert!(chain.windows(2).all(|pair| pair[0] <= pair[1]), "{chain:?}");
        prop_assert!(average.upper_scenario.unwrap() >= estimate.high);
        prop_assert!(estimate.se.is_finite());
    }
    for district in &average.districts {
        if let (Some(low), Some(total), Some(high)) = (district.low, district.total, district.high)
        {
            let chain = [district.seen, low, total, high];
            prop_assert!(chain.windows(2).all(|pair| pair[0] <= pair[1]), "{chain:?}");
        }
    }
    let json = serde_json::to_string(&average).unwrap();
    prop_assert!(average.seen.is_finite());
    Ok(json)
}

proptest! {
    #[test]
    fn order_changes_no_bit(input in any_city(), rotation in 0_usize..40) {
        let before = check(&input)?;
        let mut other = input;
        other.places.reverse();
        let length = other.places.len();
        if length > 0 {
            other.places.rotate_left(rotation % length);
        }
        for place in &mut other.places {
            place.nights.reverse();
        }
        prop_assert_eq!(before, check(&other)?);
    }

    #[test]
    fn more_data_keeps_the_chain(mut input in any_city(), extra in any_place()) {
        // Without the limits, so that far more inputs give figures.
        input.thresholds.least_visited_share = 0.0;
        input.thresholds.widest_interval = f64::MAX;
        input.thresholds.most_indirect_share = 2.0;
        check(&input)?;
        input.places.push(extra);
        check(&input)?;
    }

    #[test]
    fn any_bits_are_survived(
        figures in prop::collection::vec(any::<f64>(), 1..6),
        sum in any::<u64>(),
        k in any::<u32>(),
    ) {
        let mut input = twelve();
        for (place, figure) in input.places.iter_mut().zip(figures) {
            place.previous = Some(Previous { figure, age_days: u32::MAX });
        }
        input.places[7].nights = vec![PlaceNightCounts {
            complete: k,
            sum,
            sum_of_squares: sum,
            twice_median: sum,
            lower_limit: Some(k),
            ..PlaceNightCounts::default()
        }];
        check(&input)?;
    }
}
