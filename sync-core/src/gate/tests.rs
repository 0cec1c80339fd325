use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjType, ROOT};

use super::*;
use crate::ids::{DeviceId, DocumentId, Hash, RecordId, SessionId, actor};
use crate::model::{Content, DatedState, Place, PlaceState, PlaceType, Records};

mod cost;
mod mutation;

const NOW: Instant = Instant(1_795_000_000_000);

fn device(n: u8) -> DeviceId {
    DeviceId::from_bytes([n; 8])
}

fn actor_of(n: u8) -> ActorId {
    actor(device(n), SessionId::from_bytes([1; 8]))
}

fn place() -> Place {
    Place {
        name: "Under bron (exempel)".into(),
        place_type: PlaceType::SleepingPlace,
        district: "sodermalm".into(),
        latitude: Some(5_931_000),
        longitude: Some(1_807_000),
        exact: false,
        created: NOW,
        states: Records::default(),
        tips: Records::default(),
        proposals: Records::default(),
        same_as: None,
        note: String::new(),
        withdrawn: false,
    }
}

fn created(n: u8) -> (Document, Vec<u8>) {
    let (document, change) = Document::create(actor_of(n), &Content::Place(place()), NOW).unwrap();
    (document, change.bytes)
}

fn renamed(document: &mut Document, n: u8, name: &str) -> Vec<u8> {
    let base = serde_json::to_value(place()).unwrap();
    let next = serde_json::to_value(Place {
        name: name.into(),
        ..place()
    })
    .unwrap();
    document
        .edit(actor_of(n), &base, &next, NOW)
        .unwrap()
        .unwrap()
        .bytes
}

fn admit(current: Option<&Document>, changes: &[&[u8]], n: u8) -> Admission {
    Gate::default().admit(
        Kind::Place,
        current,
        changes,
        Some(&Actor::worker(device(n))),
        NOW,
    )
}

fn code(admission: &Admission) -> Option<RejectionCode> {
    admission.rejected.as_ref().map(|r| r.code)
}

/// A change with arbitrary operations, made with the engine itself.
fn crafted(n: u8, time: i64, write: impl FnOnce(&mut AutoCommit)) -> Vec<u8> {
    let mut doc = AutoCommit::new().with_actor(actor_of(n));
    write(&mut doc);
    doc.commit_with(CommitOptions::default().with_time(time));
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

#[test]
fn lets_good_changes_in_and_repeats_change_nothing() {
    let (mut phone, first) = created(1);
    let second = renamed(&mut phone, 1, "Vid bron (exempel)");
    let admission = admit(None, &[&first, &second], 1);
    assert_eq!(admission.rejected, None);
    assert!(admission.accepted.iter().all(|a| a.new));
    let held = admission.document.unwrap();
    assert_eq!(held.heads(), phone.heads());

    let again = admit(Some(&held), &[&second, &first], 1);
    assert_eq!(again.rejected, None);
    assert!(again.accepted.iter().all(|a| !a.new));
    assert_eq!(again.document.unwrap().heads(), phone.heads());
}

#[test]
fn keeps_the_good_changes_before_a_bad_one() {
    let (mut phone, first) = created(1);
    let second = renamed(&mut phone, 1, "A (exempel)");
    let mut broken = second.clone();
    *broken.last_mut().unwrap() ^= 1;
    let admission = admit(None, &[&first, &broken], 1);
    assert_eq!(admission.accepted.len(), 1);
    assert_eq!(admission.rejected.as_ref().unwrap().index, 1);
    assert!(admission.document.is_some());
}

#[test]
fn refuses_another_devices_change() {
    let (_, first) = created(2);
    assert_eq!(
        code(&admit(None, &[&first], 1)),
        Some(RejectionCode::NotYourActor)
    );
}

#[test]
fn refuses_gaps() {
    let (mut phone, first) = created(1);
    let second = renamed(&mut phone, 1, "A (exempel)");
    let base = serde_json::to_value(Place {
        name: "A (exempel)".into(),
        ..place()
    })
    .unwrap();
    let next = serde_json::to_value(place()).unwrap();
    let third = phone
        .edit(actor_of(1), &base, &next, NOW)
        .unwrap()
        .unwrap()
        .bytes;
    let held = admit(None, &[&first], 1).document.unwrap();
    assert_eq!(
        code(&admit(Some(&held), &[&third], 1)),
        Some(RejectionCode::MissingDependency)
    );
    assert_eq!(code(&admit(Some(&held), &[&second, &third], 1)), None);
    // A second creation of a document that exists.
    let (_, other) = created(3);
    assert_eq!(
        code(&admit(Some(&held), &[&other], 3)),
        Some(RejectionCode::MissingDependency)
    );
}

#[test]
fn flags_late_changes_and_refuses_early_ones() {
    let (_, first) = created(1);
    let at = |now| Gate::default().admit(Kind::Place, None, &[&first], None, Instant(now));
    let week = 7 * 24 * 3_600_000;
    assert!(at(NOW.0 + week).accepted[0].late);
    assert!(!at(NOW.0).accepted[0].late);
    assert_eq!(code(&at(NOW.0 - week)), Some(RejectionCode::ClockAhead));
}

#[test]
fn refuses_what_is_no_plain_change() {
    let (mut phone, first) = created(1);
    let snapshot = phone.save();
    assert_eq!(
        code(&admit(None, &[&snapshot], 1)),
        Some(RejectionCode::ChunkType)
    );
    let mut long = phone.engine_mut().fork().with_actor(actor_of(1));
    long.transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, "note", "a".repeat(3000)))
        .unwrap();
    let mut deflated = long.get_last_local_change().unwrap();
    let deflated = deflated.bytes().into_owned();
    assert_eq!(deflated[8], 2, "the engine deflates long changes");
    assert_eq!(
        code(&admit(None, &[&deflated], 1)),
        Some(RejectionCode::ChunkType)
    );
    let mut trailing = first.clone();
    trailing.push(0);
    assert_eq!(
        code(&admit(None, &[&trailing], 1)),
        Some(RejectionCode::Malformed)
    );
    assert_eq!(
        code(&admit(None, &[b""], 1)),
        Some(RejectionCode::Malformed)
    );
}

