//! Whether the server lives, and whether it can serve.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::app::AppState;
use crate::http::address::Stranger;
use crate::http::{Problem, ProblemBody};

/// The same two at the root, where those who watch over servers look for them.
pub(crate) fn at_root() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
}

/// The process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "server",
    responses((status = 200, description = "Alive", body = String, content_type = "text/plain")),
    security(())
)]
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// The store answers, and the server is not about to end.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    responses(
        (status = 200, description = "Ready", body = String, content_type = "text/plain"),
        (status = 503, description = "`busy` or `closing`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn ready(
    State(app): State<AppState>,
    _: Stranger,
) -> Result<&'static str, Problem> {
    if *app.closing.borrow() {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "closing",
            "The server is about to end. Try again in a moment.",
        )
        .retry_after(5));
    }
    app.store.organisations().await?;
    Ok("ready\n")
}
