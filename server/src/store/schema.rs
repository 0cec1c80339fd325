//! The tables' versions: migrations under `server/migrations`, applied in order.

use rusqlite::{Connection, OptionalExtension};

use super::StoreError;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Marks the file as ours: `LbLd` in ASCII.
const APPLICATION: i32 = 0x4C62_4C64;

/// Brings the tables up to date.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if application != APPLICATION && (application != 0 || tables > 0) {
        return Err(StoreError::Foreign);
    }
    not_newer(connection)?;
    if application != APPLICATION {
        connection.pragma_update(None, "application_id", APPLICATION)?;
    }
    // All in one transaction: one by one, a migration and the note that it was made
    // are two, and a process that is killed between them never starts again.
    embedded::migrations::runner()
        .set_grouped(true)
        .run(connection)
        .map_err(Box::new)?;
    Ok(())
}

/// Whether an earlier version made the tables.
pub(super) fn is_behind(connection: &Connection) -> Result<bool, StoreError> {
    let found = applied(connection)?;
    Ok(0 < found && found < known())
}

/// Whether this version, or an equal one, made the tables.
pub(super) fn is_current(connection: &Connection) -> Result<bool, StoreError> {
    Ok(applied(connection)? == known())
}

/// Makes the tables of an earlier version in a new file.
#[cfg(test)]
pub(super) fn migrate_to(connection: &mut Connection, version: i32) -> Result<(), StoreError> {
    connection.pragma_update(None, "application_id", APPLICATION)?;
    embedded::migrations::runner()
        .set_target(refinery::Target::Version(version))
        .run(connection)
        .map_err(Box::new)?;
    Ok(())
}

/// Whether a database is one of ours that this version can read.
pub(super) fn is_ours(connection: &Connection) -> Result<(), StoreError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    if application != APPLICATION {
        return Err(StoreError::Foreign);
    }
    not_newer(connection)
}

fn not_newer(connection: &Connection) -> Result<(), StoreError> {
    let (found, known) = (applied(connection)?, known());
    if found > known {
        return Err(StoreError::Newer {
            found: found.try_into().unwrap_or(i32::MAX),
            known: known.try_into().unwrap_or(i32::MAX),
        });
    }
    Ok(())
}

/// The newest version that this program has.
fn known() -> i64 {
    let runner = embedded::migrations::runner();
    let versions = runner
        .get_migrations()
        .iter()
        .map(refinery::Migration::version);
    versions.max().map_or(0, i64::from)
}

/// The newest version applied to the file; 0 for a new one, and for another program's.
fn applied(connection: &Connection) -> Result<i64, StoreError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    if application != APPLICATION {
        return Ok(0);
    }
    let history: Option<i64> = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'",
            [],
            |r| r.get(0),
        )
        .optional()?;
    if history.is_none() {
        return Ok(0);
    }
    Ok(connection.query_row(
        "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
        [],
        |r| r.get(0),
    )?)
}