#[test]
fn refuses_wrong_shapes() {
    let time = NOW.0 / 1000;
    let header = |doc: &mut AutoCommit| {
        doc.put(ROOT, "kind", "place").unwrap();
        doc.put(ROOT, "schema", 1_u64).unwrap();
    };
    let shapes: [(&str, Vec<u8>); 3] = [
        ("nothing but a header", crafted(1, time, header)),
        (
            "another kind",
            crafted(1, time, |doc| {
                doc.put(ROOT, "kind", "visit").unwrap();
            }),
        ),
        (
            "a newer schema",
            crafted(1, time, |doc| {
                doc.put(ROOT, "kind", "place").unwrap();
                doc.put(ROOT, "schema", 2_u64).unwrap();
            }),
        ),
    ];
    for (what, bytes) in shapes {
        let admission = admit(None, &[&bytes], 1);
        assert!(
            matches!(
                code(&admission),
                Some(RejectionCode::WrongShape | RejectionCode::NewerSchema)
            ),
            "{what}: {admission:?}"
        );
        assert!(admission.document.is_none(), "{what}");
    }
    // No kind has lists, so they do not even get as far.
    let list = crafted(1, time, |doc| {
        header(doc);
        doc.put_object(ROOT, "tips", ObjType::List).unwrap();
    });
    assert_eq!(
        code(&admit(None, &[&list], 1)),
        Some(RejectionCode::Malformed)
    );
}

#[test]
fn refuses_fields_that_the_kind_does_not_have() {
    let (phone, first) = created(1);
    let mut engine = phone.engine().fork().with_actor(actor_of(1));
    engine
        .transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, "ethnicity", "x"))
        .unwrap();
    let bytes = engine.get_last_local_change().unwrap().raw_bytes().to_vec();
    let admission = admit(None, &[&first, &bytes], 1);
    assert_eq!(code(&admission), Some(RejectionCode::WrongShape));
    assert_eq!(admission.accepted.len(), 1);
    assert!(!admission.rejected.unwrap().detail.contains("ethnicity"));
}

#[test]
fn refuses_a_bad_value_hidden_behind_a_conflict() {
    let (phone, first) = created(1);
    let held = admit(None, &[&first], 1).document.unwrap();
    let write = |n: u8, name: &str| {
        let mut engine = phone.engine().fork().with_actor(actor_of(n));
        engine
            .transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, "name", name))
            .unwrap();
        engine.get_last_local_change().unwrap().raw_bytes().to_vec()
    };
    // Device 2 loses against device 9, so its value is hidden.
    let held = admit(Some(&held), &[&write(9, "ok (exempel)")], 9)
        .document
        .unwrap();
    let long = "x".repeat(5_000);
    assert_eq!(
        code(&admit(Some(&held), &[&write(2, &long)], 2)),
        Some(RejectionCode::InvalidContent)
    );
    assert_eq!(code(&admit(Some(&held), &[&write(2, "fine")], 2)), None);
}

