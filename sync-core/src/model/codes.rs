//! The field's closed lists. Each code is written as `snake_case` text in
//! documents, on the wire and in the read model; the words people read live in
//! the app's dictionaries.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is not one of a closed list's codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{list} is one of {codes}, not {got:?}")]
pub struct CodeError {
    list: &'static str,
    codes: &'static str,
    got: String,
}

/// A closed list of codes.
pub trait Code: Copy + Ord + fmt::Display + FromStr<Err = CodeError> + 'static {
    /// Every code, in the order in which they are shown.
    const ALL: &'static [Self];
}

/// Returns the schema of a closed list. (Derived, it would not see names that a macro gives.)
#[cfg(feature = "schema")]
fn described(codes: &[&'static str]) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(codes.iter().copied()))
        .into()
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Returns the code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl Code for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }

        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                described(&[$($text),+])
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = CodeError;
            fn from_str(text: &str) -> Result<Self, CodeError> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(CodeError {
                        list: stringify!($name),
                        codes: concat!($($text, " ",)+),
                        got: text.chars().take(40).collect(),
                    }),
                }
            }
        }
    };
}

codes! {
    /// The four kinds of document.
    Kind {
        /// A visit to a place, with its counts and encounters.
        Visit = "visit",
        /// A place where people sleep or stay.
        Place = "place",
        /// An acute need handed to the duty service.
        Alert = "alert",
        /// A view or a complaint.
        Feedback = "feedback",
    }
}

codes! {
    /// How much of the place the visit saw.
    Access {
        /// All of it: its counts stand for the place.
        Complete = "complete",
        /// A part: its counts are lower limits.
        Partial = "partial",
        /// Nothing: the worker was there and could not see.
        NoAccess = "no_access",
    }
}

codes! {
    /// Why the visit was made.
    Basis {
        /// Somebody chose to go there.
        Chosen = "chosen",
        /// The place was drawn at random for this period.
        Drawn = "drawn",
    }
}

codes! {
    /// Citizenship as far as the agreement needs it.
    Group {
        /// Citizen of the EU or the EEA.
        EuEea = "eu_eea",
        /// Third-country national.
        ThirdCountry = "third_country",
        Unknown = "unknown",
    }
}

codes! {
    /// How a count was made.
    Method {
        Seen = "seen",
        /// Tents counted, some of them opened.
        Tents = "tents",
        /// Somebody else said so.
        Reported = "reported",
    }
}

codes! {
    /// Where people sleep.
    Sleeping {
        /// Under the open sky.
        Outdoors = "outdoors",
        /// A stairwell, a garage or another building open to the public.
        PublicBuilding = "public_building",
        Tent = "tent",
        /// A shack (in Swedish *koja*).
        Shack = "shack",
        Car = "car",
        Caravan = "caravan",
        NightShelter = "night_shelter",
        /// With acquaintances.
        Acquaintances = "acquaintances",
        Unknown = "unknown",
    }
}

codes! {
    /// The language spoken in an encounter. One that would give an ethnicity away is `other`.
    Language {
        Sv = "sv",
        En = "en",
        Ro = "ro",
        Bg = "bg",
        Pl = "pl",
        Es = "es",
        Fr = "fr",
        Uk = "uk",
        Ru = "ru",
        Ar = "ar",
        Tr = "tr",
        De = "de",
        Other = "other",
    }
}

codes! {
    /// Acute needs: the groups that the agreement names, and health.
    Need {
        ChildAtRisk = "child_at_risk",
        /// A pregnant woman.
        Pregnancy = "pregnancy",
        /// Severe substance use.
        SubstanceUse = "substance_use",
        /// Severe mental ill-health.
        MentalHealth = "mental_health",
        /// An older person in a vulnerable situation.
        OlderPerson = "older_person",
        /// A person with a disability in a vulnerable situation.
        Disability = "disability",
        /// Physical illness or injury.
        Health = "health",
        /// Shelter for the night.
        Shelter = "shelter",
        /// Exposure to violence, exploitation or trafficking.
        Exploitation = "exploitation",
    }
}

