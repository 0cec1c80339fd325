//! What erasure and retention leave.

use super::*;

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
async fn what_was_taken_back_expires_too() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let create = anna.create(id(1), &visit(id(9), NOW, &[count(3)]), NOW);
    let withdraw = anna.edit(id(1), NOW, |c| as_visit(c).withdrawn = true);
    anna.sync(&city.store, vec![create, withdraw]).await;
    let later = Instant(NOW.0 + DAY);
    let store = &city.store;
    assert_eq!(store.expire(Kind::Visit, NOW, later).await.unwrap(), 0);
    assert_eq!(store.expire(Kind::Visit, later, later).await.unwrap(), 1);
    assert_eq!(query(store, "SELECT count(*) FROM changes").await, 0);
    assert_eq!(query(store, "SELECT count(*) FROM archive").await, 0);
}
