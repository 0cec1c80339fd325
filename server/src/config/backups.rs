//! The database that a restore has replaced, and how long it is kept.

use std::time::Duration;

use serde::Deserialize;

use super::Within;

/// Backups and restores.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Backups {
    /// How many days the database that a restore replaced is kept, 0 to 90. It holds what
    /// is erased meanwhile.
    pub keep_replaced_days: Within<0, 90>,
}

impl Backups {
    /// How long the database that a restore replaced is kept.
    pub fn keep_replaced(&self) -> Duration {
        Duration::from_hours(24 * u64::from(self.keep_replaced_days.get()))
    }
}

impl Default for Backups {
    fn default() -> Self {
        Self {
            keep_replaced_days: Within::constant::<7>(),
        }
    }
}
