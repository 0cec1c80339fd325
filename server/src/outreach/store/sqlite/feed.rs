//! The news for a phone since its cursor.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::ids::{DocumentId, Hash};
use sync_core::protocol::{Coverage, Delivery};
use sync_core::time::Night;

use super::log::{Span, each_change};
use super::sql::{self, Number};
use super::{Store, StoreError, draws};
use crate::outreach::store::port::Scope;
use crate::outreach::store::port::feed::{Feed, FeedRequest, FeedStore, Head};
use crate::outreach::store::receipts::Receipts;

impl FeedStore for Store {
    async fn feed(&self, request: FeedRequest) -> Result<Feed, StoreError> {
        let receipts = self.receipts().clone();
        self.read(move |connection| feed(connection, &request, &receipts))
            .await
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT cursor, epoch FROM head")?
                .query_row([], |r| {
                    Ok(Head {
                        cursor: sql::natural(r, 0)?,
                        epoch: sql::natural(r, 1)?,
                    })
                })
                .optional()?
                .ok_or_else(|| StoreError::Inconsistent("no head of the log".to_owned()))
        })
        .await
    }
}

/// Bytes that a document costs beside its chunks.
const DOCUMENT_OVERHEAD: usize = 72;

/// Nights back for which a phone hears of other organisations' visits.
const COVERAGE_NIGHTS: i64 = 90;

fn feed(
    connection: &Connection,
    request: &FeedRequest,
    receipts: &Receipts,
) -> Result<Feed, StoreError> {
    let (head, epoch) = connection
        .prepare_cached("SELECT cursor, epoch FROM head")?
        .query_row([], |r| Ok((sql::natural(r, 0)?, sql::natural(r, 1)?)))?;
    // A cursor of another life of the data, or one from its future, means nothing.
    let foreign = (request.epoch != 0 && request.epoch != epoch) || request.cursor > head;
    let from = if foreign { 0 } else { request.cursor };
    let reading = Reading {
        from,
        since: request.since.unwrap_or(from).min(from),
        head,
    };
    let mut page = documents(connection, request, &reading)?;
    for (_, delivery) in &mut page.documents {
        give_word(connection, receipts, delivery)?;
    }
    let mut reach = page.reach;
    let coverage = coverage(connection, request, from, &mut reach)?;
    let purge = purge(connection, request, from, &mut reach)?;
    let draw = draws::newest(connection, from, reach)?;
    Ok(Feed {
        epoch,
        cursor: reach,
        more: reach < head,
        documents: within(page.documents, reach),
        purge: within(purge, reach),
        coverage: within(coverage, reach),
        draw,
    })
}

fn within<T>(rows: Vec<(u64, T)>, reach: u64) -> Vec<T> {
    rows.into_iter()
        .filter_map(|(cursor, row)| (cursor <= reach).then_some(row))
        .collect()
}

/// How far a phone has read.
struct Reading {
    /// The pages until now.
    from: u64,
    /// Where the first of them began: it has all that was there then.
    since: u64,
    /// The newest entry.
    head: u64,
}

struct Page {
    documents: Vec<(u64, Delivery)>,
    reach: u64,
}

/// A document that may hold something new.
struct Candidate {
    id: DocumentId,
    number: Number,
    kind: sync_core::model::Kind,
    last_cursor: u64,
    /// Whether the asking device sent it first.
    own: bool,
    has_snapshot: bool,
    /// Whether it is the asking organisation's.
    ours: bool,
    /// The entry that says that it was taken out of hiding; else 0.
    shown_again: u64,
}

/// Documents in the order of their newest change, until the reply is full.
fn documents(
    connection: &Connection,
    request: &FeedRequest,
    reading: &Reading,
) -> Result<Page, StoreError> {
    let (scope, room) = (&request.scope, request.room);
    let mut page = Page {
        documents: Vec::new(),
        reach: reading.from,
    };
    let mut bytes = 0;
    loop {
        let candidates = candidates(connection, scope, page.reach, room.documents)?;
        let last_round = candidates.len() < room.documents;
        for candidate in candidates {
            if page.documents.len() == room.documents {
                return Ok(page);
            }
            if let Some(delivery) = deliver(connection, scope, reading, &candidate)? {
                let size = size(&delivery);
                if bytes + size > room.document_bytes && !page.documents.is_empty() {
                    return Ok(page);
                }
                bytes += size;
                page.documents.push((candidate.last_cursor, delivery));
            }
            page.reach = candidate.last_cursor;
        }
        if last_round {
            page.reach = reading.head;
            return Ok(page);
        }
    }
}

fn candidates(
    connection: &Connection,
    scope: &Scope,
    after: u64,
    most: usize,
) -> Result<Vec<Candidate>, StoreError> {
    let read = |r: &Row<'_>| {
        Ok(Candidate {
            id: sql::document(r, 0)?,
            kind: sql::parsed(r, 1)?,
            number: r.get(2)?,
            last_cursor: sql::natural(r, 3)?,
            own: sql::device(r, 4)? == scope.device,
            has_snapshot: r.get(5)?,
            ours: r.get(6)?,
            shown_again: sql::natural(r, 7)?,
        })
    };
    let limit = sql::signed(most as u64);
    let mut found: Vec<Candidate> = connection
        .prepare_cached(
            "SELECT id, kind, number, last_cursor, device, snapshot_cursor > 0, organisation = ?3,
                    0
             FROM documents WHERE kind = 'place' AND last_cursor > ?1
             ORDER BY last_cursor LIMIT ?2",
        )?
        .query_map(
            params![sql::signed(after), limit, scope.organisation.as_str()],
            read,
        )?
        .collect::<Result<_, _>>()?;
    let others = connection
        .prepare_cached(
            "SELECT id, kind, number, last_cursor, device, snapshot_cursor > 0, TRUE,
                    coalesce((SELECT cursor FROM kept WHERE document = number), 0)
             FROM documents WHERE organisation = ?1 AND kind <> 'place' AND kind <> 'feedback'
               AND last_cursor > ?2
               AND NOT EXISTS (SELECT 1 FROM hidden WHERE document = number)
             ORDER BY last_cursor LIMIT ?3",
        )?
        .query_map(
            params![scope.organisation.as_str(), sql::signed(after), limit],
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    found.extend(others);
    found.sort_unstable_by_key(|c| c.last_cursor);
    found.truncate(most);
    Ok(found)
}

