//! The matrix: each field of each kind × each relation, said later; each record added;
//! each thing removed or replaced. The verdicts come from the table, and the table from
//! what `docs/security.md` prints, so that none of the three moves alone.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};
use serde_json::{Map, Value as Json, json};

use super::table::{Field, Holds, Sense};
use super::*;
use crate::document::{Document, typed};
use crate::gate::Gate;
use crate::gate::RejectionCode;
use crate::ids::{SessionId, actor};
use crate::model::{Code, Content, Count, Kind};

const NOW: Instant = Instant(1_795_000_000_000);
const RECORD: &str = "0101010101010101";
const KINDS: [Kind; 4] = [Kind::Visit, Kind::Place, Kind::Alert, Kind::Feedback];

/// Who comes: their device, capacity and whether the document is their organisation's.
fn comes(relation: Who) -> (DeviceId, Capacity, bool) {
    let (device, capacity, own) = match relation {
        Who::MAKER => (1, Capacity::Worker, true),
        Who::COLLEAGUE => (2, Capacity::Worker, true),
        Who::COORDINATOR => (3, Capacity::Coordinator, true),
        Who::STRANGER => (4, Capacity::Coordinator, false),
        _ => (0, Capacity::Desk, true),
    };
    (DeviceId::from_bytes([device; 8]), capacity, own)
}

/// The relations that somebody who comes so has: a coordinator is a colleague too.
fn all_of(relation: Who) -> Who {
    match relation {
        Who::MAKER | Who::COORDINATOR => relation.or(Who::COLLEAGUE),
        other => other,
    }
}

fn admit(document: &Document, change: &[u8], relation: Who) -> Option<RejectionCode> {
    let (device, capacity, own) = comes(relation);
    let actor = Actor {
        device,
        capacity,
        own,
        window: Some(Window::around(NOW)),
        organisations: None,
    };
    let admission = Gate::default().admit(
        document.kind(),
        Some(document),
        &[change],
        Some(&actor),
        NOW,
    );
    admission.rejected.map(|r| r.code)
}

fn session(relation: Who) -> automerge::ActorId {
    actor(comes(relation).0, SessionId::from_bytes([1; 8]))
}

/// A value of each field, two of them, that differ and are allowed.
fn sample(kind: Kind, field: &Field, second: bool, observer: &str) -> Json {
    let at = NOW.0 - if second { 60_000 } else { 0 };
    let pick = |a: &str, b: &str| json!(if second { b } else { a });
    let numbers = json!(Count::of_adults(DeviceId::from_bytes([1; 8]), NOW, 0));
    match (kind, field.name) {
        (_, "observer" | "by") => json!(if second { "0909090909090909" } else { observer }),
        (Kind::Visit | Kind::Alert, "place") | (_, "same_as") => {
            json!(if second { "0b" } else { "0a" }.repeat(16))
        }
        (_, "ended") => json!(at + 120_000),
        (_, "started" | "at" | "created" | "checked" | "decided" | "opened" | "closed") => {
            json!(at)
        }
        (_, "access") => pick("complete", "partial"),
        (_, "basis") => pick("chosen", "drawn"),
        (_, "weather_opening" | "withdrawn" | "exact") => json!(second),
        (_, "sleeping") => pick("outdoors", "tent"),
        (_, "method") => pick("seen", "tents"),
        (_, "group") => pick("eu_eea", "unknown"),
        (_, "met_before") => pick("no", "by_other"),
        (_, "met_by" | "about") if kind != Kind::Place => pick("forening-a", "forening-b"),
        (_, "code") => pick("abcdefghijkl", "abcdefghijkm"),
        (_, "languages") => json!([if second { "ro" } else { "sv" }]),
        (_, "needs") => json!([if second { "shelter" } else { "health" }]),
        (_, "contacts") => json!([if second { "police" } else { "embassy" }]),
        (_, "information") => {
            if second {
                json!({"rights": "1/ro"})
            } else {
                json!({"obligations": "1/sv"})
            }
        }
        (_, "place_type") => pick("park", "street"),
        (_, "latitude") => json!(if second { 5_931_000 } else { 5_932_000 }),
        (_, "longitude") => json!(if second { 1_807_000 } else { 1_808_000 }),
        (_, "state") => pick("active", "empty"),
        (_, "about") => pick("name", "district"),
        (_, "decision") => pick("accepted", "declined"),
        (_, "category") => pick("health", "shelter"),
        (_, "outcome") => pick("open", "helped"),
        (_, "to") => pick("police", "emergency"),
        (_, "language") => pick("sv", "ro"),
        (_, "handling") => pick("received", "answered"),
        // Whatever else a count holds is a number.
        (_, name) if numbers.get(name).is_some() => json!(if second { 2 } else { 1 }),
        (_, name) => {
            assert!(
                [
                    "note",
                    "name",
                    "district",
                    "from",
                    "text",
                    "value",
                    "reason",
                    "answered_by",
                    "reply"
                ]
                .contains(&name),
                "{kind}: no sample for {name}"
            );
            pick("ett exempel", "ett annat exempel")
        }
    }
}

