//! Linking, the choice of estimator, and its algebra.

use proptest::prelude::*;

use super::*;
use crate::estimate::reason::{Refusal, Warning};

fn organisation(name: &str) -> Organisation {
    Organisation(name.to_owned())
}

fn coded(by: &str, code: u32, day: i64) -> Meeting {
    Meeting {
        organisation: organisation(by),
        code: Some(format!("{code:012}")),
        earlier: Earlier::Unknown,
        people: 1,
        day,
    }
}

fn answered(by: &str, earlier: Earlier) -> Meeting {
    Meeting {
        organisation: organisation(by),
        code: None,
        earlier,
        people: 1,
        day: 0,
    }
}

/// Lists with the given overlaps: the codes of each organisation.
fn lists(rows: &[(&str, core::ops::Range<u32>)]) -> PeriodInput {
    PeriodInput {
        days: 28,
        meetings: rows
            .iter()
            .flat_map(|(by, codes)| {
                codes
                    .clone()
                    .map(|code| coded(by, code, i64::from(code % 7)))
            })
            .collect(),
        ..PeriodInput::default()
    }
}

#[test]
fn two_lists_are_a_pair() {
    let people = period_people(&lists(&[("a", 0..60), ("b", 40..90)]));
    assert_eq!(people.seen, 90);
    let estimate = people.result.estimate().unwrap();
    assert_eq!(estimate.method, PeriodMethod::Pair);
    // 61 · 51 / 21 − 1.
    assert!((estimate.total - (61.0 * 51.0 / 21.0 - 1.0)).abs() < 1e-9);
    assert!(people.warnings.contains(&Warning::LinksNotAudited));
    assert!((people.sensitivity[0].total - estimate.total).abs() < 1e-9);
    assert!(people.sensitivity[2].total < estimate.total * 0.92);
}

#[test]
fn answers_link_as_codes_do() {
    let (a, b) = (organisation("a"), organisation("b"));
    let mut meetings: Vec<_> = (0..60).map(|_| answered("a", Earlier::No)).collect();
    meetings.extend((0..20).map(|_| answered("b", Earlier::By(a.clone()))));
    meetings.extend((0..30).map(|_| answered("b", Earlier::No)));
    meetings.extend((0..5).map(|_| answered("b", Earlier::ByUs)));
    meetings.extend((0..9).map(|_| answered("b", Earlier::Unknown)));
    let linked = link(&meetings);
    assert_eq!(linked.distinct(), 90);
    assert_eq!((linked.met_by(&a), linked.met_by(&b)), (60, 50));
    assert_eq!(linked.unlinked, 9);
    // Twenty met by both, five again by the second.
    assert_eq!(linked.by_nights.get(&2), Some(&25));
}

#[test]
fn refusals_by_the_rules() {
    let code = |input: &PeriodInput| period_people(input).result.refusal().map(|r| r.code);
    assert_eq!(
        code(&lists(&[("a", 0..40), ("b", 37..72)])),
        Some(Refusal::OverlapTooSmall)
    );
    let mut long = lists(&[("a", 0..60), ("b", 40..90)]);
    long.days = 29;
    assert_eq!(code(&long), Some(Refusal::PeriodTooLong));
    long.days = 28;
    long.audit = Some(LinkAudit {
        checked: 20,
        right: 16,
    });
    assert_eq!(code(&long), Some(Refusal::LinksUnreliable));
    assert_eq!(code(&PeriodInput::default()), Some(Refusal::NoEncounters));
    // One list whose people were all met once.
    assert_eq!(code(&lists(&[("a", 0..40)])), Some(Refusal::TooFewMetTwice));
}

#[test]
fn one_list_gives_a_lower_bound() {
    let mut input = lists(&[("a", 0..60)]);
    input.meetings.extend((0..25).map(|c| coded("a", c, 100)));
    let people = period_people(&input);
    let estimate = people.result.estimate().unwrap();
    assert_eq!(
        (estimate.method, estimate.high),
        (PeriodMethod::LowerBound, None)
    );
    // 60 + 35 · 34 / (2 · 26), on eight nights.
    assert!((estimate.total - (60.0 + 35.0 * 34.0 / 52.0 * 7.0 / 8.0)).abs() < 1e-9);
}

#[test]
fn three_lists_are_averaged() {
    let mut input = lists(&[("a", 0..120), ("b", 60..160)]);
    input
        .meetings
        .extend((0..200).step_by(2).map(|c| coded("c", c, 3)));
    let people = period_people(&input);
    assert_eq!(people.pairs.len(), 3);
    assert!(!people.models.is_empty());
    let estimate = people.result.estimate().unwrap();
    assert_eq!(estimate.method, PeriodMethod::Average);
    assert!(
        estimate.low >= 180.0 && estimate.total < 260.0,
        "{estimate:?}"
    );
}

#[test]
fn a_night_above_the_period_is_flagged() {
    let mut input = lists(&[("a", 0..60), ("b", 40..90)]);
    input.night_total = Some(1e6);
    assert!(
        period_people(&input)
            .warnings
            .contains(&Warning::NightAbovePeriod)
    );
}

fn any_meeting() -> impl Strategy<Value = Meeting> {
    (
        0_usize..7,
        prop::option::weighted(0.7, 0_u32..80),
        0_u32..5,
        0_usize..7,
        0_u32..3,
        0_i64..28,
    )
        .prop_map(|(by, code, earlier, other, people, day)| Meeting {
            organisation: organisation(&format!("o{by}")),
            code: code.map(|c| c.to_string()),
            earlier: match earlier {
                0 => Earlier::Unknown,
                1 => Earlier::ByUs,
                2 => Earlier::By(organisation(&format!("o{other}"))),
                _ => Earlier::No,
            },
            people,
            day,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn order_changes_no_bit(
        mut meetings in prop::collection::vec(any_meeting(), 0..120),
        rotation in 0_usize..100,
    ) {
        let json = |meetings: &[Meeting]| {
            let input = PeriodInput {
                days: 28,
                meetings: meetings.to_vec(),
                ..PeriodInput::default()
            };
            let people = period_people(&input);
            if let Some(estimate) = people.result.estimate() {
                let seen = f64::from(u32::try_from(people.seen).unwrap());
                assert!(seen <= estimate.low && estimate.low <= estimate.total, "{people:?}");
                assert!(estimate.high.is_none_or(|high| estimate.total <= high && high.is_finite()));
            }
            serde_json::to_string(&people).unwrap()
        };
        let before = json(&meetings);
        meetings.reverse();
        if !meetings.is_empty() {
            let length = meetings.len();
            meetings.rotate_left(rotation % length);
        }
        prop_assert_eq!(before, json(&meetings));
    }
}
