//! A period of the estimate.

use sync_core::time::{Instant, Night};

/// Consecutive nights that are reported together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first night.
    pub first: Night,
    /// The number of nights; at least 1.
    pub days: u32,
}

/// Monday 2024-01-01. Periods are counted from it, so that they start on Mondays.
const EPOCH: Night = Night(19_723);

impl Period {
    /// The period of `days` nights that a night lies in.
    pub const fn of(night: Night, days: u32) -> Self {
        let length = if days == 0 { 1 } else { days as i64 };
        let since = (night.0 - EPOCH.0).div_euclid(length) * length;
        Self {
            first: EPOCH.plus(since),
            days: if days == 0 { 1 } else { days },
        }
    }

    /// The last night.
    pub const fn last(self) -> Night {
        self.first.plus(self.days as i64 - 1)
    }

    /// The first night after it.
    pub const fn end(self) -> Night {
        self.first.plus(self.days as i64)
    }

    /// Whether a night lies in it.
    pub const fn contains(self, night: Night) -> bool {
        self.first.0 <= night.0 && night.0 < self.end().0
    }

    /// The period `n` places earlier.
    #[must_use]
    pub const fn earlier(self, n: u32) -> Self {
        Self {
            first: self.first.plus(-(n as i64 * self.days as i64)),
            days: self.days,
        }
    }

    /// When half of it has passed: the moment of the draw.
    pub fn half_way(self) -> Instant {
        let (start, end) = (self.first.start().0, self.end().start().0);
        Instant(start + (end - start) / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_night_lies_in_one_period_that_starts_on_a_monday(day in 0_i64..40_000, weeks in 1_u32..8) {
            let period = Period::of(Night(day), 7 * weeks);
            prop_assert!(period.contains(Night(day)));
            // Day 0 was a Thursday, so Mondays leave 4.
            prop_assert_eq!(period.first.0.rem_euclid(7), 4);
            prop_assert_eq!(Period::of(period.end(), 7 * weeks).earlier(1), period);
            prop_assert!(period.contains(period.half_way().night()));
        }
    }
}
