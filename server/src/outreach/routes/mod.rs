//! One file a resource: handler, request and answer, errors, description, tests.

pub(crate) mod acts;
pub(crate) mod alerts;
mod decisions;
pub(crate) mod devices;
mod document_problem;
pub(crate) mod documents;
pub(crate) mod draw;
pub(crate) mod enrol;
pub(crate) mod envelope;
pub(crate) mod estimate;
pub(crate) mod events;
pub(crate) mod followup;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod incoming;
pub(crate) mod invitations;
pub(crate) mod leaflets;
pub(crate) mod map;
pub(crate) mod me;
pub mod metrics;
mod openapi;
pub(crate) mod people;
pub(crate) mod periods;
pub(crate) mod places;
pub(crate) mod public;
pub(crate) mod quarantine;
pub(crate) mod retention;
mod router;
pub(crate) mod security_txt;
pub(crate) mod sessions;
pub(crate) mod sync;
pub(crate) mod team_key;
pub(crate) mod undos;
pub(crate) mod views;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use invitations::link_path;
pub use openapi::document;
pub use router::router;
