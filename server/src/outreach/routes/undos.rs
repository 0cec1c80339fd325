//! Taking back everything that a device said since a time: what it would do, doing it,
//! and taking that back.

use std::collections::BTreeMap;
use std::collections::btree_map;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use sync_core::document::Left;
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::time::Instant;

use super::decisions::{self, PendingAct, known, not_allowed};
use crate::outreach::application::undos;
use crate::outreach::rights::Rights as _;
use crate::outreach::rights::{Act, Right};
use crate::outreach::state::AppState;
use crate::outreach::store::acts::{Asked, Wanted};
use crate::outreach::store::places::PlaceStore;
use crate::outreach::store::quarantine::QuarantineStore;
use crate::outreach::store::undos::{UndoStore, UndoneDocument};
use crate::outreach::sync::undo;
use crate::shared::access::{Caller, Deciding};
use crate::shared::audit::Entry;
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};
use crate::shared::principal::Principal;

/// Most documents in a preview.
const MOST: usize = 200;
/// Most undos in a list.
const MOST_UNDOS: usize = 100;
/// Most documents in an undo's answer.
const MOST_UNDONE: usize = 1_000;

/// Since when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Since {
    /// RFC 3339: what the server received from then on.
    #[param(format = DateTime)]
    since: String,
}

/// What is to be taken back.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UndoOrder {
    /// RFC 3339: what the server received from then on.
    #[schema(format = DateTime)]
    since: String,
    /// Whether what waits in quarantine from the device is discarded as well.
    #[serde(default)]
    quarantine: bool,
}

/// What an undo would do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct UndoPreview {
    /// Whether it needs a second person.
    needs_second: bool,
    /// In how many documents the device said something.
    documents: usize,
    /// Of the first 200 of them, those in which something would change or is left.
    changes: Vec<UndoneChange>,
    /// What waits in quarantine from the device.
    quarantined: u64,
}

/// What an undo would do to a document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct UndoneChange {
    /// The document.
    #[schema(value_type = String)]
    document: DocumentId,
    /// `visit`, `place`, `alert` or `feedback`.
    #[schema(value_type = sync_core::model::Kind)]
    kind: &'static str,
    /// The short name of the organisation whose it is.
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// The name of the place that it is or is about, if it has one.
    place: Option<String>,
    /// The fields that would be set back.
    fields: Vec<FieldSetBack>,
    /// What would be left as it is.
    left: Vec<Left>,
}

/// A field that would be set back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct FieldSetBack {
    /// Its path, e.g. `counts/0f…/adults`.
    field: String,
    /// What it says, for those who may read the document; else nothing.
    #[schema(required = true)]
    was: Option<serde_json::Value>,
    /// What it will say.
    #[schema(required = true)]
    becomes: Option<serde_json::Value>,
}

/// An undo that was begun.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct UndoBegun {
    /// Its number.
    undo: i64,
}

/// Undos, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Undos {
    /// The undos of devices that the caller sees: at most the newest 100.
    undos: Vec<Undo>,
    /// How many the caller sees in all; `lagesbild undo --list` lists them on the server.
    all: usize,
}

/// An undo.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Undo {
    /// Its number.
    id: i64,
    /// The device whose word was taken back.
    #[schema(value_type = String)]
    device: DeviceId,
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    since: Rfc3339,
    /// The undo that this one takes back.
    of: Option<i64>,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    made_at: Rfc3339,
    /// By which device; none for the server's command line.
    #[schema(value_type = Option<String>)]
    made_by: Option<DeviceId>,
    /// When it was done; none while it is at work.
    #[schema(value_type = Option<String>, format = DateTime)]
    done_at: Option<Rfc3339>,
    /// Documents that it changed.
    documents: u64,
    /// Fields that it set back.
    fields: u64,
    /// What it left for a person to look at.
    left: u64,
    /// Entries of the quarantine that it discarded.
    discarded: u64,
    /// The undo that took it back.
    taken_back_by: Option<i64>,
}

/// An undo, document by document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct UndoDetail {
    /// The undo.
    undo: Undo,
    /// The first 1,000 documents.
    documents: Vec<Undone>,
    /// How many there are in all.
    all: usize,
}

