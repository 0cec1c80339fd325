//! How long a period is.

use serde::Deserialize;
use sync_core::time::Night;

/// Monday 2024-01-01, from which periods are counted.
const FIRST: Night = Night(19_723);

/// The length of a period in days: whole weeks, so that every period holds
/// each weekday equally often; 7 to 91.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct PeriodDays(u32);

impl PeriodDays {
    /// The number of days.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The first night of the period that a night belongs to. Periods follow
    /// each other without gaps and begin on Mondays.
    pub const fn first_night(self, night: Night) -> Night {
        let days = self.0 as i64;
        FIRST.plus((night.0 - FIRST.0).div_euclid(days) * days)
    }

    /// The last night of the period that begins with `first`.
    pub const fn last_night(self, first: Night) -> Night {
        first.plus(self.0 as i64 - 1)
    }
}

impl Default for PeriodDays {
    fn default() -> Self {
        Self(28)
    }
}

/// A length that no period may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a period is whole weeks, 7 to 91 days, not {0} days")]
pub struct PeriodDaysError(u32);

impl TryFrom<u32> for PeriodDays {
    type Error = PeriodDaysError;
    fn try_from(days: u32) -> Result<Self, PeriodDaysError> {
        if (7..=91).contains(&days) && days.is_multiple_of(7) {
            Ok(Self(days))
        } else {
            Err(PeriodDaysError(days))
        }
    }
}

impl std::str::FromStr for PeriodDays {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let days: u32 = text
            .parse()
            .map_err(|_| format!("{text:?} is no number of days"))?;
        Self::try_from(days).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_on_mondays() {
        let night = |text: &str| text.parse::<Night>().unwrap();
        let days = PeriodDays::default();
        assert_eq!(FIRST, night("2024-01-01"));
        for (inside, first) in [
            ("2024-01-01", "2024-01-01"),
            ("2024-01-28", "2024-01-01"),
            ("2024-01-29", "2024-01-29"),
            ("2023-12-31", "2023-12-04"),
        ] {
            assert_eq!(days.first_night(night(inside)), night(first), "{inside}");
        }
        assert_eq!(days.last_night(night("2024-01-01")), night("2024-01-28"));
    }
}
