//! Quantity A: the people present on an average night, from place counts.
//!
//! Counts of one place on one night are reconciled ([`place_night`]), places in a
//! period get their input ([`place_history`]), and those that nobody saw whole are
//! predicted ([`night_average`]).

pub mod dispersion;
mod explain;
mod input;
mod model;
mod outcome;
pub mod place_history;
pub mod place_night;
mod place_state;
mod predict;
pub mod ratio;
pub mod recounts;
pub mod strata;
pub mod tents;
pub mod trend;

pub use dispersion::Phi;
pub use input::{Access, Composition, District, NightAverageInput, PlaceId, PlaceInput, Previous};
pub use outcome::{
    ClassRatio, Coverage, DistrictFigure, NightAverage, NightEstimate, NightMethod, NightRefusal,
    NightResult, SizeCoverage, StalenessClass,
};
pub use place_night::{Counting, Observation, PlaceNight, PlaceNightCounts, reconcile_place_night};
pub use predict::{night_average, night_average_of};
pub use recounts::Recounts;

#[cfg(test)]
mod tests;
