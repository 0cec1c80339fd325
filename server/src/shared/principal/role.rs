//! Roles of members.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A member's role within one organisation.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Walks and records; sees the own organisation's records.
    Worker,
    /// Also sees every organisation's aggregates and steers the work.
    Coordinator,
    /// Reads the published reports.
    Reader,
    /// Takes over alerts.
    Duty,
    /// Members, devices and configuration; no records.
    Administrator,
}

impl Role {
    /// Every role, the one that records first.
    pub const ALL: [Self; 5] = [
        Self::Worker,
        Self::Coordinator,
        Self::Reader,
        Self::Duty,
        Self::Administrator,
    ];

    /// The role's name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Coordinator => "coordinator",
            Self::Reader => "reader",
            Self::Duty => "duty",
            Self::Administrator => "administrator",
        }
    }

    /// The page of the web app on which this role begins.
    pub const fn home(self) -> &'static str {
        match self {
            Self::Worker => "/",
            Self::Coordinator | Self::Reader | Self::Duty | Self::Administrator => "/samordning",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is worker, coordinator, reader, duty or administrator, not {0:?}")]
pub struct RoleError(String);

impl FromStr for Role {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| RoleError(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert!("Worker".parse::<Role>().is_err());
    }
}
