//! Retention in the store: what is due, hiding it, taking it out again, destroying it.
//!
//! It runs from the receipt of a document's first change, by the server's clock; no date
//! that a phone wrote plays a part. What is due is looked for on a reader; the writer gets
//! portions so small that others do not wait for them.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync_core::ids::DocumentId;
use sync_core::model::Kind;
use sync_core::time::Instant;

use super::erasure::erase;
use super::read_model::{self, Touched};
use super::sql::{self, Number};
use super::{Store, StoreError, times};
use crate::outreach::store::port::expiry::{Due, ExpiryStore, Hidden, Term};
use crate::outreach::store::port::times::BEHIND;
use crate::shared::audit::{self, Entry};
use crate::shared::database::tombstones;
use crate::shared::principal::Actor;

impl ExpiryStore for Store {
    async fn due(&self, term: Term, now: Instant) -> Result<Due, StoreError> {
        self.read(move |connection| due(connection, &term, now))
            .await
    }

    async fn expire(
        &self,
        term: Term,
        due: Due,
        now: Instant,
        stopped: impl Fn() -> bool + Send + Sync,
    ) -> Result<(u64, u64), StoreError> {
        let (mut hidden, mut destroyed) = (0, 0);
        for portion in due.early.chunks(NOTED_AT_ONCE) {
            let portion = portion.to_vec();
            self.write(move |tx| receive_now(tx, &portion, now)).await?;
        }
        for portion in due.not_due.chunks(DESTROYED_AT_ONCE) {
            let portion = portion.to_vec();
            self.write(move |tx| {
                portion
                    .iter()
                    .try_for_each(|number| show_again(tx, *number, None).map(drop))
            })
            .await?;
        }
        for portion in due.due.chunks(NOTED_AT_ONCE) {
            if stopped() {
                return Ok((hidden, destroyed));
            }
            let portion = portion.to_vec();
            hidden += self
                .write(move |tx| hide(tx, term.kind, &portion, now))
                .await?;
        }
        for portion in due.over.chunks(DESTROYED_AT_ONCE) {
            if stopped() {
                return Ok((hidden, destroyed));
            }
            let (portion, directory) = (portion.to_vec(), self.directory().to_owned());
            destroyed += self
                .write(move |tx| destroy(tx, &directory, &term, &portion, now))
                .await?;
        }
        while !stopped() && self.write(move |tx| forget(tx, &term, now)).await? {}
        if destroyed > 0 {
            // What was deleted is still in the write-ahead log.
            self.database.scrub().await?;
        }
        Ok((hidden, destroyed))
    }

    async fn hidden(&self, limit: u32) -> Result<Vec<Hidden>, StoreError> {
        self.read(move |connection| {
            let found = connection
                .prepare_cached(
                    "SELECT d.id, d.kind, h.hidden_at
                     FROM hidden h JOIN documents d ON d.number = h.document
                     ORDER BY h.hidden_at, h.document LIMIT ?1",
                )?
                .query_map([limit], |r| {
                    Ok(Hidden {
                        document: sql::document(r, 0)?,
                        kind: sql::parsed(r, 1)?,
                        since: sql::instant(r, 2)?,
                    })
                })?
                .collect::<Result<_, _>>()?;
            Ok(found)
        })
        .await
    }

    async fn unhide(
        &self,
        document: DocumentId,
        by: Actor,
        now: Instant,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let Some(number) = sql::number(tx, document)? else {
                return Ok(false);
            };
            if !show_again(tx, number, Some(now))? {
                return Ok(false);
            }
            let entry = Entry {
                at: now,
                by,
                action: "document.unhide",
                subject: document.to_string(),
                detail: String::new(),
            };
            audit::record(tx, &entry)?;
            Ok(true)
        })
        .await
    }
}

const DAY: i64 = 86_400_000;

/// Documents destroyed in one transaction: visits of 12 counts and 25 encounters each, 400
/// of one night, took 7 ms each without optimisation on a busy machine.
const DESTROYED_AT_ONCE: usize = 5;