/// The attack in which about a hundred bytes claim two million operations: a
/// change whose action column holds one run.
#[test]
fn refuses_claimed_operations_before_the_engine_sees_them() {
    let (_, first) = created(1);
    let run = |n: i64| {
        let mut column = Vec::new();
        leb(&mut column, n.unsigned_abs());
        column.push(1);
        rebuild_with_column(&first, 0x42, &column)
    };
    let started = std::time::Instant::now();
    assert_eq!(
        code(&admit(None, &[&run(2_000_000)], 1)),
        Some(RejectionCode::TooManyOperations)
    );
    assert!(started.elapsed() < std::time::Duration::from_millis(250));
}

fn leb(out: &mut Vec<u8>, mut n: u64) {
    // Signed form: a positive number whose top bit is 0.
    loop {
        let byte = u8::try_from(n & 0x7f).unwrap();
        n >>= 7;
        if n == 0 && byte & 0x40 == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

/// A change chunk with a single column, and a checksum that fits.
fn rebuild_with_column(like: &[u8], spec: u8, column: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let change = Change::from_bytes(like.to_vec()).unwrap();
    let mut body = vec![0];
    let actor = change.actor_id().to_bytes();
    body.push(u8::try_from(actor.len()).unwrap());
    body.extend_from_slice(actor);
    body.extend_from_slice(&[1, 1, 0, 0, 0, 1, spec, u8::try_from(column.len()).unwrap()]);
    body.extend_from_slice(column);
    let mut typed = vec![1];
    let mut length = Vec::new();
    leb(&mut length, body.len() as u64);
    typed.extend_from_slice(&length);
    typed.extend_from_slice(&body);
    let digest = Sha256::digest(&typed);
    let mut out = vec![0x85, 0x6f, 0x4a, 0x83];
    out.extend_from_slice(&digest[..4]);
    out.extend_from_slice(&typed);
    out
}

fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    if bytes.len() > 9 {
        let digest = Sha256::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&digest[..4]);
    }
    bytes
}

#[test]
fn reads_its_own_snapshots() {
    let (mut phone, first) = created(1);
    renamed(&mut phone, 1, "A (exempel)");
    let snapshot = phone.save();
    let read = Gate::default()
        .admit_snapshot(Kind::Place, &snapshot)
        .unwrap();
    assert_eq!(read.heads(), phone.heads());
    assert!(
        Gate::default()
            .admit_snapshot(Kind::Visit, &snapshot)
            .is_err()
    );
    assert!(Gate::default().admit_snapshot(Kind::Place, &first).is_err());
}

/// Inspects as the gate once did when an offer was not good as a whole: a fresh copy and
/// every check for each change.
fn one_by_one(
    gate: &Gate,
    current: Option<&Document>,
    changes: &[&[u8]],
    now: Instant,
) -> Admission {
    let mut admission = Admission {
        document: current.cloned(),
        accepted: Vec::new(),
        rejected: None,
        work: 0,
    };
    for (index, bytes) in changes.iter().enumerate() {
        let start = admission.document.clone();
        let step = contain(|| {
            let start = start.unwrap_or_else(|| Document::empty(Kind::Place));
            let mut progress = Progress::new(start);
            let accepted = gate.step(&mut progress, bytes, None, now)?;
            gate.check(&progress.document)?;
            Ok((progress.document, accepted))
        });
        match step {
            Ok((document, accepted)) => {
                admission.document = Some(document);
                admission.accepted.push(accepted);
            }
            Err((code, detail)) => {
                admission.rejected = Some(Rejection {
                    code,
                    detail,
                    index,
                });
                break;
            }
        }
    }
    admission
}

/// An edit by a phone: which, what, and whose state it takes in afterwards.
type Written = (u8, usize, u8);
/// A fault on the way: at which change, and of which sort.
type Wrong = (usize, u8);

