//! The audit chain and the rebuild.

use rusqlite::Connection;

use super::*;
use crate::outreach::store::DATABASE;
use crate::outreach::store::earlier::{self, Earlier};
use crate::outreach::store::{Store, StoreError};
use crate::shared::principal::Actor;

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_chain_shows_what_was_tampered_with() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    for n in 0..5_u32 {
        let offer = anna.create(id(n), &place("Parken"), NOW);
        anna.sync(&city.store, vec![offer]).await;
    }
    let whole = city.store.database().verify_audit().await.unwrap();
    let crate::shared::audit::Chain::Whole { rows } = whole else {
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
    let broken = city.store.database().verify_audit().await.unwrap();
    assert_eq!(broken, crate::shared::audit::Chain::BrokenAt { row: 3 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_finds_and_mends_what_differs() {
    let city = counted(&[8]).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_another_version_made_are_made_anew_when_the_store_is_opened() {
    let city = counted(&[8]).await;
    let told = query(&city.store, "SELECT sum(cursor) FROM coverage").await;
    let wrong = "UPDATE place_night SET twice_median = 99";
    let done = city.store.write(move |tx| Ok(tx.execute(wrong, [])?)).await;
    assert_eq!(done.unwrap(), 1);
    outdate(&city.store, 1).await;
    let city = City::reopen(city.close());
    assert_eq!(persons(&city.store).await, [(1, 16)]);
    let differences = city.store.rebuild().await.unwrap().differences;
    assert_eq!(differences, []);
    // Phones need not hear again of what they were told.
    let now = query(&city.store, "SELECT sum(cursor) FROM coverage").await;
    assert_eq!(now, told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_read_does_not_keep_a_newer_version_from_starting() {
    for damage in ["UPDATE changes SET bytes = x'00'", "DELETE FROM changes"] {
        let city = counted(&[8, 2]).await;
        let broken = id(3);
        outdate(&city.store, 0).await;
        city.store
            .write(move |tx| {
                let sql = format!(
                    "{damage} WHERE document = (SELECT number FROM documents WHERE id = ?1)"
                );
                Ok(tx.execute(&sql, [broken.as_bytes()])?)
            })
            .await
            .unwrap();
        let city = City::reopen(city.close());
        assert_eq!(persons(&city.store).await, [(1, 16)], "{damage}");
        // Whoever asks for a rebuild is told.
        let refused = city.store.rebuild().await.unwrap_err();
        assert!(
            refused.to_string().contains(&id(3).to_string()),
            "{damage}: {refused}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_an_earlier_version_left_is_brought_up_to_date() {
    let mut city = counted(&[8, 2, 5]).await;
    let store = &city.store;
    let mut anna = Phone::new(1, "eu-teamet");
    anna.sync(store, vec![]).await;
    let edited = anna.edit(id(2), NOW, |content| {
        let visit = as_visit(content);
        visit
            .encounters
            .insert(RecordId::from_bytes([7; 8]), encounter());
    });
    let mut grown: Vec<_> = (0..COMPACT_AFTER)
        .map(|n| {
            anna.edit(id(1), NOW, |content| {
                as_place(content).note = format!("{n}");
            })
        })
        .collect();
    grown.push(edited);
    for offer in grown {
        anna.sync(store, vec![offer]).await;
    }
    // An erased document leaves its number to none.
    store.erase(id(3), Actor::SERVER, NOW).await.unwrap();
    // What a colleague's fresh phone is told, and one of another organisation.
    let all = async |store: &Store| {
        let mut replies = Vec::new();
        for (number, organisation) in [(2, "eu-teamet"), (3, "forening-a")] {
            let mut reply = Phone::new(number, organisation).sync(store, vec![]).await;
            // A rebuild takes cursors that nothing stands at.
            reply.cursor = 0;
            replies.push(reply);
        }
        (replies, persons(store).await)
    };
    let before = all(store).await;
    let hidden = "SELECT count(*) FROM encounter_row";
    assert_eq!(query(store, hidden).await, 1);

    for version in [Earlier::V14, Earlier::V13, Earlier::V12] {
        let directory = city.close();
        earlier::made_by(version, directory.path());
        // Not while the server of then may still run.
        let running = Connection::open(directory.path().join(DATABASE)).unwrap();
        running.pragma_update(None, "journal_mode", "wal").unwrap();
        running.execute_batch("SELECT epoch FROM head").unwrap();
        let refused = Store::open(directory.path());
        assert!(matches!(refused, Err(StoreError::EarlierInUse)));
        drop(running);
        city = City::reopen(directory);
        assert_eq!(all(&city.store).await, before, "{version:?}");
        assert_eq!(query(&city.store, hidden).await, 1, "{version:?}");
        assert_eq!(city.store.rebuild().await.unwrap().differences, []);
    }
    // And it goes on.
    let more = anna.create(id(9), &visit(id(1), NOW, &[count(4)]), NOW);
    let again = anna.edit(id(2), NOW, |content| {
        as_visit(content).note = "mer".to_owned();
    });
    let reply = anna.sync(&city.store, vec![more, again]).await;
    assert_eq!(codes(&reply), [None, None]);
    assert_eq!(city.store.rebuild().await.unwrap().differences, []);
}
