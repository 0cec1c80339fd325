//! `simulate`: worlds of phones and a server, each told whole by its seed.

use std::ops::Range;
use std::time::Instant;

use anyhow::Result;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use lagesbild_tests::simulation;

/// How often a long run says how far it is.
const PROGRESS_EVERY: u64 = 1_000;

/// Phones and the real server core in virtual time, and what was promised checked afterwards
#[derive(Debug, Parser)]
#[command(name = "simulate")]
struct Arguments {
    /// A seed to replay, or FROM..TO to run as many on all cores
    #[arg(value_parser = seeds)]
    seeds: Range<u64>,
    /// Prints every event; for one seed
    #[arg(long)]
    tell: bool,
}

fn seeds(given: &str) -> Result<Range<u64>, String> {
    let number = |text: &str| text.parse::<u64>().map_err(|error| error.to_string());
    let range = if let Some((from, to)) = given.split_once("..") {
        number(from)?..number(to)?
    } else {
        let seed = number(given)?;
        seed..seed.checked_add(1).ok_or("too large for a seed")?
    };
    if range.is_empty() {
        return Err("FROM must be less than TO".to_owned());
    }
    Ok(range)
}

fn main() -> Result<()> {
    let Arguments { seeds, tell } = Arguments::parse();
    let (started, all) = (Instant::now(), seeds.end - seeds.start);
    if tell && all > 1 {
        let said = format!("--tell is for one seed, not for {all}");
        Arguments::command()
            .error(ErrorKind::ArgumentConflict, said)
            .exit();
    }
    let summary = if all == 1 {
        simulation::run(seeds.start, tell)?
    } else {
        simulation::run_all(seeds, |done| {
            if done % PROGRESS_EVERY == 0 {
                eprintln!("{done} of {all} seeds, {:.0?}", started.elapsed());
            }
        })?
    };
    println!("{summary:?} in {:.1?}", started.elapsed());
    Ok(())
}
