//! Exchanges: what is sent, what comes back, and what is refused.

use sync_core::model::Tip;

use super::*;
use crate::outreach::store::incoming::IncomingStore;
use crate::outreach::store::quarantine::QuarantineStore;

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
    assert_eq!(codes(&reply), [Some("not_in_scope"), Some("not_allowed")]);
    // A tip it may add, and what the place should be called it may propose.
    cilla.sync(&city.store, vec![]).await;
    cilla
        .documents
        .insert(id(1), anna.documents[&id(1)].clone());
    let tip = cilla.edit(id(1), NOW, |c| {
        let tip = Tip {
            from: "ett exempel".to_owned(),
            at: NOW,
            checked: None,
            text: String::new(),
            withdrawn: false,
        };
        as_place(c).tips.insert(RecordId::from_bytes([9; 8]), tip);
    });
    let reply = cilla.sync(&city.store, vec![tip]).await;
    assert_eq!(codes(&reply), [None]);
    let reply = anna.sync(&city.store, vec![]).await;
    assert_eq!(ids(&reply), [id(1)]);
    let organisation = "forening-a".parse().unwrap();
    let kept = city.store.quarantined(organisation, 10).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(
        (kept[1].document, kept[1].code.as_str()),
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
    let edit = berit.edit(id(1), NOW, |c| as_place(c).note = "sist".to_owned());
    let reply = berit.sync(&city.store, vec![edit]).await;
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

/// A document that lies before a page and after it comes with the later page, and
/// brings what the earlier did not.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_brings_what_is_older_than_the_page_before() {
    let city = City::new().await;
    let (mut anna, mut cilla) = (Phone::new(1, "eu-teamet"), Phone::new(3, "forening-a"));
    let renamed =
        |name: &'static str| move |c: &mut Content| name.clone_into(&mut as_place(c).name);
    let batch = (0..5)
        .map(|n| anna.create(id(n), &place("Parken"), NOW))
        .collect();
    anna.sync(&city.store, batch).await;
    // Cilla knows of the first five, and not of what follows.
    cilla.sync(&city.store, vec![]).await;
    let early = anna.edit(id(0), NOW, renamed("Bron"));
    anna.sync(&city.store, vec![early]).await;
    let batch = (5..205)
        .map(|n| anna.create(id(n), &place("Parken"), NOW))
        .collect();
    anna.sync(&city.store, batch).await;
    let late = anna.edit(id(0), NOW, renamed("Kajen"));
    anna.sync(&city.store, vec![late]).await;

    for phone in [&mut cilla, &mut Phone::new(4, "forening-a")] {
        let mut rounds = 0;
        while phone.sync(&city.store, vec![]).await.more {
            rounds += 1;
        }
        assert!(rounds > 0);
        assert_eq!(
            phone.documents[&id(0)].heads(),
            anna.documents[&id(0)].heads()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_does_not_wait_behind_the_news() {
    let city = City::new().await;
    let (mut anna, mut cilla) = (Phone::new(1, "eu-teamet"), Phone::new(3, "forening-a"));
    let batch = (0..200)
        .map(|n| anna.create(id(n), &place("Parken"), NOW))
        .collect();
    anna.sync(&city.store, batch).await;
    let own = cilla.create(id(200), &place("Bron"), NOW);
    let reply = cilla.sync(&city.store, vec![own]).await;
    assert_eq!(codes(&reply), [None]);
    assert!((1..=50).contains(&reply.documents.len()) && reply.more);
    let rest = cilla.sync(&city.store, vec![]).await;
    assert_eq!(reply.documents.len() + rest.documents.len(), 200);
    assert!(!rest.more);
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
async fn what_came_in_is_listed_without_content() {
    let city = counted(&[8]).await;
    let arrivals = city.store.incoming(10).await.unwrap();
    assert_eq!(arrivals.len(), 2);
    assert_eq!(arrivals[0].kind, Kind::Visit);
    assert_eq!(arrivals[0].district.as_deref(), Some("sodermalm"));
    assert!(!arrivals[0].late);
}
