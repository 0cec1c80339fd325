//! Changes written with the engine itself.

use anyhow::{Context, Result};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, AutomergeError, ChangeHash, ObjId, ObjType, ROOT};
use automerge::{ReadDoc, ScalarValue};
use lagesbild_server::outreach::sync::server_changes::SERVER;
use sync_core::authority::{Field, Holds, Sense, Who, table};
use sync_core::document::Document;
use sync_core::ids::{DeviceId, Hash, RecordId, SessionId, actor};
use sync_core::model::{self, Code, Kind};
use sync_core::time::Instant;

use super::Choices;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Who writes, and when that is.
#[derive(Debug, Clone)]
pub struct Crafting<'a> {
    /// Whose changes they are.
    pub device: DeviceId,
    /// Devices whose observations may be forged, and ids that may be named.
    pub others: &'a [DeviceId],
    /// The time that the writer takes for the present.
    pub now: Instant,
    /// So many times in a hundred something is written that no app writes.
    pub wild: usize,
    /// In which session; none for a new one each time.
    pub session: Option<SessionId>,
}

/// The change that makes a document of a kind: most fields as they should be.
pub fn creation(choices: &mut Choices<'_>, of: &Crafting<'_>, kind: Kind) -> Result<Vec<u8>> {
    let mut doc = AutoCommit::new().with_actor(session(choices, of));
    doc.put(ROOT, "kind", kind.as_str())?;
    doc.put(ROOT, "schema", 1_u64)?;
    for field in table(kind) {
        match field.holds {
            Holds::Value(sense) => {
                // An end may lie before the beginning then.
                let about = kind == Kind::Feedback && field.name == "about";
                if !about
                    && !of_the_desk(of, field)
                    && (field.name != "ended" || choices.chance(of.wild))
                {
                    let value = plausible(choices, of, field.name, sense);
                    doc.put(ROOT, field.name, value)?;
                }
            }
            Holds::Members | Holds::Records(_) => {
                let map = doc.put_object(ROOT, field.name, ObjType::Map)?;
                if let Holds::Records(fields) = field.holds
                    && choices.chance(50)
                    && !of_the_desk(of, field)
                {
                    record_into(choices, of, &mut doc, &map, fields)?;
                }
            }
        }
    }
    commit(choices, of, &mut doc).context("a document of nothing")
}

/// Checks whether only the desk says it, and this is not the desk.
fn of_the_desk(of: &Crafting<'_>, field: &Field) -> bool {
    field.first == Who::DESK && of.device != SERVER
}

/// A change of some operations to a document, on what it was at some heads, or on all
/// there is. `None` when nothing could be written.
pub fn written(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    document: &Document,
    on: Option<&[Hash]>,
    operations: usize,
) -> Option<Vec<u8>> {
    let mut doc = AutoCommit::load(&document.save()).ok()?;
    if let Some(heads) = on {
        let heads: Vec<ChangeHash> = heads.iter().map(|h| ChangeHash(*h.as_bytes())).collect();
        doc = doc.fork_at(&heads).ok()?;
    }
    let mut doc = doc.with_actor(session(choices, of));
    for _ in 0..operations {
        // What the engine itself does not take is not written.
        let _ = operation(choices, of, &mut doc, document.kind());
    }
    commit(choices, of, &mut doc)
}

/// Many values of one field, none of which knows of the others: changes of as many
/// sessions.
pub fn hidden_values(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    document: &Document,
    key: &str,
    many: usize,
) -> Result<Vec<Vec<u8>>> {
    let mut base = AutoCommit::load(&document.save())?;
    let mut changes = Vec::with_capacity(many);
    for n in 0..many {
        let mut doc = base.fork().with_actor(session(choices, of));
        doc.put(ROOT, key, format!("värde {n} (exempel)"))?;
        changes.extend(commit(choices, of, &mut doc));
    }
    Ok(changes)
}

fn session(choices: &mut Choices<'_>, of: &Crafting<'_>) -> ActorId {
    let session = of.session;
    let session = session.unwrap_or_else(|| SessionId::from_bytes(choices.bytes()));
    actor(of.device, session)
}

/// Ends a change; now and then the clock lies.
fn commit(choices: &mut Choices<'_>, of: &Crafting<'_>, doc: &mut AutoCommit) -> Option<Vec<u8>> {
    let at = if choices.chance(of.wild) {
        of.now.0 + 47 * HOUR
    } else {
        of.now.0
    };
    doc.commit_with(CommitOptions::default().with_time(at.div_euclid(1000)))?;
    let change = doc.get_last_local_change()?;
    Some(change.raw_bytes().to_vec())
}

