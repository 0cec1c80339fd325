//! The longest of many times.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::metrics::gauge::Gauge;

/// The longest time that something took; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Longest(Gauge<f64, AtomicU64>);

impl Longest {
    /// Notes a time.
    pub fn note(&self, took: Duration) {
        // What is not negative has the order of its bits.
        let bits = took.as_secs_f64().to_bits();
        self.0.inner().fetch_max(bits, Ordering::Relaxed);
    }

    /// Returns the longest since the start, or since it was last cleared.
    pub fn get(&self) -> Duration {
        Duration::from_secs_f64(self.0.get())
    }

    /// Forgets it.
    pub fn clear(&self) {
        self.0.set(0.0);
    }

    /// Returns it as a metric, in seconds.
    pub fn gauge(&self) -> Gauge<f64, AtomicU64> {
        self.0.clone()
    }
}
