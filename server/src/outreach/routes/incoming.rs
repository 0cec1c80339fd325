//! Arrivals of late: that something came, never what.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use crate::outreach::state::AppState;
use crate::outreach::store::incoming::Incoming as Row;
use crate::outreach::store::incoming::IncomingStore;
use crate::shared::access::{Caller, Coordinating};
use crate::shared::accounts::members::Organisation;
use crate::shared::http::{Checked, Problem, Rfc3339};

/// Most lines in one answer.
const MOST: u32 = 500;

/// How much to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Limit {
    /// Lines: 1 to 500.
    #[serde(default = "fifty")]
    #[param(default = 50)]
    limit: u32,
}

const fn fifty() -> u32 {
    50
}

/// What came in lately, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Incoming {
    /// The lines.
    incoming: Vec<Line>,
}

/// Changes to one document that came in one request.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = IncomingLine)]
pub(crate) struct Line {
    /// When they came.
    #[schema(value_type = String, format = DateTime)]
    received_at: Rfc3339,
    /// The organisation whose device sent them.
    organisation: Organisation,
    /// `visit`, `place`, `alert` or `feedback`.
    #[schema(value_type = sync_core::model::Kind)]
    kind: &'static str,
    /// The code of the district that it concerns, when it concerns one.
    district: Option<String>,
    /// How many changes.
    changes: u64,
    /// Whether one of them was made long before it came.
    late: bool,
}

impl From<Row> for Line {
    fn from(row: Row) -> Self {
        Self {
            received_at: row.received_at.into(),
            organisation: row.organisation,
            kind: row.kind.as_str(),
            district: row.district,
            changes: row.changes,
            late: row.late,
        }
    }
}

/// What came in lately from every organisation, without content.
#[utoipa::path(
    get,
    path = "/incoming",
    tag = "estimate",
    params(Limit),
    responses((status = 200, description = "The newest arrivals", body = Incoming)),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    _caller: Caller<Coordinating>,
    Checked(Query(Limit { limit })): Checked<Query<Limit>>,
) -> Result<Json<Incoming>, Problem> {
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::malformed("limit is from 1 to 500."));
    }
    let rows = app.store.incoming(limit).await?;
    Ok(Json(Incoming {
        incoming: rows.into_iter().map(Line::from).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn says_that_something_came_and_not_what() {
        let app = TestApp::new().await;
        let coordinator = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let other = app.enrolled(Role::Worker, "forening-a").await;
        app.place(&coordinator, 1).await;
        app.pass(60_000);
        app.place(&other, 2).await;
        let get = |path: &'static str| app.get(path).bearer(&coordinator.token).send();
        let reply = get("/incoming").await;
        let lines = reply.json["incoming"].as_array().unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[0],
            json!({
                "received_at": "2026-01-31T20:01:00Z",
                "organisation": {"id": "forening-a", "name": "Förening A (exempel)"},
                "kind": "place", "district": "sodermalm", "changes": 1, "late": false
            })
        );
        assert_eq!(lines[1]["organisation"]["id"], "eu-teamet");
        let one = get("/incoming?limit=1").await;
        assert_eq!(one.json["incoming"].as_array().unwrap().len(), 1);
        get("/incoming?limit=0")
            .await
            .is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
}
