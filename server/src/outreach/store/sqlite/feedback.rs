//! Views and complaints as a desk lists them.

use rusqlite::params;
use sync_core::ids::{DocumentId, OrganisationId};

use super::{Store, StoreError, sql};
use crate::outreach::store::port::feedback::FeedbackStore;

impl FeedbackStore for Store {
    async fn feedback_of(
        &self,
        organisation: OrganisationId,
        from: u32,
        limit: u32,
    ) -> Result<(Vec<DocumentId>, bool), StoreError> {
        self.read(move |connection| {
            let mut found: Vec<DocumentId> = connection
                .prepare_cached(
                    "SELECT document FROM (
                        SELECT f.document, d.number,
                               coalesce(f.handling, '') IN ('answered', 'closed') AS ended
                        FROM feedback_row f JOIN documents d ON d.id = f.document
                        WHERE f.organisation = ?1
                          AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.document = d.number)
                     )
                     ORDER BY ended, CASE WHEN ended THEN -number ELSE number END
                     LIMIT ?2 OFFSET ?3",
                )?
                .query_map(
                    params![organisation.as_str(), limit.saturating_add(1), from],
                    |r| sql::document(r, 0),
                )?
                .collect::<Result<_, _>>()?;
            let more = found.len() > limit as usize;
            found.truncate(limit as usize);
            Ok((found, more))
        })
        .await
    }
}
