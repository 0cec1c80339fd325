//! The product's tables: migrations under `server/migrations/outreach`.

use super::{DATABASE, rebuild, sql};
use crate::shared::database::schema::Schema;

mod embedded {
    refinery::embed_migrations!("migrations/outreach");
}

/// The tables of outreach.
pub(super) const SCHEMA: Schema = Schema {
    file: DATABASE,
    // `LbLd`.
    application: 0x4C62_4C64,
    migrations: embedded::migrations::runner,
    is_outdated: rebuild::is_outdated,
    compute: rebuild::if_outdated,
    newest: |connection| {
        Ok(connection
            .prepare_cached("SELECT cursor FROM head")?
            .query_row([], |r| sql::natural(r, 0))?)
    },
};
