//! Organisations and their members.

use rusqlite::{OptionalExtension, Transaction, params};
use sync_core::ids::OrganisationId;
use sync_core::time::Instant;

use super::Accounts;
use crate::shared::audit::{self, Entry};
use crate::shared::database::StoreError;
use crate::shared::principal::Actor;
use crate::shared::principal::{MemberId, Role};

/// An organisation of the partnership.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Organisation {
    /// Its short name, e.g. `eu-teamet`.
    #[schema(value_type = String)]
    pub id: OrganisationId,
    /// The name that people read.
    pub name: String,
}

impl Accounts {
    /// Adds an organisation, or gives a known one a new name.
    pub async fn put_organisation(
        &self,
        organisation: Organisation,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.database
            .write(move |tx| {
                tx.prepare_cached(
                    "INSERT INTO organisations (id, name, created_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                )?
                .execute(params![
                    organisation.id.as_str(),
                    organisation.name,
                    now.0
                ])?;
                audit::record(
                    tx,
                    &Entry {
                        at: now,
                        by: Actor::SERVER,
                        action: "organisation.put",
                        subject: organisation.id.to_string(),
                        detail: String::new(),
                    },
                )
            })
            .await
    }

    /// Every organisation, in the order of their names.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        self.database
            .read(|connection| {
                let mut statement = connection
                    .prepare_cached("SELECT id, name FROM organisations ORDER BY name, id")?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.map(|row| {
                    let (id, name): (String, _) = row?;
                    organisation(&id, name)
                })
                .collect()
            })
            .await
    }

    /// One organisation.
    pub async fn organisation(
        &self,
        id: OrganisationId,
    ) -> Result<Option<Organisation>, StoreError> {
        self.database
            .read(move |connection| {
                let name: Option<String> = connection
                    .prepare_cached("SELECT name FROM organisations WHERE id = ?1")?
                    .query_row([id.as_str()], |row| row.get(0))
                    .optional()?;
                Ok(name.map(|name| Organisation { id, name }))
            })
            .await
    }
}

/// Reads an organisation's columns.
pub(crate) fn organisation(id: &str, name: String) -> Result<Organisation, StoreError> {
    let id = id
        .parse()
        .map_err(|e| StoreError::Inconsistent(format!("an organisation: {e}")))?;
    Ok(Organisation { id, name })
}

/// Reads a role's column.
pub(crate) fn role(text: &str) -> Result<Role, StoreError> {
    text.parse()
        .map_err(|e| StoreError::Inconsistent(format!("a member: {e}")))
}

/// Makes a member of an organisation.
pub(crate) fn add_member(
    tx: &Transaction<'_>,
    organisation: &str,
    role: Role,
    label: &str,
    now: Instant,
) -> Result<MemberId, StoreError> {
    tx.prepare_cached(
        "INSERT INTO members (organisation, role, label, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![organisation, role.as_str(), label, now.0])?;
    Ok(MemberId(tx.last_insert_rowid()))
}
