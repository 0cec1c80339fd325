//! The records of undos: which device, since when, how far they have come, and what
//! became of each document. Never what a document says.

use rusqlite::{OptionalExtension, Row, params};
use sync_core::ids::{DeviceId, DocumentId, Hash, SessionId};
use sync_core::time::Instant;

use super::sql;
use super::{Store, StoreError};
use crate::outreach::store::port::undos::{
    NewUndo, Portion, UNDO, Undo, UndoStore, UndoneDocument,
};
use crate::shared::audit::{self, Entry};
use crate::shared::jobs::{self, NewJob};
use crate::shared::principal::{Actor, MemberId};

impl UndoStore for Store {
    async fn begin_undo(&self, undo: NewUndo, now: Instant) -> Result<i64, StoreError> {
        self.write(move |tx| {
            tx.prepare_cached(
                "INSERT INTO undos (device, since, of, session, made_at, made_by, by_member, until)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT cursor FROM head))",
            )?
            .execute(params![
                undo.device.as_bytes(),
                undo.since.0,
                undo.of,
                undo.session.as_bytes(),
                now.0,
                undo.by.device.as_ref().map(DeviceId::as_bytes),
                undo.by.member.map(|member| member.0),
            ])?;
            let id = tx.last_insert_rowid();
            let of = undo.of.map(|of| format!(" of={of}")).unwrap_or_default();
            let entry = Entry {
                at: now,
                by: undo.by,
                action: "undo.begin",
                subject: undo.device.to_string(),
                detail: format!("undo={id} since={}{of}", undo.since.0),
            };
            jobs::enqueue(
                tx,
                &NewJob {
                    kind: UNDO,
                    key: id.to_string(),
                    run_at: now,
                },
            )?;
            audit::record(tx, &entry)?;
            Ok(id)
        })
        .await
    }

