//! One document → its rows.

use sync_core::ids::{DocumentId, RecordId};
use sync_core::model::{
    Access, Alert, Basis, Content, Encounter, Feedback, Group, Handling, Language, MetBefore, Need,
    Outcome, Place, PlaceState, PlaceType, Proposal, Visit,
};
use sync_core::time::{Instant, Night};

use super::observed::Observed;

/// The rows of a document. `None`: it was taken back and has no rows. (A place
/// keeps its row, since visits refer to it; an alert, since whoever takes over must see
/// that it was taken back.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// The row of a place.
    Place(PlaceRow),
    /// The row of a visit.
    Visit(Option<VisitRow>),
    /// The row of an alert.
    Alert(AlertRow),
    /// A view's or a complaint's.
    Feedback(Option<FeedbackRow>),
}

/// A place. What it counts as (`same_as` followed to its end) depends on other
/// documents and is added by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    /// The workers' name for it.
    pub name: String,
    /// The closed list's type.
    pub place_type: PlaceType,
    /// The district's code.
    pub district: String,
    /// Its newest state.
    pub state: PlaceState,
    /// From when; its creation when no state was given.
    pub state_at: Instant,
    /// When it was first recorded, by the phone's clock.
    pub created: Instant,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// The place that this one is the same as.
    pub same_as: Option<DocumentId>,
    /// Proposals about it that nobody has decided yet.
    pub open_proposals: u32,
}

/// A visit with what it saw and its encounters; counts and encounters taken back are
/// left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// The place that was visited.
    pub place: DocumentId,
    /// The night of `started`.
    pub night: Night,
    /// When it began, by the phone's clock.
    pub started: Instant,
    /// How much of the place was seen.
    pub access: Access,
    /// Whether it was drawn or chosen.
    pub basis: Basis,
    /// Counts that were recorded.
    pub counts: u32,
    /// The observations of the place, sorted.
    pub observed: Vec<Observed>,
    /// The encounters, by record.
    pub encounters: Vec<EncounterRow>,
}

/// An encounter, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncounterRow {
    /// The encounter's record in the visit.
    pub record: RecordId,
    /// When the encounter was, by the phone's clock.
    pub at: Instant,
    /// Adults who were met.
    pub adults: u32,
    /// Children who were met.
    pub children: u32,
    /// The citizenship of those met.
    pub citizens: Group,
    /// Met earlier in the period?
    pub met_before: MetBefore,
    /// By which organisation.
    pub met_by: Option<String>,
    /// The re-sighting code.
    pub code: Option<String>,
    /// The subjects: sort, code, and a topic's leaflet.
    pub items: Vec<EncounterItem>,
}

/// A need, a language, a contact or a topic of an encounter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncounterItem {
    /// `need`, `language`, `contact` or `topic`.
    pub sort: &'static str,
    /// The closed list's code.
    pub code: &'static str,
    /// Of a topic: the leaflet, as version/language; empty when it was told.
    pub detail: String,
}

/// An alert, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// The need that it was raised for.
    pub category: Need,
    /// The place, where one is named.
    pub place: Option<DocumentId>,
    /// When it was raised, by the phone's clock.
    pub opened: Instant,
    /// When it ended; `None` while it is open.
    pub closed: Option<Instant>,
    /// The closed list's outcome.
    pub outcome: Outcome,
    /// Calls that were made.
    pub calls: u32,
    /// Whether somebody has taken it over.
    pub acknowledged: bool,
    /// Taken back by who raised it.
    pub withdrawn: bool,
}

/// Feedback, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackRow {
    /// About which organisation.
    pub about: Option<String>,
    /// In which language.
    pub language: Language,
    /// When it came, by the server's clock.
    pub at: Instant,
    /// The newest step of its handling.
    pub handling: Option<Handling>,
}

