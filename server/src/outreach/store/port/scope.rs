//! On whose behalf the store is used.

use crate::shared::principal::Actor;
use sync_core::authority::Capacity;
use sync_core::ids::{DeviceId, OrganisationId};

/// Something that a person does at a desk, as the audit names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// A stable code such as `alert.acknowledge`.
    pub action: &'static str,
    /// With which result: never content.
    pub detail: String,
}

/// On whose behalf something is read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub device: DeviceId,
    /// The organisation of its member.
    pub organisation: OrganisationId,
    /// In whose name: of what the server writes, the person who said it.
    pub by: Actor,
    /// The act that it is part of; none for what phones record, which the audit sums up.
    pub act: Option<Act>,
    /// In which capacity.
    pub capacity: Capacity,
}