/// What became of a document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Undone {
    /// The document.
    #[schema(value_type = String)]
    document: DocumentId,
    /// Fields that were set back.
    changed: u32,
    /// What was left as it is, with why.
    left: Vec<Left>,
}

impl From<crate::outreach::store::undos::Undo> for Undo {
    fn from(undo: crate::outreach::store::undos::Undo) -> Self {
        Self {
            id: undo.id,
            device: undo.asked.device,
            since: undo.asked.since.into(),
            of: undo.asked.of,
            made_at: undo.made_at.into(),
            made_by: undo.asked.by.device,
            done_at: undo.done_at.map(Rfc3339),
            documents: undo.documents,
            fields: undo.fields,
            left: undo.left,
            discarded: undo.discarded,
            taken_back_by: undo.taken_back_by,
        }
    }
}

impl From<UndoneDocument> for Undone {
    fn from(done: UndoneDocument) -> Self {
        Self {
            document: done.document,
            changed: done.changed,
            left: done.left,
        }
    }
}

fn instant(text: &str) -> Result<Instant, Problem> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| Instant(at.timestamp_millis()))
        .map_err(|_| Problem::malformed("Say the time like 2026-11-27T18:00:00Z."))
}

/// What taking back everything that a device said since a time would do. Values are shown
/// of documents that the caller may read: the own organisation's, and places.
#[utoipa::path(
    get,
    path = "/devices/{id}/undo",
    tag = "devices",
    params(("id" = String, Path, description = "The device"), Since),
    responses(
        (status = 200, description = "What it would do", body = UndoPreview),
        (status = 403, description = "`not_allowed`: of a role that the caller does not decide about", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such device", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn preview(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<DeviceId>>,
    Checked(Query(query)): Checked<Query<Since>>,
) -> Result<Json<UndoPreview>, Problem> {
    let by = caller.principal();
    let (device, right) = known(&app, by, Act::UndoDevice, id).await?;
    if right == Right::No {
        return Err(not_allowed());
    }
    let since = instant(&query.since)?;
    let (previews, documents) = undo::preview(&app.store, device.id, since, MOST).await?;
    let places: Vec<DocumentId> = previews.iter().filter_map(|p| p.place).collect();
    let names: BTreeMap<DocumentId, String> =
        app.store.place_names(places).await?.into_iter().collect();
    app.store
        .database()
        .audit(Entry {
            at: app.now(),
            by: by.actor(),
            action: "undo.preview",
            subject: device.id.to_string(),
            detail: format!("since={} documents={documents}", since.0),
        })
        .await?;
    let changes = previews.into_iter().map(|preview| {
        let reads = by.right_to_document(Act::ReadDocument, preview.kind, &preview.organisation)
            == Right::Alone;
        UndoneChange {
            document: preview.document,
            kind: preview.kind.as_str(),
            organisation: preview.organisation,
            place: preview.place.and_then(|id| names.get(&id).cloned()),
            fields: preview
                .fields
                .into_iter()
                .map(|field| FieldSetBack {
                    field: field.path.join("/"),
                    was: reads.then_some(field.was),
                    becomes: reads.then_some(field.becomes),
                })
                .collect(),
            left: preview.left,
        }
    });
    Ok(Json(UndoPreview {
        needs_second: right == Right::WithSecond,
        documents,
        changes: changes.collect(),
        quarantined: app.store.quarantined_of(device.id).await?,
    }))
}

/// Takes back everything that a device said since a time, also of one that was revoked. It
/// goes on in the background; what others said since stays, and is listed.
#[utoipa::path(
    post,
    path = "/devices/{id}/undo",
    tag = "devices",
    params(("id" = String, Path, description = "The device")),
    request_body = UndoOrder,
    responses(
        (status = 201, description = "Begun", body = UndoBegun),
        (status = 202, description = "It waits for a second person", body = PendingAct),
        (status = 403, description = "`not_allowed`: of a role that the caller does not decide about", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such device", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn make(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<DeviceId>>,
    Checked(Json(order)): Checked<Json<UndoOrder>>,
) -> Result<Response, Problem> {
    let since = instant(&order.since)?;
    let asked = Asked {
        act: Wanted::UndoDevice,
        subject: id.to_string(),
        since: Some(since),
        quarantine: order.quarantine,
    };
    decided(&app, caller.principal(), id, asked).await
}

/// Takes an undo back.
#[utoipa::path(
    post,
    path = "/undos/{id}/take-back",
    tag = "devices",
    params(("id" = i64, Path, description = "The undo")),
    responses(
        (status = 201, description = "Begun", body = UndoBegun),
        (status = 202, description = "It waits for a second person", body = PendingAct),
        (status = 404, description = "No such undo", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`undo_not_done`, or `undo_of_undo`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn take_back(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<i64>>,
) -> Result<Response, Problem> {
    let undo = app.store.undo(id).await?.ok_or_else(Problem::not_found)?;
    known(&app, caller.principal(), Act::UndoDevice, undo.asked.device).await?;
    if undo.done_at.is_none() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "undo_not_done",
            "This undo is still at work. Wait until it is done, then take it back.",
        ));
    }
    if undo.asked.of.is_some() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "undo_of_undo",
            "This one took an undo back. Take back what the device said once more instead.",
        ));
    }
    let asked = Asked {
        act: Wanted::UndoUndo,
        subject: id.to_string(),
        since: None,
        quarantine: false,
    };
    decided(&app, caller.principal(), undo.asked.device, asked).await
}

