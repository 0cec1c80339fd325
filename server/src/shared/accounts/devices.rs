//! Enrolled devices.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::time::Instant;

use super::Accounts;
use super::members::{Organisation, organisation, role};
use crate::shared::audit::{self, Entry};
use crate::shared::database::{StoreError, tombstones};
use crate::shared::principal::Actor;
use crate::shared::principal::{Credential, DeviceKey, MemberId, Principal, Role, SecretHash};

/// A device to be enrolled.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Its id, drawn at random.
    pub id: DeviceId,
    pub key: DeviceKey,
    /// The hash of its token.
    pub token: SecretHash,
    /// Its owner's label for it; never a name.
    pub label: String,
}

/// A device that a token or a session leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    /// The device's member, known by the device.
    pub principal: Principal,
    /// Whether it was revoked.
    pub revoked: bool,
    /// When it last asked for something, to about ten minutes.
    pub last_seen_at: Option<Instant>,
}

/// A device in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    pub id: DeviceId,
    /// Its member's organisation.
    pub organisation: Organisation,
    /// Its member's role.
    pub role: Role,
    /// Its owner's label for it.
    pub label: String,
    /// When it was enrolled, by the server's clock.
    pub enrolled_at: Instant,
    /// When it last asked for something, to about ten minutes.
    pub last_seen_at: Option<Instant>,
    /// When it was revoked; `None` while it is in use.
    pub revoked_at: Option<Instant>,
}

/// The columns that [`known_device`] reads, after `FROM`-tables `d` (devices)
/// and `m` (members).
pub(super) const PRINCIPAL_COLUMNS: &str =
    "d.id, d.public_key, m.id, m.organisation, m.role, d.last_seen_at,
     d.revoked_at IS NOT NULL OR m.removed_at IS NOT NULL";

/// The values of [`PRINCIPAL_COLUMNS`].
pub(super) struct PrincipalRow {
    device: Vec<u8>,
    key: Vec<u8>,
    member: i64,
    organisation: String,
    role: String,
    last_seen_at: Option<i64>,
    revoked: bool,
}

impl PrincipalRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            device: row.get(0)?,
            key: row.get(1)?,
            member: row.get(2)?,
            organisation: row.get(3)?,
            role: row.get(4)?,
            last_seen_at: row.get(5)?,
            revoked: row.get(6)?,
        })
    }

    pub(super) fn known(self) -> Result<KnownDevice, StoreError> {
        Ok(KnownDevice {
            principal: Principal {
                member: MemberId(self.member),
                organisation: self
                    .organisation
                    .parse()
                    .map_err(|e| StoreError::Inconsistent(format!("a member: {e}")))?,
                role: role(&self.role)?,
                credential: Credential::Device {
                    id: device_id(&self.device)?,
                    key: DeviceKey::from_bytes(&self.key)
                        .map_err(|e| StoreError::Inconsistent(format!("a device: {e}")))?,
                },
            },
            revoked: self.revoked,
            last_seen_at: self.last_seen_at.map(Instant),
        })
    }
}

fn device_id(bytes: &[u8]) -> Result<DeviceId, StoreError> {
    DeviceId::from_slice(bytes)
        .ok_or_else(|| StoreError::Inconsistent("a device id of another length".to_owned()))
}

/// Writes a device's row.
pub(super) fn insert_device(
    tx: &Transaction<'_>,
    member: MemberId,
    device: &NewDevice,
    now: Instant,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO devices (id, member, public_key, token_hash, label, enrolled_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        device.id.as_bytes(),
        member.0,
        device.key.to_bytes(),
        device.token.as_bytes(),
        device.label,
        now.0,
    ])?;
    Ok(())
}

/// Replaces the token of the device `used_by` with that of `again`, if it has the same key, was
/// never heard of since it was enrolled, and was not revoked. `None` if not.
pub(super) fn renew_unused_token(
    tx: &Transaction<'_>,
    used_by: &[u8],
    again: &NewDevice,
) -> Result<Option<DeviceId>, StoreError> {
    let renewed = tx
        .prepare_cached(
            "UPDATE devices SET token_hash = ?3
             WHERE id = ?1 AND public_key = ?2 AND last_seen_at IS NULL AND revoked_at IS NULL",
        )?
        .execute(params![
            used_by,
            again.key.to_bytes(),
            again.token.as_bytes()
        ])?;
    (renewed == 1).then(|| device_id(used_by)).transpose()
}

