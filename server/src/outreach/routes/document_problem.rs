//! Acts of desks on single documents, and how they fail.

use axum::response::{IntoResponse, Response};
use sync_core::ids::DocumentId;
use sync_core::model::ProposalAbout;

use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::outreach::sync::server_changes::{self, ChangeError, DocumentState};
use crate::shared::audit::Entry;
use crate::shared::http::Problem;
use crate::shared::principal::Principal;

#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentProblem {
    #[error(transparent)]
    Hand(#[from] ChangeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the caller sees no such document")]
    Unknown,
    #[error("a proposal about {0} cannot be read")]
    Unreadable(ProposalAbout),
    #[error("there is no other place of that id")]
    NoSuchPlace,
    #[error("more places would count as one than may")]
    TooManyAsOne,
}

impl IntoResponse for DocumentProblem {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown | Self::Hand(ChangeError::Unknown) => Problem::not_found(),
            Self::Hand(ChangeError::Invalid(detail)) => Problem::malformed(detail),
            Self::Unreadable(about) => Problem::malformed(format!(
                "What is proposed about {about} cannot be read. Decline it, and change the place yourself."
            )),
            Self::NoSuchPlace => {
                Problem::malformed("There is no other place of that id to be the same as.")
            }
            Self::TooManyAsOne => Problem::malformed(
                "At most 21 places can count as one. Take some of those back that count as it already.",
            ),
            Self::Hand(ChangeError::Store(error)) | Self::Store(error) => error.into(),
        }
        .into_response()
    }
}

/// Finds a document that `sees` lets the caller see; any other is not there.
pub(super) async fn seen(
    app: &AppState,
    id: DocumentId,
    sees: impl FnOnce(&DocumentState) -> bool,
) -> Result<(), DocumentProblem> {
    let found = server_changes::read(&app.store, vec![id]).await?;
    found
        .first()
        .filter(|(_, standing)| sees(standing))
        .map(drop)
        .ok_or(DocumentProblem::Unknown)
}

/// Leaves an audit row about what a desk read or did.
pub(super) async fn note(
    app: &AppState,
    by: &Principal,
    action: &'static str,
    subject: String,
    detail: String,
) -> Result<(), StoreError> {
    app.store
        .database()
        .audit(Entry {
            at: app.now(),
            by: by.actor(),
            action,
            subject,
            detail,
        })
        .await
}
