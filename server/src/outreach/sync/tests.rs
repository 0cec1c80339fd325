//! Exchanges between made-up phones and a real store.

mod erasure;
mod exchanges;
mod histories;
mod nights;
mod restored;
mod room;
mod upkeep;

use sync_core::ids::{DocumentId, RecordId};
use sync_core::model::{Content, Kind};
use sync_core::protocol::Reply;
use sync_core::time::{Instant, Period};

use super::testing::{
    City, DAY, NOW, Phone, as_place, as_visit, at_desk, count, encounter, expire, id, offer, place,
    visit,
};
use super::{ExchangeError, exchange};
use crate::outreach::store::draws::{DrawRequest, Drawing};
use crate::outreach::store::log::COMPACT_AFTER;
use crate::outreach::store::{Store, StoreError, StoreOptions};

fn codes(reply: &Reply) -> Vec<Option<&str>> {
    reply
        .results
        .iter()
        .map(|r| r.rejected.as_ref().map(|r| r.code.as_str()))
        .collect()
}

fn ids(reply: &Reply) -> Vec<DocumentId> {
    reply.documents.iter().map(|d| d.document).collect()
}

async fn query(store: &Store, sql: &'static str) -> i64 {
    store
        .read(move |c| Ok(c.query_row(sql, [], |r| r.get(0))?))
        .await
        .unwrap()
}

async fn persons(store: &Store) -> Vec<(i64, i64)> {
    store
        .read(|c| {
            let rows = c
                .prepare("SELECT complete, twice_median FROM place_night ORDER BY place, night")?
                .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .await
        .unwrap()
}

/// A city with one place, whose visits counted so many each, the first as document 2.
async fn counted(figures: &[u32]) -> City {
    let city = City::new().await;
    let mut anna = Phone::new(1, "eu-teamet");
    let mut batch = vec![anna.create(id(1), &place("Parken"), NOW)];
    for (n, figure) in (2..).zip(figures) {
        batch.push(anna.create(id(n), &visit(id(1), NOW, &[count(*figure)]), NOW));
    }
    anna.sync(&city.store, batch).await;
    city
}

/// Leaves the read model as another version (0: none yet) would, and nothing in new tables.
async fn outdate(store: &Store, version: u32) {
    let sql = format!("UPDATE projected SET version = {version}; DELETE FROM visit_row;");
    let done = store.write(move |tx| Ok(tx.execute_batch(&sql)?)).await;
    done.unwrap();
}
