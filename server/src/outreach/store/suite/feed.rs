//! Phones read what is new since their cursor.

use sync_core::ids::DocumentId;

use super::{Engine, record};
use crate::outreach::store::port::feed::{Feed, FeedRequest, FeedStore, PageBudget};
use crate::outreach::sync::testing::{NOW, Phone, count, id, place, visit};

async fn read(store: &impl FeedStore, phone: &Phone, cursor: u64, room: PageBudget) -> Feed {
    let asked = FeedRequest {
        scope: phone.scope.clone(),
        epoch: store.head().await.unwrap().epoch,
        cursor,
        since: None,
        now: NOW,
        room,
    };
    store.feed(asked).await.unwrap()
}

fn ids(feed: &Feed) -> Vec<DocumentId> {
    feed.documents.iter().map(|d| d.document).collect()
}

/// A place and a visit to it with eight people, by a phone of eu-teamet.
async fn visited<E: Engine>() -> (E, Phone) {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    record(engine.store(), &mut anna, id(1), &place("Parken")).await;
    let seen = visit(id(1), NOW, &[count(8)]);
    record(engine.store(), &mut anna, id(2), &seen).await;
    (engine, anna)
}

pub(in super::super) async fn a_colleague_reads_what_is_new_and_then_nothing<E: Engine>() {
    let (engine, anna) = visited::<E>().await;
    let bosse = Phone::new(2, "eu-teamet");
    let feed = read(engine.store(), &bosse, 0, PageBudget::FULL).await;
    assert_eq!(ids(&feed), [id(1), id(2)]);
    assert!(!feed.more);
    assert_eq!(feed.cursor, engine.store().head().await.unwrap().cursor);
    let again = read(engine.store(), &bosse, feed.cursor, PageBudget::FULL).await;
    assert_eq!(ids(&again), []);
    // What a phone said itself it is not told.
    let own = read(engine.store(), &anna, 1, PageBudget::FULL).await;
    assert_eq!(ids(&own), []);
}

pub(in super::super) async fn others_read_places_and_what_was_covered_and_no_visits<E: Engine>() {
    let (engine, _) = visited::<E>().await;
    let cilla = Phone::new(3, "forening-a");
    let feed = read(engine.store(), &cilla, 0, PageBudget::FULL).await;
    assert_eq!(ids(&feed), [id(1)]);
    assert_eq!(feed.documents[0].own, Some(false));
    assert_eq!(feed.coverage.len(), 1);
    let covered = &feed.coverage[0];
    assert_eq!((covered.place, covered.night), (id(1), NOW.night().0));
    assert_eq!(covered.organisation, "eu-teamet");
    assert!(covered.complete && covered.present);
    assert_eq!(covered.count, Some(8));
}

pub(in super::super) async fn a_brief_reply_says_that_there_is_more_and_where_to_go_on<
    E: Engine,
>() {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    for n in 1..=40 {
        record(engine.store(), &mut anna, id(n), &place("Parken")).await;
    }
    let bosse = Phone::new(2, "eu-teamet");
    let (mut cursor, mut all) = (0, Vec::new());
    loop {
        let feed = read(engine.store(), &bosse, cursor, PageBudget::BRIEF).await;
        assert!(feed.documents.len() <= 16);
        assert!(feed.cursor > cursor);
        cursor = feed.cursor;
        all.extend(ids(&feed));
        if !feed.more {
            break;
        }
    }
    assert_eq!(all, (1..=40).map(id).collect::<Vec<_>>());
}

pub(in super::super) async fn a_cursor_of_another_life_of_the_data_reads_from_the_beginning<
    E: Engine,
>() {
    let (engine, _) = visited::<E>().await;
    let bosse = Phone::new(2, "eu-teamet");
    let head = engine.store().head().await.unwrap();
    let asked = FeedRequest {
        scope: bosse.scope.clone(),
        epoch: head.epoch + 1,
        cursor: head.cursor,
        since: None,
        now: NOW,
        room: PageBudget::FULL,
    };
    let feed = engine.store().feed(asked).await.unwrap();
    assert_eq!(ids(&feed), [id(1), id(2)]);
    assert_eq!(feed.epoch, head.epoch);
    // One from the future means nothing either.
    let feed = read(engine.store(), &bosse, head.cursor + 1, PageBudget::FULL).await;
    assert_eq!(ids(&feed), [id(1), id(2)]);
}
