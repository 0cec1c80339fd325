//! "There is news": server-sent events that carry a cursor and nothing else.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::app::AppState;
use crate::auth::{AnyMember, Caller};
use crate::http::ProblemBody;

/// A comment this often keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A stream ends after this long; the client comes back and is asked again who
/// it is, so that a revoked device does not listen for ever.
const LIFETIME: Duration = Duration::from_mins(30);
/// At most one event this often: a busy hour must not wake every phone for
/// every visit, nor lead a page that reads everything anew past its rate.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells where the log stands, at once and after each change.
#[utoipa::path(
    get,
    path = "/events",
    tag = "sync",
    responses(
        (status = 200, description = "`event: news`, `data: {\"cursor\":n}`; a comment every 20 s", content_type = "text/event-stream", body = String),
        (status = 401, description = "`token_unknown`, `signed_out` or `session_ended`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(
        ("token" = ["worker", "coordinator", "reader", "duty", "administrator"]),
        ("session" = ["coordinator", "reader", "duty", "administrator"])
    )
)]
pub(crate) async fn events(
    State(app): State<AppState>,
    _caller: Caller<AnyMember>,
) -> impl IntoResponse {
    let stream = news(app.store.news(), app.closing.clone());
    (
        [(CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)),
    )
}

fn news(
    log: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let ends = Instant::now() + LIFETIME;
    unfold(
        (log, closing, true),
        move |(mut log, mut closing, first)| async move {
            if !first {
                tokio::select! {
                    changed = log.changed() => changed.ok()?,
                    // Also when the sender is gone: the server has ended.
                    _ = closing.wait_for(|closing| *closing) => return None,
                    () = tokio::time::sleep_until(ends) => return None,
                }
                tokio::time::sleep(PAUSE).await;
            }
            let cursor = *log.borrow_and_update();
            let event = Event::default()
                .event("news")
                .data(format!("{{\"cursor\":{cursor}}}"));
            Some((Ok(event), (log, closing, false)))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;

    #[tokio::test(start_paused = true)]
    async fn says_where_the_log_stands_and_ends_with_the_server() {
        let (log, log_seen) = watch::channel(7);
        let (close, closing) = watch::channel(false);
        let mut stream = Box::pin(news(log_seen, closing));
        assert!(stream.next().await.is_some());
        log.send(8).unwrap();
        log.send(9).unwrap();
        assert!(stream.next().await.is_some());
        // Both changes were told at once; now the server closes.
        close.send(true).unwrap();
        assert!(stream.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn ends_after_its_lifetime() {
        let (_log, log_seen) = watch::channel(7);
        let (_close, closing) = watch::channel(false);
        let mut stream = Box::pin(news(log_seen, closing));
        assert!(stream.next().await.is_some());
        assert!(stream.next().await.is_none());
    }
}
