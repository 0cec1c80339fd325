//! One file a resource: handler, request and answer, errors, description, tests.

pub(super) mod acts;
pub(super) mod alerts;
mod desk;
pub(super) mod devices;
pub(super) mod documents;
pub(super) mod draw;
pub(super) mod enrol;
pub(super) mod envelope;
pub(super) mod estimate;
pub(super) mod events;
pub(super) mod followup;
pub(super) mod health;
pub(super) mod incoming;
pub(in crate::http) mod invitations;
pub(super) mod leaflets;
pub(super) mod map;
pub(super) mod me;
pub(super) mod people;
pub(super) mod periods;
pub(super) mod places;
pub(super) mod public;
pub(super) mod quarantine;
pub(super) mod sessions;
pub(super) mod sync;
pub(super) mod team_key;
pub(super) mod views;
