//! Writing content into a document: no more than what differs.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ObjId, ObjType, ReadDoc, ScalarValue};

use super::node::Node;

/// Writes content into a map that is new: maps, and every field that is not blank.
pub(super) fn fill<T: Transactable>(
    tx: &mut T,
    object: &ObjId,
    content: &Node<'_>,
) -> Result<(), AutomergeError> {
    match content {
        Node::Map(entries) => entries
            .iter()
            .try_for_each(|(key, value)| put(tx, object, key, value)),
        Node::Fields(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_blank())
            .try_for_each(|(name, value)| put(tx, object, name, value)),
        _ => Ok(()),
    }
}

/// Writes what differs between `before`, which the map at `object` shows, and
/// `after`. A record that `after` does not have stays: records are withdrawn,
/// never removed.
pub(super) fn change<T: Transactable + ReadDoc>(
    tx: &mut T,
    object: &ObjId,
    before: &Node<'_>,
    after: &Node<'_>,
) -> Result<(), AutomergeError> {
    match (before, after) {
        (Node::Fields(before), Node::Fields(after)) => before
            .iter()
            .zip(after)
            .try_for_each(|((name, b), (_, a))| replace(tx, object, name, b, a)),
        (Node::Map(before), Node::Map(after)) => {
            for (key, a) in after {
                match before.binary_search_by(|(k, _)| k.cmp(key)) {
                    Ok(index) => replace(tx, object, key, &before[index].1, a)?,
                    Err(_) => put(tx, object, key, a)?,
                }
            }
            let held = |key: &str| after.binary_search_by(|(k, _)| k.as_ref().cmp(key)).is_ok();
            before
                .iter()
                .filter(|(key, b)| scalar(b).is_some() && !held(key))
                .try_for_each(|(key, _)| tx.delete(object, key.as_ref()))
        }
        _ => Ok(()),
    }
}

fn replace<T: Transactable + ReadDoc>(
    tx: &mut T,
    object: &ObjId,
    key: &str,
    before: &Node<'_>,
    after: &Node<'_>,
) -> Result<(), AutomergeError> {
    if before == after {
        return Ok(());
    }
    if scalar(after).is_some() {
        return put(tx, object, key, after);
    }
    match tx.get(object, key)? {
        Some((automerge::Value::Object(ObjType::Map), child)) => change(tx, &child, before, after),
        _ => put(tx, object, key, after),
    }
}

fn put<T: Transactable>(
    tx: &mut T,
    object: &ObjId,
    key: &str,
    value: &Node<'_>,
) -> Result<(), AutomergeError> {
    if let Some(scalar) = scalar(value) {
        return tx.put(object, key, scalar);
    }
    let child = tx.put_object(object, key, ObjType::Map)?;
    fill(tx, &child, value)
}

/// `None` for maps and records.
fn scalar(node: &Node<'_>) -> Option<ScalarValue> {
    Some(match node {
        Node::Null => ScalarValue::Null,
        Node::Bool(b) => ScalarValue::Boolean(*b),
        Node::Int(i) => ScalarValue::Int(*i),
        Node::Uint(u) => ScalarValue::Uint(*u),
        Node::Text(text) => ScalarValue::Str(text.as_ref().into()),
        Node::Bytes(bytes) => ScalarValue::Bytes(bytes.to_vec()),
        Node::Map(_) | Node::Fields(_) => return None,
    })
}
