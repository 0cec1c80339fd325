//! Reading the audit: who did what with something.

use rusqlite::params;
use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use crate::shared::database::{Database, StoreError};
use crate::shared::principal::{Actor, MemberId};

/// Rows that are looked through in one reading.
const LOOKED_THROUGH: i64 = 20_000;

/// The rows that are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// About this id: it is the row's subject, or named in its detail.
    pub subject: Option<String>,
    /// Only rows in this device's name.
    pub device: Option<DeviceId>,
    /// Only rows from this time on.
    pub since: Option<Instant>,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The row's number in the chain, from 1.
    pub row: i64,
    /// When it was done, by the server's clock.
    pub at: Instant,
    /// The device or the server's own part that did it.
    pub by: Actor,
    /// The act's code, such as `sync.append`.
    pub action: String,
    /// The id of the subject.
    pub subject: String,
    /// Counts and the result.
    pub detail: String,
}

impl Database {
    /// Looks through a part of the audit, after a row. Gives what fits the filter, and
    /// where to go on; none at the end.
    pub async fn audit_rows(
        &self,
        filter: Filter,
        after: i64,
    ) -> Result<(Vec<AuditRow>, Option<i64>), StoreError> {
        self.read(move |connection| {
            let to = after + LOOKED_THROUGH;
            let found = connection
                .prepare_cached(
                    "SELECT seq, at, member, device, action, subject, detail FROM audit
                     WHERE seq > ?1 AND seq <= ?2
                       AND (?3 IS NULL OR subject = ?3 OR instr(detail, ?3) > 0)
                       AND (?4 IS NULL OR device = ?4) AND at >= ?5
                     ORDER BY seq",
                )?
                .query_map(
                    params![
                        after,
                        to,
                        filter.subject,
                        filter.device.as_ref().map(DeviceId::as_bytes),
                        filter.since.map_or(i64::MIN, |since| since.0),
                    ],
                    |r| {
                        Ok(AuditRow {
                            row: r.get(0)?,
                            at: r.get(1).map(Instant)?,
                            by: Actor {
                                member: r.get::<_, Option<i64>>(2)?.map(MemberId),
                                device: r.get::<_, Option<[u8; 8]>>(3)?.map(DeviceId::from_bytes),
                            },
                            action: r.get(4)?,
                            subject: r.get(5)?,
                            detail: r.get(6)?,
                        })
                    },
                )?
                .collect::<Result<_, _>>()?;
            let last: Option<i64> =
                connection.query_row("SELECT max(seq) FROM audit", [], |r| r.get(0))?;
            Ok((found, last.filter(|last| *last > to).map(|_| to)))
        })
        .await
    }
}
