//! One pass over a document: what it shows, and where several phones wrote one
//! field at once.

use std::borrow::Cow;

use automerge::{
    Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, ScalarValueRef, Value as Stored,
    ValueRef,
};
use serde_json::Value;

use super::conflict::{Conflict, ConflictingValue, date};
use super::node::Node;
use crate::ids::{DeviceId, DocumentId, device_of};

/// Deeper than any kind of document: root, records, record, set.
const DEEPEST: usize = 6;

/// The fields beside the content: kind and schema.
const HEADER: [&str; 2] = ["kind", "schema"];

/// The content of a document, borrowed from it.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    /// The document's own header, `kind` and `schema`; a field that was written
    /// twice is not among them.
    header: Vec<(Cow<'a, str>, Node<'a>)>,
    /// The shown values.
    pub(super) root: Node<'a>,
    /// The fields with several values.
    forks: Vec<Fork<'a>>,
}

/// A field with several values.
#[derive(Debug)]
struct Fork<'a> {
    path: Vec<String>,
    /// The shown one first.
    values: Vec<(ObjId, Node<'a>)>,
}

impl<'a> Survey<'a> {
    /// Reads a document. Says in words what no kind of document holds: lists,
    /// texts for editing, fractions, counters, objects made twice.
    pub(super) fn of(doc: &'a Automerge) -> Result<Self, String> {
        let mut forks = Vec::new();
        let entries = map(doc, &ROOT, &mut Vec::new(), &mut forks)?;
        let forked = |key: &str| forks.iter().any(|fork: &Fork<'_>| fork.path == [key]);
        let (header, entries): (Vec<_>, Vec<_>) = entries
            .into_iter()
            .partition(|(key, _)| HEADER.contains(&key.as_ref()));
        Ok(Self {
            header: header.into_iter().filter(|(key, _)| !forked(key)).collect(),
            root: Node::Map(entries),
            forks,
        })
    }

    /// Returns a field of the header.
    pub(super) fn header(&self, name: &str) -> Option<&Node<'a>> {
        let entry = self.header.iter().find(|(key, _)| key == name);
        entry.map(|(_, node)| node)
    }

    /// Returns how many fields have values that disagree, and how many values are hidden
    /// there.
    pub(super) fn disagreement(&self) -> (usize, usize) {
        disagreeing(&self.forks).fold((0, 0), |(fields, hidden), fork| {
            (fields + 1, hidden + fork.values.len() - 1)
        })
    }

    /// Shows each hidden value in turn, in the place of the shown one: with its own
    /// record and the fields of the document, and without the other records. No rule of
    /// a kind binds one record to another, so nothing more can come of reading them again.
    pub(super) fn alternatives<E>(
        &self,
        mut check: impl FnMut(&Node<'a>) -> Result<(), E>,
    ) -> Result<(), E> {
        for fork in disagreeing(&self.forks) {
            let mut root = self.around(&fork.path);
            for (_, hidden) in fork.values.iter().skip(1) {
                let Some(field) = root.below(&fork.path) else {
                    continue;
                };
                *field = hidden.clone();
                check(&root)?;
            }
        }
        Ok(())
    }

    /// Returns the document with no records but the one that a path leads through.
    fn around(&self, path: &[String]) -> Node<'a> {
        let Node::Map(entries) = &self.root else {
            return self.root.clone();
        };
        let (map, record) = (path.first(), path.get(1));
        let entries = entries.iter().map(|(key, node)| match node {
            Node::Map(records) => {
                let kept = record
                    .filter(|_| map.is_some_and(|map| map == key))
                    .and_then(|record| {
                        let index = records.binary_search_by(|(k, _)| k.as_ref().cmp(record));
                        records.get(index.ok()?).cloned()
                    });
                (key.clone(), Node::Map(kept.into_iter().collect()))
            }
            node => (key.clone(), node.clone()),
        });
        Node::Map(entries.collect())
    }

    /// Returns the fields whose values disagree.
    pub(super) fn conflicts(&self, doc: &Automerge) -> Vec<Conflict> {
        let mut conflicts: Vec<_> = disagreeing(&self.forks).map(Fork::conflict).collect();
        date(doc, &mut conflicts);
        conflicts
    }
}

