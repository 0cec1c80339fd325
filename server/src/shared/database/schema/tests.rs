//! A product that sells tea: two versions of its tables, and what of its figures is
//! computed from them.

use std::path::Path;
use std::sync::{Arc, Mutex};

use refinery::{Migration, Runner};
use rusqlite::Connection;
use tempfile::TempDir;

use super::super::{Database, StoreError, StoreOptions, connection};
use super::Schema;

const FILE: &str = "tea.db";
const V1: &str = "CREATE TABLE teas (name TEXT PRIMARY KEY) STRICT;
     INSERT INTO teas VALUES ('sencha'), ('assam');
     CREATE TABLE counted (teas INTEGER NOT NULL, by INTEGER NOT NULL) STRICT;
     INSERT INTO counted VALUES (0, 0);";
const V2: &str = "ALTER TABLE teas ADD COLUMN grams INTEGER NOT NULL DEFAULT 100;
     UPDATE teas SET grams = 50 WHERE name = 'sencha';";
const V3: &str = "ALTER TABLE teas RENAME COLUMN grams TO stock;
     INSERT INTO teas VALUES ('oolong', 0);";
/// Which counting the program brings; 0 in the table: none has run.
const COUNTING: i64 = 2;

fn runner(scripts: &[&str]) -> Runner {
    let migrations: Vec<Migration> = scripts
        .iter()
        .enumerate()
        .map(|(n, sql)| Migration::unapplied(&format!("V{}__tea", n + 1), sql).unwrap())
        .collect();
    Runner::new(&migrations)
}

fn counted_by(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("SELECT by FROM counted", [], |r| r.get(0))?)
}

const fn of(migrations: fn() -> Runner) -> Schema {
    Schema {
        file: FILE,
        // `TeaS`.
        application: 0x5465_6153,
        migrations,
        is_outdated: |connection| Ok(!matches!(counted_by(connection)?, 0 | COUNTING)),
        compute: |connection| {
            if counted_by(connection)? != COUNTING {
                connection.execute(
                    "UPDATE counted SET teas = (SELECT count(*) FROM teas), by = ?1",
                    [COUNTING],
                )?;
            }
            Ok(())
        },
        newest: |_| Ok(0),
    }
}

const EARLIER: Schema = of(|| runner(&[V1]));
const NOW: Schema = of(|| runner(&[V1, V2]));
const LATER: Schema = of(|| runner(&[V1, V2, V3]));

fn open(directory: &Path, schema: &Schema) -> Result<Database, StoreError> {
    Database::open(directory, schema, &StoreOptions::default())
}

fn made_by(schema: &Schema) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path(), schema).unwrap());
    directory
}

async fn number(database: &Database, query: &'static str) -> i64 {
    database
        .read(move |connection| Ok(connection.query_row(query, [], |r| r.get(0))?))
        .await
        .unwrap()
}

/// A server that has the file open, as one does while it runs.
fn running(directory: &Path) -> Connection {
    let server = Connection::open(directory.join(FILE)).unwrap();
    server.pragma_update(None, "journal_mode", "wal").unwrap();
    server.execute_batch("SELECT name FROM teas").unwrap();
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_left_is_brought_up_to_date() {
    let directory = made_by(&EARLIER);
    let database = open(directory.path(), &NOW).unwrap();
    assert_eq!(number(&database, "SELECT sum(grams) FROM teas").await, 150);
    // And stays so.
    drop(database);
    let database = open(directory.path(), &NOW).unwrap();
    assert_eq!(number(&database, "SELECT sum(grams) FROM teas").await, 150);
}

#[test]
fn no_tables_are_changed_under_an_earlier_server_that_still_runs() {
    let directory = made_by(&EARLIER);
    let server = running(directory.path());
    let refused = open(directory.path(), &NOW);
    assert!(matches!(refused, Err(StoreError::EarlierInUse)));
    // It goes on with its own.
    server
        .execute_batch("INSERT INTO teas VALUES ('rooibos')")
        .unwrap();
    drop(server);
    open(directory.path(), &NOW).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_computed_anew_under_a_server_that_counts_in_another_way() {
    let directory = made_by(&NOW);
    let server = running(directory.path());
    // Of this version, it may stay.
    drop(open(directory.path(), &NOW).unwrap());
    server
        .execute_batch("UPDATE counted SET teas = 7, by = 1")
        .unwrap();
    let refused = open(directory.path(), &NOW);
    assert!(matches!(refused, Err(StoreError::EarlierInUse)));
    drop(server);
    let database = open(directory.path(), &NOW).unwrap();
    assert_eq!(number(&database, "SELECT teas FROM counted").await, 2);
}

#[test]
fn what_a_newer_version_made_is_refused_as_it_is() {
    let directory = made_by(&LATER);
    let refused = open(directory.path(), &NOW);
    assert!(matches!(
        refused,
        Err(StoreError::Newer { found: 3, known: 2 })
    ));
    open(directory.path(), &LATER).unwrap();
}

/// Returns the files that a process leaves that is killed at each row that two migrations and the
/// notes of them write: the files as they are at that moment.
fn killed_at_each_row() -> Vec<TempDir> {
    let directory = made_by(&EARLIER);
    let (file, from) = (directory.path().join(FILE), directory.path().to_owned());
    let mut connection = connection::writing(&file, &StoreOptions::default()).unwrap();
    let left = Arc::new(Mutex::new(Vec::new()));
    let leaves = Arc::clone(&left);
    let leave = move |_: rusqlite::hooks::Action, _: &str, _: &str, _: i64| {
        let to = tempfile::tempdir().unwrap();
        for name in [FILE.to_owned(), format!("{FILE}-wal")] {
            std::fs::copy(from.join(&name), to.path().join(&name)).unwrap();
        }
        leaves.lock().unwrap().push(to);
    };
    connection.update_hook(Some(leave)).unwrap();
    LATER.bring_up_to_date(&mut connection).unwrap();
    std::mem::take(&mut *left.lock().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_migrations_it_starts_again() {
    let left = killed_at_each_row();
    // One tea is weighed, one comes, and both migrations are noted.
    assert!(left.len() >= 4, "{}", left.len());
    for directory in left {
        let database = open(directory.path(), &LATER).unwrap();
        assert_eq!(number(&database, "SELECT sum(stock) FROM teas").await, 150);
        assert_eq!(number(&database, "SELECT count(*) FROM teas").await, 3);
    }
}
