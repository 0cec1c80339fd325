//! Documents of any shape: the bytes are read as a programme of writes to a
//! held document, made with the engine itself, then offered to the gate.
#![no_main]

use automerge::transaction::Transactable;
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use lagesbild_fuzz::{DEVICE, begin, held, offer};
use libfuzzer_sys::fuzz_target;
use sync_core::ids::{SessionId, actor};
use sync_core::model::Kind;

/// Names that mean something somewhere.
const NAMES: [&str; 40] = [
    "kind", "schema", "place", "started", "ended", "access", "basis", "weather_opening", "counts",
    "encounters", "note", "withdrawn", "name", "place_type", "district", "latitude", "longitude",
    "exact", "created", "states", "tips", "same_as", "0101010101010101", "0202020202020202",
    "observer", "at", "adults", "children", "unknown", "low", "high", "eu_eea", "third_country",
    "sleeping", "method", "tents", "tents_opened", "persons_in_opened", "state", "",
];

fuzz_target!(init: begin(|| vec![vec![1, 3, 10, 4, 0xff, 0, 28, 9]]), |data: &[u8]| {
    let Some((which, program)) = data.split_first() else {
        return;
    };
    let (held, kind) = match which % 2 {
        0 => (&held()[0], Kind::Place),
        _ => (&held()[1], Kind::Visit),
    };
    let mut engine = Automerge::load(&held.document.save()).expect("our own document");
    let session = SessionId::from_bytes([which % 4 + 1; 8]);
    engine.set_actor(actor(DEVICE, session));
    let mut changes = Vec::new();
    for part in program.split(|byte| *byte == 0xff).take(4) {
        let written = engine.transact::<_, _, automerge::AutomergeError>(|tx| {
            let mut at = ROOT;
            for step in part.chunks(3) {
                write(tx, &mut at, step);
            }
            Ok(())
        });
        if written.is_err() {
            return;
        }
        changes.extend(engine.get_last_local_change().map(|c| c.raw_bytes().to_vec()));
    }
    changes.dedup();
    let changes: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    offer(Some(&held.document), kind, &changes);
});

fn write(tx: &mut automerge::transaction::Transaction<'_>, at: &mut ObjId, step: &[u8]) {
    let [what, name, value] = [0, 1, 2].map(|i| step.get(i).copied().unwrap_or(0));
    let name = NAMES[usize::from(name) % NAMES.len()];
    let list = matches!(tx.object_type(&*at), Ok(ObjType::List | ObjType::Text));
    let number = i64::from(value) - 100;
    let scalar = match what % 16 {
        0 => ScalarValue::Int(number),
        1 => ScalarValue::Uint(u64::from(value)),
        2 => ScalarValue::F64(f64::from(value) / 3.0),
        3 => ScalarValue::Str(NAMES[usize::from(value) % NAMES.len()].into()),
        4 => ScalarValue::Boolean(value % 2 == 0),
        5 => ScalarValue::Null,
        6 => ScalarValue::Bytes(vec![value; usize::from(value)]),
        7 => ScalarValue::Timestamp(number << 40),
        8 => ScalarValue::counter(number),
        9 => ScalarValue::Uint(u64::MAX - u64::from(value)),
        10 => {
            let _ = tx.delete(&*at, name);
            return;
        }
        11 => {
            *at = ROOT;
            return;
        }
        12 => {
            if let Ok(Some((Value::Object(_), id))) = tx.get(&*at, name) {
                *at = id;
            }
            return;
        }
        13 => {
            let _ = tx.increment(&*at, name, number);
            return;
        }
        kind => {
            let kind = [ObjType::Map, ObjType::List, ObjType::Text][(usize::from(kind) + usize::from(value)) % 3];
            let made = if list {
                tx.insert_object(&*at, 0, kind)
            } else {
                tx.put_object(&*at, name, kind)
            };
            if let Ok(id) = made {
                *at = id;
            }
            return;
        }
    };
    let _ = if list {
        tx.insert(&*at, 0, scalar)
    } else {
        tx.put(&*at, name, scalar)
    };
}
