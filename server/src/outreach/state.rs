//! The state that every handler is given.

use std::sync::Arc;

use axum::extract::FromRef;
use sync_core::time::Instant;
use tokio::sync::watch;

use super::clock_watch::Watch;
use super::leaflets::Leaflet;
use super::map::MapCache;
use super::metrics::Metrics;
use super::reports::Reports;
use super::store::Store;
use super::streams::Streams;
use super::sync::Moment;
use crate::config::Config;
use crate::shared::access::Base;
use crate::shared::clock::{Clock, Entropy};

/// The state of the running server; clones share it.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The product's documents and tables.
    pub store: Store,
    /// Accounts, configuration, time, randomness and limits.
    pub base: Base,
    /// Reports of periods.
    pub reports: Arc<Reports>,
    /// The server's knowledge of its clock, and of what retention does.
    pub times: Arc<Watch>,
    /// Figures for those who watch over the server.
    pub metrics: Arc<Metrics>,
    /// Leaflets that visitors are shown.
    pub leaflets: Arc<[Leaflet]>,
    /// The districts' outlines, as they were read last.
    pub(crate) map: Arc<MapCache>,
    /// Streams of news that devices listen to.
    pub(crate) streams: Arc<Streams>,
    /// Becomes true when the server is about to end: streams end then.
    pub closing: watch::Receiver<bool>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        config: Config,
        clock: Clock,
        entropy: Entropy,
        closing: watch::Receiver<bool>,
    ) -> Self {
        store.quotas().limit(config.limits);
        let base = Base::new(store.accounts().clone(), config, clock, entropy);
        Self {
            metrics: Arc::new(Metrics::new(&store, &base.forwarded)),
            store,
            base,
            reports: Arc::default(),
            times: Arc::default(),
            leaflets: Arc::new([]),
            map: Arc::default(),
            streams: Arc::default(),
            closing,
        }
    }

    /// The same, with leaflets.
    #[must_use]
    pub fn with_leaflets(self, leaflets: Vec<Leaflet>) -> Self {
        Self {
            leaflets: leaflets.into(),
            ..self
        }
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.base.now()
    }

    /// The time of a request that brings changes.
    pub fn moment(&self) -> Moment {
        let times = &self.base.config.times;
        let now = self.now();
        let (checked, doubted) = self.times.checked(now);
        Moment {
            now,
            checked,
            doubted,
            before: i64::from(times.oldest_days.get()) * 86_400_000,
            after: i64::from(times.ahead_hours.get()) * 3_600_000,
        }
    }
}

impl FromRef<AppState> for Base {
    fn from_ref(app: &AppState) -> Self {
        app.base.clone()
    }
}
