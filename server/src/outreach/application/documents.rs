//! What members do to single documents at a desk.

use sync_core::ids::{DocumentId, SessionId};
use sync_core::model::Content;

use crate::outreach::state::AppState;
use crate::outreach::store::Act;
use crate::outreach::sync::hand::{self, HandError, Said, Standing};
use crate::shared::principal::Principal;

/// Changes a document in a member's name, now; the change and the row of the audit are one
/// transaction.
///
/// # Errors
/// [`HandError::Unknown`] when it is not there, [`HandError::Invalid`] when it may not hold
/// what `edit` makes of it.
pub async fn change(
    app: &AppState,
    by: &Principal,
    act: Act,
    id: DocumentId,
    edit: impl FnOnce(Content) -> Content + Send + 'static,
) -> Result<Standing, HandError> {
    let said = Said {
        by: by.actor(),
        act: Some(act),
    };
    let session = SessionId::from_bytes(app.entropy.draw());
    hand::change(&app.store, &said, id, session, edit, app.now()).await
}
