//! Taking back everything that one device said since a time: as ordinary changes of the
//! server's own hand, through the gate, a few documents at a time, so that others get their
//! turn in between. An undo is itself a device's word (the hand's, in a session of its own),
//! and is taken back the same way.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::document::{Left, Reverted, SetBack, Why};
use sync_core::ids::{ActorId, DeviceId, DocumentId, Hash, OrganisationId, SessionId, actor};
use sync_core::model::{Content, Kind};
use sync_core::protocol::{Offer, OfferResult, is_later};
use sync_core::time::Instant;

use super::admit::load;
use super::server_changes::{self, Attribution, SERVER};
use crate::outreach::store::feed::FeedStore;
use crate::outreach::store::log::{Found, LogStore, Stored};
use crate::outreach::store::undos::{NewUndo, Undo, UndoStore, UndoneDocument};
use crate::outreach::store::{Store, StoreError};

/// Documents that are taken back in one transaction.
const AT_ONCE: usize = 20;

/// The effect that an undo would have on a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub document: DocumentId,
    pub kind: Kind,
    /// The organisation that it belongs to.
    pub organisation: OrganisationId,
    /// The place that it is, or that it is about.
    pub place: Option<DocumentId>,
    /// The fields that it would set back.
    pub fields: Vec<SetBack>,
    /// The fields that it would leave.
    pub left: Vec<Left>,
}

/// Which changes of a document are taken back.
#[derive(Debug)]
enum Back {
    /// These, and what the undos of this device have made of them.
    Said(BTreeSet<Hash>, Vec<SessionId>),
    /// Those of an undo.
    Undo(SessionId),
}

impl Back {
    fn holds(&self, hash: Hash, by: &ActorId) -> bool {
        let made = |session: &SessionId| *by == actor(SERVER, *session);
        match self {
            Self::Said(said, undos) => said.contains(&hash) || undos.iter().any(made),
            Self::Undo(session) => made(session),
        }
    }
}

