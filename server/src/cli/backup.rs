//! `lagesbild backup` and `lagesbild restore`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use age::x25519::Recipient;
use clap::Args;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::outreach::sealed::KEY_FILE as ENVELOPES;
use crate::outreach::store::backup::{Copied, Expired, restore};
use crate::outreach::store::copies::COPY;
use crate::outreach::store::encrypted::{self, RECIPIENTS_FILE};
use crate::outreach::store::receipts::KEY_FILE;
use crate::outreach::store::{Store, StoreError};
use crate::shared::clock::Clock;
use crate::shared::database::private;
use crate::shared::database::tombstones::GONE_FILE;

#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    data: DataDirectory,
    /// The file to write; it must not exist yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// To whom it is encrypted, beside those that `backup-key` has noted: age1…
    #[arg(long, value_name = "RECIPIENT", env = "LAGESBILD_BACKUP_RECIPIENT")]
    recipient: Vec<String>,
    /// Do not encrypt it: whoever gets the file reads everything.
    #[arg(long, conflicts_with = "recipient")]
    plain: bool,
}

impl Backup {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let recipients = self.recipients()?;
        if self.file.exists() {
            let file = self.file.display();
            return Err(Failure::Refused(format!("{file} exists already")));
        }
        let store = self.data.open()?;
        let copied = if self.plain {
            self.copy(&store, &self.file)?
        } else {
            self.encrypted(&store, &recipients)?
        };
        println!(
            "{} documents, {} bytes, checked{}: {}",
            copied.documents,
            copied.bytes,
            if self.plain {
                ", NOT encrypted"
            } else {
                ", encrypted"
            },
            self.file.display()
        );
        println!(
            "Keep {KEY_FILE}, {ENVELOPES} and {GONE_FILE} of the data directory too, but not with the backup."
        );
        Ok(ExitCode::SUCCESS)
    }

    fn recipients(&self) -> Result<Vec<Recipient>, Failure> {
        let directory = self.data.directory();
        let noted = encrypted::recipients_of(directory).map_err(|error| {
            let file = directory.join(RECIPIENTS_FILE);
            Failure::Refused(format!("{}: {error}", file.display()))
        })?;
        let said = self.recipient.iter().map(|text| encrypted::recipient(text));
        let said = said
            .collect::<Result<Vec<_>, _>>()
            .map_err(Failure::Refused)?;
        let all: Vec<Recipient> = noted.into_iter().chain(said).collect();
        if all.is_empty() && !self.plain {
            return Err(Failure::Refused(format!(
                "a backup is encrypted, and nobody is named who could read it: make a key with \
                 `lagesbild backup-key --data {} --out KEYFILE` and keep KEYFILE elsewhere, or \
                 name one with --recipient age1… (--plain makes one that everybody can read)",
                directory.display()
            )));
        }
        Ok(all)
    }

    fn copy(&self, store: &Store, file: &Path) -> Result<Copied, Failure> {
        block_on(async {
            let copied = store.backup(file.to_owned()).await;
            copied.map_err(|e| Failure::Store {
                directory: self.file.display().to_string(),
                source: e,
            })
        })
    }

    /// The checked copy lies in the data directory, its owner's alone, until it is encrypted.
    fn encrypted(&self, store: &Store, recipients: &[Recipient]) -> Result<Copied, Failure> {
        let at_work = self.data.copies()?;
        let plain = self.data.directory().join(COPY);
        let copied = self.copy(store, &plain)?;
        let mut partial = self.file.clone().into_os_string();
        partial.push(".partial");
        encrypted::encrypt(&plain, Path::new(&partial), recipients)?;
        std::fs::rename(&partial, &self.file)?;
        let bytes = std::fs::metadata(&self.file)?.len();
        at_work.end().map_err(|e| self.data.failure(e))?;
        Ok(Copied { bytes, ..copied })
    }
}

/// Makes a key for backups: the secret half goes into a file, the public half is noted.
#[derive(Debug, Args)]
pub(super) struct BackupKey {
    #[command(flatten)]
    data: DataDirectory,
    /// The file for the secret half; it must not exist yet. Keep it away from the server.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl BackupKey {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let directory = self.data.directory();
        private::check(directory)?;
        private::make_directory(directory)?;
        let public = encrypted::make_key(&self.out)
            .map_err(|e| Failure::Refused(format!("{}: {e}", self.out.display())))?;
        encrypted::add_recipient(directory, &public)?;
        println!("{public}");
        println!(
            "Backups are encrypted to it from now on. {} opens them: move it to where neither \
             the server nor the backups are, in two copies. Without it no backup can be read.",
            self.out.display()
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
    /// The file with the key that opens it (see `backup-key`).
    #[arg(long, value_name = "FILE", env = "LAGESBILD_BACKUP_IDENTITY")]
    identity: Option<PathBuf>,
    /// Bring back what retention destroyed since: its expiry was a mistake (a wrong clock,
    /// wrong days). What a person erased stays erased.
    #[arg(long)]
    keep_expired: bool,
}

impl Restore {
    /// Does something with the backup as it was before it was encrypted; nothing of that is
    /// left behind.
    fn with_plain<T>(
        &self,
        restore: impl FnOnce(&Path) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        private::check(self.data.directory())?;
        private::make_directory(self.data.directory())?;
        let at_work = self.data.copies()?;
        let said = |file: &Path, error| Failure::Refused(format!("{}: {error}", file.display()));
        if !encrypted::is_encrypted(&self.file).map_err(|e| said(&self.file, e))? {
            return restore(&self.file);
        }
        let Some(keys) = &self.identity else {
            return Err(Failure::Refused(format!(
                "{} is encrypted: name the file with its key, --identity KEYFILE",
                self.file.display()
            )));
        };
        let plain = self.data.directory().join(COPY);
        encrypted::decrypt(&self.file, &plain, keys).map_err(|error| said(keys, error))?;
        let done = restore(&plain)?;
        at_work.end().map_err(|e| self.data.failure(e))?;
        Ok(done)
    }

    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let now = Clock::machine().now();
        let expired = if self.keep_expired {
            Expired::Kept
        } else {
            Expired::Destroyed
        };
        let restored = self.with_plain(|file| {
            restore(self.data.directory(), file, expired, now).map_err(|source| match source {
                StoreError::Busy | StoreError::Served => Failure::Refused(
                    "a server uses the data directory: stop it, then restore".to_owned(),
                ),
                source => self.data.failure(source),
            })
        })?;
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
