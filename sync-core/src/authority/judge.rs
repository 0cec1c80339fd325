//! Judging a change, operation by operation.

use std::collections::BTreeMap;

use automerge::{ActorId, Change, ObjId, Prop, ROOT, ReadDoc};

use super::table::{Field, Holds, Sense, creators, table};
use super::{Actor, Capacity, Who, holds_personal_number};
use crate::document::Document;
use crate::ids::{DeviceId, RecordId, device_of};
use crate::model::MOST_RECORDS;
use crate::operations::{Action, Operation, Operations, Value};
use crate::rejection::{Refusal, RejectionCode};
use crate::time::Instant;

/// The fields of the root that say which kind and schema a document has, written once.
const HEADER: [&str; 2] = ["kind", "schema"];
/// The grid of positions: 1e-3 degrees, about 100 m, in 1e-5 degrees.
const GRID: i64 = 100;
/// How far ahead of the change that says it a date may lie that must not be ahead:
/// a form is filled in before it is saved, and clocks are set.
const LEEWAY: i64 = 3_600_000;

/// Judges a change that has passed every check of form but is not applied yet.
/// `founder` is the device that made the document; none when the change makes it.
pub(crate) fn judge(
    operations: &Operations<'_>,
    change: &Change,
    document: &Document,
    founder: Option<DeviceId>,
    actor: &Actor<'_>,
) -> Result<(), Refusal> {
    let made_by = device_of(change.actor_id()).unwrap_or(actor.device);
    let judge = Judge {
        document,
        change,
        actor,
        device: made_by,
        new: founder.is_none(),
        founder: founder.unwrap_or(made_by),
    };
    if judge.new && !judge.relations(made_by).meets(creators(document.kind())) {
        return Err(not_allowed(document.kind().as_str(), "made"));
    }
    if !actor.own && actor.capacity != Capacity::Desk {
        judge.share(operations)?;
    }
    let mut maps: BTreeMap<u64, Level> = BTreeMap::new();
    let mut known: Option<((u64, u64), Level)> = None;
    for operation in &operations.all {
        let level = match operation.object {
            None => judge.root(),
            Some((0, counter)) if counter >= operations.start => *maps
                .get(&counter)
                .ok_or_else(|| not_allowed(document.kind().as_str(), "understood"))?,
            Some(id) => match known {
                Some((known, level)) if known == id => level,
                _ => {
                    let level = judge.existing(operations.id(id)?)?;
                    known = Some((id, level));
                    level
                }
            },
        };
        if let Some(below) = judge.one(level, operation)? {
            maps.insert(operation.number, below);
        }
    }
    Ok(())
}

/// Where an operation is: which map of the table, and whose.
#[derive(Debug, Clone, Copy)]
struct Level {
    sort: Sort,
    /// The map of records that it is in or below, by name.
    records: Option<&'static str>,
    /// Who made the record, or the document.
    maker: DeviceId,
    /// Whether this change makes it.
    new: bool,
}

