//! The work of an organisation, added up for following it up.

use sync_core::ids::OrganisationId;
use sync_core::time::Night;

use super::Answer;

/// How often something was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The sort that is counted: `visits`, `need`, `contact`, `topic`, `language`, `alert` …
    pub sort: String,
    /// The code of the closed list; empty for a plain number.
    pub code: String,
    /// Of a topic: the leaflet, as version/language.
    pub detail: String,
    /// Times that it was recorded.
    pub count: u64,
}

/// Operations that add up an organisation's work.
pub trait FollowupStore {
    /// Adds up what an organisation recorded from one night to another, both included.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn followup(
        &self,
        organisation: OrganisationId,
        from: Night,
        to: Night,
    ) -> impl Answer<Vec<Tally>>;
}
