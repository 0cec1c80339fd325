//! The audit chain and the rebuild.

use super::*;
use crate::outreach::store::rebuild::RebuildStore;

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
