//! Changes of a document that is there: what the engine takes in, and then loses or
//! cannot read.

use automerge::Change;
use sync_core::authority::Actor;
use sync_core::document::Document;
use sync_core::gate::{Gate, RejectionCode};
use sync_core::model::Kind;

use super::{NOW, actor_here, alone, chunk, device, place, signed, unsigned};

/// A column of a change: specification and data.
type Column<'a> = (u8, &'a [u8]);

/// A place with a note, as two changes of one session, and what is offered next.
struct Edited {
    held: Document,
    /// Of the two changes: hash and last operation.
    made: [([u8; 32], u64); 2],
    /// The operation that set the note.
    note: u64,
}

impl Edited {
    fn new() -> Self {
        let (mut held, first) = Document::create(actor_here(), &place(), NOW).unwrap();
        let base = serde_json::to_value(held.content().unwrap()).unwrap();
        let base = base.get("Place").unwrap_or(&base).clone();
        let mut next = base.clone();
        next["note"] = "sedan (exempel)".into();
        let second = held.edit(actor_here(), &base, &next, NOW).unwrap().unwrap();
        let made = [&first.bytes, &second.bytes].map(|bytes| {
            let change = Change::from_bytes(bytes.clone()).unwrap();
            (change.hash().0, change.max_op())
        });
        Self {
            note: made[1].1,
            held,
            made,
        }
    }

    /// A change of one operation, the third of the session.
    fn change(&self, columns: &[Column<'_>]) -> Vec<u8> {
        self.change_at(1, self.made[1].1 + 1, columns)
    }

    fn change_at(&self, builds_on: usize, start: u64, columns: &[Column<'_>]) -> Vec<u8> {
        let mut body = vec![1];
        body.extend_from_slice(&self.made[builds_on].0);
        body.push(16);
        body.extend_from_slice(actor_here().to_bytes());
        unsigned(&mut body, 3);
        unsigned(&mut body, start);
        signed(&mut body, NOW.0 / 1000);
        body.extend_from_slice(&[0, 0]);
        unsigned(&mut body, columns.len() as u64);
        for (specification, data) in columns {
            body.extend_from_slice(&[*specification, u8::try_from(data.len()).unwrap()]);
        }
        for (_, data) in columns {
            body.extend_from_slice(data);
        }
        chunk(1, &body)
    }

    fn offer(&self, change: &[u8]) -> Option<RejectionCode> {
        let admission = Gate::default().admit(
            Kind::Place,
            Some(&self.held),
            &[change],
            Some(&Actor::worker(device())),
            NOW,
        );
        assert!(admission.document.unwrap().compact().is_some());
        admission.rejected.map(|rejection| rejection.code)
    }
}

const KEY: Column<'static> = (0x15, b"\x7f\x04note");
const NO_INSERT: Column<'static> = (0x34, &[1]);
const SET: Column<'static> = (0x42, &[0x7f, 1]);
const DELETE: Column<'static> = (0x42, &[0x7f, 3]);
const TEXT: [Column<'static>; 2] = [(0x56, &[0x7f, 0x56]), (0x57, b"sedan")];
const NOTHING: Column<'static> = (0x56, &[0x7f, 0]);
const REPLACES_ONE: Column<'static> = (0x70, &[0x7f, 1]);
const REPLACES_NONE: Column<'static> = (0x70, &[0x7f, 0]);
const OF_ITSELF: Column<'static> = (0x71, &[0x7f, 0]);
/// Sets the note as if it had none.
const SETS: [Column<'static>; 6] = [KEY, NO_INSERT, SET, TEXT[0], TEXT[1], REPLACES_NONE];

/// Sets the note in place of what `counter`, a column, names.
fn replaces(counter: &[u8]) -> [Column<'_>; 8] {
    let [key, no_insert, set, meta, text, _] = SETS;
    let counter = (0x73, counter);
    [
        key,
        no_insert,
        set,
        meta,
        text,
        REPLACES_ONE,
        OF_ITSELF,
        counter,
    ]
}

/// A column of one small number.
fn one(number: u64) -> [u8; 2] {
    [0x7f, u8::try_from(number).unwrap()]
}

/// The same operation written in another way than the engine writes it: the engine
/// takes it in, and then cannot read the document that it wrote.
#[test]
fn a_change_written_in_another_way() {
    let _alone = alone();
    let edited = Edited::new();
    let note = one(edited.note);
    let good = replaces(&note);
    assert_eq!(edited.offer(&edited.change(&good)), None);
    let other = |specification: u8, data: &'static [u8]| {
        let columns = good.map(|column| match column {
            (s, _) if s == specification => (s, data),
            column => column,
        });
        edited.offer(&edited.change(&columns))
    };
    // Runs of one, a number that is too long, a null after all.
    for (specification, data) in [
        (0x15, &b"\x01\x04note"[..]),
        (0x34, &[0x81, 0]),
        (0x34, &[0, 1]),
        (0x42, &[1, 1]),
        (0x42, &[0x7f, 0x81, 0]),
        (0x56, &[1, 0x56]),
        (0x70, &[1, 1]),
        (0x71, &[1, 0]),
        (0x71, &[0x7f, 0, 0, 1]),
    ] {
        assert_eq!(
            other(specification, data),
            Some(RejectionCode::Malformed),
            "{specification:#x} {data:?}"
        );
    }
}

/// Operations that the engine takes in and then loses: the change is another one when
/// the document is read again.
#[test]
fn operations_that_do_not_hold() {
    let _alone = alone();
    let edited = Edited::new();
    let (name, zero) = (one(1), one(0));
    let (note, own) = (one(edited.note), one(edited.note + 1));
    let inserts = |change: &[Column<'static>]| -> Vec<Column<'static>> {
        let insert = |column: &Column<'static>| match column {
            (0x34, _) => (0x34, &[0, 1][..]),
            other => *other,
        };
        change.iter().map(insert).collect()
    };
    let deletes = [KEY, NO_INSERT, DELETE, NOTHING];
    let attacks: Vec<(&str, Vec<Column<'_>>)> = vec![
        ("deletes nothing", [&deletes[..], &[REPLACES_NONE]].concat()),
        (
            "replaces what belongs to another key",
            replaces(&name).to_vec(),
        ),
        ("replaces itself", replaces(&own).to_vec()),
        ("replaces number 0", replaces(&zero).to_vec()),
        ("inserts under a key", inserts(&SETS)),
        (
            "deletes and inserts",
            [
                &inserts(&deletes)[..],
                &[REPLACES_ONE, OF_ITSELF, (0x73, &note)],
            ]
            .concat(),
        ),
        (
            "names the root as if it were made",
            [&[(0x01, &[0x7f, 0][..]), (0x02, &[0x7f, 0])], &SETS[..]].concat(),
        ),
        (
            "makes a list",
            vec![KEY, NO_INSERT, (0x42, &[0x7f, 2]), NOTHING, REPLACES_NONE],
        ),
    ];
    for (what, columns) in attacks {
        let code = edited.offer(&edited.change(&columns));
        assert_eq!(code, Some(RejectionCode::Malformed), "{what}");
    }
    // Operation numbers that the session has used, beside what used them.
    let again = edited.change_at(0, edited.made[0].1 + 1, &SETS);
    assert_eq!(edited.offer(&again), Some(RejectionCode::OperationCounter));
    // What it replaces is not in what it builds on.
    let unseen = edited.change_at(0, edited.made[1].1 + 1, &replaces(&note));
    assert_eq!(
        edited.offer(&unseen),
        Some(RejectionCode::MissingDependency)
    );
}
