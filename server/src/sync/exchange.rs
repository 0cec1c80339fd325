//! One request, one reply.

use std::collections::BTreeSet;
use std::sync::Arc;

use sync_core::ids::OrganisationId;
use sync_core::model::Kind;
use sync_core::protocol::{MOST_DOCUMENTS, Offer, OfferResult, PROTOCOL, Reply, Request};
use sync_core::time::Instant;

use super::Moment;
use super::admit::{self, Checked};
use crate::audit::Entry;
use crate::store::feed::{Feed, FeedRequest, Room};
use crate::store::log::{Appended, Scope, Submission};
use crate::store::{Store, StoreError};

/// How often offers are checked anew because others changed the same documents
/// meanwhile, before the phone is told to come back.
const MOST_LOST: usize = 5;

/// Why a request gets no reply.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The phone speaks a version of the protocol that this server does not.
    #[error("this server speaks version {PROTOCOL} of the protocol, not {0}")]
    Protocol(u32),
    /// More documents than a request may hold.
    #[error("a request holds at most {MOST_DOCUMENTS} documents, not {0}")]
    TooManyDocuments(usize),
    /// The store could not do it; nothing of the request may be taken as stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in what a phone offers and gives what is new to it. The reply exists
/// only once everything it calls accepted is on disk. Asking again with the same
/// request changes nothing.
pub async fn exchange(
    store: &Store,
    scope: &Scope,
    request: Request,
    at: impl Into<Moment>,
) -> Result<Reply, ExchangeError> {
    let at = at.into();
    let now = at.now;
    well_sized(&request)?;
    let (epoch, cursor, since) = (request.epoch, request.cursor, request.since);
    let room = if request.batch.is_empty() {
        Room::FULL
    } else {
        Room::BRIEF
    };
    let results = take_in(store, scope, request.batch, at).await?;
    let feed = store
        .feed(FeedRequest {
            scope: scope.clone(),
            epoch,
            cursor,
            since,
            now,
            room,
        })
        .await?;
    note_reading(store, scope, &feed, now).await?;
    Ok(Reply {
        epoch: feed.epoch,
        cursor: feed.cursor,
        more: feed.more,
        results,
        documents: feed.documents,
        purge: feed.purge,
        coverage: feed.coverage,
        draw: feed.draw,
        server_time: now.0,
        clock_doubted: at.doubted,
    })
}

/// Takes in what a phone left for the server, and gives nothing: nobody there
/// could read it. Whether all of it is on disk; else the phone has to ask itself.
pub async fn take_left(
    store: &Store,
    scope: &Scope,
    request: Request,
    at: impl Into<Moment>,
) -> Result<bool, ExchangeError> {
    well_sized(&request)?;
    // A server that was restored may lack what these changes build on.
    if request.epoch != 0 && request.epoch != store.head().await?.epoch {
        return Ok(false);
    }
    let offered: Vec<usize> = request.batch.iter().map(|o| o.changes.len()).collect();
    let results = take_in(store, scope, request.batch, at.into()).await?;
    let all = results
        .iter()
        .zip(offered)
        .all(|(result, offered)| result.rejected.is_none() && result.accepted as usize == offered);
    Ok(all)
}

fn well_sized(request: &Request) -> Result<(), ExchangeError> {
    if request.protocol != PROTOCOL {
        return Err(ExchangeError::Protocol(request.protocol));
    }
    if request.batch.len() > MOST_DOCUMENTS {
        return Err(ExchangeError::TooManyDocuments(request.batch.len()));
    }
    Ok(())
}

/// Checks and stores offers. Those whose document another request changed in
/// between are checked anew.
pub(super) async fn take_in(
    store: &Store,
    scope: &Scope,
    batch: Vec<Offer>,
    at: Moment,
) -> Result<Vec<OfferResult>, StoreError> {
    let mut results: Vec<Option<OfferResult>> = vec![None; batch.len()];
    let batch = Arc::new(batch);
    let mut open: Vec<usize> = (0..batch.len()).collect();
    let mut lost = 0;
    while !open.is_empty() && lost < MOST_LOST {
        // A second offer for a document builds on the first: it waits its turn.
        let mut seen = BTreeSet::new();
        let (turn, waiting): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|i| seen.insert(batch[*i].document));
        let checked = check(store, scope, &batch, &turn, at).await?;
        open = settle(store, scope, &batch, turn, checked, at.now, &mut results).await?;
        lost += usize::from(!open.is_empty());
        open.extend(waiting);
        open.sort_unstable();
    }
    // None is left open unless too many races were lost.
    results
        .into_iter()
        .collect::<Option<_>>()
        .ok_or(StoreError::Busy)
}

