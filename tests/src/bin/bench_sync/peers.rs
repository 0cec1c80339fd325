//! The peers: programs in `tests/peers` that do the same work with what others
//! made, and print the same fields.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// Their names, which are their programs' names.
pub(crate) const ALL: [&str; 2] = ["automerge_repo", "pouchdb_server"];

/// Runs a peer; where it cannot run, the figures say why.
pub(crate) fn measure(directory: &Path, peer: &str, phones: usize, records: usize) -> Value {
    let output = Command::new("node")
        .arg(directory.join(format!("{peer}.mjs")))
        .args([phones.to_string(), records.to_string()])
        .current_dir(directory)
        .output();
    match output {
        Ok(output) if output.status.success() => serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| json!({ "failed": format!("unreadable figures: {e}") })),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            json!({ "failed": said.lines().next_back().unwrap_or("it said nothing") })
        }
        Err(e) => json!({ "failed": e.to_string() }),
    }
}
