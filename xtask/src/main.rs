//! `cargo xtask`: the only build logic beyond cargo and npm.
//!
//! Each command, alone, works on a fresh machine with Rust, Node and a C
//! compiler; anything else it needs it installs (as root on Debian) or names
//! in one line.

mod bench;
mod budget;
mod counts;
mod dev;
mod docs;
mod layers;
mod precompress;
mod prerequisites;
mod process;
mod processes;
mod progress;
mod repository;
mod run;
mod screenshots;
mod stamp;
mod steps;
mod test;
mod toolchain;
mod wasm;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::progress::Progress;
use crate::repository::Repository;

/// Builds, runs and tests Lägesbild.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Builds all, makes a demo city on first use, and serves it.
    Run(run::Options),
    /// The same for developing: pages reload, and the server is built again on a change.
    Dev(dev::Options),
    /// Runs every test; the last line reads "N passed, N failed".
    Test(test::Options),
    /// Runs what says within two minutes whether a change is in order: format, lints, types
    /// and the app's unit tests.
    Check,
    /// Measures, and writes the figures as JSON.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Takes a picture of every screen and state.
    Screenshots(screenshots::Options),
    /// Builds the app into web-pwa/dist and checks its size.
    Web,
    /// Builds the wasm bindings of sync-core into web-pwa/src/wasm.
    Wasm,
    /// Says whether this machine has what the other commands need.
    Prerequisites,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    let repository = Repository::find()?;
    let progress = Progress::start();
    match command {
        Command::Run(options) => run::run(&repository, &progress, &options)?,
        Command::Dev(options) => dev::dev(&repository, &progress, &options)?,
        Command::Test(options) => return Ok(test::test(&repository, &progress, &options)),
        Command::Check => return Ok(test::check(&repository, &progress)),
        Command::Bench(which) => bench::bench(&repository, &progress, &which)?,
        Command::Screenshots(options) => screenshots::run(&repository, &progress, &options)?,
        Command::Web => {
            prerequisites::check()?;
            web::build_within_budget(&repository, &progress)?;
        }
        Command::Wasm => wasm::build(&repository, &progress)?,
        Command::Prerequisites => println!("{}", prerequisites::check()?),
    }
    Ok(ExitCode::SUCCESS)
}
