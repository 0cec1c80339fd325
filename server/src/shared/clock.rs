//! Time and randomness, which come in here and nowhere else: nothing else in the server
//! asks the machine for either.

use std::fmt;
use std::sync::Arc;

use sync_core::time::Instant;

/// The source of the present time. Tests set it.
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

    /// Draws `N` random bytes.
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
