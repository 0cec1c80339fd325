//! Backups: a copy of the database made while it is written to, and the way back.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, params};
use sync_core::time::Instant;

use super::read_model::{self, Touched};
use super::schema::SCHEMA;
use super::{DATABASE, Store, StoreError, StoreOptions, erasure, replaced, sql};
use crate::shared::audit::{self, Entry};
use crate::shared::database::lock::DirectoryLock;
use crate::shared::database::tombstones::{self, Gone};
use crate::shared::database::{connection, durable, private};
use crate::shared::principal::Actor;

/// The file that is to take its place, while a restore works on it.
pub(super) const RESTORING: &str = "lagesbild.db.restoring";

/// The contents of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Documents in the copy.
    pub documents: u64,
    /// The newest cursor.
    pub cursor: u64,
    /// The file's size in bytes.
    pub bytes: u64,
}

/// The result of a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// The data that is there now.
    pub copied: Copied,
    /// Documents in the backup that were erased after it was made, and are now.
    pub erased: u64,
    /// Of those that retention had destroyed, how many came back.
    pub kept: u64,
    /// Devices in the backup that were revoked after it was made, and are now.
    pub revoked: u64,
    /// Lines of `gone.log` that say nothing.
    pub broken: u64,
}

/// The fate of documents in the backup that retention destroyed after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expired {
    /// They are destroyed again.
    Destroyed,
    /// They come back: their expiry was a mistake.
    Kept,
}

impl Store {
    /// Copies the database into a new file: a consistent state, made while the
    /// store is used, without what was deleted. The file is there, whole and
    /// checked, or not at all.
    ///
    /// # Errors
    /// [`StoreError::Directory`] when the file exists or cannot be written.
    pub async fn backup(&self, file: PathBuf) -> Result<Copied, StoreError> {
        let source = self.directory().join(DATABASE);
        tokio::task::spawn_blocking(move || backup(&source, &file))
            .await
            .map_err(|_| StoreError::Panicked)?
    }
}

fn backup(source: &Path, file: &Path) -> Result<Copied, StoreError> {
    if file.exists() {
        return Err(already(file));
    }
    let partial = with_suffix(file, ".partial");
    remove_if_there(&partial)?;
    // A connection of its own: this reads for as long as it takes.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(source, flags)?;
    connection.busy_timeout(connection::PATIENCE)?;
    let target = partial
        .to_str()
        .ok_or_else(|| std::io::Error::other("the file's name is no UTF-8"))?;
    // Its owner's alone, and without what lies in the pages beside the rows: else a backup
    // holds more copies of a text than the database, and erasing reaches only one of them.
    private::create(&partial)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.execute("VACUUM INTO ?1", [target])?;
    drop(connection);
    let copied = check(&partial)?;
    std::fs::File::open(&partial)?.sync_all()?;
    std::fs::rename(&partial, file)?;
    durable(&parent(file))?;
    Ok(copied)
}

/// Checks whether a file is a whole database of ours; returns what it holds.
fn check(file: &Path) -> Result<Copied, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    SCHEMA.is_ours(&connection)?;
    let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
    let broken: bool = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if said != "ok" || broken {
        return Err(StoreError::Inconsistent(
            "the copy of the database is damaged".to_owned(),
        ));
    }
    let (documents, cursor) = connection.query_row(
        "SELECT (SELECT count(*) FROM documents), cursor FROM head",
        [],
        |r| Ok((sql::natural(r, 0)?, sql::natural(r, 1)?)),
    )?;
    Ok(Copied {
        documents,
        cursor,
        bytes: std::fs::metadata(file)?.len(),
    })
}

