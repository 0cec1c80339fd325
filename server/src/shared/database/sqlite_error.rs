//! Errors of `SQLite` in the store's own terms.

use rusqlite::{ErrorCode, ffi};

use super::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let extended = error.sqlite_error().map(|error| error.extended_code);
        if error.sqlite_error().copied().is_some_and(is_of_writing) {
            return Self::ReadOnly;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            // The index of the log could not grow, or be made.
            _ if extended == Some(ffi::SQLITE_IOERR_SHMSIZE) => Self::Full,
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::OperationInterrupted,
            ) => Self::Busy,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Database {
                text: error.to_string(),
                code: extended,
            },
        }
    }
}

/// A disk that refuses writes in the middle of the work is an IO error of
/// writing, not what the database calls read-only.
fn is_of_writing(error: ffi::Error) -> bool {
    matches!(
        error.extended_code,
        ffi::SQLITE_IOERR_WRITE
            | ffi::SQLITE_IOERR_FSYNC
            | ffi::SQLITE_IOERR_DIR_FSYNC
            | ffi::SQLITE_IOERR_TRUNCATE
            | ffi::SQLITE_IOERR_DELETE
    )
}
