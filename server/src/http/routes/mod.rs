//! One file a resource: handler, request and answer, errors, description, tests.

pub(super) mod devices;
pub(super) mod enrol;
pub(super) mod events;
pub(super) mod health;
pub(in crate::http) mod invitations;
pub(super) mod me;
pub(super) mod sessions;
