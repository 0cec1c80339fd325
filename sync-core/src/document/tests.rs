use super::*;
use crate::ids::{DeviceId, DocumentId, RecordId, SessionId, actor};
use crate::model::{
    Access, Basis, Code as _, CodeSet, Count, Encounter, Group, Need, Records, Sleeping, Visit,
};
use serde_json::json;

const NOON: Instant = Instant(1_795_000_000_000);

fn device(n: u8) -> ActorId {
    actor(DeviceId::from_bytes([n; 8]), SessionId::from_bytes([1; 8]))
}

fn count(adults: u32) -> Count {
    Count {
        sleeping: Sleeping::Tent,
        ..Count::of_adults(DeviceId::from_bytes([1; 8]), NOON, adults)
    }
}

fn visit() -> Visit {
    Visit {
        place: DocumentId::from_bytes([7; 16]),
        started: NOON,
        ended: None,
        access: Access::Complete,
        basis: Basis::Chosen,
        weather_opening: false,
        counts: Records([(RecordId::from_bytes([1; 8]), count(4))].into()),
        encounters: Records::default(),
        note: String::new(),
        withdrawn: false,
    }
}

fn encounter() -> Encounter {
    Encounter {
        observer: DeviceId::from_bytes([1; 8]),
        at: NOON,
        adults: 1,
        children: 0,
        group: Group::EuEea,
        languages: CodeSet::default(),
        sleeping: Sleeping::Unknown,
        met_before: crate::model::MetBefore::No,
        met_by: None,
        code: None,
        needs: [Need::Health].into_iter().collect(),
        information: std::collections::BTreeMap::new(),
        contacts: CodeSet::default(),
        note: String::new(),
        withdrawn: false,
    }
}

fn json(visit: &Visit) -> serde_json::Value {
    serde_json::to_value(visit).unwrap()
}

fn read(document: &Document) -> Visit {
    match document.content().unwrap() {
        Content::Visit(visit) => visit,
        other => panic!("{other:?}"),
    }
}

fn apply(document: &mut Document, change: &ChangeBytes) {
    let change = Change::from_bytes(change.bytes.clone()).unwrap();
    document.engine_mut().apply_changes([change]).unwrap();
}

#[test]
fn content_survives_storage() {
    let mut content = visit();
    content
        .encounters
        .insert(RecordId::from_bytes([2; 8]), encounter());
    let (document, first) =
        Document::create(device(1), &Content::Visit(content.clone()), NOON).unwrap();
    assert_eq!(read(&document), content);
    let again = Document::load(Kind::Visit, &[&document.save()]).unwrap();
    assert_eq!(read(&again), content);
    assert_eq!(again.heads(), document.heads());
    let from_change = Document::load(Kind::Visit, &[&first.bytes]).unwrap();
    assert_eq!(from_change.heads(), document.heads());
}

#[test]
fn a_new_count_is_small_on_the_wire() {
    let (_, change) = Document::create(device(1), &Content::Visit(visit()), NOON).unwrap();
    assert!(change.bytes.len() <= 700, "{} bytes", change.bytes.len());
}

#[test]
fn both_edits_are_there_and_a_conflict_shows_both_values() {
    let (mut one, first) = Document::create(device(1), &Content::Visit(visit()), NOON).unwrap();
    let mut two = Document::load(Kind::Visit, &[&first.bytes]).unwrap();
    let seen = visit();
    let id = RecordId::from_bytes([1; 8]);

    let mut mine = seen.clone();
    mine.counts.get_mut(&id).unwrap().adults = 5;
    mine.note = "vid kajen".into();
    let mine = one
        .edit(device(1), &json(&seen), &json(&mine), NOON)
        .unwrap()
        .unwrap();

    let later = Instant(NOON.0 + 60_000);
    let mut theirs = seen.clone();
    theirs.counts.get_mut(&id).unwrap().adults = 6;
    theirs.counts.get_mut(&id).unwrap().children = 1;
    let theirs = two
        .edit(device(2), &json(&seen), &json(&theirs), later)
        .unwrap()
        .unwrap();

    apply(&mut one, &theirs);
    apply(&mut two, &mine);
    assert_eq!(read(&one), read(&two));
    assert_eq!(one.heads(), two.heads());
    let merged = read(&one);
    assert_eq!(merged.note, "vid kajen");
    assert_eq!(merged.counts[&id].children, 1);

    let conflicts = one.conflicts().unwrap();
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!(conflicts[0].path, ["counts", &id.to_string(), "adults"]);
    let values: Vec<_> = conflicts[0].values.iter().map(|v| &v.value).collect();
    assert!(values.contains(&&json!(5)) && values.contains(&&json!(6)));
    assert_eq!(
        conflicts[0].values[0].value,
        json!(merged.counts[&id].adults)
    );
    assert!(conflicts[0].values[0].winner);
    for value in &conflicts[0].values {
        let written = if value.value == json!(6) { later } else { NOON };
        assert_eq!(value.at, Some(written));
    }

    // Either value can be chosen, the shown one too; then both phones agree.
    for value in conflicts[0].values.clone() {
        let mut chosen = one.clone();
        let change = chosen
            .choose(device(1), &conflicts[0].path, &value.op, NOON)
            .unwrap()
            .unwrap();
        let mut other = two.clone();
        apply(&mut other, &change);
        assert!(chosen.conflicts().unwrap().is_empty());
        assert_eq!(read(&other), read(&chosen));
        assert_eq!(json!(read(&other).counts[&id].adults), value.value);
    }
}

