//! Whether a change is written as the engine writes it, and says nothing that the
//! engine would lose.
//!
//! The same operations can be written in many ways. The engine takes them all in,
//! but keeps operations and not bytes: when it reads a document back it writes each
//! change anew, in its own way, and finds that the hash is another. A document
//! with a single change written otherwise could never be read again, so such a
//! change is refused. (Writing it anew with the engine here would tell as well, and
//! cost more: the tests do that.)
//!
//! The engine does not look whether what an operation replaces is there, either:
//! it drops what it cannot place, and writes another change than it read. So only
//! what our documents are made of is let in: values and maps under text keys, set
//! or deleted, each naming operations before its own.
//!
//! All is bounded by the scan that came before.

use std::collections::BTreeMap;

use automerge::ActorId;

use super::reader::Reader;
use crate::operations::{Action, Operation, Operations, Value};
use crate::rejection::{Refusal, malformed};

/// The parts of a change that can be written in several ways.
pub(super) struct Parts<'a> {
    /// Hashes, one after the other.
    pub(super) dependencies: &'a [u8],
    pub(super) actor: &'a [u8],
    /// The number of its first operation.
    pub(super) start: u64,
    /// The other actors that its operations name.
    pub(super) others: Vec<&'a [u8]>,
    /// Specification and data.
    pub(super) columns: Vec<(u32, &'a [u8])>,
}

/// An operation's actor and number.
pub(super) type Id = (ActorId, u64);

/// The operations that a change names and did not make itself.
#[derive(Debug, Default)]
pub(super) struct Named<'a> {
    /// The newest of each actor.
    pub(super) newest: BTreeMap<ActorId, u64>,
    pub(super) replaced: Vec<Replaced<'a>>,
    /// All that it says.
    pub(super) operations: Operations<'a>,
}

/// The operations that another one replaces under a key.
#[derive(Debug)]
pub(super) struct Replaced<'a> {
    /// The map that it is in; none for the root.
    pub(super) object: Option<Id>,
    pub(super) key: &'a str,
    pub(super) operations: Vec<Id>,
}

// The columns of operations. Those of list elements (0x11, 0x13) and of marks (0x94,
// 0xa5) have no place in our kinds.
const OBJECT_ACTOR: u32 = 0x01;
const OBJECT_COUNTER: u32 = 0x02;
const KEY: u32 = 0x15;
const INSERT: u32 = 0x34;
const ACTION: u32 = 0x42;
const VALUE_METADATA: u32 = 0x56;
const VALUE: u32 = 0x57;
const PREDECESSORS: u32 = 0x70;
const PREDECESSOR_ACTOR: u32 = 0x71;
const PREDECESSOR_COUNTER: u32 = 0x73;
const KNOWN: [u32; 10] = [
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    KEY,
    INSERT,
    ACTION,
    VALUE_METADATA,
    VALUE,
    PREDECESSORS,
    PREDECESSOR_ACTOR,
    PREDECESSOR_COUNTER,
];

// Actions.
const MAKE_MAP: u64 = 0;
const SET: u64 = 1;
const DELETE: u64 = 3;

/// The highest number of an operation.
const MOST_COUNTER: u64 = u32::MAX as u64;

pub(super) fn check<'a>(parts: &Parts<'a>) -> Result<Named<'a>, Refusal> {
    let hashes = parts.dependencies.chunks_exact(32);
    if !hashes.is_sorted_by(|a, b| a < b) {
        return Err(malformed("what the change builds on is not in order"));
    }
    if !parts.others.is_sorted_by(|a, b| a < b) || parts.others.contains(&parts.actor) {
        return Err(malformed("the other actors are not in order"));
    }
    if !parts.columns.is_sorted_by(|a, b| a.0 < b.0) {
        return Err(malformed("the columns are not in order"));
    }
    for (specification, data) in &parts.columns {
        if !KNOWN.contains(specification) || data.is_empty() {
            return Err(malformed("a column is not one that a change has here"));
        }
    }
    Rows::read(parts)?.check(parts)
}

/// The columns' rows. A column that is not there holds nothing in every row, or,
/// where nothing can be held, no row.
struct Rows<'a> {
    /// Actor and counter of the map that each is in; none for the root.
    objects: Vec<Option<(u64, u64)>>,
    keys: Vec<&'a str>,
    actions: Vec<u64>,
    values: Vec<Value<'a>>,
    predecessors: Vec<Vec<(u64, u64)>>,
}

impl<'a> Rows<'a> {
    fn read(parts: &Parts<'a>) -> Result<Self, Refusal> {
        let column = |wanted| -> &'a [u8] {
            let found = parts.columns.iter().find(|(spec, _)| *spec == wanted);
            found.map_or(&[][..], |(_, data)| data)
        };
        let actions = whole(runs(column(ACTION), Reader::unsigned)?)?;
        let count = actions.len();
        let rows = |specification| padded(runs(column(specification), Reader::unsigned)?, count);

