//! Fields that several phones wrote at once. Automerge shows one of the values;
//! the others stay in the document until somebody chooses.

use std::collections::BTreeMap;

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value as Stored};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{DeviceId, DocumentId};
use crate::time::Instant;

/// A field with several values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Keys from the root to the field.
    pub path: Vec<String>,
    /// The values, the shown one first.
    pub values: Vec<ConflictingValue>,
}

/// One of a field's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictingValue {
    /// Names the write; hand it back to choose this value.
    pub op: String,
    /// The value.
    pub value: Value,
    /// The device that wrote it.
    pub device: Option<DeviceId>,
    /// When it was written, by that device's clock; to the second.
    #[serde(default)]
    pub at: Option<Instant>,
    /// Whether this is the one that is shown until somebody chooses.
    pub winner: bool,
}

/// Walks the whole document beside its content as JSON and lists the conflicts.
/// Refuses what the content does not show: unknown fields, lists, and conflicts
/// between objects.
pub(crate) fn survey(doc: &Automerge, content: &Value) -> Result<Vec<Conflict>, String> {
    let mut conflicts = Vec::new();
    let mut path = Vec::new();
    walk(doc, &ROOT, content, &mut path, &mut conflicts)?;
    date(doc, &mut conflicts);
    Ok(conflicts)
}

/// Says when each value was written. Conflicts are rare, so the changes are read
/// only where there is one.
fn date(doc: &Automerge, conflicts: &mut [Conflict]) {
    if conflicts.is_empty() {
        return;
    }
    // Each actor's changes, in order, by their first operation.
    let mut written: BTreeMap<String, BTreeMap<u64, (u64, i64)>> = BTreeMap::new();
    for change in doc.get_changes(&[]) {
        written
            .entry(change.actor_id().to_hex_string())
            .or_default()
            .insert(
                change.start_op().get(),
                (change.max_op(), change.timestamp()),
            );
    }
    for value in conflicts.iter_mut().flat_map(|c| &mut c.values) {
        value.at = seconds_of(&written, &value.op).map(|s| Instant(s.saturating_mul(1000)));
    }
}

/// When the operation `op` ("counter@actor") was written.
fn seconds_of(written: &BTreeMap<String, BTreeMap<u64, (u64, i64)>>, op: &str) -> Option<i64> {
    let (counter, actor) = op.split_once('@')?;
    let counter: u64 = counter.parse().ok()?;
    let (_, (last, seconds)) = written.get(actor)?.range(..=counter).next_back()?;
    (counter <= *last).then_some(*seconds)
}

fn walk(
    doc: &Automerge,
    object: &ObjId,
    shown: &Value,
    path: &mut Vec<String>,
    conflicts: &mut Vec<Conflict>,
) -> Result<(), String> {
    for key in doc.keys(object) {
        let values = doc
            .get_all(object, key.as_str())
            .map_err(|e| format!("{}: {e}", path.join("/")))?;
        // Document header fields are read by `Document::content`.
        let header = path.is_empty() && matches!(key.as_str(), "kind" | "schema");
        let below = match shown {
            Value::Object(fields) => fields.get(&key),
            // A set of codes: its keys are its members.
            Value::Array(members) => members.iter().find(|m| m.as_str() == Some(&key)),
            _ => None,
        };
        path.push(key);
        if header {
            if values.len() > 1 {
                return Err(format!("{} was written twice", path.join("/")));
            }
        } else {
            let below = below.ok_or_else(|| format!("{} is not a known field", path.join("/")))?;
            let in_set = shown.is_array();
            step(doc, &values, below, in_set, path, conflicts)?;
        }
        path.pop();
    }
    Ok(())
}

fn step(
    doc: &Automerge,
    values: &[(Stored<'_>, ObjId)],
    shown: &Value,
    in_set: bool,
    path: &mut Vec<String>,
    conflicts: &mut Vec<Conflict>,
) -> Result<(), String> {
    match values {
        [(Stored::Object(ObjType::Map), object)] => walk(doc, object, shown, path, conflicts),
        [(Stored::Scalar(value), _)] if in_set => match value.as_ref() {
            ScalarValue::Boolean(true) => Ok(()),
            _ => Err(format!("{} must be true", path.join("/"))),
        },
        [(Stored::Scalar(_), _)] => Ok(()),
        several if several.len() > 1 => {
            let mut out = Vec::with_capacity(several.len());
            // Automerge lists the values with the winner last.
            for (index, (value, op)) in several.iter().enumerate().rev() {
                let Stored::Scalar(scalar) = value else {
                    return Err(format!("{} was created twice", path.join("/")));
                };
                let Some(json) = to_json(scalar) else {
                    return Err(format!("{} has a value of no known type", path.join("/")));
                };
                if in_set && json != Value::Bool(true) {
                    return Err(format!("{} must be true", path.join("/")));
                }
                out.push(ConflictingValue {
                    op: op.to_string(),
                    value: json,
                    device: device_of(op),
                    at: None,
                    winner: index + 1 == several.len(),
                });
            }
            // Two phones that added the same code, or wrote the same value, agree.
            let agree = out.iter().all(|v| v.value == out[0].value);
            if !agree {
                conflicts.push(Conflict {
                    path: path.clone(),
                    values: out,
                });
            }
            Ok(())
        }
        _ => Err(format!("{} is neither a value nor a map", path.join("/"))),
    }
}

fn device_of(op: &ObjId) -> Option<DeviceId> {
    match op {
        ObjId::Root => None,
        ObjId::Id(_, actor, _) => crate::ids::device_of(actor),
    }
}

/// The JSON that a scalar has in the content: byte strings are document or
/// device ids. `None` for types that no field has.
fn to_json(scalar: &ScalarValue) -> Option<Value> {
    Some(match scalar {
        ScalarValue::Null => Value::Null,
        ScalarValue::Boolean(b) => Value::Bool(*b),
        ScalarValue::Int(i) | ScalarValue::Timestamp(i) => Value::from(*i),
        ScalarValue::Uint(u) => Value::from(*u),
        ScalarValue::Str(s) => Value::from(s.as_str()),
        ScalarValue::Bytes(bytes) => DocumentId::from_slice(bytes)
            .map(String::from)
            .or_else(|| DeviceId::from_slice(bytes).map(String::from))?
            .into(),
        ScalarValue::F64(_) | ScalarValue::Counter(_) | ScalarValue::Unknown { .. } => return None,
    })
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
