//! A store as an earlier version left it, for tests of what becomes of it.

use std::path::Path;

use rusqlite::Connection;

use super::DATABASE;
use super::schema::SCHEMA;

/// By the last migration that was made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Earlier {
    /// Documents had no numbers.
    V12 = 12,
    /// Every change stood in an index by its hash, and what visits saw was JSON.
    V13 = 13,
    /// Place-nights lay by place.
    V14 = 14,
}

impl Earlier {
    /// Tables that are not copied as they are: others now, or made anew.
    fn differ(self) -> &'static str {
        match self {
            Self::V12 => {
                "'refinery_schema_history', 'projected', 'documents', 'changes', 'coverage',
                 'visit_row', 'encounter_row', 'encounter_item', 'place_night'"
            }
            Self::V13 => "'refinery_schema_history', 'projected', 'visit_row', 'place_night'",
            Self::V14 => "'refinery_schema_history', 'projected', 'place_night'",
        }
    }

    /// Fills those of them that matter.
    fn fill(self) -> &'static str {
        match self {
            Self::V12 => {
                "INSERT INTO main.documents
                   (rowid, id, kind, organisation, device, first_cursor, last_cursor, snapshot,
                    snapshot_cursor, loose, heads)
                 SELECT 2 * row_number() OVER (ORDER BY number), id, kind, organisation, device,
                        number, last_cursor, snapshot, snapshot_cursor, loose, heads
                 FROM now.documents;
                 INSERT INTO main.changes
                 SELECT c.cursor, d.id, c.hash, c.device, c.received_at, c.late, c.bytes
                 FROM now.changes c JOIN now.documents d ON d.number = c.document;
                 INSERT INTO main.coverage
                 SELECT place, night, organisation, complete, persons, present, cursor
                 FROM now.coverage;
                 UPDATE main.projected SET version = 1;"
            }
            Self::V13 => {
                "INSERT INTO main.visit_row
                 SELECT night, place, document, organisation, started, access, basis, counts, '[]'
                 FROM now.visit_row;
                 UPDATE main.projected SET version = 2;"
            }
            Self::V14 => {
                "INSERT INTO main.place_night
                 SELECT place, night, access, last_started, complete, sum, sum_of_squares,
                        twice_median, lower_limit, range, reported, tent_observations,
                        twice_unopened, twice_in_tents, opened, adults, children, unknown,
                        eu_eea, third_country
                 FROM now.place_night;
                 UPDATE main.projected SET version = 3;"
            }
        }
    }
}

/// Writes a closed store's database again as that version had it.
pub(crate) fn made_by(version: Earlier, directory: &Path) {
    let now = directory.join(DATABASE);
    let earlier = directory.join("earlier.sqlite");
    let mut connection = Connection::open(&earlier).unwrap();
    SCHEMA.migrate_to(&mut connection, version as i32).unwrap();
    connection
        .execute("ATTACH ?1 AS now", [now.to_str().unwrap()])
        .unwrap();
    let same: Vec<String> = connection
        .prepare(&format!(
            "SELECT name FROM now.sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ({})
               AND name IN (SELECT name FROM main.sqlite_schema)",
            version.differ()
        ))
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM main.head;")
        .unwrap();
    for table in same {
        // Later versions add columns at the end.
        let columns: Vec<String> = connection
            .prepare(&format!(
                "SELECT name FROM pragma_table_info('{table}', 'main') ORDER BY cid"
            ))
            .unwrap()
            .query_map([], |r| r.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let columns = columns.join(", ");
        let copy =
            format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}");
        connection.execute(&copy, []).unwrap();
    }
    connection.execute_batch(version.fill()).unwrap();
    connection.execute_batch("DETACH now").unwrap();
    drop(connection);
    for journal in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(directory.join(format!("{DATABASE}{journal}")));
    }
    std::fs::rename(earlier, now).unwrap();
}