async fn check(
    store: &Store,
    scope: &Scope,
    batch: &Arc<Vec<Offer>>,
    open: &[usize],
    at: Moment,
) -> Result<Vec<Checked>, StoreError> {
    let found = store
        .find(open.iter().map(|i| batch[*i].document).collect())
        .await?;
    let (batch, open, scope) = (Arc::clone(batch), open.to_vec(), scope.clone());
    let receipts = store.receipts().clone();
    let organisations = organisations(store, &batch).await?;
    tokio::task::spawn_blocking(move || {
        open.iter()
            .zip(&found)
            .map(|(i, found)| {
                let organisations = organisations.as_deref();
                admit::check(&batch[*i], found, &scope, &receipts, organisations, at)
            })
            .collect()
    })
    .await
    .map_err(|_| StoreError::Panicked)?
}

/// The partnership, when a batch may name one of its organisations: few do.
async fn organisations(
    store: &Store,
    batch: &[Offer],
) -> Result<Option<Vec<OrganisationId>>, StoreError> {
    const NAMED: &[u8] = b"met_by";
    let mut changes = batch.iter().flat_map(|offer| &offer.changes);
    if !changes.any(|change| change.windows(NAMED.len()).any(|w| w == NAMED)) {
        return Ok(None);
    }
    let organisations = store.organisations().await?;
    Ok(Some(organisations.into_iter().map(|o| o.id).collect()))
}

/// Stores what was checked and notes the results; gives what must be checked anew.
async fn settle(
    store: &Store,
    scope: &Scope,
    batch: &[Offer],
    open: Vec<usize>,
    checked: Vec<Checked>,
    now: Instant,
    results: &mut [Option<OfferResult>],
) -> Result<Vec<usize>, StoreError> {
    let mut submission = Submission {
        scope: scope.clone(),
        now,
        appends: Vec::new(),
        refused: Vec::new(),
    };
    let mut waiting = Vec::new();
    for (index, mut checked) in open.into_iter().zip(checked) {
        if let Some(refused) = &checked.refused
            && store.was_discarded(scope.device, refused).await?
        {
            checked.refused = None;
            checked.result.rejected = Some(admit::discarded());
        }
        submission.refused.extend(checked.refused);
        match checked.append {
            Some(append) => {
                submission.appends.push(append);
                waiting.push((index, checked.result));
            }
            None => results[index] = Some(checked.result),
        }
    }
    if submission.appends.is_empty() && submission.refused.is_empty() {
        return Ok(Vec::new());
    }
    let appended = store.submit(submission).await?;
    let mut again = Vec::new();
    for ((index, result), appended) in waiting.into_iter().zip(appended) {
        match appended {
            Appended::Stored => results[index] = Some(result),
            Appended::Moved => again.push(index),
            Appended::Erased => {
                results[index] = Some(admit::refuse(&batch[index], 0, &admit::erased()).result);
            }
        }
    }
    Ok(again)
}

/// Leaves an audit row when records, and not only places, were handed out.
async fn note_reading(
    store: &Store,
    scope: &Scope,
    feed: &Feed,
    now: Instant,
) -> Result<(), StoreError> {
    let records = feed
        .documents
        .iter()
        .filter(|d| d.kind != Kind::Place)
        .count();
    if records == 0 {
        return Ok(());
    }
    let noted = store
        .audit(Entry {
            at: now,
            device: Some(scope.device),
            action: "sync.read",
            subject: scope.organisation.to_string(),
            detail: format!("records={records} cursor={}", feed.cursor),
        })
        .await;
    match noted {
        // A disk that takes nothing must not keep anybody from reading; the log
        // tells of it instead.
        Err(error @ (StoreError::Full | StoreError::ReadOnly)) => {
            let device = scope.device;
            tracing::warn!(%error, %device, records, "a reading was not noted");
            Ok(())
        }
        noted => noted,
    }
}
