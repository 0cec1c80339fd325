//! Our own changes with a few bytes changed, checksum repaired.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Mutated changes, checksum repaired: an answer, never a panic or a loss
    /// of what was held.
    #[test]
    fn survives_mutation(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let (mut phone, first) = created(1);
        let base = serde_json::to_value(place()).unwrap();
        let mut next = place();
        next.states.insert(
            RecordId::from_bytes([4; 8]),
            DatedState { state: PlaceState::Active, at: NOW, withdrawn: false },
        );
        next.same_as = Some(DocumentId::from_bytes([8; 16]));
        let second = phone
            .edit(actor_of(1), &base, &serde_json::to_value(&next).unwrap(), NOW)
            .unwrap()
            .unwrap()
            .bytes;
        let held = admit(None, &[&first], 1).document.unwrap();
        let before = held.heads();
        let mut mutated = second.clone();
        for (index, byte) in flips {
            let at = index.index(mutated.len());
            mutated[at] = byte;
        }
        if let Some(cut) = cut {
            mutated.truncate(cut.index(mutated.len()));
        }
        let admission = admit(Some(&held), &[&with_checksum(mutated)], 1);
        if let Some(document) = admission.document {
            prop_assert!(document.content().is_ok());
            prop_assert!(Gate::default().admit_snapshot(Kind::Place, &document.save()).is_ok());
        }
        prop_assert_eq!(held.heads(), before);
    }
}

/// Every change that differs in one byte from one of ours, checksum repaired: what is
/// let in is written as the engine itself writes it, and the document can be read
/// again.
#[test]
fn lets_nothing_in_that_could_not_be_read_again() {
    let value = |place: &Place| serde_json::to_value(place).unwrap();
    let (mut document, first) = created(1);
    let full = Place {
        same_as: Some(DocumentId::from_bytes([8; 16])),
        note: "tält (exempel)".into(),
        states: Records(
            [(
                RecordId::from_bytes([4; 8]),
                DatedState {
                    state: PlaceState::Active,
                    at: NOW,
                    withdrawn: false,
                },
            )]
            .into(),
        ),
        ..place()
    };
    let mut ours = vec![(None, first)];
    let mut edit = |document: &mut Document, n: u8, from: &Place, to: &Place| {
        let before = document.clone();
        let change = document.edit(actor_of(n), &value(from), &value(to), NOW);
        ours.push((Some(before), change.unwrap().unwrap().bytes));
    };
    edit(&mut document, 1, &place(), &full);
    // Two that change the same without knowing of each other, and one that settles it
    // and deletes.
    let mut other = document.clone();
    let renamed = |name: &str| Place {
        name: name.into(),
        ..full.clone()
    };
    edit(&mut document, 2, &full, &renamed("A (exempel)"));
    edit(&mut other, 3, &full, &renamed("B (exempel)"));
    let theirs = ours[3].1.clone();
    let mut both = admit_from(&document, &theirs, 3);
    let shown = match both.content().unwrap() {
        Content::Place(place) => place,
        other => panic!("{other:?}"),
    };
    let settled = Place {
        name: "C (exempel)".into(),
        note: String::new(),
        same_as: None,
        ..shown.clone()
    };
    let before = both.clone();
    let change = both
        .edit(actor_of(2), &value(&shown), &value(&settled), NOW)
        .unwrap()
        .unwrap();
    ours.push((Some(before), change.bytes));

    let mut passed = 0;
    for (held, ours) in ours {
        for at in 9..ours.len() {
            // Each bit, and what numbers and runs make much of.
            let bits = (0..8).map(|bit| ours[at] ^ (1 << bit));
            for byte in bits.chain([0, 1, 2, 3, 0x7d, 0x7e, 0x7f, 0x80, 0xff]) {
                let mut mutated = ours.clone();
                mutated[at] = byte;
                let mutated = with_checksum(mutated);
                let offered =
                    Gate::default().admit(Kind::Place, held.as_ref(), &[&mutated], None, NOW);
                let Some(accepted) = offered.accepted.first().filter(|a| a.new) else {
                    continue;
                };
                let change = Change::from_bytes(mutated.clone()).unwrap();
                assert_eq!(
                    Hash::from(Change::from(change.decode()).hash()),
                    accepted.hash
                );
                assert!(
                    offered.document.unwrap().compact().is_some(),
                    "byte {at} as {byte:#x}"
                );
                passed += 1;
            }
        }
    }
    // Texts, numbers and times can differ, after all.
    assert!(passed > 1_000, "{passed}");
}

fn admit_from(held: &Document, change: &[u8], n: u8) -> Document {
    let admission = admit(Some(held), &[change], n);
    assert_eq!(admission.rejected, None);
    admission.document.unwrap()
}