/// Documents hidden, or noted, in one transaction.
const NOTED_AT_ONCE: usize = 500;

/// Rows of other tables deleted in one transaction.
const ROWS_AT_ONCE: u32 = 200;

/// Days after which phones no longer hear that another organisation's visit is gone.
const FORGET_COVERAGE: i64 = 100;

fn due(connection: &Connection, term: &Term, now: Instant) -> Result<Due, StoreError> {
    let counts_from = times::times(connection)?.counts_from.min(now);
    let before = term.before(now);
    let (total, lately) = connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM documents WHERE kind = ?1),
                    (SELECT count(*) FROM hidden h JOIN documents d ON d.number = h.document
                     WHERE d.kind = ?1 AND h.hidden_at > ?2)",
        )?
        .query_row(params![term.kind.as_str(), now.0 - DAY], |r| {
            Ok((sql::natural(r, 0)?, sql::natural(r, 1)?))
        })?;
    let mut found = Due {
        total,
        lately,
        due: Vec::new(),
        early: Vec::new(),
        not_due: Vec::new(),
        over: Vec::new(),
    };
    let mut statement = connection.prepare_cached(
        "SELECT d.number, coalesce(k.since, c.received_at), h.hidden_at
         FROM documents d
         JOIN changes c ON c.cursor = d.number
         LEFT JOIN kept k ON k.document = d.number
         LEFT JOIN hidden h ON h.document = d.number
         WHERE d.kind = ?1
           AND (coalesce(k.since, c.received_at) NOT BETWEEN ?2 AND ?3 OR h.document IS NOT NULL)",
    )?;
    let rows = statement.query_map(params![term.kind.as_str(), before.0, now.0 + BEHIND], |r| {
        let hidden: Option<i64> = r.get(2)?;
        Ok((r.get::<_, Number>(0)?, sql::instant(r, 1)?, hidden))
    })?;
    for row in rows {
        let (number, since, hidden) = row?;
        let is_due = since.max(counts_from) < before;
        if since.0 > now.0 + BEHIND {
            found.early.push(number);
        } else if is_due && hidden.is_none() {
            found.due.push(number);
        } else if !is_due && hidden.is_some() {
            found.not_due.push(number);
        }
    }
    found.over = over(connection, term, now)?;
    Ok(found)
}

/// Reads which documents were hidden for long enough. What a phone has offered within the last day
/// is not destroyed with the rest, but once the days have passed twice: nobody can keep a document
/// for ever by going on to change it.
fn over(connection: &Connection, term: &Term, now: Instant) -> Result<Vec<DocumentId>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT d.id FROM hidden h JOIN documents d ON d.number = h.document
             WHERE d.kind = ?1 AND h.hidden_at < ?2
               AND (h.hidden_at < ?3 OR NOT EXISTS
                 (SELECT 1 FROM changes c WHERE c.document = d.number AND c.cursor <> c.document
                    AND c.received_at > ?4))
             ORDER BY h.hidden_at, h.document",
        )?
        .query_map(
            params![
                term.kind.as_str(),
                now.0 - term.hidden_ms(),
                now.0 - 2 * term.hidden_ms(),
                now.0 - DAY
            ],
            |r| sql::document(r, 0),
        )?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

/// Counts as received now what was received at a time that has not come yet.
fn receive_now(tx: &Transaction<'_>, numbers: &[Number], now: Instant) -> Result<(), StoreError> {
    let mut note = tx.prepare_cached(
        "INSERT INTO kept (document, since, cursor) VALUES (?1, ?2, 0)
         ON CONFLICT (document) DO UPDATE SET since = ?2",
    )?;
    for number in numbers {
        note.execute(params![number, now.0])?;
    }
    // What a wrong clock hid was hidden now.
    tx.prepare_cached("UPDATE hidden SET hidden_at = ?1 WHERE hidden_at > ?1")?
        .execute([now.0])?;
    Ok(())
}

