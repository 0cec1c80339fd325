//! One line in the log a request: method, route, status, time, device. Never a
//! query, a body or an address that was asked for as it stands.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

/// Logs the request that it wraps.
pub(super) async fn line(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("web", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!(
        "request",
        method = %request.method(),
        route,
        device = tracing::field::Empty,
    );
    async move {
        let begun = Instant::now();
        let response = next.run(request).await;
        let status = response.status();
        let ms = begun.elapsed().as_millis();
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
