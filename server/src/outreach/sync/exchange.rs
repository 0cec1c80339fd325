//! One request, one reply.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant as Clock};

use futures_util::future::try_join_all;
use memchr::memmem;
use sync_core::authority::Capacity;
use sync_core::gate::RejectionCode;

use sync_core::ids::OrganisationId;
use sync_core::model::Kind;
use sync_core::protocol::{MOST_DOCUMENTS, Offer, OfferResult, PROTOCOL, Rejected, Reply, Request};
use sync_core::time::Instant;

use super::Moment;
use super::admit::{self, Check, Checked, Sender, Step};
use crate::outreach::store::Scope;
use crate::outreach::store::feed::{Feed, FeedRequest, FeedStore, PageBudget};
use crate::outreach::store::log::{Append, Appended, Came, Found, LogStore, Submission, WorkRoom};
use crate::outreach::store::quarantine::QuarantineStore;
use crate::outreach::store::quotas::Allowance;
use crate::outreach::store::receipts::Receipts;
use crate::outreach::store::turns::TurnFigures;
use crate::outreach::store::{Store, StoreError};
use crate::shared::audit::Entry;

/// How often offers are checked again because others changed the same documents
/// meanwhile, before the phone is told to come back.
const MOST_LOST: usize = 5;

/// How much reading and checking a request may cause, see [`cost`]. What does not fit
/// comes with the phone's next request. With [`PIECES`] it keeps the costliest request that
/// was found (`bench hostile`) below a second of a processor.
const WORK: usize = 2_500_000;
/// How much work putting its changes into documents may be, as the gate counts it
/// ([`Admission::work`](sync_core::gate::Admission::work)).
const PIECES: usize = 200_000;
/// How long a request is worked on.
const DEADLINE: Duration = Duration::from_secs(20);
/// How long a request is worked on before others get their turn.
const TURN: Duration = Duration::from_millis(20);
/// Most documents and changes that one job of the writer stores; others' jobs come between.
const PORTION: (usize, usize) = (32, 1_000);

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
    let _present = store.turns().enter(scope.device).await?;
    let (epoch, cursor, since) = (request.epoch, request.cursor, request.since);
    let room = if request.batch.is_empty() {
        PageBudget::FULL
    } else {
        PageBudget::BRIEF
    };
    let results = if store.database().has_room() {
        take_in(store, scope, request.batch, at).await?
    } else {
        request.batch.iter().map(no_room).collect()
    };
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
    let _present = store.turns().enter(scope.device).await?;
    if !store.database().has_room() {
        return Ok(false);
    }
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

