//! Acts of members on single documents at a desk.

use sync_core::ids::{DocumentId, SessionId};
use sync_core::model::Content;

use crate::outreach::state::AppState;
use crate::outreach::store::Act;
use crate::outreach::sync::server_changes::{self, Attribution, ChangeError, DocumentState};
use crate::shared::principal::Principal;

/// Changes a document in a member's name, now; the change and the row of the audit are one
/// transaction.
///
/// # Errors
/// [`ChangeError::Unknown`] when it is not there, [`ChangeError::Invalid`] when it may not hold
/// what `edit` makes of it.
pub async fn change(
    app: &AppState,
    by: &Principal,
    act: Act,
    id: DocumentId,
    edit: impl FnOnce(Content) -> Content + Send + 'static,
) -> Result<DocumentState, ChangeError> {
    let said = Attribution {
        by: by.actor(),
        act: Some(act),
    };
    let session = SessionId::from_bytes(app.base.entropy.draw());
    server_changes::change(&app.store, &said, id, session, edit, app.now()).await
}