/// The rows of a document.
pub fn rows_of(content: &Content) -> Rows {
    match content {
        Content::Place(place) => Rows::Place(place_row(place)),
        Content::Visit(visit) => Rows::Visit((!visit.withdrawn).then(|| visit_row(visit))),
        Content::Alert(alert) => Rows::Alert(alert_row(alert)),
        Content::Feedback(feedback) => {
            Rows::Feedback((!feedback.withdrawn).then(|| feedback_row(feedback)))
        }
    }
}

fn place_row(place: &Place) -> PlaceRow {
    let newest = place
        .states
        .iter()
        .filter(|(_, s)| !s.withdrawn)
        .max_by_key(|(id, s)| (s.at, **id));
    let open = |p: &&Proposal| !p.withdrawn && p.decision.is_none();
    let open_proposals = place.proposals.values().filter(open).count();
    PlaceRow {
        name: place.name.clone(),
        place_type: place.place_type,
        district: place.district.clone(),
        state: place.state(),
        state_at: newest.map_or(place.created, |(_, s)| s.at),
        created: place.created,
        withdrawn: place.withdrawn,
        same_as: place.same_as,
        open_proposals: u32::try_from(open_proposals).unwrap_or(u32::MAX),
    }
}

fn visit_row(visit: &Visit) -> VisitRow {
    let counts = || visit.counts.values().filter(|c| !c.withdrawn);
    let mut observed: Vec<_> = counts()
        .flat_map(|count| Observed::of(count, visit.access))
        .collect();
    observed.sort_unstable();
    VisitRow {
        place: visit.place,
        night: visit.started.night(),
        started: visit.started,
        access: visit.access,
        basis: visit.basis,
        counts: u32::try_from(counts().count()).unwrap_or(u32::MAX),
        observed,
        encounters: visit
            .encounters
            .iter()
            .filter(|(_, e)| !e.withdrawn)
            .map(|(id, e)| encounter_row(*id, e))
            .collect(),
    }
}

fn encounter_row(record: RecordId, encounter: &Encounter) -> EncounterRow {
    EncounterRow {
        record,
        at: encounter.at,
        adults: encounter.adults,
        children: encounter.children,
        citizens: encounter.group,
        met_before: encounter.met_before,
        met_by: encounter.met_by.clone(),
        code: encounter.code.clone(),
        items: items_of(encounter),
    }
}

fn items_of(encounter: &Encounter) -> Vec<EncounterItem> {
    let plain = |sort, code| EncounterItem {
        sort,
        code,
        detail: String::new(),
    };
    let needs = encounter.needs.0.iter().map(|n| plain("need", n.as_str()));
    let languages = encounter.languages.0.iter();
    let contacts = encounter.contacts.0.iter();
    let topics = encounter.information.iter();
    needs
        .chain(languages.map(|l| plain("language", l.as_str())))
        .chain(contacts.map(|c| plain("contact", c.as_str())))
        .chain(topics.map(|(topic, leaflet)| EncounterItem {
            detail: leaflet.clone(),
            ..plain("topic", topic.as_str())
        }))
        .collect()
}

fn alert_row(alert: &Alert) -> AlertRow {
    let calls = alert.calls.values().filter(|c| !c.withdrawn).count();
    AlertRow {
        category: alert.category,
        place: alert.place,
        opened: alert.opened,
        closed: alert.closed,
        outcome: alert.outcome,
        calls: u32::try_from(calls).unwrap_or(u32::MAX),
        acknowledged: alert.acknowledgements.values().any(|a| !a.withdrawn),
        withdrawn: alert.withdrawn,
    }
}

fn feedback_row(feedback: &Feedback) -> FeedbackRow {
    FeedbackRow {
        about: feedback.about.clone(),
        language: feedback.language,
        at: feedback.at,
        handling: feedback
            .steps
            .iter()
            .filter(|(_, s)| !s.withdrawn)
            .max_by_key(|(id, s)| (s.at, **id))
            .map(|(_, s)| s.handling),
    }
}
