//! The log takes in what the gate let through, and gives it back as it was.

use sync_core::time::Instant;

use super::{Engine, cursor_of, let_in, record, request};
use crate::outreach::store::port::history::HistoryStore;
use crate::outreach::store::port::log::{Appended, Found, LogStore, WorkRoom};
use crate::outreach::sync::testing::{DAY, NOW, Phone, as_place, id, place};
use crate::shared::principal::Role;

pub(in super::super) async fn what_is_stored_is_found_as_it_was<E: Engine>() {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let offer = anna.create(id(1), &place("Parken"), NOW);
    let bytes = offer.changes[0].to_vec();
    let append = let_in(&anna, offer, 0);
    let done = engine.store().submit(request(&anna, vec![append])).await;
    assert_eq!(done.unwrap(), [Appended::Stored]);
    let engine = engine.reopened();
    let found = engine.store().find(vec![id(1), id(2)]).await.unwrap();
    let Found::Document(stored) = &found[0] else {
        panic!("{found:?}")
    };
    assert_eq!(stored.chunks, [bytes]);
    assert_eq!(stored.organisation, anna.scope.organisation);
    assert_eq!(stored.loose, 1);
    assert_eq!(found[1], Found::Nothing);
}

pub(in super::super) async fn a_change_that_was_checked_against_what_is_no_more_is_checked_again<
    E: Engine,
>() {
    let engine = E::empty().await;
    let store = engine.store();
    let mut anna = Phone::new(1, "eu-teamet");
    let cursor = record(store, &mut anna, id(1), &place("Parken")).await;
    let edit = |anna: &mut Phone, note: &'static str| {
        let offer = anna.edit(id(1), NOW, move |c| note.clone_into(&mut as_place(c).note));
        let_in(anna, offer, cursor)
    };
    let (first, second) = (edit(&mut anna, "ett"), edit(&mut anna, "två"));
    let done = store.submit(request(&anna, vec![first, second])).await;
    assert_eq!(done.unwrap(), [Appended::Stored, Appended::Moved]);
    let Found::Document(stored) = &store.find(vec![id(1)]).await.unwrap()[0] else {
        panic!("it is there")
    };
    assert_eq!(stored.chunks.len(), 2);
}

pub(in super::super) async fn a_document_is_made_once<E: Engine>() {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    record(engine.store(), &mut anna, id(1), &place("Parken")).await;
    let mut bosse = Phone::new(2, "forening-a");
    let offer = bosse.create(id(1), &place("Torget"), NOW);
    let append = let_in(&bosse, offer, 0);
    let done = engine.store().submit(request(&bosse, vec![append])).await;
    assert_eq!(done.unwrap(), [Appended::Moved]);
}

pub(in super::super) async fn a_snapshot_takes_the_place_of_the_changes_before_it<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let mut anna = Phone::new(1, "eu-teamet");
    let cursor = record(store, &mut anna, id(1), &place("Parken")).await;
    let offer = anna.edit(id(1), NOW, |c| as_place(c).note = "mer".to_owned());
    let mut append = let_in(&anna, offer, cursor);
    append.snapshot = anna.documents[&id(1)].compact();
    let snapshot = append.snapshot.clone().unwrap();
    store.submit(request(&anna, vec![append])).await.unwrap();
    let Found::Document(stored) = &store.find(vec![id(1)]).await.unwrap()[0] else {
        panic!("it is there")
    };
    assert_eq!(stored.chunks, [snapshot]);
    assert_eq!(stored.loose, 0);
}

pub(in super::super) async fn a_room_for_checking_ends_where_it_is_full<E: Engine>() {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    for n in 1..=3 {
        record(engine.store(), &mut anna, id(n), &place("Parken")).await;
    }
    let all = vec![id(1), id(2), id(3)];
    let within = async |size| {
        let room = WorkRoom::of(size);
        let (found, _) = engine
            .store()
            .find_within(all.clone(), room, |_, _| 10)
            .await
            .unwrap();
        found.iter().filter(|found| found.is_some()).count()
    };
    assert_eq!(within(30).await, 3);
    assert_eq!(within(29).await, 2);
    // The first always fits.
    assert_eq!(within(1).await, 1);
}

pub(in super::super) async fn changes_to_a_document_that_came_together_are_one_arrival<
    E: Engine,
>() {
    let engine = E::empty().await;
    let store = engine.store();
    let _ = engine.enrol(1, "eu-teamet", Role::Worker).await;
    let mut anna = Phone::new(1, "eu-teamet");
    let first = anna.create(id(1), &place("Parken"), NOW);
    let mut append = let_in(&anna, first, 0);
    let more = anna.edit(id(1), NOW, |c| as_place(c).note = "mer".to_owned());
    let more = let_in(&anna, more, 0);
    append.changes.extend(more.changes);
    append.heads = more.heads;
    let bytes: usize = append.changes.iter().map(|c| c.bytes.len()).sum();
    store.submit(request(&anna, vec![append])).await.unwrap();
    let came = store.came_since(Instant(NOW.0 - DAY)).await.unwrap();
    assert_eq!(came.len(), 1);
    let (at, device, organisation, what) = &came[0];
    assert_eq!((*at, *device), (NOW, anna.scope.device));
    assert_eq!(organisation.as_ref(), Some(&anna.scope.organisation));
    assert!(what.new);
    assert_eq!(what.bytes, bytes as u64);
    assert_eq!(store.came_since(Instant(NOW.0 + 1)).await.unwrap(), []);
}

pub(in super::super) async fn who_changed_a_document_is_told_in_the_order_of_arrival<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let enrolled = engine.enrol(1, "eu-teamet", Role::Worker).await;
    let mut anna = Phone::new(1, "eu-teamet");
    record(store, &mut anna, id(1), &place("Parken")).await;
    let made = anna.documents[&id(1)].heads();
    let cursor = cursor_of(store, id(1)).await;
    let offer = anna.edit(id(1), NOW, |c| as_place(c).note = "mer".to_owned());
    let append = let_in(&anna, offer, cursor);
    store.submit(request(&anna, vec![append])).await.unwrap();
    let told = store.changes_of(id(1)).await.unwrap();
    let hashes: Vec<_> = told.iter().map(|changed| changed.hash).collect();
    assert_eq!(hashes, [made, anna.documents[&id(1)].heads()].concat());
    let by = (enrolled.organisation, Role::Worker);
    assert_eq!(told[0].by, Some(by));
    assert_eq!(store.changes_of(id(2)).await.unwrap(), []);
}