/// Two phones that added the same code, or wrote the same value, agree.
fn disagreeing<'f, 'a>(forks: &'f [Fork<'a>]) -> impl Iterator<Item = &'f Fork<'a>> {
    forks.iter().filter(|fork| {
        let mut nodes = fork.values.iter().map(|(_, node)| node);
        let shown = nodes.next();
        nodes.any(|hidden| Some(hidden) != shown)
    })
}

impl Fork<'_> {
    fn conflict(&self) -> Conflict {
        let value = |(index, (op, node)): (usize, &(ObjId, Node<'_>))| ConflictingValue {
            op: op.to_string(),
            value: to_json(node),
            device: match op {
                ObjId::Root => None,
                ObjId::Id(_, actor, _) => device_of(actor),
            },
            at: None,
            winner: index == 0,
        };
        Conflict {
            path: self.path.clone(),
            values: self.values.iter().enumerate().map(value).collect(),
        }
    }
}

fn map<'a>(
    doc: &'a Automerge,
    object: &ObjId,
    path: &mut Vec<String>,
    forks: &mut Vec<Fork<'a>>,
) -> Result<Vec<(Cow<'a, str>, Node<'a>)>, String> {
    if path.len() > DEEPEST {
        return Err("the document is nested too deep".to_owned());
    }
    let mut entries = Vec::new();
    for item in doc.map_range(object, ..) {
        let node = match item.value {
            ValueRef::Scalar(ref scalar) if !item.conflict => shown(scalar.clone()),
            ValueRef::Object(ObjType::Map) if !item.conflict => {
                path.push(item.key.to_string());
                let below = map(doc, &item.id(), path, forks)?;
                path.pop();
                Some(Node::Map(below))
            }
            _ if item.conflict => {
                path.push(item.key.to_string());
                let fork = fork(doc, object, &item.key, path)?;
                path.pop();
                let first = fork.values.first().map(|(_, node)| node.clone());
                forks.push(fork);
                first
            }
            ValueRef::Scalar(_) | ValueRef::Object(_) => None,
        };
        let node = node.ok_or_else(|| {
            format!(
                "{}/{} is of a type that no field has",
                path.join("/"),
                item.key
            )
        })?;
        entries.push((item.key, node));
    }
    Ok(entries)
}

fn fork<'a>(
    doc: &'a Automerge,
    object: &ObjId,
    key: &str,
    path: &[String],
) -> Result<Fork<'a>, String> {
    let all = doc
        .get_all(object, key)
        .map_err(|e| format!("{}: {e}", path.join("/")))?;
    // Automerge lists the values with the shown one last.
    let values = all.into_iter().rev().map(|(value, op)| match value {
        Stored::Scalar(scalar) => hidden(scalar.into_owned())
            .map(|node| (op, node))
            .ok_or_else(|| format!("{} is of a type that no field has", path.join("/"))),
        Stored::Object(_) => Err(format!("{} was created twice", path.join("/"))),
    });
    Ok(Fork {
        path: path.to_vec(),
        values: values.collect::<Result<_, _>>()?,
    })
}

fn shown(scalar: ScalarValueRef<'_>) -> Option<Node<'_>> {
    Some(match scalar {
        ScalarValueRef::Null => Node::Null,
        ScalarValueRef::Boolean(b) => Node::Bool(b),
        ScalarValueRef::Int(i) => Node::Int(i),
        ScalarValueRef::Uint(u) => Node::Uint(u),
        ScalarValueRef::Str(text) => Node::Text(text),
        ScalarValueRef::Bytes(bytes) => Node::Bytes(bytes),
        ScalarValueRef::F64(_)
        | ScalarValueRef::Counter(_)
        | ScalarValueRef::Timestamp(_)
        | ScalarValueRef::Unknown { .. } => return None,
    })
}

pub(super) fn hidden(scalar: ScalarValue) -> Option<Node<'static>> {
    Some(match scalar {
        ScalarValue::Null => Node::Null,
        ScalarValue::Boolean(b) => Node::Bool(b),
        ScalarValue::Int(i) => Node::Int(i),
        ScalarValue::Uint(u) => Node::Uint(u),
        ScalarValue::Str(text) => Node::Text(Cow::Owned(text.to_string())),
        ScalarValue::Bytes(bytes) => Node::Bytes(Cow::Owned(bytes)),
        ScalarValue::F64(_)
        | ScalarValue::Counter(_)
        | ScalarValue::Timestamp(_)
        | ScalarValue::Unknown { .. } => return None,
    })
}

