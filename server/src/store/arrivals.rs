//! What came in lately: when, from whom, how much. Never content.

use rusqlite::params;
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::model::Kind;
use sync_core::time::Instant;

use super::{Store, StoreError, sql};

/// Changes that are looked through for each arrival asked for.
const CHANGES_PER_ARRIVAL: u32 = 20;

/// The changes to one document that came in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When they came.
    pub received_at: Instant,
    /// Short name and name of the organisation whose document it is.
    pub organisation: (OrganisationId, String),
    /// The document's kind.
    pub kind: Kind,
    /// The district, for a place and for what is recorded at one.
    pub district: Option<String>,
    /// The number of changes.
    pub changes: u32,
    /// Whether any of them was made long before it came.
    pub late: bool,
}

impl Store {
    /// The newest arrivals, newest first.
    pub async fn arrivals(&self, limit: u32) -> Result<Vec<Arrival>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT c.document, c.received_at, c.late, d.kind, d.organisation, o.name,
                        coalesce(p.district, vp.district, ap.district)
                 FROM (SELECT * FROM changes ORDER BY cursor DESC LIMIT ?1) c
                 JOIN documents d ON d.id = c.document
                 JOIN organisations o ON o.id = d.organisation
                 LEFT JOIN place_row p ON p.document = c.document
                 LEFT JOIN visit_row v ON v.document = c.document
                 LEFT JOIN place_row vp ON vp.document = v.place
                 LEFT JOIN alert_row a ON a.document = c.document
                 LEFT JOIN place_row ap ON ap.document = a.place
                 ORDER BY c.cursor DESC",
            )?;
            let mut rows = statement.query(params![limit.saturating_mul(CHANGES_PER_ARRIVAL)])?;
            let mut arrivals: Vec<(DocumentId, Arrival)> = Vec::new();
            while let Some(row) = rows.next()? {
                let document = sql::document(row, 0)?;
                let received_at = sql::instant(row, 1)?;
                let late: bool = row.get(2)?;
                if let Some((last, arrival)) = arrivals.last_mut()
                    && *last == document
                    && arrival.received_at == received_at
                {
                    arrival.changes += 1;
                    arrival.late |= late;
                    continue;
                }
                if arrivals.len() >= limit as usize {
                    break;
                }
                let arrival = Arrival {
                    received_at,
                    organisation: (sql::parsed(row, 4)?, row.get(5)?),
                    kind: sql::parsed(row, 3)?,
                    district: row.get(6)?,
                    changes: 1,
                    late,
                };
                arrivals.push((document, arrival));
            }
            Ok(arrivals.into_iter().map(|(_, arrival)| arrival).collect())
        })
        .await
    }
}