    async fn undos(&self, limit: u32) -> Result<Vec<Undo>, StoreError> {
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached(&select("ORDER BY u.id DESC LIMIT ?1"))?;
            let found = statement.query_map([limit], undo)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn undo(&self, id: i64) -> Result<Option<Undo>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&select("HAVING u.id = ?1"))?;
            Ok(statement.query_row([id], undo).optional()?)
        })
        .await
    }

    async fn undone_documents(
        &self,
        id: i64,
        after: Option<DocumentId>,
        limit: u32,
    ) -> Result<Vec<UndoneDocument>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT document, changed, left FROM undone_documents
                 WHERE undo = ?1 AND (?2 IS NULL OR document > ?2) ORDER BY document LIMIT ?3",
            )?;
            let after = after.as_ref().map(DocumentId::as_bytes);
            let found = statement.query_map(params![id, after, limit], |r| {
                Ok(UndoneDocument {
                    document: sql::document(r, 0)?,
                    changed: r.get(1)?,
                    left: sql::json(r, 2)?,
                })
            })?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn note_undone(&self, id: i64, documents: Vec<UndoneDocument>) -> Result<(), StoreError> {
        self.write(move |tx| {
            let mut insert = tx.prepare_cached(
                "INSERT INTO undone_documents (undo, document, changed, left)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET changed = max(changed, excluded.changed),
                                           left = excluded.left",
            )?;
            for done in &documents {
                let left = serde_json::to_string(&done.left)
                    .map_err(|e| StoreError::Inconsistent(e.to_string()))?;
                insert.execute(params![id, done.document.as_bytes(), done.changed, left])?;
            }
            Ok(())
        })
        .await
    }

    async fn advance_undo(&self, id: i64, cursor: u64) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached("UPDATE undos SET cursor = ?2 WHERE id = ?1")?
                .execute(params![id, sql::signed(cursor)])?;
            Ok(())
        })
        .await
    }

    async fn finish_undo(&self, id: i64, by: Actor, now: Instant) -> Result<(), StoreError> {
        self.write(move |tx| {
            jobs::finish(tx, UNDO, &id.to_string())?;
            let done = tx
                .prepare_cached("UPDATE undos SET done_at = ?2 WHERE id = ?1 AND done_at IS NULL")?
                .execute(params![id, now.0])?;
            if done == 0 {
                return Ok(());
            }
            let (device, documents, fields): (DeviceId, i64, i64) = tx
                .prepare_cached(
                    "SELECT u.device, count(d.document), coalesce(sum(d.changed), 0)
                     FROM undos u LEFT JOIN undone_documents d ON d.undo = u.id AND d.changed > 0
                     WHERE u.id = ?1",
                )?
                .query_row([id], |r| Ok((sql::device(r, 0)?, r.get(1)?, r.get(2)?)))?;
            let entry = Entry {
                at: now,
                by,
                action: "undo.done",
                subject: device.to_string(),
                detail: format!("undo={id} documents={documents} fields={fields}"),
            };
            audit::record(tx, &entry)
        })
        .await
    }

    async fn documents_said(
        &self,
        device: DeviceId,
        since: Instant,
        after: u64,
        until: u64,
    ) -> Result<Portion, StoreError> {
        self.read(move |connection| {
            let to = after.saturating_add(LOOKED_THROUGH).min(until);
            let mut statement = connection.prepare_cached(
                "SELECT d.id FROM changes c JOIN documents d ON d.number = c.document
                 WHERE c.cursor > ?1 AND c.cursor <= ?2 AND c.device = ?3 AND c.received_at >= ?4
                 GROUP BY d.id ORDER BY min(c.cursor)",
            )?;
            let found = statement.query_map(
                params![
                    sql::signed(after),
                    sql::signed(to),
                    device.as_bytes(),
                    since.0
                ],
                |r| sql::document(r, 0),
            )?;
            Ok(Portion {
                documents: found.collect::<Result<_, _>>()?,
                next: (to < until).then_some(to),
            })
        })
        .await
    }

    async fn changes_said(
        &self,
        documents: Vec<DocumentId>,
        device: DeviceId,
        since: Instant,
    ) -> Result<Vec<Vec<Hash>>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT hash FROM changes WHERE cursor = ?1 AND device = ?2 AND received_at >= ?3
                 UNION ALL
                 SELECT hash FROM changes WHERE document = ?1 AND cursor <> document
                   AND device = ?2 AND received_at >= ?3",
            )?;
            documents
                .into_iter()
                .map(|document| {
                    let Some(number) = sql::number(connection, document)? else {
                        return Ok(Vec::new());
                    };
                    let said = statement
                        .query_map(params![number, device.as_bytes(), since.0], |r| {
                            r.get(0).map(Hash::from_bytes)
                        })?;
                    Ok(said.collect::<Result<_, _>>()?)
                })
                .collect()
        })
        .await
    }

    async fn undo_sessions(&self, device: DeviceId) -> Result<Vec<SessionId>, StoreError> {
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT session FROM undos WHERE device = ?1")?;
            let found = statement
                .query_map([device.as_bytes()], |r| r.get(0).map(SessionId::from_bytes))?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// Changes of the log that are looked through in one reading.
const LOOKED_THROUGH: u64 = 20_000;

fn select(rest: &str) -> String {
    format!(
        "SELECT u.id, u.device, u.since, u.of, u.session, u.made_by, u.made_at, u.cursor, u.until,
                u.done_at, u.discarded,
                coalesce(sum(d.changed > 0), 0), coalesce(sum(d.changed), 0),
                coalesce(sum(json_array_length(d.left)), 0),
                (SELECT max(id) FROM undos b WHERE b.of = u.id), u.by_member
         FROM undos u LEFT JOIN undone_documents d ON d.undo = u.id
         GROUP BY u.id {rest}"
    )
}

fn undo(row: &Row<'_>) -> rusqlite::Result<Undo> {
    Ok(Undo {
        id: row.get(0)?,
        asked: NewUndo {
            device: sql::device(row, 1)?,
            since: sql::instant(row, 2)?,
            of: row.get(3)?,
            session: row.get(4).map(SessionId::from_bytes)?,
            by: Actor {
                member: row.get::<_, Option<i64>>(15)?.map(MemberId),
                device: row.get::<_, Option<[u8; 8]>>(5)?.map(DeviceId::from_bytes),
            },
        },
        made_at: sql::instant(row, 6)?,
        cursor: sql::natural(row, 7)?,
        until: sql::natural(row, 8)?,
        done_at: row.get::<_, Option<i64>>(9)?.map(Instant),
        discarded: sql::natural(row, 10)?,
        documents: sql::natural(row, 11)?,
        fields: sql::natural(row, 12)?,
        left: sql::natural(row, 13)?,
        taken_back_by: row.get(14)?,
    })
}
