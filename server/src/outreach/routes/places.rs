//! Places, as a coordinator sets them right: what phones may only propose.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use sync_core::ids::{DocumentId, RecordId};
use sync_core::model::{Content, Decision, Place, PlaceType, Proposal, ProposalAbout};
use sync_core::time::Instant;

use super::document_problem::{self, DocumentProblem};
use crate::outreach::application::documents;
use crate::outreach::state::AppState;
use crate::outreach::store::Act;
use crate::outreach::store::places::PlaceStore;
use crate::outreach::store::rebuild::RebuildStore;
use crate::outreach::sync::server_changes;
use crate::shared::access::{Caller, Coordinating};
use crate::shared::accounts::members::Organisation;
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};
use crate::shared::principal::Principal;

/// Most proposals in one answer.
const MOST: u32 = 200;

/// Most places that may count as one, itself included: every night at any of them is
/// worked out over all of them.
const MOST_AS_ONE: u64 = 21;

/// Proposals that nobody has decided yet, the oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Proposals {
    /// The proposals: at most 200.
    proposals: Vec<ProposalEntry>,
    /// How many are open in all; the others come as these are decided.
    all: u64,
}

/// What somebody proposes for a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ProposalEntry {
    /// The place.
    #[schema(value_type = String)]
    place: DocumentId,
    /// The record within it.
    #[schema(value_type = String)]
    proposal: RecordId,
    /// What the place is called.
    place_name: String,
    /// Whose place it is.
    organisation: Organisation,
    /// Which field: `name`, `place_type`, `district`, `position`, `exact`, `same_as`,
    /// `withdrawn` or `note`.
    about: ProposalAbout,
    /// What it should be.
    value: String,
    /// For `same_as`: what the other place is called, when it is known.
    value_name: Option<String>,
    /// Why.
    reason: String,
    /// When it was made, as the phone says.
    #[schema(value_type = String, format = DateTime)]
    at: Rfc3339,
}

/// What was decided.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionRequest {
    /// `accepted`: the place is changed as proposed; `declined`: it stays.
    decision: Decision,
}

/// What to change about a place; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::option_option,
    reason = "null is said, and not the same as nothing"
)]
pub(crate) struct PlaceChange {
    /// What the workers call it.
    name: Option<String>,
    /// What it is.
    place_type: Option<PlaceType>,
    /// The district's code.
    district: Option<String>,
    /// How to find it.
    note: Option<String>,
    /// Latitude and longitude in 1e-5 degrees; `null` takes the position away.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<Vec<i64>>)]
    position: Option<Option<[i64; 2]>>,
    /// Whether the position is exact.
    exact: Option<bool>,
    /// The place that it is the same as; `null`: none.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    same_as: Option<Option<DocumentId>>,
    /// Recorded by mistake.
    withdrawn: Option<bool>,
}

/// Distinguishes `null` from nothing said.
#[expect(
    clippy::option_option,
    reason = "null is said, and not the same as nothing"
)]
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The grid of positions that are not exact, 1e-5 degrees: about 100 m.
const GRID: i64 = 100;

impl PlaceChange {
    fn of(proposal: &Proposal) -> Result<Self, DocumentProblem> {
        let value = proposal.value.trim();
        let unreadable = || DocumentProblem::Unreadable(proposal.about);
        let mut change = Self::default();
        match proposal.about {
            ProposalAbout::Name => change.name = Some(value.to_owned()),
            ProposalAbout::PlaceType => {
                change.place_type = Some(value.parse().map_err(|_| unreadable())?);
            }
            ProposalAbout::District => change.district = Some(value.to_owned()),
            ProposalAbout::Note => change.note = Some(value.to_owned()),
            ProposalAbout::Position => {
                let (latitude, longitude) = value.split_once(',').ok_or_else(unreadable)?;
                let degrees = |text: &str| text.trim().parse::<i64>().map_err(|_| unreadable());
                change.position = Some(Some([degrees(latitude)?, degrees(longitude)?]));
            }
            ProposalAbout::Exact => change.exact = Some(value == "true"),
            ProposalAbout::SameAs if value.is_empty() => change.same_as = Some(None),
            ProposalAbout::SameAs => {
                change.same_as = Some(Some(value.parse().map_err(|_| unreadable())?));
            }
            ProposalAbout::Withdrawn => change.withdrawn = Some(value == "true"),
        }
        Ok(change)
    }

