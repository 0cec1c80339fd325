//! `simulate SEED [--tell]` replays one seed; `simulate FROM..TO` runs many.

use anyhow::{Context, Result};
use lagesbild_tests::simulation;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().context("give a seed, or FROM..TO")?;
    let started = std::time::Instant::now();
    let summary = match what.split_once("..") {
        Some((from, to)) => simulation::run_all(from.parse()?, to.parse()?)?,
        None => simulation::run(what.parse()?, arguments.any(|a| a == "--tell"))?,
    };
    println!("{summary:?} in {:?}", started.elapsed());
    Ok(())
}
