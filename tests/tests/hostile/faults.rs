//! The attacks that once worked, and their like, each on the server's core: what is said
//! there is refused, and what was there is there.

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ScalarValue};
use lagesbild_tests::sample;
use sync_core::model::{Content, Kind};
use sync_core::time::Instant;

use super::city::{
    ANNA, BO, City, DAY, KAJ, MAX, MIA, NOW, Sender, add, map, offer, record, sender,
};
use lagesbild_server::outreach::store::alerts::AlertStore;
use lagesbild_server::outreach::store::quarantine::QuarantineStore;

const NOT_ALLOWED: Option<&str> = Some("not_allowed");
const LONG_AGO: i64 = 1_592_000_000_000;
const FAR_AHEAD: i64 = 4_070_000_000_000;

fn bytes(of: Sender) -> ScalarValue {
    ScalarValue::Bytes(of.id().as_bytes().to_vec())
}

#[tokio::test]
async fn f1_dates_of_long_ago_and_far_ahead_wait_and_nothing_is_moved_there() {
    let city = City::new().await;
    let (visit, count) = city.visit().await;
    let alert = city.alert().await;
    let place = city.place().await;
    for by in [ANNA, BO, KAJ] {
        for at in [LONG_AGO, FAR_AHEAD, NOW.0 - 46 * DAY, NOW.0 + 3 * DAY] {
            let moved = city.tries(by, visit, |doc| doc.put(ROOT, "started", at).unwrap());
            assert_eq!(moved.await.as_deref(), NOT_ALLOWED);
            let moved = city.tries(by, visit, |doc| {
                let count = record(doc, "counts", count);
                doc.put(count, "at", at).unwrap();
            });
            assert_eq!(moved.await.as_deref(), NOT_ALLOWED);
            let ended = city.tries(by, visit, |doc| doc.put(ROOT, "ended", at).unwrap());
            assert_eq!(ended.await.as_deref(), Some("date_out_of_range"));
            let moved = city.tries(by, alert, |doc| doc.put(ROOT, "opened", at).unwrap());
            assert_eq!(moved.await.as_deref(), NOT_ALLOWED);
        }
    }
    for by in [ANNA, BO, MAX, MIA] {
        for at in [FAR_AHEAD, NOW.0 + 2 * 3_600_000] {
            let dated = city.tries(by, place, |doc| {
                let state = add(doc, "states", city.draw());
                doc.put(&state, "state", "evicted").unwrap();
                doc.put(&state, "at", at).unwrap();
            });
            assert_eq!(dated.await.as_deref(), Some("date_out_of_range"));
        }
    }
    // New ones, dated so.
    for at in [LONG_AGO, FAR_AHEAD] {
        let mut count = sample::count(BO.id(), NOW, 3);
        count.at = Instant(at);
        let of = sync_core::ids::RecordId::from_bytes(city.draw());
        for content in [sample::visit(place, of, count), sample::alert(Instant(at))] {
            let session = sync_core::ids::SessionId::from_bytes(city.draw());
            let made = sync_core::ids::actor(BO.id(), session);
            let made = sync_core::document::Document::create(made, &content, NOW).unwrap();
            let id = city.id();
            let offered = city.offer(BO, (id, content.kind()), vec![made.1.bytes]);
            let code = offered.await.rejected.unwrap().code;
            assert_eq!(code, "date_out_of_range");
        }
    }
}

#[tokio::test]
async fn f2_no_record_is_deleted_replaced_or_hidden_behind_another_map() {
    let city = City::new().await;
    let (visit, count) = city.visit().await;
    let before = city.said(visit).await;
    for by in [ANNA, BO, KAJ] {
        let key = count.to_string();
        let attacks: [&dyn Fn(&mut automerge::AutoCommit); 7] = [
            &|doc| doc.delete(map(doc, "counts"), key.as_str()).unwrap(),
            &|doc| doc.put(map(doc, "counts"), key.as_str(), true).unwrap(),
            &|doc| {
                let counts = map(doc, "counts");
                doc.put_object(counts, key.as_str(), ObjType::Map).unwrap();
            },
            &|doc| doc.delete(ROOT, "counts").unwrap(),
            &|doc| {
                doc.put_object(ROOT, "counts", ObjType::Map).unwrap();
            },
            &|doc| doc.put(ROOT, "kind", "place").unwrap(),
            &|doc| doc.put(ROOT, "schema", 2_u64).unwrap(),
        ];
        for attack in attacks {
            let code = city.tries(by, visit, attack).await;
            assert_eq!(code.as_deref(), NOT_ALLOWED);
        }
    }
    assert_eq!(city.said(visit).await, before);
}

