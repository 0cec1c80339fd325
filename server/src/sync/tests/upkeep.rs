//! The audit chain and the rebuild.

use super::*;

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
