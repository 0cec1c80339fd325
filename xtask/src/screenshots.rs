//! `cargo xtask screenshots`: a picture of every screen and state, to be looked at.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::bench::browser_program;
use crate::process;
use crate::progress::Progress;
use crate::repository::Repository;

/// Options of `cargo xtask screenshots`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where the pictures go.
    #[arg(long, value_name = "DIRECTORY", default_value = "target/screenshots")]
    into: PathBuf,
}

/// Takes the pictures with the made-up city of the development page.
pub(crate) fn run(repository: &Repository, progress: &Progress, options: &Options) -> Result<()> {
    let into = std::path::absolute(&options.into)?;
    std::fs::create_dir_all(&into)?;
    let mut program = browser_program(repository, progress, "measure/screenshots.mjs")?;
    process::run_long(program.arg("--into").arg(&into))
}
