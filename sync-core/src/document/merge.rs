//! Three-way merge of content as JSON: what a person changed, laid over what is there now.

use serde_json::{Map, Value};

/// Returns `present` with everything changed that differs between `base` and
/// `next`. Objects are compared field by field; arrays are sets of codes, so
/// what was added is added and what was removed is removed; anything else is
/// replaced whole.
pub(super) fn three_way(base: &Value, next: &Value, present: &Value) -> Value {
    if base == next {
        return present.clone();
    }
    match (base, next, present) {
        (Value::Object(base), Value::Object(next), Value::Object(present)) => {
            Value::Object(objects(base, next, present))
        }
        (Value::Array(base), Value::Array(next), Value::Array(present)) => {
            Value::Array(sets(base, next, present))
        }
        _ => next.clone(),
    }
}

fn objects(
    base: &Map<String, Value>,
    next: &Map<String, Value>,
    present: &Map<String, Value>,
) -> Map<String, Value> {
    let mut out = present.clone();
    for (key, value) in next {
        let merged = match (base.get(key), present.get(key)) {
            (Some(base), Some(present)) => three_way(base, value, present),
            // Unchanged by the person, and gone meanwhile: stays gone.
            (Some(base), None) if base == value => continue,
            _ => value.clone(),
        };
        out.insert(key.clone(), merged);
    }
    for key in base.keys().filter(|key| !next.contains_key(*key)) {
        out.remove(key);
    }
    out
}

fn sets(base: &[Value], next: &[Value], present: &[Value]) -> Vec<Value> {
    let kept = present
        .iter()
        .filter(|v| next.contains(v) || !base.contains(v));
    let added = next
        .iter()
        .filter(|v| !base.contains(v) && !present.contains(v));
    kept.chain(added).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::three_way;
    use serde_json::json;

    #[test]
    fn keeps_what_arrived_meanwhile() {
        let base = json!({"adults": 3, "children": 0, "note": "", "needs": ["health"]});
        let next = json!({"adults": 4, "children": 0, "note": "", "needs": ["health", "shelter"]});
        let present = json!({"adults": 3, "children": 2, "note": "x", "needs": ["pregnancy"]});
        assert_eq!(
            three_way(&base, &next, &present),
            json!({"adults": 4, "children": 2, "note": "x", "needs": ["pregnancy", "shelter"]})
        );
    }

    #[test]
    fn swapping_base_and_next_undoes() {
        let before = json!({"a": 1, "set": ["x"], "map": {"k": 1}});
        let after = json!({"a": 2, "set": ["x", "y"], "map": {"k": 3}});
        assert_eq!(three_way(&after, &before, &after), before);
        let later = json!({"a": 2, "set": ["x", "y", "z"], "map": {"k": 3, "n": 0}});
        assert_eq!(
            three_way(&after, &before, &later),
            json!({"a": 1, "set": ["x", "z"], "map": {"k": 1, "n": 0}})
        );
    }
}
