//! Undos, done in the background of the running server.

use sync_core::ids::SessionId;

use super::error::ActError;
use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::outreach::store::acts::{Asked, Wanted};
use crate::outreach::store::undos::NewUndo;
use crate::outreach::sync::undo::run;
use crate::shared::principal::Actor;

/// How long to wait before an undo that failed is tried again: the disk may be full.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// Begins what was asked for, and allowed; returns the undo's number.
///
/// # Errors
/// [`ActError::Unknown`] when the undo that is to be undone is not there.
pub async fn ask(app: &AppState, asked: &Asked, by: Actor) -> Result<i64, ActError> {
    let (device, since, of) = if asked.act == Wanted::UndoDevice {
        let device = asked
            .subject
            .parse()
            .map_err(|_| ActError::Unreadable("a device"))?;
        let since = asked.since.ok_or(ActError::Unreadable("since when"))?;
        (device, since, None)
    } else {
        let id = asked
            .subject
            .parse()
            .map_err(|_| ActError::Unreadable("an undo"))?;
        let undo = app.store.undo(id).await?.ok_or(ActError::Unknown)?;
        (undo.asked.device, undo.made_at, Some(id))
    };
    let undo = NewUndo {
        device,
        since,
        of,
        session: SessionId::from_bytes(app.entropy.draw()),
        by,
    };
    Ok(begin(app, undo, asked.quarantine).await?)
}

/// Begins an undo and does it, in the background of the running server.
async fn begin(app: &AppState, undo: NewUndo, quarantine: bool) -> Result<i64, StoreError> {
    let (now, device, by) = (app.now(), undo.device, undo.by);
    let id = app.store.begin_undo(undo, now).await?;
    if quarantine {
        app.store
            .discard_quarantined_of(id, device, by, now)
            .await?;
    }
    tokio::spawn(work(app.clone(), id));
    Ok(id)
}

/// Goes on with what was not done when the server ended.
pub async fn resume(app: AppState) {
    match app.store.unfinished_undos().await {
        Ok(undos) => {
            for id in undos {
                tokio::spawn(work(app.clone(), id));
            }
        }
        Err(error) => tracing::warn!(%error, "it is not known which undos are not done"),
    }
}

async fn work(app: AppState, id: i64) {
    let mut closing = app.closing.clone();
    loop {
        let done = tokio::select! {
            _ = closing.wait_for(|closing| *closing) => return,
            done = run(&app.store, id, app.now()) => done,
        };
        match done {
            Ok(()) => {
                tracing::info!(undo = id, "an undo is done");
                return;
            }
            Err(error) => tracing::warn!(%error, undo = id, "an undo waits"),
        }
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}