        let objects = pairs(rows(OBJECT_ACTOR)?, rows(OBJECT_COUNTER)?)?;
        let keys = whole(runs(column(KEY), |r| {
            text(r.length_prefixed(u64::MAX >> 1)?)
        })?)?;
        if keys.len() != count {
            return Err(malformed("an operation has no key"));
        }
        no_inserts(column(INSERT), count)?;
        let metadata = whole(runs(column(VALUE_METADATA), Reader::unsigned)?)?;
        let values = values(&actions, &metadata, column(VALUE))?;
        let grouped = whole(runs(column(PREDECESSORS), Reader::unsigned)?)?;
        if grouped.len() != count {
            return Err(malformed("a column has not a row for each operation"));
        }
        let mut named = pairs(
            runs(column(PREDECESSOR_ACTOR), Reader::unsigned)?,
            deltas(column(PREDECESSOR_COUNTER))?,
        )?
        .into_iter();
        let mut predecessors = Vec::with_capacity(count);
        for group in grouped {
            let group: Option<Vec<_>> = (0..group).map(|_| named.next().flatten()).collect();
            predecessors.push(group.ok_or_else(|| malformed("too few predecessors are named"))?);
        }
        if named.next().is_some() {
            return Err(malformed("too many predecessors are named"));
        }
        Ok(Self {
            objects,
            keys,
            actions,
            values,
            predecessors,
        })
    }

    fn check(&self, parts: &Parts<'a>) -> Result<Named<'a>, Refusal> {
        let actors: Vec<&'a [u8]> = std::iter::once(parts.actor)
            .chain(parts.others.iter().copied())
            .collect();
        let id = |actor: u64| {
            let index = usize::try_from(actor).ok();
            index.and_then(|i| actors.get(i)).copied()
        };
        let mut named = Named::default();
        named.operations.start = parts.start;
        named.operations.all.reserve(self.actions.len());
        for (row, action) in self.actions.iter().enumerate() {
            if ![MAKE_MAP, SET, DELETE].contains(action) {
                return Err(malformed("an action is not one that a change has here"));
            }
            let predecessors = &self.predecessors[row];
            if *action == DELETE && predecessors.is_empty() {
                return Err(malformed("a deletion deletes nothing"));
            }
            let number = parts.start.saturating_add(row as u64);
            let whole = |(actor, counter): &(u64, u64)| -> Result<Id, Refusal> {
                let actor = id(*actor)
                    .ok_or_else(|| malformed("an operation names an actor that is not there"))?;
                if *counter == 0 || *counter >= number || number > MOST_COUNTER {
                    return Err(malformed("an operation names one that is not before it"));
                }
                Ok((ActorId::from(actor), *counter))
            };
            let object = self.objects[row].as_ref().map(whole).transpose()?;
            let predecessors = predecessors
                .iter()
                .map(whole)
                .collect::<Result<Vec<_>, _>>()?;
            if !predecessors.is_sorted_by(|a, b| (a.1, &a.0) < (b.1, &b.0)) {
                return Err(malformed("predecessors are not in order"));
            }
            let own = ActorId::from(parts.actor);
            let before = |(actor, counter): &&Id| *actor != own || *counter < parts.start;
            for (actor, counter) in object.iter().chain(&predecessors).filter(before) {
                let newest = named.newest.entry(actor.clone()).or_insert(0);
                *newest = *counter.max(newest);
            }
            let operations: Vec<Id> = predecessors.iter().filter(before).cloned().collect();
            if !operations.is_empty() {
                named.replaced.push(Replaced {
                    object,
                    key: self.keys[row],
                    operations,
                });
            }
            named.operations.all.push(Operation {
                number,
                object: self.objects[row],
                key: self.keys[row],
                action: match *action {
                    MAKE_MAP => Action::Make,
                    SET => Action::Set(self.values[row]),
                    _ => Action::Delete,
                },
                replaces: !predecessors.is_empty(),
            });
        }
        named.operations.actors = actors;
        if parts
            .others
            .iter()
            .any(|other| !named.newest.contains_key(&ActorId::from(*other)))
        {
            return Err(malformed("an actor is listed that no operation names"));
        }
        Ok(named)
    }
}

/// Rows of which none may be empty.
fn whole<T>(rows: Vec<Option<T>>) -> Result<Vec<T>, Refusal> {
    rows.into_iter()
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("a row is empty that must not be"))
}

/// As many rows as there are operations, of which a column that is not there holds
/// none.
fn padded<T: Clone>(rows: Vec<Option<T>>, count: usize) -> Result<Vec<Option<T>>, Refusal> {
    if rows.is_empty() {
        return Ok(vec![None; count]);
    }
    if rows.len() != count {
        return Err(malformed("a column has not a row for each operation"));
    }
    Ok(rows)
}

