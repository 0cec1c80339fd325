//! Failures of the store, whichever engine it has.

use std::io::ErrorKind;

/// Why the store could not do it. Never holds content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The writer's queue is full, another process holds the database, or a query
    /// took too long. Try again in a moment.
    #[error("the store is busy; try again")]
    Busy,
    /// The disk, or the size the database may take, is full. Nothing was stored.
    #[error("the disk is full: nothing was stored")]
    Full,
    /// The data directory cannot be written to.
    #[error("the data directory cannot be written to")]
    ReadOnly,
    /// A newer version of the server wrote the data directory.
    #[error(
        "the data directory was made by a newer version of lagesbild \
         (its tables have version {found}, this program knows {known}): \
         run that version, or restore a backup made before it"
    )]
    Newer {
        /// The version of the tables found.
        found: i32,
        /// The newest version this program knows.
        known: i32,
    },
    /// An earlier version of the server made the tables, and may be running.
    #[error(
        "the data directory was made by an earlier version of lagesbild, and another program \
         is using it: stop the old server first; if the new one is already starting, wait \
         until it has brought the tables up to date"
    )]
    EarlierInUse,
    /// A server, or a restore, has the data directory.
    #[error(
        "another lagesbild serves or restores this data directory: stop it first, \
         or choose another directory with --data"
    )]
    Served,
    /// A backup or a restore is made in the data directory.
    #[error("another backup or restore is at work in this data directory: wait until it has ended")]
    Copied,
    /// The file `lagesbild.db` is a database of another program.
    #[error("lagesbild.db in the data directory is another program's database")]
    Foreign,
    /// The writer has ended.
    #[error("the store is closed")]
    Closed,
    /// A job or query panicked; its effects were undone.
    #[error("an operation of the store failed unexpectedly and was undone")]
    Panicked,
    /// The stored data contradict themselves.
    #[error("what is stored contradicts itself: {0}")]
    Inconsistent(String),
    /// The data directory could not be made or read.
    #[error("the data directory: {0}")]
    Directory(#[source] std::io::Error),
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date: {0}")]
    Migration(String),
    /// Anything else that the database says.
    #[error("the database: {text}")]
    Database {
        /// The engine's own words.
        text: String,
        /// The engine's own number for it, where it has one.
        code: Option<i32>,
    },
}

// A file beside the database fails as the database does.
impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full
            }
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Directory(error),
        }
    }
}

impl StoreError {
    /// The same failure, for another job of the same transaction: its text, when
    /// the original cannot be shared.
    pub(super) fn for_another(&self) -> Self {
        match self {
            Self::Busy => Self::Busy,
            Self::Full => Self::Full,
            Self::ReadOnly => Self::ReadOnly,
            Self::Closed => Self::Closed,
            Self::Panicked => Self::Panicked,
            other => Self::Inconsistent(format!("the transaction failed: {other}")),
        }
    }
}