fn hide(
    tx: &Transaction<'_>,
    kind: Kind,
    numbers: &[Number],
    now: Instant,
) -> Result<u64, StoreError> {
    let mut hidden = 0;
    let mut hide = tx.prepare_cached(
        "INSERT OR IGNORE INTO hidden (document, hidden_at)
         SELECT number, ?2 FROM documents WHERE number = ?1",
    )?;
    for number in numbers {
        hidden += hide.execute(params![number, now.0])? as u64;
    }
    note(tx, "document.hide", kind, hidden, now)?;
    Ok(hidden)
}

/// Takes a document out of hiding, and gives it to the phones that read past it meanwhile.
/// Its days run from `since`, else as they did.
fn show_again(tx: &Connection, number: Number, since: Option<Instant>) -> Result<bool, StoreError> {
    if tx
        .prepare_cached("DELETE FROM hidden WHERE document = ?1")?
        .execute([number])?
        == 0
    {
        return Ok(false);
    }
    let cursor = sql::signed(sql::advance(tx, 1)?);
    tx.prepare_cached("UPDATE documents SET last_cursor = ?2 WHERE number = ?1")?
        .execute(params![number, cursor])?;
    tx.prepare_cached(
        "INSERT INTO kept (document, since, cursor)
         SELECT cursor, coalesce(?2, received_at), ?3 FROM changes WHERE cursor = ?1
         ON CONFLICT (document) DO UPDATE SET since = coalesce(?2, since), cursor = ?3",
    )?
    .execute(params![number, since.map(|at| at.0), cursor])?;
    Ok(true)
}

fn destroy(
    tx: &Transaction<'_>,
    directory: &std::path::Path,
    term: &Term,
    documents: &[DocumentId],
    now: Instant,
) -> Result<u64, StoreError> {
    // Somebody may have taken one out since it was looked for.
    let mut still = Vec::new();
    for document in documents {
        let hidden = tx
            .prepare_cached(
                "SELECT 1 FROM hidden h JOIN documents d ON d.number = h.document
                 WHERE d.id = ?1 AND h.hidden_at < ?2",
            )?
            .query_row(
                params![document.as_bytes(), now.0 - term.hidden_ms()],
                |_| Ok(()),
            )
            .optional()?;
        still.extend(hidden.map(|()| *document));
    }
    tombstones::note_expired(directory, &still)?;
    let mut touched = Touched::default();
    for document in &still {
        erase(tx, *document, now, &mut touched)?;
    }
    read_model::settle(tx, touched)?;
    let destroyed = still.len() as u64;
    note(tx, "document.expire", term.kind, destroyed, now)?;
    Ok(destroyed)
}

fn note(
    tx: &Connection,
    action: &'static str,
    kind: Kind,
    documents: u64,
    now: Instant,
) -> Result<(), StoreError> {
    if documents == 0 {
        return Ok(());
    }
    let entry = Entry {
        at: now,
        by: Actor::SERVER,
        action,
        subject: kind.to_string(),
        detail: format!("documents={documents}"),
    };
    audit::record(tx, &entry)
}

/// Forgets what hangs on no document: refused changes of the kind that came so long ago,
/// and what phones of other organisations heard of long ago. Whether there may be more.
fn forget(tx: &Transaction<'_>, term: &Term, now: Instant) -> Result<bool, StoreError> {
    let before = term.before(now).0 - term.hidden_ms();
    let refused = tx
        .prepare_cached(
            "DELETE FROM quarantine WHERE id IN
               (SELECT id FROM quarantine WHERE kind = ?1 AND received_at < ?2 LIMIT ?3)",
        )?
        .execute(params![term.kind.as_str(), before, ROWS_AT_ONCE])?;
    let heard = tx
        .prepare_cached(
            "DELETE FROM coverage WHERE (night, place, organisation) IN
               (SELECT night, place, organisation FROM coverage
                WHERE night < ?1 AND NOT present LIMIT ?2)",
        )?
        .execute(params![now.night().0 - FORGET_COVERAGE, ROWS_AT_ONCE])?;
    Ok(refused + heard > 0)
}
