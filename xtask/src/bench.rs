//! `cargo xtask bench sync|app|picker|estimate|hostile --json FILE`: how fast and how good.
//!
//! Each benchmark is a module here and a variant of [`Bench`]. It writes what it
//! measured as JSON, and prints a table.

mod app;
mod estimate;
mod hostile;
mod sync;

pub(crate) use app::browser_program;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::progress::Progress;
use crate::repository::Repository;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// The field app's budgets, in Chromium under throttling.
    App(Options),
    /// The statistics: speed, and a simulation study with a plot beside FILE.
    Estimate(Options),
    /// The most that one request can cost, by search, and honest phones beside attacks.
    Hostile(hostile::Hunt),
    /// From a keystroke to the list it makes, among 10,000 places, in Chromium under throttling.
    Picker(Options),
    /// Syncing: phones after a night offline, steady edits, beside the peers.
    Sync(Options),
}

/// Options of every benchmark.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where the figures go.
    #[arg(long, value_name = "FILE")]
    json: PathBuf,
    /// A run of a minute or two instead of the full one: coarser figures.
    #[arg(long)]
    quick: bool,
}

impl Options {
    /// FILE from where the command was started, its directory made.
    fn file(&self) -> Result<PathBuf> {
        let file = std::path::absolute(&self.json)?;
        let directory = file.parent().unwrap_or_else(|| Path::new("/"));
        std::fs::create_dir_all(directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
        Ok(file)
    }
}

/// Runs a benchmark.
pub(crate) fn bench(repository: &Repository, progress: &Progress, bench: &Bench) -> Result<()> {
    match bench {
        Bench::App(options) => app::run(repository, progress, options),
        Bench::Estimate(options) => estimate::run(repository, progress, options),
        Bench::Hostile(hunt) => hostile::run(repository, progress, hunt),
        Bench::Picker(options) => app::run_picker(repository, progress, options),
        Bench::Sync(options) => sync::run(repository, progress, options),
    }
}
