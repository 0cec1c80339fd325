//! When a worker's phone locks what is on it.

use serde::Deserialize;

use super::Within;

/// When a worker's phone locks. Phones read it with the rest of the
/// configuration, and keep it while they are offline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Phones {
    /// Minutes without a touch.
    pub idle_minutes: Within<1, 60>,
    /// Seconds out of sight: another app in front, or the screen off.
    pub hidden_seconds: Within<5, 3600>,
    /// Days without the server, after which a phone stays locked until it has
    /// reached it.
    pub lease_days: Within<1, 90>,
}

impl Default for Phones {
    fn default() -> Self {
        Self {
            idle_minutes: Within::constant::<5>(),
            hidden_seconds: Within::constant::<60>(),
            lease_days: Within::constant::<14>(),
        }
    }
}
