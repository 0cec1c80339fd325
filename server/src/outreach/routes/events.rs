//! "There is news": server-sent events that carry a cursor and nothing else.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{FromRef, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::outreach::state::AppState;
use crate::outreach::streams::Listener;
use crate::shared::access::Base;
use crate::shared::access::{AnyMember, Caller};
use crate::shared::http::ProblemBody;

/// A comment this often keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A stream ends after this long; the client comes back and is asked again who
/// it is.
const LIFETIME: Duration = Duration::from_mins(30);
/// How often it is looked whether the listener would still be let in, when nobody here
/// was revoked or signed out: another program may have done it, or the session idled.
const LOOK: Duration = Duration::from_secs(30);
/// At most one event this often: a busy hour must not wake every phone for
/// every visit, nor lead a page that reads everything again past its rate.
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
    caller: Caller<AnyMember>,
) -> impl IntoResponse {
    let followed = Followed {
        log: app.store.news(),
        departures: app.store.accounts().departures(),
        closing: app.closing.clone(),
        listener: app.streams.open(caller.principal().device()),
        ends: Instant::now() + LIFETIME,
    };
    let stream = news(followed, move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { caller.is_still_known(&Base::from_ref(&app)).await }
    });
    (
        [(CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)),
    )
}

/// The signals that a stream follows.
struct Followed {
    log: watch::Receiver<u64>,
    departures: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    listener: Listener,
    ends: Instant,
}

impl Followed {
    /// Waits for news. `None` when the stream is to end.
    async fn next<K: Future<Output = bool>>(&mut self, is_known: &impl Fn() -> K) -> Option<()> {
        loop {
            let is_news = tokio::select! {
                // What ends the stream comes before what it says.
                biased;
                // Also when the sender is gone: the server has ended.
                _ = self.closing.wait_for(|closing| *closing) => return None,
                () = self.listener.told_to_end() => return None,
                () = tokio::time::sleep_until(self.ends) => return None,
                changed = self.log.changed() => { changed.ok()?; true }
                changed = self.departures.changed() => { changed.ok()?; false }
                () = tokio::time::sleep(LOOK) => false,
            };
            if is_news {
                tokio::time::sleep(PAUSE).await;
            }
            self.departures.borrow_and_update();
            if !is_known().await {
                return None;
            }
            if is_news {
                return Some(());
            }
        }
    }
}

fn news<K: Future<Output = bool> + Send>(
    followed: Followed,
    is_known: impl Fn() -> K + Send,
) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(
        (followed, is_known, true),
        |(mut followed, is_known, first)| async move {
            if !first {
                followed.next(&is_known).await?;
            }
            let cursor = *followed.log.borrow_and_update();
            let event = Event::default()
                .event("news")
                .data(format!("{{\"cursor\":{cursor}}}"));
            Some((Ok(event), (followed, is_known, false)))
        },
    )
}

#[cfg(test)]
mod tests;
