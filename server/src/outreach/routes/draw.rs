//! The places drawn for the present period: visits to them say what the chosen
//! visits cannot.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sync_core::ids::DocumentId;
use sync_core::time::Night;

use crate::outreach::projection::DrawView;
use crate::outreach::projection::Period;
use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::outreach::store::draws::{DrawRequest, DrawStore, Drawing};
use crate::shared::access::{Caller, Coordinating};
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};

/// Most places that a coordinator may draw.
const MOST: u32 = 200;

/// What to draw.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DrawOrder {
    /// How many places, 1 to 200; without it, what the configuration says.
    count: Option<u32>,
}

/// A draw.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Draw {
    /// The period's first night, `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    period: Night,
    /// When it was made; `null` when none was made yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    drawn_at: Option<Rfc3339>,
    /// The seed by which the draw can be repeated, as text: not every reader holds 64 bits.
    /// `null` when none was made yet.
    seed: Option<String>,
    /// The drawn places, in the order in which they were drawn.
    places: Vec<DrawnPlace>,
}

/// A drawn place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct DrawnPlace {
    /// The place.
    #[schema(value_type = String)]
    place: DocumentId,
    /// What workers call it; empty when it was erased since.
    name: String,
    /// Its district's code.
    district: String,
    /// Whether it was seen whole after the draw.
    visited: bool,
}

impl Draw {
    fn none(period: Period) -> Self {
        Self {
            period: period.first,
            drawn_at: None,
            seed: None,
            places: Vec::new(),
        }
    }
}

impl From<DrawView> for Draw {
    fn from(view: DrawView) -> Self {
        let places = view.places.into_iter().map(|place| DrawnPlace {
            place: place.place,
            name: place.name,
            district: place.district,
            visited: place.visited,
        });
        Self {
            period: view.period,
            drawn_at: Some(view.drawn_at.into()),
            seed: Some(view.seed.to_string()),
            places: places.collect(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DrawFailure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the period has its draw")]
    AlreadyDrawn,
    #[error("no place can be drawn")]
    Nothing,
    #[error("{0} places cannot be drawn")]
    Count(u32),
}

impl IntoResponse for DrawFailure {
    fn into_response(self) -> Response {
        match self {
            Self::Store(error) => error.into(),
            Self::AlreadyDrawn => Problem::new(
                StatusCode::CONFLICT,
                "already_drawn",
                "This period has its draw. A second one would let somebody choose; the next period gets its own.",
            ),
            Self::Nothing => Problem::new(
                StatusCode::CONFLICT,
                "nothing_to_draw",
                "There is no place to draw: none is known, or all were seen in this period.",
            ),
            Self::Count(_) => Problem::malformed("From 1 to 200 places can be drawn."),
        }
        .into_response()
    }
}

fn present(app: &AppState) -> Period {
    Period::of(app.now().night(), app.base.config.period_days.get())
}

/// The present period's draw.
#[utoipa::path(
    get,
    path = "/draw",
    tag = "estimate",
    responses((status = 200, description = "The draw, or that there is none yet", body = Draw)),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    _caller: Caller<Coordinating>,
) -> Result<Json<Draw>, Problem> {
    let period = present(&app);
    let draw = app.store.draw(period).await?;
    Ok(Json(draw.map_or_else(|| Draw::none(period), Draw::from)))
}

/// Draws now, rather than when half of the period has passed. Once a period.
#[utoipa::path(
    post,
    path = "/draw",
    tag = "estimate",
    request_body = DrawOrder,
    responses(
        (status = 201, description = "Drawn", body = Draw),
        (status = 409, description = "`already_drawn` or `nothing_to_draw`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn make(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Json(order)): Checked<Json<DrawOrder>>,
) -> Result<(StatusCode, Json<Draw>), DrawFailure> {
    let count = order.count.unwrap_or(app.base.config.drawn_places.get());
    if !(1..=MOST).contains(&count) {
        return Err(DrawFailure::Count(count));
    }
    let request = DrawRequest {
        period: present(&app),
        count: count as usize,
        seed: u64::from_be_bytes(app.base.entropy.draw()),
        now: app.now(),
        by: caller.principal().actor(),
    };
    match app.store.draw_places(request).await? {
        Drawing::Made(view) => Ok((StatusCode::CREATED, Json(view.into()))),
        Drawing::NothingToDraw => Err(DrawFailure::Nothing),
        Drawing::AlreadyMade(_) | Drawing::NotDue => Err(DrawFailure::AlreadyDrawn),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::{Value, json};

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn one_draw_a_period() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let none = app.get("/draw").bearer(&device.token).send().await;
        assert_eq!(
            none.json,
            json!({"period": "2026-01-26", "drawn_at": Value::Null, "seed": Value::Null, "places": []})
        );
        let draw = |body: Value| app.post("/draw").bearer(&device.token).json(&body).send();
        let reply = draw(json!({"count": 0})).await;
        reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
        let reply = draw(json!({"count": 3})).await;
        reply.is_problem(StatusCode::CONFLICT, "nothing_to_draw");
        app.place(&device, 1).await;
        app.place(&device, 2).await;
        let made = draw(json!({"count": 3})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.json);
        let places = made.json["places"].as_array().unwrap();
        assert_eq!(places.len(), 2);
        assert_eq!(places[0]["district"], "sodermalm");
        assert_eq!(places[0]["visited"], false);
        assert_eq!(made.json["drawn_at"], "2026-01-31T20:00:00Z");
        let seed = made.json["seed"].as_str().unwrap();
        assert!(seed.parse::<u64>().is_ok(), "as text, whole: {seed}");
        let reply = draw(json!({})).await;
        reply.is_problem(StatusCode::CONFLICT, "already_drawn");
        let shown = app.get("/draw").bearer(&device.token).send().await;
        assert_eq!(shown.json, made.json);
        app.pass(28 * 86_400_000);
        assert_eq!(draw(json!({})).await.status, StatusCode::CREATED);
    }
}