/// Actor and counter of each row, both or neither.
fn pairs(
    actors: Vec<Option<u64>>,
    counters: Vec<Option<u64>>,
) -> Result<Vec<Option<(u64, u64)>>, Refusal> {
    if actors.len() != counters.len() {
        return Err(malformed("an id is not whole"));
    }
    actors
        .into_iter()
        .zip(counters)
        .map(|pair| match pair {
            (Some(actor), Some(counter)) => Ok(Some((actor, counter))),
            (None, None) => Ok(None),
            _ => Err(malformed("an id is not whole")),
        })
        .collect()
}

/// Returns the rows of a run-length encoded column, each run as long as can be: equal rows
/// are a run of at least two, rows that differ from their neighbours one list.
fn runs<'a, T: Clone>(
    column: &'a [u8],
    value: impl Fn(&mut Reader<'a>) -> Result<T, Refusal>,
) -> Result<Vec<Option<T>>, Refusal> {
    #[derive(Clone, Copy, PartialEq)]
    enum Last {
        Nothing,
        Nulls,
        Run,
        List,
    }
    let another = || malformed("a run is not written as the engine writes it");
    let mut reader = Reader::new(column);
    let mut rows = Vec::new();
    let mut last = Last::Nothing;
    // The value before, as it is written.
    let mut before: Option<&[u8]> = None;
    while !reader.is_empty() {
        let count = reader.signed()?;
        if count == 0 {
            let nulls = reader.unsigned()?;
            if nulls == 0 || last == Last::Nulls || (last == Last::Nothing && reader.is_empty()) {
                return Err(another());
            }
            rows.extend((0..nulls).map(|_| None));
            (last, before) = (Last::Nulls, None);
            continue;
        }
        let (kind, repeats, values) = if count > 0 {
            (Last::Run, count.unsigned_abs(), 1)
        } else {
            (Last::List, 1, count.unsigned_abs())
        };
        if (kind == Last::Run && repeats == 1) || (kind == Last::List && last == Last::List) {
            return Err(another());
        }
        for _ in 0..values {
            let from = reader.at();
            let read = value(&mut reader)?;
            let written = reader.since(from);
            if before == Some(written) {
                return Err(another());
            }
            before = Some(written);
            rows.extend((0..repeats).map(|_| Some(read.clone())));
        }
        last = kind;
    }
    Ok(rows)
}

/// Returns a column of differences, as the numbers that they lead to.
fn deltas(column: &[u8]) -> Result<Vec<Option<u64>>, Refusal> {
    let mut sum = 0_i64;
    runs(column, Reader::signed)?
        .into_iter()
        .map(|delta| {
            let Some(delta) = delta else { return Ok(None) };
            sum = sum
                .checked_add(delta)
                .ok_or_else(|| malformed("a counter is out of bounds"))?;
            let counter = u64::try_from(sum).map_err(|_| malformed("a counter is negative"))?;
            Ok(Some(counter))
        })
        .collect()
}

/// Checks a column of booleans that says of each operation that it inserts nothing
/// into a list.
fn no_inserts(column: &[u8], count: usize) -> Result<(), Refusal> {
    let mut reader = Reader::new(column);
    let none = if count == 0 { 0 } else { reader.unsigned()? };
    if none == count as u64 && reader.is_empty() {
        Ok(())
    } else {
        Err(malformed(
            "an operation inserts, and there are no lists here",
        ))
    }
}

/// Reads each operation's value, checking that it is written as its type asks, and that
/// operations without one have none.
fn values<'a>(
    actions: &[u64],
    metadata: &[u64],
    bytes: &'a [u8],
) -> Result<Vec<Value<'a>>, Refusal> {
    if metadata.len() != actions.len() {
        return Err(malformed("a column has not a row for each operation"));
    }
    let mut reader = Reader::new(bytes);
    let mut values = Vec::with_capacity(actions.len());
    for (action, metadata) in actions.iter().zip(metadata) {
        let length =
            usize::try_from(metadata >> 4).map_err(|_| malformed("a value is too long"))?;
        let value = reader.take(length)?;
        if *action != SET && *metadata != 0 {
            return Err(malformed("an operation without a value has one"));
        }
        let mut inside = Reader::new(value);
        let read = match metadata & 0b1111 {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Uint(inside.unsigned()?),
            4 => Value::Int(inside.signed()?),
            // A timestamp, which no field of ours is.
            9 => {
                inside.signed()?;
                Value::Other
            }
            5 if value.len() == 8 => {
                inside.take(8)?;
                Value::Other
            }
            6 => Value::Text(text(inside.take(value.len())?)?),
            7 => Value::Bytes(inside.take(value.len())?),
            _ => return Err(malformed("a value is not written as its type asks")),
        };
        if !inside.is_empty() {
            return Err(malformed("a value is not written as its type asks"));
        }
        values.push(read);
    }
    if reader.is_empty() {
        Ok(values)
    } else {
        Err(malformed("bytes follow the values"))
    }
}

fn text(bytes: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(bytes).map_err(|_| malformed("a text is not UTF-8"))
}