/// Three phones write a place; some of what they write no place may hold, some of it
/// gets lost, comes twice or comes broken.
fn written(steps: &[Written], wrong: &[Wrong]) -> Vec<Vec<u8>> {
    let (first, bytes) = created(1);
    let mut offer = vec![bytes];
    let mut phones: Vec<_> = [1, 2, 3]
        .into_iter()
        .map(|n| first.engine().fork().with_actor(actor_of(n + 10)))
        .collect();
    for (phone, what, meets) in steps {
        let (phone, meets) = (usize::from(*phone), usize::from(*meets));
        let (key, value) = match what {
            0 => ("note", "x".repeat(NOTE_TOO_LONG)),
            1 => ("ethnicity", "x".to_owned()),
            2 | 3 => ("name", format!("Bron {}", offer.len())),
            _ => ("district", format!("d{}", offer.len())),
        };
        phones[phone]
            .transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, key, value))
            .unwrap();
        let change = phones[phone].get_last_local_change().unwrap();
        offer.push(change.raw_bytes().to_vec());
        if meets < 3 && meets != phone {
            let mut other = phones[meets].clone();
            phones[phone].merge(&mut other).unwrap();
        }
    }
    for (at, what) in wrong {
        if offer.is_empty() {
            break;
        }
        let at = at % offer.len();
        match what {
            0 => drop(offer.remove(at)),
            1 => offer.insert(at, offer[at].clone()),
            _ => *offer[at].last_mut().unwrap() ^= 1,
        }
    }
    offer
}

/// Inspects an offer with so much work at once, over and over; says how often it was left.
fn in_pieces(gate: &Gate, offered: &Offered<'_>, budgets: &[usize]) -> (Admission, usize) {
    let mut inspection = gate.inspect(offered.author);
    for (left, budget) in budgets.iter().cycle().enumerate() {
        match inspection.go_on(offered, *budget) {
            Inspected::Done(admission) => return (*admission, left),
            Inspected::Paused(rest) => inspection = rest,
        }
    }
    unreachable!("there is a budget")
}

proptest::proptest! {
    #[test]
    fn refuses_the_change_that_it_would_refuse_one_by_one(
        steps in proptest::collection::vec((0..3_u8, 0..7_usize, 0..4_u8), 1..30),
        wrong in proptest::collection::vec((0..40_usize, 0..3_u8), 0..3),
        begun in 0..4_usize,
    ) {
        let offer = written(&steps, &wrong);
        let offer: Vec<&[u8]> = offer.iter().map(Vec::as_slice).collect();
        let (before, offer) = offer.split_at(begun.min(offer.len()));
        let gate = Gate::default();
        let held = one_by_one(&gate, None, before, NOW).document;
        let expected = one_by_one(&gate, held.as_ref(), offer, NOW);
        let found = gate.admit(Kind::Place, held.as_ref(), offer, None, NOW);
        proptest::prop_assert_eq!(&found.rejected, &expected.rejected);
        proptest::prop_assert_eq!(&found.accepted, &expected.accepted);
        proptest::prop_assert_eq!(
            found.document.map(|d| (d.heads(), d.size())),
            expected.document.map(|d| (d.heads(), d.size()))
        );
    }

    /// Offers of any sort, from anybody, within any limits.
    #[test]
    fn decides_the_same_wherever_it_is_left(
        steps in proptest::collection::vec((0..3_u8, 0..7_usize, 0..4_u8), 1..30),
        wrong in proptest::collection::vec((0..40_usize, 0..3_u8), 0..3),
        begun in 0..4_usize,
        author in proptest::option::of((0..4_u8, proptest::bool::ANY)),
        most in (1..40_usize, 100..3_000_usize),
        budgets in proptest::collection::vec(0..400_usize, 1..8),
    ) {
        let offer = written(&steps, &wrong);
        let offer: Vec<&[u8]> = offer.iter().map(Vec::as_slice).collect();
        let (before, offer) = offer.split_at(begun.min(offer.len()));
        let held = one_by_one(&Gate::default(), None, before, NOW).document;
        let mut gate = Gate::default();
        (gate.limits.offer_changes, gate.limits.offer_work) = most;
        let actor = author.map(|(n, releases)| Actor {
            capacity: if releases { Capacity::Release } else { Capacity::Worker },
            ..Actor::worker(device(n + 10))
        });
        let offered = Offered {
            kind: Kind::Place,
            current: held.as_ref(),
            changes: offer,
            author: actor.as_ref(),
            now: NOW,
        };
        let (uncut, never) = in_pieces(&gate, &offered, &[usize::MAX]);
        let (cut, _) = in_pieces(&gate, &offered, &budgets);
        let (each, times) = in_pieces(&gate, &offered, &[0]);
        proptest::prop_assert_eq!(never, 0);
        proptest::prop_assert!(times > each.accepted.len());
        for found in [cut, each] {
            proptest::prop_assert_eq!(&found.rejected, &uncut.rejected);
            proptest::prop_assert_eq!(&found.accepted, &uncut.accepted);
            proptest::prop_assert_eq!(found.work, uncut.work);
            proptest::prop_assert_eq!(
                found.document.map(|d| (d.heads(), d.size())),
                uncut.document.as_ref().map(|d| (d.heads(), d.size()))
            );
        }
    }
}

