//! Figures of the writer's own work, for whoever watches over it.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use crate::shared::longest::Longest;

/// The writer's figures; clones share them.
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
    /// The longest of them.
    pub longest_job: Longest,
}

/// A job of the writer that takes longer is told of in the log: everybody waits for it.
const LONG_JOB: Duration = Duration::from_millis(250);

impl WriterFigures {
    pub(super) fn job_took(&self, took: Duration) {
        self.job_seconds.observe(took.as_secs_f64());
        self.longest_job.note(took);
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
            longest_job: Longest::default(),
        }
    }
}
