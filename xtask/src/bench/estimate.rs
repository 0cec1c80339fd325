//! `cargo xtask bench estimate`: the program that measures the statistics.

use anyhow::Result;

use super::Options;
use crate::progress::Progress;
use crate::repository::Repository;
use crate::{prerequisites, process};

/// Builds the benchmark as the server is built, and runs it.
pub(crate) fn run(repository: &Repository, progress: &Progress, options: &Options) -> Result<()> {
    let file = options.file()?;
    // A peer; without it the figures say so.
    if process::find("Rscript").is_none() && prerequisites::can_apt_install() {
        let _ = prerequisites::apt_install(&["r-base-core"]);
    }
    progress.step("build", || {
        process::run(process::cargo().current_dir(repository.root()).args([
            "build",
            "--release",
            "--package",
            "lagesbild-tests",
            "--bin",
            "bench-estimate",
        ]))
    })?;
    let mut program = std::process::Command::new(repository.program("release", "bench-estimate"));
    program
        .current_dir(repository.root())
        .arg("--json")
        .arg(&file);
    if options.quick {
        program.arg("--quick");
    }
    process::run_long(&mut program)
}
