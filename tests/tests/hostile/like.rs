//! More of each kind: what somebody would try next.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, ROOT, ScalarValue};
use lagesbild_tests::sample;
use sync_core::ids::{SessionId, actor};
use sync_core::model::Kind;

use super::city::{ANNA, BO, City, KAJ, MAX, MIA, NOW, Sender, add, offer, record};

/// Changes of one session, each written on the one before.
async fn session(
    city: &City,
    by: Sender,
    id: sync_core::ids::DocumentId,
    many: usize,
    write: impl Fn(&mut AutoCommit),
) -> Vec<Vec<u8>> {
    let doc = AutoCommit::load(&city.document(id).await.save()).unwrap();
    let mut doc = doc.with_actor(actor(by.id(), SessionId::from_bytes(city.draw())));
    let changes = (0..many).map(|_| {
        write(&mut doc);
        doc.commit_with(CommitOptions::default().with_time(NOW.0 / 1000));
        doc.get_last_local_change().unwrap().raw_bytes().to_vec()
    });
    changes.collect()
}

#[tokio::test]
async fn another_organisation_cannot_fill_a_place_up_with_bytes() {
    let city = City::new().await;
    let place = city.place().await;
    for _ in 0..3 {
        let tips = |doc: &mut AutoCommit| {
            for _ in 0..15 {
                let tip = add(doc, "tips", city.draw());
                doc.put(&tip, "from", "x").unwrap();
                doc.put(&tip, "at", NOW.0).unwrap();
                doc.put(&tip, "text", "x".repeat(4_000)).unwrap();
            }
        };
        let changes = session(&city, MAX, place, 13, tips).await;
        city.offer(MAX, (place, Kind::Place), changes).await;
    }
    let small = |doc: &mut AutoCommit| {
        let tip = add(doc, "tips", city.draw());
        doc.put(&tip, "from", "x").unwrap();
        doc.put(&tip, "at", NOW.0).unwrap();
        doc.put(&tip, "text", "x".repeat(40)).unwrap();
    };
    let changes = session(&city, MAX, place, 200, small).await;
    city.offer(MAX, (place, Kind::Place), changes).await;
    assert_eq!(city.goes_on(place).await, None);
}

#[tokio::test]
async fn another_organisation_cannot_fill_a_place_up_with_records() {
    let city = City::new().await;
    let place = city.place().await;
    for key in ["tips", "states", "proposals"] {
        let records = |doc: &mut AutoCommit| {
            for _ in 0..50 {
                filler(doc, key, city.draw());
            }
        };
        let changes = session(&city, MAX, place, 10, records).await;
        city.offer(MAX, (place, Kind::Place), changes).await;
        let own = city.tries(ANNA, place, |doc| filler(doc, key, city.draw()));
        assert_eq!(own.await, None, "{key}");
    }
}

fn filler(doc: &mut AutoCommit, key: &str, id: [u8; 8]) {
    let record = add(doc, key, id);
    doc.put(&record, "at", NOW.0).unwrap();
    match key {
        "tips" => {
            doc.put(&record, "from", "x").unwrap();
            doc.put(&record, "text", "x").unwrap();
        }
        "states" => doc.put(&record, "state", "active").unwrap(),
        _ => {
            doc.put(&record, "about", "name").unwrap();
            doc.put(&record, "value", "x").unwrap();
        }
    }
}

#[tokio::test]
async fn another_s_document_s_id_is_not_taken() {
    let city = City::new().await;
    let (visit, _) = city.visit().await;
    let place = city.place().await;
    for by in [BO, MAX, MIA] {
        for (id, kind) in [
            (visit, Kind::Visit),
            (place, Kind::Place),
            (visit, Kind::Alert),
        ] {
            let content = match kind {
                Kind::Alert => sample::alert(NOW),
                _ => sample::place("Ett annat", "sodermalm", NOW),
            };
            let session = actor(by.id(), SessionId::from_bytes(city.draw()));
            let made = sync_core::document::Document::create(session, &content, NOW).unwrap();
            let result = city.offer(by, (id, kind), vec![made.1.bytes]).await;
            assert_eq!(result.accepted, 0);
            assert!(result.rejected.is_some());
        }
    }
}

#[tokio::test]
async fn what_another_made_is_not_sent_as_one_s_own() {
    let city = City::new().await;
    let (visit, _) = city.visit().await;
    let document = city.document(visit).await;
    let change = document.changes_since(&[]).remove(0).bytes;
    // Under a new id it would be hers in his name.
    let result = city.offer(BO, (city.id(), Kind::Visit), vec![change]).await;
    assert_eq!(result.rejected.unwrap().code, "not_your_actor");
}

