//! The live estimate of the distinct people of a period.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::estimate::Which;
use crate::outreach::estimate::PeopleReport;
use crate::outreach::state::AppState;
use crate::shared::access::{Caller, Coordinating};
use crate::shared::http::{Checked, Problem, ProblemBody, json_once};

/// How many different people there were during a period, from the encounters of
/// all organisations. Has an `ETag`.
#[utoipa::path(
    get,
    path = "/people",
    tag = "estimate",
    params(Which),
    responses(
        (status = 200, description = "The report", body = PeopleReport),
        (status = 304, description = "Nothing changed since the `ETag` in `If-None-Match`"),
        (status = 400, description = "`malformed`: that is no night", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    _caller: Caller<Coordinating>,
    Checked(Query(which)): Checked<Query<Which>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let now = app.now();
    let period = which.period(&app, now);
    let night = app
        .reports
        .report(&app.store, period, &app.base.config.districts, now)
        .await?;
    let people: Arc<PeopleReport> = app.reports.people(&app.store, period, &night).await?;
    Ok(json_once(&headers, &*people))
}
