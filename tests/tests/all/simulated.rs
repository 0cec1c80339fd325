//! Phones and server in virtual time; see `lagesbild_tests::simulation`.
//!
//! `LAGESBILD_SEEDS=100000` asks for more than the usual 1,000.

use anyhow::{Result, ensure};
use lagesbild_tests::simulation;

#[test]
fn every_seed_ends_well() -> Result<()> {
    let seeds = std::env::var("LAGESBILD_SEEDS")
        .ok()
        .map_or(Ok(1_000), |text| text.parse::<u64>())?;
    let started = std::time::Instant::now();
    let summary = simulation::run_all(0..seeds, |_| ())?;
    println!("{summary:?} in {:?}", started.elapsed());
    // What the runs are for must have happened in them.
    ensure!(summary.server_deaths > seeds / 4, "{summary:?}");
    ensure!(summary.restores > seeds / 4, "{summary:?}");
    ensure!(summary.relayed > seeds / 20, "{summary:?}");
    ensure!(summary.acknowledged > seeds * 5, "{summary:?}");
    ensure!(summary.hostile_runs > seeds / 4, "{summary:?}");
    ensure!(summary.hostile_taken > seeds, "{summary:?}");
    ensure!(summary.hostile_refused > seeds, "{summary:?}");
    ensure!(summary.kept > seeds, "{summary:?}");
    Ok(())
}

#[test]
fn a_seed_replays() -> Result<()> {
    ensure!(simulation::run(7, false)? == simulation::run(7, false)?);
    Ok(())
}
