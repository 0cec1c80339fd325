//! The outreach product: an ordered log of changes, what is computed from it, and the
//! routes that lead there.

pub mod application;
pub mod clock_watch;
pub mod demo;
pub mod estimate;
pub mod leaflets;
pub mod map;
pub mod metrics;
pub mod projection;
pub mod reports;
pub mod rights;
pub mod routes;
pub mod sealed;
pub mod state;
pub mod store;
pub(crate) mod streams;
pub mod sync;