#[tokio::test]
async fn f3_hidden_values_are_bounded_and_keep_nobody_from_going_on() {
    let city = City::new().await;
    let place = city.place().await;
    let base = automerge::AutoCommit::load(&city.document(place).await.save()).unwrap();
    let mut let_in = 0;
    for _ in 0..6 {
        let changes = (0..400).map(|n| {
            let session = sync_core::ids::SessionId::from_bytes(city.draw());
            let mut doc = base
                .clone()
                .with_actor(sync_core::ids::actor(BO.id(), session));
            doc.put(ROOT, "note", format!("{n}")).unwrap();
            doc.commit_with(
                automerge::transaction::CommitOptions::default().with_time(NOW.0 / 1000),
            );
            doc.get_last_local_change().unwrap().raw_bytes().to_vec()
        });
        let result = city
            .offer(BO, (place, Kind::Place), changes.collect())
            .await;
        let_in += result.accepted;
    }
    assert!(let_in <= 500, "{let_in} values of one field");
    assert_eq!(city.goes_on(place).await, None);
}

#[tokio::test]
async fn f4_no_phone_makes_a_place_the_same_as_another() {
    let city = City::new().await;
    let (place, hub) = (city.place().await, city.place().await);
    for by in [ANNA, BO, KAJ, MAX, MIA] {
        let merged = city.tries(by, place, |doc| {
            let other = ScalarValue::Bytes(hub.as_bytes().to_vec());
            doc.put(ROOT, "same_as", other).unwrap();
        });
        assert_eq!(merged.await.as_deref(), NOT_ALLOWED);
    }
}

#[tokio::test]
async fn f5_no_phone_silences_an_alert() {
    let city = City::new().await;
    let alert = city.alert().await;
    for by in [ANNA, BO, KAJ] {
        let heard = city.tries(by, alert, |doc| {
            let heard = add(doc, "acknowledgements", city.draw());
            doc.put(&heard, "by", bytes(MIA)).unwrap();
            doc.put(&heard, "at", NOW.0).unwrap();
        });
        assert_eq!(heard.await.as_deref(), NOT_ALLOWED);
        for (key, value) in [
            ("outcome", ScalarValue::from("taken_over")),
            ("closed", NOW.0.into()),
            ("opened", (NOW.0 - DAY).into()),
        ] {
            let ended = city.tries(by, alert, |doc| doc.put(ROOT, key, value.clone()).unwrap());
            assert_eq!(ended.await.as_deref(), NOT_ALLOWED, "{key}");
        }
    }
    for by in [BO, KAJ] {
        let taken_back = city.tries(by, alert, |doc| doc.put(ROOT, "withdrawn", true).unwrap());
        assert_eq!(taken_back.await.as_deref(), NOT_ALLOWED);
    }
    let moved = city.tries(BO, alert, |doc| {
        doc.put(ROOT, "category", "shelter").unwrap();
    });
    assert_eq!(moved.await.as_deref(), NOT_ALLOWED);
    for by in [MAX, MIA] {
        let reached = city.tries(by, alert, |doc| doc.put(ROOT, "note", "x").unwrap());
        assert_eq!(reached.await.as_deref(), Some("not_in_scope"));
    }
    // A flood of another's hides it from nobody.
    for _ in 0..120 {
        city.made(MAX, &sample::alert(NOW)).await;
    }
    let page = city.store.alerts(None, 0, 20).await.unwrap();
    assert!(page.alerts.iter().any(|listed| listed.document == alert));
    assert_eq!(page.unheard, 121);
}

#[tokio::test]
async fn f6_nobody_observes_in_another_s_name() {
    let city = City::new().await;
    let (visit, count) = city.visit().await;
    for (by, name) in [(BO, ANNA), (BO, MAX), (KAJ, ANNA), (ANNA, BO)] {
        for key in ["counts", "encounters"] {
            let forged = city.tries(by, visit, |doc| {
                let forged = add(doc, key, city.draw());
                doc.put(&forged, "observer", bytes(name)).unwrap();
                doc.put(&forged, "at", NOW.0).unwrap();
            });
            assert_eq!(forged.await.as_deref(), NOT_ALLOWED, "{key}");
        }
    }
    for by in [ANNA, BO, KAJ] {
        let taken = city.tries(by, visit, |doc| {
            let count = record(doc, "counts", count);
            doc.put(count, "observer", bytes(BO)).unwrap();
        });
        assert_eq!(taken.await.as_deref(), NOT_ALLOWED);
    }
}

