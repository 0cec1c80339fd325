//! Places as a desk asks for them.

use sync_core::ids::DocumentId;

use super::{Store, StoreError, sql};
use crate::outreach::store::port::places::PlaceStore;

impl PlaceStore for Store {
    async fn places_with_proposals(&self, limit: u32) -> Result<Vec<DocumentId>, StoreError> {
        self.read(move |connection| {
            let found = connection
                .prepare_cached(
                    "SELECT document FROM place_row WHERE open_proposals > 0
                     ORDER BY document LIMIT ?1",
                )?
                .query_map([limit], |r| sql::document(r, 0))?
                .collect::<Result<_, _>>()?;
            Ok(found)
        })
        .await
    }

    async fn open_proposals(&self) -> Result<u64, StoreError> {
        self.read(move |connection| {
            Ok(connection
                .prepare_cached("SELECT coalesce(sum(open_proposals), 0) FROM place_row")?
                .query_row([], |r| sql::natural(r, 0))?)
        })
        .await
    }

    async fn counted_places(&self) -> Result<Vec<DocumentId>, StoreError> {
        self.read(|connection| {
            let found = connection
                .prepare_cached(
                    "SELECT document FROM place_row WHERE target = document AND NOT withdrawn
                     ORDER BY document",
                )?
                .query_map([], |r| sql::document(r, 0))?
                .collect::<Result<_, _>>()?;
            Ok(found)
        })
        .await
    }

    async fn place_names(
        &self,
        places: Vec<DocumentId>,
    ) -> Result<Vec<(DocumentId, String)>, StoreError> {
        self.read(move |connection| {
            let mut name =
                connection.prepare_cached("SELECT name FROM place_row WHERE document = ?1")?;
            let mut names = Vec::new();
            for place in places {
                let mut rows = name.query([place.as_bytes()])?;
                if let Some(row) = rows.next()? {
                    names.push((place, row.get(0)?));
                }
            }
            Ok(names)
        })
        .await
    }

    async fn counted_as_one(
        &self,
        place: DocumentId,
        other: DocumentId,
    ) -> Result<u64, StoreError> {
        self.read(move |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT 1 + count(*) FROM place_row WHERE document <> ?1 AND target IN
                       (?1, (SELECT target FROM place_row WHERE document = ?2))",
                )?
                .query_row([place.as_bytes(), other.as_bytes()], |r| sql::natural(r, 0))?)
        })
        .await
    }
}
