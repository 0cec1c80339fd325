//! Undos, done in the background of the running server.

use sync_core::ids::SessionId;

use super::error::ActError;
use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::outreach::store::acts::{Asked, Wanted};
use crate::outreach::store::quarantine::QuarantineStore;
use crate::outreach::store::undos::{NewUndo, UndoStore};
use crate::outreach::sync::undo::run;
use crate::shared::jobs::Done;
use crate::shared::principal::Actor;

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
        session: SessionId::from_bytes(app.base.entropy.draw()),
        by,
    };
    Ok(begin(app, undo, asked.quarantine).await?)
}

/// Begins an undo; the job that does it is there when this returns.
async fn begin(app: &AppState, undo: NewUndo, quarantine: bool) -> Result<i64, StoreError> {
    let (now, device, by) = (app.now(), undo.device, undo.by);
    let id = app.store.begin_undo(undo, now).await?;
    if quarantine {
        app.store
            .discard_quarantined_of(id, device, by, now)
            .await?;
    }
    app.store.database().look_for_jobs();
    Ok(id)
}

/// Does an undo that was begun, until the server ends.
///
/// # Errors
/// When the store fails; it is tried again.
pub async fn work(app: &AppState, key: &str) -> Result<Done, StoreError> {
    let id = key
        .parse()
        .map_err(|_| StoreError::Inconsistent(format!("no undo has the number {key}")))?;
    let mut closing = app.closing.clone();
    tokio::select! {
        _ = closing.wait_for(|closing| *closing) => Ok(Done::Closing),
        done = run(&app.store, id, app.now()) => {
            done?;
            tracing::info!(undo = id, "an undo is done");
            Ok(Done::All)
        }
    }
}
