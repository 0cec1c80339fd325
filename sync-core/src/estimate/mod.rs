//! The estimate: a pure, deterministic function of read-model rows.
//!
//! Two quantities that are never mixed and never added: people present on an
//! average night ([`average_night`], from place counts) and distinct people during a
//! period ([`distinct_people`], from encounters). Beside either stands what was seen for certain,
//! and in place of either stands a refusal when the data cannot carry a number.
//!
//! *Architecture invariant*: nothing here knows documents, storage, clocks or
//! random sources. Inputs are plain values, seeds included. Every result is the
//! same to the last bit on every platform: `libm` for the transcendental
//! functions, no fused multiply-add, sums in a fixed order (places sorted by
//! id), and sufficient statistics that are integers wherever they can be.

#![allow(
    clippy::doc_markdown,
    reason = "formulas in the documentation are not code"
)]
#![allow(
    clippy::float_cmp,
    clippy::many_single_char_names,
    reason = "formulas keep their letters, and equal bits are what is meant"
)]

pub mod average_night;
pub mod disclosure;
pub mod distinct_people;
pub mod explain;
pub mod numeric;
pub mod reason;
pub mod thresholds;

pub use average_night::{
    Counting, NightAverage, NightAverageInput, Observation, Phi, PlaceNight, PlaceNightCounts,
    Recounts, night_average, reconcile_place_night,
};
pub use distinct_people::{PeriodInput, PeriodPeople, period_people};
pub use reason::{Refusal, Warning};
pub use thresholds::Thresholds;

/// The version of the method, printed beside every figure. It changes whenever
/// the same input could give another number.
pub const METHOD_VERSION: &str = "1";
