//! HTTP, as every product serves it.

mod around;
mod checked;
mod described;
mod door;
pub(crate) mod etag;
mod figures;
mod headers;
mod listen;
mod log;
mod neighbourhood;
mod patient;
mod problem;
pub(crate) mod rate;
mod same_origin;
mod time;
mod web;

pub use around::{around, other};
pub use checked::Checked;
pub use described::require_what_replies_hold;
pub use door::{Doorkeeper, Room};
pub(crate) use etag::json_once;
pub use figures::RequestFigures;
pub use headers::{CBOR, CONTENT_POLICY};
pub use listen::serve;
pub use problem::{PROBLEM_JSON, Problem, ProblemBody};
pub use same_origin::require_same_origin;
pub use time::Rfc3339;
pub use web::{WebApp, WebAppError};
