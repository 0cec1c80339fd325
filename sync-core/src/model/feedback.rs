//! A view or a complaint, anonymous, with what was done about it.

use serde::{Deserialize, Serialize};

use super::check::{self, Checked, NOTE_CHARACTERS, refuse, within};
use super::codes::{Handling, Language};
use super::records::Records;
use crate::ids::OrganisationId;
use crate::time::Instant;

/// A view or a complaint. One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Feedback {
    /// The visitor's own words.
    pub text: String,
    /// In which language.
    pub language: Language,
    /// About which organisation; none means the partnership.
    pub about: Option<String>,
    /// By the server's clock.
    pub at: Instant,
    /// Steps of its handling, by record id.
    pub steps: Records<Step>,
    /// The reply, to be read by whoever holds the feedback's code.
    pub reply: String,
    pub withdrawn: bool,
}

/// A step of the handling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Step {
    /// The follow-up of the feedback.
    pub handling: Handling,
    /// By the server's clock.
    pub at: Instant,
    /// Why, or what was found.
    pub note: String,
    pub withdrawn: bool,
}

impl Feedback {
    /// Checks ranges and lengths.
    ///
    /// # Errors
    ///
    /// Names the first field that is too long or out of range.
    pub fn validate(&self) -> Checked {
        check::instant("at", self.at)?;
        check::text("text", &self.text, NOTE_CHARACTERS)?;
        check::text("reply", &self.reply, NOTE_CHARACTERS)?;
        if let Some(about) = &self.about
            && about.parse::<OrganisationId>().is_err()
        {
            refuse("about", "must be the short name of an organisation")?;
        }
        check::records("steps", self.steps.len())?;
        for (id, step) in &self.steps {
            let checked = check::instant("at", step.at)
                .and_then(|()| check::text("note", &step.note, NOTE_CHARACTERS));
            within("steps", id, checked)?;
        }
        Ok(())
    }
}
