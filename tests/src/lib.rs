//! Parts that the end-to-end tests and the benchmarks share: the real binary as a
//! process, phones that run `sync-core`'s replica over
//! real HTTP, and what tells whether something was lost.

pub mod app;
pub mod client;
mod counted;
pub mod disk;
pub mod evidence;
pub mod hostile;
pub mod phone;
pub mod sample;
pub mod server;
pub mod simulation;
pub mod small_disk;

/// The machine that a benchmark ran on: its processor and cores.
pub fn machine() -> serde_json::Value {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    serde_json::json!({ "cpu": model, "cores": cores })
}
