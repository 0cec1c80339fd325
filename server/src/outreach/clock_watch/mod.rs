//! The running server's knowledge of its clock, and why retention stands still.
//!
//! See `docs/security.md`, *Times and retention*.

pub(crate) mod guard;
mod voices;

use std::sync::{Mutex, MutexGuard, PoisonError};

use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::time::Instant;

pub use guard::Stop;
pub use voices::Voices;

const HOUR: i64 = 3_600_000;

/// The running server's knowledge of its times.
#[derive(Debug, Default)]
pub struct Watch {
    voices: Voices,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Why retention stands still.
    pub(crate) stop: Option<Stop>,
    /// By how much phones say that the clock is behind.
    pub(crate) offset: Option<i64>,
    /// The mark, when it was last read.
    pub(crate) mark: Instant,
    /// When a person last said that it may go on, as last read.
    pub(crate) went_on_at: Instant,
    /// The last line in the log, and when it was written.
    said: Option<(Option<Stop>, bool, Instant)>,
}

impl State {
    fn doubted(&self) -> bool {
        self.offset.is_some() || self.stop == Some(Stop::ClockBehind)
    }
}

/// The state of retention and of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Why retention stands still, when it does.
    pub stop: Option<Stop>,
    /// Whether the server takes its own clock for wrong.
    pub clock_doubted: bool,
}

impl Watch {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the state of retention and of the clock.
    pub fn standing(&self) -> Standing {
        let state = self.state();
        Standing {
            stop: state
                .stop
                .or_else(|| state.offset.map(|_| Stop::ClockDoubted)),
            clock_doubted: state.doubted(),
        }
    }

    /// Notes what a device's own clock said in a request that came at `now`.
    pub fn hear(
        &self,
        device: DeviceId,
        organisation: &OrganisationId,
        sent_at: Instant,
        now: Instant,
    ) {
        // A phone that says nothing of its clock has no voice.
        if !sent_at.is_plausible() {
            return;
        }
        let far = self.voices.hear(device, organisation, sent_at, now);
        let mut state = self.state();
        if far || state.offset.is_some() {
            state.offset = self.voices.verdict(now);
        }
    }

    /// Returns the time that phones' times are compared with, and whether that is another time than
    /// the clock's.
    pub fn checked(&self, now: Instant) -> (Instant, bool) {
        let state = self.state();
        let best = match state.offset {
            Some(offset) => Instant(now.0.saturating_add(offset)),
            None if state.doubted() => state.mark.max(now),
            None => now,
        };
        (best, state.doubted())
    }

    /// By how much phones say that the clock is behind, in milliseconds; `None` while they
    /// do not agree that it is.
    pub(crate) fn verdict(&self, now: Instant) -> Option<i64> {
        self.voices.verdict(now)
    }

    /// Writes to the log what is wrong: at once, and then each hour.
    pub(crate) fn say(&self, now: Instant) {
        let mut state = self.state();
        let (stop, doubted) = (state.stop, state.doubted());
        if let Some((said, then_doubted, at)) = state.said
            && (said, then_doubted) == (stop, doubted)
            && (at.0..at.0 + HOUR).contains(&now.0)
        {
            return;
        }
        let before = state.said.replace((stop, doubted, now));
        let (offset, mark) = (state.offset, state.mark);
        drop(state);
        if let Some(stop) = stop {
            tracing::error!(
                clock = now.0,
                mark = mark.0,
                "retention stands still: {}",
                stop.says()
            );
        }
        if doubted {
            let off_by_hours = offset.unwrap_or(mark.0 - now.0) / HOUR;
            tracing::error!(
                off_by_hours,
                "the server takes its own clock for wrong: set date and time"
            );
        }
        if stop.is_none() && !doubted && before.is_some_and(|(stop, was, _)| stop.is_some() || was)
        {
            tracing::info!("retention and the clock are as they should be again");
        }
    }
}
