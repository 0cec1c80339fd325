//! `cargo xtask bench hostile`: the hunt for what costs most, and honest phones beside
//! attacks.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Options;
use crate::process;
use crate::progress::Progress;
use crate::repository::Repository;

/// Options of this benchmark.
#[derive(Debug, Args)]
pub(crate) struct Hunt {
    #[command(flatten)]
    options: Options,
    /// How long to search [default: 600]
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Which search [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A genome, or the figures of an earlier run: played once instead of a search
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
}

/// Builds server and search, and measures.
pub(crate) fn run(repository: &Repository, progress: &Progress, hunt: &Hunt) -> Result<()> {
    let file = hunt.options.file()?;
    progress.step("build", || {
        process::run(process::cargo().current_dir(repository.root()).args([
            "build",
            "--release",
            "--package",
            "lagesbild-server",
            "--package",
            "lagesbild-tests",
            "--bin",
            "lagesbild",
            "--bin",
            "bench-hostile",
        ]))
    })?;
    let mut program = std::process::Command::new(repository.program("release", "bench-hostile"));
    program.arg("--json").arg(&file);
    if hunt.options.quick {
        program.arg("--quick");
    }
    for (name, number) in [("--seconds", hunt.seconds), ("--seed", hunt.seed)] {
        if let Some(number) = number {
            program.arg(name).arg(number.to_string());
        }
    }
    if let Some(replay) = &hunt.replay {
        program.arg("--replay").arg(std::path::absolute(replay)?);
    }
    process::run_long(&mut program)
}
