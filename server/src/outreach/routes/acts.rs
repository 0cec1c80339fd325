//! Acts that need two people: what waits, confirming it, taking it back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;

use super::decisions::PendingAct;
use crate::outreach::application::acts;
use crate::outreach::state::AppState;
use crate::outreach::store::acts::{ActStore, Asked, Settled};
use crate::shared::access::{Caller, Deciding};
use crate::shared::http::{Checked, Problem, ProblemBody};

/// What waits for a second person, the oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Acts {
    /// The acts.
    acts: Vec<PendingAct>,
}

/// What waits for a second person.
#[utoipa::path(
    get,
    path = "/acts",
    tag = "devices",
    responses((status = 200, description = "What waits", body = Acts)),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
) -> Result<Json<Acts>, Problem> {
    let waiting = app.store.waiting_acts(app.now()).await?;
    let seen = |waiting| PendingAct::seen_by(caller.principal(), waiting);
    Ok(Json(Acts {
        acts: waiting.into_iter().map(seen).collect(),
    }))
}

/// Confirms what another organisation's coordinator asked for: it is done now.
#[utoipa::path(
    post,
    path = "/acts/{id}/confirm",
    tag = "devices",
    params(("id" = i64, Path, description = "The act")),
    responses(
        (status = 204, description = "Done, or begun"),
        (status = 403, description = "`not_allowed`: somebody else must confirm it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such act, or no longer", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`retention_changed`: it stands still for another reason now, or no longer", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn confirm(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<i64>>,
) -> Result<StatusCode, Problem> {
    let by = caller.principal().clone();
    let actor = by.actor();
    let asked = settled(app.store.confirm_act(id, by, app.now()).await?)?;
    tracing::info!(act = id, what = ?asked.act, by = ?actor.device, "a second person confirmed");
    if let Err(error) = acts::perform(&app, asked, actor).await {
        app.store.reopen_act(id).await?;
        return Err(error.into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back what was asked for.
#[utoipa::path(
    post,
    path = "/acts/{id}/withdraw",
    tag = "devices",
    params(("id" = i64, Path, description = "The act")),
    responses(
        (status = 204, description = "It will not be done"),
        (status = 403, description = "`not_allowed`: somebody else asked for it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such act, or no longer", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn withdraw(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<i64>>,
) -> Result<StatusCode, Problem> {
    let by = caller.principal().clone();
    settled(app.store.withdraw_act(id, by, app.now()).await?)?;
    Ok(StatusCode::NO_CONTENT)
}

fn settled(settled: Settled) -> Result<Asked, Problem> {
    match settled {
        Settled::Done(asked) => Ok(asked),
        Settled::Unknown => Err(Problem::not_found()),
        Settled::NotAllowed => Err(Problem::forbidden(
            "not_allowed",
            "A second person must do this: a coordinator of another organisation, or an administrator.",
        )),
    }
}
