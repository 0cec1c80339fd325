//! One line in the log a request: method, route, status, time, device. Never a
//! query, a body or an address that was asked for as it stands.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::RequestFigures;

/// Logs and counts the request that it wraps.
pub(super) async fn line(
    State(figures): State<Arc<RequestFigures>>,
    request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("web", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!(
        "request",
        method = %method,
        route = %route,
        device = tracing::field::Empty,
    );
    async move {
        let begun = Instant::now();
        let response = next.run(request).await;
        let status = response.status();
        let took = begun.elapsed();
        figures.answered(&method, &route, status, took);
        let ms = took.as_millis();
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), ms, "answered");
        }
        response
    }
    .instrument(span)
    .await
}
