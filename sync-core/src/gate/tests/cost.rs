//! The cost of the worst offers.

use std::time::{Duration, Instant as Clock};

use super::*;

/// A change that a phone made on a document as it once was.
fn on(base: &Document, n: u8, session: u64, key: &str, value: &str) -> Vec<u8> {
    let session = SessionId::from_bytes(session.to_be_bytes());
    let mut engine = base.engine().clone().with_actor(actor(device(n), session));
    engine
        .transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, key, value))
        .unwrap();
    engine.get_last_local_change().unwrap().raw_bytes().to_vec()
}

/// Took two minutes once: a place as full as it may be, with as many hidden values as it
/// may have, and an offer as long as it may be of which the last change is bad.
#[test]
fn the_worst_offer_is_answered_in_seconds() {
    let mut full = place();
    for n in 0..500_u64 {
        let tip = crate::model::Tip {
            from: "granne (exempel)".into(),
            at: NOW,
            checked: None,
            text: "x".repeat(250),
            withdrawn: false,
        };
        full.tips.insert(RecordId::from_bytes(n.to_be_bytes()), tip);
    }
    let (document, _) = Document::create(actor_of(1), &Content::Place(full), NOW).unwrap();
    let gate = Gate::default();
    let hidden: Vec<_> = (0..=gate.limits.hidden_values)
        .map(|n| on(&document, 9, n as u64, "name", &format!("Bron {n}")))
        .collect();
    let slices: Vec<&[u8]> = hidden.iter().map(Vec::as_slice).collect();
    let held = gate.admit(Kind::Place, Some(&document), &slices, None, NOW);
    assert_eq!(held.rejected, None);
    let held = held.document.unwrap();

    let mut phone = held.engine().fork().with_actor(actor_of(2));
    let mut offer = Vec::new();
    while offer.len() + 1 < gate.limits.offer_changes / 2 {
        phone
            .transact::<_, _, automerge::AutomergeError>(|tx| {
                tx.put(ROOT, "district", format!("d{}", offer.len()))
            })
            .unwrap();
        offer.push(phone.get_last_local_change().unwrap().raw_bytes().to_vec());
    }
    phone
        .transact::<_, _, automerge::AutomergeError>(|tx| {
            tx.put(ROOT, "note", "x".repeat(NOTE_TOO_LONG))
        })
        .unwrap();
    offer.push(phone.get_last_local_change().unwrap().raw_bytes().to_vec());
    let slices: Vec<&[u8]> = offer.iter().map(Vec::as_slice).collect();
    let begun = Clock::now();
    let admission = gate.admit(Kind::Place, Some(&held), &slices, None, NOW);
    let took = begun.elapsed();
    assert_eq!(code(&admission), Some(RejectionCode::InvalidContent));
    assert_eq!(admission.accepted.len(), offer.len() - 1);
    // Whatever else the machine does meanwhile.
    assert!(took < Duration::from_secs(20), "{took:?}");
}

/// Changes that build on the beginning alone make the gate look into the past, and each of
/// them goes to places of its own in the engine's tables.
#[test]
fn an_offer_takes_only_so_much_work() {
    let mut gate = Gate::default();
    gate.limits.offer_work = 500;
    comes_in_parts(&gate);
}

/// However little is let in at once, something is, and in the end all.
fn comes_in_parts(gate: &Gate) {
    let (first, bytes) = created(1);
    let mut changes = vec![bytes];
    changes.extend((0..30).map(|n| on(&first, 1, n + 2, "name", &format!("Bron {n}"))));
    let worker = Actor::worker(device(1));
    let (mut held, mut taken, mut times) = (None, 0, 0);
    while taken < changes.len() {
        let offer: Vec<&[u8]> = changes[taken..].iter().map(Vec::as_slice).collect();
        let admission = gate.admit(Kind::Place, held.as_ref(), &offer, Some(&worker), NOW);
        assert!(!admission.accepted.is_empty());
        assert!(matches!(
            code(&admission),
            None | Some(RejectionCode::Later)
        ));
        taken += admission.accepted.len();
        held = admission.document;
        times += 1;
    }
    assert!(times > 2, "{times}");
    // A phone that reads from its server takes all of it at once.
    let all: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let read = gate.admit(Kind::Place, None, &all, None, NOW);
    assert_eq!(read.rejected, None);
    assert_eq!(read.document.unwrap().heads(), held.unwrap().heads());
}

/// However much comes, no more is put in than one change beyond what a document may hold.
#[test]
fn what_no_document_may_hold_is_not_first_put_in() {
    let (first, bytes) = created(1);
    let mut gate = Gate::default();
    let held = first.engine().stats().num_ops;
    gate.limits.document_operations = held + 5;
    let mut changes = vec![bytes];
    changes.extend((0..200).map(|n| on(&first, 1, n + 2, "name", &format!("Bron {n}"))));
    let offer: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let found = gate.admit(Kind::Place, None, &offer, None, NOW);
    assert_eq!(code(&found), Some(RejectionCode::DocumentTooLarge));
    assert_eq!(found.accepted.len(), 6);
    let seven = gate.admit(Kind::Place, None, &offer[..7], None, NOW);
    assert!(found.work < 2 * seven.work, "{} {}", found.work, seven.work);
}

/// Nobody answers for what is given back after a restore: it has a limit of its own.
#[test]
fn what_comes_without_an_author_takes_only_so_much_work() {
    let (first, bytes) = created(1);
    let mut changes = vec![bytes];
    changes.extend((0..30).map(|n| on(&first, 1, n + 2, "name", &format!("Bron {n}"))));
    let given: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let mut gate = Gate::default();
    gate.limits.read_work = 1_000;
    let found = gate.admit(Kind::Place, None, &given, None, NOW);
    assert_eq!(code(&found), Some(RejectionCode::Later));
    assert!((2..20).contains(&found.accepted.len()));
}
