//! Who touched what, change by change, without what it said.

use automerge::legacy::{Key, ObjectId, OpId, OpType};

use super::Document;
use super::revert::Everything;
use crate::ids::Hash;

/// Most fields that are named of a change.
const MOST_FIELDS: usize = 100;

/// The records that a change touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    pub change: Hash,
    /// Whether it made the document.
    pub made: bool,
    /// Keys from the root to each field that it wrote, and to each record that it made (of
    /// which the fields are not listed); at most 100.
    pub paths: Vec<Vec<String>>,
}

impl Document {
    /// Returns what each change touched, in causal order.
    pub fn history(&self) -> Vec<Touch> {
        let changes = self.engine().get_changes(&[]);
        let all = Everything::of(&changes, &|_, _| false);
        changes
            .iter()
            .map(|change| {
                let made = change.deps().is_empty();
                Touch {
                    change: change.hash().into(),
                    made,
                    paths: if made {
                        Vec::new()
                    } else {
                        paths(&all, change)
                    },
                }
            })
            .collect()
    }
}

fn paths(all: &Everything, change: &automerge::Change) -> Vec<Vec<String>> {
    let decoded = change.decode();
    let mut made: Vec<Vec<String>> = Vec::new();
    let mut found: Vec<Vec<String>> = Vec::new();
    for operation in &decoded.operations {
        let Key::Map(key) = &operation.key else {
            continue;
        };
        let object = match &operation.obj {
            ObjectId::Root => None,
            ObjectId::Id(OpId(counter, actor)) => Some((*counter, actor.clone())),
        };
        let mut path = all.path(object.as_ref());
        path.push(key.to_string());
        if made.iter().any(|record| path.starts_with(record)) {
            continue;
        }
        if matches!(operation.action, OpType::Make(_)) {
            made.push(path.clone());
        }
        if found.len() < MOST_FIELDS && !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::{content_json, typed};
    use crate::ids::{DeviceId, SessionId, actor};
    use crate::model::Kind;
    use crate::time::Instant;

    #[test]
    fn names_the_fields_that_were_touched_and_the_records_that_were_made() {
        let now = Instant(1_795_000_000_000);
        let by = |n| actor(DeviceId::from_bytes([n; 8]), SessionId::from_bytes([1; 8]));
        let alert = json!({
            "category": "health", "place": null, "opened": now.0, "note": "x", "calls": {},
            "acknowledgements": {}, "outcome": "open", "closed": null, "withdrawn": false
        });
        let content = typed(Kind::Alert, alert).unwrap();
        let (mut document, _) = Document::create(by(1), &content, now).unwrap();
        let base = content_json(&document.content().unwrap()).unwrap();
        let mut next = base.clone();
        next["note"] = json!("y");
        next["calls"]["0101010101010101"] =
            json!({"to": "emergency", "at": now.0, "answered_by": "", "withdrawn": false});
        document.edit(by(2), &base, &next, now).unwrap();
        let history = document.history();
        assert!(history[0].made && history[0].paths.is_empty());
        let paths: Vec<_> = history[1].paths.iter().map(|p| p.join("/")).collect();
        assert_eq!(paths, ["note", "calls/0101010101010101"]);
    }
}