/// One operation somewhere: as the app might, or as it never would.
fn operation(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    doc: &mut AutoCommit,
    kind: Kind,
) -> Result<(), AutomergeError> {
    let fields = table(kind);
    let Some(field) = choices.of(fields) else {
        return Ok(());
    };
    if choices.chance(of.wild) {
        let key = *choices.of(&["kind", "schema", "x", ""]).unwrap_or(&"kind");
        return anything(choices, of, doc, &ROOT, key);
    }
    match field.holds {
        Holds::Value(sense) => one(choices, of, doc, &ROOT, field.name, sense),
        Holds::Members => members(choices, of, doc, &ROOT, field.name),
        Holds::Records(inner) => {
            let there = doc.get(ROOT, field.name)?;
            let Some((_, map)) = there.filter(|_| !choices.chance(of.wild)) else {
                return anything(choices, of, doc, &ROOT, field.name);
            };
            let records: Vec<String> = doc.keys(&map).collect();
            let wild = choices.chance(of.wild);
            match (choices.below(10), choices.of(&records)) {
                (0..4, _) | (_, None) => record_into(choices, of, doc, &map, inner),
                (_, Some(record)) if wild => anything(choices, of, doc, &map, record),
                (_, Some(record)) => {
                    let (Some((_, record)), Some(field)) =
                        (doc.get(&map, record.as_str())?, choices.of(inner))
                    else {
                        return Ok(());
                    };
                    match field.holds {
                        Holds::Value(sense) => one(choices, of, doc, &record, field.name, sense),
                        _ => members(choices, of, doc, &record, field.name),
                    }
                }
            }
        }
    }
}

/// A field: mostly another value of its type.
fn one(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    doc: &mut AutoCommit,
    object: &ObjId,
    key: &str,
    sense: Sense,
) -> Result<(), AutomergeError> {
    if choices.chance(of.wild) {
        return anything(choices, of, doc, object, key);
    }
    let value = plausible(choices, of, key, sense);
    doc.put(object, key, value)
}

/// A set, or texts by code: a member put in or taken out.
fn members(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    doc: &mut AutoCommit,
    object: &ObjId,
    key: &str,
) -> Result<(), AutomergeError> {
    let Some((_, set)) = doc.get(object, key)?.filter(|_| !choices.chance(of.wild)) else {
        return anything(choices, of, doc, object, key);
    };
    let there: Vec<String> = doc.keys(&set).collect();
    match choices.of(&there) {
        Some(member) if choices.chance(40) => doc.delete(&set, member.as_str()),
        _ => {
            let (member, value) = member(choices, key);
            doc.put(&set, member, value)
        }
    }
}

/// A member of one of an encounter's sets.
fn member(choices: &mut Choices<'_>, set: &str) -> (String, ScalarValue) {
    let code = match set {
        "languages" => code::<model::Language>(choices),
        "needs" => code::<model::Need>(choices),
        "contacts" => code::<model::Contact>(choices),
        _ => code::<model::Topic>(choices),
    };
    let value = if set == "information" {
        ScalarValue::from("1/sv")
    } else {
        ScalarValue::from(true)
    };
    (code, value)
}

/// Writes what no app writes: a deletion, a map in a value's place, a value of another type.
fn anything(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    doc: &mut AutoCommit,
    object: &ObjId,
    key: &str,
) -> Result<(), AutomergeError> {
    match choices.below(9) {
        0..4 => doc.delete(object, key),
        4 => doc.put_object(object, key, ObjType::Map).map(drop),
        5 => doc.put_object(object, key, ObjType::List).map(drop),
        6 => doc.put(object, key, ScalarValue::Null),
        7 => doc.put(object, key, 0.5),
        _ => doc.put(object, key, date(choices, of)),
    }
}

/// Adds a record with most of its fields, under an id that is its own or another's.
pub fn record_into(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    doc: &mut AutoCommit,
    map: &ObjId,
    fields: &'static [Field],
) -> Result<(), AutomergeError> {
    let mut id = choices.bytes::<8>();
    // Its own: what two make under one id at once is nobody's. See the tests.
    id[0] = of.device.as_bytes()[0];
    let mut id = RecordId::from_bytes(id).to_string();
    if choices.chance(of.wild / 4) {
        id.push('x');
    }
    let record = doc.put_object(map, id, ObjType::Map)?;
    for field in fields {
        match field.holds {
            Holds::Value(_) if of_the_desk(of, field) && !choices.chance(of.wild) => {}
            Holds::Value(sense) => {
                let value = plausible(choices, of, field.name, sense);
                doc.put(&record, field.name, value)?;
            }
            Holds::Members | Holds::Records(_) => {
                let set = doc.put_object(&record, field.name, ObjType::Map)?;
                if choices.chance(50) {
                    let (member, value) = member(choices, field.name);
                    doc.put(&set, member, value)?;
                }
            }
        }
    }
    Ok(())
}

