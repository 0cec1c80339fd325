//! The database that a restore replaced: kept beside the new one for a while, in case the
//! wrong backup was taken, and not longer. It holds what is erased meanwhile.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sync_core::time::Instant;

use super::{DATABASE, Store, StoreError};
use crate::shared::database::durable;

/// The replaced database's file.
const REPLACED: &str = "lagesbild.db.replaced";
/// A database, and what `SQLite` keeps beside one.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

impl Store {
    /// Removes the database that a restore replaced `keep` or longer before `now`; returns
    /// whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Directory`] when it cannot be removed.
    pub async fn drop_replaced(&self, keep: Duration, now: Instant) -> Result<bool, StoreError> {
        let directory = self.directory().to_owned();
        tokio::task::spawn_blocking(move || drop_older(&directory, keep, now))
            .await
            .map_err(|_| StoreError::Panicked)?
    }
}

fn drop_older(directory: &Path, keep: Duration, now: Instant) -> Result<bool, StoreError> {
    let replaced = match std::fs::metadata(directory.join(REPLACED)) {
        Ok(metadata) => metadata.modified()?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    if moment(now) < replaced + keep {
        return Ok(false);
    }
    remove(directory)?;
    Ok(true)
}

/// Puts `next` in the place of a directory's database, which is kept as the replaced one.
/// At no moment is there no database: a server would take that for a new directory.
pub(super) fn swap(directory: &Path, next: &Path, now: Instant) -> Result<(), StoreError> {
    let database = directory.join(DATABASE);
    remove(directory)?;
    if database.exists() {
        // From when on it counts: what follows leaves the time as it is.
        File::options()
            .write(true)
            .open(&database)?
            .set_modified(moment(now))?;
        // A log that could not be moved into its database would be read into the new one.
        for part in &PARTS[1..] {
            let beside = with(&database, part);
            if beside.exists() {
                std::fs::rename(beside, directory.join(REPLACED.to_owned() + part))?;
            }
        }
        let kept = directory.join(REPLACED);
        if std::fs::hard_link(&database, &kept).is_err() {
            // A file system without links.
            std::fs::rename(&database, &kept)?;
        }
    }
    std::fs::rename(next, &database)?;
    durable(directory)
}

/// Removes the replaced database of an earlier restore.
fn remove(directory: &Path) -> Result<(), StoreError> {
    for part in PARTS {
        match std::fs::remove_file(directory.join(REPLACED.to_owned() + part)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    durable(directory)
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn moment(at: Instant) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(at.0.try_into().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_717_437_600_000);
    const WEEK: Duration = Duration::from_hours(7 * 24);

    #[test]
    fn what_was_replaced_is_kept_for_its_term_and_counts_from_the_restore() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::write(at(DATABASE), "old").unwrap();
        std::fs::write(at("lagesbild.db-wal"), "log").unwrap();
        std::fs::write(at("next"), "new").unwrap();
        swap(place.path(), &at("next"), NOW).unwrap();
        assert_eq!(std::fs::read(at(DATABASE)).unwrap(), b"new");
        assert_eq!(std::fs::read(at(REPLACED)).unwrap(), b"old");
        assert!(!at("lagesbild.db-wal").exists() && !at("next").exists());

        let week = i64::try_from(WEEK.as_millis()).unwrap();
        let almost = Instant(NOW.0 + week - 1);
        assert!(!drop_older(place.path(), WEEK, almost).unwrap());
        assert!(drop_older(place.path(), WEEK, Instant(NOW.0 + week)).unwrap());
        assert!(!drop_older(place.path(), WEEK, Instant(NOW.0 + week)).unwrap());
        let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn a_second_restore_leaves_nothing_of_what_the_first_replaced() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for (was, beside) in [("first", true), ("second", false)] {
            std::fs::write(at(DATABASE), was).unwrap();
            if beside {
                std::fs::write(at("lagesbild.db-wal"), "of the first").unwrap();
            }
            std::fs::write(at("next"), "new").unwrap();
            swap(place.path(), &at("next"), NOW).unwrap();
        }
        assert_eq!(std::fs::read(at(REPLACED)).unwrap(), b"second");
        assert!(!at("lagesbild.db.replaced-wal").exists());
    }
}
