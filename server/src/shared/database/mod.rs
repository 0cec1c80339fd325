//! A database of one file: one writer, a few readers, migrations; what a data directory
//! needs around it. Knows no table.
//!
//! Two private doors lead in: [`Database::write`] (a job of the one writer, answered after
//! COMMIT) and [`Database::read`] (a snapshot on one of a few read-only connections).

#![warn(clippy::missing_errors_doc)]

pub(crate) mod connection;
mod error;
mod executor;
pub(crate) mod key_file;
pub mod lock;
pub mod private;
mod readers;
pub(crate) mod schema;
mod space;
mod sqlite_error;
pub mod tombstones;
mod writer_figures;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction};
use tokio::sync::{Notify, watch};

pub use error::StoreError;
pub use writer_figures::WriterFigures;

use executor::Writer;
use readers::Readers;
use schema::Schema;
use space::Space;

/// How a store is run. The defaults serve a city.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Jobs that may wait for the writer; one more is answered [`StoreError::Busy`].
    pub queue: usize,
    /// After this long a transaction takes no further job, so that the first of them does
    /// not wait for its answer. When one fails it takes about twice as long.
    pub gathering: Duration,
    /// Read-only connections.
    pub readers: usize,
    /// How long a query may read.
    pub longest_reading: Duration,
    /// Most pages the database may have: an upper bound on the disk it takes,
    /// and the way tests make the disk full.
    pub max_pages: Option<u32>,
    /// Bytes of the disk that must be free for changes to be taken; none: 5 % of it, at
    /// most 500 MB.
    pub free_bytes: Option<u64>,
    /// Whether what a transaction sets aside may go to temporary files: for work as
    /// large as the data, like a rebuild. Otherwise it is kept in memory.
    pub temporary_files: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            queue: 512,
            gathering: Duration::from_millis(12),
            readers: 4,
            longest_reading: Duration::from_secs(30),
            max_pages: None,
            free_bytes: None,
            temporary_files: false,
        }
    }
}

/// A handle on a database; clones share it. The last one to go ends the writer.
#[derive(Debug, Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    file: PathBuf,
    space: Space,
    writer: Writer,
    readers: Readers,
    /// Told when there is a new job.
    jobs: Notify,
}

/// Changes what an earlier version left, with the database to itself: a server of that
/// version, still running or just starting, would go on as before on tables that are
/// other ones now.
fn bring_up_to_date(
    file: &Path,
    schema: &Schema,
    options: &StoreOptions,
) -> Result<(), StoreError> {
    let mut connection = connection::alone(file, options).map_err(|error| match error {
        StoreError::Busy => StoreError::EarlierInUse,
        other => other,
    })?;
    schema.bring_up_to_date(&mut connection)
}

/// Readers are short; so long one of them after the other may keep deleted text where it is.
const SCRUB_PATIENCE: Duration = Duration::from_secs(20);
const SCRUB_PAUSE: Duration = Duration::from_millis(20);

impl Database {
    /// Opens, or makes, the database of a product in a data directory and brings its tables
    /// up to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer version wrote the file,
    /// [`StoreError::EarlierInUse`] when an earlier one did and it is in use,
    /// [`StoreError::Foreign`] when the file is another program's.
    pub fn open(
        directory: &Path,
        schema: &Schema,
        options: &StoreOptions,
    ) -> Result<Self, StoreError> {
        match Self::open_once(directory, schema, options) {
            // The log and its index are made at the first opening: what revokes a device
            // while no server runs has to have room for them.
            Err(StoreError::Full) if space::release(directory) => {
                Self::open_once(directory, schema, options)
            }
            opened => opened,
        }
    }

    fn open_once(
        directory: &Path,
        schema: &Schema,
        options: &StoreOptions,
    ) -> Result<Self, StoreError> {
        private::make_directory(directory)?;
        let file = directory.join(schema.file);
        private::make_if_missing(&file)?;
        let mut connection = connection::writing(&file, options)?;
        if schema.is_behind(&connection)? {
            drop(connection);
            bring_up_to_date(&file, schema, options)?;
            connection = connection::writing(&file, options)?;
        }
        schema.bring_up_to_date(&mut connection)?;
        if !options.temporary_files {
            connection::keep_in_memory(&connection)?;
        }
        let readers = Readers::open(&file, options)?;
        let writer = Writer::start(connection, schema.newest, options)?;
        Ok(Self {
            inner: Arc::new(Inner {
                directory: directory.to_owned(),
                space: Space::new(directory, options.free_bytes),
                file,
                writer,
                readers,
                jobs: Notify::new(),
            }),
        })
    }

