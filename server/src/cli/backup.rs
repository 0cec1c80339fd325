//! `lagesbild backup` and `lagesbild restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::app::Clock;
use crate::auth::envelope::KEY_FILE as ENVELOPES;
use crate::store::StoreError;
use crate::store::backup::{Expired, restore};
use crate::store::gone::GONE_FILE;
use crate::store::receipts::KEY_FILE;

#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    data: DataDirectory,
    /// The file to write; it must not exist yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let copied = block_on(async {
            let copied = store.backup(self.file.clone()).await;
            copied.map_err(|e| Failure::Store {
                directory: self.file.display().to_string(),
                source: e,
            })
        })?;
        println!(
            "{} documents, {} bytes, checked: {}",
            copied.documents,
            copied.bytes,
            self.file.display()
        );
        println!(
            "Keep {KEY_FILE}, {ENVELOPES} and {GONE_FILE} of the data directory too, but not with the backup."
        );
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    #[command(flatten)]
    data: DataDirectory,
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Bring back what retention destroyed since: its expiry was a mistake (a wrong clock,
    /// wrong days). What a person erased stays erased.
    #[arg(long)]
    keep_expired: bool,
}

impl Restore {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let now = Clock::machine().now();
        let expired = if self.keep_expired {
            Expired::Kept
        } else {
            Expired::Destroyed
        };
        let restored = restore(self.data.directory(), &self.file, expired, now).map_err(
            |source| match source {
                StoreError::Busy | StoreError::Served => Failure::Refused(
                    "a server uses the data directory: stop it, then restore".to_owned(),
                ),
                source => self.data.failure(source),
            },
        )?;
        println!(
            "{} documents restored, under a new epoch: phones send again what is missing.",
            restored.copied.documents
        );
        println!(
            "Erased again: {}. Revoked again: {}. Sessions and open invitations have ended.",
            restored.erased, restored.revoked
        );
        if self.keep_expired {
            println!(
                "Brought back of what retention had destroyed: {}.",
                restored.kept
            );
        }
        if restored.broken > 0 {
            println!(
                "{} lines of {GONE_FILE} cannot be read; all others were heeded.",
                restored.broken
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
