//! The content of the four kinds of document, with its limits.

mod alert;
mod check;
mod codes;
mod feedback;
mod place;
mod records;
mod visit;

pub use alert::{Acknowledgement, Alert, Call};
pub use check::{Checked, Invalid, MOST_PERSONS, MOST_RECORDS, NAME_CHARACTERS, NOTE_CHARACTERS};
pub use codes::{
    Access, Basis, Callee, Code, CodeError, CodeSet, Contact, Decision, Group, Handling, Kind,
    Language, MetBefore, Method, Need, Outcome, PlaceState, PlaceType, ProposalAbout, Sleeping,
    Topic,
};
pub use feedback::{Feedback, Step};
pub use place::{DatedState, Place, Proposal, Tip};
pub use records::Records;
pub use visit::{CODE_LENGTH, Count, Encounter, MOST_COUNTS, MOST_ENCOUNTERS, Visit};

use serde::{Deserialize, Serialize};

/// The version of the documents' layout. A phone refuses newer ones with a
/// sentence that asks for an update.
pub const SCHEMA: u32 = 1;

/// The content of a document, typed by its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Content {
    Visit(Visit),
    Place(Place),
    Alert(Alert),
    Feedback(Feedback),
}

impl Content {
    /// Returns the kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Visit(_) => Kind::Visit,
            Self::Place(_) => Kind::Place,
            Self::Alert(_) => Kind::Alert,
            Self::Feedback(_) => Kind::Feedback,
        }
    }

    /// Checks what fields say of each other, when somebody writes them.
    pub(crate) fn sensible(&self) -> Checked {
        match self {
            Self::Visit(visit) => visit.sensible(),
            Self::Place(_) | Self::Alert(_) | Self::Feedback(_) => Ok(()),
        }
    }

    /// Checks the content against what its kind allows.
    ///
    /// # Errors
    ///
    /// As `validate` of the content's type.
    pub fn validate(&self) -> Checked {
        match self {
            Self::Visit(visit) => visit.validate(),
            Self::Place(place) => place.validate(),
            Self::Alert(alert) => alert.validate(),
            Self::Feedback(feedback) => feedback.validate(),
        }
    }
}
