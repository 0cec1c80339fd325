//! Checks whether the server lives, and whether it can serve.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::outreach::clock_watch::Stop;
use crate::outreach::state::AppState;
use crate::shared::access::Stranger;
use crate::shared::http::{Problem, ProblemBody};

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

/// How the server stands. It stays ready while retention stands still or it doubts its
/// clock: what phones send is kept all the same, but somebody has to look.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
pub(crate) struct Ready {
    /// Always true: whoever is not ready is answered with a problem.
    ready: bool,
    /// Whether there is room for what phones send; `false`: it waits on the phones. Make
    /// room on the disk.
    room: bool,
    /// What retention does.
    retention: RetentionStanding,
    /// Whether the server takes its own clock for wrong.
    clock_doubted: bool,
    /// What acts left to be done.
    jobs: JobsStanding,
    /// What to put right so that each address has a rate limit of its own; nothing: they have.
    proxies: Option<&'static str>,
}

/// What acts left to be done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct JobsStanding {
    /// How many jobs wait for their time.
    waiting: u64,
    /// How many failed when they were last run, and are tried again.
    failing: u64,
    /// How many have failed too often and wait for a person: `lagesbild jobs`.
    dead: u64,
}

/// What retention does.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RetentionStanding {
    /// Whether what is due is hidden and destroyed.
    state: RetentionState,
    /// Why not.
    reason: Option<Stop>,
    /// What to do about it.
    detail: Option<&'static str>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RetentionState {
    /// It is.
    Running,
    /// It waits until a person has looked.
    Stopped,
}

impl From<Option<Stop>> for RetentionStanding {
    fn from(reason: Option<Stop>) -> Self {
        Self {
            state: reason.map_or(RetentionState::Running, |_| RetentionState::Stopped),
            reason,
            detail: reason.map(Stop::says),
        }
    }
}

/// The store answers, and the server is not about to end.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    responses(
        (status = 200, description = "Ready", body = Ready),
        (status = 507, description = "`storage_full`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "`busy`, `read_only` or `closing`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn ready(
    State(app): State<AppState>,
    _: Stranger,
) -> Result<Json<Ready>, Problem> {
    if *app.closing.borrow() {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "closing",
            "The server is about to end. Try again in a moment.",
        )
        .retry_after(5));
    }
    app.store.accounts().organisations().await?;
    // That it can be read does not say that it can be written.
    app.store.database().can_write().await?;
    let standing = app.times.standing();
    let jobs = app.store.database().count_jobs().await?;
    Ok(Json(Ready {
        ready: true,
        room: app.store.database().has_room(),
        retention: standing.stop.into(),
        clock_doubted: standing.clock_doubted,
        jobs: JobsStanding {
            waiting: jobs.waiting,
            failing: jobs.failing,
            dead: jobs.dead,
        },
        proxies: app.base.forwarded.advice(),
    }))
}
