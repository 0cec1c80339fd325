//! What a product's description of its API says beyond what is derived from the types.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::{OpenApi, RefOr, Schema};

const SCHEMAS: &str = "#/components/schemas/";

/// Marks as required whatever a reply may say `null` for: the server leaves out no such
/// field. (What it does leave out is never `null`, and says `nullable = false`.)
pub fn require_what_replies_hold(api: &mut OpenApi) {
    let Ok(json) = serde_json::to_value(&*api) else {
        return;
    };
    let asked = asked(&json);
    let Some(components) = api.components.as_mut() else {
        return;
    };
    for (name, schema) in &mut components.schemas {
        let RefOr::T(Schema::Object(object)) = schema else {
            continue;
        };
        if asked.contains(name) {
            continue;
        }
        let found = json["components"]["schemas"][name]["properties"].as_object();
        for (field, said) in found.into_iter().flatten() {
            if may_be_null(said) && !object.required.contains(field) {
                object.required.push(field.clone());
            }
        }
    }
}

/// Returns the names of the schemas that request bodies consist of.
fn asked(api: &Value) -> BTreeSet<String> {
    let paths = api["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(_, path)| path.as_object().into_iter().flatten());
    let mut names = BTreeSet::new();
    for (_, operation) in operations {
        gather(api, &operation["requestBody"], &mut names);
    }
    names
}

/// Adds the schemas that `value` refers to, and those that they refer to.
fn gather(api: &Value, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|path| path.strip_prefix(SCHEMAS));
            if let Some(name) = name
                && names.insert(name.to_owned())
            {
                gather(api, &api["components"]["schemas"][name], names);
            }
            fields.values().for_each(|field| gather(api, field, names));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(api, item, names)),
        _ => {}
    }
}

fn may_be_null(schema: &Value) -> bool {
    let is_null = |value: &Value| value == "null";
    let types = schema["type"].as_array();
    let either = schema["oneOf"].as_array();
    types.is_some_and(|types| types.iter().any(is_null))
        || either.is_some_and(|schemas| schemas.iter().any(|one| is_null(&one["type"])))
}
