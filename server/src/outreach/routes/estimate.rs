//! The live estimate of a period.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use sync_core::time::{Instant, Night, Period};

use crate::outreach::estimate::EstimateReport;
use crate::outreach::state::AppState;
use crate::shared::access::{Caller, Reading};
use crate::shared::http::{Checked, Problem, ProblemBody, json_once};

/// Which period.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// A night of the period, `YYYY-MM-DD`; the present period without it.
    #[param(value_type = Option<String>, format = Date)]
    period: Option<Night>,
}

impl Which {
    /// The period asked for.
    pub(super) fn period(&self, app: &AppState, now: Instant) -> Period {
        let night = self.period.unwrap_or_else(|| now.night());
        Period::of(night, app.base.config.period_days.get())
    }
}

/// What was seen in a period and what follows from it. Has an `ETag`.
#[utoipa::path(
    get,
    path = "/estimate",
    tag = "estimate",
    params(Which),
    responses(
        (status = 200, description = "The report", body = EstimateReport),
        (status = 304, description = "Nothing changed since the `ETag` in `If-None-Match`"),
        (status = 400, description = "`malformed`: that is no night", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "reader"]), ("session" = ["coordinator", "reader"]))
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    _caller: Caller<Reading>,
    Checked(Query(which)): Checked<Query<Which>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let now = app.now();
    let period = which.period(&app, now);
    let report: Arc<EstimateReport> = app
        .reports
        .report(&app.store, period, &app.base.config.districts, now)
        .await?;
    Ok(json_once(&headers, &*report))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn the_period_of_a_night() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        app.place(&device, 1).await;
        let get = |path: &'static str| app.get(path).bearer(&device.token).send();
        let present = get("/estimate").await;
        assert_eq!(present.status, StatusCode::OK, "{}", present.json);
        assert_eq!(present.json["period"]["start"], "2026-01-26");
        assert_eq!(present.json["coverage"]["places"], 1);
        assert_eq!(present.json["districts"].as_array().unwrap().len(), 11);
        let same = get("/estimate?period=2026-02-10").await;
        assert_eq!(same.json["period"], present.json["period"]);
        let earlier = get("/estimate?period=2026-01-25").await;
        assert_eq!(earlier.json["period"]["end"], "2026-01-25");
        for bad in ["/estimate?period=yesterday", "/estimate?perod=2026-02-10"] {
            get(bad)
                .await
                .is_problem(StatusCode::BAD_REQUEST, "malformed");
        }
    }

    #[tokio::test]
    async fn is_sent_again_only_when_something_came() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let first = app.get("/estimate").bearer(&device.token).send().await;
        let tag = first.headers["etag"].to_str().unwrap();
        let again = || {
            app.get("/estimate")
                .bearer(&device.token)
                .header("if-none-match", tag)
                .send()
        };
        assert_eq!(again().await.status, StatusCode::NOT_MODIFIED);
        app.place(&device, 1).await;
        assert_eq!(again().await.status, StatusCode::OK);
    }
}
