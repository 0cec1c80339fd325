//! Alerts as a desk lists them.

use rusqlite::{Connection, params};
use sync_core::ids::{DocumentId, OrganisationId};

use super::members::{Organisation, organisation};
use super::{Store, StoreError, sql};

/// An alert's place in the list; what it says is read from its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAlert {
    /// The document.
    pub document: DocumentId,
    /// Whose phone raised it.
    pub organisation: Organisation,
    /// What the place is called, when it is a recorded one.
    pub place_name: Option<String>,
    /// The code of the place's district.
    pub district: Option<String>,
}

impl Store {
    /// Alerts of one organisation, or of all: those that nobody has closed
    /// first, each part the newest first.
    pub async fn alerts(
        &self,
        of: Option<OrganisationId>,
        limit: u32,
    ) -> Result<Vec<ListedAlert>, StoreError> {
        self.read(move |connection| alerts(connection, of.as_ref(), limit))
            .await
    }
}

fn alerts(
    connection: &Connection,
    of: Option<&OrganisationId>,
    limit: u32,
) -> Result<Vec<ListedAlert>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT a.document, o.id, o.name, p.name, p.district
         FROM alert_row a
         JOIN organisations o ON o.id = a.organisation
         LEFT JOIN place_row p ON p.document = a.place
         WHERE ?1 IS NULL OR a.organisation = ?1
         ORDER BY a.closed IS NOT NULL, a.opened DESC, a.document LIMIT ?2",
    )?;
    let mut rows = statement.query(params![of.map(OrganisationId::as_str), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(ListedAlert {
            document: sql::document(row, 0)?,
            organisation: organisation(&row.get::<_, String>(1)?, row.get(2)?)?,
            place_name: row.get(3)?,
            district: row.get(4)?,
        });
    }
    Ok(found)
}
