//! A known caller.

use sync_core::ids::{DeviceId, OrganisationId};

use super::{DeviceKey, Role, SecretHash};

/// A member: a person's place in one organisation, without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub i64);

/// The device that asks, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The device.
    pub device: DeviceId,
    /// The member it was enrolled for.
    pub member: MemberId,
    /// The member's organisation: the scope of everything the device reaches.
    pub organisation: OrganisationId,
    /// The member's role.
    pub role: Role,
    /// The device's public key.
    pub key: DeviceKey,
}

/// How the caller was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// By the device's token.
    Token,
    /// By a browser session with this hash.
    Session(SecretHash),
}