#[derive(Debug, Clone, Copy)]
enum Sort {
    Root(&'static [Field]),
    /// A map of records.
    Records(&'static Field),
    Record(&'static [Field]),
    /// The members of a field.
    Members(&'static Field),
}

struct Judge<'a> {
    document: &'a Document,
    change: &'a Change,
    actor: &'a Actor<'a>,
    /// In whose name the change is made.
    device: DeviceId,
    new: bool,
    founder: DeviceId,
}

impl Judge<'_> {
    /// Returns how the sender stands to what `maker` made.
    fn relations(&self, maker: DeviceId) -> Who {
        let actor = self.actor;
        if actor.capacity == Capacity::Desk {
            return Who::DESK;
        }
        let mine = if maker == self.device {
            Who::MAKER
        } else {
            Who::NOBODY
        };
        let theirs = match (actor.own, actor.capacity) {
            (false, _) => Who::STRANGER,
            (true, Capacity::Worker) => Who::COLLEAGUE,
            (true, _) => Who::COLLEAGUE.or(Who::COORDINATOR),
        };
        mine.or(theirs)
    }

    /// Other organisations may add half of the records that a map has room for.
    fn share(&self, operations: &Operations<'_>) -> Result<(), Refusal> {
        let mut added: BTreeMap<(u64, u64), usize> = BTreeMap::new();
        for operation in &operations.all {
            if let (Action::Make, Some(map)) = (operation.action, operation.object) {
                *added.entry(map).or_default() += 1;
            }
        }
        for (map, more) in added {
            // What this change makes itself is another's concern: nobody makes a document of
            // another organisation's.
            let (actor, counter) = operations.id(map)?;
            let there = self.document.engine().length(ObjId::Id(counter, actor, 0));
            if there + more > MOST_RECORDS / 2 {
                return Err((
                    RejectionCode::DocumentTooLarge,
                    "other organisations have added as much as they may".to_owned(),
                ));
            }
        }
        Ok(())
    }

    fn root(&self) -> Level {
        let kind = self.document.kind();
        Level {
            sort: Sort::Root(table(kind)),
            records: None,
            maker: self.founder,
            new: self.new,
        }
    }

    /// Finds a map that was there before the change.
    fn existing(&self, id: (ActorId, u64)) -> Result<Level, Refusal> {
        let (actor, counter) = id;
        let engine = self.document.engine();
        let object = ObjId::Id(counter, actor, 0);
        let lost = |_| not_allowed(self.document.kind().as_str(), "found");
        let parents: Vec<_> = engine.parents(&object).map_err(lost)?.collect();
        let mut level = self.root();
        level.new = false;
        for (depth, parent) in parents.iter().enumerate().rev() {
            let Prop::Map(key) = &parent.prop else {
                return Err(self.not_allowed(level, "", "understood"));
            };
            // The object under the key: the next one's parent, or the one asked for.
            let below = if depth == 0 {
                &object
            } else {
                &parents[depth - 1].obj
            };
            let maker = match below {
                ObjId::Id(_, actor, _) => device_of(actor).unwrap_or(self.founder),
                ObjId::Root => self.founder,
            };
            level = Self::below(level, key, maker, false)
                .ok_or_else(|| self.not_allowed(level, "", "understood"))?;
        }
        Ok(level)
    }

    /// Returns the map under a key, if the table has one there.
    fn below(level: Level, key: &str, maker: DeviceId, new: bool) -> Option<Level> {
        let sort = match level.sort {
            Sort::Root(fields) | Sort::Record(fields) => {
                let field = fields.iter().find(|f| f.name == key)?;
                match field.holds {
                    Holds::Records(_) => Sort::Records(field),
                    Holds::Members => Sort::Members(field),
                    Holds::Value(_) => return None,
                }
            }
            Sort::Records(field) => match field.holds {
                Holds::Records(fields) => Sort::Record(fields),
                _ => return None,
            },
            Sort::Members(_) => return None,
        };
        let record = matches!(sort, Sort::Record(_));
        Some(Level {
            sort,
            records: match level.sort {
                Sort::Records(field) => Some(field.name),
                _ => level.records,
            },
            maker: if record { maker } else { level.maker },
            new: if record { new } else { level.new },
        })
    }

    /// Judges an operation; gives the map that it makes, if it makes one.
    fn one(&self, level: Level, operation: &Operation<'_>) -> Result<Option<Level>, Refusal> {
        let key = operation.key;
        match operation.action {
            Action::Make => self.make(level, operation).map(Some),
            Action::Delete => {
                let Sort::Members(field) = level.sort else {
                    return Err(self.not_allowed(level, key, "removed"));
                };
                self.allowed(level, field, field.later, key)?;
                Ok(None)
            }
            Action::Set(value) => {
                self.set(level, key, value)?;
                Ok(None)
            }
        }
    }

    fn make(&self, level: Level, operation: &Operation<'_>) -> Result<Level, Refusal> {
        let key = operation.key;
        if operation.replaces {
            return Err(self.not_allowed(level, key, "replaced"));
        }
        let below = Self::below(level, key, self.device, true)
            .ok_or_else(|| self.not_allowed(level, "*", "made a map"))?;
        match below.sort {
            Sort::Record(_) => {
                let Sort::Records(field) = level.sort else {
                    return Err(self.not_allowed(level, key, "made"));
                };
                if key.parse::<RecordId>().is_err() {
                    return Err(self.not_allowed(level, key, "named so"));
                }
                // A record's maker stands to it as maker; who may add one is asked of the
                // document.
                let adders = self.relations(self.founder);
                if !adders.meets(field.first) {
                    return Err(self.not_allowed(level, key, "added"));
                }
            }
            // Along with its record, or where an older app made the document without it.
            Sort::Records(_) | Sort::Members(_) if level.new => {}
            Sort::Records(_) => {
                let there = self.document.engine().get(ROOT, key).ok().flatten();
                if there.is_some() {
                    return Err(self.not_allowed(level, key, "made twice"));
                }
            }
            _ => return Err(self.not_allowed(level, key, "made later")),
        }
        Ok(below)
    }

    fn set(&self, level: Level, key: &str, value: Value<'_>) -> Result<(), Refusal> {
        if let Value::Text(text) = value
            && holds_personal_number(text)
        {
            return Err((
                RejectionCode::PersonalNumber,
                format!(
                    "{} holds a personal number: take it out",
                    self.path(level, key)
                ),
            ));
        }
        match level.sort {
            Sort::Root(_) if HEADER.contains(&key) => {
                if level.new {
                    return Ok(());
                }
                Err(self.not_allowed(level, key, "changed"))
            }
            Sort::Root(fields) | Sort::Record(fields) => {
                let field = fields.iter().find(|f| f.name == key);
                let Some(field) = field else {
                    return Err(unknown());
                };
                let Holds::Value(sense) = field.holds else {
                    return Err(self.not_allowed(level, key, "replaced"));
                };
                let who = if level.new { field.first } else { field.later };
                self.allowed(level, field, who, key)?;
                self.sense(level, sense, key, value)
            }
            Sort::Members(field) => {
                let who = if level.new { field.first } else { field.later };
                self.allowed(level, field, who, key)
            }
            Sort::Records(_) => Err(self.not_allowed(level, key, "replaced")),
        }
    }

    fn allowed(&self, level: Level, field: &Field, who: Who, key: &str) -> Result<(), Refusal> {
        if self.relations(level.maker).meets(who) {
            return Ok(());
        }
        let key = if matches!(level.sort, Sort::Members(_)) {
            "*"
        } else {
            debug_assert_eq!(field.name, key);
            field.name
        };
        Err(self.not_allowed(level, key, "changed"))
    }

    /// Returns the path as the table has it; a record's id is nobody's business, nor is a
    /// member.
    fn path(&self, level: Level, key: &str) -> String {
        let kind = self.document.kind();
        match (level.sort, level.records) {
            (Sort::Root(_), _) => format!("{kind}/{key}"),
            (Sort::Records(field), _) | (Sort::Members(field), None) => {
                format!("{kind}/{}/*", field.name)
            }
            (Sort::Record(_), records) => format!("{kind}/{}/*/{key}", records.unwrap_or("")),
            (Sort::Members(field), Some(records)) => {
                format!("{kind}/{records}/*/{}/*", field.name)
            }
        }
    }

    fn not_allowed(&self, level: Level, key: &str, what: &str) -> Refusal {
        not_allowed(&self.path(level, key), what)
    }

    /// Checks what the table asks of the value itself.
    fn sense(
        &self,
        level: Level,
        sense: Sense,
        key: &str,
        value: Value<'_>,
    ) -> Result<(), Refusal> {
        let whole = match value {
            Value::Int(n) => Some(n),
            Value::Uint(n) => i64::try_from(n).ok(),
            _ => None,
        };
        // Of another shape: the check of the kind says so.
        match (sense, value, whole) {
            (Sense::Observer, Value::Bytes(bytes), _) => {
                // What the desk writes down, it writes in somebody's name.
                if bytes == self.device.as_bytes() || self.actor.capacity == Capacity::Desk {
                    return Ok(());
                }
                Err(self.not_allowed(level, key, "said for another device"))
            }
            (Sense::Time, _, Some(at)) => self.timely(level, Instant(at), true, key),
            (Sense::NotAhead, _, Some(at)) => {
                let said = self.change.timestamp().saturating_mul(1000);
                if at.saturating_sub(said) > LEEWAY && self.actor.window.is_some() {
                    return Err(out_of_range(&self.path(level, key), "lies ahead"));
                }
                self.timely(level, Instant(at), false, key)
            }
            (Sense::Coarse, _, Some(degrees)) => self.coarse(level, degrees, key),
            (Sense::Organisation, Value::Text(name), _) => {
                let known = self
                    .actor
                    .organisations
                    .is_none_or(|all| all.iter().any(|o| o.as_str() == name));
                if known {
                    return Ok(());
                }
                Err(self.not_allowed(level, key, "said of an unknown organisation"))
            }
            (Sense::Ending, value, _) => {
                let desk = self.actor.capacity == Capacity::Desk;
                if desk || value == Value::Text("open") {
                    return Ok(());
                }
                Err(self.not_allowed(level, key, "ended"))
            }
            _ => Ok(()),
        }
    }

    fn timely(&self, level: Level, at: Instant, both: bool, key: &str) -> Result<(), Refusal> {
        let Some(window) = self.actor.window else {
            return Ok(());
        };
        let ahead = at.0.saturating_sub(window.received.0);
        if ahead > window.after {
            return Err(out_of_range(&self.path(level, key), "lies too far ahead"));
        }
        if both && ahead < -window.before {
            return Err(out_of_range(&self.path(level, key), "lies too far back"));
        }
        Ok(())
    }

    fn coarse(&self, level: Level, degrees: i64, key: &str) -> Result<(), Refusal> {
        if self.actor.capacity == Capacity::Desk {
            return Ok(());
        }
        if degrees % GRID != 0 {
            return Err(self.not_allowed(level, key, "so exact"));
        }
        if level.new {
            return Ok(());
        }
        // Where the desk has put it exactly, nobody moves it from a phone.
        let exact = self
            .document
            .engine()
            .get_at(ROOT, "exact", self.change.deps())
            .ok()
            .flatten()
            .is_some_and(|(value, _)| value.as_bool() == Some(true));
        if exact {
            return Err(self.not_allowed(level, key, "moved: the desk put it there"));
        }
        Ok(())
    }
}

fn not_allowed(path: &str, what: &str) -> Refusal {
    (
        RejectionCode::NotAllowed,
        format!("{path} may not be {what} by this device"),
    )
}

// The key is the sender's own word, and is not repeated.
fn unknown() -> Refusal {
    (
        RejectionCode::WrongShape,
        "the document does not have the shape of its kind".to_owned(),
    )
}

fn out_of_range(path: &str, what: &str) -> Refusal {
    (
        RejectionCode::DateOutOfRange,
        format!("{path} {what}: a coordinator can let it in"),
    )
}
