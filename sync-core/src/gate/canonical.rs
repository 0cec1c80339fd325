//! Whether a change is written as the engine writes it.
//!
//! The same operations can be written in many ways. The engine takes them all in,
//! but keeps operations and not bytes: when it reads a document back it writes each
//! change anew, in its own way, and finds that the hash is another. A document
//! with a single change written otherwise could never be read again, so such a
//! change is refused. (Writing it anew with the engine here would tell as well, at
//! four times the cost of this.)
//!
//! All is bounded by the scan that came before.

use super::prescan::{Reader, Refusal, malformed};

/// The parts of a change that can be written in several ways.
pub(super) struct Parts<'a> {
    /// Hashes, one after the other.
    pub(super) dependencies: &'a [u8],
    pub(super) actor: &'a [u8],
    /// The other actors that its operations name.
    pub(super) others: Vec<&'a [u8]>,
    /// Specification and data.
    pub(super) columns: Vec<(u32, &'a [u8])>,
}

// The columns of operations. Those of marks (0x94, 0xa5) have no place in our kinds.
const OBJECT_ACTOR: u32 = 0x01;
const OBJECT_COUNTER: u32 = 0x02;
const KEY_ACTOR: u32 = 0x11;
const KEY_COUNTER: u32 = 0x13;
const KEY_TEXT: u32 = 0x15;
const INSERT: u32 = 0x34;
const ACTION: u32 = 0x42;
const VALUE_METADATA: u32 = 0x56;
const VALUE: u32 = 0x57;
const PREDECESSORS: u32 = 0x70;
const PREDECESSOR_ACTOR: u32 = 0x71;
const PREDECESSOR_COUNTER: u32 = 0x73;
const KNOWN: [u32; 12] = [
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_TEXT,
    INSERT,
    ACTION,
    VALUE_METADATA,
    VALUE,
    PREDECESSORS,
    PREDECESSOR_ACTOR,
    PREDECESSOR_COUNTER,
];

/// Actions with a value: to set, to increment.
const WITH_VALUE: [u64; 2] = [1, 5];
/// The actions before marks.
const LAST_ACTION: u64 = 6;

pub(super) fn check(parts: &Parts<'_>) -> Result<(), Refusal> {
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
    Operations::read(parts)?.check(parts)
}

/// The columns' rows. A column that is not there holds nothing in every row, or,
/// where nothing can be held, no row.
struct Operations {
    object: Vec<Option<(u64, u64)>>,
    key: Vec<Key>,
    actions: Vec<u64>,
    predecessors: Vec<Vec<(u64, u64)>>,
}

#[derive(PartialEq, Eq)]
enum Key {
    Text,
    Head,
    Element(u64),
}