/// Does it, or asks a second person.
async fn decided(
    app: &AppState,
    by: &Principal,
    device: DeviceId,
    asked: Asked,
) -> Result<Response, Problem> {
    let (_, right) = known(app, by, Act::UndoDevice, device).await?;
    match right {
        Right::No => Err(not_allowed()),
        Right::WithSecond => {
            let pending = decisions::ask(app, by, asked).await?;
            Ok((StatusCode::ACCEPTED, Json(pending)).into_response())
        }
        Right::Alone => {
            let undo = undos::ask(app, &asked, by.actor()).await?;
            Ok((StatusCode::CREATED, Json(UndoBegun { undo })).into_response())
        }
    }
}

/// The undos of devices that the caller sees.
#[utoipa::path(
    get,
    path = "/undos",
    tag = "devices",
    responses((status = 200, description = "Undos", body = Undos)),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
) -> Result<Json<Undos>, Problem> {
    // Others' undos are passed over before the list is cut, or they would push out the caller's.
    let mut sees = BTreeMap::new();
    let mut undos = Vec::new();
    for undo in app.store.undos(u32::MAX).await? {
        let device = undo.asked.device;
        if let btree_map::Entry::Vacant(unknown) = sees.entry(device) {
            let right = known(&app, caller.principal(), Act::UndoDevice, device).await;
            unknown.insert(right.is_ok_and(|(_, right)| right != Right::No));
        }
        if sees[&device] {
            undos.push(undo.into());
        }
    }
    let all = undos.len();
    undos.truncate(MOST_UNDOS);
    Ok(Json(Undos { undos, all }))
}

/// An undo, document by document: what was left is for a person to look at.
#[utoipa::path(
    get,
    path = "/undos/{id}",
    tag = "devices",
    params(("id" = i64, Path, description = "The undo")),
    responses(
        (status = 200, description = "The undo", body = UndoDetail),
        (status = 404, description = "No such undo", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<i64>>,
) -> Result<Json<UndoDetail>, Problem> {
    let undo = app.store.undo(id).await?.ok_or_else(Problem::not_found)?;
    let (_, right) = known(&app, caller.principal(), Act::UndoDevice, undo.asked.device).await?;
    if right == Right::No {
        return Err(not_allowed());
    }
    let documents = app.store.undone_documents(id, None, u32::MAX).await?;
    let all = documents.len();
    Ok(Json(UndoDetail {
        undo: undo.into(),
        documents: documents
            .into_iter()
            .take(MOST_UNDONE)
            .map(Undone::from)
            .collect(),
        all,
    }))
}
