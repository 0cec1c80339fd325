//! When retention stops by itself.

use serde::Serialize;
use sync_core::time::Instant;

use crate::config::Retention;
use crate::outreach::store::times::{BEHIND, Times};

const HOUR: i64 = 3_600_000;

/// Why nothing is hidden or destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// The clock is far ahead of the server's last work: the server stood still for long,
    /// or its clock jumped.
    ClockAhead,
    /// The clock is behind the server's last work.
    ClockBehind,
    /// Most phones' clocks agree that the server's is wrong.
    ClockDoubted,
    /// More than usual would be hidden within a day.
    UsualShare,
}

impl Stop {
    pub(crate) const ALL: [Self; 4] = [
        Self::ClockAhead,
        Self::ClockBehind,
        Self::ClockDoubted,
        Self::UsualShare,
    ];

    /// Its stable code, as on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClockAhead => "clock_ahead",
            Self::ClockBehind => "clock_behind",
            Self::ClockDoubted => "clock_doubted",
            Self::UsualShare => "usual_share",
        }
    }

    /// A sentence for whoever runs the server.
    pub const fn says(self) -> &'static str {
        match self {
            Self::ClockAhead => {
                "the clock is far ahead of when the server was last at work: look whether date \
                 and time are right, then say: lagesbild retention go-on (with --anew when it \
                 was behind before)"
            }
            Self::ClockBehind => {
                "the clock is behind when the server was last at work: set date and time; if \
                 they are right, say: lagesbild retention go-on"
            }
            Self::ClockDoubted => {
                "most phones' clocks agree that this server's is wrong: set date and time"
            }
            Self::UsualShare => {
                "more than usual would be hidden within a day: look at lagesbild retention \
                 show, then say: lagesbild retention go-on"
            }
        }
    }
}

/// Compares the clock with the mark alone. A mark of 0 is none yet.
pub(crate) fn clock(times: &Times, limits: &Retention, now: Instant) -> Option<Stop> {
    let ahead = i64::from(limits.stop_after_hours.get()) * HOUR;
    if times.mark.0 == 0 {
        None
    } else if now.0 > times.mark.0 + ahead {
        Some(Stop::ClockAhead)
    } else if now.0 < times.mark.0 - BEHIND {
        Some(Stop::ClockBehind)
    } else {
        None
    }
}

/// Checks whether a kind may have so many hidden within a day, of so many in all.
pub(crate) fn usual(
    hidden: u64,
    total: u64,
    times: &Times,
    limits: &Retention,
    now: Instant,
) -> bool {
    let share = total * u64::from(limits.usual_share.get()) / 100;
    let usual = share.max(limits.usual_number.get().into());
    let since = now.0 - times.went_on_at.0;
    let allowed = if (0..24 * HOUR).contains(&since) {
        times.allowed
    } else {
        0
    };
    hidden <= usual.max(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_800_000_000_000);

    fn times(mark: i64) -> Times {
        Times {
            mark: Instant(mark),
            counts_from: Instant(0),
            went_on_at: Instant(0),
            allowed: 0,
        }
    }

    #[test]
    fn a_clock_may_be_two_days_ahead_of_the_mark_and_five_minutes_behind() {
        let limits = Retention::default();
        let at = |offset: i64| clock(&times(NOW.0 - offset), &limits, NOW);
        assert_eq!(at(0), None);
        assert_eq!(at(48 * HOUR), None);
        assert_eq!(at(48 * HOUR + 1), Some(Stop::ClockAhead));
        assert_eq!(at(200 * 24 * HOUR), Some(Stop::ClockAhead));
        assert_eq!(at(-BEHIND), None);
        assert_eq!(at(-BEHIND - 1), Some(Stop::ClockBehind));
        assert_eq!(clock(&times(0), &limits, NOW), None, "no mark yet");
    }

    #[test]
    fn a_share_is_usual_up_to_a_tenth_and_twenty_or_what_a_person_allowed() {
        let limits = Retention::default();
        let mut times = times(NOW.0);
        for (hidden, total, expected) in [
            (20, 20, true),
            (21, 100, false),
            (100, 1_000, true),
            (101, 1_000, false),
        ] {
            let is = usual(hidden, total, &times, &limits, NOW);
            assert_eq!(is, expected, "{hidden} of {total}");
        }
        times.allowed = 101;
        times.went_on_at = Instant(NOW.0 - HOUR);
        assert!(usual(101, 101, &times, &limits, NOW));
        assert!(!usual(102, 102, &times, &limits, NOW));
        times.went_on_at = Instant(NOW.0 - 24 * HOUR);
        assert!(!usual(101, 101, &times, &limits, NOW), "a day has passed");
        times.went_on_at = Instant(NOW.0 + HOUR);
        assert!(
            !usual(101, 101, &times, &limits, NOW),
            "said by a wrong clock"
        );
    }
}
