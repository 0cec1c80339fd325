//! What every handler is given: the store, the configuration, a clock, a source
//! of randomness. Nothing else in the server asks the machine for either.

use std::fmt;
use std::sync::Arc;

use sync_core::time::Instant;
use tokio::sync::watch;

use crate::config::Config;
use crate::http::rate::Limiters;
use crate::http::{MapCache, Streams};
use crate::leaflets::Leaflet;
use crate::metrics::Metrics;
use crate::retention::Watch;
use crate::store::Store;
use crate::sync::Moment;

/// Tells the time. Tests set it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The machine's clock.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    pub fn machine() -> Self {
        Self::new(|| Instant(chrono::Utc::now().timestamp_millis()))
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// Draws random bytes. Tests make them repeatable.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

impl Entropy {
    /// A source that fills the bytes it is handed.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// The operating system's source.
    ///
    /// # Panics
    /// When drawing and the system has none: nothing secret can be made then.
    pub fn system() -> Self {
        #[expect(
            clippy::disallowed_methods,
            clippy::expect_used,
            reason = "no secret can be made without randomness"
        )]
        Self::new(|bytes| getrandom::fill(bytes).expect("the system gives random bytes"))
    }

    /// Draws `N` bytes.
    pub fn draw<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}

/// The state of the running server; clones share it.
#[derive(Debug, Clone)]
pub struct AppState {
    /// What the server holds.
    pub store: Store,
    /// What the operator set.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// How often who may ask.
    pub limiters: Arc<Limiters>,
    /// What the server knows of its clock, and of what retention does.
    pub times: Arc<Watch>,
    /// What is counted for those who watch over the server.
    pub metrics: Arc<Metrics>,
    /// What visitors are shown.
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
        Self {
            metrics: Arc::new(Metrics::new(&store)),
            store,
            times: Arc::default(),
            limiters: Arc::new(Limiters::new(&config.rates)),
            config: Arc::new(config),
            leaflets: Arc::new([]),
            map: Arc::default(),
            streams: Arc::default(),
            clock,
            entropy,
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
        self.clock.now()
    }

    /// The time of a request that brings changes.
    pub fn moment(&self) -> Moment {
        let times = &self.config.times;
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
