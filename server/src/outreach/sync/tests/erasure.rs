//! Erasure and retention: what they leave.

use super::*;
use crate::outreach::store::erasure::ErasureStore;
use crate::outreach::store::expiry::ExpiryStore;
use crate::outreach::store::rebuild::RebuildStore;
use crate::shared::principal::Actor;

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
    assert!(city.store.erase(id(2), Actor::SERVER, NOW).await.unwrap());
    assert!(!city.store.erase(id(2), Actor::SERVER, NOW).await.unwrap());
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
    city.store.erase(id(2), Actor::SERVER, NOW).await.unwrap();
    assert!(!canary(city.store.directory()));
    // Nor does an offer of it, refused for that very reason, bring it back.
    anna.sync(&city.store, vec![create]).await;
    assert!(!canary(city.store.directory()));
}

fn after(days: i64) -> Instant {
    Instant(NOW.0 + days * DAY)
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_runs_from_the_receipt_and_leaves_the_estimate_as_it_was() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut batch = vec![anna.create(id(1), &place("Parken"), NOW)];
    for n in 0..10_u32 {
        // Whatever dates the phone wrote.
        let at = Instant(NOW.0 - i64::from(n) * 4 * DAY);
        let mut content = visit(id(1), at, &[count(n), count(n + 3)]);
        for count in as_visit(&mut content).counts.values_mut() {
            count.at = at;
        }
        batch.push(anna.create(id(10 + n), &content, at));
    }
    let reply = anna.sync(&city.store, batch).await;
    assert!(reply.results.iter().all(|r| r.rejected.is_none()));
    let before = persons(&city.store).await;
    let store = &city.store;
    assert_eq!(expire(store, Kind::Visit, 90, after(90)).await, (0, 0));
    assert_eq!(expire(store, Kind::Visit, 90, after(91)).await, (10, 0));
    assert_eq!(expire(store, Kind::Visit, 90, after(98)).await, (0, 0));
    let visits = "SELECT count(*) FROM visit_row";
    assert_eq!(query(store, visits).await, 10, "hidden is not destroyed");
    assert_eq!(expire(store, Kind::Visit, 90, after(99)).await, (0, 10));
    assert_eq!(query(store, visits).await, 0);
    assert_eq!(persons(store).await, before);
    assert!(store.rebuild().await.unwrap().differences.is_empty());
    // Its file tells what retention did from what persons did.
    let gone = store
        .directory()
        .join(crate::shared::database::tombstones::GONE_FILE);
    let gone = std::fs::read_to_string(gone).unwrap();
    assert_eq!(gone.lines().count(), 10);
    assert!(gone.lines().all(|line| line.starts_with("expired ")));
    let kept = query(store, "SELECT count(*) FROM hidden").await;
    assert_eq!(kept, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_expires_too() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let create = anna.create(id(1), &visit(id(9), NOW, &[count(3)]), NOW);
    let withdraw = anna.edit(id(1), NOW, |c| as_visit(c).withdrawn = true);
    anna.sync(&city.store, vec![create, withdraw]).await;
    let store = &city.store;
    assert_eq!(expire(store, Kind::Visit, 90, after(91)).await, (1, 0));
    assert_eq!(expire(store, Kind::Visit, 90, after(99)).await, (0, 1));
    assert_eq!(query(store, "SELECT count(*) FROM changes").await, 0);
    assert_eq!(query(store, "SELECT count(*) FROM archive").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_comes_to_no_new_phone_until_a_person_takes_it_out() {
    let city = counted(&[8]).await;
    let store = &city.store;
    let mut before = Phone::new(2, "eu-teamet");
    before.sync(store, vec![]).await;
    expire(store, Kind::Visit, 90, after(91)).await;
    let mut fresh = Phone::new(3, "eu-teamet");
    let reply = fresh.sync_at(store, vec![], after(91)).await;
    assert_eq!(ids(&reply), [id(1)], "the place alone");
    // Nobody's phone is told to delete it yet.
    assert!(
        before
            .sync_at(store, vec![], after(91))
            .await
            .purge
            .is_empty()
    );
    assert!(store.unhide(id(2), Actor::SERVER, after(92)).await.unwrap());
    assert!(!store.unhide(id(2), Actor::SERVER, after(92)).await.unwrap());
    let reply = fresh.sync_at(store, vec![], after(92)).await;
    assert_eq!(ids(&reply), [id(2)]);
    assert!(fresh.documents.contains_key(&id(2)));
    // Its days begin anew.
    assert_eq!(expire(store, Kind::Visit, 90, after(182)).await, (0, 0));
    assert_eq!(expire(store, Kind::Visit, 90, after(183)).await, (1, 0));
    assert!(store.rebuild().await.unwrap().differences.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_phone_has_offered_today_is_not_destroyed_today_and_nothing_is_kept_for_ever() {
    let city = City::new().await;
    let store = &city.store;
    let mut anna = Phone::new(1, "eu-teamet");
    let create = anna.create(id(2), &visit(id(1), NOW, &[count(8)]), NOW);
    anna.sync(store, vec![create]).await;
    assert_eq!(expire(store, Kind::Visit, 90, after(91)).await, (1, 0));
    for day in 98..105 {
        let at = after(day);
        let edit = anna.edit(id(2), at, |c| as_visit(c).note = format!("{day}"));
        let reply = anna.sync_at(store, vec![edit], at).await;
        assert_eq!(codes(&reply), [None]);
        let later = Instant(at.0 + DAY / 2);
        assert_eq!(expire(store, Kind::Visit, 90, later).await, (0, 0), "{day}");
    }
    let edit = anna.edit(id(2), after(106), |c| as_visit(c).note.clear());
    anna.sync_at(store, vec![edit], after(106)).await;
    assert_eq!(expire(store, Kind::Visit, 90, after(106)).await, (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_term_takes_out_what_is_no_longer_due() {
    let city = counted(&[8]).await;
    let store = &city.store;
    assert_eq!(expire(store, Kind::Visit, 1, after(2)).await, (1, 0));
    assert_eq!(expire(store, Kind::Visit, 90, after(20)).await, (0, 0));
    assert_eq!(query(store, "SELECT count(*) FROM hidden").await, 0);
    let mut fresh = Phone::new(3, "eu-teamet");
    assert!(ids(&fresh.sync(store, vec![]).await).contains(&id(2)));
}
