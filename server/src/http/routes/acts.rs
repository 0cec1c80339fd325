//! What needs two people: what waits, confirming it, taking it back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::time::Instant;

use super::{retention, undos};
use crate::app::AppState;
use crate::auth::rights::confirms;
use crate::auth::{Caller, Deciding, Identity, Role};
use crate::http::{Checked, Problem, ProblemBody, Rfc3339};
use crate::store::acts::{Asked, Settled, Waiting, Wanted};

/// What waits for a second person, the oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Acts {
    /// The acts.
    acts: Vec<PendingAct>,
}

/// Something that is done once a second person confirms it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PendingAct {
    /// Its number.
    id: i64,
    /// What is to be done.
    act: Wanted,
    /// To what: a document's, a device's or an undo's id, a key's fingerprint; of retention
    /// why it stands still, for how many documents of a kind, and `anew`.
    subject: String,
    /// Of an undo: since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Rfc3339>,
    /// The device that asked.
    #[schema(value_type = String)]
    asked_by: DeviceId,
    /// Its organisation.
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// Its member's role.
    role: Role,
    /// When it asked.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Rfc3339,
    /// Until when it may be confirmed.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Rfc3339,
    /// Whether the caller may confirm it.
    may_confirm: bool,
    /// Whether the caller may take it back.
    may_withdraw: bool,
}

impl PendingAct {
    fn seen_by(caller: &Identity, waiting: Waiting) -> Self {
        Self {
            id: waiting.id,
            may_confirm: confirms(caller, &waiting.by),
            may_withdraw: waiting.by.member == caller.member || caller.role == Role::Administrator,
            act: waiting.asked.act,
            subject: waiting.asked.subject,
            since: waiting.asked.since.map(Rfc3339),
            asked_by: waiting.by.device,
            organisation: waiting.by.organisation,
            role: waiting.by.role,
            asked_at: waiting.asked_at.into(),
            expires_at: waiting.expires_at.into(),
        }
    }
}

/// Notes that the caller asks for what needs two; the answer's body.
pub(super) async fn ask(
    app: &AppState,
    caller: &Identity,
    asked: Asked,
) -> Result<PendingAct, Problem> {
    let waiting = app.store.ask_act(asked, caller.device, app.now()).await?;
    waiting
        .map(|waiting| PendingAct::seen_by(caller, waiting))
        .ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                "too_many_acts",
                "You have asked for too much that nobody has confirmed. Take some of it back first.",
            )
        })
}

/// The refusal of what the caller may not do to this one.
pub(super) fn not_allowed() -> Problem {
    Problem::forbidden(
        "not_allowed",
        "Your role may not do this to that one. An administrator can.",
    )
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
    let seen = |waiting| PendingAct::seen_by(caller.identity(), waiting);
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
    let by = caller.identity().clone();
    let device = by.device;
    let asked = settled(app.store.confirm_act(id, by, app.now()).await?)?;
    tracing::info!(act = id, what = ?asked.act, by = %device, "a second person confirmed");
    if let Err(problem) = perform(&app, asked, device, app.now()).await {
        app.store.reopen_act(id).await?;
        return Err(problem);
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
    let by = caller.identity().clone();
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

async fn perform(app: &AppState, asked: Asked, by: DeviceId, now: Instant) -> Result<(), Problem> {
    match asked.act {
        Wanted::ReplaceTeamKey => {
            app.store.put_team_key(asked.subject, true, by, now).await?;
        }
        Wanted::EraseDocument => {
            let document = asked.subject.parse().map_err(|_| Problem::internal())?;
            app.store.erase(document, Some(by), now).await?;
        }
        Wanted::UndoDevice | Wanted::UndoUndo => {
            undos::perform(app, &asked, by).await?;
        }
        Wanted::RetentionGoOn => retention::perform(app, &asked, by).await?,
    }
    Ok(())
}