impl Operations {
    fn read(parts: &Parts<'_>) -> Result<Self, Refusal> {
        let column = |wanted| {
            let found = parts.columns.iter().find(|(spec, _)| *spec == wanted);
            found.map_or(&[][..], |(_, data)| data)
        };
        let whole = |specification| -> Result<Vec<u64>, Refusal> {
            let rows = runs(column(specification), Reader::unsigned)?;
            rows.into_iter()
                .collect::<Option<_>>()
                .ok_or_else(|| malformed("a row is empty that must not be"))
        };
        let actions = whole(ACTION)?;
        let count = actions.len();
        let rows = |specification| padded(runs(column(specification), Reader::unsigned)?, count);

        let object = pairs(rows(OBJECT_ACTOR)?, rows(OBJECT_COUNTER)?)?;
        let texts = padded(
            runs(column(KEY_TEXT), |r| {
                text(r.length_prefixed(u64::MAX >> 1)?)
            })?,
            count,
        )?;
        let counters = padded(deltas(column(KEY_COUNTER))?, count)?;
        let key = texts
            .into_iter()
            .zip(rows(KEY_ACTOR)?.into_iter().zip(counters))
            .map(|key| match key {
                (Some(()), (None, None)) => Ok(Key::Text),
                (None, (None, Some(0))) => Ok(Key::Head),
                (None, (Some(actor), Some(counter))) if counter > 0 => Ok(Key::Element(actor)),
                _ => Err(malformed("a key is neither a text nor an element")),
            })
            .collect::<Result<Vec<_>, _>>()?;
        booleans(column(INSERT), count)?;
        values(&actions, &whole(VALUE_METADATA)?, column(VALUE))?;
        let grouped = whole(PREDECESSORS)?;
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
            object,
            key,
            actions,
            predecessors,
        })
    }

    fn check(&self, parts: &Parts<'_>) -> Result<(), Refusal> {
        if self.actions.iter().any(|action| *action > LAST_ACTION) {
            return Err(malformed("an action is not one that a change has here"));
        }
        // Which actors are named: the change's own is the first.
        let mut named = vec![false; 1 + parts.others.len()];
        named[0] = true;
        let objects = self.object.iter().flatten().map(|(actor, _)| actor);
        let keys = self.key.iter().filter_map(|key| match key {
            Key::Element(actor) => Some(actor),
            Key::Text | Key::Head => None,
        });
        let replaced = self.predecessors.iter().flatten().map(|(actor, _)| actor);
        for actor in objects.chain(keys).chain(replaced) {
            let name = usize::try_from(*actor).ok().and_then(|i| named.get_mut(i));
            *name.ok_or_else(|| malformed("an operation names an actor that is not there"))? = true;
        }
        if named.contains(&false) {
            return Err(malformed("an actor is listed that no operation names"));
        }
        let id = |actor: u64| match usize::try_from(actor) {
            Ok(0) => Some(parts.actor),
            Ok(index) => parts.others.get(index - 1).copied(),
            Err(_) => None,
        };
        let in_order =
            |group: &Vec<(u64, u64)>| group.is_sorted_by(|a, b| (a.1, id(a.0)) < (b.1, id(b.0)));
        if !self.predecessors.iter().all(in_order) {
            return Err(malformed("predecessors are not in order"));
        }
        Ok(())
    }
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

/// The rows of a run-length encoded column, each run as long as can be: equal rows
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

/// A column of differences, as the numbers that they lead to.
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

/// Checks a column of as many booleans: lengths of runs in turn, of which only the
/// first may be of none.
fn booleans(column: &[u8], count: usize) -> Result<(), Refusal> {
    let mut reader = Reader::new(column);
    let mut rows = 0_u64;
    while !reader.is_empty() {
        let first = reader.at() == 0;
        let run = reader.unsigned()?;
        if run == 0 && (!first || reader.is_empty()) {
            return Err(malformed("a run is of none"));
        }
        rows = rows.saturating_add(run);
    }
    if rows != count as u64 {
        return Err(malformed("a column has not a row for each operation"));
    }
    Ok(())
}

/// Checks that each operation's value is written as its type asks, and that
/// operations without one have none.
fn values(actions: &[u64], metadata: &[u64], bytes: &[u8]) -> Result<(), Refusal> {
    if metadata.len() != actions.len() {
        return Err(malformed("a column has not a row for each operation"));
    }
    let mut reader = Reader::new(bytes);
    for (action, metadata) in actions.iter().zip(metadata) {
        let length =
            usize::try_from(metadata >> 4).map_err(|_| malformed("a value is too long"))?;
        let value = reader.take(length)?;
        if !WITH_VALUE.contains(action) && *metadata != 0 {
            return Err(malformed("an operation without a value has one"));
        }
        let whole = |read: fn(&mut Reader<'_>) -> Result<(), Refusal>| {
            let mut reader = Reader::new(value);
            read(&mut reader)?;
            Ok(reader.is_empty())
        };
        let fits = match metadata & 0b1111 {
            // Null, false, true.
            0..=2 => value.is_empty(),
            3 => whole(|r| r.unsigned().map(drop))?,
            // Integer, counter, timestamp.
            4 | 8 | 9 => whole(|r| r.signed().map(drop))?,
            5 => value.len() == 8,
            6 => text(value).is_ok(),
            7 => true,
            _ => false,
        };
        if !fits {
            return Err(malformed("a value is not written as its type asks"));
        }
    }
    if reader.is_empty() {
        Ok(())
    } else {
        Err(malformed("bytes follow the values"))
    }
}

fn text(bytes: &[u8]) -> Result<(), Refusal> {
    std::str::from_utf8(bytes)
        .map(drop)
        .map_err(|_| malformed("a text is not UTF-8"))
}
