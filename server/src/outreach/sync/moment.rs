//! The time of a request, and how far dates may lie from it.

use sync_core::authority::Window;
use sync_core::time::Instant;

/// When a request came: by the server's clock, and by the best that it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The server's clock. Receipts bear it, and the log's order hangs on it.
    pub now: Instant,
    /// The time that phones' times are compared with. Another time than `now` only while the server
    /// doubts its own clock: it must not refuse phones for its own fault.
    pub checked: Instant,
    /// Whether the server doubts its own clock.
    pub doubted: bool,
    /// How long before its receipt a date may lie, milliseconds.
    pub before: i64,
    /// How long after its receipt a date may lie, milliseconds.
    pub after: i64,
}

impl Moment {
    /// Returns which dates are let in.
    pub const fn window(&self) -> Window {
        Window {
            received: self.checked,
            before: self.before,
            after: self.after,
        }
    }
}

impl From<Instant> for Moment {
    /// The usual window, and a clock that nobody doubts.
    fn from(now: Instant) -> Self {
        let Window { before, after, .. } = Window::around(now);
        Self {
            now,
            checked: now,
            doubted: false,
            before,
            after,
        }
    }
}
