//! Live equals rebuilt, and the rules of a period.

use proptest::prelude::*;

use super::*;
use sync_core::estimate::average_night::{Access, Composition, District};
use sync_core::estimate::{Observation, PlaceNightCounts};

fn record(counts: &[u32], tents: Option<(u32, u32)>, at: i64) -> PlaceNightRecord {
    let observations: Vec<_> = counts.iter().map(|&c| Observation::complete(c)).collect();
    PlaceNightRecord {
        counts: PlaceNightCounts::new(&observations).unwrap(),
        access: Access::Complete,
        last_started: at,
        composition: Composition::default(),
        opened_tents: tents.into_iter().collect(),
    }
}

fn place(i: u32) -> PlaceId {
    PlaceId(format!("p{i}"))
}

fn facts(district: u32) -> PlaceFacts {
    PlaceFacts::in_use(District(district.to_string()))
}

const PERIOD: Period = Period {
    first: Night(90),
    days: 28,
};

#[test]
fn the_previous_figure_is_the_mean_of_the_newest_earlier_period() {
    let mut city = LiveCity::default();
    city.set_place(place(1), facts(0));
    // Periods of 28 nights: 62 to 89, 34 to 61, …
    for (night, count) in [(33, 4), (35, 6), (60, 9), (100, 2)] {
        assert!(city.set_night(&place(1), Night(night), Some(record(&[count], None, 0))));
    }
    assert!(!city.set_night(&place(2), Night(1), None));
    assert!(!city.set_nights(&place(2), Vec::new()));
    let input = city.input(PERIOD, None, &Thresholds::default());
    let previous = input.places[0].previous.unwrap();
    assert_eq!((previous.figure, previous.age_days), (7.5, 30));
    assert_eq!(input.places[0].nights.len(), 1);
}

#[test]
fn drawn_and_chosen_after_the_draw() {
    let mut city = LiveCity::default();
    let draw = DrawnPlaces {
        seed: 1,
        at: 500,
        places: [place(1), place(2)].into(),
    };
    // Drawn, seen before or after the draw; chosen, seen before, after, or both.
    let seen: [&[i64]; 5] = [&[400], &[600], &[400], &[600, 700], &[400, 600]];
    for (i, times) in (0_u32..).zip(seen) {
        let id = place(if i < 2 { i + 1 } else { i + 10 });
        city.set_place(id.clone(), facts(0));
        for (night, &at) in (PERIOD.first.0..).zip(times) {
            city.set_night(&id, Night(night), Some(record(&[3], None, at)));
        }
    }
    let input = city.input(PERIOD, Some(&draw), &Thresholds::default());
    let flags: Vec<_> = input
        .places
        .iter()
        .map(|p| (p.id.0.as_str(), p.drawn, p.after_draw))
        .collect();
    assert_eq!(
        flags,
        [
            ("p1", false, false),
            ("p12", false, false),
            ("p13", false, true),
            ("p14", false, false),
            ("p2", true, false),
        ]
    );
}

#[test]
fn places_belong_while_they_are_known_and_in_use() {
    let mut city = LiveCity::default();
    let with = |known_from, in_use, state_from| PlaceFacts {
        known_from: Night(known_from),
        in_use,
        state_from: Night(state_from),
        ..facts(0)
    };
    city.set_place(place(1), with(0, true, 0));
    city.set_place(place(2), with(118, true, 118));
    city.set_place(place(3), with(0, false, 50));
    city.set_place(place(4), with(0, false, 118));
    city.set_place(place(5), with(0, false, 50));
    city.set_night(&place(5), Night(95), Some(record(&[0], None, 0)));
    let input = city.input(PERIOD, None, &Thresholds::default());
    let ids: Vec<_> = input.places.iter().map(|p| p.id.0.as_str()).collect();
    assert_eq!(ids, ["p1", "p4", "p5"]);
}

type Change = (u32, Night, Option<(Vec<u32>, Option<(u32, u32)>, i64)>);

fn any_change() -> impl Strategy<Value = Change> {
    (
        0_u32..12,
        (0_i64..60).prop_map(Night),
        prop::option::weighted(
            0.8,
            (
                prop::collection::vec(0_u32..30, 1..4),
                prop::option::of((1_u32..6, 0_u32..12)),
                0_i64..100,
            ),
        ),
    )
}

proptest! {
    /// Whatever happened on the way, the city equals one rebuilt from what is
    /// left, in any order of arrival, night by night or place by place.
    #[test]
    fn live_equals_rebuilt(changes in prop::collection::vec(any_change(), 0..120)) {
        let mut live = LiveCity::default();
        let mut left: BTreeMap<(u32, Night), PlaceNightRecord> = BTreeMap::new();
        for i in 0..12 {
            live.set_place(place(i), facts(i % 3));
        }
        for (i, night, change) in changes {
            let record = change.map(|(counts, tents, at)| record(&counts, tents, at));
            live.set_night(&place(i), night, record.clone());
            match record {
                Some(record) => left.insert((i, night), record),
                None => left.remove(&(i, night)),
            };
        }
        let mut one_by_one = LiveCity::default();
        let mut at_once = LiveCity::default();
        for i in (0..12).rev() {
            one_by_one.set_place(place(i), facts(i % 3));
            at_once.set_place(place(i), facts(i % 3));
            let nights = left
                .iter()
                .rev()
                .filter(|((place, _), _)| *place == i)
                .map(|((_, night), record)| (*night, record.clone()))
                .collect();
            at_once.set_nights(&place(i), nights);
        }
        for ((i, night), record) in left.into_iter().rev() {
            one_by_one.set_night(&place(i), night, Some(record));
        }
        let period = Period { first: Night(32), days: 28 };
        let draw = DrawnPlaces { seed: 7, at: 50, places: (0..6).map(place).collect() };
        let thresholds = Thresholds::default();
        let say = |city: &LiveCity| {
            serde_json::to_string(&city.estimate(period, Some(&draw), &thresholds)).unwrap()
        };
        prop_assert_eq!(say(&live), say(&one_by_one));
        prop_assert_eq!(say(&live), say(&at_once));
        prop_assert_eq!(&live, &one_by_one);
        prop_assert_eq!(&live, &at_once);
    }
}