/// A document of a kind whose every map of records holds one, all of one maker.
fn content(kind: Kind, fields: &'static [Field], observer: &str) -> Json {
    let mut out = Map::new();
    for field in fields {
        let value = match field.holds {
            Holds::Records(fields) => json!({ RECORD: content(kind, fields, observer) }),
            _ => sample(kind, field, false, observer),
        };
        out.insert(field.name.to_owned(), value);
    }
    Json::Object(out)
}

const OBSERVER: &str = "0101010101010101";

fn made(kind: Kind) -> (Document, Json) {
    let json = content(kind, table(kind), OBSERVER);
    let typed = typed(kind, json.clone()).unwrap();
    let (document, _) = Document::create(session(Who::MAKER), &typed, NOW).unwrap();
    (document, json)
}

fn edited(document: &Document, base: &Json, next: &Json, by: Who) -> Vec<u8> {
    let mut copy = document.clone();
    let change = copy.edit(session(by), base, next, NOW).unwrap();
    change.expect("something differs").bytes
}

/// Calls with the path, JSON pointer and field of every field that is not a map of records.
fn each_field(kind: Kind, mut each: impl FnMut(&str, &'static Field)) {
    for field in table(kind) {
        match field.holds {
            Holds::Records(fields) => {
                for inner in fields {
                    each(&format!("/{}/{RECORD}/{}", field.name, inner.name), inner);
                }
            }
            _ => each(&format!("/{}", field.name), field),
        }
    }
}

#[test]
fn every_field_has_a_row_and_every_row_a_field() {
    // The types refuse unknown fields, so content made from the table is read only when no
    // row is too many; and what is written again must have no key that the table lacks.
    fn compare(path: &str, fields: &'static [Field], json: &Json) {
        let held: Vec<&String> = json.as_object().unwrap().keys().collect();
        for name in &held {
            assert!(
                fields.iter().any(|f| f.name == name.as_str()),
                "{path}/{name} has no row in the table: say who may say it"
            );
        }
        assert_eq!(held.len(), fields.len(), "{path}");
        for field in fields {
            if let Holds::Records(fields) = field.holds {
                let below = format!("{path}/{}", field.name);
                compare(&below, fields, &json[field.name][RECORD]);
            }
        }
    }
    for kind in KINDS {
        let (document, _) = made(kind);
        let json = crate::document::content_json(&document.content().unwrap()).unwrap();
        compare(kind.as_str(), table(kind), &json);
    }
}

#[test]
fn the_matrix_of_what_is_said_later() {
    let mut cells = 0;
    for kind in KINDS {
        let (document, base) = made(kind);
        each_field(kind, |pointer, field| {
            for relation in Who::EACH {
                let mut next = base.clone();
                *next.pointer_mut(pointer).unwrap() = sample(kind, field, true, OBSERVER);
                let change = edited(&document, &base, &next, relation);
                let allowed = all_of(relation).meets(field.later);
                let expected = (!allowed).then_some(RejectionCode::NotAllowed);
                let found = admit(&document, &change, relation);
                assert_eq!(found, expected, "{kind}{pointer} by {}", relation.name());
                cells += 1;
            }
        });
    }
    println!("{cells} cells, all as expected");
    assert!(cells > 300, "{cells}");
}

#[test]
fn the_matrix_of_who_adds_a_record() {
    let mut cells = 0;
    for kind in KINDS {
        let (document, base) = made(kind);
        for field in table(kind) {
            let Holds::Records(fields) = field.holds else {
                continue;
            };
            for relation in Who::EACH {
                let device = comes(relation).0.to_string();
                let mut record = content(kind, fields, &device);
                // What only the desk says is left blank by the others.
                for inner in fields {
                    if relation != Who::DESK && !all_of(relation).or(Who::MAKER).meets(inner.first)
                    {
                        record[inner.name] = match inner.name {
                            "decision" | "decided" => Json::Null,
                            _ => continue,
                        };
                    }
                }
                let mut next = base.clone();
                next[field.name]["0202020202020202"] = record;
                let change = edited(&document, &base, &next, relation);
                let allowed = all_of(relation).meets(field.first);
                let expected = (!allowed).then_some(RejectionCode::NotAllowed);
                let found = admit(&document, &change, relation);
                assert_eq!(
                    found,
                    expected,
                    "{kind}/{} by {}",
                    field.name,
                    relation.name()
                );
                cells += 1;
            }
        }
    }
    println!("{cells} cells, all as expected");
    assert!(cells >= 40);
}

#[test]
fn the_matrix_of_who_makes_a_document() {
    for kind in KINDS {
        for relation in Who::EACH {
            let (device, capacity, own) = comes(relation);
            let mut json = content(kind, table(kind), &device.to_string());
            if relation != Who::DESK {
                // As phones make them: nothing that only the desk says.
                for (key, blank) in [
                    ("exact", json!(false)),
                    ("same_as", Json::Null),
                    ("closed", Json::Null),
                    ("acknowledgements", json!({})),
                ] {
                    if json.get(key).is_some() {
                        json[key] = blank;
                    }
                }
                if json.get("proposals").is_some() {
                    json["proposals"] = json!({});
                }
            }
            let content = typed(kind, json).unwrap();
            let (_, change) = Document::create(session(relation), &content, NOW).unwrap();
            let actor = Actor {
                device,
                capacity,
                own,
                window: Some(Window::around(NOW)),
                organisations: None,
            };
            let admission = Gate::default().admit(kind, None, &[&change.bytes], Some(&actor), NOW);
            let allowed = all_of(relation).meets(super::table::creators(kind))
                || (relation == Who::STRANGER && kind != Kind::Feedback);
            // (Whoever makes a document is its maker, of whatever organisation.)
            let found = admission.rejected.map(|r| (r.code, r.detail));
            assert_eq!(
                found.is_none(),
                allowed,
                "{kind} by {}: {found:?}",
                relation.name()
            );
        }
    }
}

#[test]
fn what_only_the_desk_says_is_not_said_at_birth_either() {
    let born = |kind: Kind, key: &str, value: Json| {
        let mut json = content(kind, table(kind), OBSERVER);
        for (blank, with) in [
            ("exact", json!(false)),
            ("same_as", Json::Null),
            ("closed", Json::Null),
            ("acknowledgements", json!({})),
            ("proposals", json!({})),
        ] {
            if json.get(blank).is_some() {
                json[blank] = with;
            }
        }
        json[key] = value;
        let content = typed(kind, json).unwrap();
        let (_, change) = Document::create(session(Who::MAKER), &content, NOW).unwrap();
        let actor = Actor::worker(comes(Who::MAKER).0);
        let admission = Gate::default().admit(kind, None, &[&change.bytes], Some(&actor), NOW);
        admission.rejected.map(|r| r.code)
    };
    assert_eq!(born(Kind::Place, "note", json!("")), None);
    assert_eq!(born(Kind::Alert, "note", json!("")), None);
    let refused = Some(RejectionCode::NotAllowed);
    assert_eq!(born(Kind::Place, "exact", json!(true)), refused);
    assert_eq!(
        born(Kind::Place, "same_as", json!("0a".repeat(16))),
        refused
    );
    assert_eq!(born(Kind::Place, "latitude", json!(5_931_001)), refused);
    assert_eq!(born(Kind::Alert, "outcome", json!("taken_over")), refused);
    assert_eq!(born(Kind::Alert, "closed", json!(NOW.0)), refused);
    let acknowledged =
        json!({RECORD: {"by": OBSERVER, "at": NOW.0, "note": "", "withdrawn": false}});
    assert_eq!(born(Kind::Alert, "acknowledgements", acknowledged), refused);
    let for_another = content(Kind::Visit, table(Kind::Visit), "0505050505050505");
    let counts = for_another["counts"].clone();
    assert_eq!(born(Kind::Visit, "counts", counts), refused);
}

/// Writes with the engine itself, as no app of ours would.
fn crafted(document: &Document, by: Who, write: impl FnOnce(&mut AutoCommit)) -> Vec<u8> {
    let mut doc = AutoCommit::load(&document.save())
        .unwrap()
        .with_actor(session(by));
    write(&mut doc);
    doc.commit_with(CommitOptions::default().with_time(NOW.0 / 1000));
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

#[test]
fn nothing_is_ever_removed_or_replaced_but_members_of_sets() {
    let mut cells = 0;
    for kind in KINDS {
        let (document, _) = made(kind);
        for relation in Who::EACH {
            let mut refused = |what: &str, write: &dyn Fn(&mut AutoCommit)| {
                let change = crafted(&document, relation, write);
                let code = admit(&document, &change, relation);
                let name = relation.name();
                assert_eq!(
                    code,
                    Some(RejectionCode::NotAllowed),
                    "{kind}: {what} by {name}"
                );
                cells += 1;
            };
            let fields = table(kind).iter().map(|f| f.name);
            for key in fields.chain(["kind", "schema"]) {
                // A blank field is not there.
                if document.engine().get(ROOT, key).unwrap().is_some() {
                    refused(&format!("{key} deleted"), &|doc| {
                        doc.delete(ROOT, key).unwrap();
                    });
                }
                refused(&format!("{key} replaced by a map"), &|doc| {
                    doc.put_object(ROOT, key, ObjType::Map).unwrap();
                });
            }
            refused("kind said anew", &|doc| {
                doc.put(ROOT, "kind", "another").unwrap();
            });
            for field in table(kind) {
                let Holds::Records(fields) = field.holds else {
                    continue;
                };
                let records = |doc: &AutoCommit| doc.get(ROOT, field.name).unwrap().unwrap().1;
                refused("records replaced by a value", &|doc| {
                    doc.put(ROOT, field.name, "x").unwrap();
                });
                refused("record deleted", &|doc| {
                    doc.delete(records(doc), RECORD).unwrap();
                });
                refused("record replaced", &|doc| {
                    doc.put_object(records(doc), RECORD, ObjType::Map).unwrap();
                });
                refused("record replaced by a value", &|doc| {
                    doc.put(records(doc), RECORD, true).unwrap();
                });
                for inner in fields {
                    let record =
                        |doc: &AutoCommit| doc.get(records(doc), RECORD).unwrap().unwrap().1;
                    let whole = AutoCommit::load(&document.save()).unwrap();
                    if whole.get(record(&whole), inner.name).unwrap().is_none() {
                        continue;
                    }
                    refused("field of a record deleted", &|doc| {
                        doc.delete(record(doc), inner.name).unwrap();
                    });
                    if matches!(inner.holds, Holds::Members) {
                        refused("set replaced", &|doc| {
                            doc.put_object(record(doc), inner.name, ObjType::Map)
                                .unwrap();
                        });
                    }
                }
            }
        }
    }
    println!("{cells} cells, all refused");
}

#[test]
fn dates_are_held_to_the_window_and_never_lie_ahead() {
    const DAY: i64 = 86_400_000;
    let mut cells = 0;
    for kind in KINDS {
        let (document, base) = made(kind);
        each_field(kind, |pointer, field| {
            let Holds::Value(sense @ (Sense::Time | Sense::NotAhead)) = field.holds else {
                return;
            };
            let back = if sense == Sense::Time { 46 } else { 4_000 };
            for (days, inside) in [
                (0, true),
                (-44, true),
                (-back, false),
                (1, false),
                (3, false),
            ] {
                let at = Instant(NOW.0 + days * DAY + 1);
                let outside = match sense {
                    Sense::Time => days == -46 || days == 3,
                    _ => days > 0,
                };
                // Only the desk may change most dates; its own are held to the same.
                let mut next = base.clone();
                *next.pointer_mut(pointer).unwrap() = json!(at.0);
                let by = session(Who::DESK);
                let Ok(change) = document.clone().edit(by, &base, &next, NOW) else {
                    continue; // before 2020, or an end before the beginning
                };
                let change = change.unwrap().bytes;
                let found = admit(&document, &change, Who::DESK);
                if field.later.meets(Who::DESK) {
                    let expected = outside.then_some(RejectionCode::DateOutOfRange);
                    assert_eq!(found, expected, "{kind}{pointer} {days} days ({inside})");
                    cells += 1;
                }
            }
        });
    }
    println!("{cells} cells, all as expected");
    assert!(cells > 15, "{cells}");
}

#[test]
fn a_phone_whose_clock_stands_in_2020_makes_nothing_that_runs_out_at_once() {
    let long_ago = Instant(1_592_000_000_000);
    for kind in [Kind::Visit, Kind::Alert] {
        let mut json = content(kind, table(kind), OBSERVER);
        if kind == Kind::Alert {
            json["closed"] = Json::Null;
            json["acknowledgements"] = json!({});
        }
        let key = if kind == Kind::Visit {
            "started"
        } else {
            "opened"
        };
        json[key] = json!(long_ago.0);
        let content = typed(kind, json).unwrap();
        let (_, change) = Document::create(session(Who::MAKER), &content, long_ago).unwrap();
        let actor = Actor {
            window: Some(Window::around(NOW)),
            ..Actor::worker(comes(Who::MAKER).0)
        };
        let admission = Gate::default().admit(kind, None, &[&change.bytes], Some(&actor), NOW);
        let code = admission.rejected.map(|r| r.code);
        assert_eq!(code, Some(RejectionCode::DateOutOfRange), "{kind}");
        // A coordinator who looked lets it in.
        let actor = Actor {
            capacity: Capacity::Release,
            window: None,
            ..actor
        };
        let admission = Gate::default().admit(kind, None, &[&change.bytes], Some(&actor), NOW);
        assert!(admission.rejected.is_none(), "{:?}", admission.rejected);
    }
}

#[test]
fn where_the_desk_put_a_place_no_phone_moves_it() {
    let (mut document, base) = made(Kind::Place);
    assert!(base["exact"] == json!(false));
    let mut exact = base.clone();
    exact["exact"] = json!(true);
    exact["latitude"] = json!(5_931_234);
    let change = edited(&document, &base, &exact, Who::DESK);
    assert_eq!(admit(&document, &change, Who::DESK), None);
    document
        .edit(session(Who::DESK), &base, &exact, NOW)
        .unwrap();
    let mut moved = exact.clone();
    moved["latitude"] = json!(5_900_000);
    let change = edited(&document, &exact, &moved, Who::MAKER);
    assert_eq!(
        admit(&document, &change, Who::MAKER),
        Some(RejectionCode::NotAllowed)
    );
}

#[test]
fn a_personal_number_is_refused_in_every_text_and_let_be_nowhere() {
    let mut texts = 0;
    for kind in KINDS {
        let (document, base) = made(kind);
        each_field(kind, |pointer, field| {
            let text = base.pointer(pointer).unwrap().as_str();
            if text != Some("ett exempel") || !field.later.meets(Who::DESK) {
                return;
            }
            let mut next = base.clone();
            *next.pointer_mut(pointer).unwrap() = json!("Exempel 811228-9874");
            let change = edited(&document, &base, &next, Who::DESK);
            let found = admit(&document, &change, Who::DESK);
            assert_eq!(
                found,
                Some(RejectionCode::PersonalNumber),
                "{kind}{pointer}"
            );
            texts += 1;
        });
    }
    assert!(texts >= 12, "{texts}");
}

#[test]
fn the_table_is_the_one_that_the_documentation_prints() {
    const FROM: &str = "<!-- authority: made by the test authority::tests -->\n";
    const TO: &str = "<!-- end of authority -->";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/security.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(FROM).unwrap();
    let (shown, after) = rest.split_once(TO).unwrap();
    let table = markdown();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, format!("{before}{FROM}{table}{TO}{after}")).unwrap();
        return;
    }
    assert!(
        shown == table,
        "the table of authority changed: read docs/security.md, then run this test with \
         UPDATE_SNAPSHOTS=1"
    );
}

