//! A server that was put back to a backup, and phones that are ahead of it.

use super::*;
use crate::outreach::store::backup::{Expired, restore};
use crate::outreach::store::erasure::ErasureStore;
use crate::outreach::store::feed::FeedStore;
use crate::outreach::store::log::LogStore;
use crate::outreach::store::rebuild::RebuildStore;
use crate::shared::principal::Actor;
use sync_core::protocol::{Delivery, Relayed};

/// Backs the store up, lets `then` happen, and restores: the store of before.
async fn put_back(
    city: City,
    then: impl AsyncFnOnce(&City),
) -> (City, crate::outreach::store::backup::Restored) {
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("b.db");
    city.store.backup(file.clone()).await.unwrap();
    then(&city).await;
    let directory = city.close();
    let restored = restore(directory.path(), &file, Expired::Destroyed, NOW).unwrap();
    (City::reopen(directory), restored)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_expiry_is_mended_by_a_backup_and_what_a_person_erased_is_not() {
    let mut city = counted(&[8, 2]).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("b.db");
    city.store.backup(file.clone()).await.unwrap();
    city.store.erase(id(3), Actor::SERVER, NOW).await.unwrap();
    let after = |days| Instant(NOW.0 + days * DAY);
    expire(&city.store, Kind::Visit, 90, after(91)).await;
    assert_eq!(
        expire(&city.store, Kind::Visit, 90, after(99)).await,
        (0, 1)
    );
    // Broken bytes in the file stop no restore.
    let gone = city
        .store
        .directory()
        .join(crate::shared::database::tombstones::GONE_FILE);
    let mut bytes = std::fs::read(&gone).unwrap();
    bytes.extend(b"\xff\xfe\n");
    std::fs::write(&gone, bytes).unwrap();
    let visits = "SELECT count(*) FROM documents WHERE kind = 'visit'";
    for (expired, there, kept, erased) in [
        (Expired::Destroyed, 0, 0, 2),
        (Expired::Kept, 1, 1, 1),
        // What came back is not erased by the next restore either.
        (Expired::Destroyed, 1, 0, 1),
    ] {
        let directory = city.close();
        let restored = restore(directory.path(), &file, expired, after(99)).unwrap();
        assert_eq!(
            (restored.kept, restored.erased),
            (kept, erased),
            "{expired:?}"
        );
        assert_eq!(restored.broken, 1);
        city = City::reopen(directory);
        assert_eq!(query(&city.store, visits).await, there, "{expired:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_phone_gives_back_what_the_server_once_held() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut berit = Phone::new(2, "eu-teamet");
    let mut given = None;
    let (city, _) = put_back(city, async |city: &City| {
        let batch = vec![
            anna.create(id(1), &place("Parken"), NOW),
            anna.create(id(2), &visit(id(1), NOW, &[count(4)]), NOW),
        ];
        anna.sync(&city.store, batch).await;
        given = Some(berit.sync(&city.store, vec![]).await);
    })
    .await;
    // Anna's phone is lost. Berit's has the server's word.
    let reply = given.unwrap();
    let epoch = city.store.head().await.unwrap().epoch;
    assert_ne!(epoch, reply.epoch);
    let relayed = |d: &Delivery, word: Vec<u8>| {
        let mut given_back = offer(d.document, d.kind, &[]);
        given_back.relayed = Some(Relayed {
            heads: berit.documents[&d.document].heads(),
            receipt: word.into(),
            changes: d.changes.clone(),
        });
        given_back
    };
    let word = |d: &Delivery| d.receipt.as_ref().unwrap().to_vec();
    // A word that was tampered with, or is another document's, lets nothing in.
    let [one, two] = &reply.documents[..] else {
        panic!("two documents");
    };
    let mut broken = word(two);
    *broken.last_mut().unwrap() ^= 1;
    let batch = vec![relayed(two, broken)];
    let mut honest = Phone::new(2, "eu-teamet");
    let refused = honest.sync(&city.store, batch).await;
    assert_eq!(refused.results[0].relayed, None);
    let refused = honest
        .sync(&city.store, vec![relayed(two, word(one))])
        .await;
    assert_eq!(refused.results[0].relayed, None);
    assert_eq!(query(&city.store, "SELECT count(*) FROM changes").await, 0);

    let batch = vec![relayed(one, word(one)), relayed(two, word(two))];
    let taken = honest.sync(&city.store, batch).await;
    assert!(taken.results.iter().all(|r| r.relayed == Some(1)));
    let by_anna = "SELECT count(*) FROM changes WHERE device = x'0101010101010101'";
    assert_eq!(query(&city.store, by_anna).await, 2);
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_or_revoked_stays_so() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let create = anna.create(id(2), &visit(id(1), NOW, &[count(8)]), NOW);
    anna.sync(&city.store, vec![create.clone()]).await;
    let before = city.store.head().await.unwrap();
    let (city, restored) = put_back(city, async |city: &City| {
        city.store.erase(id(2), Actor::SERVER, NOW).await.unwrap();
    })
    .await;
    assert_eq!((restored.erased, restored.copied.documents), (1, 0));
    assert_ne!(city.store.head().await.unwrap().epoch, before.epoch);
    let reply = anna.sync(&city.store, vec![create]).await;
    assert_eq!(codes(&reply), [Some("erased")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_again_from_a_backup_of_an_earlier_version_leaves_its_statistics() {
    let city = counted(&[8]).await;
    outdate(&city.store, 0).await;
    let (city, restored) = put_back(city, async |city: &City| {
        city.store.erase(id(2), Actor::SERVER, NOW).await.unwrap();
    })
    .await;
    assert_eq!((restored.erased, restored.copied.documents), (1, 1));
    assert_eq!(persons(&city.store).await, [(1, 16)]);
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_put_over_a_store_in_use_nor_from_a_damaged_file() {
    let city = City::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("b.db");
    city.store.backup(file.clone()).await.unwrap();
    assert!(city.store.backup(file.clone()).await.is_err(), "it exists");
    let busy = restore(city.store.directory(), &file, Expired::Destroyed, NOW).unwrap_err();
    assert!(
        matches!(busy, crate::outreach::store::StoreError::Busy),
        "{busy}"
    );
    let directory = city.close();
    let mut bytes = std::fs::read(&file).unwrap();
    for byte in bytes.iter_mut().skip(4096).step_by(7) {
        *byte ^= 0x55;
    }
    std::fs::write(&file, bytes).unwrap();
    assert!(restore(directory.path(), &file, Expired::Destroyed, NOW).is_err());
    let city = City::reopen(directory);
    assert!(city.store.head().await.is_ok(), "the old one is untouched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_a_stranger_gives_back_is_not_the_stranger_s() {
    let city = City::new().await;
    let enrolled = |tx: &rusqlite::Transaction<'_>| {
        tx.execute_batch(
            "INSERT INTO members (id, organisation, role, label, created_at)
             VALUES (1, 'eu-teamet', 'worker', '', 0);
             INSERT INTO devices (id, member, public_key, token_hash, label, enrolled_at)
             VALUES (x'0101010101010101', 1, zeroblob(65), zeroblob(32), '', 0);",
        )?;
        Ok(())
    };
    city.store.write(enrolled).await.unwrap();
    let mut anna = Phone::new(1, "eu-teamet");
    let mut given = None;
    let (city, _) = put_back(city, async |city: &City| {
        let batch = vec![anna.create(id(1), &place("Parken"), NOW)];
        anna.sync(&city.store, batch).await;
        let mut cilla = Phone::new(3, "forening-a");
        given = Some(cilla.sync(&city.store, vec![]).await);
    })
    .await;
    let delivery = &given.unwrap().documents[0];
    assert_eq!(delivery.own, Some(false));
    let mut cilla = Phone::new(3, "forening-a");
    let mut back = offer(id(1), Kind::Place, &[]);
    back.relayed = Some(Relayed {
        heads: anna.documents[&id(1)].heads(),
        receipt: delivery.receipt.clone().unwrap(),
        changes: delivery.changes.clone(),
    });
    let reply = cilla.sync(&city.store, vec![back]).await;
    assert_eq!(reply.results[0].relayed, Some(1));
    let found = city.store.find(vec![id(1)]).await.unwrap();
    let crate::outreach::store::log::Found::Document(stored) = &found[0] else {
        panic!("it is there again")
    };
    assert_eq!(stored.organisation.as_str(), "eu-teamet");
}
