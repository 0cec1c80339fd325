//! The tables' versions: a product's migrations, applied in order.

use refinery::Runner;
use rusqlite::{Connection, OptionalExtension};

use super::StoreError;

/// Reads the number of the newest entry that followers of a database are told of.
pub(crate) type Newest = fn(&Connection) -> Result<u64, StoreError>;

/// A product's tables.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The database's file in a data directory.
    pub file: &'static str,
    /// Marks the file as this product's: four letters in ASCII.
    pub application: i32,
    /// The migrations, in their order.
    pub migrations: fn() -> Runner,
    /// Returns whether what is computed from the tables was computed by another version of
    /// the program. Asked only when the tables are up to date.
    pub is_outdated: fn(&Connection) -> Result<bool, StoreError>,
    /// Computes it again where it is outdated.
    pub compute: fn(&mut Connection) -> Result<(), StoreError>,
    /// Reads the newest entry, after each transaction.
    pub newest: Newest,
}

impl Schema {
    /// Brings the tables up to date, and what is computed from them.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] for another program's file, [`StoreError::Newer`] for one of
    /// a newer version, and whatever the database says.
    pub(crate) fn bring_up_to_date(&self, connection: &mut Connection) -> Result<(), StoreError> {
        self.migrate(connection)?;
        (self.compute)(connection)
    }

    fn migrate(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let application = application_of(connection)?;
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
        if application != self.application && (application != 0 || tables > 0) {
            return Err(StoreError::Foreign);
        }
        self.not_newer(connection)?;
        if application != self.application {
            connection.pragma_update(None, "application_id", self.application)?;
        }
        // All in one transaction: one by one, a migration and the note that it was made
        // are two, and a process that is killed between them never starts again.
        (self.migrations)()
            .set_grouped(true)
            .run(connection)
            .map_err(|error| StoreError::Migration(error.to_string()))?;
        Ok(())
    }

    /// Returns whether an earlier version made the tables, or what is computed from them.
    ///
    /// # Errors
    /// Whatever the database says.
    pub(crate) fn is_behind(&self, connection: &Connection) -> Result<bool, StoreError> {
        let (found, known) = (self.applied(connection)?, self.known());
        Ok((0 < found && found < known) || (found == known && (self.is_outdated)(connection)?))
    }

    /// Checks that a database is one of ours that this version can read.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] or [`StoreError::Newer`] when it is not.
    pub(crate) fn is_ours(&self, connection: &Connection) -> Result<(), StoreError> {
        if application_of(connection)? != self.application {
            return Err(StoreError::Foreign);
        }
        self.not_newer(connection)
    }

    fn not_newer(&self, connection: &Connection) -> Result<(), StoreError> {
        let (found, known) = (self.applied(connection)?, self.known());
        if found > known {
            return Err(StoreError::Newer {
                found: found.try_into().unwrap_or(i32::MAX),
                known: known.try_into().unwrap_or(i32::MAX),
            });
        }
        Ok(())
    }

    /// The newest version that this program has.
    fn known(&self) -> i64 {
        let runner = (self.migrations)();
        let versions = runner
            .get_migrations()
            .iter()
            .map(refinery::Migration::version);
        versions.max().map_or(0, i64::from)
    }

    /// The newest version applied to the file; 0 for a new one, and for another program's.
    fn applied(&self, connection: &Connection) -> Result<i64, StoreError> {
        if application_of(connection)? != self.application {
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
}

fn application_of(connection: &Connection) -> Result<i32, StoreError> {
    Ok(connection.pragma_query_value(None, "application_id", |r| r.get(0))?)
}

#[cfg(test)]
mod tests;
