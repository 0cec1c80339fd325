//! The log: documents and the changes to them, in the order of their arrival.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::time::Instant;

use super::quarantine;
use super::read_model::{self, Subject, Touched};
use super::sql::{self, Number};
use super::{Store, StoreError};
use crate::outreach::projection::Rows;
use crate::outreach::store::port::Scope;
use crate::outreach::store::port::log::{
    Append, Appended, Arrival, Came, Found, LogStore, Stored, Submission, WorkRoom,
};
use crate::shared::audit::{self, Entry};

impl LogStore for Store {
    async fn find(&self, documents: Vec<DocumentId>) -> Result<Vec<Found>, StoreError> {
        self.read(move |connection| {
            documents
                .into_iter()
                .map(|id| find(connection, id))
                .collect()
        })
        .await
    }

    async fn came_since(&self, since: Instant) -> Result<Vec<Arrival>, StoreError> {
        self.read(move |connection| came_since(connection, since))
            .await
    }

    async fn find_within(
        &self,
        documents: Vec<DocumentId>,
        mut room: WorkRoom,
        cost: impl Fn(usize, usize) -> usize + Send + 'static,
    ) -> Result<(Vec<Option<Found>>, WorkRoom), StoreError> {
        self.read(move |connection| {
            let mut all = Vec::with_capacity(documents.len());
            for (index, id) in documents.iter().enumerate() {
                let found = find(connection, *id)?;
                let stored = match &found {
                    Found::Document(stored) => stored.chunks.iter().map(Vec::len).sum(),
                    Found::Nothing | Found::Erased => 0,
                };
                if !room.take(cost(index, stored)) {
                    break;
                }
                all.push(Some(found));
            }
            all.resize(documents.len(), None);
            Ok((all, room))
        })
        .await
    }

    async fn submit(&self, mut submission: Submission) -> Result<Vec<Appended>, StoreError> {
        submission.now = self.receipt_at(submission.now);
        self.write_while_wanted(move |tx| submit(tx, &submission))
            .await
    }
}

/// Most documents that a request's row of the audit names. Of what else it brought, the
/// log says from whom and when it came.
const MOST_NAMED: usize = 20;

/// Loads what is stored under an id.
pub(super) fn find(connection: &Connection, id: DocumentId) -> Result<Found, StoreError> {
    let Some((mut stored, snapshot, snapshot_cursor, number)) = connection
        .prepare_cached(
            "SELECT kind, organisation, last_cursor, loose, snapshot, snapshot_cursor, number
             FROM documents WHERE id = ?1",
        )?
        .query_row([id.as_bytes()], |r| {
            let stored = Stored {
                kind: sql::parsed(r, 0)?,
                organisation: sql::parsed(r, 1)?,
                last_cursor: sql::natural(r, 2)?,
                loose: r.get(3)?,
                chunks: Vec::new(),
            };
            let snapshot: Option<Vec<u8>> = r.get(4)?;
            Ok((
                stored,
                snapshot,
                sql::natural(r, 5)?,
                r.get::<_, Number>(6)?,
            ))
        })
        .optional()?
    else {
        return Ok(if is_erased(connection, id)? {
            Found::Erased
        } else {
            Found::Nothing
        });
    };
    stored.chunks.extend(snapshot);
    let span = Span {
        number,
        last: stored.last_cursor,
        after: snapshot_cursor,
    };
    each_change(connection, &span, |_, bytes| {
        stored.chunks.push(bytes);
        Ok(())
    })?;
    Ok(Found::Document(stored))
}

/// Changes of a document: those after a cursor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) number: Number,
    /// The cursor of its newest change.
    pub(super) last: u64,
    pub(super) after: u64,
}

