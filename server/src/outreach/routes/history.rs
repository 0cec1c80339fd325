//! Who did what with a document: a place, or one of the own organisation's.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sync_core::document::Touch;
use sync_core::ids::{DeviceId, DocumentId, Hash, OrganisationId};

use super::decisions::not_allowed;
use crate::outreach::rights::Rights as _;
use crate::outreach::rights::{Act, Right};
use crate::outreach::state::AppState;
use crate::outreach::store::history::HistoryStore;
use crate::outreach::store::log::{Found, LogStore};
use crate::outreach::sync::server_changes;
use crate::shared::access::{Caller, Coordinating};
use crate::shared::audit::Entry;
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};
use crate::shared::principal::Role;

/// Most entries in one answer.
const MOST: usize = 1_000;

/// Who did what, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct History {
    /// The changes: at most 1,000, the newest that were not passed over.
    changes: Vec<HistoryEntry>,
    /// How many there are in all: ask for the others with `from`.
    all: usize,
}

/// Which part of it.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryFrom {
    /// How many changes to pass over, from the newest.
    #[serde(default)]
    #[param(default = 0)]
    from: usize,
}

/// A change, without what it says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct HistoryEntry {
    /// When the server received it.
    #[schema(value_type = String, format = DateTime)]
    received_at: Rfc3339,
    /// The device that made it; all zeros for the server's own hand.
    #[schema(value_type = String)]
    device: DeviceId,
    /// The device's organisation; none for the server's own hand.
    #[schema(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
    /// Its member's role.
    role: Option<Role>,
    /// Whether the change made the document.
    made: bool,
    /// The fields that it wrote and the records that it made, e.g. `counts/0f…/adults`.
    fields: Vec<String>,
}

/// Who did what with a document, without what they said. Reading it leaves a row in the audit.
#[utoipa::path(
    get,
    path = "/documents/{id}/history",
    tag = "documents",
    params(("id" = String, Path, description = "The document"), HistoryFrom),
    responses(
        (status = 200, description = "Who did what", body = History),
        (status = 403, description = "`not_allowed`: another organisation's", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such document", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Path(id)): Checked<Path<DocumentId>>,
    Checked(Query(HistoryFrom { from })): Checked<Query<HistoryFrom>>,
) -> Result<Json<History>, Problem> {
    let by = caller.principal();
    let Some(Found::Document(stored)) = app.store.find(vec![id]).await?.pop() else {
        return Err(Problem::not_found());
    };
    if by.right_to_document(Act::ReadHistory, stored.kind, &stored.organisation) != Right::Alone {
        return Err(not_allowed());
    }
    let touched: BTreeMap<Hash, Touch> = server_changes::history(id, stored)
        .await?
        .into_iter()
        .map(|touch| (touch.change, touch))
        .collect();
    let changes = app.store.changes_of(id).await?;
    app.store
        .database()
        .audit(Entry {
            at: app.now(),
            by: by.actor(),
            action: "document.history",
            subject: id.to_string(),
            detail: format!("changes={}", changes.len()),
        })
        .await?;
    let all = changes.len();
    let entries = changes
        .into_iter()
        .rev()
        .skip(from)
        .take(MOST)
        .map(|change| {
            let touch = touched.get(&change.hash);
            let (organisation, role) = change.by.unzip();
            HistoryEntry {
                received_at: change.received_at.into(),
                device: change.device,
                organisation,
                role,
                made: touch.is_some_and(|touch| touch.made),
                fields: touch
                    .map(|touch| touch.paths.iter().map(|path| path.join("/")).collect())
                    .unwrap_or_default(),
            }
        });
    Ok(Json(History {
        changes: entries.collect(),
        all,
    }))
}
