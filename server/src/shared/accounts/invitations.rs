//! Invitations: made, then used once.

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::time::Instant;

use super::Accounts;
use super::devices::{NewDevice, insert_device, renew_unused_token};
use super::members::{Organisation, add_member, organisation, role};
use crate::shared::audit::{self, Entry};
use crate::shared::database::StoreError;
use crate::shared::principal::Actor;
use crate::shared::principal::{Role, SecretHash};

/// An invitation to be made.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The hash of its code.
    pub code: SecretHash,
    /// The new member's role.
    pub role: Role,
    /// The new member's organisation.
    pub organisation: OrganisationId,
    /// Which phone or desk it is for; never a name.
    pub label: String,
    /// The device of the one who invites; `None` from the command line.
    pub made_by: Actor,
    /// When it is made, by the server's clock.
    pub made_at: Instant,
    /// Until when it may be used.
    pub expires_at: Instant,
}

/// What an invitation is for, before anybody uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invited {
    /// Somebody may use it.
    Open {
        /// The role that its member gets.
        role: Role,
        organisation: Organisation,
    },
    /// No invitation has this code.
    Unknown,
    /// It was used.
    Used,
    /// Its time is over.
    Expired,
}

/// The result of an attempt to enrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enrolment {
    /// The device is enrolled.
    Enrolled {
        /// Its id: the one asked for, or the one it has from an attempt whose
        /// answer it never got.
        device: DeviceId,
        role: Role,
        organisation: Organisation,
    },
    /// There is no such invitation.
    Unknown,
    /// The invitation was used before.
    Used,
    /// The invitation's time is over.
    Expired,
}

/// An invitation as it is kept.
struct Kept {
    role: Role,
    organisation: Organisation,
    label: String,
    expires_at: i64,
    /// The id of the device that used it.
    used_by: Option<Vec<u8>>,
}

/// Reads the invitation that has a code.
fn kept(connection: &Connection, code: &SecretHash) -> Result<Option<Kept>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT i.role, o.id, o.name, i.label, i.expires_at, i.used_by
             FROM invitations i JOIN organisations o ON o.id = i.organisation
             WHERE i.code_hash = ?1",
        )?
        .query_row([code.as_bytes()], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        })
        .optional()?;
    let Some((role_text, id, name, label, expires_at, used_by)) = found else {
        return Ok(None);
    };
    Ok(Some(Kept {
        role: role(&role_text)?,
        organisation: organisation(&id, name)?,
        label,
        expires_at,
        used_by,
    }))
}

impl Accounts {
    /// Makes an invitation. `false` when there is no such organisation.
    pub async fn invite(&self, invitation: NewInvitation) -> Result<bool, StoreError> {
        self.database
            .write(move |tx| {
                let known = tx
                    .prepare_cached("SELECT 1 FROM organisations WHERE id = ?1")?
                    .exists([invitation.organisation.as_str()])?;
                if known {
                    tx.prepare_cached(
                        "INSERT INTO invitations
                     (code_hash, role, organisation, label, made_by, made_at, expires_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )?
                    .execute(params![
                        invitation.code.as_bytes(),
                        invitation.role.as_str(),
                        invitation.organisation.as_str(),
                        invitation.label,
                        invitation.made_by.device.as_ref().map(DeviceId::as_bytes),
                        invitation.made_at.0,
                        invitation.expires_at.0,
                    ])?;
                    audit::record(
                        tx,
                        &Entry {
                            at: invitation.made_at,
                            by: invitation.made_by,
                            action: "member.invite",
                            subject: invitation.organisation.to_string(),
                            detail: format!("role={}", invitation.role),
                        },
                    )?;
                }
                Ok(known)
            })
            .await
    }

    /// Returns what an invitation is for, and uses nothing up.
    pub async fn invited(&self, code: SecretHash, now: Instant) -> Result<Invited, StoreError> {
        self.database
            .read(move |connection| {
                Ok(match kept(connection, &code)? {
                    None => Invited::Unknown,
                    Some(kept) if kept.used_by.is_some() => Invited::Used,
                    Some(kept) if kept.expires_at <= now.0 => Invited::Expired,
                    Some(kept) => Invited::Open {
                        role: kept.role,
                        organisation: kept.organisation,
                    },
                })
            })
            .await
    }

    /// Uses an invitation: makes the member and enrols the device, or says why
    /// not. One transaction, so that a code is used at most once. The same key
    /// may ask again while the code lives and its token was never used: the
    /// same device is answered, with a new token.
    pub async fn enrol(
        &self,
        code: SecretHash,
        device: NewDevice,
        now: Instant,
    ) -> Result<Enrolment, StoreError> {
        self.database
            .write(move |tx| {
                let Some(kept) = kept(tx, &code)? else {
                    return Ok(Enrolment::Unknown);
                };
                let Kept {
                    role,
                    organisation,
                    label,
                    expires_at,
                    used_by,
                } = kept;
                if let Some(used_by) = used_by {
                    // The answer may have been lost on its way: the same key asks again.
                    let again = (expires_at > now.0)
                        .then(|| renew_unused_token(tx, &used_by, &device))
                        .transpose()?
                        .flatten();
                    return match again {
                        Some(device) => Ok(Enrolment::Enrolled {
                            device,
                            role,
                            organisation,
                        }),
                        None => Ok(Enrolment::Used),
                    };
                }
                if expires_at <= now.0 {
                    return Ok(Enrolment::Expired);
                }
                let member = add_member(tx, organisation.id.as_str(), role, &label, now)?;
                let used_by = device.id;
                insert_device(tx, member, &device, now)?;
                tx.prepare_cached(
                    "UPDATE invitations SET used_at = ?2, used_by = ?3 WHERE code_hash = ?1",
                )?
                .execute(params![code.as_bytes(), now.0, used_by.as_bytes()])?;
                audit::record(
                    tx,
                    &Entry {
                        at: now,
                        by: Actor {
                            member: Some(member),
                            device: Some(used_by),
                        },
                        action: "device.enrol",
                        subject: organisation.id.to_string(),
                        detail: format!("role={role}"),
                    },
                )?;
                Ok(Enrolment::Enrolled {
                    device: used_by,
                    role,
                    organisation,
                })
            })
            .await
    }
}
