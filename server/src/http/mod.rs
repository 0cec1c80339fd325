//! The routes and what stands around them.
//!
//! From the outside in: security headers, a line in the log, panics turned into
//! problems, every other refusal turned into a problem, compression,
//! decompression with a cap on what comes out of it, and the handler.

pub(crate) mod address;
mod checked;
mod door;
mod etag;
mod headers;
mod listen;
mod log;
mod openapi;
mod patient;
mod problem;
pub(crate) mod rate;
mod router;
mod routes;
mod time;
mod web;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use address::ClientAddress;
pub use checked::Checked;
pub use door::{Doorkeeper, Room};
use etag::json_once;
pub use headers::CONTENT_POLICY;
pub use listen::serve;
pub use openapi::document;
pub use problem::{PROBLEM_JSON, Problem, ProblemBody};
pub use router::router;
pub(crate) use routes::events::streams::Streams;
pub(crate) use routes::health::at_root as watched;
pub(crate) use routes::invitations::link_path;
pub(crate) use routes::map::MapCache;
pub use time::Rfc3339;
pub use web::{WebApp, WebAppError};
