//! Changes that were not let in wait for somebody to look at them.

use sync_core::ids::{DeviceId, SessionId};
use sync_core::model::Kind;

use super::{Engine, request};
use crate::outreach::store::port::Port;
use crate::outreach::store::port::quarantine::{QuarantineStore, Refused, Settled};
use crate::outreach::store::port::undos::{NewUndo, UndoStore};
use crate::outreach::sync::testing::{NOW, Phone, id};
use crate::shared::principal::Actor;

fn refused(n: u32) -> Refused {
    Refused {
        document: id(n),
        kind: Kind::Place,
        code: "malformed",
        detail: "no chunk".to_owned(),
        bytes: n.to_be_bytes().to_vec(),
    }
}

async fn refuse(store: &impl Port, phone: &Phone, all: Vec<Refused>) {
    let mut request = request(phone, Vec::new());
    request.refused = all;
    assert_eq!(store.submit(request).await.unwrap(), []);
}

async fn waiting(store: &impl QuarantineStore, phone: &Phone) -> Vec<i64> {
    let organisation = phone.scope.organisation.clone();
    let all = store.quarantined(organisation, 100).await.unwrap();
    all.iter().map(|entry| entry.id).collect()
}

pub(in super::super) async fn the_same_again_adds_nothing<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let anna = Phone::new(1, "eu-teamet");
    refuse(store, &anna, vec![refused(1), refused(2)]).await;
    refuse(store, &anna, vec![refused(2)]).await;
    let organisation = anna.scope.organisation.clone();
    let all = store.quarantined(organisation.clone(), 100).await.unwrap();
    // The newest first.
    let documents: Vec<_> = all.iter().map(|entry| entry.document).collect();
    assert_eq!(documents, [id(2), id(1)]);
    assert_eq!((all[0].code.as_str(), all[0].size), ("malformed", 4));
    // A list that is cut leaves no doubt of it.
    let waiting = store.waiting_in_quarantine(organisation.clone()).await;
    assert_eq!(waiting.unwrap(), all.len() as u64);
    assert_eq!(store.quarantined(organisation, 1).await.unwrap().len(), 1);
}

pub(in super::super) async fn what_is_settled_is_settled_once_and_by_its_organisation<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let (anna, cilla) = (Phone::new(1, "eu-teamet"), Phone::new(3, "forening-a"));
    refuse(store, &anna, vec![refused(1)]).await;
    let entry = waiting(store, &anna).await[0];
    let settle = async |phone: &Phone| {
        let (organisation, by) = (phone.scope.organisation.clone(), Actor::SERVER);
        store
            .settle_quarantined(organisation, entry, Settled::Released, by, NOW)
            .await
            .unwrap()
    };
    let change = async |phone: &Phone| {
        let organisation = phone.scope.organisation.clone();
        store.quarantined_change(organisation, entry).await.unwrap()
    };
    assert_eq!(change(&anna).await.unwrap().bytes, refused(1).bytes);
    assert_eq!(change(&cilla).await, None);
    assert!(!settle(&cilla).await);
    assert!(settle(&anna).await);
    assert!(!settle(&anna).await);
    assert_eq!(change(&anna).await, None);
    assert!(waiting(store, &anna).await.is_empty());
}

pub(in super::super) async fn what_was_discarded_is_known_again<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let anna = Phone::new(1, "eu-teamet");
    refuse(store, &anna, vec![refused(1), refused(2)]).await;
    let entry = waiting(store, &anna).await[1];
    let (organisation, by) = (anna.scope.organisation.clone(), Actor::SERVER);
    let settled = store.settle_quarantined(organisation, entry, Settled::Discarded, by, NOW);
    assert!(settled.await.unwrap());
    let known = async |device: u8, n| {
        let device = DeviceId::from_bytes([device; 8]);
        store.was_discarded(device, &refused(n)).await.unwrap()
    };
    assert!(known(1, 1).await);
    assert!(!known(1, 2).await);
    assert!(!known(2, 1).await);
}

pub(in super::super) async fn all_of_a_device_is_discarded_with_an_undo<E: Engine>() {
    let engine = E::empty().await;
    let store = engine.store();
    let (anna, bosse) = (Phone::new(1, "eu-teamet"), Phone::new(2, "eu-teamet"));
    refuse(store, &anna, (0..120).map(refused).collect()).await;
    refuse(store, &bosse, vec![refused(500)]).await;
    let (device, by) = (anna.scope.device, Actor::SERVER);
    assert_eq!(store.quarantined_of(device).await.unwrap(), 120);
    let undo = NewUndo {
        device,
        since: NOW,
        of: None,
        session: SessionId::from_bytes([1; 8]),
        by,
    };
    let undo = store.begin_undo(undo, NOW).await.unwrap();
    let discarded = store.discard_quarantined_of(undo, device, by, NOW).await;
    assert_eq!(discarded.unwrap(), 120);
    assert_eq!(store.quarantined_of(device).await.unwrap(), 0);
    assert_eq!(waiting(store, &bosse).await.len(), 1);
    let noted = store.undo(undo).await.unwrap().unwrap();
    assert_eq!(noted.discarded, 120);
}