/// Returns the refusal while the disk has no more room than revoking, erasing and signing
/// out may need. The change waits there.
fn no_room(offer: &Offer) -> OfferResult {
    OfferResult {
        document: offer.document,
        accepted: 0,
        rejected: Some(Rejected {
            code: RejectionCode::DiskReserve.as_str().to_owned(),
            detail: "the server's disk is nearly full; the change waits on the phone".to_owned(),
        }),
        relayed: None,
    }
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
/// between are checked again.
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
    let allowance = store.quotas().allowance(store, scope, at.now).await?;
    let mut work = Work::new(scope, allowance);
    // Once: a batch that names one document over and over is checked as often.
    work.organisations = organisations(store, &batch).await?;
    while !open.is_empty() && lost < MOST_LOST {
        // A second offer for a document builds on the first: it waits its turn.
        let mut seen = BTreeSet::new();
        let (turn, waiting): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|i| seen.insert(batch[*i].document));
        let checked = check(store, scope, &batch, &turn, at, &mut work).await?;
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

/// The work that a request may still cause.
struct Work {
    room: WorkRoom,
    /// Of the gate's work.
    pieces: usize,
    until: Option<Clock>,
    allowance: Allowance,
    /// The partnership, where the request may name one of its organisations.
    organisations: Option<Vec<OrganisationId>>,
    /// Dropped once whoever asked has gone: the blocking threads look at it.
    asking: Arc<()>,
}

impl Work {
    fn new(scope: &Scope, allowance: Allowance) -> Self {
        // What a person does at a desk is one document, or was counted before.
        let desk = matches!(scope.capacity, Capacity::Desk | Capacity::Release);
        Self {
            room: WorkRoom::of(if desk { usize::MAX } else { WORK }),
            pieces: if desk { usize::MAX } else { PIECES },
            until: (!desk).then(|| Clock::now() + DEADLINE),
            allowance,
            organisations: None,
            asking: Arc::new(()),
        }
    }
}

/// Returns what an offer takes of a request's room before it is looked at, as bytes: what is read
/// and checked whole, and for each change what reading it costs. What putting them into
/// the document took is known when it is done.
fn cost(offered: usize, changes: usize, stored: usize) -> usize {
    stored + offered + changes * 100
}

async fn check(
    store: &Store,
    scope: &Scope,
    batch: &Arc<Vec<Offer>>,
    open: &[usize],
    at: Moment,
    work: &mut Work,
) -> Result<Vec<Checked>, StoreError> {
    let offered: Vec<(usize, usize)> = open.iter().map(|i| size(&batch[*i])).collect();
    let ids = open.iter().map(|i| batch[*i].document).collect();
    let costs = move |index: usize, stored: usize| {
        let (bytes, changes) = offered[index];
        cost(bytes, changes, stored)
    };
    let (found, room) = store.find_within(ids, work.room, costs).await?;
    work.room = room;
    let mut turn = Turn {
        batch: Arc::clone(batch),
        scope: scope.clone(),
        receipts: store.receipts().clone(),
        organisations: work.organisations.clone(),
        at,
        pieces: work.pieces,
        until: work.until,
        allowance: work.allowance,
        asking: Arc::downgrade(&work.asking),
        open: open.iter().copied().zip(found).collect(),
        at_hand: None,
        figures: store.turns().figures().clone(),
        checked: Vec::with_capacity(open.len()),
    };
    while !turn.is_over() {
        let place = store.turns().place(&scope.organisation).await?;
        let worked = tokio::task::spawn_blocking(move || {
            turn.take()?;
            drop(place);
            Ok::<_, StoreError>(turn)
        });
        turn = worked.await.map_err(|_| StoreError::Panicked)??;
    }
    (work.pieces, work.allowance) = (turn.pieces, turn.allowance);
    Ok(turn.checked)
}

/// The offers of a request that are still to be checked, and what that may take.
struct Turn {
    batch: Arc<Vec<Offer>>,
    scope: Scope,
    receipts: Receipts,
    organisations: Option<Vec<OrganisationId>>,
    at: Moment,
    pieces: usize,
    until: Option<Clock>,
    allowance: Allowance,
    asking: Weak<()>,
    open: VecDeque<(usize, Option<Found>)>,
    /// The offer that was left in the middle.
    at_hand: Option<(usize, Box<Check>)>,
    checked: Vec<Checked>,
    figures: TurnFigures,
}

impl Turn {
    fn is_over(&self) -> bool {
        self.open.is_empty() && self.at_hand.is_none()
    }

    /// Checks offers, piece by piece, until others have their turn.
    fn take(&mut self) -> Result<(), StoreError> {
        let begun = Clock::now();
        while !self.is_over() {
            let piece = Clock::now();
            self.piece()?;
            self.figures.longest_piece.note(piece.elapsed());
            // Nobody hears the answer: nothing of it is stored yet.
            if self.asking.strong_count() == 0 {
                return Err(StoreError::Busy);
            }
            if begun.elapsed() > TURN {
                break;
            }
        }
        self.figures
            .turn_seconds
            .observe(begun.elapsed().as_secs_f64());
        Ok(())
    }

    /// Goes on with the offer at hand, or begins the next.
    fn piece(&mut self) -> Result<(), StoreError> {
        let (index, check) = match self.at_hand.take() {
            Some(at_hand) => at_hand,
            None => match self.open.pop_front() {
                Some((index, Some(found))) if self.has_room() => {
                    (index, Box::new(Check::of(found)))
                }
                Some((index, _)) => {
                    let later = admit::refuse(&self.batch[index], 0, &admit::later());
                    self.checked.push(later);
                    return Ok(());
                }
                None => return Ok(()),
            },
        };
        let sender = Sender {
            scope: &self.scope,
            organisations: self.organisations.as_deref(),
            work: self.pieces,
        };
        match check.go_on(&self.batch[index], sender, &self.receipts, self.at)? {
            Step::Paused(check) => self.at_hand = Some((index, check)),
            Step::Done(checked) => {
                let checked = self.within_allowance(index, *checked);
                self.checked.push(checked);
            }
        }
        Ok(())
    }

    /// Whether another offer may be looked at.
    fn has_room(&self) -> bool {
        self.pieces > 0 && self.until.is_none_or(|until| Clock::now() < until)
    }

    fn within_allowance(&mut self, index: usize, checked: Checked) -> Checked {
        self.pieces = self.pieces.saturating_sub(checked.work);
        // What brings nothing new costs nobody anything.
        match checked
            .append
            .as_ref()
            .map(|a| self.allowance.take(came(a)))
        {
            Some(Err(full)) => admit::refuse(&self.batch[index], 0, &full),
            _ => checked,
        }
    }
}

/// Returns what something to store counts as.
fn came(append: &Append) -> Came {
    Came {
        kind: append.kind,
        new: append.expected == 0,
        bytes: append.changes.iter().map(|c| c.bytes.len() as u64).sum(),
    }
}

/// The bytes and the changes of an offer.
fn size(offer: &Offer) -> (usize, usize) {
    let relayed = offer.relayed.iter().flat_map(|r| &r.changes);
    let changes = offer.changes.iter().chain(relayed);
    changes.fold((0, 0), |(bytes, n), change| (bytes + change.len(), n + 1))
}

/// The partnership, when a batch may name one of its organisations: few do.
async fn organisations(
    store: &Store,
    batch: &[Offer],
) -> Result<Option<Vec<OrganisationId>>, StoreError> {
    let named = memmem::Finder::new(b"met_by");
    let mut changes = batch.iter().flat_map(|offer| &offer.changes);
    if !changes.any(|change| named.find(change).is_some()) {
        return Ok(None);
    }
    let organisations = store.accounts().organisations().await?;
    Ok(Some(organisations.into_iter().map(|o| o.id).collect()))
}

/// Stores what was checked and notes the results; returns what must be checked again.
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
        let code = checked.result.rejected.as_ref().map(|r| r.code.as_str());
        if code == Some(RejectionCode::Quota.as_str()) {
            store.quotas().put_off.inc();
        }
        match checked.append {
            Some(append) => {
                waiting.push((index, checked.result, came(&append)));
                submission.appends.push(append);
            }
            None => results[index] = Some(checked.result),
        }
    }
    if submission.appends.is_empty() && submission.refused.is_empty() {
        return Ok(Vec::new());
    }
    // Together, so that they share a transaction when nobody else waits.
    let appended = try_join_all(portions(submission).into_iter().map(|s| store.submit(s))).await?;
    let appended = appended.into_iter().flatten();
    let mut again = Vec::new();
    for ((index, result, came), appended) in waiting.into_iter().zip(appended) {
        match appended {
            Appended::Stored => {
                store.quotas().spend(scope, now, came);
                results[index] = Some(result);
            }
            Appended::Moved => again.push(index),
            Appended::Erased => {
                results[index] = Some(admit::refuse(&batch[index], 0, &admit::erased()).result);
            }
            Appended::Crowded => {
                results[index] = Some(admit::refuse(&batch[index], 0, &admit::crowded()).result);
            }
        }
    }
    Ok(again)
}

/// Cuts what a request brings into jobs.
fn portions(submission: Submission) -> Vec<Submission> {
    let Submission {
        scope,
        now,
        appends,
        refused,
    } = submission;
    let portion = |appends, refused| Submission {
        scope: scope.clone(),
        now,
        appends,
        refused,
    };
    let (documents, changes) = PORTION;
    let mut portions = Vec::new();
    let mut part: Vec<Append> = Vec::new();
    let mut inside = 0;
    for append in appends {
        let more = append.changes.len();
        if part.len() >= documents || (!part.is_empty() && inside + more > changes) {
            portions.push(portion(std::mem::take(&mut part), Vec::new()));
            inside = 0;
        }
        inside += more;
        part.push(append);
    }
    let mut refused = refused.into_iter().peekable();
    portions.push(portion(part, refused.by_ref().take(documents).collect()));
    while refused.peek().is_some() {
        portions.push(portion(
            Vec::new(),
            refused.by_ref().take(documents).collect(),
        ));
    }
    portions
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
        .database()
        .audit(Entry {
            at: now,
            by: scope.by,
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
