//! `bench-hostile`: the most that one request can cost, hunted for, and how honest phones
//! fare beside attacks.
//!
//! First a search over shapes of documents and of requests: genomes are changed, crossed
//! and played on the server's core in this process, where processor time is exact. Then
//! the worst of them, and other attacks, against the real program over loopback, with
//! honest phones beside that record and sync; and what judging costs an honest record.
//! Everything ends by itself.

mod authority;
mod beside;
mod search;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use lagesbild_tests::hostile::{Genome, cost};
use serde_json::{Value, json};

/// The most that a request can cost, and honest phones beside attacks.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the figures go
    #[arg(long, value_name = "FILE")]
    json: PathBuf,
    /// How long to search
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Which search: the same seed begins with the same genomes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A genome, or the figures of an earlier run: it is played once instead of a search
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// A minute in all
    #[arg(long)]
    quick: bool,
    /// Only the search
    #[arg(long)]
    search_only: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut report = json!({ "machine": lagesbild_tests::machine() });
    let seconds = if arguments.quick {
        20
    } else {
        arguments.seconds
    };
    let found = match &arguments.replay {
        Some(file) => replayed(file)?,
        None => search::run(arguments.seed, Duration::from_secs(seconds))?,
    };
    report["authority"] = authority::measure()?;
    report["search"] = found.report();
    report["worst_request_cpu_ms"] = json!(milliseconds(found.request.1.cpu));
    report["worst_writer_ms"] = json!(milliseconds(found.writer.1.writer));
    report["worst_job_ms"] = json!(milliseconds(found.job.1.longest_job));
    report["worst_piece_ms"] = json!(milliseconds(found.request.1.longest_piece));
    if !arguments.search_only {
        let each = Duration::from_secs(if arguments.quick { 3 } else { 15 });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(beside::measure(&mut report, &found, each))?;
    }
    println!("{}", serde_json::to_string_pretty(&report)?);
    std::fs::write(&arguments.json, serde_json::to_string_pretty(&report)?)?;
    Ok(())
}

/// Plays what a file holds: a genome, or a report's worst three.
fn replayed(file: &std::path::Path) -> Result<search::Found> {
    let text = std::fs::read_to_string(file)?;
    let json: Value = serde_json::from_str(&text)?;
    let genome = |of: &str| -> Result<Genome> {
        // An earlier report has no genome for the longest job.
        let search = &json["search"];
        let given = search[of]
            .get("genome")
            .or(search["worst_writer"].get("genome"));
        let given = given.unwrap_or(&json);
        serde_json::from_value(given.clone()).context("the file holds no genome")
    };
    let play = |genome: Genome| -> Result<_> {
        let cost = runtime()?.block_on(cost(&genome))?;
        Ok((genome, cost))
    };
    Ok(search::Found {
        request: play(genome("worst_request")?)?,
        writer: play(genome("worst_writer")?)?,
        job: play(genome("worst_job")?)?,
        played: 3,
        took: Duration::ZERO,
        seed: 0,
    })
}

/// One thread for the core, and those that check.
fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(2)
        .enable_all()
        .build()?)
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}
