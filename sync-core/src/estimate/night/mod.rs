//! Quantity A: the people present on an average night, from place counts.

mod input;
mod model;
mod outcome;
mod place_state;
mod predict;

pub use input::{Access, Composition, District, NightAverageInput, PlaceId, PlaceInput, Previous};
pub use outcome::{
    ClassRatio, Coverage, DistrictFigure, NightAverage, NightEstimate, NightMethod, NightRefusal,
    NightResult, SizeCoverage, StalenessClass,
};
pub use predict::{night_average, night_average_of};

#[cfg(test)]
mod tests;
