//! How long a period is.

use serde::Deserialize;

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
