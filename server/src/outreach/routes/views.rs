//! Views and complaints, as the organisation that they are about handles them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sync_core::ids::{DocumentId, RecordId};
use sync_core::model::{Content, Feedback, Handling, Language, Step};

use super::document_problem::{self, DocumentProblem};
use crate::outreach::application::documents;
use crate::outreach::state::AppState;
use crate::outreach::store::Act;
use crate::outreach::store::feedback::FeedbackStore;
use crate::outreach::sync::server_changes;
use crate::shared::access::{Caller, Coordinating};
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};

/// Most views in one answer.
const MOST: u32 = 200;

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ViewsFrom {
    /// How many views to pass over: those of the pages before.
    #[serde(default)]
    #[param(default = 0)]
    from: u32,
}

/// Views and complaints: those without an end first, the longest waiting before all; then
/// the others, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Views {
    /// The views.
    feedback: Vec<View>,
    /// Whether there are more: ask again with `from`.
    more: bool,
}

/// A view or a complaint.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct View {
    /// The document.
    #[schema(value_type = String)]
    id: DocumentId,
    /// What the visitor says.
    text: String,
    /// In which language.
    language: Language,
    /// The short name of the organisation that it is about; none: the partnership.
    about: Option<String>,
    /// The noon before it came: not the minute, so that nobody can tell which
    /// encounter it followed.
    #[schema(value_type = String, format = DateTime)]
    at: Rfc3339,
    /// What was done, the first step first.
    steps: Vec<StepEntry>,
    /// The reply, for whoever holds the receipt.
    reply: String,
}

/// A step of the handling.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct StepEntry {
    /// What was done.
    handling: Handling,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Rfc3339,
    /// Why, or what was found.
    note: String,
}

/// What was done about a view.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepRequest {
    /// `received`, `investigating`, `answered` or `closed`.
    handling: Handling,
    /// Why, or what was found; stays within the organisation.
    #[serde(default)]
    note: String,
    /// What whoever holds the receipt may read; left out, the reply stays as it is.
    #[serde(default)]
    reply: Option<String>,
}

/// Lists the own organisation's views and complaints: at most 200.
#[utoipa::path(
    get,
    path = "/feedback",
    tag = "feedback",
    params(ViewsFrom),
    responses((status = 200, description = "Views and complaints", body = Views)),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Query(ViewsFrom { from })): Checked<Query<ViewsFrom>>,
) -> Result<Json<Views>, Problem> {
    let (ids, more) = app
        .store
        .feedback_of(caller.organisation().clone(), from, MOST)
        .await?;
    let feedback: Vec<View> = server_changes::read(&app.store, ids)
        .await?
        .into_iter()
        .filter_map(|(id, standing)| match standing.content {
            Content::Feedback(feedback) => Some(view(id, feedback)),
            _ => None,
        })
        .collect();
    if !feedback.is_empty() {
        let (by, of) = (caller.principal(), caller.organisation().to_string());
        let detail = format!("feedback={}", feedback.len());
        document_problem::note(&app, by, "feedback.read", of, detail).await?;
    }
    Ok(Json(Views { feedback, more }))
}

fn view(id: DocumentId, feedback: Feedback) -> View {
    let mut steps: Vec<Step> = feedback
        .steps
        .0
        .into_values()
        .filter(|step| !step.withdrawn)
        .collect();
    steps.sort_by_key(|step| step.at);
    View {
        id,
        text: feedback.text,
        language: feedback.language,
        about: feedback.about,
        at: feedback.at.into(),
        steps: steps
            .into_iter()
            .map(|step| StepEntry {
                handling: step.handling,
                at: step.at.into(),
                note: step.note,
            })
            .collect(),
        reply: feedback.reply,
    }
}

/// Notes what was done about a view or a complaint.
#[utoipa::path(
    post,
    path = "/feedback/{id}/handle",
    tag = "feedback",
    params(("id" = String, Path, description = "The view")),
    request_body = StepRequest,
    responses(
        (status = 204, description = "On disk"),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: no view of the own organisation", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn handle(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Path(id)): Checked<Path<DocumentId>>,
    Checked(Json(request)): Checked<Json<StepRequest>>,
) -> Result<StatusCode, DocumentProblem> {
    document_problem::seen(&app, id, |standing| {
        matches!(standing.content, Content::Feedback(_))
            && standing.organisation == *caller.organisation()
    })
    .await?;
    let now = app.now();
    let handling = request.handling;
    let record = RecordId::from_bytes(app.base.entropy.draw());
    let edit = move |content| match content {
        Content::Feedback(mut feedback) => {
            let step = Step {
                handling,
                at: now,
                note: request.note,
                withdrawn: false,
            };
            feedback.steps.insert(record, step);
            if let Some(reply) = request.reply {
                feedback.reply = reply;
            }
            Content::Feedback(feedback)
        }
        other => other,
    };
    let act = Act {
        action: "feedback.handle",
        detail: format!("handling={handling}"),
    };
    documents::change(&app, caller.principal(), act, id, edit).await?;
    Ok(StatusCode::NO_CONTENT)
}
