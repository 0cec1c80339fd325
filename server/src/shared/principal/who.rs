//! Members who act, and how they are known.

use sync_core::ids::{DeviceId, OrganisationId};

use super::{DeviceKey, Role, SecretHash};

/// A member: a person's place in one organisation, without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub i64);

/// By what a member is known. Passkeys and a city's sign-in will be others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A device that was enrolled for the member.
    Device {
        /// The id that it was enrolled with.
        id: DeviceId,
        /// The key that its requests are verified with.
        key: DeviceKey,
    },
}

/// A member who acts, and by which credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub member: MemberId,
    /// The member's organisation: the scope of everything the member reaches.
    pub organisation: OrganisationId,
    /// The member's role.
    pub role: Role,
    /// By what the member is known.
    pub credential: Credential,
}

impl Principal {
    /// The device that the member acts from.
    pub fn device(&self) -> DeviceId {
        let Credential::Device { id, .. } = self.credential;
        id
    }

    /// The public key of that device.
    pub fn key(&self) -> &DeviceKey {
        let Credential::Device { key, .. } = &self.credential;
        key
    }

    /// The member as the audit names it.
    pub fn actor(&self) -> Actor {
        Actor {
            member: Some(self.member),
            device: Some(self.device()),
        }
    }
}

/// In whose name something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The member; none for the server itself and its command line.
    pub member: Option<MemberId>,
    /// The device that it was done from.
    pub device: Option<DeviceId>,
}

impl Actor {
    /// The server itself, and its command line.
    pub const SERVER: Self = Self {
        member: None,
        device: None,
    };
}

/// How the caller was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// By the device's token.
    Token,
    /// By a browser session with this hash.
    Session(SecretHash),
}
