//! `cargo xtask bench sync`: the program that measures syncing, beside its peers.

use anyhow::Result;

use super::Options;
use crate::process;
use crate::progress::Progress;
use crate::repository::Repository;

/// Builds server and benchmark, installs the peers, and measures.
pub(crate) fn run(repository: &Repository, progress: &Progress, options: &Options) -> Result<()> {
    let file = options.file()?;
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
            "bench-sync",
        ]))
    })?;
    let peers = repository.root().join("tests").join("peers");
    // Not `npm ci`: the lock lacks the native parts for other machines, which the
    // registry that it was made with did not have.
    progress.step("peers", || {
        process::run(
            process::npm()
                .args([
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--no-save",
                    "--fetch-retries=0",
                ])
                .current_dir(&peers),
        )
    })?;
    let mut program = std::process::Command::new(repository.program("release", "bench-sync"));
    program.arg("--json").arg(&file).arg("--peers").arg(&peers);
    if options.quick {
        program.arg("--quick");
    }
    process::run_long(&mut program)
}
