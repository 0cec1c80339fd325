//! Instants on the wire.

use chrono::{DateTime, SecondsFormat};
use serde::{Serialize, Serializer};
use sync_core::time::Instant;

/// An instant as RFC 3339 in UTC, e.g. `2026-01-31T21:40:05Z`, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Rfc3339(pub Instant);

impl From<Instant> for Rfc3339 {
    fn from(instant: Instant) -> Self {
        Self(instant)
    }
}

impl std::fmt::Display for Rfc3339 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Instants come from clocks that were checked, so the fallback is the
        // epoch only for a broken store.
        let at = DateTime::from_timestamp_millis(self.0.0).unwrap_or_default();
        f.write_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl Serialize for Rfc3339 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_in_utc() {
        let at = Rfc3339(Instant(1_769_895_605_123));
        assert_eq!(at.to_string(), "2026-01-31T21:40:05Z");
    }
}
