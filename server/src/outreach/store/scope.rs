//! On whose behalf the store is used.

use sync_core::authority::Capacity;
use sync_core::ids::{DeviceId, OrganisationId};

/// On whose behalf something is read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The device.
    pub device: DeviceId,
    /// The organisation of its member.
    pub organisation: OrganisationId,
    /// In which capacity.
    pub capacity: Capacity,
}