/// A value of a field's type, as a rule one that its kind allows.
pub fn plausible(
    choices: &mut Choices<'_>,
    of: &Crafting<'_>,
    name: &str,
    sense: Sense,
) -> ScalarValue {
    match sense {
        Sense::Observer => {
            let forged = choices.of(of.others).filter(|_| choices.chance(of.wild));
            let device = forged.unwrap_or(&of.device);
            return ScalarValue::Bytes(device.as_bytes().to_vec());
        }
        Sense::Time | Sense::NotAhead => return date(choices, of).into(),
        Sense::Coarse => {
            let exact = i64::from(choices.chance(of.wild));
            return (5_930_000 + 100 * small(choices, 50) + exact).into();
        }
        Sense::Organisation => return "eu-teamet".into(),
        Sense::Ending if !choices.chance(of.wild) => return "open".into(),
        Sense::Ending | Sense::Plain => {}
    }
    let code = match name {
        "access" => code::<model::Access>(choices),
        "basis" => code::<model::Basis>(choices),
        "method" => code::<model::Method>(choices),
        "sleeping" => code::<model::Sleeping>(choices),
        "group" => code::<model::Group>(choices),
        "met_before" => code::<model::MetBefore>(choices),
        "place_type" => code::<model::PlaceType>(choices),
        "state" => code::<model::PlaceState>(choices),
        "category" => code::<model::Need>(choices),
        "to" => code::<model::Callee>(choices),
        "outcome" => code::<model::Outcome>(choices),
        "handling" => code::<model::Handling>(choices),
        "decision" => code::<model::Decision>(choices),
        "language" => code::<model::Language>(choices),
        "about" => code::<model::ProposalAbout>(choices),
        "district" => "sodermalm".to_owned(),
        "code" => "abcdefgh0123".to_owned(),
        "name" | "note" | "text" | "reply" | "from" | "value" | "reason" | "answered_by" => {
            text(choices, of)
        }
        "place" | "same_as" => {
            return ScalarValue::Bytes(choices.bytes::<16>().to_vec());
        }
        "by" => return ScalarValue::Bytes(of.device.as_bytes().to_vec()),
        "at" | "closed" | "decided" => return date(choices, of).into(),
        "withdrawn" | "exact" => return choices.chance(of.wild).into(),
        "weather_opening" => return choices.chance(50).into(),
        _ => {
            let most = if choices.chance(of.wild) { 1 << 40 } else { 30 };
            return u64::try_from(small(choices, most)).unwrap_or(0).into();
        }
    };
    code.into()
}

fn small(choices: &mut Choices<'_>, most: usize) -> i64 {
    i64::try_from(choices.below(most)).unwrap_or(0)
}

fn code<T: Code>(choices: &mut Choices<'_>) -> String {
    choices.of(T::ALL).map(T::to_string).unwrap_or_default()
}

fn text(choices: &mut Choices<'_>, of: &Crafting<'_>) -> String {
    let wild = choices.chance(of.wild);
    match choices.below(12) {
        0 if wild => String::new(),
        1 if wild => "å".repeat(choices.below(3_000)),
        2..6 if wild => "Kalle 811228-9874 (exempel)".to_owned(),
        n => format!("text {n} {} (exempel)", choices.below(1_000)),
    }
}

/// When something is said to have been: mostly just now.
fn date(choices: &mut Choices<'_>, of: &Crafting<'_>) -> i64 {
    let now = of.now;
    if !choices.chance(of.wild) {
        return now.0 - small(choices, 600) * 1_000;
    }
    match choices.below(7) {
        0 => 1_592_000_000_000,
        1 => 4_070_000_000_000,
        2 => now.0 + small(choices, 100) * DAY,
        3 => now.0 - small(choices, 100) * DAY,
        4 => now.0 + small(choices, 50) * HOUR,
        5 => -1,
        _ => now.0 - small(choices, 600) * 1_000,
    }
}
