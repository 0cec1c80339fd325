//! Instants, nights and periods. The caller supplies the clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// An instant: milliseconds since 1970-01-01 UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Instant(pub i64);

impl Instant {
    /// The earliest instant a record may carry: 2020-01-01.
    pub const EARLIEST: Self = Self(1_577_836_800_000);
    /// The latest instant a record may carry: 2100-01-01.
    pub const LATEST: Self = Self(4_102_444_800_000);

    /// Returns whether a record may carry this instant.
    pub fn is_plausible(self) -> bool {
        (Self::EARLIEST..=Self::LATEST).contains(&self)
    }

    /// Returns the night this instant belongs to.
    pub fn night(self) -> Night {
        let local = self.0 + stockholm_offset(self);
        Night((local - 12 * HOUR).div_euclid(DAY))
    }
}

/// A night: 12:00–12:00 in Stockholm, named by the date on which it starts.
/// Holds days since 1970-01-01; text is `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Night(pub i64);

impl Night {
    /// Returns the night `days` later (earlier when negative).
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// When the night starts: 12:00 in Stockholm.
    pub fn start(self) -> Instant {
        let noon = self.0 * DAY + 12 * HOUR;
        // Clocks never change at noon, so noon taken as UTC lies on the right
        // side of the change.
        Instant(noon - stockholm_offset(Instant(noon)))
    }
}

impl fmt::Display for Night {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = civil(self.0);
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl fmt::Debug for Night {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Night({self})")
    }
}

/// A text that is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a night is written YYYY-MM-DD, not {0:?}")]
pub struct NightError(String);