#[tokio::test]
async fn f7_a_place_is_not_every_phone_s() {
    let city = City::new().await;
    let place = city.place().await;
    let before = city.said(place).await;
    for by in [MAX, MIA] {
        for (key, value) in [
            ("name", ScalarValue::from("Ett annat namn")),
            ("place_type", "street".into()),
            ("district", "farsta".into()),
            ("latitude", 5_930_000_i64.into()),
            ("note", "x".into()),
            ("exact", true.into()),
            ("withdrawn", true.into()),
            ("created", (NOW.0 - 5).into()),
        ] {
            let said = city.tries(by, place, |doc| doc.put(ROOT, key, value.clone()).unwrap());
            assert_eq!(said.await.as_deref(), NOT_ALLOWED, "{key}");
        }
    }
    for by in [ANNA, BO, KAJ] {
        let exact = city.tries(by, place, |doc| doc.put(ROOT, "exact", true).unwrap());
        assert_eq!(exact.await.as_deref(), NOT_ALLOWED);
        let fine = city.tries(by, place, |doc| {
            doc.put(ROOT, "latitude", 5_930_001_i64).unwrap();
        });
        assert_eq!(fine.await.as_deref(), NOT_ALLOWED);
    }
    let taken_back = city.tries(BO, place, |doc| doc.put(ROOT, "withdrawn", true).unwrap());
    assert_eq!(taken_back.await.as_deref(), NOT_ALLOWED);
    assert_eq!(city.said(place).await, before);
}

#[tokio::test]
async fn f9_no_phone_makes_reads_or_changes_what_was_complained_of() {
    let city = City::new().await;
    let id = city.id();
    let content = Content::Feedback(sync_core::model::Feedback {
        text: "ett klagomål (exempel)".to_owned(),
        language: <sync_core::model::Language as sync_core::model::Code>::ALL[0],
        about: None,
        at: NOW,
        steps: sync_core::model::Records::default(),
        reply: String::new(),
        withdrawn: false,
    });
    let session = sync_core::ids::SessionId::from_bytes(city.draw());
    let organisation = "eu-teamet".parse().unwrap();
    let made = lagesbild_server::outreach::sync::server_changes::create;
    made(
        &city.store,
        &lagesbild_server::outreach::sync::server_changes::Attribution::SERVER,
        organisation,
        (id, content),
        session,
        NOW,
    )
    .await
    .unwrap();
    for by in [ANNA, BO, KAJ, MAX] {
        let reply = city.reply(by, Vec::new()).await;
        assert!(reply.documents.iter().all(|d| d.document != id));
        for key in ["text", "reply"] {
            let said = city
                .tries(by, id, |doc| doc.put(ROOT, key, "x").unwrap())
                .await;
            assert!(said.is_some(), "{key}");
        }
        let taken_back = city.tries(by, id, |doc| doc.put(ROOT, "withdrawn", true).unwrap());
        assert!(taken_back.await.is_some());
    }
}

#[tokio::test]
async fn f14_rubbish_of_eleven_phones_pushes_out_neither_an_honest_phones_work_nor_a_strangers() {
    let city = City::new().await;
    // Refused, and nowhere else on the server.
    let dated = sample::alert(Instant(LONG_AGO));
    for honest in [ANNA, MAX] {
        let session = sync_core::ids::SessionId::from_bytes(city.draw());
        let made = sync_core::ids::actor(honest.id(), session);
        let made = sync_core::document::Document::create(made, &dated, NOW).unwrap();
        let offered = city.offer(honest, (city.id(), Kind::Alert), vec![made.1.bytes]);
        let code = offered.await.rejected.map(|r| r.code);
        assert_eq!(code.as_deref(), Some("date_out_of_range"));
    }
    for device in 100..111 {
        let rubbish = sender(device, ANNA.organisation, ANNA.capacity);
        for _ in 0..4 {
            let offers = (0..64).map(|_| offer(city.id(), Kind::Place, vec![vec![1; 64_000]]));
            let reply = city.reply(rubbish, offers.collect()).await;
            assert!(reply.results.iter().all(|r| r.rejected.is_some()));
        }
    }
    for honest in [ANNA, MAX] {
        let organisation = honest.organisation.parse().unwrap();
        let kept = city.store.quarantined(organisation, 5_000).await.unwrap();
        assert!(kept.iter().any(|entry| entry.device == honest.id()));
        let bytes: u64 = kept.iter().map(|entry| entry.size).sum();
        assert!(kept.len() <= 1_000 && bytes <= 16_000_000, "{bytes}");
    }
}
