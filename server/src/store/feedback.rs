//! Views and complaints as a desk lists them.

use rusqlite::params;
use sync_core::ids::{DocumentId, OrganisationId};

use super::{Store, StoreError, sql};

impl Store {
    /// An organisation's views and complaints: those that are not answered or
    /// closed first, each part the newest first.
    pub async fn feedback_of(
        &self,
        organisation: OrganisationId,
        limit: u32,
    ) -> Result<Vec<DocumentId>, StoreError> {
        self.read(move |connection| {
            let found = connection
                .prepare_cached(
                    "SELECT document FROM feedback_row WHERE organisation = ?1
                     ORDER BY coalesce(handling, '') IN ('answered', 'closed'), at DESC, document
                     LIMIT ?2",
                )?
                .query_map(params![organisation.as_str(), limit], |r| {
                    sql::document(r, 0)
                })?
                .collect::<Result<_, _>>()?;
            Ok(found)
        })
        .await
    }
}