/// Previews what taking back what a device said since a time would do, for the first `most`
/// documents, and in how many documents it said anything.
pub async fn preview(
    store: &Store,
    device: DeviceId,
    since: Instant,
    most: usize,
) -> Result<(Vec<Preview>, usize), StoreError> {
    let until = store.head().await?.cursor;
    let mut all: Vec<DocumentId> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(0);
    while let Some(after) = next {
        let portion = store.documents_said(device, since, after, until).await?;
        // Each is counted, also those beyond `most`.
        for id in portion.documents {
            if seen.insert(id) && all.len() < most {
                all.push(id);
            }
        }
        next = portion.next;
    }
    let undos = store.undo_sessions(device).await?;
    let mut previews = Vec::new();
    for ids in all.chunks(AT_ONCE) {
        let found = read_said(store, ids, (device, since), &undos).await?;
        let seen = server_changes::blocking(move || {
            found
                .into_iter()
                .map(|(id, stored, back)| preview_one(id, &stored, &back))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
        previews.extend(seen.into_iter().flatten());
    }
    Ok((previews, seen.len()))
}

fn preview_one(
    id: DocumentId,
    stored: &Stored,
    back: &Back,
) -> Result<Option<Preview>, StoreError> {
    let document = load(id, stored)?;
    let inconsistent = |e| StoreError::Inconsistent(format!("document {id}: {e}"));
    let reverted = document
        .revert(&|hash, by| back.holds(hash, by))
        .map_err(inconsistent)?;
    if reverted.fields.is_empty() && reverted.left.is_empty() {
        return Ok(None);
    }
    let place = match document.content().map_err(inconsistent)? {
        Content::Visit(visit) => Some(visit.place),
        Content::Place(_) => Some(id),
        Content::Alert(alert) => alert.place,
        Content::Feedback(_) => None,
    };
    Ok(Some(Preview {
        document: id,
        kind: stored.kind,
        organisation: stored.organisation.clone(),
        place,
        fields: reverted.fields,
        left: reverted.left,
    }))
}

/// Those of some documents that are there, each with what a device said in it since a time.
async fn read_said(
    store: &Store,
    ids: &[DocumentId],
    (device, since): (DeviceId, Instant),
    undos: &[SessionId],
) -> Result<Vec<(DocumentId, Stored, Back)>, StoreError> {
    let said = store.changes_said(ids.to_vec(), device, since).await?;
    let back = |hashes: Vec<Hash>| Back::Said(hashes.into_iter().collect(), undos.to_vec());
    read(store, ids, said.into_iter().map(back).collect()).await
}

async fn read(
    store: &Store,
    ids: &[DocumentId],
    backs: Vec<Back>,
) -> Result<Vec<(DocumentId, Stored, Back)>, StoreError> {
    let found = store.find(ids.to_vec()).await?;
    let documents = ids.iter().copied().zip(found).zip(backs);
    Ok(documents
        .filter_map(|((id, found), back)| match found {
            Found::Document(stored) => Some((id, stored, back)),
            _ => None,
        })
        .collect())
}

/// Does an undo that has begun, from where it has come to. Doing it again does no harm.
pub async fn run(store: &Store, id: i64, now: Instant) -> Result<(), StoreError> {
    let Some(undo) = store.undo(id).await? else {
        return Ok(());
    };
    if undo.done_at.is_some() {
        return Ok(());
    }
    match undo.asked.of {
        None => said(store, &undo, now).await?,
        Some(of) => undone(store, &undo, of, now).await?,
    }
    store.finish_undo(id, undo.asked.by, now).await
}

async fn said(store: &Store, undo: &Undo, now: Instant) -> Result<(), StoreError> {
    let NewUndo { device, since, .. } = undo.asked;
    let undos = store.undo_sessions(device).await?;
    let mut next = Some(undo.cursor);
    while let Some(after) = next {
        let portion = store
            .documents_said(device, since, after, undo.until)
            .await?;
        for ids in portion.documents.chunks(AT_ONCE) {
            let found = read_said(store, ids, (device, since), &undos).await?;
            take_back(store, undo, found, now).await?;
        }
        next = portion.next;
        store
            .advance_undo(undo.id, next.unwrap_or(undo.until))
            .await?;
    }
    Ok(())
}

async fn undone(store: &Store, undo: &Undo, of: i64, now: Instant) -> Result<(), StoreError> {
    let Some(earlier) = store.undo(of).await? else {
        return Ok(());
    };
    let session = earlier.asked.session;
    let mut after = None;
    loop {
        let page = store
            .undone_documents(of, after, u32::try_from(AT_ONCE).unwrap_or(u32::MAX))
            .await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.document);
        let ids: Vec<DocumentId> = page.iter().map(|done| done.document).collect();
        let backs = ids.iter().map(|_| Back::Undo(session)).collect();
        let found = read(store, &ids, backs).await?;
        take_back(store, undo, found, now).await?;
    }
}

/// Takes back in some documents, and notes what became of them.
async fn take_back(
    store: &Store,
    undo: &Undo,
    found: Vec<(DocumentId, Stored, Back)>,
    now: Instant,
) -> Result<(), StoreError> {
    let by = actor(SERVER, undo.asked.session);
    let planned = server_changes::blocking(move || {
        found
            .into_iter()
            .map(|(id, stored, back)| one(id, &stored, &back, &by, now))
            .collect::<Result<Vec<_>, _>>()
    })
    .await?;
    let mut done: BTreeMap<DocumentId, UndoneDocument> = BTreeMap::new();
    let mut offers: BTreeMap<OrganisationId, Vec<Offer>> = BTreeMap::new();
    for (organisation, what, offer) in planned {
        if what.changed > 0 || !what.left.is_empty() {
            done.insert(what.document, what);
        }
        if let Some(offer) = offer {
            offers.entry(organisation).or_default().push(offer);
        }
    }
    let said = Attribution {
        by: undo.asked.by,
        act: None,
    };
    for (organisation, offers) in offers {
        for result in offered(store, &said, &organisation, offers, now).await? {
            if let (Some(_), Some(what)) = (result.rejected, done.get_mut(&result.document)) {
                what.changed = 0;
                what.left.push(refused());
            }
        }
    }
    store
        .note_undone(undo.id, done.into_values().collect())
        .await
}

/// Offers changes, those that had no room beside others by themselves. What still has none
/// is tried again later.
async fn offered(
    store: &Store,
    said: &Attribution,
    organisation: &OrganisationId,
    offers: Vec<Offer>,
    now: Instant,
) -> Result<Vec<OfferResult>, StoreError> {
    let waits = |result: &OfferResult| result.rejected.as_ref().is_some_and(|r| is_later(&r.code));
    let mut results =
        server_changes::offer_all(store, said, organisation.clone(), offers.clone(), now).await?;
    for (result, offer) in results.iter_mut().zip(offers) {
        if waits(result) {
            let alone =
                server_changes::offer_all(store, said, organisation.clone(), vec![offer], now)
                    .await?;
            *result = alone
                .into_iter()
                .next()
                .filter(|alone| !waits(alone))
                .ok_or(StoreError::Busy)?;
        }
    }
    Ok(results)
}

/// Returns the field that is left of a document that the server cannot change.
fn refused() -> Left {
    Left {
        path: Vec::new(),
        why: Why::Refused,
    }
}

fn one(
    id: DocumentId,
    stored: &Stored,
    back: &Back,
    by: &ActorId,
    now: Instant,
) -> Result<(OrganisationId, UndoneDocument, Option<Offer>), StoreError> {
    let mut document = load(id, stored)?;
    let known_heads = document.heads();
    let taken = document.take_back(&|hash, by| back.holds(hash, by), by, now);
    let (reverted, changes) = match taken {
        Ok(taken) => taken,
        Err(error) => {
            // One document must not hold up the others.
            tracing::warn!(document = %id, %error, "nothing was taken back in a document");
            let left = vec![refused()];
            (
                Reverted {
                    left,
                    ..Reverted::default()
                },
                Vec::new(),
            )
        }
    };
    let done = UndoneDocument {
        document: id,
        changed: u32::try_from(reverted.fields.len()).unwrap_or(u32::MAX),
        left: reverted.left,
    };
    let offer = (!changes.is_empty()).then(|| Offer {
        document: id,
        kind: stored.kind,
        known_heads,
        changes: changes.into_iter().map(|c| c.bytes.into()).collect(),
        relayed: None,
    });
    Ok((stored.organisation.clone(), done, offer))
}
