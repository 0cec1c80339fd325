//! Acts that need two people: asked for by one, claimed by the other, then done.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use super::{Store, StoreError, sql};
use crate::outreach::rights::{self, Asker};
use crate::outreach::store::port::acts::{ActStore, Asked, Settled, Waiting, Wanted};
use crate::shared::accounts::members::role;
use crate::shared::audit::{self, Entry};
use crate::shared::principal::{Actor, MemberId, Principal, Role};

impl ActStore for Store {
    async fn ask_act(
        &self,
        asked: Asked,
        by: Actor,
        now: Instant,
    ) -> Result<Option<Waiting>, StoreError> {
        self.write(move |tx| {
            let open = waiting(tx, now)?;
            let mine = open.iter().filter(|w| Some(w.by.device) == by.device);
            if let Some(same) = mine.clone().find(|w| w.asked == asked) {
                return Ok(Some(same.clone()));
            }
            if mine.count() >= MOST_OF_A_DEVICE {
                return Ok(None);
            }
            let expires = now.0 + HOURS * 3_600_000;
            tx.prepare_cached(
                "INSERT INTO pending_acts
                 (act, subject, since, quarantine, asked_by, asked_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                asked.act.as_str(),
                asked.subject,
                asked.since.map(|at| at.0),
                asked.quarantine,
                by.device.as_ref().map(DeviceId::as_bytes),
                now.0,
                expires
            ])?;
            let id = tx.last_insert_rowid();
            note(tx, "act.ask", id, &asked, by, now)?;
            Ok(waiting(tx, now)?.into_iter().find(|w| w.id == id))
        })
        .await
    }

    async fn waiting_acts(&self, now: Instant) -> Result<Vec<Waiting>, StoreError> {
        self.read(move |connection| waiting(connection, now)).await
    }

    async fn confirm_act(
        &self,
        id: i64,
        by: Principal,
        now: Instant,
    ) -> Result<Settled, StoreError> {
        self.write(move |tx| {
            let allowed = |asker: &Asker| rights::confirms(&by, asker);
            settle(tx, id, ("confirmed", "act.confirm"), &by, allowed, now)
        })
        .await
    }

    async fn withdraw_act(
        &self,
        id: i64,
        by: Principal,
        now: Instant,
    ) -> Result<Settled, StoreError> {
        self.write(move |tx| {
            let allowed =
                |asker: &Asker| asker.member == by.member || by.role == Role::Administrator;
            settle(tx, id, ("withdrawn", "act.withdraw"), &by, allowed, now)
        })
        .await
    }

    async fn reopen_act(&self, id: i64) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached("UPDATE pending_acts SET settled = NULL WHERE id = ?1")?
                .execute([id])?;
            Ok(())
        })
        .await
    }

    async fn owner_of(&self, device: DeviceId) -> Result<Option<rights::Owned>, StoreError> {
        self.read(move |connection| {
            let found = connection
                .prepare_cached(
                    "SELECT m.organisation, m.role FROM devices d JOIN members m ON m.id = d.member
                     WHERE d.id = ?1",
                )?
                .query_row([device.as_bytes()], |r| {
                    Ok((sql::parsed(r, 0)?, r.get::<_, String>(1)?))
                })
                .optional()?;
            found
                .map(|(organisation, name)| {
                    Ok(rights::Owned {
                        id: device,
                        organisation,
                        role: role(&name)?,
                    })
                })
                .transpose()
        })
        .await
    }
}

/// How long the second person has.
const HOURS: i64 = 24;

/// Most acts that one device may have asked for at a time.
const MOST_OF_A_DEVICE: usize = 20;

fn settle(
    tx: &Connection,
    id: i64,
    (settled, action): (&str, &'static str),
    by: &Principal,
    allowed: impl Fn(&Asker) -> bool,
    now: Instant,
) -> Result<Settled, StoreError> {
    let Some(found) = waiting(tx, now)?.into_iter().find(|w| w.id == id) else {
        return Ok(Settled::Unknown);
    };
    if !allowed(&found.by) {
        return Ok(Settled::NotAllowed);
    }
    tx.prepare_cached(
        "UPDATE pending_acts SET settled = ?2, settled_by = ?3, settled_at = ?4 WHERE id = ?1",
    )?
    .execute(params![id, settled, by.device().as_bytes(), now.0])?;
    note(tx, action, id, &found.asked, by.actor(), now)?;
    Ok(Settled::Done(found.asked))
}

fn note(
    tx: &Connection,
    action: &'static str,
    id: i64,
    asked: &Asked,
    by: Actor,
    now: Instant,
) -> Result<(), StoreError> {
    audit::record(
        tx,
        &Entry {
            at: now,
            by,
            action,
            subject: asked.subject.clone(),
            detail: format!("act={id} what={}", asked.act.as_str()),
        },
    )
}

/// Reads the acts that wait, of askers who still have access.
fn waiting(connection: &Connection, now: Instant) -> Result<Vec<Waiting>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT a.id, a.act, a.subject, a.since, a.quarantine, a.asked_at, a.expires_at,
                d.id, m.id, m.organisation, m.role
         FROM pending_acts a JOIN devices d ON d.id = a.asked_by JOIN members m ON m.id = d.member
         WHERE a.settled IS NULL AND a.expires_at > ?1
           AND d.revoked_at IS NULL AND m.removed_at IS NULL
         ORDER BY a.id",
    )?;
    let mut rows = statement.query([now.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Waiting, StoreError> {
    Ok(Waiting {
        id: row.get(0)?,
        asked: Asked {
            act: Wanted::parse(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?,
            subject: row.get(2)?,
            since: row.get::<_, Option<i64>>(3)?.map(Instant),
            quarantine: row.get(4)?,
        },
        asked_at: sql::instant(row, 5)?,
        expires_at: sql::instant(row, 6)?,
        by: Asker {
            device: sql::device(row, 7)?,
            member: MemberId(row.get(8)?),
            organisation: sql::parsed(row, 9)?,
            role: role(&row.get::<_, String>(10)?)?,
        },
    })
}
