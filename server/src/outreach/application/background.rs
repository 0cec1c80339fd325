//! The work that the server does by itself: jobs that acts left, and those that come round.

use std::sync::Arc;
use std::time::Duration;

use super::{retention, undos};
use crate::outreach::projection::Period;
use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::outreach::store::draws::{DrawRequest, DrawStore, Drawing};
use crate::outreach::store::rebuild::RebuildStore;
use crate::outreach::store::undos::UNDO;
use crate::shared::audit;
use crate::shared::jobs::{self, Done, Job};
use crate::shared::principal::Actor;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Hides and destroys what is past its retention.
const RETENTION: &str = "retention";
/// The period's draw is made when it is due.
const DRAW: &str = "draw";
/// Place-nights that were too many for the job of the writer that touched them are worked
/// out: what retention, an undo or a server that was killed left due.
const NIGHTS: &str = "nights";
/// The write-ahead log is emptied. A reader that is at work leaves it for the next time.
const CHECKPOINT: &str = "checkpoint";
/// A database that a restore replaced is removed when its term has ended.
const REPLACED: &str = "replaced";

/// The jobs that come round, and how often, in milliseconds.
const SCHEDULE: [(&str, i64); 5] = [
    (DRAW, MINUTE),
    (NIGHTS, MINUTE),
    (CHECKPOINT, 5 * MINUTE),
    (RETENTION, HOUR),
    (REPLACED, HOUR),
];

/// How often the clock is compared with others: what the running server knows of it is in
/// memory, and no job.
const TIMES: Duration = Duration::from_mins(1);

/// Works until the server closes.
pub async fn work(app: AppState) {
    let metrics = Arc::clone(&app.metrics);
    let audit = tokio::spawn(audit::watch(
        app.store.database().clone(),
        app.base.clock.clone(),
        app.closing.clone(),
        move |chain| metrics.audited(chain),
    ));
    for (kind, every) in SCHEDULE {
        come_round(&app, kind, every).await;
    }
    let running = app.clone();
    let jobs = tokio::spawn(jobs::work(
        app.store.database().clone(),
        (app.base.clock.clone(), app.base.entropy.clone()),
        app.closing.clone(),
        move |job| run(running.clone(), job),
    ));
    watch_the_clock(&app).await;
    for part in [jobs, audit] {
        if part.await.is_err() {
            tracing::warn!("a part of the background work ended badly");
        }
    }
    if let Err(error) = retention::end(&app).await {
        tracing::warn!(%error, "the time of the last work was not noted");
    }
}

async fn come_round(app: &AppState, kind: &'static str, every: i64) {
    let scheduled = app.store.database().schedule(kind, every, app.now()).await;
    // It is as it was scheduled by the server before, unless there was none.
    if let Err(error) = scheduled {
        tracing::warn!(%error, kind, "what comes round was not scheduled");
    }
}

async fn watch_the_clock(app: &AppState) {
    let mut closing = app.closing.clone();
    let mut times = tokio::time::interval(TIMES);
    loop {
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => return,
            _ = times.tick() => {}
        }
        match retention::look(app).await {
            // A person said that retention may go on: it does at once.
            Ok(true) => come_round(app, RETENTION, HOUR).await,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the clock was not compared"),
        }
    }
}

/// Does a job, by its kind.
async fn run(app: AppState, job: Job) -> Result<Done, StoreError> {
    match job.kind.as_str() {
        UNDO => return undos::work(&app, &job.key).await,
        DRAW => draw_if_due(&app).await?,
        NIGHTS => app.store.catch_up().await?,
        CHECKPOINT => app.store.database().checkpoint().await.map(drop)?,
        RETENTION => {
            app.store.database().set_space_aside().await;
            retention::run(&app).await?;
        }
        REPLACED => drop_replaced(&app).await?,
        // A newer version left it, and is gone again.
        other => {
            return Err(StoreError::Inconsistent(format!(
                "this version knows no job {other}"
            )));
        }
    }
    Ok(Done::All)
}

/// Draws the present period's places once half of it has passed.
async fn draw_if_due(app: &AppState) -> Result<(), StoreError> {
    let count = app.base.config.drawn_places.get() as usize;
    if count == 0 {
        return Ok(());
    }
    let now = app.now();
    let drawing = app
        .store
        .draw_if_due(DrawRequest {
            period: Period::of(now.night(), app.base.config.period_days.get()),
            count,
            seed: u64::from_be_bytes(app.base.entropy.draw()),
            now,
            by: Actor::SERVER,
        })
        .await?;
    if let Drawing::Made(view) = drawing {
        tracing::info!(period = %view.period, places = view.places.len(), "drew places");
    }
    Ok(())
}

/// Removes the database that a restore replaced, once its term has ended.
async fn drop_replaced(app: &AppState) -> Result<(), StoreError> {
    let keep = app.base.config.backup.keep_replaced();
    if app.store.drop_replaced(keep, app.now()).await? {
        tracing::info!("removed the database that a restore had replaced");
    }
    Ok(())
}

/// Does what is due, once: what tests have instead of a running worker.
#[cfg(test)]
pub(crate) async fn do_what_is_due(app: &AppState) {
    let database = app.store.database();
    for job in database.due_jobs(app.now()).await.unwrap() {
        let id = job.id;
        run(app.clone(), job).await.unwrap();
        database.job_done(id, app.now()).await.unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    const DAY: i64 = 86_400_000;

    #[tokio::test]
    async fn the_draw_comes_at_half_way_and_once() {
        let app = TestApp::new().await;
        let state = &app.state;
        let period = Period::of(state.now().night(), 28);
        let device = app.enrolled(Role::Worker, "eu-teamet").await;
        draw_if_due(state).await.unwrap();
        assert_eq!(state.store.draw(period).await.unwrap(), None);
        app.pass(10 * DAY);
        draw_if_due(state).await.unwrap();
        assert_eq!(
            state.store.draw(period).await.unwrap(),
            None,
            "no places yet"
        );
        app.place(&device, 1).await;
        draw_if_due(state).await.unwrap();
        let draw = state.store.draw(period).await.unwrap();
        assert!(draw.is_some());
        app.pass(DAY);
        draw_if_due(state).await.unwrap();
        assert_eq!(state.store.draw(period).await.unwrap(), draw);
    }
}
