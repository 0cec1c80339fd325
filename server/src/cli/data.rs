//! The data directory, as an argument.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use crate::outreach::store::copies::{self, Copies};
use crate::outreach::store::{Store, StoreError, StoreOptions};
use crate::shared::database::lock::DirectoryLock;
use crate::shared::database::private;

/// `--data`.
#[derive(Debug, Args)]
pub(super) struct DataDirectory {
    /// The directory that holds all state (made when missing).
    #[arg(long = "data", value_name = "DIR", env = "LAGESBILD_DATA")]
    directory: PathBuf,
}

impl DataDirectory {
    /// Opens the store in it.
    pub(super) fn open(&self) -> Result<Store, Failure> {
        self.open_with(&StoreOptions::default())
    }

    pub(super) fn open_with(&self, options: &StoreOptions) -> Result<Store, Failure> {
        private::check(&self.directory)
            .map_err(StoreError::Directory)
            .and_then(|()| copies::sweep(&self.directory))
            .and_then(|()| Store::open_with(&self.directory, options))
            .map_err(|source| self.failure(source))
    }

    /// Takes the directory, made when missing, for this process alone.
    pub(super) fn take(&self) -> Result<DirectoryLock, Failure> {
        private::check(&self.directory)
            .and_then(|()| private::make_directory(&self.directory))
            .map_err(StoreError::Directory)
            .and_then(|()| DirectoryLock::take(&self.directory))
            .map_err(|source| self.failure(source))
    }

    /// Begins to make plain copies in it.
    pub(super) fn copies(&self) -> Result<Copies<'_>, Failure> {
        Copies::begin(&self.directory).map_err(|source| self.failure(source))
    }

    /// The directory itself.
    pub(super) fn directory(&self) -> &std::path::Path {
        &self.directory
    }

    /// Names the directory in a failure of its store.
    pub(super) fn failure(&self, source: StoreError) -> Failure {
        let directory = self.directory.display();
        match source {
            StoreError::Directory(error) => Failure::Refused(format!(
                "the data directory {directory} cannot be made or used: {error}. \
                 Choose another with --data, or let this user write there"
            )),
            StoreError::ReadOnly => Failure::Refused(format!(
                "the data directory {directory} cannot be written to. \
                 Choose another with --data, or let this user write there"
            )),
            source => Failure::Store {
                directory: directory.to_string(),
                source,
            },
        }
    }
}
