//! `lagesbild jobs`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::shared::clock::Clock;
use crate::shared::http::Rfc3339;
use crate::shared::jobs::{JobRow, State};

#[derive(Debug, Args)]
pub(super) struct Jobs {
    #[command(flatten)]
    data: DataDirectory,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum What {
    /// Shows them, the dead first (the default).
    List,
    /// Has one tried again now.
    Retry {
        /// Its number.
        job: i64,
    },
    /// Discards a dead one: what it was to do is not done.
    Discard {
        /// Its number.
        job: i64,
    },
}

impl Jobs {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let database = store.database();
        let failed = |e| self.data.failure(e);
        block_on(async {
            let now = Clock::machine().now();
            match self.what.unwrap_or(What::List) {
                What::List => {
                    let jobs = database.jobs().await.map_err(failed)?;
                    if jobs.is_empty() {
                        println!("No jobs: nothing waits, nothing has failed.");
                    }
                    jobs.iter().for_each(print);
                }
                What::Retry { job } => {
                    if !database.retry_job(job, now).await.map_err(failed)? {
                        return Err(Failure::Refused(format!(
                            "there is no job {job}: `lagesbild jobs` shows those there are"
                        )));
                    }
                    println!("Job {job} is tried again as soon as the server runs.");
                }
                What::Discard { job } => {
                    if !database.discard_job(job).await.map_err(failed)? {
                        return Err(Failure::Refused(format!(
                            "there is no dead job {job}: `lagesbild jobs` shows those there are"
                        )));
                    }
                    println!("Job {job} is discarded.");
                }
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}

fn print(row: &JobRow) {
    let state = match (row.state, row.every) {
        (State::Dead, _) => "DEAD".to_owned(),
        (State::Waiting, Some(every)) => format!("every {} min", every / 60_000),
        (State::Waiting, None) => "waits".to_owned(),
    };
    let job = &row.job;
    let failed = if row.error.is_empty() {
        String::new()
    } else {
        format!("; failed {} times, last: {}", job.attempts, row.error)
    };
    println!(
        "{} {} {} {state}, next {}{failed}",
        job.id,
        job.kind,
        job.key,
        Rfc3339(row.run_at)
    );
}
