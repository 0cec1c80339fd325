//! Documents past their time are hidden, then destroyed; what is erased never comes back.

use sync_core::model::Kind;
use sync_core::time::Instant;

use super::{Engine, let_in, record, request};
use crate::outreach::store::port::Port;
use crate::outreach::store::port::erasure::ErasureStore;
use crate::outreach::store::port::expiry::{ExpiryStore, Term};
use crate::outreach::store::port::feed::{FeedRequest, FeedStore, PageBudget};
use crate::outreach::store::port::log::{Appended, Found, LogStore};
use crate::outreach::store::port::rebuild::RebuildStore;
use crate::outreach::store::port::statistics::StatisticsStore;
use crate::outreach::store::port::times::{GoOn, TimesStore};
use crate::outreach::sync::testing::{DAY, HOUR, NOW, Phone, count, id, place, visit};
use crate::shared::principal::Actor;
use sync_core::time::Period;

const VISITS: Term = Term {
    kind: Kind::Visit,
    days: 90,
    hidden_days: 7,
};

async fn expire(store: &impl Port, now: Instant) -> (u64, u64) {
    let due = store.due(VISITS, now).await.unwrap();
    let expected = (due.to_hide(), due.to_destroy());
    let done = store.expire(VISITS, due, now, || false).await.unwrap();
    assert_eq!(done, expected);
    done
}

fn after(days: i64) -> Instant {
    Instant(NOW.0 + days * DAY)
}

/// Complete counts of the period's nights at the first place.
async fn counted(store: &impl StatisticsStore) -> usize {
    let period = Period::of(NOW.night(), 84);
    store.period_facts(period).await.unwrap().nights[0].len()
}

async fn visited<E: Engine>() -> E {
    let engine = E::empty().await;
    let mut anna = Phone::new(1, "eu-teamet");
    record(engine.store(), &mut anna, id(1), &place("Parken")).await;
    let seen = visit(id(1), NOW, &[count(8)]);
    record(engine.store(), &mut anna, id(2), &seen).await;
    engine
}

pub(in super::super) async fn what_is_due_is_hidden_then_destroyed_and_its_statistics_stay<
    E: Engine,
>() {
    let engine = visited::<E>().await;
    assert_eq!(expire(engine.store(), after(90)).await, (0, 0));
    assert_eq!(expire(engine.store(), after(91)).await, (1, 0));
    let hidden = engine.store().hidden(10).await.unwrap();
    assert_eq!((hidden[0].document, hidden[0].since), (id(2), after(91)));
    let engine = engine.reopened();
    assert_eq!(expire(engine.store(), after(98)).await, (0, 0));
    assert_eq!(expire(engine.store(), after(99)).await, (0, 1));
    let found = engine.store().find(vec![id(1), id(2)]).await.unwrap();
    assert!(matches!(found[0], Found::Document(_)));
    assert_eq!(found[1], Found::Erased);
    assert_eq!(counted(engine.store()).await, 1);
    let rebuilt = engine.store().rebuild().await.unwrap();
    assert_eq!(rebuilt.differences, []);
}

pub(in super::super) async fn what_is_taken_out_of_hiding_begins_anew<E: Engine>() {
    let engine = visited::<E>().await;
    let store = engine.store();
    assert!(!store.unhide(id(2), Actor::SERVER, NOW).await.unwrap());
    assert_eq!(expire(store, after(91)).await, (1, 0));
    assert!(store.unhide(id(2), Actor::SERVER, after(92)).await.unwrap());
    assert_eq!(store.hidden(10).await.unwrap(), []);
    assert_eq!(expire(store, after(150)).await, (0, 0));
    assert_eq!(expire(store, after(92 + 91)).await, (1, 0));
}

pub(in super::super) async fn an_erased_id_is_refused_for_ever<E: Engine>() {
    let engine = visited::<E>().await;
    let epoch = engine.store().head().await.unwrap().epoch;
    assert!(
        engine
            .store()
            .erase(id(2), Actor::SERVER, NOW)
            .await
            .unwrap()
    );
    assert!(
        !engine
            .store()
            .erase(id(2), Actor::SERVER, NOW)
            .await
            .unwrap()
    );
    // Also what has not arrived yet.
    assert!(
        engine
            .store()
            .erase(id(3), Actor::SERVER, NOW)
            .await
            .unwrap()
    );
    let engine = engine.reopened();
    let mut anna = Phone::new(1, "eu-teamet");
    let seen = visit(id(1), NOW, &[count(1)]);
    let appends = [id(2), id(3)].map(|id| {
        let offer = anna.create(id, &seen, NOW);
        let_in(&anna, offer, 0)
    });
    let done = engine.store().submit(request(&anna, appends.into())).await;
    assert_eq!(done.unwrap(), [Appended::Erased, Appended::Erased]);
    let feed = engine.store().feed(FeedRequest {
        scope: anna.scope.clone(),
        epoch,
        cursor: 1,
        since: None,
        now: NOW,
        room: PageBudget::FULL,
    });
    assert_eq!(feed.await.unwrap().purge, [id(2), id(3)]);
    assert_eq!(counted(engine.store()).await, 1);
}

pub(in super::super) async fn the_mark_of_time_never_goes_down_by_itself<E: Engine>() {
    let engine = E::empty().await;
    engine.store().raise_mark(after(2)).await.unwrap();
    engine.store().raise_mark(after(1)).await.unwrap();
    let engine = engine.reopened();
    let store = engine.store();
    assert_eq!(store.times().await.unwrap().mark, after(2));
    // What a clock that is behind receives counts as received at the mark.
    let mut anna = Phone::new(1, "eu-teamet");
    record(store, &mut anna, id(1), &place("Parken")).await;
    let came = store.came_since(Instant(0)).await.unwrap();
    assert_eq!(came[0].0, after(2));
    // A person who has looked sets it right.
    let said = GoOn {
        allowed: 9,
        anew: true,
    };
    let now = Instant(NOW.0 + HOUR);
    store.go_on(said, Actor::SERVER, now).await.unwrap();
    let times = store.times().await.unwrap();
    assert_eq!((times.mark, times.counts_from), (now, now));
    assert_eq!((times.went_on_at, times.allowed), (now, 9));
}
