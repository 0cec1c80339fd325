//! The server's own hand: what somebody says at a desk or on the public page
//! becomes a change, and goes the way of every phone's: through the gate into
//! the log and the read model.

use sync_core::authority::Capacity;
use sync_core::document::{Document, DocumentError, Touch};
use sync_core::ids::{DeviceId, DocumentId, OrganisationId, SessionId, actor};
use sync_core::model::Content;
use sync_core::protocol::{Offer, OfferResult};
use sync_core::time::Instant;

use super::admit::load;
use super::exchange::take_in;
use crate::outreach::store::log::{Found, LogStore, Stored};
use crate::outreach::store::{Act, Scope};
use crate::outreach::store::{Store, StoreError};
use crate::shared::audit::Entry;
use crate::shared::principal::Actor;

/// The device whose changes are the server's own. No phone has this id: theirs
/// are drawn at random. It is not the desk's device, since that may be a phone
/// too, and phones are not sent what they made themselves.
pub const SERVER: DeviceId = DeviceId::from_bytes([0; 8]);

/// In whose name the server writes, and as which act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The device or the server's own part that said it.
    pub by: Actor,
    /// The act that the audit names.
    pub act: Option<Act>,
}

impl Attribution {
    /// Nobody known said it: a visitor, or a program.
    pub const SERVER: Self = Self {
        by: Actor::SERVER,
        act: None,
    };
}

/// Why the server wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such document.
    #[error("there is no such document")]
    Unknown,
    /// The document may not hold that: too long a text, say.
    #[error("{0}")]
    Invalid(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DocumentError> for ChangeError {
    fn from(error: DocumentError) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// A document as it stands, and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentState {
    /// The organisation that it belongs to.
    pub organisation: OrganisationId,
    /// The document's content.
    pub content: Content,
}

/// Reads documents; those that are not there are left out.
pub async fn read(
    store: &Store,
    ids: Vec<DocumentId>,
) -> Result<Vec<(DocumentId, DocumentState)>, StoreError> {
    let found = store.find(ids.clone()).await?;
    blocking(move || {
        ids.into_iter()
            .zip(found)
            .filter_map(|(id, found)| match found {
                Found::Document(stored) => Some(state_of(id, &stored).map(|s| (id, s))),
                Found::Nothing | Found::Erased => None,
            })
            .collect()
    })
    .await
}

/// Reads what each change of a document touched.
pub async fn history(id: DocumentId, stored: Stored) -> Result<Vec<Touch>, StoreError> {
    blocking(move || Ok(load(id, &stored)?.history())).await
}

/// Makes a document of an organisation's. `session` is random: it keeps one
/// change of the server's from being taken for another.
pub async fn create(
    store: &Store,
    said: &Attribution,
    organisation: OrganisationId,
    (id, content): (DocumentId, Content),
    session: SessionId,
    at: Instant,
) -> Result<(), ChangeError> {
    let change =
        Document::create(actor(SERVER, session), &content, at).map(|(_, change)| change)?;
    let offer = Offer {
        document: id,
        kind: content.kind(),
        known_heads: Vec::new(),
        changes: vec![change.bytes.into()],
        relayed: None,
    };
    offer_one(store, said, organisation, offer, at).await
}

/// Changes a document: `edit` says what becomes of its content. The change and the row of
/// the audit that tells of it are one transaction. Returns how the document stands with the
/// edit made.
pub async fn change(
    store: &Store,
    said: &Attribution,
    id: DocumentId,
    session: SessionId,
    edit: impl FnOnce(Content) -> Content + Send + 'static,
    at: Instant,
) -> Result<DocumentState, ChangeError> {
    let Some(Found::Document(stored)) = store.find(vec![id]).await?.pop() else {
        return Err(ChangeError::Unknown);
    };
    let organisation = stored.organisation.clone();
    let (next, offer) = blocking(move || Ok(edited(id, &stored, session, edit, at))).await??;
    match (offer, &said.act) {
        (Some(offer), _) => offer_one(store, said, organisation.clone(), offer, at).await?,
        // It was so already; that somebody said so is noted all the same.
        (None, Some(act)) => {
            let (by, action, subject) = (said.by, act.action, id.to_string());
            let detail = act.detail.clone();
            let entry = Entry {
                at,
                by,
                action,
                subject,
                detail,
            };
            store.database().audit(entry).await?;
        }
        (None, None) => {}
    }
    Ok(DocumentState {
        organisation,
        content: next,
    })
}

fn edited(
    id: DocumentId,
    stored: &Stored,
    session: SessionId,
    edit: impl FnOnce(Content) -> Content,
    at: Instant,
) -> Result<(Content, Option<Offer>), ChangeError> {
    let mut document = load(id, stored)?;
    let base = document.content()?;
    let next = edit(base.clone());
    let known_heads = document.heads();
    let change = document.edit(actor(SERVER, session), &plain(&base)?, &plain(&next)?, at)?;
    let offer = change.map(|change| Offer {
        document: id,
        kind: stored.kind,
        known_heads,
        changes: vec![change.bytes.into()],
        relayed: None,
    });
    Ok((next, offer))
}

/// The content without its kind, as an edit compares it.
fn plain(content: &Content) -> Result<serde_json::Value, ChangeError> {
    match content {
        Content::Visit(visit) => serde_json::to_value(visit),
        Content::Place(place) => serde_json::to_value(place),
        Content::Alert(alert) => serde_json::to_value(alert),
        Content::Feedback(feedback) => serde_json::to_value(feedback),
    }
    .map_err(|e| ChangeError::Invalid(e.to_string()))
}

async fn offer_one(
    store: &Store,
    said: &Attribution,
    organisation: OrganisationId,
    offer: Offer,
    at: Instant,
) -> Result<(), ChangeError> {
    let results = offer_all(store, said, organisation, vec![offer], at).await?;
    match results.into_iter().next().and_then(|r| r.rejected) {
        None => Ok(()),
        Some(rejected) => Err(ChangeError::Invalid(format!(
            "{}: {}",
            rejected.code, rejected.detail
        ))),
    }
}

/// Offers changes to documents of an organisation's in the desk's name.
pub(super) async fn offer_all(
    store: &Store,
    said: &Attribution,
    organisation: OrganisationId,
    offers: Vec<Offer>,
    at: Instant,
) -> Result<Vec<OfferResult>, StoreError> {
    let scope = Scope {
        device: SERVER,
        organisation,
        by: said.by,
        act: said.act.clone(),
        capacity: Capacity::Desk,
    };
    take_in(store, &scope, offers, at.into()).await
}

fn state_of(id: DocumentId, stored: &Stored) -> Result<DocumentState, StoreError> {
    let content = load(id, stored)?
        .content()
        .map_err(|e| StoreError::Inconsistent(format!("document {id}: {e}")))?;
    Ok(DocumentState {
        organisation: stored.organisation.clone(),
        content,
    })
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Panicked)?
}
