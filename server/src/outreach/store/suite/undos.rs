//! The changes of one device since a time are taken back, however often the server is started.

use sync_core::document::{Left, Why};
use sync_core::ids::SessionId;
use sync_core::time::Instant;

use super::{Engine, record};
use crate::outreach::store::port::feed::FeedStore;
use crate::outreach::store::port::undos::{NewUndo, UndoStore, UndoneDocument};
use crate::outreach::sync::testing::{HOUR, NOW, Phone, id, place};
use crate::shared::principal::Actor;

fn of(phone: &Phone, session: u8, taken_back: Option<i64>) -> NewUndo {
    NewUndo {
        device: phone.scope.device,
        since: NOW,
        of: taken_back,
        session: SessionId::from_bytes([session; 8]),
        by: Actor::SERVER,
    }
}

pub(in super::super) async fn an_undo_goes_on_where_it_was<E: Engine>() {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    record(engine.store(), &mut anna, id(1), &place("Parken")).await;
    let asked = of(&anna, 1, None);
    let undo = engine.store().begin_undo(asked.clone(), NOW).await.unwrap();
    let left = Left {
        path: vec!["note".to_owned()],
        why: Why::ChangedSince,
    };
    let done = vec![UndoneDocument {
        document: id(1),
        changed: 2,
        left: vec![left],
    }];
    engine
        .store()
        .note_undone(undo, done.clone())
        .await
        .unwrap();
    engine.store().advance_undo(undo, 1).await.unwrap();
    let engine = engine.reopened();
    let store = engine.store();
    let found = store.undo(undo).await.unwrap().unwrap();
    assert_eq!(found.asked, asked);
    assert_eq!((found.cursor, found.done_at), (1, None));
    assert_eq!(found.until, store.head().await.unwrap().cursor);
    assert_eq!((found.documents, found.fields, found.left), (1, 2, 1));
    let noted = store.undone_documents(undo, None, 10).await.unwrap();
    assert_eq!(noted, done);
    let behind = store.undone_documents(undo, Some(id(1)), 10).await.unwrap();
    assert_eq!(behind, []);
    store.finish_undo(undo, Actor::SERVER, NOW).await.unwrap();
    let found = store.undo(undo).await.unwrap().unwrap();
    assert_eq!(found.done_at, Some(NOW));
    assert_eq!(store.undo(undo + 1).await.unwrap(), None);
}

pub(in super::super) async fn an_undo_looks_through_what_one_device_said<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let (mut anna, mut bosse) = (Phone::new(1, "eu-teamet"), Phone::new(2, "eu-teamet"));
    record(store, &mut anna, id(1), &place("Parken")).await;
    record(store, &mut bosse, id(2), &place("Torget")).await;
    let last = record(store, &mut anna, id(3), &place("Bron")).await;
    let device = anna.scope.device;
    let said = async |since, after, until| {
        let portion = store.documents_said(device, since, after, until).await;
        portion.unwrap()
    };
    let portion = said(NOW, 0, last).await;
    assert_eq!(
        (portion.documents, portion.next),
        (vec![id(1), id(3)], None)
    );
    assert_eq!(said(NOW, last - 1, last).await.documents, [id(3)]);
    assert_eq!(said(NOW, 0, last - 1).await.documents, [id(1)]);
    let later = Instant(NOW.0 + HOUR);
    assert_eq!(said(later, 0, last).await.documents, []);
    let changes = store.changes_said(vec![id(1), id(2), id(9)], device, NOW);
    let made = anna.documents[&id(1)].heads();
    assert_eq!(changes.await.unwrap(), [made, Vec::new(), Vec::new()]);
}

pub(in super::super) async fn an_undo_names_the_one_that_took_it_back<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let anna = Phone::new(1, "eu-teamet");
    let first = store.begin_undo(of(&anna, 1, None), NOW).await.unwrap();
    let second = store.begin_undo(of(&anna, 2, Some(first)), NOW).await;
    let second = second.unwrap();
    let all = store.undos(10).await.unwrap();
    let named: Vec<_> = all.iter().map(|u| (u.id, u.taken_back_by)).collect();
    assert_eq!(named, [(second, None), (first, Some(second))]);
    assert_eq!(store.undos(1).await.unwrap().len(), 1);
    let mut sessions = store.undo_sessions(anna.scope.device).await.unwrap();
    sessions.sort_unstable();
    assert_eq!(sessions, [1, 2].map(|n| SessionId::from_bytes([n; 8])));
}
