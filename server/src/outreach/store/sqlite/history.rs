//! Who changed a document, and when that came.

use rusqlite::params;
use sync_core::ids::{DocumentId, Hash};

use super::sql;
use super::{Store, StoreError};
use crate::outreach::store::port::history::{Changed, HistoryStore};
use crate::shared::accounts::members::role;

impl HistoryStore for Store {
    async fn changes_of(&self, document: DocumentId) -> Result<Vec<Changed>, StoreError> {
        self.read(move |connection| {
            let Some(number) = sql::number(connection, document)? else {
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
