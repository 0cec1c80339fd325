//! A person has looked at why retention stands still, and asks that it goes on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::decisions::{self, PendingAct, not_allowed};
use crate::outreach::application::retention;
use crate::outreach::rights::Rights as _;
use crate::outreach::rights::{Act, Right};
use crate::outreach::state::AppState;
use crate::outreach::store::acts::{Asked, Wanted};
use crate::shared::access::{Administering, Caller};
use crate::shared::http::{Checked, Problem, ProblemBody};

/// How retention goes on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoOn {
    /// Whether all that is there counts as received now: for a clock that was behind.
    #[serde(default)]
    anew: bool,
}

/// Asks that retention goes on: the clock is right, or the number of what is due is as it
/// should be. See `reason` in `GET /readyz`. It destroys what all organisations recorded,
/// so a second person confirms it, for the reason and the number that are `subject`.
#[utoipa::path(
    post,
    path = "/retention/go-on",
    tag = "server",
    request_body = GoOn,
    responses(
        (status = 202, description = "It waits for a second person", body = PendingAct),
        (status = 403, description = "`role_not_allowed`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["administrator"]), ("session" = ["administrator"]))
)]
pub(crate) async fn go_on(
    State(app): State<AppState>,
    caller: Caller<Administering>,
    Checked(Json(said)): Checked<Json<GoOn>>,
) -> Result<(StatusCode, Json<PendingAct>), Problem> {
    let by = caller.principal();
    if by.right_to_all(Act::RetentionGoOn) == Right::No {
        return Err(not_allowed());
    }
    let days = &app.base.config.retention;
    let looked = retention::looked(&app.store, days, said.anew, app.now()).await?;
    let asked = Asked {
        act: Wanted::RetentionGoOn,
        subject: looked.to_string(),
        since: None,
        quarantine: false,
    };
    let pending = decisions::ask(&app, by, asked).await?;
    Ok((StatusCode::ACCEPTED, Json(pending)))
}
