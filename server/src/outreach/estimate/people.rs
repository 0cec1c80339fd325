//! The distinct people of a period, as coordinators read it.

use serde::Serialize;
use sync_core::estimate::distinct_people::{PeriodEstimate, PeriodMethod, PeriodPeople};
use sync_core::time::Period;
use utoipa::ToSchema;

use super::message::Message;
use super::report::{PeriodReport, whole};

/// Distinct people with a 95 % interval, in whole persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeopleFigure {
    /// The estimate; without `high`, at least so many.
    pub total: u64,
    /// The lower limit.
    pub low: u64,
    /// The upper limit; none for a lower bound.
    pub high: Option<u64>,
    /// How it was made: `pair`, `average` (over graphs of lists) or `lower_bound`.
    pub method: PeriodMethod,
}

/// An organisation's list of the people it met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListReport {
    /// The organisation's short name.
    pub organisation: String,
    /// The distinct people on it.
    pub people: u64,
    /// Whether it is long enough to be used.
    pub used: bool,
}

/// Two lists on their own.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PairReport {
    /// The organisations' short names.
    #[schema(min_items = 2, max_items = 2)]
    pub organisations: [String; 2],
    /// The people on both.
    pub both: u64,
    /// Chapman's estimate.
    pub total: u64,
    /// The lower limit (Sadinle).
    pub low: u64,
    /// The upper limit.
    pub high: u64,
}

/// One model that fits about as well as the best.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelReport {
    /// The pairs of organisations that depend on each other in it.
    pub together: Vec<[String; 2]>,
    /// Its estimate.
    pub total: u64,
    /// The lower limit.
    pub low: u64,
    /// The upper limit.
    pub high: u64,
    /// Its Bayesian criterion less the best one's.
    pub delta_bic: f64,
}

/// The figure had only a share of the true links been found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct SensitivityReport {
    /// The share.
    pub found: f64,
    /// The figure.
    pub total: u64,
}

/// The distinct people of a period: an estimate, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PeopleReport {
    /// The period.
    pub period: PeriodReport,
    /// Distinct people met for certain.
    pub seen: u64,
    /// People met without a code or an answer: they may be among those.
    pub unlinked: u64,
    /// The estimate.
    pub estimate: Option<PeopleFigure>,
    /// Why there is none: the gravest reason.
    pub refusal: Option<Message>,
    /// Every reason against an estimate, gravest first.
    pub refusals: Vec<Message>,
    /// What a reader should know.
    pub warnings: Vec<Message>,
    /// All of it in a sentence or two.
    pub sentence: Message,
    /// The lists, longest first.
    pub lists: Vec<ListReport>,
    /// Every pair of lists in use.
    pub pairs: Vec<PairReport>,
    /// The models that fit about as well as the best, best first.
    pub models: Vec<ModelReport>,
    /// What missed links would do to the figure.
    pub sensitivity: Vec<SensitivityReport>,
    /// The version of the method.
    pub version: String,
    /// SHA-256 over everything that went in.
    pub inputs_hash: String,
}

/// Puts a report together.
pub(crate) fn build(period: Period, people: &PeriodPeople) -> PeopleReport {
    let used: Vec<&str> = people
        .lists
        .iter()
        .filter(|list| list.used)
        .map(|list| list.organisation.0.as_str())
        .collect();
    let name = |place: u32| {
        used.get(place as usize)
            .map_or_else(String::new, |name| (*name).to_owned())
    };
    let refusal = people.result.refusal();
    let refusals: Vec<Message> = refusal
        .iter()
        .flat_map(|refused| &refused.codes)
        .map(|&code| code.into())
        .collect();
    PeopleReport {
        period: PeriodReport::of(period),
        seen: people.seen,
        unlinked: people.unlinked,
        estimate: people.result.estimate().map(figure),
        refusal: refusal.map(|refused| refused.code.into()),
        refusals,
        warnings: people.warnings.iter().map(|&w| w.into()).collect(),
        sentence: people.explanation.headline.clone().into(),
        lists: people
            .lists
            .iter()
            .map(|list| ListReport {
                organisation: list.organisation.0.clone(),
                people: list.people,
                used: list.used,
            })
            .collect(),
        pairs: people
            .pairs
            .iter()
            .map(|pair| PairReport {
                organisations: pair.organisations.clone().map(|o| o.0),
                both: pair.both,
                total: whole(pair.chapman.round()),
                low: whole(pair.interval[0].floor()),
                high: whole(pair.interval[1].ceil()),
            })
            .collect(),
        models: people
            .models
            .iter()
            .map(|model| ModelReport {
                together: model
                    .terms
                    .iter()
                    .map(|&[one, other]| [name(one), name(other)])
                    .collect(),
                total: whole(model.total.round()),
                low: whole(model.interval[0].floor()),
                high: whole(model.interval[1].ceil()),
                delta_bic: model.delta_bic,
            })
            .collect(),
        sensitivity: people
            .sensitivity
            .iter()
            .map(|row| SensitivityReport {
                found: row.found,
                total: whole(row.total.round()),
            })
            .collect(),
        version: people.explanation.method_version.to_owned(),
        inputs_hash: people.explanation.inputs_hash.clone(),
    }
}

fn figure(estimate: &PeriodEstimate) -> PeopleFigure {
    PeopleFigure {
        total: whole(estimate.total.round()),
        low: whole(estimate.low.floor()),
        high: estimate.high.map(|high| whole(high.ceil())),
        method: estimate.method,
    }
}
