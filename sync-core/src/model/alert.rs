//! An acute need, from the first call until somebody has taken over.

use serde::{Deserialize, Serialize};

use super::check::{self, Checked, NAME_CHARACTERS, NOTE_CHARACTERS, within};
use super::codes::{Callee, Need, Outcome};
use super::records::Records;
use crate::ids::{DeviceId, DocumentId};
use crate::time::Instant;

/// An acute need. One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Alert {
    /// The category of the agreement.
    pub category: Need,
    /// Where, if it is a recorded place.
    pub place: Option<DocumentId>,
    /// When it was raised.
    pub opened: Instant,
    /// The help that is needed; never a name.
    pub note: String,
    /// Calls made, by record id.
    pub calls: Records<Call>,
    /// Acknowledgements by people, by record id.
    pub acknowledgements: Records<Acknowledgement>,
    pub outcome: Outcome,
    pub closed: Option<Instant>,
    pub withdrawn: bool,
}

/// A call about the need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Call {
    pub to: Callee,
    /// By the phone's clock.
    pub at: Instant,
    /// Who answered: a role, never a name. Empty when nobody did.
    pub answered_by: String,
    pub withdrawn: bool,
}

/// Somebody says: I have this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Acknowledgement {
    /// The device it came from.
    pub by: DeviceId,
    /// By the phone's clock.
    pub at: Instant,
    /// The next step, in words.
    pub note: String,
    pub withdrawn: bool,
}

impl Alert {
    /// Checks ranges and lengths.
    ///
    /// # Errors
    ///
    /// Names the first field that is too long or out of range.
    pub fn validate(&self) -> Checked {
        check::instant("opened", self.opened)?;
        self.closed
            .map_or(Ok(()), |at| check::instant("closed", at))?;
        check::text("note", &self.note, NOTE_CHARACTERS)?;
        check::records("calls", self.calls.len())?;
        check::records("acknowledgements", self.acknowledgements.len())?;
        for (id, call) in &self.calls {
            let checked = check::instant("at", call.at)
                .and_then(|()| check::text("answered_by", &call.answered_by, NAME_CHARACTERS));
            within("calls", id, checked)?;
        }
        for (id, acknowledgement) in &self.acknowledgements {
            let checked = check::instant("at", acknowledgement.at)
                .and_then(|()| check::text("note", &acknowledgement.note, NAME_CHARACTERS));
            within("acknowledgements", id, checked)?;
        }
        Ok(())
    }
}
