//! The encounters of a period, as far as the estimate of its people needs them:
//! who met how many, on which night, under which code. Codes are compared and
//! never leave the server.

use sync_core::estimate::distinct_people::Meeting;
use sync_core::time::Period;

use super::Answer;

/// The encounters that the people of a period are estimated from.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodMeetings {
    /// Every encounter that was not taken back or erased.
    pub meetings: Vec<Meeting>,
    /// The share of the period's visits, roughly, whose encounters were erased.
    pub erased_share: f64,
}

/// Operations that read what the people of a period are estimated from.
pub trait EncounterStore {
    /// Reads the encounters of a period, in one snapshot.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn period_meetings(&self, period: Period) -> impl Answer<PeriodMeetings>;
}
