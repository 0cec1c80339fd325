//! The types that cross between the core and the app, against the file that the
//! app's own types are made of (`npm run generate`).

#![expect(clippy::unwrap_used, reason = "a test fails that way")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use sync_core::document::Authorship;
use sync_core::model::{
    Acknowledgement, Call, Contact, Content, Count, DatedState, Encounter, Language, MOST_PERSONS,
    NOTE_CHARACTERS, Need, Proposal, Step, Tip, Topic,
};
use sync_core::protocol::Coverage;
use sync_core::replica::{ChunkKind, DocumentRow, Meta};
use utoipa::OpenApi;

/// What the app names. Whatever these refer to comes along, except what a map or a set holds.
#[derive(OpenApi)]
#[openapi(components(schemas(
    Authorship, ChunkKind, Content, Coverage, DocumentRow, Meta, // Crossing by themselves.
    Acknowledgement, Call, Count, DatedState, Encounter, Proposal, Step, Tip, // In maps.
    Contact, Language, Need, Topic // In sets.
)))]
struct Types;

/// The fields that rows which an older version stored lack, though a newer one may say
/// `null` there.
const NEWER: [(&str, &str); 3] = [
    ("ConflictingValue", "at"),
    ("DocumentRow", "receipt"),
    ("Meta", "since"),
];

fn types() -> Value {
    let mut types = serde_json::to_value(Types::openapi()).unwrap();
    types["x-limits"] = json!({ "MOST_PERSONS": MOST_PERSONS, "NOTE_CHARACTERS": NOTE_CHARACTERS });
    for (name, schema) in types["components"]["schemas"].as_object_mut().unwrap() {
        refer(name, schema);
        require(name, schema);
    }
    types
}

/// Names what a map or a set holds, where the schema repeats it.
fn refer(name: &str, schema: &mut Value) {
    for (container, holds) in [("Records_", "additionalProperties"), ("CodeSet_", "items")] {
        if let Some(item) = name.strip_prefix(container) {
            schema[holds] = json!({ "$ref": format!("#/components/schemas/{item}") });
        }
    }
}

/// Marks as required whatever may be `null`: the core leaves out no field.
fn require(name: &str, schema: &mut Value) {
    let fields = schema["properties"].as_object().into_iter().flatten();
    let nullable: Vec<Value> = fields
        .filter(|(field, said)| may_be_null(said) && !NEWER.contains(&(name, field)))
        .map(|(field, _)| json!(field))
        .collect();
    if !nullable.is_empty() {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        schema["required"] = [required, nullable].concat().into();
    }
}

fn may_be_null(schema: &Value) -> bool {
    let types = [&schema["type"], &schema["oneOf"]];
    types
        .iter()
        .any(|types| types.to_string().contains("\"null\""))
}

#[test]
fn are_those_in_the_repository() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("core-types.json");
    let made = serde_json::to_string_pretty(&types()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "types changed: run this test with UPDATE_SNAPSHOTS=1, then `npm run generate` in web-pwa"
    );
}
