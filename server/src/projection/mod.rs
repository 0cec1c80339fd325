//! What the read model says of documents. Pure functions: the store only
//! carries their inputs and results to and from its tables, so a rebuild gives
//! the same rows.

mod observed;
mod period;
mod rows;

pub use observed::{Observed, Opened, PlaceNightRow, Split, Walk, figure, reconcile};
pub use period::Period;
pub use rows::{
    AlertRow, CountRow, EncounterItem, EncounterRow, FeedbackRow, PlaceRow, Rows, VisitRow, rows_of,
};
