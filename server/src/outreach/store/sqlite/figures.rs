//! Figures of the store's own work, for whoever watches over it.

use sync_core::time::Instant;

use super::{DATABASE, Store, StoreError, sql};
use crate::outreach::store::port::figures::{FiguresStore, Standing};

impl FiguresStore for Store {
    async fn standing(&self, since: Instant) -> Result<Standing, StoreError> {
        let log = self.directory().join(format!("{DATABASE}-wal"));
        self.read(move |connection| {
            let quarantined = connection
                .prepare_cached("SELECT count(*) FROM quarantine WHERE settled IS NULL")?
                .query_row([], |r| sql::natural(r, 0))?;
            let (devices, devices_behind) = connection
                .prepare_cached(
                    "SELECT count(*), coalesce(sum(coalesce(last_seen_at, enrolled_at) < ?1), 0)
                     FROM devices WHERE revoked_at IS NULL",
                )?
                .query_row([since.0], |r| {
                    Ok((sql::natural(r, 0)?, sql::natural(r, 1)?))
                })?;
            let hidden = connection
                .prepare_cached("SELECT count(*) FROM hidden")?
                .query_row([], |r| sql::natural(r, 0))?;
            Ok(Standing {
                quarantined,
                hidden,
                // It is away while the server does not write.
                log_bytes: std::fs::metadata(&log).map_or(0, |m| m.len()),
                devices,
                devices_behind,
            })
        })
        .await
    }
}
