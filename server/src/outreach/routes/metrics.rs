//! Figures for whoever watches over the server, as `OpenMetrics` text on a listener of
//! their own.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use super::health;
use crate::outreach::state::AppState;
use crate::shared::http::Problem;

/// Returns the routes of the private listener: `/metrics`, `/healthz`, `/readyz`.
pub fn private(app: AppState) -> Router {
    health::at_root()
        .route("/metrics", get(metrics))
        .with_state(app)
}

async fn metrics(State(app): State<AppState>) -> Result<impl IntoResponse, Problem> {
    const OPEN_METRICS: [(HeaderName, &str); 1] = [(
        CONTENT_TYPE,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    )];
    let text = app.metrics.text(&app.store, &app.times, app.now()).await?;
    Ok((OPEN_METRICS, text))
}
