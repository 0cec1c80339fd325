//! The input of the estimate of the people of a period.

use serde::{Deserialize, Serialize};

use crate::estimate::thresholds::Thresholds;

/// An organisation: one list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Organisation(pub String);

/// The answer of those met to whether they were met earlier in this period.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "organisation", rename_all = "snake_case")]
pub enum Earlier {
    /// Not asked, or no answer.
    #[default]
    Unknown,
    No,
    /// Met by the same organisation.
    ByUs,
    /// Met by another organisation.
    By(Organisation),
}

/// One encounter with one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Meeting {
    pub organisation: Organisation,
    /// The re-sighting code, if one was made.
    #[serde(default)]
    pub code: Option<String>,
    /// Their answer about earlier meetings.
    #[serde(default)]
    pub earlier: Earlier,
    /// The people met together, children included.
    pub people: u32,
    /// The night, as a day number: several meetings on one are one meeting.
    pub day: i64,
}

/// How many of the links that somebody checked were right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkAudit {
    /// The links checked.
    pub checked: u32,
    pub right: u32,
}

impl LinkAudit {
    /// Returns ρ, the share that was right; none when none was checked.
    pub fn share(self) -> Option<f64> {
        (self.checked > 0 && self.right <= self.checked)
            .then(|| f64::from(self.right) / f64::from(self.checked))
    }
}

/// Everything that the estimate of a period depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PeriodInput {
    /// The length of the period in days.
    pub days: u32,
    /// Its encounters, those taken back left out. The order does not matter.
    pub meetings: Vec<Meeting>,
    /// The audit of links, if there was one.
    #[serde(default)]
    pub audit: Option<LinkAudit>,
    /// Whether the organisations refer people to each other.
    #[serde(default)]
    pub referrals: bool,
    /// The estimate of an average night, for the check that it is not above.
    #[serde(default)]
    pub night_total: Option<f64>,
    /// The share of the period's place-nights whose encounters were erased.
    #[serde(default)]
    pub erased_share: f64,
    /// The limits for falling back and refusing.
    #[serde(default)]
    pub thresholds: Thresholds,
}
