//! Plain copies of the database that lie in the data directory while a backup or a restore
//! is made. Whoever makes one holds a lock, until the process ends, however it ends: what a
//! killed one left is removed by the next command or start.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use super::StoreError;
use super::backup::RESTORING;
use crate::shared::database::private;

/// The plain file that lies there between a backup and its encrypted form.
pub const COPY: &str = "backup.copy";
/// The file that is locked meanwhile.
const LOCK: &str = "backup.lock";
/// The files that are there while a copy is made or used; `SQLite` keeps others beside them.
const COPIES: [&str; 3] = [COPY, "backup.copy.partial", RESTORING];
const PARTS: [&str; 4] = ["", "-wal", "-shm", "-journal"];
/// How long a copy waits for another command to have looked for leftovers.
const PATIENCE: Duration = Duration::from_secs(2);

/// The right to make such copies, for one process at a time. They are gone when it goes.
#[derive(Debug)]
pub struct Copies<'a> {
    directory: &'a Path,
    _held: File,
}

impl<'a> Copies<'a> {
    /// Begins to make copies in a data directory, which must be there.
    ///
    /// # Errors
    /// [`StoreError::Copied`] while another process makes some.
    pub fn begin(directory: &'a Path) -> Result<Self, StoreError> {
        let begun = Instant::now();
        loop {
            if let Some(held) = take(directory)? {
                remove(directory)?;
                let copies = Self {
                    directory,
                    _held: held,
                };
                return Ok(copies);
            }
            if begun.elapsed() > PATIENCE {
                return Err(StoreError::Copied);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Removes them.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn end(self) -> Result<(), StoreError> {
        remove(self.directory)
    }
}

impl Drop for Copies<'_> {
    fn drop(&mut self) {
        // What cannot be removed now the next command tries again.
        let _ = remove(self.directory);
    }
}

/// Removes what a killed backup or restore left in a data directory. What one at work has
/// there stays.
///
/// # Errors
/// When something cannot be removed.
pub fn sweep(directory: &Path) -> Result<(), StoreError> {
    // Nearly always there is nothing, and then nothing is locked.
    if !COPIES.iter().any(|name| directory.join(name).exists()) {
        return Ok(());
    }
    match take(directory)? {
        Some(_held) => remove(directory),
        None => Ok(()),
    }
}

fn take(directory: &Path) -> Result<Option<File>, StoreError> {
    let mut options = private::options();
    options.create(true).truncate(false);
    let file = options.open(directory.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn remove(directory: &Path) -> Result<(), StoreError> {
    for name in COPIES {
        for part in PARTS {
            match std::fs::remove_file(directory.join(format!("{name}{part}"))) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_goes_and_what_is_at_work_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let left = |name: &str| path.join(name).exists();
        for name in [COPY, RESTORING] {
            std::fs::write(path.join(name), "plain").unwrap();
            std::fs::write(path.join(format!("{name}-wal")), "plain").unwrap();
        }
        sweep(path).unwrap();
        assert!(!left(COPY) && !left(RESTORING) && !left("backup.copy-wal"));

        let copies = Copies::begin(path).unwrap();
        std::fs::write(path.join(COPY), "plain").unwrap();
        sweep(path).unwrap();
        assert!(left(COPY), "another command took it away");
        let refused = Copies::begin(path).unwrap_err();
        assert!(matches!(refused, StoreError::Copied), "{refused}");
        copies.end().unwrap();
        assert!(!left(COPY));
        Copies::begin(path).unwrap();
    }
}
