//! Who changed a document, and when that came.

use rusqlite::params;
use sync_core::ids::{DeviceId, DocumentId, Hash, OrganisationId};
use sync_core::time::Instant;

use super::sql::{self, Number};
use super::{Store, StoreError};
use crate::shared::accounts::members::role;
use crate::shared::principal::Role;

/// A change, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its name.
    pub hash: Hash,
    /// The device that made it.
    pub device: DeviceId,
    /// The device's member: organisation and role. None for the server's own hand.
    pub by: Option<(OrganisationId, Role)>,
    /// When the server received it.
    pub received_at: Instant,
}

impl Store {
    /// The changes of a document, in the order of their arrival.
    pub async fn changes_of(&self, document: DocumentId) -> Result<Vec<Changed>, StoreError> {
        self.read(move |connection| {
            let Some(number) = Number::of(connection, document)? else {
                return Ok(Vec::new());
            };
            let mut statement = connection.prepare_cached(
                "SELECT c.hash, c.device, c.received_at, m.organisation, m.role
                 FROM (SELECT * FROM changes WHERE cursor = ?1
                       UNION ALL
                       SELECT * FROM changes WHERE document = ?1 AND cursor <> document) c
                 LEFT JOIN devices d ON d.id = c.device LEFT JOIN members m ON m.id = d.member
                 ORDER BY c.cursor",
            )?;
            let mut rows = statement.query(params![number])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let name: Option<String> = row.get(4)?;
                let by = name.map(|name| Ok::<_, StoreError>((sql::parsed(row, 3)?, role(&name)?)));
                found.push(Changed {
                    hash: row.get(0).map(Hash::from_bytes)?,
                    device: sql::device(row, 1)?,
                    by: by.transpose()?,
                    received_at: sql::instant(row, 2)?,
                });
            }
            Ok(found)
        })
        .await
    }
}