codes! {
    /// A subject of information that a worker gives.
    Topic {
        Rights = "rights",
        Obligations = "obligations",
        /// How to leave a view or a complaint.
        Complaints = "complaints",
        HealthCare = "health_care",
        Shelter = "shelter",
        /// Help to travel home.
        Travel = "travel",
        Work = "work",
    }
}

codes! {
    /// Whom the worker contacted.
    Contact {
        Police = "police",
        /// The regional coordinator against human trafficking.
        RegionalCoordinator = "regional_coordinator",
        HealthCare = "health_care",
        /// The duty service, socialjouren.
        DutyService = "duty_service",
        EuTeam = "eu_team",
        /// Another organisation of the partnership.
        Partner = "partner",
        /// An embassy or a consulate.
        Embassy = "embassy",
        Other = "other",
    }
}

codes! {
    /// Whether the people were met earlier in this period.
    MetBefore {
        /// Not asked, or no answer.
        Unknown = "unknown",
        No = "no",
        /// By the worker's own organisation.
        ByUs = "by_us",
        /// By another organisation, named in the encounter.
        ByOther = "by_other",
    }
}

codes! {
    /// The kinds of place.
    PlaceType {
        /// Tents, shacks, cars: people live there.
        Settlement = "settlement",
        /// People sleep there.
        SleepingPlace = "sleeping_place",
        /// A street or a square.
        Street = "street",
        /// A park or a wood.
        Park = "park",
        /// A station or another building open to the public.
        PublicBuilding = "public_building",
        /// A day centre, a shelter or another service.
        Service = "service",
        Other = "other",
    }
}

codes! {
    /// The state of a place on a date.
    PlaceState {
        /// People stay there.
        Active = "active",
        /// Nobody stays there.
        Empty = "empty",
        /// Those who stayed there were evicted.
        Evicted = "evicted",
        Unknown = "unknown",
    }
}

codes! {
    /// Who was called about an acute need.
    Callee {
        /// The emergency number 112.
        Emergency = "emergency",
        /// The duty service, socialjouren.
        DutyService = "duty_service",
        EuTeam = "eu_team",
        /// The police, 114 14.
        Police = "police",
        /// Care advice, 1177.
        CareAdvice = "care_advice",
        Other = "other",
    }
}

codes! {
    /// How an alert ended.
    Outcome {
        /// Open, and nobody has ended it.
        Open = "open",
        /// The duty service took over.
        TakenOver = "taken_over",
        /// Help was given on the spot.
        Helped = "helped",
        /// The person declined help.
        Declined = "declined",
        /// The person could not be found.
        NotFound = "not_found",
        /// Raised by mistake.
        Mistake = "mistake",
    }
}

codes! {
    /// A step in the handling of feedback.
    Handling {
        /// Read by somebody.
        Received = "received",
        /// Being looked into.
        Investigating = "investigating",
        Answered = "answered",
        /// Closed without an answer, with a reason.
        Closed = "closed",
    }
}

codes! {
    /// The field of a place that a proposal is about.
    ProposalAbout {
        Name = "name",
        PlaceType = "place_type",
        District = "district",
        /// Where it lies, as `latitude,longitude` in 1e-5 degrees on the 100 m grid.
        Position = "position",
        /// That its position should be exact: `true` or `false`.
        Exact = "exact",
        /// That it is the same as another place, by that one's id; empty: that it is not.
        SameAs = "same_as",
        /// That it was recorded by mistake: `true`; `false`: that it was not.
        Withdrawn = "withdrawn",
        Note = "note",
    }
}

codes! {
    /// The desk's decision on a proposal.
    Decision {
        /// The desk has done it.
        Accepted = "accepted",
        /// The desk has not.
        Declined = "declined",
    }
}

/// A set of codes. In a document: a map from code to `true`, so that two phones
/// that add different codes both keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    transparent,
    bound(
        serialize = "C: Serialize + Ord",
        deserialize = "C: Deserialize<'de> + Ord"
    )
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CodeSet<C>(pub BTreeSet<C>);

impl<C: Ord> Default for CodeSet<C> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<C: Ord> FromIterator<C> for CodeSet<C> {
    fn from_iter<I: IntoIterator<Item = C>>(codes: I) -> Self {
        Self(codes.into_iter().collect())
    }
}