    /// The data directory.
    pub fn directory(&self) -> &Path {
        &self.inner.directory
    }

    /// The database's file.
    pub fn file(&self) -> &Path {
        &self.inner.file
    }

    /// Returns whether there is room for changes: what a full disk needs to be put right is
    /// kept back.
    pub fn has_room(&self) -> bool {
        self.inner.space.is_there()
    }

    /// Finds out whether the store can be written, at most every few seconds: what was found
    /// last holds until then.
    ///
    /// # Errors
    /// Why it cannot.
    pub async fn can_write(&self) -> Result<(), StoreError> {
        if self.inner.space.was_written_lately() {
            return Ok(());
        }
        // It stays as it is, but its page goes to the log and is synced: that of a row set
        // to what it is would not, since SQLite compares it first.
        self.write(|tx| {
            let version: i32 = tx.pragma_query_value(None, "user_version", |r| r.get(0))?;
            Ok(tx.pragma_update(None, "user_version", version)?)
        })
        .await?;
        self.inner.space.is_written();
        Ok(())
    }

    /// Sets space aside for what must work on a full disk, where there is room for it.
    pub async fn set_space_aside(&self) {
        let database = self.clone();
        let done = tokio::task::spawn_blocking(move || database.inner.space.set_aside()).await;
        if done.is_err() {
            tracing::warn!("setting space aside failed unexpectedly");
        }
    }

    /// Has whoever runs the jobs look for new ones at once.
    pub(crate) fn look_for_jobs(&self) {
        self.inner.jobs.notify_one();
    }

    /// Waits until there may be a new job.
    pub(crate) async fn new_job(&self) {
        self.inner.jobs.notified().await;
    }

    /// Returns the writer's figures.
    pub fn writer_figures(&self) -> &WriterFigures {
        self.inner.writer.figures()
    }

    /// Follows the log: holds the cursor of the newest committed entry.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.inner.writer.news()
    }

    /// Runs a job on the writer, which undoes it alone when it fails, and answers once
    /// the transaction around it is on disk. The job must not block on anything
    /// but the database: every other writer waits for it. It can be undone for another
    /// job's failure, and is then run again: what it does outside the database (a line in
    /// `gone.log`) must do no harm twice, or in vain.
    ///
    /// # Errors
    /// What the job returned (its effects are undone), or why nothing of the
    /// transaction reached the disk.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.inner.writer.run(job).await
    }

    /// As [`Database::write`]; but when the caller has gone before the job began, nothing is
    /// done.
    pub(crate) async fn write_while_wanted<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.inner.writer.run_while_wanted(job).await
    }

    /// Moves the write-ahead log into the database and empties it; `false` when
    /// a reader kept it from being emptied, and it should be tried again.
    ///
    /// # Errors
    /// When the disk takes nothing more.
    pub async fn checkpoint(&self) -> Result<bool, StoreError> {
        self.inner.writer.checkpoint().await
    }

    /// Empties the write-ahead log of what was deleted, and tries again while readers keep
    /// it: until then the database's file holds the text. `false` when some reader, of this
    /// process or another, kept it all along; the next checkpoint goes on.
    ///
    /// # Errors
    /// When the disk takes nothing more.
    pub async fn scrub(&self) -> Result<bool, StoreError> {
        let until = Instant::now() + SCRUB_PATIENCE;
        while !self.checkpoint().await? {
            if Instant::now() >= until {
                tracing::warn!(
                    "a reader keeps what was deleted in the database's file: \
                     it leaves with the next checkpoint"
                );
                return Ok(false);
            }
            tokio::time::sleep(SCRUB_PAUSE).await;
        }
        Ok(true)
    }

    /// Runs a query on a read-only connection, on a blocking thread, in one
    /// snapshot. Keep it short: a long one holds back the checkpoint.
    pub(crate) async fn read<T, F>(&self, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.inner.readers.run(query).await
    }
}

/// Makes the names in a directory durable: what was made, renamed or removed in it.
pub(crate) fn durable(directory: &Path) -> Result<(), StoreError> {
    // Other systems have no way to ask for it, or need none.
    #[cfg(unix)]
    std::fs::File::open(directory)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = directory;
    Ok(())
}