impl FromStr for Night {
    type Err = NightError;
    fn from_str(text: &str) -> Result<Self, NightError> {
        let parse = || {
            let (y, rest) = text.split_at_checked(4)?;
            let (m, d) = rest.strip_prefix('-')?.split_once('-')?;
            let night = Self(days_from_civil(
                y.parse().ok()?,
                m.parse().ok()?,
                d.parse().ok()?,
            ));
            // Writing it again catches 2026-02-31 and the like.
            (night.to_string() == text).then_some(night)
        };
        parse().ok_or_else(|| NightError(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for Night {
    type Error = NightError;
    fn try_from(text: String) -> Result<Self, NightError> {
        text.parse()
    }
}

impl From<Night> for String {
    fn from(night: Night) -> String {
        night.to_string()
    }
}

/// Consecutive nights that are reported together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub first: Night,
    /// The number of nights; at least 1.
    pub days: u32,
}

/// Monday 2024-01-01. Periods are counted from it, so that they start on Mondays.
const EPOCH: Night = Night(19_723);

impl Period {
    /// Returns the period of `days` nights that a night lies in.
    pub const fn of(night: Night, days: u32) -> Self {
        let length = if days == 0 { 1 } else { days as i64 };
        let since = (night.0 - EPOCH.0).div_euclid(length) * length;
        Self {
            first: EPOCH.plus(since),
            days: if days == 0 { 1 } else { days },
        }
    }

    /// Returns the last night.
    pub const fn last(self) -> Night {
        self.first.plus(self.days as i64 - 1)
    }

    /// Returns the first night after it.
    pub const fn end(self) -> Night {
        self.first.plus(self.days as i64)
    }

    /// Returns whether a night lies in it.
    pub const fn contains(self, night: Night) -> bool {
        self.first.0 <= night.0 && night.0 < self.end().0
    }

    /// Returns the period `n` places earlier.
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

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar
/// (Howard Hinnant, "chrono-compatible low-level date algorithms").
const fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1970-01-01 (same source).
const fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Milliseconds that Stockholm is ahead of UTC. Summer time runs from 01:00 UTC
/// on the last Sunday of March to 01:00 UTC on the last Sunday of October
/// (Directive 2000/84/EC); a test compares with the time zone database.
fn stockholm_offset(at: Instant) -> i64 {
    let (year, _, _) = civil(at.0.div_euclid(DAY));
    let last_sunday = |month| {
        let last = days_from_civil(year, month, 31);
        // 1970-01-01 was a Thursday: day 3 is a Sunday.
        (last - (last - 3).rem_euclid(7)) * DAY + HOUR
    };
    if (last_sunday(3)..last_sunday(10)).contains(&at.0) {
        2 * HOUR
    } else {
        HOUR
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Duration, Offset, TimeZone};
    use chrono_tz::Europe::Stockholm;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_night_is_noon_to_noon_in_stockholm(ms in Instant::EARLIEST.0..2_500_000_000_000_i64) {
            let utc = DateTime::from_timestamp_millis(ms).unwrap();
            let local = utc.with_timezone(&Stockholm);
            prop_assert_eq!(
                stockholm_offset(Instant(ms)),
                i64::from(local.offset().fix().local_minus_utc()) * 1000
            );
            let date = (local.naive_local() - Duration::hours(12)).date();
            prop_assert_eq!(Instant(ms).night().to_string(), date.to_string());
            let start = Stockholm
                .from_local_datetime(&date.and_hms_opt(12, 0, 0).unwrap())
                .unwrap();
            prop_assert_eq!(Instant(ms).night().start().0, start.timestamp_millis());
        }

        #[test]
        fn dates_round_trip(days in -1_000_000_i64..1_000_000) {
            prop_assume!((0..10_000).contains(&civil(days).0));
            prop_assert_eq!(Night(days).to_string().parse(), Ok(Night(days)));
        }

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

    /// Returns a wall-clock time in Stockholm; on the night with two of it, the first or
    /// second.
    fn local(date: (i32, u32, u32), (hour, minute): (u32, u32), second: bool) -> Option<Instant> {
        let (y, m, d) = date;
        let found = Stockholm.with_ymd_and_hms(y, m, d, hour, minute, 0);
        let found = if second {
            found.latest()
        } else {
            found.earliest()
        };
        found.map(|at| Instant(at.timestamp_millis()))
    }

    #[test]
    fn the_nights_on_which_clocks_change_have_23_and_25_hours() {
        // The night before the Sunday, and its neighbours.
        for (date, hours) in [
            ("2026-03-27", 24),
            ("2026-03-28", 23),
            ("2026-03-29", 24),
            ("2026-10-23", 24),
            ("2026-10-24", 25),
            ("2026-10-25", 24),
            ("2027-03-27", 23),
            ("2027-03-28", 24),
            ("2027-10-30", 25),
            ("2027-10-31", 24),
        ] {
            let night: Night = date.parse().unwrap();
            let (start, end) = (night.start(), night.plus(1).start());
            assert_eq!(end.0 - start.0, hours * HOUR, "{date}");
            // The boundaries, to the millisecond.
            assert_eq!(start.night(), night);
            assert_eq!(Instant(start.0 - 1).night(), night.plus(-1));
            assert_eq!(Instant(end.0 - 1).night(), night);
            assert_eq!(end.night(), night.plus(1));
        }
    }

    #[test]
    fn half_past_two_is_of_the_same_night_when_it_comes_twice_and_when_it_never_comes() {
        for (sunday, night) in [
            ((2026, 10, 25), "2026-10-24"),
            ((2027, 10, 31), "2027-10-30"),
        ] {
            let [first, second] = [false, true].map(|s| local(sunday, (2, 30), s).unwrap());
            assert_eq!(second.0 - first.0, HOUR);
            for at in [first, second] {
                assert_eq!(at.night().to_string(), night);
            }
            assert_eq!(
                local(sunday, (11, 59), false).unwrap().night().to_string(),
                night
            );
        }
        for (sunday, night) in [((2026, 3, 29), "2026-03-28"), ((2027, 3, 28), "2027-03-27")] {
            assert_eq!(local(sunday, (2, 30), false), None, "it never comes");
            let before = local(sunday, (1, 59), false).unwrap();
            let after = local(sunday, (3, 0), false).unwrap();
            assert_eq!(after.0 - before.0, 60_000);
            for at in [before, after, local(sunday, (11, 59), false).unwrap()] {
                assert_eq!(at.night().to_string(), night);
            }
            let noon = local(sunday, (12, 0), false).unwrap();
            assert_ne!(noon.night().to_string(), night);
        }
    }

    #[test]
    fn refuses_dates_that_do_not_exist() {
        for bad in [
            "2026-02-31",
            "2026-13-01",
            "26-01-01",
            "2026-1-1",
            "å026-01-01",
            "",
        ] {
            assert!(bad.parse::<Night>().is_err(), "{bad}");
        }
    }
}
