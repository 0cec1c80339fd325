//! A few read-only connections, shared.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{StoreError, StoreOptions, connection};

/// After how many instructions of the database's machine (a few milliseconds) a query
/// looks at the time.
const INSTRUCTIONS: i32 = 100_000;

/// The pool of connections that read.
#[derive(Debug)]
pub(super) struct Readers {
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
    longest: Duration,
}

impl Readers {
    pub(super) fn open(file: &Path, options: &StoreOptions) -> Result<Self, StoreError> {
        let idle = (0..options.readers.max(1))
            .map(|_| connection::reading(file))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            permits: Arc::new(Semaphore::new(idle.len())),
            idle: Arc::new(Mutex::new(idle)),
            longest: options.longest_reading,
        })
    }

    /// Runs a query in one snapshot. One that takes too long is ended and gives
    /// [`StoreError::Busy`]: as long as it lasts, the write-ahead log only grows.
    pub(super) async fn run<T, F>(&self, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let idle = Arc::clone(&self.idle);
        let longest = self.longest;
        tokio::task::spawn_blocking(move || {
            // Held until the connection is back, also when the caller has gone.
            let _permit = permit;
            let mut connection = idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop()
                .ok_or(StoreError::Busy)?;
            let result = catch_unwind(AssertUnwindSafe(|| {
                snapshot(&mut connection, longest, query)
            }))
            .unwrap_or(Err(StoreError::Panicked));
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
            result
        })
        .await
        .map_err(|_| StoreError::Closed)?
    }
}

// The transaction's drop ends the snapshot on every way out, a panic included.
fn snapshot<T>(
    connection: &mut Connection,
    longest: Duration,
    query: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let until = Instant::now() + longest;
    connection.progress_handler(INSTRUCTIONS, Some(move || Instant::now() > until))?;
    let transaction = connection.transaction()?;
    query(&transaction)
}
