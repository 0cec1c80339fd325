//! The peers: programs in `tests/peers` that do the same work with what others
//! made, and print the same fields.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use super::Load;

/// Their names, which are their programs' names.
pub(crate) const ALL: [&str; 2] = ["automerge_repo", "pouchdb_server"];

/// How long one run of a peer may take: 100 phones take automerge-repo minutes.
const LIMIT: Duration = Duration::from_mins(15);

/// Runs a peer; where it cannot run, the figures say why.
pub(crate) async fn measure(directory: &Path, peer: &str, load: &Load) -> Value {
    let running = Command::new("node")
        .arg(directory.join(format!("{peer}.mjs")))
        .args([load.phones, load.records, load.stored].map(|n| n.to_string()))
        .current_dir(directory)
        .kill_on_drop(true)
        .output();
    let failed = |why: String| json!({ "failed": why });
    match tokio::time::timeout(LIMIT, running).await {
        Ok(Ok(output)) if output.status.success() => serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| failed(format!("unreadable figures: {e}"))),
        Ok(Ok(output)) => {
            let said = String::from_utf8_lossy(&output.stderr);
            // Node names the error first, in the middle of other lines.
            let error = said.lines().find(|line| line.contains("Error"));
            let line = error.or_else(|| said.lines().next_back());
            failed(line.unwrap_or("it said nothing").to_owned())
        }
        Ok(Err(e)) => failed(e.to_string()),
        Err(_) => failed(format!("it did not end within {LIMIT:?}")),
    }
}