/// Passes each of them on in their order, with the device that made it.
pub(super) fn each_change(
    connection: &Connection,
    span: &Span,
    mut give: impl FnMut(DeviceId, Vec<u8>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let &Span {
        number,
        last,
        after,
    } = span;
    if number.is_after(after) {
        let first = connection
            .prepare_cached("SELECT device, bytes FROM changes WHERE cursor = ?1")?
            .query_row([number], |r| Ok((sql::device(r, 0)?, r.get(1)?)))
            .optional()?;
        // In a damaged database it may be missing: then this one document cannot be read.
        if let Some((device, bytes)) = first {
            give(device, bytes)?;
        }
    }
    // Most documents have but one.
    if !number.is_before(last) {
        return Ok(());
    }
    let mut later = connection.prepare_cached(
        "SELECT device, bytes FROM changes
         WHERE document = ?1 AND cursor <> document AND cursor > ?2 ORDER BY cursor",
    )?;
    let mut rows = later.query(params![number, sql::signed(after)])?;
    while let Some(row) = rows.next()? {
        give(sql::device(row, 0)?, row.get(1)?)?;
    }
    Ok(())
}

fn came_since(connection: &Connection, since: Instant) -> Result<Vec<Arrival>, StoreError> {
    // Receipts are in the log's order: from its end back to the first that is too old.
    let mut statement = connection.prepare_cached(
        "SELECT c.received_at, c.device, m.organisation, d.kind, c.cursor = c.document,
                length(c.bytes), c.document
         FROM changes c JOIN documents d ON d.number = c.document
         LEFT JOIN devices v ON v.id = c.device LEFT JOIN members m ON m.id = v.member
         ORDER BY c.cursor DESC",
    )?;
    let mut rows = statement.query([])?;
    let mut all: Vec<Arrival> = Vec::new();
    let mut last = None;
    while let Some(row) = rows.next()? {
        let at = sql::instant(row, 0)?;
        if at < since {
            break;
        }
        let (device, document): (_, Number) = (sql::device(row, 1)?, row.get(6)?);
        let (new, bytes): (bool, u64) = (row.get(4)?, sql::natural(row, 5)?);
        // Changes to a document that came together count as one.
        if last == Some((at, device, document))
            && let Some((.., came)) = all.last_mut()
        {
            came.new |= new;
            came.bytes += bytes;
            continue;
        }
        last = Some((at, device, document));
        let organisation: Option<String> = row.get(2)?;
        let organisation = organisation.and_then(|o| o.parse().ok());
        let kind = sql::parsed(row, 3)?;
        all.push((at, device, organisation, Came { kind, new, bytes }));
    }
    Ok(all)
}

fn is_erased(connection: &Connection, id: DocumentId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM erased WHERE document = ?1)")?
        .query_row([id.as_bytes()], |r| r.get(0))?)
}

fn submit(tx: &Transaction<'_>, submission: &Submission) -> Result<Vec<Appended>, StoreError> {
    let mut touched = Touched::default();
    let mut results = Vec::with_capacity(submission.appends.len());
    let (mut documents, mut changes) = (0_usize, 0_usize);
    let mut named = String::new();
    let mut cursors = sql::Cursors::begin(tx)?;
    for append in &submission.appends {
        let result = append_one(tx, submission, append, &mut cursors, &mut touched)?;
        if result == Appended::Stored {
            documents += 1;
            changes += append.changes.len();
            if documents <= MOST_NAMED {
                named.push(if named.is_empty() { ' ' } else { ',' });
                named.push_str(&append.document.to_string());
            }
        }
        results.push(result);
    }
    cursors.end(tx)?;
    read_model::settle(tx, touched)?;
    for refused in &submission.refused {
        quarantine::keep(tx, &submission.scope, submission.now, refused)?;
    }
    if !submission.refused.is_empty() {
        quarantine::bound(tx, &submission.scope)?;
    }
    let counted = Counted {
        documents,
        changes,
        named,
    };
    if documents > 0 || !submission.refused.is_empty() {
        audit::record(tx, &told(submission, counted))?;
    }
    Ok(results)
}

/// The counts of a submission.
struct Counted {
    documents: usize,
    changes: usize,
    /// The ids of the first of them.
    named: String,
}

/// The row of the audit that goes with a submission: what a person did, by its name; what a
/// phone recorded, in numbers.
fn told(submission: &Submission, counted: Counted) -> Entry {
    let (at, scope) = (submission.now, &submission.scope);
    let Counted {
        documents,
        changes,
        named,
    } = counted;
    if let (Some(act), [append]) = (&scope.act, submission.appends.as_slice()) {
        return Entry {
            at,
            by: scope.by,
            action: act.action,
            subject: append.document.to_string(),
            detail: act.detail.clone(),
        };
    }
    let refused = submission.refused.len();
    Entry {
        at,
        by: scope.by,
        action: "sync.append",
        subject: scope.organisation.to_string(),
        detail: format!("documents={documents} changes={changes} refused={refused}{named}"),
    }
}

