//! The command line: one file a subcommand.

mod audit;
mod backup;
mod calculate;
mod data;
mod demo;
mod erase;
mod invite;
mod jobs;
mod map;
mod organisation;
mod rebuild;
mod retention;
mod revoke;
mod serve;
mod undo;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::ConfigError;
use crate::outreach::store::StoreError;
use crate::shared::database::private;
use crate::shared::http::WebAppError;

/// Counts people without counting them twice: the server of Lägesbild.
#[derive(Debug, Parser)]
#[command(name = "lagesbild", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve phones and coordinators until told to stop (Ctrl-C or SIGTERM).
    Serve(serve::Serve),
    /// Make an invitation and print its link. Works while the server runs.
    Invite(invite::Invite),
    /// Add an organisation, or give a known one a new name.
    Organisation(organisation::Put),
    /// Erase a document for ever: its bytes go and its id is refused from now on.
    Erase(erase::Erase),
    /// Copy the database into an encrypted file while the server runs, and check the copy.
    Backup(backup::Backup),
    /// Make the key that backups are encrypted to.
    BackupKey(backup::BackupKey),
    /// Put a backup in place. Stop the server first; phones send again what it lacks.
    Restore(backup::Restore),
    /// See what is past its days, take something out again, or let it go on.
    Retention(retention::Retention),
    /// Make the read model anew from the log; fails when it differed.
    Rebuild(rebuild::Rebuild),
    /// Fill an empty data directory with a made-up city whose true numbers are known.
    Demo(demo::Demo),
    /// Import the districts' outlines for the phones' map.
    Map(map::Import),
    /// Calculate one of the estimate's methods, one JSON object a line.
    Calculate(calculate::Calculate),
    /// Revoke a device: its next request is refused and tells it to erase itself.
    Revoke(revoke::Revoke),
    /// Check the audit, or say who did what.
    Audit(audit::Audit),
    /// See what the server still has to do and what failed; have it tried again.
    Jobs(jobs::Jobs),
    /// Take back everything that a device said since a time; works while the server runs.
    Undo(undo::Undo),
}

/// Why a command did not do its work: one sentence each, for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Web(#[from] WebAppError),
    #[error("{directory}: {source}")]
    Store {
        directory: String,
        source: StoreError,
    },
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Runs the command line. Exit codes: 0 done, 1 what `rebuild` finds when the
/// read model differed, and `audit verify` when the chain is broken, 2 not done (one sentence on standard error says why).
pub fn main() -> ExitCode {
    private::keep_to_oneself();
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Invite(invite) => invite.run(),
        Command::Organisation(put) => put.run(),
        Command::Erase(erase) => erase.run(),
        Command::Backup(backup) => backup.run(),
        Command::BackupKey(key) => key.run(),
        Command::Restore(restore) => restore.run(),
        Command::Retention(retention) => retention.run(),
        Command::Rebuild(rebuild) => rebuild.run(),
        Command::Demo(demo) => demo.run(),
        Command::Map(import) => import.run(),
        Command::Calculate(calculate) => calculate.run(),
        Command::Revoke(revoke) => revoke.run(),
        Command::Jobs(jobs) => jobs.run(),
        Command::Undo(undo) => undo.run(),
        Command::Audit(audit) => audit.run(),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("lagesbild: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Runs a short command that talks to the store.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
