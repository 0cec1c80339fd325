//! Sessions of coordinators' browsers.

use rusqlite::{OptionalExtension, params};
use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use super::Accounts;
use super::devices::{KnownDevice, PRINCIPAL_COLUMNS, PrincipalRow};
use crate::shared::audit::{self, Entry};
use crate::shared::database::StoreError;
use crate::shared::principal::SecretHash;
use crate::shared::principal::{Actor, MemberId};

/// A session that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The device that it stands for.
    pub device: KnownDevice,
    /// When it was last used, to about a minute.
    pub last_seen_at: Instant,
}

/// How long a session lasts, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Milliseconds without use.
    pub idle: i64,
    /// Milliseconds since sign-in, used or not.
    pub absolute: i64,
}

/// Most sessions of one device: more browsers than anybody signs in by one phone.
pub const MOST_SESSIONS: u32 = 10;

impl Accounts {
    /// Opens a session for a device, in place of the browser's former one. When
    /// the device has [`MOST_SESSIONS`] already, its oldest ends.
    /// Sessions whose time is over are swept away at the same time.
    pub async fn open_session(
        &self,
        session: SecretHash,
        replaces: Option<SecretHash>,
        (member, device): (MemberId, DeviceId),
        limits: SessionLimits,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.database.write(move |tx| {
            tx.prepare_cached(
                "DELETE FROM sessions WHERE token_hash = ?1 OR last_seen_at <= ?2 OR started_at <= ?3",
            )?
            .execute(params![
                replaces.as_ref().map(SecretHash::as_bytes),
                now.0 - limits.idle,
                now.0 - limits.absolute,
            ])?;
            tx.prepare_cached(
                "INSERT INTO sessions (token_hash, device, started_at, last_seen_at)
                 VALUES (?1, ?2, ?3, ?3)",
            )?
            .execute(params![session.as_bytes(), device.as_bytes(), now.0])?;
            // The new one is kept whatever the clock says.
            tx.prepare_cached(
                "DELETE FROM sessions WHERE token_hash IN (
                     SELECT token_hash FROM sessions WHERE device = ?1 AND token_hash <> ?2
                     ORDER BY started_at DESC LIMIT -1 OFFSET ?3)",
            )?
            .execute(params![
                device.as_bytes(),
                session.as_bytes(),
                MOST_SESSIONS - 1
            ])?;
            audit::record(
                tx,
                &Entry {
                    at: now,
                    by: Actor {
                        member: Some(member),
                        device: Some(device),
                    },
                    action: "session.open",
                    subject: device.to_string(),
                    detail: String::new(),
                },
            )
        })
        .await?;
        self.somebody_left();
        Ok(())
    }

    /// The session with this secret, if its time is not over.
    pub async fn session(
        &self,
        session: SecretHash,
        limits: SessionLimits,
        now: Instant,
    ) -> Result<Option<OpenSession>, StoreError> {
        self.database
            .read(move |connection| {
                let found = connection
                    .prepare_cached(&format!(
                        "SELECT {PRINCIPAL_COLUMNS}, s.last_seen_at
                     FROM sessions s JOIN devices d ON d.id = s.device
                     JOIN members m ON m.id = d.member
                     WHERE s.token_hash = ?1 AND s.last_seen_at > ?2 AND s.started_at > ?3"
                    ))?
                    .query_row(
                        params![
                            session.as_bytes(),
                            now.0 - limits.idle,
                            now.0 - limits.absolute
                        ],
                        |row| Ok((PrincipalRow::read(row)?, row.get::<_, i64>(7)?)),
                    )
                    .optional()?;
                found
                    .map(|(row, last_seen_at)| {
                        Ok(OpenSession {
                            device: row.known()?,
                            last_seen_at: Instant(last_seen_at),
                        })
                    })
                    .transpose()
            })
            .await
    }

    /// Notes that a session was used.
    pub async fn touch_session(&self, session: SecretHash, now: Instant) -> Result<(), StoreError> {
        self.database
            .write(move |tx| {
                tx.prepare_cached("UPDATE sessions SET last_seen_at = ?2 WHERE token_hash = ?1")?
                    .execute(params![session.as_bytes(), now.0])?;
                Ok(())
            })
            .await
    }

    /// Ends a session, if it is open.
    pub async fn close_session(&self, session: SecretHash) -> Result<(), StoreError> {
        self.database
            .write(move |tx| {
                tx.prepare_cached("DELETE FROM sessions WHERE token_hash = ?1")?
                    .execute([session.as_bytes()])?;
                Ok(())
            })
            .await?;
        self.somebody_left();
        Ok(())
    }
}
