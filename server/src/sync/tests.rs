//! Exchanges between made-up phones and a real store.

use sync_core::ids::DocumentId;
use sync_core::model::{Content, Kind};
use sync_core::protocol::Reply;
use sync_core::time::Instant;

use super::testing::{
    City, DAY, NOW, Phone, as_place, as_visit, count, encounter, id, place, visit,
};
use super::{ExchangeError, exchange};
use crate::projection::Period;
use crate::store::draws::{DrawRequest, Drawing};
use crate::store::log::COMPACT_AFTER;
use crate::store::{Store, StoreError, StoreOptions};

fn codes(reply: &Reply) -> Vec<Option<&str>> {
    reply
        .results
        .iter()
        .map(|r| r.rejected.as_ref().map(|r| r.code.as_str()))
        .collect()
}

fn ids(reply: &Reply) -> Vec<DocumentId> {
    reply.documents.iter().map(|d| d.document).collect()
}

async fn query(store: &Store, sql: &'static str) -> i64 {
    store
        .read(move |c| Ok(c.query_row(sql, [], |r| r.get(0))?))
        .await
        .unwrap()
}

async fn persons(store: &Store) -> Vec<(i64, i64)> {
    store
        .read(|c| {
            let rows = c
                .prepare("SELECT complete, twice_median FROM place_night ORDER BY place, night")?
                .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_reaches_the_colleague_and_nobody_else() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut berit = Phone::new(2, "eu-teamet");
    let mut cilla = Phone::new(3, "forening-a");
    let mut met = visit(id(1), NOW, &[count(4)]);
    as_visit(&mut met)
        .encounters
        .insert(sync_core::ids::RecordId::from_bytes([9; 8]), encounter());
    let batch = vec![
        anna.create(id(1), &place("Parken"), NOW),
        anna.create(id(2), &met, NOW),
    ];
    let reply = anna.sync(&city.store, batch).await;
    assert_eq!(codes(&reply), [None, None]);
    let reply = anna.sync(&city.store, vec![]).await;
    assert!(
        reply.documents.is_empty(),
        "a phone does not get its own back"
    );

    let reply = berit.sync(&city.store, vec![]).await;
    assert_eq!(ids(&reply), [id(1), id(2)]);
    assert!(reply.coverage.is_empty(), "coverage is about the others");
    assert_eq!(berit.documents[&id(2)].content().unwrap(), met);

    let reply = cilla.sync(&city.store, vec![]).await;
    assert_eq!(ids(&reply), [id(1)], "visits stay within the organisation");
    assert_eq!(reply.coverage.len(), 1);
    let row = &reply.coverage[0];
    assert_eq!(
        (row.place, row.complete, row.count, row.present),
        (id(1), true, Some(4), true)
    );
    assert_eq!(row.organisation, "eu-teamet");
    assert_eq!(row.night, NOW.night().0);
    let bytes = minicbor::to_vec(&reply).unwrap();
    let text = "KANARIEFÅGEL".as_bytes();
    assert!(!bytes.windows(text.len()).any(|w| w == text));
}

#[tokio::test(flavor = "multi_thread")]
async fn repeating_a_request_changes_nothing() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let batch = vec![anna.create(id(1), &place("Parken"), NOW)];
    let request = anna.request(batch);
    let first = exchange(&city.store, &anna.scope, request.clone(), NOW)
        .await
        .unwrap();
    for _ in 0..3 {
        let again = exchange(&city.store, &anna.scope, request.clone(), NOW)
            .await
            .unwrap();
        assert_eq!(again.results, first.results);
        assert_eq!(again.cursor, first.cursor);
    }
    assert_eq!(query(&city.store, "SELECT count(*) FROM changes").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_changes_places_only() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut cilla = Phone::new(3, "forening-a");
    let batch = vec![
        anna.create(id(1), &place("Parken"), NOW),
        anna.create(id(2), &visit(id(1), NOW, &[count(4)]), NOW),
    ];
    anna.sync(&city.store, batch).await;
    cilla.sync(&city.store, vec![]).await;
    cilla
        .documents
        .insert(id(2), anna.documents[&id(2)].clone());
    let batch = vec![
        cilla.edit(id(2), NOW, |c| "nytt".clone_into(&mut as_visit(c).note)),
        cilla.edit(id(1), NOW, |c| {
            "bakom kiosken".clone_into(&mut as_place(c).note);
        }),
    ];
    let reply = cilla.sync(&city.store, batch).await;
    assert_eq!(codes(&reply), [Some("not_in_scope"), None]);
    let reply = anna.sync(&city.store, vec![]).await;
    assert_eq!(ids(&reply), [id(1)]);
    let organisation = "forening-a".parse().unwrap();
    let kept = city.store.quarantined(organisation, 10).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].document, kept[0].code.as_str()),
        (id(2), "not_in_scope")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_document_does_not_stop_the_rest() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut bad = anna.create(id(1), &place("Parken"), NOW);
    bad.changes[0][20] ^= 0xff;
    let mut foreign = Phone::new(7, "eu-teamet");
    let batch = vec![
        bad.clone(),
        foreign.create(id(2), &place("Torget"), NOW),
        anna.create(id(3), &place("Bron"), NOW),
    ];
    let reply = anna.sync(&city.store, batch).await;
    assert_eq!(reply.results[2].accepted, 1);
    let codes = codes(&reply);
    assert!(codes[0].is_some() && codes[2].is_none(), "{codes:?}");
    assert_eq!(codes[1], Some("not_your_actor"));
    // Offering it again keeps one copy.
    anna.sync(&city.store, vec![bad]).await;
    assert_eq!(
        query(&city.store, "SELECT count(*) FROM quarantine").await,
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_made_alike_are_two() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let batch = vec![
        anna.create(id(1), &place("Parken"), NOW),
        anna.create(id(2), &place("Parken"), NOW),
    ];
    assert_eq!(batch[0].changes, batch[1].changes);
    let reply = anna.sync(&city.store, batch).await;
    assert_eq!(codes(&reply), [None, None]);
    assert_eq!(
        query(&city.store, "SELECT count(*) FROM documents").await,
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_that_write_at_once_all_get_in() {
    let city = City::new().await;
    let mut first = Phone::new(1, "eu-teamet");
    let batch = vec![first.create(id(1), &place("Parken"), NOW)];
    first.sync(&city.store, batch).await;
    let mut tasks = Vec::new();
    for number in 2..10_u8 {
        let store = city.store.clone();
        let mut phone = Phone::new(number, "eu-teamet");
        phone.sync(&store, vec![]).await;
        tasks.push(tokio::spawn(async move {
            let offer = phone.edit(id(1), NOW, |c| {
                let tip = sync_core::model::Tip {
                    from: "boende".to_owned(),
                    at: NOW,
                    checked: None,
                    text: format!("tips {number}"),
                    withdrawn: false,
                };
                let record = sync_core::ids::RecordId::from_bytes([number; 8]);
                as_place(c).tips.insert(record, tip);
            });
            loop {
                let request = phone.request(vec![offer.clone()]);
                match exchange(&store, &phone.scope, request, NOW).await {
                    Ok(reply) => break codes(&reply) == [None],
                    Err(ExchangeError::Store(StoreError::Busy)) => {}
                    Err(e) => panic!("{e}"),
                }
            }
        }));
    }
    for task in tasks {
        assert!(task.await.unwrap());
    }
    first.sync(&city.store, vec![]).await;
    let mut content = first.documents[&id(1)].content().unwrap();
    assert_eq!(as_place(&mut content).tips.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_is_sent_as_a_snapshot() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut berit = Phone::new(2, "eu-teamet");
    let batch = vec![anna.create(id(1), &place("Parken"), NOW)];
    anna.sync(&city.store, batch).await;
    berit.sync(&city.store, vec![]).await;
    for n in 0..COMPACT_AFTER + 5 {
        let edit = anna.edit(id(1), NOW, |c| as_place(c).note = format!("{n}"));
        anna.sync(&city.store, vec![edit]).await;
    }
    let reply = berit.sync(&city.store, vec![]).await;
    assert!(
        reply.documents[0].snapshot.is_none(),
        "it has the beginning"
    );
    let mut cilla = Phone::new(3, "forening-a");
    let reply = cilla.sync(&city.store, vec![]).await;
    assert!(reply.documents[0].snapshot.is_some());
    assert!(reply.documents[0].changes.len() < 10);
    for phone in [&berit, &cilla] {
        assert_eq!(
            phone.documents[&id(1)].content().unwrap(),
            anna.documents[&id(1)].content().unwrap()
        );
    }
    // What was compacted can still be changed.
    let edit = cilla.edit(id(1), NOW, |c| as_place(c).note = "sist".to_owned());
    let reply = cilla.sync(&city.store, vec![edit]).await;
    assert_eq!(codes(&reply), [None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_comes_in_pages() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    for page in 0..3_u32 {
        let batch = (0..200)
            .map(|n| anna.create(id(200 * page + n), &place("Parken"), NOW))
            .collect();
        anna.sync(&city.store, batch).await;
    }
    let mut cilla = Phone::new(3, "forening-a");
    let (mut rounds, mut got) = (0, 0);
    loop {
        let reply = cilla.sync(&city.store, vec![]).await;
        rounds += 1;
        got += reply.documents.len();
        assert!(reply.documents.len() <= 200);
        if !reply.more {
            break;
        }
    }
    assert_eq!((got, cilla.documents.len()), (600, 600));
    assert!(rounds <= 4, "{rounds}");
    // The author has nothing to read, in one round.
    let reply = anna.sync(&city.store, vec![]).await;
    assert!(reply.documents.is_empty() && !reply.more);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_organisations_are_reconciled_not_added() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let batch = vec![
        anna.create(id(1), &place("Parken"), NOW),
        anna.create(id(2), &visit(id(1), NOW, &[count(9)]), NOW),
    ];
    anna.sync(&city.store, batch).await;
    for (n, organisation, best) in [(3, "forening-a", 7), (4, "forening-b", 12)] {
        let mut phone = Phone::new(n, organisation);
        let offer = phone.create(id(n.into()), &visit(id(1), NOW, &[count(best)]), NOW);
        phone.sync(&city.store, vec![offer]).await;
    }
    assert_eq!(persons(&city.store).await, [(3, 18)]);
    // One takes its visit back.
    let edit = anna.edit(id(2), NOW, |c| as_visit(c).withdrawn = true);
    anna.sync(&city.store, vec![edit]).await;
    assert_eq!(persons(&city.store).await, [(2, 19)]);
    let mut cilla = Phone::new(3, "forening-a");
    cilla.cursor = 2;
    let reply = cilla.sync(&city.store, vec![]).await;
    let gone = reply
        .coverage
        .iter()
        .find(|c| c.organisation == "eu-teamet")
        .unwrap();
    assert!(!gone.present, "phones hear that a visit was taken back");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_places_that_are_the_same_count_once() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    // The visits arrive before their places.
    let batch = vec![
        anna.create(id(11), &visit(id(1), NOW, &[count(8)]), NOW),
        anna.create(id(12), &visit(id(2), NOW, &[count(6)]), NOW),
        anna.create(id(1), &place("Parken"), NOW),
        anna.create(id(2), &place("Lunden"), NOW),
    ];
    anna.sync(&city.store, batch).await;
    assert_eq!(persons(&city.store).await, [(1, 16), (1, 12)]);
    let edit = anna.edit(id(2), NOW, |c| as_place(c).same_as = Some(id(1)));
    anna.sync(&city.store, vec![edit]).await;
    assert_eq!(persons(&city.store).await, [(2, 14)]);
    // In a circle they still are one.
    let edit = anna.edit(id(1), NOW, |c| as_place(c).same_as = Some(id(2)));
    anna.sync(&city.store, vec![edit]).await;
    assert_eq!(persons(&city.store).await, [(2, 14)]);
    let edits = vec![
        anna.edit(id(1), NOW, |c| as_place(c).same_as = None),
        anna.edit(id(2), NOW, |c| as_place(c).same_as = None),
    ];
    anna.sync(&city.store, edits).await;
    assert_eq!(persons(&city.store).await, [(1, 16), (1, 12)]);
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn erased_means_gone_and_refused() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut berit = Phone::new(2, "eu-teamet");
    let mut content = visit(id(1), NOW, &[count(8)]);
    as_visit(&mut content).note = "KANARIEFÅGEL".to_owned();
    let create = anna.create(id(2), &content, NOW);
    let batch = vec![anna.create(id(1), &place("Parken"), NOW), create.clone()];
    anna.sync(&city.store, batch).await;
    berit.sync(&city.store, vec![]).await;
    let before = persons(&city.store).await;
    assert!(city.store.erase(id(2), None, NOW).await.unwrap());
    assert!(!city.store.erase(id(2), None, NOW).await.unwrap());
    let reply = berit.sync(&city.store, vec![]).await;
    assert_eq!(reply.purge, [id(2)]);
    assert!(!berit.documents.contains_key(&id(2)));
    let reply = anna.sync(&city.store, vec![create]).await;
    assert_eq!(codes(&reply), [Some("erased")]);
    assert_eq!(
        persons(&city.store).await,
        before,
        "the place's night stays"
    );
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
    // The refused repeat is in quarantine; erasing keeps that too from staying.
    assert!(query(&city.store, "SELECT count(*) FROM quarantine").await <= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_trace_of_erased_text_is_left_on_disk() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut content = visit(id(1), NOW, &[count(8)]);
    as_visit(&mut content).note = "KANARIEFÅGEL".to_owned();
    let create = anna.create(id(2), &content, NOW);
    anna.sync(&city.store, vec![create.clone()]).await;
    let canary = |directory: &std::path::Path| {
        std::fs::read_dir(directory).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let text = "KANARIEFÅGEL".as_bytes();
            bytes.windows(text.len()).any(|w| w == text)
        })
    };
    assert!(canary(city.store.directory()));
    city.store.erase(id(2), None, NOW).await.unwrap();
    assert!(!canary(city.store.directory()));
    // Nor does an offer of it, refused for that very reason, bring it back.
    anna.sync(&city.store, vec![create]).await;
    assert!(!canary(city.store.directory()));
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_leaves_the_estimate_as_it_was() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut batch = vec![anna.create(id(1), &place("Parken"), NOW)];
    for n in 0..10_u32 {
        let at = Instant(NOW.0 - i64::from(n) * DAY);
        batch.push(anna.create(id(10 + n), &visit(id(1), at, &[count(n), count(n + 3)]), at));
    }
    anna.sync(&city.store, batch).await;
    let before = persons(&city.store).await;
    let old = Instant(NOW.0 - 5 * DAY);
    assert_eq!(city.store.expire(Kind::Visit, old, NOW).await.unwrap(), 4);
    assert_eq!(city.store.expire(Kind::Visit, old, NOW).await.unwrap(), 0);
    assert_eq!(persons(&city.store).await, before);
    assert_eq!(
        query(&city.store, "SELECT count(*) FROM visit_row").await,
        6
    );
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_acknowledges_nothing() {
    let city = City::with(&StoreOptions {
        max_pages: Some(90),
        ..StoreOptions::default()
    })
    .await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut acknowledged = 0;
    let full = loop {
        let batch = (0..20)
            .map(|n| anna.create(id(acknowledged + n), &place("Parken"), NOW))
            .collect();
        let request = anna.request(batch);
        match exchange(&city.store, &anna.scope, request, NOW).await {
            Ok(_) => acknowledged += 20,
            Err(e) => break e,
        }
    };
    assert!(
        matches!(full, ExchangeError::Store(StoreError::Full)),
        "{full}"
    );
    let stored = query(&city.store, "SELECT count(*) FROM changes").await;
    assert_eq!(stored, i64::from(acknowledged));
    assert!(acknowledged > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_from_another_life_of_the_data_reads_from_the_start() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let batch = vec![anna.create(id(1), &place("Parken"), NOW)];
    anna.sync(&city.store, batch).await;
    anna.epoch += 1;
    anna.cursor = 1_000;
    let reply = anna.sync(&city.store, vec![]).await;
    assert_eq!(ids(&reply), [id(1)]);
    assert!(!reply.more);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_is_made_once_and_reaches_the_phones() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut batch: Vec<_> = (0..20_u32)
        .map(|n| anna.create(id(n), &place("Parken"), NOW))
        .collect();
    batch.push(anna.create(id(50), &visit(id(3), NOW, &[count(2)]), NOW));
    batch.push(anna.edit(id(4), NOW, |c| as_place(c).withdrawn = true));
    batch.push(anna.edit(id(5), NOW, |c| as_place(c).same_as = Some(id(6))));
    anna.sync(&city.store, batch).await;
    let period = Period::of(NOW.night(), 28);
    let request = DrawRequest {
        period,
        count: 8,
        seed: 42,
        now: NOW,
        by: None,
    };
    let early = DrawRequest {
        now: period.first.start(),
        ..request
    };
    assert_eq!(
        city.store.draw_if_due(early).await.unwrap(),
        Drawing::NotDue
    );
    let Drawing::Made(view) = city.store.draw_places(request).await.unwrap() else {
        panic!("a draw")
    };
    assert_eq!(view.places.len(), 8);
    let drawn: Vec<_> = view.places.iter().map(|p| p.place).collect();
    assert!(
        [3, 4, 5].iter().all(|n| !drawn.contains(&id(*n))),
        "{drawn:?}"
    );
    let again = city.store.draw_places(request).await.unwrap();
    assert_eq!(again, Drawing::AlreadyMade(view));
    let reply = anna.sync(&city.store, vec![]).await;
    assert_eq!(reply.draw.unwrap().places, drawn);
    assert!(anna.sync(&city.store, vec![]).await.draw.is_none());
    // A visit to a drawn place counts as drawn once it is seen whole.
    let later = Instant(NOW.0 + DAY);
    let offer = anna.create(id(60), &visit(drawn[0], later, &[count(1)]), later);
    anna.sync_at(&city.store, vec![offer], later).await;
    let view = city.store.draw(period).await.unwrap().unwrap();
    assert_eq!(view.places.iter().filter(|p| p.visited).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_is_listed_without_content() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let batch = vec![
        anna.create(id(1), &place("Parken"), NOW),
        anna.create(id(2), &visit(id(1), NOW, &[count(8)]), NOW),
    ];
    anna.sync(&city.store, batch).await;
    let arrivals = city.store.incoming(10).await.unwrap();
    assert_eq!(arrivals.len(), 2);
    assert_eq!(arrivals[0].kind, Kind::Visit);
    assert_eq!(arrivals[0].district.as_deref(), Some("sodermalm"));
    assert!(!arrivals[0].late);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_chain_shows_what_was_tampered_with() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    for n in 0..5_u32 {
        let offer = anna.create(id(n), &place("Parken"), NOW);
        anna.sync(&city.store, vec![offer]).await;
    }
    let whole = city.store.verify_audit().await.unwrap();
    let crate::audit::Chain::Whole { rows } = whole else {
        panic!("{whole:?}")
    };
    // At least the five exchanges.
    assert!(rows >= 5);
    let refused = city
        .store
        .write(|tx| Ok(tx.execute("UPDATE audit SET detail = 'x' WHERE seq = 3", [])?))
        .await;
    assert!(refused.is_err());
    city.store
        .write(|tx| {
            tx.execute_batch("DROP TRIGGER audit_is_never_changed")?;
            Ok(tx.execute("UPDATE audit SET detail = 'x' WHERE seq = 3", [])?)
        })
        .await
        .unwrap();
    let broken = city.store.verify_audit().await.unwrap();
    assert_eq!(broken, crate::audit::Chain::BrokenAt { row: 3 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_finds_and_mends_what_differs() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let batch = vec![
        anna.create(id(1), &place("Parken"), NOW),
        anna.create(id(2), &visit(id(1), NOW, &[count(8)]), NOW),
    ];
    anna.sync(&city.store, batch).await;
    city.store
        .write(|tx| Ok(tx.execute("UPDATE place_night SET twice_median = 99", [])?))
        .await
        .unwrap();
    let found = city.store.rebuild().await.unwrap();
    assert_eq!(found.documents, 2);
    assert_eq!(found.differences.len(), 1);
    assert_eq!(found.differences[0].table, "place_night");
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
    assert_eq!(persons(&city.store).await, [(1, 16)]);
}

/// A content of the same kind with one more edit, for random histories.
fn scramble(content: &mut Content, n: u32) {
    match content {
        Content::Visit(visit) => match n % 4 {
            0 => visit.withdrawn = !visit.withdrawn,
            1 => visit.place = id(n % 5),
            2 => visit.started = Instant(NOW.0 - i64::from(n % 6) * DAY),
            _ => {
                let record = sync_core::ids::RecordId::from_bytes(u64::from(n).to_be_bytes());
                visit.counts.insert(record, count(n % 20));
            }
        },
        Content::Place(place) => match n % 3 {
            0 => place.same_as = None,
            1 => place.same_as = Some(id(n % 5)),
            _ => place.withdrawn = !place.withdrawn,
        },
        _ => {}
    }
}

mod random {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        /// Whatever happens, in whatever order: the read model is what a
        /// rebuild from the log and the archive gives.
        #[test]
        fn rows_are_a_function_of_the_documents(steps in proptest::collection::vec((0_u8..10, 0_u32..1_000), 1..40)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let city = City::new().await;
                let mut phones = [Phone::new(1, "eu-teamet"), Phone::new(2, "forening-a")];
                for (n, (step, value)) in (0_u32..).zip(steps) {
                    let phone = &mut phones[n as usize % 2];
                    let known: Vec<_> = phone.documents.keys().copied().collect();
                    let offer = match step {
                        0 | 1 if !phone.documents.contains_key(&id(value % 5)) && n > 3 => {
                            phone.sync(&city.store, vec![]).await;
                            if phone.documents.contains_key(&id(value % 5)) { continue }
                            phone.create(id(value % 5), &place("Parken"), NOW)
                        }
                        2..=4 => {
                            let at = Instant(NOW.0 - i64::from(value % 6) * DAY);
                            phone.create(id(100 + n), &visit(id(value % 5), at, &[count(value % 30)]), NOW)
                        }
                        5..=7 if !known.is_empty() => {
                            let target = known[value as usize % known.len()];
                            let document = &phone.documents[&target];
                            let before = document.content().unwrap();
                            let mut after = before.clone();
                            scramble(&mut after, value);
                            if before == after { continue }
                            phone.edit(target, NOW, |c| *c = after)
                        }
                        8 if !known.is_empty() => {
                            city.store.erase(known[value as usize % known.len()], None, NOW).await.unwrap();
                            continue;
                        }
                        _ => {
                            phone.sync(&city.store, vec![]).await;
                            continue;
                        }
                    };
                    phone.sync(&city.store, vec![offer]).await;
                }
                let rebuilt = city.store.rebuild().await.unwrap();
                assert_eq!(rebuilt.differences, []);
            });
        }
    }
}
