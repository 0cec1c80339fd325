//! `lagesbild retention`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use sync_core::ids::DocumentId;
use sync_core::time::Instant;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::config::Config;
use crate::outreach::application::retention::{self, Report};
use crate::outreach::store::expiry::ExpiryStore;
use crate::outreach::store::{Store, StoreError};
use crate::shared::clock::Clock;
use crate::shared::http::Rfc3339;
use crate::shared::principal::Actor;

#[derive(Debug, Args)]
pub(super) struct Retention {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say whether retention stands still and why, what is due, and what is hidden.
    Show {
        #[command(flatten)]
        at: Where,
    },
    /// Take a document out of hiding: its days begin anew.
    Unhide {
        #[command(flatten)]
        data: DataDirectory,
        /// The document's id: 32 hexadecimal digits.
        #[arg(value_name = "DOCUMENT")]
        document: DocumentId,
    },
    /// Let retention go on, after you have looked at why it stands still. Works while the
    /// server runs, which goes on within a minute.
    GoOn {
        #[command(flatten)]
        at: Where,
        /// All that is there counts as received now: the clock was behind when it came.
        #[arg(long)]
        anew: bool,
    },
}

#[derive(Debug, Args)]
struct Where {
    #[command(flatten)]
    data: DataDirectory,
    /// The configuration file that the server uses: it says the days.
    #[arg(long, value_name = "FILE", env = "LAGESBILD_CONFIG")]
    config: Option<PathBuf>,
}

impl Retention {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let now = Clock::machine().now();
        match self.command {
            Command::Show { at } => at.show(now)?,
            Command::Unhide { data, document } => {
                let store = data.open()?;
                let shown = store.unhide(document, Actor::SERVER, now);
                if block_on(async { shown.await.map_err(|e| data.failure(e)) })? {
                    println!("It is shown again; its days begin anew.");
                } else {
                    println!("It is not hidden.");
                }
            }
            Command::GoOn { at, anew } => at.go_on(anew, now)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Where {
    fn show(self, now: Instant) -> Result<(), Failure> {
        let days = Config::load(self.config.as_deref())?.retention;
        let store = self.data.open()?;
        let read = async {
            let report = retention::report(&store, &days, now).await?;
            Ok::<_, StoreError>((report, store.hidden(u32::MAX).await?))
        };
        let (report, hidden) = block_on(async { read.await.map_err(|e| self.data.failure(e)) })?;
        print(&report, now);
        for hidden in hidden {
            let since = Rfc3339(hidden.since);
            println!("hidden since {since}: {} {}", hidden.kind, hidden.document);
        }
        Ok(())
    }

    fn go_on(self, anew: bool, now: Instant) -> Result<(), Failure> {
        let days = Config::load(self.config.as_deref())?.retention;
        let store: Store = self.data.open()?;
        let work = async {
            let looked = retention::looked(&store, &days, anew, now).await?;
            retention::go_on(&store, looked, Actor::SERVER, now).await?;
            let report = retention::report(&store, &days, now).await?;
            Ok::<_, StoreError>((looked.stop, report))
        };
        let (was, report) = block_on(async { work.await.map_err(|e| self.data.failure(e)) })?;
        match was {
            Some(stop) => println!("Noted. It stood still because {}", stop.says()),
            None => println!("Noted. It did not stand still."),
        }
        print(&report, now);
        Ok(())
    }
}

fn print(report: &Report, now: Instant) {
    println!("The clock says {}.", Rfc3339(now));
    if report.times.mark.0 > 0 {
        println!(
            "The server was last at work {}.",
            Rfc3339(report.times.mark)
        );
    }
    match report.stop {
        Some(stop) => println!("Retention stands still: {}.", stop.says()),
        None => println!("Retention runs."),
    }
    for (term, due) in &report.kinds {
        println!(
            "{}: {} in all; {} to hide, {} hidden within a day; {} to destroy",
            term.kind,
            due.total,
            due.to_hide(),
            due.lately,
            due.to_destroy()
        );
    }
}
