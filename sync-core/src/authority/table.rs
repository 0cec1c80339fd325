//! The table: for each kind and path, who may say it first and who may say it anew.
//!
//! What the law and the agreement ask, and what a careful city would choose:
//! - Records are never removed, only withdrawn; by whom and when the document's
//!   history says.
//! - Who observed, who made it and when it was recorded are fixed once said. A
//!   colleague may correct a count; who counted stays.
//! - Whether somebody has heard an alert, how it ended, and all that concerns
//!   feedback is the desk's to say. An alert is taken back by who raised it.
//! - A place belongs to the organisation that found it. The others add tips, dated
//!   states and proposals.

use super::Who;
use crate::model::Kind;

/// A field of a document or of a record.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub holds: Holds,
    /// Who may say it along with the record (the document) that it is of. Nobody else
    /// may make such a record at all when it is the record's own row.
    pub first: Who,
    /// Who may say it anew later.
    pub later: Who,
}

/// The content of a field, as far as authority is concerned.
#[derive(Debug)]
pub enum Holds {
    Value(Sense),
    /// A map from code to value: a set of codes, or texts by code. Its members can be
    /// taken out again.
    Members,
    /// Records, each with these fields. `first` says who may add one.
    Records(&'static [Field]),
}

/// The meaning of a value, on which further checks hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// Nothing that is looked at here.
    Plain,
    /// The device that says it.
    Observer,
    /// When something happened: within the window around the receipt.
    Time,
    /// From when something holds: never ahead of the change that says it.
    NotAhead,
    /// Degrees on the 100 m grid, unless the place is marked exact.
    Coarse,
    /// An organisation of the partnership.
    Organisation,
    /// How something ended: nothing but `open` from anybody but the desk.
    Ending,
}

const MAKER: Who = Who::MAKER.or(Who::DESK);
const MAKER_OR_COORDINATOR: Who = MAKER.or(Who::COORDINATOR);
const OWN: Who = MAKER_OR_COORDINATOR.or(Who::COLLEAGUE);
const ALL: Who = OWN.or(Who::STRANGER);
const DESK: Who = Who::DESK;
const FIXED: Who = Who::NOBODY;

const fn value(name: &'static str, later: Who) -> Field {
    sense(name, Sense::Plain, later)
}

const fn sense(name: &'static str, sense: Sense, later: Who) -> Field {
    Field {
        name,
        holds: Holds::Value(sense),
        first: ALL,
        later,
    }
}

/// Makes a field that only the desk writes, first and later.
const fn desk(name: &'static str) -> Field {
    Field {
        name,
        holds: Holds::Value(Sense::Plain),
        first: DESK,
        later: DESK,
    }
}

const fn members(name: &'static str, later: Who) -> Field {
    Field {
        name,
        holds: Holds::Members,
        first: ALL,
        later,
    }
}

const fn records(name: &'static str, add: Who, fields: &'static [Field]) -> Field {
    Field {
        name,
        holds: Holds::Records(fields),
        first: add,
        later: FIXED,
    }
}

static VISIT: [Field; 10] = [
    value("place", MAKER_OR_COORDINATOR),
    sense("started", Sense::Time, DESK),
    sense("ended", Sense::Time, OWN),
    value("access", OWN),
    value("basis", OWN),
    value("weather_opening", OWN),
    records("counts", OWN, &COUNT),
    records("encounters", OWN, &ENCOUNTER),
    value("note", OWN),
    value("withdrawn", MAKER_OR_COORDINATOR),
];

static COUNT: [Field; 15] = [
    sense("observer", Sense::Observer, FIXED),
    sense("at", Sense::Time, DESK),
    value("adults", OWN),
    value("children", OWN),
    value("unknown", OWN),
    value("low", OWN),
    value("high", OWN),
    value("eu_eea", OWN),
    value("third_country", OWN),
    value("sleeping", OWN),
    value("method", OWN),
    value("tents", OWN),
    value("tents_opened", OWN),
    value("persons_in_opened", OWN),
    value("withdrawn", MAKER_OR_COORDINATOR),
];

static ENCOUNTER: [Field; 15] = [
    sense("observer", Sense::Observer, FIXED),
    sense("at", Sense::Time, DESK),
    value("adults", OWN),
    value("children", OWN),
    value("group", OWN),
    members("languages", OWN),
    value("sleeping", OWN),
    // What links one encounter to another is the maker's own observation.
    value("met_before", MAKER_OR_COORDINATOR),
    sense("met_by", Sense::Organisation, MAKER_OR_COORDINATOR),
    value("code", MAKER_OR_COORDINATOR),
    members("needs", OWN),
    members("information", OWN),
    members("contacts", OWN),
    value("note", OWN),
    value("withdrawn", MAKER_OR_COORDINATOR),
];

