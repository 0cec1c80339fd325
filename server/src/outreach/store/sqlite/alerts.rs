//! Alerts as a desk lists them.

use rusqlite::{Connection, Row, params};
use sync_core::ids::OrganisationId;

use super::{Store, StoreError, sql};
use crate::outreach::store::port::alerts::{AlertPage, AlertStore, Flood, ListedAlert};
use crate::shared::accounts::members::organisation;

impl AlertStore for Store {
    async fn alerts(
        &self,
        of: Option<OrganisationId>,
        from: u32,
        limit: u32,
    ) -> Result<AlertPage, StoreError> {
        self.read(move |connection| page(connection, of.as_ref(), from, limit))
            .await
    }
}

/// Unheard alerts of one device from which on they are shown as a flood.
const FLOOD: u32 = 10;

/// Standing alerts that nobody has said they have: `a` is a row of `alert_row`.
const UNHEARD: &str = "a.closed IS NULL AND NOT a.acknowledged AND NOT a.withdrawn";

fn page(
    connection: &Connection,
    of: Option<&OrganisationId>,
    from: u32,
    limit: u32,
) -> Result<AlertPage, StoreError> {
    let of = of.map(OrganisationId::as_str);
    let mut statement = connection.prepare_cached(&format!(
        "WITH listed AS (
            SELECT a.document, a.organisation, a.place, d.device, d.number,
                   (SELECT received_at FROM changes c WHERE c.cursor = d.number) AS received_at,
                   CASE WHEN {UNHEARD} THEN 0
                        WHEN a.closed IS NULL AND NOT a.acknowledged THEN 1
                        WHEN a.closed IS NULL THEN 2
                        ELSE 3 END AS part
            FROM alert_row a JOIN documents d ON d.id = a.document
            WHERE (?1 IS NULL OR a.organisation = ?1)
              AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.document = d.number)
         ), turns AS (
            SELECT *, CASE part WHEN 0 THEN
                row_number() OVER (PARTITION BY part, device ORDER BY number) ELSE 0 END AS turn
            FROM listed
         )
         SELECT t.document, o.id, o.name, t.received_at, p.name, p.district
         FROM turns t
         JOIN organisations o ON o.id = t.organisation
         LEFT JOIN place_row p ON p.document = t.place
         ORDER BY t.part, t.turn, CASE WHEN t.part < 2 THEN t.number ELSE -t.number END
         LIMIT ?2 OFFSET ?3"
    ))?;
    let read = |row: &Row<'_>| -> Result<ListedAlert, StoreError> {
        Ok(ListedAlert {
            document: sql::document(row, 0)?,
            organisation: organisation(&row.get::<_, String>(1)?, row.get(2)?)?,
            received_at: sql::instant(row, 3)?,
            place_name: row.get(4)?,
            district: row.get(5)?,
        })
    };
    let mut rows = statement.query(params![of, limit.saturating_add(1), from])?;
    let mut page = AlertPage::default();
    while let Some(row) = rows.next()? {
        if page.alerts.len() == limit as usize {
            page.more = true;
            break;
        }
        page.alerts.push(read(row)?);
    }
    page.unheard = connection
        .prepare_cached(&format!(
            "SELECT count(*) FROM alert_row a JOIN documents d ON d.id = a.document
             WHERE {UNHEARD} AND (?1 IS NULL OR a.organisation = ?1)
               AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.document = d.number)"
        ))?
        .query_row([of], |r| r.get(0))?;
    if page.unheard > FLOOD {
        page.floods = floods(connection, of)?;
    }
    Ok(page)
}

fn floods(connection: &Connection, of: Option<&str>) -> Result<Vec<Flood>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT d.device, o.id, o.name, count(*) AS unheard
         FROM alert_row a JOIN documents d ON d.id = a.document
         JOIN organisations o ON o.id = a.organisation
         WHERE {UNHEARD} AND (?1 IS NULL OR a.organisation = ?1)
           AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.document = d.number)
         GROUP BY d.device, o.id HAVING unheard > ?2 ORDER BY unheard DESC, d.device"
    ))?;
    let mut rows = statement.query(params![of, FLOOD])?;
    let mut floods = Vec::new();
    while let Some(row) = rows.next()? {
        floods.push(Flood {
            device: sql::device(row, 0)?,
            organisation: organisation(&row.get::<_, String>(1)?, row.get(2)?)?,
            unheard: row.get(3)?,
        });
    }
    Ok(floods)
}
