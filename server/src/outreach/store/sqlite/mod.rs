//! The store in a database of `SQLite`: the only folder of outreach where SQL stands.
//!
//! Operations are implementations of the port's traits in files by topic, built on the two
//! private doors of its [`Database`].

mod acts;
mod alerts;
pub mod backup;
pub mod copies;
mod draws;
mod encounters;
mod erasure;
mod expiry;
mod feed;
mod feedback;
mod figures;
mod followup;
mod history;
mod incoming;
mod log;
mod places;
mod quarantine;
mod read_model;
mod rebuild;
mod replaced;
mod schema;
mod sql;
mod statistics;
mod team_key;
mod times;
mod undos;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use rusqlite::{Connection, Transaction};
use tokio::sync::watch;

use schema::SCHEMA;

use super::port::Port;
use super::quotas::Quotas;
use super::receipts::Receipts;
use super::turns::Turns;
use crate::outreach::sealed::{self, EnvelopeKey};
use crate::shared::accounts::Accounts;
use crate::shared::database::{Database, StoreError, StoreOptions, connection, key_file};

/// The database's file in a data directory.
pub(crate) const DATABASE: &str = "lagesbild.db";

/// A handle on the store; clones share it. The last one to go ends the writer.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
    accounts: Accounts,
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    receipts: Receipts,
    envelopes: EnvelopeKey,
    /// The mark of [`times`], for receipts.
    mark: AtomicI64,
    turns: Turns,
    quotas: Quotas,
}

impl Port for Store {}

impl Store {
    /// Opens, or makes, the store in a data directory and brings its tables up
    /// to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer version wrote the directory,
    /// [`StoreError::EarlierInUse`] when an earlier one did and it is in use,
    /// [`StoreError::Foreign`] when the file is another program's.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_with(directory, &StoreOptions::default())
    }

    /// [`Store::open`] with options of one's own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(directory: &Path, options: &StoreOptions) -> Result<Self, StoreError> {
        let database = Database::open(directory, &SCHEMA, options)?;
        let receipts = Receipts::open(directory)?;
        let envelopes = EnvelopeKey::new(&key_file::read(directory, sealed::KEY_FILE)?);
        let mark = times::times(&connection::reading(database.file())?)?.mark;
        Ok(Self {
            accounts: Accounts::new(database.clone()),
            database,
            inner: Arc::new(Inner {
                receipts,
                envelopes,
                mark: AtomicI64::new(mark.0),
                turns: Turns::default(),
                quotas: Quotas::default(),
            }),
        })
    }

    /// The database that it lies in.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Returns organisations, members, devices and sessions.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The data directory.
    pub fn directory(&self) -> &Path {
        self.database.directory()
    }

    /// Returns the turns of those who have changes checked against this store.
    pub fn turns(&self) -> &Turns {
        &self.inner.turns
    }

    /// Returns what devices have sent today, and may.
    pub fn quotas(&self) -> &Quotas {
        &self.inner.quotas
    }

    /// Makes receipts and knows them again.
    pub fn receipts(&self) -> &Receipts {
        &self.inner.receipts
    }

    /// Opens what phones sealed for this server.
    pub(crate) fn envelopes(&self) -> &EnvelopeKey {
        &self.inner.envelopes
    }

    /// Follows the log: holds the cursor of the newest committed entry.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.database.news()
    }

    /// As [`Database::write`].
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.database.write(job).await
    }

    /// As [`Database::write_while_wanted`].
    pub(crate) async fn write_while_wanted<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.database.write_while_wanted(job).await
    }

    /// As [`Database::read`].
    pub(crate) async fn read<T, F>(&self, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.database.read(query).await
    }
}

#[cfg(test)]
mod tests;
