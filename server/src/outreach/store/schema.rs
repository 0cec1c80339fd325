//! The product's tables: migrations under `server/migrations`.

use super::{DATABASE, rebuild};
use crate::shared::database::schema::Schema;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The tables of outreach.
pub(super) const SCHEMA: Schema = Schema {
    file: DATABASE,
    // `LbLd`.
    application: 0x4C62_4C64,
    migrations: embedded::migrations::runner,
    is_outdated: rebuild::is_outdated,
    compute: rebuild::if_outdated,
};