static PLACE: [Field; 13] = [
    value("name", OWN),
    value("place_type", OWN),
    value("district", OWN),
    sense("latitude", Sense::Coarse, OWN),
    sense("longitude", Sense::Coarse, OWN),
    desk("exact"),
    sense("created", Sense::NotAhead, FIXED),
    records("states", ALL, &STATE),
    records("tips", ALL, &TIP),
    records("proposals", ALL, &PROPOSAL),
    desk("same_as"),
    value("note", OWN),
    value("withdrawn", MAKER_OR_COORDINATOR),
];

static STATE: [Field; 3] = [
    value("state", FIXED),
    sense("at", Sense::NotAhead, FIXED),
    value("withdrawn", MAKER_OR_COORDINATOR),
];

static TIP: [Field; 5] = [
    value("from", MAKER),
    sense("at", Sense::NotAhead, FIXED),
    // Whoever looks says so.
    sense("checked", Sense::NotAhead, ALL),
    value("text", MAKER),
    value("withdrawn", MAKER_OR_COORDINATOR),
];

static PROPOSAL: [Field; 7] = [
    value("about", FIXED),
    value("value", FIXED),
    value("reason", FIXED),
    sense("at", Sense::NotAhead, FIXED),
    desk("decision"),
    desk("decided"),
    value("withdrawn", MAKER),
];

static ALERT: [Field; 9] = [
    value("category", MAKER_OR_COORDINATOR),
    value("place", MAKER_OR_COORDINATOR),
    sense("opened", Sense::Time, FIXED),
    value("note", MAKER_OR_COORDINATOR),
    records("calls", OWN, &CALL),
    records("acknowledgements", DESK, &ACKNOWLEDGEMENT),
    sense("outcome", Sense::Ending, DESK),
    desk("closed"),
    value("withdrawn", MAKER),
];

static CALL: [Field; 4] = [
    value("to", MAKER),
    sense("at", Sense::Time, FIXED),
    value("answered_by", MAKER_OR_COORDINATOR),
    value("withdrawn", MAKER_OR_COORDINATOR),
];

static ACKNOWLEDGEMENT: [Field; 4] = [desk("by"), desk("at"), desk("note"), desk("withdrawn")];

static FEEDBACK: [Field; 7] = [
    desk("text"),
    desk("language"),
    desk("about"),
    desk("at"),
    records("steps", DESK, &STEP),
    desk("reply"),
    desk("withdrawn"),
];

static STEP: [Field; 4] = [
    desk("handling"),
    desk("at"),
    desk("note"),
    desk("withdrawn"),
];

/// Returns the fields of a kind's documents.
pub fn table(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Visit => &VISIT,
        Kind::Place => &PLACE,
        Kind::Alert => &ALERT,
        Kind::Feedback => &FEEDBACK,
    }
}

/// Returns who may make a document of a kind.
pub(super) const fn creators(kind: Kind) -> Who {
    match kind {
        Kind::Visit | Kind::Place | Kind::Alert => OWN,
        Kind::Feedback => DESK,
    }
}

/// Returns the table as the documentation prints it.
pub fn markdown() -> String {
    let mut out = String::from("| kind and path | first | later | besides |\n|---|---|---|---|\n");
    for kind in [Kind::Visit, Kind::Place, Kind::Alert, Kind::Feedback] {
        let line = format!("| **{kind}** | {} | – | |\n", names(creators(kind)));
        out.push_str(&line);
        rows(&mut out, kind.as_str(), table(kind));
    }
    out
}

fn rows(out: &mut String, path: &str, fields: &'static [Field]) {
    for field in fields {
        let path = format!("{path}/{}", field.name);
        let (first, later) = (names(field.first), names(field.later));
        let line = match field.holds {
            Holds::Value(sense) => format!("| {path} | {first} | {later} | {} |\n", said(sense)),
            Holds::Members => format!("| {path}/* | {first} | {later} | taken out as put in |\n"),
            Holds::Records(_) => format!("| {path}/* | {first} | – | never removed |\n"),
        };
        out.push_str(&line);
        if let Holds::Records(fields) = field.holds {
            rows(out, &format!("{path}/*"), fields);
        }
    }
}

const fn said(sense: Sense) -> &'static str {
    match sense {
        Sense::Plain => "",
        Sense::Observer => "the sender's device",
        Sense::Time => "within the window around its receipt",
        Sense::NotAhead => "never ahead",
        Sense::Coarse => "on the 100 m grid unless the desk marked the place exact",
        Sense::Organisation => "one of the partnership's",
        Sense::Ending => "`open` unless the desk says it",
    }
}

fn names(who: Who) -> String {
    if who == ALL {
        return "all".to_owned();
    }
    if who == OWN {
        return "own organisation, desk".to_owned();
    }
    if who == FIXED {
        return "nobody".to_owned();
    }
    let each = Who::EACH.into_iter().filter(|one| who.meets(*one));
    each.map(Who::name).collect::<Vec<_>>().join(", ")
}