fn append_one(
    tx: &Connection,
    Submission { scope, now, .. }: &Submission,
    append: &Append,
    cursors: &mut sql::Cursors,
    touched: &mut Touched,
) -> Result<Appended, StoreError> {
    if let Rows::Visit(Some(visit)) = &append.rows
        && read_model::is_crowded(tx, append.document, &scope.organisation, visit)?
    {
        return Ok(Appended::Crowded);
    }
    let count = append.changes.len() as u64;
    let first = cursors.next();
    let last = first + count - 1;
    let document = if append.expected == 0 {
        begin(tx, scope, append, first, last)?
    } else {
        grow(tx, append, last)?
    };
    let Some((number, organisation)) = document else {
        return Ok(if is_erased(tx, append.document)? {
            Appended::Erased
        } else {
            Appended::Moved
        });
    };
    cursors.take(count);
    if let Some(snapshot) = &append.snapshot {
        tx.prepare_cached(
            "UPDATE documents SET snapshot = ?2, snapshot_cursor = ?3, loose = 0
             WHERE number = ?1",
        )?
        .execute(params![number, snapshot, sql::signed(last)])?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO changes (cursor, document, hash, device, received_at, late, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (cursor, change) in (first..).zip(&append.changes) {
        insert.execute(params![
            sql::signed(cursor),
            number,
            change.hash.as_bytes(),
            change.device.as_bytes(),
            now.0,
            change.late,
            change.bytes,
        ])?;
    }
    let subject = Subject {
        id: append.document,
        number,
        organisation: &organisation,
    };
    if append.expected == 0 {
        read_model::add(tx, subject, &append.rows, touched)?;
    } else {
        read_model::put(tx, subject, &append.rows, touched)?;
    }
    Ok(Appended::Stored)
}

/// Adds a new document, whose organisation and device are those that made it, for good. Gives its number and whose it is; `None` when there is one with this id,
/// or was.
fn begin(
    tx: &Connection,
    scope: &Scope,
    append: &Append,
    first: u64,
    last: u64,
) -> Result<Option<(Number, OrganisationId)>, StoreError> {
    if is_erased(tx, append.document)? {
        return Ok(None);
    }
    let organisation = founded_by(tx, scope, append.founder)?;
    let number = Number::first(first);
    let added = tx
        .prepare_cached(
            "INSERT INTO documents
             (number, id, kind, organisation, device, last_cursor, loose, heads)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            number,
            append.document.as_bytes(),
            append.kind.as_str(),
            organisation.as_str(),
            append.founder.as_bytes(),
            sql::signed(last),
            sql::signed(append.changes.len() as u64),
            heads(append),
        ])?;
    Ok((added == 1).then_some((number, organisation)))
}

/// The organisation of the device that made a document. After a restore another's phone may
/// give a place back, which does not make it that one's.
fn founded_by(
    tx: &Connection,
    scope: &Scope,
    founder: DeviceId,
) -> Result<OrganisationId, StoreError> {
    if founder == scope.device {
        return Ok(scope.organisation.clone());
    }
    let known = tx
        .prepare_cached(
            "SELECT m.organisation FROM devices d JOIN members m ON m.id = d.member
             WHERE d.id = ?1",
        )?
        .query_row([founder.as_bytes()], |r| sql::parsed(r, 0))
        .optional()?;
    // A device that was enrolled after the backup is unknown: then it is the giver's.
    Ok(known.unwrap_or_else(|| scope.organisation.clone()))
}

/// Notes that a document grew. Gives its number and whose it is; `None` when it is not
/// as it was when the changes were checked.
fn grow(
    tx: &Connection,
    append: &Append,
    last: u64,
) -> Result<Option<(Number, OrganisationId)>, StoreError> {
    Ok(tx
        .prepare_cached(
            "UPDATE documents SET last_cursor = ?3, loose = loose + ?4, heads = ?5
             WHERE id = ?1 AND last_cursor = ?2 RETURNING number, organisation",
        )?
        .query_row(
            params![
                append.document.as_bytes(),
                sql::signed(append.expected),
                sql::signed(last),
                sql::signed(append.changes.len() as u64),
                heads(append),
            ],
            |r| Ok((r.get(0)?, sql::parsed(r, 1)?)),
        )
        .optional()?)
}

fn heads(append: &Append) -> Vec<u8> {
    append.heads.iter().flat_map(|h| *h.as_bytes()).collect()
}
