//! Acts that need two people.

use sync_core::time::Instant;

use super::Engine;
use crate::outreach::store::port::acts::{ActStore, Asked, Settled, Wanted};
use crate::outreach::store::port::team_key::TeamKeyStore;
use crate::outreach::sync::testing::{HOUR, NOW, id};
use crate::shared::principal::{Actor, Principal, Role};

fn erasing() -> Asked {
    Asked {
        act: Wanted::EraseDocument,
        subject: id(1).to_string(),
        since: None,
        quarantine: false,
    }
}

/// A coordinator who asks, one of the same organisation and one of another.
async fn three<E: Engine>(engine: &E) -> [Principal; 3] {
    [
        engine.enrol(1, "eu-teamet", Role::Coordinator).await,
        engine.enrol(2, "eu-teamet", Role::Coordinator).await,
        engine.enrol(3, "forening-a", Role::Coordinator).await,
    ]
}

async fn ask(store: &impl ActStore, by: &Principal) -> i64 {
    let waiting = store.ask_act(erasing(), by.actor(), NOW).await.unwrap();
    waiting.unwrap().id
}

pub(in super::super) async fn an_act_waits_for_a_second_person<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let [asker, colleague, other] = three(&engine).await;
    let act = ask(store, &asker).await;
    // The same again is the one that waits.
    assert_eq!(ask(store, &asker).await, act);
    let waiting = store.waiting_acts(NOW).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].asked, erasing());
    assert_eq!(waiting[0].by.member, asker.member);
    for refused in [asker, colleague] {
        let settled = store.confirm_act(act, refused, NOW).await.unwrap();
        assert_eq!(settled, Settled::NotAllowed);
    }
    let settled = store.confirm_act(act, other.clone(), NOW).await.unwrap();
    assert_eq!(settled, Settled::Done(erasing()));
    let again = store.confirm_act(act, other, NOW).await.unwrap();
    assert_eq!(again, Settled::Unknown);
    assert_eq!(store.waiting_acts(NOW).await.unwrap(), []);
}

pub(in super::super) async fn whoever_asked_takes_it_back_and_nobody_can_confirm_it_then<
    E: Engine,
>() {
    let engine = E::empty().await;
    let store = engine.store();
    let [asker, _, other] = three(&engine).await;
    let act = ask(store, &asker).await;
    let settled = store.withdraw_act(act, other.clone(), NOW).await.unwrap();
    assert_eq!(settled, Settled::NotAllowed);
    let settled = store.withdraw_act(act, asker, NOW).await.unwrap();
    assert_eq!(settled, Settled::Done(erasing()));
    let settled = store.confirm_act(act, other, NOW).await.unwrap();
    assert_eq!(settled, Settled::Unknown);
}

pub(in super::super) async fn an_act_that_could_not_be_done_waits_again_and_not_for_ever<
    E: Engine,
>() {
    let engine = E::empty().await;
    let store = engine.store();
    let [asker, _, other] = three(&engine).await;
    let act = ask(store, &asker).await;
    store.confirm_act(act, other.clone(), NOW).await.unwrap();
    store.reopen_act(act).await.unwrap();
    assert_eq!(store.waiting_acts(NOW).await.unwrap().len(), 1);
    let late = Instant(NOW.0 + 24 * HOUR);
    let settled = store.confirm_act(act, other, late).await.unwrap();
    assert_eq!(settled, Settled::Unknown);
}

pub(in super::super) async fn the_first_team_key_stands_until_one_replaces_it<E: Engine>() {
    let engine = E::empty().await;
    assert_eq!(engine.store().team_key().await.unwrap(), None);
    let put = async |engine: &E, key: &str, replace| {
        let put = engine
            .store()
            .put_team_key(key.to_owned(), replace, Actor::SERVER, NOW)
            .await;
        put.unwrap()
    };
    assert_eq!(put(&engine, "ett", false).await, "ett");
    assert_eq!(put(&engine, "två", false).await, "ett");
    assert_eq!(put(&engine, "två", true).await, "två");
    let engine = engine.reopened();
    let stands = engine.store().team_key().await.unwrap();
    assert_eq!(stands.as_deref(), Some("två"));
}
