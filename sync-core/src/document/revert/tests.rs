use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::document::{content_json, typed};
use crate::ids::{DeviceId, SessionId, actor, device_of};
use crate::model::{Count, Kind};

const NOW: Instant = Instant(1_795_000_000_000);

fn device(n: u8) -> DeviceId {
    DeviceId::from_bytes([n; 8])
}

fn by(n: u8) -> ActorId {
    actor(device(n), SessionId::from_bytes([1; 8]))
}

fn of(n: u8) -> impl Fn(Hash, &ActorId) -> bool {
    move |_, actor| device_of(actor) == Some(device(n))
}

fn count(adults: u32, observer: u8) -> Value {
    json!(Count::of_adults(device(observer), NOW, adults))
}

fn encounter(observer: u8) -> Value {
    json!({
        "observer": device(observer), "at": NOW.0, "adults": 1, "children": 0,
        "group": "unknown", "languages": ["ro"], "sleeping": "outdoors", "met_before": "unknown",
        "met_by": null, "code": null, "needs": [], "information": {}, "contacts": [],
        "note": "", "withdrawn": false
    })
}

fn visit(maker: u8) -> (Document, Value) {
    let json = json!({
        "place": "0a".repeat(16), "started": NOW.0, "ended": null, "access": "complete",
        "basis": "chosen", "weather_opening": false,
        "counts": {"0101010101010101": count(4, maker)},
        "encounters": {"0404040404040404": encounter(maker)}, "note": "söder om bron",
        "withdrawn": false
    });
    let content = typed(Kind::Visit, json.clone()).unwrap();
    (Document::create(by(maker), &content, NOW).unwrap().0, json)
}

fn now(document: &Document) -> Value {
    content_json(&document.content().unwrap()).unwrap()
}

fn edit(document: &mut Document, who: u8, change: impl FnOnce(&mut Value)) {
    let base = now(document);
    let mut next = base.clone();
    change(&mut next);
    document.edit(by(who), &base, &next, NOW).unwrap();
}

fn take_back(document: &mut Document, who: u8, hand: u8) -> Reverted {
    document.take_back(&of(who), &by(hand), NOW).unwrap().0
}

#[test]
fn a_document_that_it_made_is_withdrawn_and_comes_back() {
    let (mut document, made) = visit(1);
    let reverted = take_back(&mut document, 1, 0);
    assert_eq!(reverted.left, []);
    assert_eq!(
        reverted.fields,
        [SetBack {
            path: vec!["withdrawn".to_owned()],
            was: Value::Null,
            becomes: json!(true)
        }]
    );
    assert_eq!(now(&document)["withdrawn"], true);
    // A second time there is nothing to do.
    let (again, changes) = document.take_back(&of(1), &by(0), NOW).unwrap();
    assert!(again.fields.is_empty() && changes.is_empty());
    take_back(&mut document, 0, 9);
    assert_eq!(now(&document), made);
}

#[test]
fn what_it_did_to_others_records_is_set_back_and_their_later_word_stands() {
    let (mut document, made) = visit(2);
    edit(&mut document, 1, |json| {
        json["note"] = json!("");
        json["ended"] = json!(NOW.0 + 1);
        json["counts"]["0101010101010101"]["withdrawn"] = json!(true);
        json["counts"]["0101010101010101"]["adults"] = json!(0);
        json["counts"]["0101010101010101"]["children"] = json!(9);
        json["counts"]["0202020202020202"] = count(60, 1);
        json["encounters"]["0404040404040404"]["languages"] = json!(["bg"]);
    });
    edit(&mut document, 2, |json| {
        json["counts"]["0101010101010101"]["children"] = json!(1);
        json["counts"]["0303030303030303"] = count(5, 2);
    });
    let reverted = take_back(&mut document, 1, 0);
    let left = |path: &[&str], why| Left {
        path: path.iter().map(|&key| key.to_owned()).collect(),
        why,
    };
    assert_eq!(
        reverted.left,
        [left(
            &["counts", "0101010101010101", "children"],
            Why::ChangedSince
        )]
    );
    let mut expected = made;
    expected["counts"]["0101010101010101"]["children"] = json!(1);
    expected["counts"]["0202020202020202"] = count(60, 1);
    expected["counts"]["0202020202020202"]["withdrawn"] = json!(true);
    expected["counts"]["0303030303030303"] = count(5, 2);
    assert_eq!(now(&document), expected);
}

#[test]
fn a_document_stays_for_the_records_of_others() {
    let (mut document, _) = visit(1);
    edit(&mut document, 2, |json| {
        json["counts"]["0303030303030303"] = count(5, 2);
    });
    let reverted = take_back(&mut document, 1, 0);
    assert_eq!(
        reverted.left,
        [Left {
            path: Vec::new(),
            why: Why::OthersWroteInto
        }]
    );
    let json = now(&document);
    assert_eq!(json["withdrawn"], false);
    assert_eq!(json["counts"]["0101010101010101"]["withdrawn"], true);
    assert_eq!(json["encounters"]["0404040404040404"]["withdrawn"], true);
    assert_eq!(json["counts"]["0303030303030303"]["withdrawn"], false);
}

#[test]
fn what_was_said_at_once_is_settled_for_the_others() {
    for thief_first in [true, false] {
        // Of two values written at once, the greater actor's is shown.
        let (thief, colleague) = if thief_first { (1, 3) } else { (3, 1) };
        let (mut document, _) = visit(2);
        let mut other = document.clone();
        edit(&mut document, colleague, |json| {
            json["note"] = json!("norr");
        });
        edit(&mut other, thief, |json| {
            json["note"] = json!("väster");
        });
        document.engine_mut().merge(&mut other.inner).unwrap();
        assert_eq!(document.conflicts().unwrap().len(), 1);
        take_back(&mut document, thief, 0);
        assert_eq!(document.conflicts().unwrap().len(), 0);
        assert_eq!(now(&document)["note"], "norr");
    }
}

