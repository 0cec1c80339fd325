//! What the server does by itself: the period's draw, retention, and keeping
//! the write-ahead log short.

use std::sync::Arc;
use std::time::Duration;

use super::{retention, undos};
use crate::outreach::projection::Period;
use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::outreach::store::draws::{DrawRequest, Drawing};
use crate::shared::audit;
use crate::shared::principal::Actor;

/// How often it looks whether a draw is due.
const DRAW: Duration = Duration::from_mins(1);
/// How often it compares its clock with others.
const TIMES: Duration = Duration::from_mins(1);
/// How often it works out place-nights that were too many for the job that touched them:
/// what retention, an undo or a server that was killed left due.
const NIGHTS: Duration = Duration::from_mins(1);
/// How often it looks for what is past its retention.
const RETENTION: Duration = Duration::from_hours(1);
/// How often it empties the write-ahead log. A reader that is at work then
/// leaves it for the next time.
const CHECKPOINT: Duration = Duration::from_mins(5);

/// How often it looks whether the term of a replaced database has ended.
const REPLACED: Duration = Duration::from_hours(1);

#[derive(Debug, Clone, Copy)]
enum Turn {
    Draw,
    Times,
    Nights,
    Retention,
    Checkpoint,
    Replaced,
}

/// Works until the server closes.
pub async fn work(app: AppState) {
    tokio::spawn(undos::resume(app.clone()));
    let metrics = Arc::clone(&app.metrics);
    let audit = tokio::spawn(audit::watch(
        app.store.database().clone(),
        app.clock.clone(),
        app.closing.clone(),
        move |chain| metrics.audited(chain),
    ));
    let mut closing = app.closing.clone();
    let mut draw = tokio::time::interval(DRAW);
    let mut times = tokio::time::interval(TIMES);
    let mut nights = tokio::time::interval(NIGHTS);
    let mut retention = tokio::time::interval(RETENTION);
    let mut replaced = tokio::time::interval(REPLACED);
    let mut checkpoint = tokio::time::interval(CHECKPOINT);
    loop {
        let turn = tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            _ = draw.tick() => Turn::Draw,
            _ = times.tick() => Turn::Times,
            _ = nights.tick() => Turn::Nights,
            _ = retention.tick() => Turn::Retention,
            _ = checkpoint.tick() => Turn::Checkpoint,
            _ = replaced.tick() => Turn::Replaced,
        };
        let done = match turn {
            Turn::Draw => draw_if_due(&app).await,
            Turn::Times => compare(&app).await,
            Turn::Nights => app.store.catch_up().await,
            Turn::Retention => {
                app.store.database().set_space_aside().await;
                retention::run(&app).await
            }
            Turn::Checkpoint => app.store.database().checkpoint().await.map(|_| ()),
            Turn::Replaced => drop_replaced(&app).await,
        };
        if let Err(error) = done {
            // It is tried again at the next turn.
            tracing::warn!(%error, ?turn, "background work failed");
        }
    }
    if audit.await.is_err() {
        tracing::warn!("the audit's watch ended badly");
    }
    if let Err(error) = retention::end(&app).await {
        tracing::warn!(%error, "the time of the last work was not noted");
    }
}

/// Compares the clock with others; retention goes on at once when a person said so.
async fn compare(app: &AppState) -> Result<(), StoreError> {
    if retention::look(app).await? {
        retention::run(app).await?;
    }
    Ok(())
}

/// Draws the present period's places once half of it has passed.
async fn draw_if_due(app: &AppState) -> Result<(), StoreError> {
    let count = app.config.drawn_places.get() as usize;
    if count == 0 {
        return Ok(());
    }
    let now = app.now();
    let drawing = app
        .store
        .draw_if_due(DrawRequest {
            period: Period::of(now.night(), app.config.period_days.get()),
            count,
            seed: u64::from_be_bytes(app.entropy.draw()),
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
    let keep = app.config.backup.keep_replaced();
    if app.store.drop_replaced(keep, app.now()).await? {
        tracing::info!("removed the database that a restore had replaced");
    }
    Ok(())
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
