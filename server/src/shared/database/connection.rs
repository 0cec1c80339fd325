//! How connections are opened. Pragmas hold for a connection, so each gets them.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{StoreError, StoreOptions};

/// How long a connection waits for another process (`lagesbild invite` beside
/// `lagesbild serve`) before it gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Pages that the writer keeps in memory, KiB. With a third of it a batch onto 100,000
/// visits took a tenth to a third longer.
const WRITER_CACHE_KIB: i64 = 48 * 1024;
/// After how many pages (of 4 KiB) in the write-ahead log they are copied into the
/// database: pages that many transactions changed are then copied once.
const CHECKPOINT_PAGES: i64 = 4_000;
/// Prepared statements kept by each connection.
const STATEMENTS: usize = 128;

/// The writer's connection. Makes the file when there is none.
pub(crate) fn writing(file: &Path, options: &StoreOptions) -> Result<Connection, StoreError> {
    let connection = open(file)?;
    writes(&connection, options)?;
    Ok(connection)
}

/// The same, and until it is closed no other process gets at the file.
///
/// # Errors
/// [`StoreError::Busy`] when another has it open and does not close it.
pub(crate) fn alone(file: &Path, options: &StoreOptions) -> Result<Connection, StoreError> {
    let connection = open(file)?;
    // Before anything is read: the log's index is then kept in this process's memory.
    connection.pragma_update(None, "locking_mode", "exclusive")?;
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
    writes(&connection, options)?;
    Ok(connection)
}

fn open(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    common(&connection)?;
    Ok(connection)
}

fn writes(connection: &Connection, options: &StoreOptions) -> Result<(), StoreError> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    // FULL: COMMIT returns when the log is on the disk, not before. An
    // acknowledgement means nothing less.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Erased content is overwritten, not merely unlinked.
    connection.pragma_update(None, "secure_delete", true)?;
    // A batch touches pages all over the indexes; with SQLite's 2 MB they would be
    // written and read again within one transaction.
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // Keeps a burst from leaving a huge log behind.
    connection.pragma_update(None, "journal_size_limit", 32 * 1024 * 1024)?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    Ok(())
}

/// Keeps in memory what a transaction sets aside from now on: a file for a statement, or for
/// the savepoint of a job, would cost more than the job.
pub(crate) fn keep_in_memory(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(())
}

/// A reader's connection.
pub(crate) fn reading(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    common(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn common(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan holds for every value: SQLite would otherwise plan anew whenever a
    // bound value changes, which cost a quarter of the server's time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Functions and virtual tables named in the schema run only when innocuous:
    // a tampered file cannot make the server do more than read it.
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(())
}
