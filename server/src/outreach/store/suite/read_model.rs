//! The read model, computed from the documents, as those who ask see it.

use std::collections::BTreeMap;

use sync_core::estimate::average_night::place_history::PlaceNightRecord;
use sync_core::ids::{DocumentId, RecordId};
use sync_core::model::{Alert, Content, Feedback, Language, Need, Outcome, Records};
use sync_core::time::Instant;

use super::{Engine, cursor_of, let_in, record, request};
use crate::outreach::store::port::Port;
use crate::outreach::store::port::alerts::AlertStore;
use crate::outreach::store::port::encounters::EncounterStore;
use crate::outreach::store::port::erasure::ErasureStore;
use crate::outreach::store::port::feedback::FeedbackStore;
use crate::outreach::store::port::figures::FiguresStore;
use crate::outreach::store::port::followup::FollowupStore;
use crate::outreach::store::port::incoming::IncomingStore;
use crate::outreach::store::port::places::PlaceStore;
use crate::outreach::store::port::rebuild::RebuildStore;
use crate::outreach::store::port::statistics::StatisticsStore;
use crate::outreach::sync::testing::{
    DAY, HOUR, NOW, Phone, as_place, as_visit, count, encounter, id, place, visit,
};
use crate::shared::principal::Actor;
use sync_core::time::Period;

fn period() -> Period {
    Period::of(NOW.night(), 84)
}

/// For each place of the period its nights: twice the median of the complete counts.
async fn nights(store: &impl StatisticsStore) -> Vec<Vec<u64>> {
    let facts = store.period_facts(period()).await.unwrap();
    let twice = |nights: &Vec<(_, PlaceNightRecord)>| {
        nights.iter().map(|(_, n)| n.counts.twice_median).collect()
    };
    facts.nights.iter().map(twice).collect()
}

async fn edit(
    store: &impl Port,
    phone: &mut Phone,
    id: DocumentId,
    change: impl FnOnce(&mut Content),
) {
    let cursor = cursor_of(store, id).await;
    let offer = phone.edit(id, NOW, change);
    let append = let_in(phone, offer, cursor);
    store.submit(request(phone, vec![append])).await.unwrap();
}

/// Two places, of which two organisations saw the first on one night.
async fn seen_by_two<E: Engine>() -> (E, Phone) {
    let engine = E::empty().await;
    let (mut anna, mut cilla) = (Phone::new(1, "eu-teamet"), Phone::new(3, "forening-a"));
    let store = engine.store();
    for n in [1, 2] {
        record(store, &mut anna, id(n), &place("Parken")).await;
    }
    let (four, six) = (
        visit(id(1), NOW, &[count(4)]),
        visit(id(1), NOW, &[count(6)]),
    );
    record(store, &mut anna, id(11), &four).await;
    record(store, &mut cilla, id(12), &six).await;
    (engine, anna)
}

pub(in super::super) async fn a_night_is_reconciled_from_all_who_were_there<E: Engine>() {
    let (engine, mut anna) = seen_by_two::<E>().await;
    let store = engine.store();
    assert_eq!(store.first_night().await.unwrap(), Some(NOW.night()));
    assert_eq!(nights(store).await, [vec![10], vec![]]);
    // Taken back, it is one's alone.
    edit(store, &mut anna, id(11), |c| as_visit(c).withdrawn = true).await;
    assert_eq!(nights(store).await, [vec![12], vec![]]);
}

pub(in super::super) async fn places_that_are_the_same_count_as_one<E: Engine>() {
    let (engine, mut anna) = seen_by_two::<E>().await;
    let store = engine.store();
    assert_eq!(store.counted_as_one(id(1), id(2)).await.unwrap(), 2);
    edit(store, &mut anna, id(1), |c| {
        as_place(c).same_as = Some(id(2));
    })
    .await;
    store.catch_up().await.unwrap();
    assert_eq!(nights(store).await, [vec![10]]);
    let names = store.place_names(vec![id(2), id(9)]).await.unwrap();
    assert_eq!(names, [(id(2), "Parken (exempel)".to_owned())]);
    assert_eq!(store.places_with_proposals(10).await.unwrap(), []);
    assert_eq!(store.counted_places().await.unwrap(), [id(2)]);
    edit(store, &mut anna, id(1), |c| as_place(c).same_as = None).await;
    store.catch_up().await.unwrap();
    assert_eq!(nights(store).await, [vec![10], vec![]]);
}

fn alert() -> Content {
    Content::Alert(Alert {
        category: Need::Shelter,
        place: Some(id(1)),
        opened: NOW,
        note: String::new(),
        calls: Records::default(),
        acknowledgements: Records::default(),
        outcome: Outcome::Open,
        closed: None,
        withdrawn: false,
    })
}

pub(in super::super) async fn unheard_alerts_come_first_and_one_device_hides_nobody_else_s<
    E: Engine,
