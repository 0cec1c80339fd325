//! The rows that the read model has for documents. Pure functions: the store only
//! carries their inputs and results to and from its tables, so a rebuild gives
//! the same rows.

mod facts;
mod observed;
mod rows;

pub use facts::{DrawView, DrawnPlace, PeriodFacts};
pub use observed::{Observed, Opened, PlaceNightRow, Split, Walk, figure, reconcile};
pub use rows::{
    AlertRow, EncounterItem, EncounterRow, FeedbackRow, PlaceRow, Rows, VisitRow, rows_of,
};
pub use sync_core::time::Period;

/// Goes up with every change to what these functions give for the same documents, or
/// to the tables that keep it: a store whose rows are of another version makes them
/// again when it is opened.
pub const VERSION: u32 = 4;
