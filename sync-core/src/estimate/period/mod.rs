//! Quantity B: distinct people during a period, from encounters.

mod choose;
mod input;
mod linkage;
mod outcome;

pub use choose::period_people;
pub use input::{Earlier, LinkAudit, Meeting, Organisation, PeriodInput};
pub use linkage::{Linked, link};
pub use outcome::{
    LinkSensitivity, ListSize, ModelEstimate, PairRow, PeriodEstimate, PeriodMethod, PeriodPeople,
    PeriodRefusal, PeriodResult,
};

#[cfg(test)]
mod tests;