#[test]
fn taking_back_some_changes_leaves_the_earlier_ones() {
    let (mut document, _) = visit(1);
    let before: BTreeSet<Hash> = document.changes_since(&[]).iter().map(|c| c.hash).collect();
    edit(&mut document, 1, |json| json["note"] = json!("stulen"));
    let later = move |hash: Hash, actor: &ActorId| of(1)(hash, actor) && !before.contains(&hash);
    document.take_back(&later, &by(0), NOW).unwrap();
    let json = now(&document);
    assert_eq!(json["note"], "söder om bron");
    assert_eq!(json["withdrawn"], false);
}

/// A field that a step writes.
const FIELDS: [&[&str]; 5] = [
    &["note"],
    &["withdrawn"],
    &["weather_opening"],
    &["counts", "0101010101010101", "adults"],
    &["counts", "0101010101010101", "withdrawn"],
];

fn at<'a>(json: &'a mut Value, path: &[&str]) -> &'a mut Value {
    path.iter().fold(json, |json, key| &mut json[*key])
}

fn some_value(field: usize, n: u32) -> Value {
    match field {
        0 => json!(format!("anteckning {n}")),
        3 => json!(n),
        _ => json!(n.is_multiple_of(2)),
    }
}

proptest! {
    /// One after the other: each field has the last word of those who are not taken back.
    #[test]
    fn says_what_it_would_say_without_the_device(
        steps in proptest::collection::vec((1..4_u8, 0..5_usize, 0..6_u32), 1..20)
    ) {
        let (mut document, made) = visit(2);
        let mut expected = made;
        let mut words: BTreeMap<usize, Value> = BTreeMap::new();
        for (who, field, n) in steps {
            let value = some_value(field, n);
            let mut same = now(&document);
            let differs = *at(&mut same, FIELDS[field]) != value;
            edit(&mut document, who, |json| *at(json, FIELDS[field]) = value.clone());
            // Saying what is there is saying nothing.
            if who != 1 && differs {
                words.insert(field, value);
            }
        }
        for (field, value) in words {
            *at(&mut expected, FIELDS[field]) = value;
        }
        take_back(&mut document, 1, 0);
        prop_assert_eq!(now(&document), expected);
    }

    /// At once, on three phones that meet now and then: nothing that the device said is
    /// shown or hidden anywhere, and every record of another's is there, as they left it.
    #[test]
    fn nothing_that_it_said_is_left_and_nothing_of_others_is_lost(
        maker in 1..4_u8,
        steps in proptest::collection::vec((1..4_u8, 0..8_usize, 0..6_u32, 0..8_usize), 1..24)
    ) {
        let (document, _) = visit(maker);
        let mut phones = vec![document.clone(), document.clone(), document];
        let mut theirs: BTreeMap<String, u32> = BTreeMap::new();
        for (index, (who, field, n, meets)) in steps.into_iter().enumerate() {
            let phone = usize::from(who) - 1;
            if field < FIELDS.len() {
                edit(&mut phones[phone], who, |json| {
                    *at(json, FIELDS[field]) = some_value(field, n);
                });
            } else {
                let id = format!("{:016x}", 0xff00 + index);
                edit(&mut phones[phone], who, |json| json["counts"][&id] = count(n, who));
                if who != 1 {
                    theirs.insert(id, n);
                }
            }
            if meets < 3 {
                let mut other = phones[meets].inner.clone();
                phones[phone].engine_mut().merge(&mut other).unwrap();
            }
        }
        let mut document = phones.remove(0);
        for mut other in phones {
            document.engine_mut().merge(&mut other.inner).unwrap();
        }
        let left = take_back(&mut document, 1, 0).left;
        let json = now(&document);
        // Somebody else has said that it is not to be withdrawn.
        let kept = |path: &[String]| {
            left.iter().any(|l| l.why == Why::ChangedSince && l.path[..] == [path, &["withdrawn".to_owned()]].concat())
        };
        let whole = json["withdrawn"] == true || kept(&[]);
        for (id, adults) in &theirs {
            prop_assert_eq!(&json["counts"][id]["adults"], &json!(adults));
            prop_assert_eq!(&json["counts"][id]["withdrawn"], false);
        }
        // A document that it made goes only when nobody else has a record in it.
        prop_assert!(maker != 1 || whole || !theirs.is_empty());
        let all = Everything::of(&document.engine().get_changes(&[]), &of(1));
        for ((map, key), said) in &all.said {
            let Some(shown) = Field::of(said).shown.last().copied() else { continue };
            let record = all.record_of(map.as_ref());
            let path = record.map(|id| all.path(Some(id)));
            let withdrawn = path.is_some_and(|path| {
                json[&path[0]][&path[1]]["withdrawn"] == true || kept(&path)
            });
            let began = maker == 1 && map.is_none();
            let is_map = matches!(shown.value, Some(Written::Map));
            let stays = is_map || withdrawn || whole || began;
            // What others say as well is theirs, and a field that was never written says
            // the same as a blank one.
            let blank = ScalarValue::Boolean(false);
            let theirs = |s: &Said| {
                s.scalar() == Some(&blank)
                    || said.iter().any(|t| !t.back && t.scalar() == s.scalar())
            };
            let hidden = Field::of(said).shown.iter().any(|s| s.back && !theirs(s));
            prop_assert!(stays || !hidden, "{key} is still what it said");
        }
    }
}
