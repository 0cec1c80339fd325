//! The work that one request may have the server do.

use sync_core::model::Tip;
use sync_core::protocol::is_later;

use super::*;
use crate::outreach::store::quarantine::QuarantineStore;

fn number(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

/// A place near the size of the largest change.
fn full() -> Content {
    let Content::Place(mut place) = place("Bron (exempel)") else {
        panic!("a place");
    };
    for n in 0..16_u64 {
        let tip = Tip {
            from: "granne (exempel)".into(),
            at: NOW,
            checked: None,
            text: "x".repeat(3_500),
            withdrawn: false,
        };
        place
            .tips
            .insert(RecordId::from_bytes(n.to_be_bytes()), tip);
    }
    Content::Place(place)
}

#[tokio::test]
async fn what_a_request_has_no_room_for_comes_with_the_next_and_is_no_refusal() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "forening-a");
    let all = 80_u8;
    for n in 1..=all {
        let offer = anna.create(number(n), &full(), NOW);
        let reply = anna.sync(&city.store, vec![offer]).await;
        assert_eq!(codes(&reply), [None]);
    }
    let mut waiting: Vec<_> = (1..=all)
        .map(|n| {
            anna.edit(number(n), NOW, |content| {
                as_place(content).note = "ny (exempel)".into();
            })
        })
        .collect();
    let mut times = 0;
    while !waiting.is_empty() {
        let reply = anna.sync(&city.store, waiting.clone()).await;
        let taken = reply.results.iter().take_while(|r| r.accepted == 1).count();
        assert!(taken > 0, "each request brings something further");
        let rest = reply.results[taken..].iter();
        assert!(rest.clone().all(|result| {
            let code = result.rejected.as_ref().map(|r| r.code.as_str());
            result.accepted == 0 && code.is_some_and(is_later)
        }));
        waiting.drain(..taken);
        times += 1;
    }
    assert!(times > 1, "all of it is too much for one request");
    let refused = city
        .store
        .quarantined(anna.scope.organisation.clone(), 10)
        .await;
    assert_eq!(refused.unwrap(), []);
}

#[tokio::test]
async fn whoever_hangs_up_leaves_no_turn_taken() {
    let city = City::new().await;
    let mut anna = Phone::new(1, "forening-a");
    let offers = (1..=50).map(|n| anna.create(number(n), &full(), NOW));
    let batch: Vec<_> = offers.take(15).collect();
    let request = anna.request(batch.clone());
    let asked = exchange(&city.store, &anna.scope, request, NOW);
    let gone = tokio::time::timeout(std::time::Duration::from_millis(2), asked).await;
    assert!(gone.is_err(), "it was too fast to be interrupted");
    // The same device at once: nothing of the request before is in its way.
    let reply = anna.sync(&city.store, batch).await;
    assert!(reply.results.iter().all(|r| r.accepted == 1));
}
