//! A person has looked at why retention stands still.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::auth::{Administering, Caller};
use crate::http::{Checked, Problem, ProblemBody};
use crate::retention::{self, Stop};

/// How retention goes on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoOn {
    /// Whether all that is there counts as received now: for a clock that was behind.
    #[serde(default)]
    anew: bool,
}

/// What came of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct WentOn {
    /// Why it stood still.
    was: Option<Stop>,
    /// Why it still does: an unusual number is looked at once the clock is right.
    is: Option<Stop>,
}

/// Lets retention go on: the clock is right, or the number of what is due is as it should
/// be. See `reason` in `GET /readyz`.
#[utoipa::path(
    post,
    path = "/retention/go-on",
    tag = "server",
    request_body = GoOn,
    responses(
        (status = 200, description = "Noted", body = WentOn),
        (status = 403, description = "`role_not_allowed`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["administrator"]), ("session" = ["administrator"]))
)]
pub(crate) async fn go_on(
    State(app): State<AppState>,
    caller: Caller<Administering>,
    Checked(Json(said)): Checked<Json<GoOn>>,
) -> Result<Json<WentOn>, Problem> {
    let by = Some(caller.identity().device);
    let days = &app.config.retention;
    let was = retention::go_on(&app.store, days, said.anew, by, app.now()).await?;
    retention::run(&app).await?;
    let is = app.times.standing().stop;
    Ok(Json(WentOn { was, is }))
}
