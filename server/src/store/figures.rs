//! What the store counts about its own work, for whoever watches over it.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use sync_core::time::Instant;

use super::{Store, StoreError, backup, sql};

/// What the writer does; clones share the figures.
#[derive(Debug, Clone)]
pub struct WriterFigures {
    /// Jobs that wait for the writer.
    pub queued: Gauge,
    /// Jobs in a transaction.
    pub jobs: Histogram,
    /// Transactions that were undone for one job's failure, and run again.
    pub again: Counter,
    /// Seconds that a COMMIT took, its sync included.
    pub commit_seconds: Histogram,
    /// Seconds that a job took, its COMMIT not included.
    pub job_seconds: Histogram,
}

/// A job of the writer that takes longer is told of in the log: everybody waits for it.
const LONG_JOB: Duration = Duration::from_millis(250);

impl WriterFigures {
    pub(super) fn job_took(&self, took: Duration) {
        self.job_seconds.observe(took.as_secs_f64());
        if took > LONG_JOB {
            tracing::warn!(
                milliseconds = took.as_millis(),
                "a job held the writer long"
            );
        }
    }
}

impl Default for WriterFigures {
    fn default() -> Self {
        Self {
            queued: Gauge::default(),
            again: Counter::default(),
            jobs: Histogram::new(exponential_buckets(1.0, 2.0, 7)),
            commit_seconds: Histogram::new(exponential_buckets(0.000_5, 2.0, 13)),
            job_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 14)),
        }
    }
}

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Changes that wait for a coordinator's decision.
    pub quarantined: u64,
    /// Documents past their retention that are not destroyed yet.
    pub hidden: u64,
    /// Bytes of the write-ahead log.
    pub log_bytes: u64,
    /// Enrolled devices that were not revoked.
    pub devices: u64,
    /// Of them, those that have not been heard of since an instant.
    pub devices_behind: u64,
}

impl Store {
    /// What the writer does.
    pub fn writer_figures(&self) -> &WriterFigures {
        self.inner.writer.figures()
    }

    /// How things stand; devices are behind that were not heard of since `since`.
    pub async fn standing(&self, since: Instant) -> Result<Standing, StoreError> {
        let log = self.directory().join(format!("{}-wal", backup::DATABASE));
        self.read(move |connection| {
            let quarantined = connection
                .prepare_cached("SELECT count(*) FROM quarantine WHERE settled IS NULL")?
                .query_row([], |r| sql::natural(r, 0))?;
            let (devices, devices_behind) = connection
                .prepare_cached(
                    "SELECT count(*), coalesce(sum(coalesce(last_seen_at, enrolled_at) < ?1), 0)
                     FROM devices WHERE revoked_at IS NULL",
                )?
                .query_row([since.0], |r| {
                    Ok((sql::natural(r, 0)?, sql::natural(r, 1)?))
                })?;
            let hidden = connection
                .prepare_cached("SELECT count(*) FROM hidden")?
                .query_row([], |r| sql::natural(r, 0))?;
            Ok(Standing {
                quarantined,
                hidden,
                // It is away while the server does not write.
                log_bytes: std::fs::metadata(&log).map_or(0, |m| m.len()),
                devices,
                devices_behind,
            })
        })
        .await
    }
}
