//! One server a data directory. Two would each take the other's phones' news for none,
//! draw twice, and erase by two clocks.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::{StoreError, private};

/// The file in the data directory that whoever serves it has locked.
pub const LOCK_FILE: &str = "lock";

/// A data directory of one's own, until this goes: when the process ends, however it ends.
/// Short commands beside the server take none.
#[derive(Debug)]
pub struct DirectoryLock {
    _held: File,
}

impl DirectoryLock {
    /// Takes the directory, which must be there.
    ///
    /// # Errors
    /// [`StoreError::Served`] when another process has it.
    pub fn take(directory: &Path) -> Result<Self, StoreError> {
        let mut options = private::options();
        options.create(true).truncate(false);
        let file = options.open(directory.join(LOCK_FILE))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _held: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Served),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_one_s_own_until_it_is_let_go() {
        let directory = tempfile::tempdir().unwrap();
        let held = DirectoryLock::take(directory.path()).unwrap();
        let refused = DirectoryLock::take(directory.path()).unwrap_err();
        assert!(matches!(refused, StoreError::Served), "{refused}");
        drop(held);
        DirectoryLock::take(directory.path()).unwrap();
    }
}
