//! The `OpenAPI` description against the file that people read.

use std::fs;
use std::path::Path;

use crate::outreach::routes::document;

#[test]
fn is_the_one_in_the_repository() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let described = document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &described).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == described,
        "the API changed: read the difference, then run this test with UPDATE_SNAPSHOTS=1"
    );
}

#[test]
fn is_openapi_3_1() {
    let json = serde_json::to_value(document()).unwrap();
    assert!(json["openapi"].as_str().unwrap().starts_with("3.1"));
}