    fn made(self, place: Place) -> Place {
        let exact = self.exact.unwrap_or(place.exact);
        let position = match self.position {
            Some(position) => position,
            None => place.latitude.zip(place.longitude).map(|(n, e)| [n, e]),
        };
        // What is no longer exact is rounded again.
        let rounded = |degrees: i64| {
            if exact {
                degrees
            } else {
                (degrees + GRID / 2).div_euclid(GRID) * GRID
            }
        };
        Place {
            name: self.name.unwrap_or(place.name),
            place_type: self.place_type.unwrap_or(place.place_type),
            district: self.district.unwrap_or(place.district),
            note: self.note.unwrap_or(place.note),
            latitude: position.map(|[latitude, _]| rounded(latitude)),
            longitude: position.map(|[_, longitude]| rounded(longitude)),
            exact: exact && position.is_some(),
            same_as: self.same_as.unwrap_or(place.same_as),
            withdrawn: self.withdrawn.unwrap_or(place.withdrawn),
            ..place
        }
    }

    /// The fields that it changes, for the audit.
    fn fields(&self) -> String {
        let said = [
            ("name", self.name.is_some()),
            ("place_type", self.place_type.is_some()),
            ("district", self.district.is_some()),
            ("note", self.note.is_some()),
            ("position", self.position.is_some()),
            ("exact", self.exact.is_some()),
            ("same_as", self.same_as.is_some()),
            ("withdrawn", self.withdrawn.is_some()),
        ];
        let names = said.into_iter().filter(|(_, said)| *said);
        names.map(|(name, _)| name).collect::<Vec<_>>().join(",")
    }
}

/// Lists proposals about places that nobody has decided, at most 200.
#[utoipa::path(
    get,
    path = "/proposals",
    tag = "places",
    responses((status = 200, description = "Open proposals", body = Proposals)),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn proposals(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
) -> Result<Json<Proposals>, Problem> {
    let ids = app.store.places_with_proposals(MOST).await?;
    let organisations = app.store.accounts().organisations().await?;
    let mut proposals = Vec::new();
    for (id, standing) in server_changes::read(&app.store, ids).await? {
        let Content::Place(place) = standing.content else {
            continue;
        };
        let organisation = organisations
            .iter()
            .find(|o| o.id == standing.organisation)
            .cloned();
        let Some(organisation) = organisation else {
            continue;
        };
        for (record, proposal) in &place.proposals {
            if proposal.withdrawn || proposal.decision.is_some() {
                continue;
            }
            proposals.push(ProposalEntry {
                place: id,
                proposal: *record,
                place_name: place.name.clone(),
                organisation: organisation.clone(),
                about: proposal.about,
                value: proposal.value.clone(),
                value_name: None,
                reason: proposal.reason.clone(),
                at: proposal.at.into(),
            });
        }
    }
    name_others(&app, &mut proposals).await?;
    proposals.sort_by_key(|p| p.at.0);
    proposals.truncate(MOST as usize);
    if !proposals.is_empty() {
        let (by, of) = (caller.principal(), caller.organisation().to_string());
        let detail = format!("proposals={}", proposals.len());
        document_problem::note(&app, by, "proposals.read", of, detail).await?;
    }
    // What the rows say and the documents do not yet, or no longer: never fewer than are listed.
    let all = app
        .store
        .open_proposals()
        .await?
        .max(proposals.len() as u64);
    Ok(Json(Proposals { proposals, all }))
}