#[test]
fn an_edit_that_changes_nothing_makes_no_change() {
    let (mut document, _) = Document::create(device(1), &Content::Visit(visit()), NOON).unwrap();
    let same = json(&visit());
    assert_eq!(document.edit(device(1), &same, &same, NOON).unwrap(), None);
}

#[test]
fn refuses_content_out_of_range_and_stays_as_it_was() {
    let (mut document, _) = Document::create(device(1), &Content::Visit(visit()), NOON).unwrap();
    let mut next = visit();
    next.counts
        .get_mut(&RecordId::from_bytes([1; 8]))
        .unwrap()
        .adults = 1_000_000;
    let heads = document.heads();
    let refused = document.edit(device(1), &json(&visit()), &json(&next), NOON);
    assert!(
        matches!(refused, Err(DocumentError::Invalid(_))),
        "{refused:?}"
    );
    assert_eq!(document.heads(), heads);
    assert_eq!(read(&document), visit());
}

#[test]
fn blank_fields_are_not_written_until_they_change() {
    let id = RecordId::from_bytes([1; 8]);
    let (mut document, first) =
        Document::create(device(1), &Content::Visit(visit()), NOON).unwrap();
    let fields = |document: &Document| {
        let counts = document.engine().get(ROOT, "counts").unwrap().unwrap().1;
        let count = document
            .engine()
            .get(&counts, id.to_string())
            .unwrap()
            .unwrap()
            .1;
        document.engine().keys(&count).collect::<Vec<_>>()
    };
    assert_eq!(
        fields(&document),
        ["adults", "at", "method", "observer", "sleeping"]
    );

    // Back to blank is a write like any other: somebody else's figure stays visible.
    let mut other = Document::load(Kind::Visit, &[&first.bytes]).unwrap();
    let mut none = visit();
    none.counts.get_mut(&id).unwrap().adults = 0;
    let mut five = visit();
    five.counts.get_mut(&id).unwrap().adults = 5;
    document
        .edit(device(1), &json(&visit()), &json(&none), NOON)
        .unwrap();
    assert_eq!(read(&document), none);
    let theirs = other
        .edit(device(2), &json(&visit()), &json(&five), NOON)
        .unwrap()
        .unwrap();
    apply(&mut document, &theirs);
    let conflicts = document.conflicts().unwrap();
    assert_eq!(conflicts[0].values.len(), 2, "{conflicts:?}");
}

#[test]
fn a_code_is_taken_out_of_a_set_and_a_told_topic_keeps_its_empty_text() {
    let id = RecordId::from_bytes([2; 8]);
    let mut content = visit();
    let mut met = encounter();
    met.information
        .insert(crate::model::Topic::ALL[0], String::new());
    content.encounters.insert(id, met);
    let (mut document, _) =
        Document::create(device(1), &Content::Visit(content.clone()), NOON).unwrap();
    assert_eq!(read(&document), content);
    let mut next = content.clone();
    let met = next.encounters.get_mut(&id).unwrap();
    met.needs = [Need::ChildAtRisk].into_iter().collect();
    met.information.clear();
    document
        .edit(device(1), &json(&content), &json(&next), NOON)
        .unwrap();
    assert_eq!(read(&document), next);
}
