//! Arrivals of late, without what they say.

use rusqlite::{Connection, params};

use super::{Store, StoreError, sql};
use crate::outreach::store::port::incoming::{Incoming, IncomingStore};
use crate::shared::accounts::members::organisation;

impl IncomingStore for Store {
    async fn incoming(&self, limit: u32) -> Result<Vec<Incoming>, StoreError> {
        self.read(move |connection| incoming(connection, limit))
            .await
    }
}

/// The newest changes that are looked through: a request's changes to one
/// document make one line, so more changes than lines are read.
const LOOKED_THROUGH: u32 = 4_000;

fn incoming(connection: &Connection, limit: u32) -> Result<Vec<Incoming>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.received_at, o.id, o.name, d.kind,
                (SELECT district FROM place_row p WHERE p.document =
                   CASE d.kind
                     WHEN 'place' THEN d.id
                     WHEN 'visit' THEN (SELECT place FROM visit_row WHERE document = d.number)
                     WHEN 'alert' THEN (SELECT place FROM alert_row WHERE document = d.id)
                   END),
                c.changes, c.late
         FROM (SELECT document, device, received_at, count(*) AS changes, max(late) AS late,
                      max(cursor) AS newest
               FROM (SELECT cursor, document, device, received_at, late FROM changes
                     ORDER BY cursor DESC LIMIT ?1)
               GROUP BY document, device, received_at
               ORDER BY newest DESC LIMIT ?2) c
         JOIN documents d ON d.number = c.document
         LEFT JOIN devices v ON v.id = c.device
         LEFT JOIN members m ON m.id = v.member
         -- Made-up phones are not enrolled; their documents say whose they are.
         JOIN organisations o ON o.id = coalesce(m.organisation, d.organisation)
         ORDER BY c.newest DESC",
    )?;
    let mut rows = statement.query(params![LOOKED_THROUGH, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Incoming {
            received_at: sql::instant(row, 0)?,
            organisation: organisation(&row.get::<_, String>(1)?, row.get(2)?)?,
            kind: sql::parsed(row, 3)?,
            district: row.get(4)?,
            changes: sql::natural(row, 5)?,
            late: row.get(6)?,
        });
    }
    Ok(found)
}
