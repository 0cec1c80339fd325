//! The costliest requests that searches found (`cargo xtask bench hostile`), played again.
//! The bound is for debug builds on busy machines; what they cost is measured by the
//! benchmark.

use std::path::Path;
use std::time::Duration;

use lagesbild_tests::hostile::{Genome, cost};

/// Processor time: several times what a debug build takes.
const MOST: Duration = Duration::from_mins(1);

#[test]
fn the_costliest_requests_that_were_found_stay_bounded() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/worst");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut played = 0;
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let genome: Genome = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let cost = runtime.block_on(cost(&genome)).unwrap();
        println!("{}: {cost:?}", path.display());
        assert!(cost.bytes <= 1_000_000, "{cost:?}");
        assert!(cost.cpu < MOST, "{}: {cost:?}", path.display());
        played += 1;
    }
    assert!(played > 0);
}
