//! A visit to a place: what was counted there and who was met.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check::{self, Checked, NAME_CHARACTERS, NOTE_CHARACTERS, refuse, within};
use super::codes::{
    Access, Basis, CodeSet, Contact, Group, Language, MetBefore, Method, Need, Sleeping, Topic,
};
use super::records::Records;
use crate::ids::{DeviceId, DocumentId, OrganisationId};
use crate::time::Instant;

/// Most counts of a visit: a team of ten could each count six times.
pub const MOST_COUNTS: usize = 60;
/// Most encounters of a visit: a night's busiest place has some dozens.
pub const MOST_ENCOUNTERS: usize = 250;

/// A visit to a place. One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Visit {
    /// The place that was visited.
    pub place: DocumentId,
    /// When the visit began. Decides the night.
    pub started: Instant,
    /// When it ended, if somebody said so.
    pub ended: Option<Instant>,
    /// How much of the place was seen.
    pub access: Access,
    /// Whether the place was drawn or chosen.
    pub basis: Basis,
    /// Whether shelters had opened extra rooms for the cold.
    pub weather_opening: bool,
    /// Counts, by record id.
    pub counts: Records<Count>,
    /// Encounters, by record id.
    pub encounters: Records<Encounter>,
    /// Free text: about the place and the situation, never about a person.
    pub note: String,
    /// Taken back: the visit was recorded by mistake.
    pub withdrawn: bool,
}

/// One observation of how many people were at the place. Evidence, never a
/// part of a sum: two counts of a visit are two observations of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Count {
    /// The device of the worker who counted.
    pub observer: DeviceId,
    /// By the phone's clock.
    pub at: Instant,
    pub adults: u32,
    pub children: u32,
    /// Persons whose age could not be told.
    pub unknown: u32,
    /// At least this many, where the worker was unsure.
    pub low: Option<u32>,
    /// At most this many, where the worker was unsure.
    pub high: Option<u32>,
    /// Of these persons, citizens of the EU or the EEA, where the worker could tell.
    pub eu_eea: Option<u32>,
    /// Of these persons, third-country nationals, where the worker could tell.
    pub third_country: Option<u32>,
    /// Where they sleep.
    pub sleeping: Sleeping,
    /// How the count was made.
    pub method: Method,
    pub tents: Option<u32>,
    /// Of these, tents that stood open.
    pub tents_opened: Option<u32>,
    /// Persons in the open tents.
    pub persons_in_opened: Option<u32>,
    pub withdrawn: bool,
}

impl Count {
    /// Returns a count of some adults that says nothing else.
    pub fn of_adults(observer: DeviceId, at: Instant, adults: u32) -> Self {
        Self {
            observer,
            at,
            adults,
            children: 0,
            unknown: 0,
            low: None,
            high: None,
            eu_eea: None,
            third_country: None,
            sleeping: Sleeping::Unknown,
            method: Method::Seen,
            tents: None,
            tents_opened: None,
            persons_in_opened: None,
            withdrawn: false,
        }
    }

    /// Returns the best figure: adults, children and those of unknown age together.
    pub fn best(&self) -> u32 {
        self.adults
            .saturating_add(self.children)
            .saturating_add(self.unknown)
    }
}

/// A meeting with one or more persons. Holds nothing that names anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Encounter {
    /// The device of the worker.
    pub observer: DeviceId,
    /// By the phone's clock.
    pub at: Instant,
    pub adults: u32,
    pub children: u32,
    pub group: Group,
    /// Languages that were spoken.
    pub languages: CodeSet<Language>,
    /// Where they sleep.
    pub sleeping: Sleeping,
    /// Met earlier in this period?
    pub met_before: MetBefore,
    /// By which organisation, when by another.
    pub met_by: Option<String>,
    /// Re-sighting code: 12 characters of a keyed hash made on the phone.
    pub code: Option<String>,
    pub needs: CodeSet<Need>,
    /// Information given: topic → the leaflet's `version/language`, empty when told orally.
    pub information: BTreeMap<Topic, String>,
    pub contacts: CodeSet<Contact>,
    /// Free text: about needs and situation, never a name.
    pub note: String,
    pub withdrawn: bool,
}

impl Visit {
    /// Checks what fields say of each other: when it is written, never when it is merged,
    /// since two edits that are good by themselves can merge into a visit that breaks it.
    pub(super) fn sensible(&self) -> Checked {
        if self.ended.is_some_and(|ended| ended < self.started) {
            return refuse("ended", "must not lie before started");
        }
        Ok(())
    }

    /// Checks ranges and lengths.
    ///
    /// # Errors
    ///
    /// Names the first field that is too long or out of range.
    pub fn validate(&self) -> Checked {
        check::instant("started", self.started)?;
        self.ended
            .map_or(Ok(()), |at| check::instant("ended", at))?;
        check::text("note", &self.note, NOTE_CHARACTERS)?;
        check::at_most("counts", self.counts.len(), MOST_COUNTS)?;
        check::at_most("encounters", self.encounters.len(), MOST_ENCOUNTERS)?;
        for (id, count) in &self.counts {
            within("counts", id, count.validate())?;
        }
        for (id, encounter) in &self.encounters {
            within("encounters", id, encounter.validate())?;
        }
        Ok(())
    }
}

impl Count {
    // Cross-field relations (low ≤ best ≤ high, parts ≤ whole) are deliberately
    // not checked here: two valid edits made on two phones can merge into a
    // count that breaks one, and a merge must never be refused. The app warns
    // when one is entered; the read model clamps.
    fn validate(&self) -> Checked {
        check::instant("at", self.at)?;
        let numbers = [
            ("adults", Some(self.adults)),
            ("children", Some(self.children)),
            ("unknown", Some(self.unknown)),
            ("low", self.low),
            ("high", self.high),
            ("eu_eea", self.eu_eea),
            ("third_country", self.third_country),
            ("tents", self.tents),
            ("tents_opened", self.tents_opened),
            ("persons_in_opened", self.persons_in_opened),
        ];
        numbers
            .into_iter()
            .filter_map(|(field, n)| Some((field, n?)))
            .try_for_each(|(field, n)| check::persons(field, n))
    }
}

/// Length of a re-sighting code, in characters.
pub const CODE_LENGTH: usize = 12;

impl Encounter {
    fn validate(&self) -> Checked {
        check::instant("at", self.at)?;
        check::persons("adults", self.adults)?;
        check::persons("children", self.children)?;
        if let Some(by) = &self.met_by
            && by.parse::<OrganisationId>().is_err()
        {
            refuse("met_by", "must be the short name of an organisation")?;
        }
        if let Some(code) = &self.code {
            let fits = code.len() == CODE_LENGTH
                && code
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
            if !fits {
                refuse("code", format!("must be {CODE_LENGTH} of a–z and 0–9"))?;
            }
        }
        for (topic, leaflet) in &self.information {
            check::text(&format!("information/{topic}"), leaflet, 60)?;
        }
        check::text("note", &self.note, NAME_CHARACTERS * 5)
    }
}