/// Puts a backup in the place of a data directory's database, under a new epoch:
/// phones then send again what it lacks. What was erased or revoked since the
/// backup stays so (as the directory's `gone.log` says), but for what retention
/// destroyed when `expired` says so; open sessions and invitations end. The database
/// that was there is kept beside it, for a while.
///
/// # Errors
/// [`StoreError::Served`] while a server has the directory, [`StoreError::Busy`] while a
/// command uses it;
/// [`StoreError::Inconsistent`] when the backup is damaged.
pub fn restore(
    directory: &Path,
    backup: &Path,
    expired: Expired,
    now: Instant,
) -> Result<Restored, StoreError> {
    private::make_directory(directory)?;
    let _held = DirectoryLock::take(directory)?;
    let database = directory.join(DATABASE);
    let next = directory.join(RESTORING);
    for old in ["", "-wal", "-shm"] {
        remove_if_there(&with_suffix(&next, old))?;
    }
    check(backup)?;
    unused(&database)?;
    std::io::copy(
        &mut std::fs::File::open(backup)?,
        &mut private::create(&next)?,
    )?;
    let gone = tombstones::read(directory)?;
    let again = begin_anew(&gone, &next, expired, now)?;
    let copied = check(&next)?;
    std::fs::File::open(&next)?.sync_all()?;
    replaced::swap(directory, &next, now)?;
    if expired == Expired::Kept {
        // Once the data is there: a restore that failed takes nothing back.
        tombstones::note_kept(directory, gone.expired.iter())?;
    }
    Ok(Restored {
        copied,
        erased: again.erased,
        kept: again.kept,
        revoked: again.revoked,
        broken: gone.broken,
    })
}

/// Fails with [`StoreError::Busy`] when another process has the database open. One that
/// cannot be read at all is no hindrance: that is what a restore is for.
fn unused(database: &Path) -> Result<(), StoreError> {
    if !database.exists() {
        return Ok(());
    }
    let Ok(connection) = Connection::open(database) else {
        return Ok(());
    };
    connection.busy_timeout(std::time::Duration::ZERO)?;
    let alone = connection
        .pragma_update(None, "locking_mode", "exclusive")
        .and_then(|()| connection.execute_batch("BEGIN EXCLUSIVE; COMMIT"));
    match alone.map_err(StoreError::from) {
        Err(StoreError::Busy) => Err(StoreError::Busy),
        _ => Ok(()),
    }
}

/// The entries of `gone.log` that the next life of the data took over.
#[derive(Default)]
struct Again {
    erased: u64,
    kept: u64,
    revoked: u64,
}

/// Makes a copied database the next life of the data.
fn begin_anew(
    gone: &Gone,
    database: &Path,
    expired: Expired,
    now: Instant,
) -> Result<Again, StoreError> {
    let mut connection = connection::writing(database, &StoreOptions::default())?;
    // What is erased again leaves in the archive what its rows say.
    SCHEMA.bring_up_to_date(&mut connection)?;
    let tx = connection.transaction()?;
    tx.execute(
        "UPDATE head SET epoch = 1 + (epoch + abs(random() % 4294967294)) % 4294967296",
        [],
    )?;
    tx.execute("DELETE FROM sessions", [])?;
    // A code used after the backup was made would be good once more.
    tx.execute(
        "UPDATE invitations SET expires_at = min(expires_at, ?1) WHERE used_at IS NULL",
        [now.0],
    )?;
    let mut touched = Touched::default();
    let mut again = Again::default();
    let mut erase = gone.documents.clone();
    match expired {
        Expired::Destroyed => erase.extend(&gone.expired),
        Expired::Kept => {
            for document in gone.expired.difference(&gone.documents) {
                again.kept += u64::from(sql::number(&tx, *document)?.is_some());
            }
            // What is hidden was due by the same mistake.
            tx.execute("DELETE FROM hidden", [])?;
        }
    }
    for document in erase {
        again.erased += u64::from(erasure::erase(&tx, document, now, &mut touched)?);
    }
    read_model::settle_all(&tx, touched)?;
    for device in &gone.devices {
        again.revoked += tx.execute(
            "UPDATE devices SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
            params![device.as_bytes(), now.0],
        )? as u64;
    }
    let entry = Entry {
        at: now,
        by: Actor::SERVER,
        action: "store.restore",
        subject: String::new(),
        detail: format!(
            "erased={} kept={} revoked={}",
            again.erased, again.kept, again.revoked
        ),
    };
    audit::record(&tx, &entry)?;
    tx.commit()?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    // One file, as the backup was: nothing of it may be left in a log.
    connection.pragma_update(None, "journal_mode", "delete")?;
    Ok(again)
}

fn already(file: &Path) -> StoreError {
    let text = format!("{} exists already", file.display());
    std::io::Error::new(std::io::ErrorKind::AlreadyExists, text).into()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn remove_if_there(file: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
