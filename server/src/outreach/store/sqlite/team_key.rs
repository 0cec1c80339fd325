//! The team key's fingerprint. The key itself lives on phones and desks only.

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::time::Instant;

use super::{Store, StoreError};
use crate::outreach::store::port::team_key::TeamKeyStore;
use crate::shared::audit::{self, Entry};
use crate::shared::principal::Actor;

impl TeamKeyStore for Store {
    async fn team_key(&self) -> Result<Option<String>, StoreError> {
        self.read(read).await
    }

    async fn put_team_key(
        &self,
        fingerprint: String,
        replace: bool,
        by: Actor,
        now: Instant,
    ) -> Result<String, StoreError> {
        self.write(move |tx| {
            if let Some(present) = read(tx)?
                && (!replace || present == fingerprint)
            {
                return Ok(present);
            }
            tx.prepare_cached(
                "INSERT OR REPLACE INTO team_key (one, fingerprint, set_at) VALUES (1, ?1, ?2)",
            )?
            .execute(params![fingerprint, now.0])?;
            let entry = Entry {
                at: now,
                by,
                action: "team_key.put",
                subject: fingerprint.clone(),
                detail: format!("replace={replace}"),
            };
            audit::record(tx, &entry)?;
            Ok(fingerprint.clone())
        })
        .await
    }
}

fn read(connection: &Connection) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT fingerprint FROM team_key")?
        .query_row([], |r| r.get(0))
        .optional()?)
}
