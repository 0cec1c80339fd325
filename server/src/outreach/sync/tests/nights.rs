//! Visits taken together: place-nights, places that are the same, draws.

use super::*;
use crate::outreach::store::draws::DrawStore;
use crate::outreach::store::rebuild::RebuildStore;
use crate::shared::principal::Actor;

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
async fn joining_places_of_many_years_takes_several_short_jobs() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let places = [id(1), id(2)].map(|place_id| anna.create(place_id, &place("Parken"), NOW));
    anna.sync(&city.store, places.to_vec()).await;
    // Somebody was at both, on each of so many nights.
    let filled = city.store.write(|tx| {
        Ok(tx.execute_batch(
            "INSERT INTO archive
             WITH RECURSIVE n (night) AS (SELECT 10000 UNION ALL SELECT night + 1 FROM n
                                          WHERE night < 10449)
             SELECT document, night, 'complete', 0, '[]' FROM place_row, n",
        )?)
    });
    filled.await.unwrap();
    city.store.rebuild().await.unwrap();
    let nights = "SELECT count(*) FROM place_night";
    let due = "SELECT count(*) FROM night_due";
    assert_eq!(query(&city.store, nights).await, 900);
    let longest = &city.store.database().writer_figures().longest_job;
    longest.clear();
    at_desk(&city.store, id(2), |c| as_place(c).same_as = Some(id(1))).await;
    assert_eq!(query(&city.store, due).await, 700, "900 nights moved");
    city.store.catch_up().await.unwrap();
    println!("the longest job, of 200 place-nights: {:?}", longest.get());
    assert_eq!(query(&city.store, due).await, 0);
    assert_eq!(query(&city.store, nights).await, 450);
    // Parted again, and the server killed before it has caught up.
    at_desk(&city.store, id(2), |c| as_place(c).same_as = None).await;
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
    assert_eq!(query(&city.store, nights).await, 900);
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
    at_desk(&city.store, id(2), |c| as_place(c).same_as = Some(id(1))).await;
    assert_eq!(persons(&city.store).await, [(2, 14)]);
    // In a circle they still are one.
    at_desk(&city.store, id(1), |c| as_place(c).same_as = Some(id(2))).await;
    assert_eq!(persons(&city.store).await, [(2, 14)]);
    for n in [1, 2] {
        at_desk(&city.store, id(n), |c| as_place(c).same_as = None).await;
    }
    assert_eq!(persons(&city.store).await, [(1, 16), (1, 12)]);
    assert!(city.store.rebuild().await.unwrap().differences.is_empty());
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
    anna.sync(&city.store, batch).await;
    at_desk(&city.store, id(5), |c| as_place(c).same_as = Some(id(6))).await;
    let period = Period::of(NOW.night(), 28);
    let request = DrawRequest {
        period,
        count: 8,
        seed: 42,
        now: NOW,
        by: Actor::SERVER,
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

#[tokio::test]
async fn an_organisation_has_at_most_fifty_visits_to_a_place_on_a_night() {
    let city = City::new().await;
    let mut a = Phone::new(1, "forening-a");
    let mut b = Phone::new(2, "forening-b");
    let mut offers = vec![a.create(id(1), &place("Parken"), NOW)];
    for n in 0..50 {
        offers.push(a.create(id(100 + n), &visit(id(1), NOW, &[count(3)]), NOW));
    }
    let reply = a.sync(&city.store, offers).await;
    assert!(reply.results.iter().all(|r| r.rejected.is_none()));

    let one_more = a.create(id(200), &visit(id(1), NOW, &[count(3)]), NOW);
    let reply = a.sync(&city.store, vec![one_more.clone()]).await;
    let rejected = reply.results[0].rejected.as_ref().unwrap();
    assert_eq!(rejected.code, "too_many_visits");
    assert_eq!(reply.results[0].accepted, 0);
    // Those that are there change, and others come.
    let edit = a.edit(id(100), NOW, |content| {
        if let Content::Visit(visit) = content {
            visit.note = "en till".to_owned();
        }
    });
    let reply = a.sync(&city.store, vec![edit]).await;
    assert_eq!(reply.results[0].rejected, None);
    let other = b.create(id(300), &visit(id(1), NOW, &[count(4)]), NOW);
    let reply = b.sync(&city.store, vec![other]).await;
    assert_eq!(reply.results[0].rejected, None);
    // When one is taken back there is room again.
    let back = a.edit(id(101), NOW, |content| {
        if let Content::Visit(visit) = content {
            visit.withdrawn = true;
        }
    });
    let reply = a.sync(&city.store, vec![back, one_more]).await;
    assert!(reply.results.iter().all(|r| r.rejected.is_none()));
    assert_eq!(city.store.rebuild().await.unwrap().differences, []);
}
