//! Quantity B: distinct people during a period, from encounters.

mod choose;
mod explain;
pub mod frequencies;
mod input;
mod linkage;
pub mod log_linear;
pub mod occasions;
mod outcome;
pub mod two_lists;

pub use choose::period_people;
pub use input::{Earlier, LinkAudit, Meeting, Organisation, PeriodInput};
pub use linkage::{Linked, link};
pub use outcome::{
    LinkSensitivity, ListSize, ModelEstimate, PairRow, PeriodEstimate, PeriodMethod, PeriodPeople,
    PeriodRefusal, PeriodResult,
};

#[cfg(test)]
mod tests;
