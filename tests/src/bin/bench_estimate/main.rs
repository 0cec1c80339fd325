//! `bench-estimate`: how fast the statistics are, and how good.
//!
//! Speed: medians of repeated runs on one core. Quality: the simulation studies of
//! `estimate_studies`, in which the truth is known. Writes JSON and,
//! beside it, a plot as SVG; prints tables.

mod cities;
mod peers;
mod plot;
mod speed;
mod study;
mod tables;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::json;

/// The arguments of the command line.
#[derive(Debug)]
struct Arguments {
    json: PathBuf,
    quick: bool,
    /// The one part to run; all without it.
    only: Option<String>,
    /// Synthetic cities a set-up, and the seed that decides them.
    cities: Option<u32>,
    seed: u64,
}

fn arguments() -> Result<Arguments> {
    let (mut json, mut quick, mut only) = (None, false, None);
    let (mut cities, mut seed) = (None, study::SEED);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--json" => json = given.next().map(PathBuf::from),
            "--quick" => quick = true,
            "--only" => only = given.next(),
            "--cities" => cities = Some(given.next().context("how many cities?")?.parse()?),
            "--seed" => seed = given.next().context("which seed?")?.parse()?,
            other => bail!(
                "{other}: use --json FILE [--quick] [--only speed|study|peers] [--cities N] \
                 [--seed N]"
            ),
        }
    }
    Ok(Arguments {
        json: json.context("--json FILE is missing")?,
        quick,
        only,
        cities,
        seed,
    })
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    let wanted = |part: &str| arguments.only.as_deref().is_none_or(|only| only == part);
    let mut report = json!({
        "machine": lagesbild_tests::machine(),
        "mode": if arguments.quick { "quick" } else { "full" },
        "method_version": sync_core::estimate::METHOD_VERSION,
    });
    if wanted("speed") {
        let speed = speed::measure(arguments.quick)?;
        speed::print(&speed);
        report["speed"] = serde_json::to_value(speed)?;
    }
    if wanted("peers") {
        let peers = peers::measure(arguments.quick)?;
        peers::print(&peers);
        report["peers"] = serde_json::to_value(peers)?;
    }
    if wanted("study") {
        let study = study::run(arguments.quick, arguments.cities, arguments.seed);
        study::print(&study);
        let svg = arguments.json.with_extension("svg");
        std::fs::write(&svg, plot::draw(&study)?)
            .with_context(|| format!("cannot write {}", svg.display()))?;
        report["study"] = serde_json::to_value(study)?;
        println!("plot: {}", svg.display());
    }
    std::fs::write(&arguments.json, serde_json::to_string_pretty(&report)?)
        .with_context(|| format!("cannot write {}", arguments.json.display()))?;
    println!("figures: {}", arguments.json.display());
    Ok(())
}