impl Accounts {
    /// The device that a token belongs to.
    pub async fn device_by_token(
        &self,
        token: SecretHash,
    ) -> Result<Option<KnownDevice>, StoreError> {
        self.database
            .read(move |connection| {
                connection
                    .prepare_cached(&format!(
                        "SELECT {PRINCIPAL_COLUMNS} FROM devices d JOIN members m ON m.id = d.member
                     WHERE d.token_hash = ?1"
                    ))?
                    .query_row([token.as_bytes()], PrincipalRow::read)
                    .optional()?
                    .map(PrincipalRow::known)
                    .transpose()
            })
            .await
    }

    /// The hashes of all tokens and sessions that are good; at most as many as a city
    /// has, those last used first.
    pub async fn secrets(&self) -> Result<Vec<SecretHash>, StoreError> {
        self.database
            .read(|connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT token_hash FROM sessions
                 UNION ALL
                 SELECT * FROM (SELECT token_hash FROM devices WHERE revoked_at IS NULL
                                ORDER BY last_seen_at DESC LIMIT 15000)",
                )?;
                let hashes = statement.query_map([], |row| row.get::<_, [u8; 32]>(0))?;
                hashes
                    .map(|hash| Ok(SecretHash::from_bytes(hash?)))
                    .collect()
            })
            .await
    }

    /// Notes that a device was here.
    pub async fn touch_device(&self, device: DeviceId, now: Instant) -> Result<(), StoreError> {
        self.database
            .write(move |tx| {
                tx.prepare_cached("UPDATE devices SET last_seen_at = ?2 WHERE id = ?1")?
                    .execute(params![device.as_bytes(), now.0])?;
                Ok(())
            })
            .await
    }

    /// The devices of one organisation, or of all (`None`): newest first.
    pub async fn devices(&self, of: Option<OrganisationId>) -> Result<Vec<DeviceRow>, StoreError> {
        self.database
            .read(move |connection| {
                let mut statement = connection.prepare_cached(
                    // Whoever made the invitation named the phone to know it by; what
                    // the phone says of itself (its sort) stands in for a name.
                    "SELECT d.id, o.id, o.name, m.role, coalesce(nullif(m.label, ''), d.label),
                        d.enrolled_at, d.last_seen_at, d.revoked_at
                 FROM devices d JOIN members m ON m.id = d.member
                 JOIN organisations o ON o.id = m.organisation
                 WHERE ?1 IS NULL OR o.id = ?1
                 ORDER BY d.enrolled_at DESC, d.id",
                )?;
                let mut rows = statement.query([of.as_ref().map(OrganisationId::as_str)])?;
                let mut devices = Vec::new();
                while let Some(row) = rows.next()? {
                    devices.push(DeviceRow {
                        id: device_id(&row.get::<_, Vec<u8>>(0)?)?,
                        organisation: organisation(&row.get::<_, String>(1)?, row.get(2)?)?,
                        role: role(&row.get::<_, String>(3)?)?,
                        label: row.get(4)?,
                        enrolled_at: Instant(row.get(5)?),
                        last_seen_at: row.get::<_, Option<i64>>(6)?.map(Instant),
                        revoked_at: row.get::<_, Option<i64>>(7)?.map(Instant),
                    });
                }
                Ok(devices)
            })
            .await
    }

    /// Revokes a device and ends its sessions; revoking it again changes
    /// nothing. `false` when there is no such device within the scope (one
    /// organisation, or all).
    pub async fn revoke_device(
        &self,
        device: DeviceId,
        within: Option<OrganisationId>,
        by: Actor,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let directory = self.database.directory().to_owned();
        let revoked = self
            .database
            .write(move |tx| {
                let known = tx
                    .prepare_cached(
                        "SELECT 1 FROM devices d JOIN members m ON m.id = d.member
                     WHERE d.id = ?1 AND (?2 IS NULL OR m.organisation = ?2)",
                    )?
                    .exists(params![
                        device.as_bytes(),
                        within.as_ref().map(OrganisationId::as_str)
                    ])?;
                if known {
                    tombstones::note_device(&directory, device)?;
                    tx.prepare_cached(
                        "UPDATE devices SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
                    )?
                    .execute(params![device.as_bytes(), now.0])?;
                    tx.prepare_cached("DELETE FROM sessions WHERE device = ?1")?
                        .execute([device.as_bytes()])?;
                    audit::record(
                        tx,
                        &Entry {
                            at: now,
                            by,
                            action: "device.revoke",
                            subject: device.to_string(),
                            detail: String::new(),
                        },
                    )?;
                }
                Ok(known)
            })
            .await?;
        self.somebody_left();
        Ok(revoked)
    }
}