#[tokio::test]
async fn a_receipt_is_good_for_its_own_document_and_nothing_more() {
    let city = City::new().await;
    let (place, other) = (city.place().await, city.place().await);
    let reply = city.reply(MAX, Vec::new()).await;
    let document = city.document(place).await;
    let good = City::relayed(&reply, place, &document);
    let forged = city
        .crafted(MAX, place, |doc| {
            doc.put(ROOT, "name", "Ett annat").unwrap();
        })
        .await;
    let mut with_more = good.clone();
    with_more.changes.push(forged.clone().into());
    let mut with_heads = with_more.clone();
    with_heads.heads = vec![lagesbild_tests::evidence::name(&forged)];
    let mut of_another = good.clone();
    of_another.receipt = City::relayed(&reply, other, &city.document(other).await).receipt;
    for relayed in [with_more, with_heads, of_another] {
        let mut offered = offer(place, Kind::Place, Vec::new());
        offered.relayed = Some(relayed);
        city.reply(MAX, vec![offered]).await;
        assert_eq!(city.said(place).await["name"], "Bron (exempel)");
    }
}

#[tokio::test]
async fn giving_a_place_back_after_a_restore_lets_nobody_rename_it() {
    let city = City::new().await;
    let kept = std::cell::RefCell::new(None);
    let city = city
        .put_back(async |city: &City| {
            let place = city.place().await;
            let reply = city.reply(MAX, Vec::new()).await;
            let relayed = City::relayed(&reply, place, &city.document(place).await);
            let renamed = city
                .crafted(MAX, place, |doc| {
                    doc.put(ROOT, "name", "Ett annat").unwrap();
                })
                .await;
            *kept.borrow_mut() = Some((place, relayed, renamed));
        })
        .await;
    let (place, relayed, renamed) = kept.take().unwrap();
    let mut offered = offer(place, Kind::Place, vec![renamed]);
    offered.relayed = Some(relayed);
    let result = city.reply(MAX, vec![offered]).await.results.remove(0);
    assert_eq!(result.relayed, Some(1));
    assert_eq!(
        city.said(place).await["name"],
        "Bron (exempel)",
        "{result:?}"
    );
}

#[tokio::test]
async fn a_personal_number_is_in_no_text_however_it_is_written() {
    let city = City::new().await;
    let (visit, _) = city.visit().await;
    for number in [
        "811228-9874",
        "8112289874",
        "19811228-9874",
        "198112289874",
        "811228 9874",
    ] {
        let noted = city.tries(ANNA, visit, |doc| {
            doc.put(ROOT, "note", format!("hon {number} (exempel)"))
                .unwrap();
        });
        assert_eq!(noted.await.as_deref(), Some("personal_number"), "{number}");
    }
}

#[tokio::test]
async fn a_coordinator_s_phone_withdraws_and_removes_nothing() {
    let city = City::new().await;
    let (visit, count) = city.visit().await;
    let taken_back = city.tries(KAJ, visit, |doc| {
        let count = record(doc, "counts", count);
        doc.put(count, "withdrawn", true).unwrap();
    });
    assert_eq!(taken_back.await, None);
    let said = city.said(visit).await;
    let count = &said["counts"][count.to_string()];
    assert_eq!(count["adults"], 4);
    assert_eq!(count["observer"], ANNA.id().to_string());
    let by = city.document(visit).await.authorship().said;
    assert!(by.iter().any(|said| said.device == KAJ.id()), "{by:?}");
}

#[tokio::test]
async fn nothing_is_said_of_an_organisation_that_is_not_there() {
    let city = City::new().await;
    let (visit, _) = city.visit().await;
    let said = city.tries(ANNA, visit, |doc| {
        let met = add(doc, "encounters", city.draw());
        let own = ScalarValue::Bytes(ANNA.id().as_bytes().to_vec());
        doc.put(&met, "observer", own).unwrap();
        doc.put(&met, "at", NOW.0).unwrap();
        doc.put(&met, "met_by", "hittat-pa").unwrap();
    });
    assert_eq!(said.await.as_deref(), Some("not_allowed"));
}

#[tokio::test]
async fn a_change_that_says_one_thing_too_much_is_refused_whole_and_alone() {
    let city = City::new().await;
    let place = city.place().await;
    let good = city.crafted(BO, place, |doc| doc.put(ROOT, "note", "gott").unwrap());
    let bad = city.crafted(BO, place, |doc| {
        doc.put(ROOT, "note", "ont").unwrap();
        doc.put(ROOT, "exact", true).unwrap();
    });
    let result = city
        .offer(BO, (place, Kind::Place), vec![good.await, bad.await])
        .await;
    assert_eq!(result.accepted, 1);
    assert_eq!(city.said(place).await["note"], "gott");
    assert_eq!(city.goes_on(place).await, None);
}
