//! Acts that needed two people, done once the second has confirmed them.

use sync_core::ids::DocumentId;

use super::error::ActError;
use super::{retention, undos};
use crate::outreach::state::AppState;
use crate::outreach::store::acts::{Asked, Wanted};
use crate::outreach::store::erasure::ErasureStore;
use crate::outreach::store::team_key::TeamKeyStore;
use crate::shared::principal::Actor;

/// Does what was asked for and confirmed.
///
/// # Errors
/// [`ActError::Unknown`] or [`ActError::Changed`] when it cannot be done any more.
pub async fn perform(app: &AppState, asked: Asked, by: Actor) -> Result<(), ActError> {
    let now = app.now();
    match asked.act {
        Wanted::ReplaceTeamKey => {
            app.store.put_team_key(asked.subject, true, by, now).await?;
        }
        Wanted::EraseDocument => {
            let document: DocumentId = asked
                .subject
                .parse()
                .map_err(|_| ActError::Unreadable("a document"))?;
            app.store.erase(document, by, now).await?;
        }
        Wanted::UndoDevice | Wanted::UndoUndo => {
            undos::ask(app, &asked, by).await?;
        }
        Wanted::RetentionGoOn => retention::go_on_as_looked_at(app, &asked, by).await?,
    }
    Ok(())
}
