//! A place where people sleep or stay.

use serde::{Deserialize, Serialize};

use super::check::{self, Checked, NAME_CHARACTERS, NOTE_CHARACTERS, refuse, within};
use super::codes::{Decision, PlaceState, PlaceType, ProposalAbout};
use super::records::{self, Records};
use crate::ids::DocumentId;
use crate::time::Instant;

/// A place. One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Place {
    /// The name in use among workers.
    pub name: String,
    pub place_type: PlaceType,
    /// The district's code, e.g. `sodermalm`; the list is configuration.
    pub district: String,
    /// Latitude in 1e-5 degrees north (about 1 m); coarse (100 m) unless a coordinator marked it exact.
    pub latitude: Option<i64>,
    /// Longitude in 1e-5 degrees east.
    pub longitude: Option<i64>,
    /// Whether the position is exact.
    pub exact: bool,
    /// When the place was first recorded.
    pub created: Instant,
    /// Dated states, by record id. The latest date counts.
    pub states: Records<DatedState>,
    /// Tips, by record id.
    pub tips: Records<Tip>,
    /// Proposals of those who may not change it themselves, by record id. Places of before
    /// there were any have no such map.
    #[serde(default, deserialize_with = "records::absent_is_empty")]
    pub proposals: Records<Proposal>,
    /// Another place that is the same; this one then counts as that one.
    pub same_as: Option<DocumentId>,
    /// Free text about how to find it.
    pub note: String,
    /// Taken back: recorded by mistake.
    pub withdrawn: bool,
}

/// The state of the place on a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DatedState {
    pub state: PlaceState,
    /// Holds from then on.
    pub at: Instant,
    pub withdrawn: bool,
}

/// A tip that people stay here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tip {
    /// From whom: a role or an organisation, never a name.
    pub from: String,
    /// By the server's clock.
    pub at: Instant,
    /// When somebody looked, if anybody has.
    pub checked: Option<Instant>,
    /// The tip's own words.
    pub text: String,
    pub withdrawn: bool,
}

/// A proposal for a place that is another organisation's, or that only the desk may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// The field that it is about.
    pub about: ProposalAbout,
    /// The proposed value, as text; see [`ProposalAbout`].
    pub value: String,
    /// Why; never a name of a person.
    pub reason: String,
    /// When it was made.
    pub at: Instant,
    /// The desk's decision, once there is one.
    pub decision: Option<Decision>,
    /// When that was decided.
    pub decided: Option<Instant>,
    pub withdrawn: bool,
}

impl Place {
    /// Checks ranges and lengths.
    ///
    /// # Errors
    ///
    /// Names the first field that is too long or out of range.
    pub fn validate(&self) -> Checked {
        if check::is_blank(&self.name) {
            refuse("name", "must not be empty")?;
        }
        check::text("name", &self.name, NAME_CHARACTERS)?;
        check::text("district", &self.district, 60)?;
        check::text("note", &self.note, NOTE_CHARACTERS)?;
        check::instant("created", self.created)?;
        for (field, degrees, most) in [
            ("latitude", self.latitude, 9_000_000),
            ("longitude", self.longitude, 18_000_000),
        ] {
            if degrees.is_some_and(|d| d.unsigned_abs() > most) {
                refuse(field, "is not on the globe")?;
            }
        }
        check::records("states", self.states.len())?;
        check::records("tips", self.tips.len())?;
        for (id, state) in &self.states {
            within("states", id, check::instant("at", state.at))?;
        }
        check::records("proposals", self.proposals.len())?;
        for (id, tip) in &self.tips {
            within("tips", id, tip.validate())?;
        }
        for (id, proposal) in &self.proposals {
            within("proposals", id, proposal.validate())?;
        }
        Ok(())
    }

    /// Returns the state with the latest date that was not taken back; of several with one
    /// date, the one with the greatest record id, so that all replicas agree.
    pub fn state(&self) -> PlaceState {
        self.states
            .iter()
            .filter(|(_, s)| !s.withdrawn)
            .max_by_key(|(id, s)| (s.at, **id))
            .map_or(PlaceState::Unknown, |(_, s)| s.state)
    }
}

impl Proposal {
    fn validate(&self) -> Checked {
        check::text("value", &self.value, NOTE_CHARACTERS)?;
        check::text("reason", &self.reason, NAME_CHARACTERS)?;
        check::instant("at", self.at)?;
        self.decided
            .map_or(Ok(()), |at| check::instant("decided", at))
    }
}

impl Tip {
    fn validate(&self) -> Checked {
        check::text("from", &self.from, NAME_CHARACTERS)?;
        check::text("text", &self.text, NOTE_CHARACTERS)?;
        check::instant("at", self.at)?;
        self.checked
            .map_or(Ok(()), |at| check::instant("checked", at))
    }
}
