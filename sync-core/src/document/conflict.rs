//! Fields that several phones wrote at once. Automerge shows one of the values;
//! the others stay in the document until somebody chooses.

use std::collections::BTreeMap;

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value as Stored};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::DeviceId;
use crate::time::Instant;

/// A field with several values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// Keys from the root to the field.
    pub path: Vec<String>,
    /// The values, the shown one first.
    pub values: Vec<ConflictingValue>,
}

/// One of a field's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConflictingValue {
    /// Names the write; hand it back to choose this value.
    pub op: String,
    pub value: Value,
    /// The device that wrote it.
    pub device: Option<DeviceId>,
    /// When it was written, by that device's clock; to the second.
    #[serde(default)]
    pub at: Option<Instant>,
    /// Whether this is the one that is shown until somebody chooses.
    pub winner: bool,
}

/// Says when each value was written. Conflicts are rare, so the changes are read
/// only where there is one.
pub(super) fn date(doc: &Automerge, conflicts: &mut [Conflict]) {
    if conflicts.is_empty() {
        return;
    }
    let written = Written::of(doc);
    for value in conflicts.iter_mut().flat_map(|c| &mut c.values) {
        value.at = value
            .op
            .split_once('@')
            .and_then(|(counter, actor)| written.at(actor, counter.parse().ok()?));
    }
}

/// When operations were written: each actor's changes, in order, by their first operation.
pub(super) struct Written(BTreeMap<String, BTreeMap<u64, (u64, i64)>>);

impl Written {
    pub(super) fn of(doc: &Automerge) -> Self {
        let mut written: BTreeMap<String, BTreeMap<u64, (u64, i64)>> = BTreeMap::new();
        for change in doc.get_changes_meta(&[]) {
            written
                .entry(change.actor.to_hex_string())
                .or_default()
                .insert(change.start_op, (change.max_op, change.timestamp));
        }
        Self(written)
    }

    /// Returns when the operation of an actor (in hexadecimal digits) was written, by its
    /// clock; to the second.
    pub(super) fn at(&self, actor: &str, counter: u64) -> Option<Instant> {
        let (_, (last, seconds)) = self.0.get(actor)?.range(..=counter).next_back()?;
        (counter <= *last).then(|| Instant(seconds.saturating_mul(1000)))
    }
}

/// Finds the object, key and value of the write `op` at `path`.
pub(super) fn find(
    doc: &Automerge,
    path: &[String],
    op: &str,
) -> Option<(ObjId, String, ScalarValue)> {
    let (key, parents) = path.split_last()?;
    let mut object = ROOT;
    for parent in parents {
        match doc.get(&object, parent.as_str()).ok()?? {
            (Stored::Object(ObjType::Map), id) => object = id,
            _ => return None,
        }
    }
    let (value, _) = doc
        .get_all(&object, key.as_str())
        .ok()?
        .into_iter()
        .find(|(_, id)| id.to_string() == op)?;
    let value = value.as_scalar()?.clone();
    Some((object, key.clone(), value))
}
