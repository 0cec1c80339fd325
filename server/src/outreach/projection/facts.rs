//! The inputs of the estimate of a period.

use sync_core::estimate::NightAverageInput;
use sync_core::estimate::average_night::place_history::PlaceNightRecord;
use sync_core::ids::DocumentId;
use sync_core::time::{Instant, Night};

/// Everything that the estimate of a period depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodFacts {
    /// How far the log was read.
    pub cursor: u64,
    /// The input of the average night, its places by id.
    pub input: NightAverageInput,
    /// The period's nights at each of those places, in the same order.
    pub nights: Vec<Vec<(Night, PlaceNightRecord)>>,
}

/// A draw, for coordinators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawView {
    /// First night of the period.
    pub period: Night,
    /// When it was made, by the server's clock.
    pub drawn_at: Instant,
    /// The seed that it can be repeated from.
    pub seed: u64,
    /// The drawn places, in the order they were drawn.
    pub places: Vec<DrawnPlace>,
}

/// A place that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnPlace {
    pub place: DocumentId,
    /// Its name; empty when it was erased since.
    pub name: String,
    /// The district's code.
    pub district: String,
    /// Whether it was seen whole after the draw.
    pub visited: bool,
}