>() {
    let engine = E::empty().await;
    let store = engine.store();
    let (mut anna, mut cilla) = (Phone::new(1, "eu-teamet"), Phone::new(3, "forening-a"));
    record(store, &mut anna, id(1), &place("Parken")).await;
    for n in 10..22 {
        record(store, &mut anna, id(n), &alert()).await;
    }
    record(store, &mut cilla, id(30), &alert()).await;
    let page = store.alerts(None, 0, 3).await.unwrap();
    let listed: Vec<_> = page.alerts.iter().map(|a| a.document).collect();
    // The first of each before the second of any.
    assert_eq!(listed, [id(10), id(30), id(11)]);
    assert_eq!(page.alerts[0].district.as_deref(), Some("sodermalm"));
    assert!(page.more);
    assert_eq!(page.unheard, 13);
    assert_eq!(page.floods.len(), 1);
    assert_eq!(page.floods[0].device, anna.scope.device);
    let own = cilla.scope.organisation.clone();
    let page = store.alerts(Some(own), 0, 3).await.unwrap();
    assert_eq!((page.alerts.len(), page.more), (1, false));
}

pub(in super::super) async fn views_that_wait_longest_come_first<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let mut anna = Phone::new(1, "eu-teamet");
    let view = Content::Feedback(Feedback {
        text: "Tack (exempel)".to_owned(),
        language: Language::Sv,
        about: None,
        at: NOW,
        steps: Records::default(),
        reply: String::new(),
        withdrawn: false,
    });
    for n in 1..=3 {
        record(store, &mut anna, id(n), &view).await;
    }
    let own = anna.scope.organisation.clone();
    let (first, more) = store.feedback_of(own.clone(), 0, 2).await.unwrap();
    assert_eq!((first, more), (vec![id(1), id(2)], true));
    let (rest, more) = store.feedback_of(own, 2, 2).await.unwrap();
    assert_eq!((rest, more), (vec![id(3)], false));
}

pub(in super::super) async fn a_rebuild_finds_nothing_to_mend<E: Engine>() {
    let (engine, mut anna) = seen_by_two::<E>().await;
    let store = engine.store();
    edit(store, &mut anna, id(1), |c| {
        as_place(c).same_as = Some(id(2));
    })
    .await;
    let before = nights(store).await;
    let rebuilt = store.rebuild().await.unwrap();
    assert_eq!((rebuilt.documents, rebuilt.differences), (4, Vec::new()));
    assert_eq!(nights(store).await, before);
}

pub(in super::super) async fn what_an_organisation_did_is_added_up<E: Engine>() {
    let (engine, mut anna) = seen_by_two::<E>().await;
    let store = engine.store();
    edit(store, &mut anna, id(11), |c| {
        let met = encounter();
        as_visit(c)
            .encounters
            .insert(RecordId::from_bytes([7; 8]), met);
    })
    .await;
    let own = anna.scope.organisation.clone();
    let tallies = async |from, to| {
        let all = store.followup(own.clone(), from, to).await.unwrap();
        let plain = all.into_iter().filter(|t| t.code.is_empty());
        plain.map(|t| (t.sort, t.count)).collect::<BTreeMap<_, _>>()
    };
    let night = NOW.night();
    let tonight = tallies(night, night).await;
    assert_eq!((tonight["visits"], tonight["counts"]), (1, 1));
    assert_eq!((tonight["encounters"], tonight["adults"]), (1, 1));
    let before = tallies(night.plus(-7), night.plus(-1)).await;
    assert_eq!((before["visits"], before["encounters"]), (0, 0));
}

pub(in super::super) async fn encounters_are_read_by_period<E: Engine>() {
    let (engine, mut anna) = seen_by_two::<E>().await;
    let store = engine.store();
    edit(store, &mut anna, id(11), |c| {
        let met = encounter();
        as_visit(c)
            .encounters
            .insert(RecordId::from_bytes([7; 8]), met);
    })
    .await;
    let met = store.period_meetings(period()).await.unwrap();
    assert_eq!(met.meetings.len(), 1);
    assert_eq!(met.meetings[0].people, 1);
    assert!(met.erased_share.abs() < f64::EPSILON);
    let before = store.period_meetings(period().earlier(1)).await.unwrap();
    assert_eq!(before.meetings, []);
    // Erasure leaves a place-night without encounters.
    store.erase(id(11), Actor::SERVER, NOW).await.unwrap();
    let left = store.period_meetings(period()).await.unwrap();
    assert_eq!(left.meetings, []);
    assert!((left.erased_share - 0.5).abs() < f64::EPSILON);
}

pub(in super::super) async fn what_came_in_lately_says_whose_and_where<E: Engine>() {
    let (engine, _) = seen_by_two::<E>().await;
    let came = engine.store().incoming(2).await.unwrap();
    let told: Vec<_> = came
        .iter()
        .map(|c| (c.organisation.id.as_str(), c.district.as_deref(), c.changes))
        .collect();
    let expected = [
        ("forening-a", Some("sodermalm"), 1),
        ("eu-teamet", Some("sodermalm"), 1),
    ];
    assert_eq!(told, expected);
    let counts = engine.store().standing(Instant(NOW.0 - DAY + HOUR)).await;
    assert_eq!(counts.unwrap().quarantined, 0);
}