#[test]
fn a_page_offers_what_the_gate_lets_in() {
    for kind in KINDS {
        each_field(kind, |pointer, field| {
            let path: Vec<&str> = pointer
                .split('/')
                .skip(1)
                .map(|part| if part == RECORD { "*" } else { part })
                .collect();
            for relation in Who::EACH {
                let offered = may(kind, &path, Act::Change, all_of(relation));
                assert_eq!(
                    offered,
                    all_of(relation).meets(field.later),
                    "{kind}{pointer}"
                );
            }
        });
    }
    assert!(!may(
        Kind::Alert,
        &["acknowledgements"],
        Act::Add,
        Who::MAKER
    ));
    assert!(may(Kind::Place, &["tips"], Act::Add, Who::STRANGER));
    assert!(!may(Kind::Place, &["name"], Act::Change, Who::STRANGER));
    assert!(!may(Kind::Feedback, &[], Act::Add, Who::COLLEAGUE));
    let offers = offers();
    assert!(offers.starts_with("visit W@\nvisit/place _U\n"), "{offers}");
    assert!(offers.contains("\nvisit/counts/*/observer _@\n"));
    assert!(!may(Kind::Place, &["nonsense"], Act::Change, Who::DESK));
    // So that the compiler sees it used where no code list is.
    let _ = crate::model::Decision::ALL;
    let _: Option<Content> = None;
}
