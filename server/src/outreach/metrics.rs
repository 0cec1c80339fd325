//! Figures for whoever watches over the server, as `OpenMetrics` text on a listener
//! of their own. No label holds an id, a name, or an address as it was asked for.

use std::sync::Arc;

use prometheus_client::encoding::text;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use sync_core::time::Instant;

use super::clock_watch::Watch;
use super::store::{Store, StoreError};
use crate::outreach::store::figures::FiguresStore;
use crate::shared::access::Forwarded;
use crate::shared::audit::Chain;
use crate::shared::http::RequestFigures;

/// A device that was not heard of for so long is behind: a day and a half, so
/// that a free evening alone does not count.
const BEHIND_MS: i64 = 36 * 3_600_000;

/// All figures of the running server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Arc<RequestFigures>,
    quarantined: Gauge,
    log_bytes: Gauge,
    devices: Gauge,
    devices_behind: Gauge,
    audit_rows: Gauge,
    audit_broken_row: Gauge,
    hidden: Gauge,
    retention_stopped: Gauge,
    clock_doubted: Gauge,
    jobs_waiting: Gauge,
    jobs_dead: Gauge,
}

/// Adds the figures of the writer and of what waits for it.
fn of_the_writer(registry: &mut Registry, store: &Store) {
    let writer = store.database().writer_figures();
    registry.register(
        "writer_queue",
        "Jobs that wait for the writer",
        writer.queued.clone(),
    );
    registry.register(
        "transaction_jobs",
        "Jobs that shared a transaction",
        writer.jobs.clone(),
    );
    registry.register(
        "transactions_again",
        "Transactions that were undone for one job's failure, and run again",
        writer.again.clone(),
    );
    registry.register_with_unit(
        "commit",
        "Time of a COMMIT, its sync included",
        Unit::Seconds,
        writer.commit_seconds.clone(),
    );
    registry.register(
        "quota_put_off",
        "Documents that wait on a phone because its day, or its organisation's, is full",
        store.quotas().put_off.clone(),
    );
    registry.register_with_unit(
        "writer_job",
        "Time of a job of the writer, its COMMIT not included",
        Unit::Seconds,
        writer.job_seconds.clone(),
    );
    registry.register_with_unit(
        "writer_longest_job",
        "The longest job of the writer since the start",
        Unit::Seconds,
        writer.longest_job.gauge(),
    );
    let turns = store.turns().figures();
    registry.register_with_unit(
        "turn",
        "Time of a turn of checking changes",
        Unit::Seconds,
        turns.turn_seconds.clone(),
    );
    registry.register_with_unit(
        "turn_longest_piece",
        "The longest since the start that a turn could not be ended",
        Unit::Seconds,
        turns.longest_piece.gauge(),
    );
}

impl Metrics {
    /// Figures of a server on this store, and of where its requests come from.
    pub fn new(store: &Store, forwarded: &Forwarded) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("lagesbild"),
            requests: Arc::default(),
            quarantined: Gauge::default(),
            log_bytes: Gauge::default(),
            devices: Gauge::default(),
            devices_behind: Gauge::default(),
            audit_rows: Gauge::default(),
            audit_broken_row: Gauge::default(),
            hidden: Gauge::default(),
            retention_stopped: Gauge::default(),
            clock_doubted: Gauge::default(),
            jobs_waiting: Gauge::default(),
            jobs_dead: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        metrics.requests.register(registry);
        of_the_writer(registry, store);
        forwarded.register(registry);
        registry.register(
            "quarantined",
            "Changes that wait for a coordinator's decision",
            metrics.quarantined.clone(),
        );
        registry.register_with_unit(
            "write_ahead_log",
            "Size of the write-ahead log",
            Unit::Bytes,
            metrics.log_bytes.clone(),
        );
        registry.register(
            "devices",
            "Enrolled devices that were not revoked",
            metrics.devices.clone(),
        );
        registry.register(
            "devices_behind",
            "Of them, those not heard of for a day and a half",
            metrics.devices_behind.clone(),
        );
        registry.register(
            "audit_rows",
            "Rows of the audit when it was last found whole",
            metrics.audit_rows.clone(),
        );
        registry.register(
            "audit_broken_row",
            "The row from which the audit does not hold; 0 while it is whole",
            metrics.audit_broken_row.clone(),
        );
        registry.register(
            "hidden",
            "Documents past their retention that are not destroyed yet",
            metrics.hidden.clone(),
        );
        registry.register(
            "retention_stopped",
            "1 while retention waits until a person has looked",
            metrics.retention_stopped.clone(),
        );
        registry.register(
            "clock_doubted",
            "1 while the server takes its own clock for wrong",
            metrics.clock_doubted.clone(),
        );
        registry.register(
            "jobs_waiting",
            "Jobs that wait for their time",
            metrics.jobs_waiting.clone(),
        );
        registry.register(
            "jobs_dead",
            "Jobs that failed too often: a person has to look (lagesbild jobs)",
            metrics.jobs_dead.clone(),
        );
        metrics
    }

    /// Returns the figures that requests are counted in.
    pub fn requests(&self) -> Arc<RequestFigures> {
        Arc::clone(&self.requests)
    }

    /// Notes what a check of the audit found.
    pub fn audited(&self, chain: Chain) {
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        match chain {
            Chain::Whole { rows } => {
                self.audit_rows.set(whole(rows));
                self.audit_broken_row.set(0);
            }
            Chain::BrokenAt { row } | Chain::CutAt { row } => {
                self.audit_broken_row.set(whole(row));
            }
        }
    }

    /// Returns the figures as `OpenMetrics` text.
    ///
    /// # Errors
    /// When the store cannot say how things stand.
    pub async fn text(
        &self,
        store: &Store,
        times: &Watch,
        now: Instant,
    ) -> Result<String, StoreError> {
        let retention = times.standing();
        self.retention_stopped.set(retention.stop.is_some().into());
        self.clock_doubted.set(retention.clock_doubted.into());
        let standing = store.standing(Instant(now.0 - BEHIND_MS)).await?;
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let jobs = store.database().count_jobs().await?;
        self.jobs_waiting.set(whole(jobs.waiting));
        self.jobs_dead.set(whole(jobs.dead));
        self.quarantined.set(whole(standing.quarantined));
        self.hidden.set(whole(standing.hidden));
        self.log_bytes.set(whole(standing.log_bytes));
        self.devices.set(whole(standing.devices));
        self.devices_behind.set(whole(standing.devices_behind));
        let mut out = String::new();
        text::encode(&mut out, &self.registry)
            .map_err(|_| StoreError::Inconsistent("the figures cannot be written".to_owned()))?;
        Ok(out)
    }
}
