//! `cargo xtask bench app`: the field app's budgets, in Chromium.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::Options;
use crate::progress::Progress;
use crate::repository::Repository;
use crate::{prerequisites, process, web};

/// The last version that runs on Node 20.
const LIGHTHOUSE: &str = "lighthouse@12.8.2";

/// Builds the server and the app as they are run, and measures.
pub(crate) fn run(repository: &Repository, progress: &Progress, options: &Options) -> Result<()> {
    let mut program = measure(repository, progress, options, "measure/app.mjs")?;
    match lighthouse(repository, progress) {
        Ok(cli) => {
            program.env("LAGESBILD_LIGHTHOUSE", cli);
        }
        Err(error) => println!("Lighthouse did not install; its figures are left out: {error:#}"),
    }
    process::run_long(&mut program)
}

/// The same of the search for a place.
pub(crate) fn run_picker(
    repository: &Repository,
    progress: &Progress,
    options: &Options,
) -> Result<()> {
    let mut program = measure(repository, progress, options, "measure/picker.mjs")?;
    process::run_long(&mut program)
}

/// A program that measures, told where its figures go.
fn measure(
    repository: &Repository,
    progress: &Progress,
    options: &Options,
    program: &str,
) -> Result<Command> {
    let file = options.file()?;
    let mut program = browser_program(repository, progress, program)?;
    program.arg("--json").arg(&file);
    if options.quick {
        program.arg("--quick");
    }
    Ok(program)
}

/// A program of the browser tests, with the server and the app built for it.
pub(crate) fn browser_program(
    repository: &Repository,
    progress: &Progress,
    program: &str,
) -> Result<Command> {
    prerequisites::check()?;
    let chromium = prerequisites::chromium()?;
    web::build(repository, progress)?;
    let directory = repository.browser_tests();
    web::install(&directory, progress)?;
    progress.step("server: build", || {
        process::run(process::cargo().current_dir(repository.root()).args([
            "build",
            "--bin",
            "lagesbild",
        ]))
    })?;
    let mut command = Command::new("node");
    command
        .arg(directory.join(program))
        .current_dir(repository.root())
        .env("LAGESBILD_BIN", repository.server("debug"))
        .env("LAGESBILD_WEB", repository.dist())
        .env("LAGESBILD_CHROMIUM", chromium);
    Ok(command)
}

/// Lighthouse's program; installed on first use, since the tests do without its
/// 185 MB.
fn lighthouse(repository: &Repository, progress: &Progress) -> Result<PathBuf> {
    let directory = repository.root().join("target/lighthouse");
    let cli = directory.join("node_modules/lighthouse/cli/index.js");
    if !cli.is_file() {
        std::fs::create_dir_all(&directory)?;
        progress.step("npm packages of lighthouse", || {
            process::run(
                process::npm()
                    .args(["install", "--no-audit", "--no-fund", "--prefix"])
                    .arg(&directory)
                    .arg(LIGHTHOUSE),
            )
        })?;
    }
    Ok(cli)
}