/// Returns what a phone lacks of a document; `None` when nothing but its own changes.
fn deliver(
    connection: &Connection,
    scope: &Scope,
    reading: &Reading,
    candidate: &Candidate,
) -> Result<Option<Delivery>, StoreError> {
    let lacks_all = reading.from == 0
        || (candidate.number.is_after(reading.since) && !candidate.own)
        || candidate.shown_again > reading.since;
    let (mut snapshot, mut after) = (None, reading.since);
    if lacks_all {
        after = 0;
        if candidate.has_snapshot {
            let (bytes, cursor): (Vec<u8>, u64) = connection
                .prepare_cached(
                    "SELECT snapshot, snapshot_cursor FROM documents WHERE number = ?1",
                )?
                .query_row([candidate.number], |r| Ok((r.get(0)?, sql::natural(r, 1)?)))?;
            snapshot = Some(bytes.into());
            after = cursor;
        }
    }
    let span = Span {
        number: candidate.number,
        last: candidate.last_cursor,
        after,
    };
    let mut changes = Vec::new();
    each_change(connection, &span, |device, bytes| {
        if lacks_all || device != scope.device {
            changes.push(bytes.into());
        }
        Ok(())
    })?;
    Ok(
        (snapshot.is_some() || !changes.is_empty()).then_some(Delivery {
            document: candidate.id,
            kind: candidate.kind,
            snapshot,
            changes,
            receipt: None,
            own: (!candidate.ours).then_some(false),
        }),
    )
}

/// Adds the server's word that it holds what the document now amounts to.
fn give_word(
    connection: &Connection,
    receipts: &Receipts,
    delivery: &mut Delivery,
) -> Result<(), StoreError> {
    let heads: Option<Vec<u8>> = connection
        .prepare_cached("SELECT heads FROM documents WHERE id = ?1")?
        .query_row([delivery.document.as_bytes()], |r| r.get(0))?;
    let heads: Option<Vec<Hash>> = heads.map(|bytes| {
        let (whole, _) = bytes.as_chunks();
        whole.iter().copied().map(Hash::from_bytes).collect()
    });
    delivery.receipt = heads
        .map(|heads| receipts.make(delivery.document, delivery.kind, &heads))
        .map(Into::into);
    Ok(())
}

fn size(delivery: &Delivery) -> usize {
    let snapshot = delivery.snapshot.as_ref().map_or(0, |s| s.len() + 5);
    let changes: usize = delivery.changes.iter().map(|c| c.len() + 5).sum();
    DOCUMENT_OVERHEAD + snapshot + changes
}

fn coverage(
    connection: &Connection,
    request: &FeedRequest,
    from: u64,
    reach: &mut u64,
) -> Result<Vec<(u64, Coverage)>, StoreError> {
    let oldest = request.now.night().plus(-COVERAGE_NIGHTS);
    let rows: Vec<(u64, Coverage)> = connection
        .prepare_cached(
            "SELECT cursor, place, night, organisation, complete, persons, present
             FROM coverage
             WHERE cursor > ?1 AND cursor <= ?2 AND organisation <> ?3 AND night >= ?4
               AND (present OR ?1 > 0)
             ORDER BY cursor LIMIT ?5",
        )?
        .query_map(
            params![
                sql::signed(from),
                sql::signed(*reach),
                request.scope.organisation.as_str(),
                oldest.0,
                request.room.rows,
            ],
            |r| {
                let Night(night) = Night(r.get(2)?);
                let row = Coverage {
                    place: sql::document(r, 1)?,
                    night,
                    organisation: r.get(3)?,
                    complete: r.get(4)?,
                    count: r.get(5)?,
                    present: r.get(6)?,
                };
                Ok((sql::natural(r, 0)?, row))
            },
        )?
        .collect::<Result<_, _>>()?;
    cut(&rows, request.room.rows, reach);
    Ok(rows)
}

fn purge(
    connection: &Connection,
    request: &FeedRequest,
    from: u64,
    reach: &mut u64,
) -> Result<Vec<(u64, DocumentId)>, StoreError> {
    // A phone that has nothing has nothing to delete. One that begins anew, after
    // the server was restored, has.
    if from == 0 && request.epoch == 0 {
        return Ok(Vec::new());
    }
    let rows: Vec<(u64, DocumentId)> = connection
        .prepare_cached(
            "SELECT cursor, document FROM erased WHERE cursor > ?1 AND cursor <= ?2
             ORDER BY cursor LIMIT ?3",
        )?
        .query_map(
            params![sql::signed(from), sql::signed(*reach), request.room.rows],
            |r| Ok((sql::natural(r, 0)?, sql::document(r, 1)?)),
        )?
        .collect::<Result<_, _>>()?;
    cut(&rows, request.room.rows, reach);
    Ok(rows)
}

/// A full list ends the reply where it ends.
fn cut<T>(rows: &[(u64, T)], most: u32, reach: &mut u64) {
    if rows.len() >= most as usize
        && let Some((cursor, _)) = rows.last()
    {
        *reach = (*reach).min(*cursor);
    }
}
