//! The people of a period, from what phones sent.

use std::collections::BTreeMap;

use sync_core::ids::RecordId;
use sync_core::model::{Content, Encounter, Kind, MetBefore, Records};
use sync_core::time::{Instant, Period};

use super::{PeopleReport, Reports};
use crate::outreach::estimate::Param;
use crate::outreach::store::Store;
use crate::outreach::store::rebuild::RebuildStore;
use crate::outreach::sync::testing::{
    City, DAY, NOW, Phone, as_visit, encounter, expire, id, place, visit,
};

const DAYS: u32 = 28;

fn met(people: impl IntoIterator<Item = u32>) -> Vec<Encounter> {
    people
        .into_iter()
        .map(|person| Encounter {
            code: Some(format!("{person:0>12}")),
            ..encounter()
        })
        .collect()
}

fn meeting(encounters: &[Encounter]) -> Content {
    let mut content = visit(id(1), NOW, &[]);
    let records: BTreeMap<_, _> = (1_u64..)
        .zip(encounters)
        .map(|(n, e)| (RecordId::from_bytes(n.to_be_bytes()), e.clone()))
        .collect();
    as_visit(&mut content).encounters = Records(records);
    content
}

async fn of(store: &Store) -> PeopleReport {
    let period = Period::of(NOW.night(), DAYS);
    let night = Reports::default()
        .report(store, period, &[], NOW)
        .await
        .unwrap();
    (*Reports::default()
        .people(store, period, &night)
        .await
        .unwrap())
    .clone()
}

/// `eu-teamet` meets 40 people, `forening-a` 30, of whom 20 are the same.
async fn two_organisations() -> (City, Phone) {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut bo = Phone::new(2, "forening-a");
    let mut batch = vec![anna.create(id(1), &place("Parken"), NOW)];
    for n in 0..4 {
        let some = met(n * 10..(n + 1) * 10);
        batch.push(anna.create(id(10 + n), &meeting(&some), NOW));
    }
    anna.sync(&city.store, batch).await;
    let batch = (2..5)
        .map(|n| bo.create(id(20 + n), &meeting(&met(n * 10..(n + 1) * 10)), NOW))
        .collect();
    bo.sync(&city.store, batch).await;
    (city, anna)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_lists_are_linked_by_code() {
    let (city, mut anna) = two_organisations().await;
    let found = of(&city.store).await;
    assert_eq!((found.seen, found.unlinked), (50, 0));
    assert_eq!(found.lists.len(), 2);
    assert_eq!(found.pairs[0].both, 20);
    // 41 · 31 / 21 − 1.
    let figure = found.estimate.unwrap();
    assert_eq!(figure.total, 60);
    assert!(figure.low >= 50 && figure.high.unwrap() > 60);
    assert_eq!(found.sentence.code, "people_overlap");
    assert_eq!(found.sentence.params["seen"], Param::Number(50.0));
    let missed = found.sensitivity.iter().find(|s| s.found < 0.91).unwrap();
    assert!(missed.total < figure.total);

    // Taken back, they are gone; a rebuild agrees.
    let edit = anna.edit(id(13), NOW, |c| as_visit(c).withdrawn = true);
    anna.sync(&city.store, vec![edit]).await;
    assert_eq!(of(&city.store).await.seen, 50, "forening-a met them too");
    assert_eq!(of(&city.store).await.pairs[0].both, 10);
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
    assert_eq!(of(&city.store).await.pairs[0].both, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_of_other_organisations_links_too() {
    let (city, _) = two_organisations().await;
    let mut cilla = Phone::new(3, "forening-b");
    let say = |by: &str| Encounter {
        met_before: MetBefore::ByOther,
        met_by: Some(by.to_owned()),
        ..encounter()
    };
    // The second records no encounters of its own, so it is no list.
    let said: Vec<_> = (0..12)
        .map(|_| say("forening-a"))
        .chain((0..9).map(|_| say("forening-c")))
        .collect();
    let unknown = Encounter {
        met_before: MetBefore::Unknown,
        ..encounter()
    };
    let visits = vec![
        cilla.create(id(30), &meeting(&said), NOW),
        cilla.create(id(31), &meeting(&[unknown]), NOW),
    ];
    cilla.sync(&city.store, visits).await;
    let found = of(&city.store).await;
    assert_eq!(found.unlinked, 1);
    let list = |name: &str| found.lists.iter().find(|l| l.organisation == name);
    assert_eq!(list("forening-b").unwrap().people, 21);
    assert!(list("forening-c").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_encounters_there_is_no_number_but_a_reason() {
    let city = City::new().await;
    let found = of(&city.store).await;
    assert_eq!(found.estimate, None);
    assert_eq!(found.refusal.unwrap().code, "no_encounters");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_retention_the_people_are_no_longer_estimated() {
    let (city, _) = two_organisations().await;
    assert!(of(&city.store).await.estimate.is_some());
    let later = |days| Instant(NOW.0 + days * DAY);
    let store = &city.store;
    assert!(expire(store, Kind::Visit, 90, later(91)).await.0 > 0);
    assert!(
        of(store).await.estimate.is_some(),
        "what is hidden still counts"
    );
    assert!(expire(store, Kind::Visit, 90, later(100)).await.1 > 0);
    let found = of(store).await;
    assert_eq!(found.estimate, None);
    assert_eq!(found.refusal.unwrap().code, "encounters_erased");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_rounded_once() {
    // 1 and 2 on two nights at two places: 1½ and 1½, and 2½ at a third.
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut batch = Vec::new();
    for (n, nights) in [[1, 2], [1, 2], [2, 3]].into_iter().enumerate() {
        let n = u32::try_from(n).unwrap();
        batch.push(anna.create(id(n + 1), &place("Parken"), NOW));
        for (night, best) in (0_u32..).zip(nights) {
            let at = Instant(NOW.0 + i64::from(night) * DAY);
            let counted = visit(
                id(n + 1),
                at,
                &[crate::outreach::sync::testing::count(best)],
            );
            batch.push(anna.create(id(100 + 10 * n + night), &counted, at));
        }
    }
    anna.sync_at(&city.store, batch, Instant(NOW.0 + 2 * DAY))
        .await;
    let period = Period::of(NOW.night(), DAYS);
    let found = Reports::default()
        .report(&city.store, period, &[], NOW)
        .await
        .unwrap();
    // 5½ persons are five seen for certain, in the sentence as in the facts.
    assert_eq!(found.seen.persons, 5);
    assert_eq!(found.sentence.params["seen"], Param::Number(5.0));
    let parts = found.seen.adults + found.seen.children + found.seen.unknown;
    assert_eq!(parts, found.seen.persons);
    assert_eq!(found.districts[0].seen, 5);
}