/// Returns the JSON that a value has in the content: byte strings are identifiers.
pub(super) fn to_json(node: &Node<'_>) -> Value {
    match node {
        Node::Bool(b) => Value::Bool(*b),
        Node::Int(i) => Value::from(*i),
        Node::Uint(u) => Value::from(*u),
        Node::Text(text) => Value::from(text.as_ref()),
        Node::Bytes(bytes) => DocumentId::from_slice(bytes)
            .map(String::from)
            .or_else(|| DeviceId::from_slice(bytes).map(String::from))
            .map_or(Value::Null, Value::from),
        Node::Null | Node::Map(_) | Node::Fields(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable;
    use automerge::{ActorId, AutoCommit};
    use proptest::prelude::*;

    use super::*;

    /// Asks `get_all` key by key: the slow way to the same answer.
    fn forks_one_by_one(doc: &Automerge, object: &ObjId, path: &[String]) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        for key in doc.keys(object) {
            let mut path = path.to_vec();
            path.push(key.clone());
            match doc.get_all(object, key.as_str()).unwrap().as_slice() {
                [(Stored::Object(_), below)] => found.extend(forks_one_by_one(doc, below, &path)),
                [_] => {}
                _ => found.push(path),
            }
        }
        found
    }

    proptest! {
        /// Phones write and delete the same few fields, now and then meeting.
        #[test]
        fn finds_what_every_key_for_itself_says(
            steps in proptest::collection::vec((0..3_usize, 0..4_usize, 0..5_i64, 0..6_usize), 1..40)
        ) {
            let mut first = AutoCommit::new().with_actor(ActorId::from([1]));
            let record = first.put_object(ROOT, "record", ObjType::Map).unwrap();
            let mut phones = vec![
                first.fork().with_actor(ActorId::from([2])),
                first.fork().with_actor(ActorId::from([3])),
                first,
            ];
            for (phone, key, value, meets) in steps {
                let object = if key % 2 == 0 { ROOT } else { record.clone() };
                let key = ["a", "b", "c", "d"][key];
                if value == 0 {
                    phones[phone].delete(&object, key).unwrap();
                } else {
                    phones[phone].put(&object, key, value).unwrap();
                }
                if meets < 3 && meets != phone {
                    phones[meets].commit();
                    let mut other = phones[meets].clone();
                    phones[phone].merge(&mut other).unwrap();
                }
            }
            for phone in &mut phones {
                let doc = phone.document();
                let survey = Survey::of(doc).unwrap();
                let paths: Vec<_> = survey.forks.iter().map(|f| f.path.clone()).collect();
                let mut expected = forks_one_by_one(doc, &ROOT, &[]);
                let mut found = paths.clone();
                found.sort();
                expected.sort();
                prop_assert_eq!(found, expected);
                for (path, fork) in paths.iter().zip(&survey.forks) {
                    let mut root = survey.root.clone();
                    prop_assert_eq!(root.below(path).unwrap() as &Node<'_>, &fork.values[0].1);
                }
            }
        }
    }

    #[test]
    fn refuses_what_no_kind_of_document_holds() {
        let refused = |write: &dyn Fn(&mut AutoCommit)| {
            let mut doc = AutoCommit::new();
            write(&mut doc);
            Survey::of(doc.document()).is_err()
        };
        assert!(refused(&|doc| doc.put(ROOT, "x", 0.5).unwrap()));
        assert!(refused(&|doc| doc
            .put(ROOT, "x", ScalarValue::counter(1))
            .unwrap()));
        assert!(refused(&|doc| {
            doc.put_object(ROOT, "x", ObjType::List).unwrap();
        }));
        assert!(refused(&|doc| {
            let mut object = ROOT;
            for _ in 0..2_000 {
                object = doc.put_object(&object, "x", ObjType::Map).unwrap();
            }
        }));
    }
}