const NOTE_TOO_LONG: usize = crate::model::NOTE_CHARACTERS + 1;

#[test]
fn more_changes_than_an_offer_may_have_wait_without_being_refused() {
    let (mut phone, first) = created(1);
    let mut changes = vec![first];
    let mut name = place();
    for n in 0..6 {
        let base = serde_json::to_value(&name).unwrap();
        name.name = format!("Bron {n}");
        let next = serde_json::to_value(&name).unwrap();
        let edit = phone.edit(actor_of(1), &base, &next, NOW).unwrap();
        changes.push(edit.unwrap().bytes);
    }
    let offer: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let mut gate = Gate::default();
    gate.limits.offer_changes = 4;
    let worker = Actor::worker(device(1));
    let first = gate.admit(Kind::Place, None, &offer, Some(&worker), NOW);
    assert_eq!(first.accepted.len(), 4);
    let rejected = first.rejected.unwrap();
    assert_eq!((rejected.code, rejected.index), (RejectionCode::Later, 4));
    assert!(rejected.code.is_later());
    let held = first.document.unwrap();
    let rest = gate.admit(Kind::Place, Some(&held), &offer[4..], Some(&worker), NOW);
    assert_eq!(rest.rejected, None);
    assert_eq!(rest.document.unwrap().heads(), phone.heads());
}

#[test]
fn a_document_hides_only_so_many_values() {
    let (phone, first) = created(1);
    let mut held = admit(None, &[&first], 1).document.unwrap();
    let gate = Gate::default();
    let most = gate.limits.hidden_values;
    for n in 0..=most + 1 {
        // Each in a session of its own, and none builds on another.
        let session = SessionId::from_bytes((n as u64).to_be_bytes());
        let mut engine = phone.engine().fork().with_actor(actor(device(9), session));
        engine
            .transact::<_, _, automerge::AutomergeError>(|tx| {
                tx.put(ROOT, "name", format!("Bron {n}"))
            })
            .unwrap();
        let bytes = engine.get_last_local_change().unwrap().raw_bytes().to_vec();
        let admission = admit(Some(&held), &[&bytes], 9);
        let expected = (n > most).then_some(RejectionCode::TooManyValues);
        assert_eq!(code(&admission), expected, "value {n}");
        held = admission.document.unwrap();
    }
}

#[test]
fn two_valid_edits_that_make_a_visit_end_before_it_began_merge() {
    use crate::model::Visit;
    let visit = Visit {
        place: DocumentId::from_bytes([1; 16]),
        started: NOW,
        ended: Some(Instant(NOW.0 + 1_000)),
        access: crate::model::Access::Complete,
        basis: crate::model::Basis::Chosen,
        weather_opening: false,
        counts: Records::default(),
        encounters: Records::default(),
        note: String::new(),
        withdrawn: false,
    };
    let (mut document, first) = Document::create(actor_of(1), &Content::Visit(visit), NOW).unwrap();
    let write = |key: &str, at: i64, n: u8| {
        let mut engine = document.engine().fork().with_actor(actor_of(n));
        engine
            .transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, key, at))
            .unwrap();
        engine.get_last_local_change().unwrap().raw_bytes().to_vec()
    };
    let (moved, ended) = (
        write("started", NOW.0 + 900_000, 2),
        write("ended", NOW.0 + 60_000, 3),
    );
    let offer = [first.bytes.as_slice(), &moved, &ended];
    let admission = Gate::default().admit(Kind::Visit, None, &offer, None, NOW);
    assert_eq!(admission.rejected, None);
    document = admission.document.unwrap();
    let Content::Visit(visit) = document.content().unwrap() else {
        panic!("a visit");
    };
    assert!(visit.ended < Some(visit.started));
}