/// Adds what the other place is called to those that say that two are the same.
async fn name_others(app: &AppState, proposals: &mut [ProposalEntry]) -> Result<(), Problem> {
    let other = |p: &ProposalEntry| {
        (p.about == ProposalAbout::SameAs)
            .then(|| p.value.trim().parse::<DocumentId>().ok())
            .flatten()
    };
    let ids = proposals.iter().filter_map(other).collect();
    let names: std::collections::BTreeMap<_, _> =
        app.store.place_names(ids).await?.into_iter().collect();
    for proposal in proposals {
        proposal.value_name = other(proposal).and_then(|id| names.get(&id).cloned());
    }
    Ok(())
}

/// Decides a proposal. Accepted, the place is changed as proposed, in the same change.
#[utoipa::path(
    post,
    path = "/places/{id}/proposals/{record}/decide",
    tag = "places",
    params(
        ("id" = String, Path, description = "The place"),
        ("record" = String, Path, description = "The proposal"),
    ),
    request_body = DecisionRequest,
    responses(
        (status = 204, description = "On disk"),
        (status = 400, description = "`malformed`: what is proposed cannot be", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: no such proposal, or decided already", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn decide(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Path((id, record))): Checked<Path<(DocumentId, RecordId)>>,
    Checked(Json(request)): Checked<Json<DecisionRequest>>,
) -> Result<StatusCode, DocumentProblem> {
    let found = server_changes::read(&app.store, vec![id]).await?.pop();
    let Some((_, Content::Place(place))) = found.map(|(id, s)| (id, s.content)) else {
        return Err(DocumentProblem::Unknown);
    };
    let open = |p: &&Proposal| !p.withdrawn && p.decision.is_none();
    let proposal = place.proposals.get(&record).filter(open);
    let proposal = proposal.ok_or(DocumentProblem::Unknown)?;
    let change = match request.decision {
        Decision::Accepted => PlaceChange::of(proposal)?,
        Decision::Declined => PlaceChange::default(),
    };
    let now = app.now();
    let about = proposal.about;
    let act = Act {
        action: "proposal.decide",
        detail: format!(
            "proposal={record} about={about} decision={}",
            request.decision
        ),
    };
    let decided = Some((record, request.decision, now));
    change_place(&app, caller.principal(), act, (id, change), decided).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a place: what it is called, where it lies, whether that is exact, whether it is
/// the same as another, whether it was recorded by mistake.
#[utoipa::path(
    patch,
    path = "/places/{id}",
    tag = "places",
    params(("id" = String, Path, description = "The place")),
    request_body = PlaceChange,
    responses(
        (status = 204, description = "On disk"),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: no such place", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn change(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Path(id)): Checked<Path<DocumentId>>,
    Checked(Json(change)): Checked<Json<PlaceChange>>,
) -> Result<StatusCode, DocumentProblem> {
    document_problem::seen(&app, id, |standing| {
        matches!(standing.content, Content::Place(_))
    })
    .await?;
    let act = Act {
        action: "place.change",
        detail: format!("fields={}", change.fields()),
    };
    change_place(&app, caller.principal(), act, (id, change), None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change_place(
    app: &AppState,
    by: &Principal,
    act: Act,
    (id, change): (DocumentId, PlaceChange),
    decided: Option<(RecordId, Decision, Instant)>,
) -> Result<(), DocumentProblem> {
    if let Some(Some(other)) = change.same_as {
        let names = app.store.place_names(vec![other]).await?;
        if other == id || names.is_empty() {
            return Err(DocumentProblem::NoSuchPlace);
        }
        if app.store.counted_as_one(id, other).await? > MOST_AS_ONE {
            return Err(DocumentProblem::TooManyAsOne);
        }
    }
    let edit = move |content| {
        let Content::Place(place) = content else {
            return content;
        };
        let mut place = change.made(place);
        if let Some((record, decision, at)) = decided
            && let Some(proposal) = place.proposals.get_mut(&record)
        {
            proposal.decision = Some(decision);
            proposal.decided = Some(at);
        }
        Content::Place(place)
    };
    documents::change(app, by, act, id, edit).await?;
    // Joined places have other figures on every night that anybody was there.
    app.store.catch_up().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
