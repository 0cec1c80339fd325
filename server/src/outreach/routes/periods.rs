//! The last periods side by side.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sync_core::time::Period;

use crate::outreach::estimate::{EstimateReport, Figure, Message};
use crate::outreach::state::AppState;
use crate::shared::access::{Caller, Coordinating};
use crate::shared::http::{Checked, Problem};

/// Most periods in one answer: two years and a half of four weeks each.
const MOST: u32 = 36;

/// How many periods.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowMany {
    /// Periods: 1 to 36.
    #[serde(default = "twelve")]
    #[param(default = 12)]
    count: u32,
}

const fn twelve() -> u32 {
    12
}

/// Periods, the oldest first; the last one is the present.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Periods {
    /// The periods.
    periods: Vec<PeriodLine>,
}

/// A period's figures.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PeriodLine {
    /// The first night, `YYYY-MM-DD`.
    start: String,
    /// The last night.
    end: String,
    /// Persons seen on a mean night.
    seen: u64,
    /// The estimate, when the visits can carry one.
    estimate: Option<Figure>,
    /// Why there is none.
    refusal: Option<Message>,
}

impl From<&EstimateReport> for PeriodLine {
    fn from(report: &EstimateReport) -> Self {
        Self {
            start: report.period.start.clone(),
            end: report.period.end.clone(),
            seen: report.seen.persons,
            estimate: report.estimate,
            refusal: report.refusal.clone(),
        }
    }
}

/// The last periods, those before the first visit left out.
#[utoipa::path(
    get,
    path = "/periods",
    tag = "estimate",
    params(HowMany),
    responses((status = 200, description = "The periods", body = Periods)),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    _caller: Caller<Coordinating>,
    Checked(Query(HowMany { count })): Checked<Query<HowMany>>,
) -> Result<Json<Periods>, Problem> {
    if !(1..=MOST).contains(&count) {
        return Err(Problem::malformed("count is from 1 to 36."));
    }
    let now = app.now();
    let last = Period::of(now.night(), app.base.config.period_days.get());
    let found = app
        .reports
        .reports(&app.store, last, count, &app.base.config.districts, now)
        .await?;
    Ok(Json(Periods {
        periods: found
            .iter()
            .map(|report| PeriodLine::from(&**report))
            .collect(),
    }))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn the_present_period_is_always_there() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let get = |path: &'static str| app.get(path).bearer(&device.token).send();
        let reply = get("/periods").await;
        assert_eq!(reply.status, StatusCode::OK);
        let periods = reply.json["periods"].as_array().unwrap();
        assert_eq!(periods.len(), 1);
        assert_eq!(periods[0]["start"], "2026-01-26");
        assert_eq!(periods[0]["refusal"]["code"], "no_data");
        get("/periods?count=99")
            .await
            .is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
}
