//! What the server does by itself: the period's draw, retention, and keeping
//! the write-ahead log short.

use std::time::Duration;

use sync_core::model::Kind;
use sync_core::time::Instant;

use crate::app::AppState;
use crate::projection::Period;
use crate::store::StoreError;
use crate::store::draws::{DrawRequest, Drawing};
use crate::sync::undo;

const DAY: i64 = 86_400_000;
/// How often it looks whether a draw is due.
const DRAW: Duration = Duration::from_mins(1);
/// How often it looks for what is past its retention.
const RETENTION: Duration = Duration::from_hours(1);
/// How often it empties the write-ahead log. A reader that is at work then
/// leaves it for the next time.
const CHECKPOINT: Duration = Duration::from_mins(5);

#[derive(Debug, Clone, Copy)]
enum Turn {
    Draw,
    Retention,
    Checkpoint,
}

/// Works until the server closes.
pub async fn work(app: AppState) {
    tokio::spawn(undo::resume(app.clone()));
    let audit = tokio::spawn(crate::audit::watch(app.clone()));
    let mut closing = app.closing.clone();
    let mut draw = tokio::time::interval(DRAW);
    let mut retention = tokio::time::interval(RETENTION);
    let mut checkpoint = tokio::time::interval(CHECKPOINT);
    loop {
        let turn = tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            _ = draw.tick() => Turn::Draw,
            _ = retention.tick() => Turn::Retention,
            _ = checkpoint.tick() => Turn::Checkpoint,
        };
        let done = match turn {
            Turn::Draw => draw_if_due(&app).await,
            Turn::Retention => expire(&app).await,
            Turn::Checkpoint => app.store.checkpoint().await.map(|_| ()),
        };
        if let Err(error) = done {
            // It is tried again at the next turn.
            tracing::warn!(%error, ?turn, "background work failed");
        }
    }
    if audit.await.is_err() {
        tracing::warn!("the audit's watch ended badly");
    }
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
            by: None,
        })
        .await?;
    if let Drawing::Made(view) = drawing {
        tracing::info!(period = %view.period, places = view.places.len(), "drew places");
    }
    Ok(())
}

/// Erases what is past its retention, a portion at a time, so that others get
/// their turn in between.
async fn expire(app: &AppState) -> Result<(), StoreError> {
    let now = app.now();
    let days = &app.config.retention;
    for (kind, days) in [
        (Kind::Visit, days.visits),
        (Kind::Alert, days.alerts),
        (Kind::Feedback, days.feedback),
    ] {
        let before = Instant(now.0 - i64::from(days.get()) * DAY);
        let mut total = 0;
        while !*app.closing.borrow() {
            let erased = app.store.expire(kind, before, now).await?;
            total += erased;
            if erased == 0 {
                break;
            }
        }
        if total > 0 {
            tracing::info!(kind = kind.as_str(), documents = total, "retention ran out");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;
    use crate::http::testing::TestApp;

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
