use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::outreach::store::{Store, StoreError, StoreOptions};

async fn table(store: &Store) {
    store
        .write(|tx| Ok(tx.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, blob BLOB)")?))
        .await
        .unwrap();
}

async fn insert(store: &Store, n: i64) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            tx.execute("INSERT INTO t (n) VALUES (?1)", [n])?;
            Ok(())
        })
        .await
}

async fn count(store: &Store) -> i64 {
    store
        .read(|c| Ok(c.query_row("SELECT count(*) FROM t", [], |r| r.get(0))?))
        .await
        .unwrap()
}

fn rows_on_disk(directory: &Path) -> i64 {
    let other = rusqlite::Connection::open(directory.join("lagesbild.db")).unwrap();
    other
        .query_row("SELECT count(*) FROM t", [], |r| r.get(0))
        .unwrap()
}

/// A transaction in these tests takes every job that is queued, however long the machine
/// needs to queue it.
fn patient() -> StoreOptions {
    StoreOptions {
        gathering: Duration::from_mins(10),
        ..StoreOptions::default()
    }
}

/// A job that keeps the writer until it is released.
struct Held {
    go: mpsc::Sender<()>,
    job: tokio::task::JoinHandle<Result<(), StoreError>>,
}

/// Ends when the writer has the job: what is queued from then on comes after it.
async fn hold(store: &Store) -> Held {
    let (go, wait) = mpsc::channel();
    let wait = Mutex::new(wait);
    let (taken, is_taken) = tokio::sync::watch::channel(false);
    let store = store.clone();
    let job = tokio::spawn(async move {
        let held = store.write(move |_| {
            taken.send_replace(true);
            // Run again it finds nobody to wait for.
            let _ = wait.lock().unwrap().recv();
            Ok(())
        });
        held.await
    });
    let mut is_taken = is_taken;
    is_taken.wait_for(|taken| *taken).await.unwrap();
    Held { go, job }
}

impl Held {
    async fn release(self) {
        self.go.send(()).unwrap();
        drop(self.go);
        self.job.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_means_that_others_can_read_it() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    table(&store).await;
    for n in 0..20 {
        insert(&store, n).await.unwrap();
        assert_eq!(rows_on_disk(directory.path()), n + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_arrive_together_share_a_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open_with(directory.path(), &patient()).unwrap();
    table(&store).await;
    let held = hold(&store).await;
    let jobs: Vec<_> = (0..40)
        .map(|n| {
            let (store, directory) = (store.clone(), directory.path().to_owned());
            tokio::spawn(async move {
                insert(&store, n).await.unwrap();
                rows_on_disk(&directory)
            })
        })
        .collect();
    while store.database().writer_figures().queued.get() < 40 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(rows_on_disk(directory.path()), 0);
    held.release().await;
    let mut seen = Vec::new();
    for job in jobs {
        seen.push(job.await.unwrap());
    }
    // One by one, the first answer would find a single row on disk.
    assert!(seen.iter().min() > Some(&1), "{seen:?}");
    assert_eq!(count(&store).await, 40);
}

/// Writes a row, and then fails.
async fn fail(store: &Store, n: i64) -> Result<(), StoreError> {
    let written = store.write(move |tx| {
        tx.execute("INSERT INTO t (n) VALUES (?1)", [n])?;
        Err::<(), _>(StoreError::Inconsistent("made up".to_owned()))
    });
    written.await
}

/// Writes a row, and then panics.
async fn panic(store: &Store, n: i64) -> Result<(), StoreError> {
    let written = store.write(move |tx| {
        tx.execute("INSERT INTO t (n) VALUES (?1)", [n])?;
        if tx.is_autocommit() {
            return Ok(());
        }
        panic!("made up")
    });
    written.await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_job_is_undone_alone() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    table(&store).await;
    let (good, bad, panicking) = tokio::join!(insert(&store, 1), fail(&store, 2), panic(&store, 3));
    good.unwrap();
    assert!(matches!(bad, Err(StoreError::Inconsistent(_))));
    assert!(matches!(panicking, Err(StoreError::Panicked)));
    assert_eq!(count(&store).await, 1);
    insert(&store, 4).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_fail_before_all_others_are_undone_alone() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open_with(directory.path(), &patient()).unwrap();
    table(&store).await;
    let held = hold(&store).await;
    let (bad, panicking, good, again, ()) = tokio::join!(
        fail(&store, 1),
        panic(&store, 2),
        insert(&store, 3),
        fail(&store, 4),
        held.release()
    );
    assert!(matches!(bad, Err(StoreError::Inconsistent(_))));
    assert!(matches!(panicking, Err(StoreError::Panicked)));
    good.unwrap();
    assert!(matches!(again, Err(StoreError::Inconsistent(_))));
    assert_eq!(count(&store).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_share_a_transaction_with_one_that_fails_are_run_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open_with(directory.path(), &patient()).unwrap();
    table(&store).await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let first = store.write(move |tx| {
        let run = counted.fetch_add(1, Ordering::Relaxed) + 1;
        // As the only row: what the first run did is gone.
        tx.execute(
            "INSERT INTO t (n) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t)",
            [],
        )?;
        Ok((run, tx.last_insert_rowid(), tx.changes()))
    });
    let held = hold(&store).await;
    let (first, bad, last, ()) =
        tokio::join!(first, fail(&store, 2), insert(&store, 3), held.release());
    assert_eq!(first.unwrap(), (2, 1, 1));
    assert!(matches!(bad, Err(StoreError::Inconsistent(_))));
    last.unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    assert_eq!(store.database().writer_figures().again.get(), 1);
    assert_eq!(rows_on_disk(directory.path()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_answers_busy() {
    let directory = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        queue: 1,
        ..StoreOptions::default()
    };
    let store = Store::open_with(directory.path(), &options).unwrap();
    table(&store).await;
    let held = hold(&store).await;
    let (queued, refused, ()) = tokio::join!(insert(&store, 1), insert(&store, 2), held.release());
    queued.unwrap();
    assert!(matches!(refused, Err(StoreError::Busy)));
    insert(&store, 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_acknowledges_nothing_and_recovers() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    table(&store).await;
    drop(store);
    let pages: u32 = rusqlite::Connection::open(directory.path().join("lagesbild.db"))
        .unwrap()
        .pragma_query_value(None, "page_count", |r| r.get(0))
        .unwrap();
    let options = StoreOptions {
        max_pages: Some(pages + 8),
        ..StoreOptions::default()
    };
    let store = Store::open_with(directory.path(), &options).unwrap();
    let mut acknowledged = 0;
    let mut refused = 0;
    for n in 0..40 {
        let result = store
            .write(move |tx| {
                tx.execute("INSERT INTO t (n, blob) VALUES (?1, zeroblob(3000))", [n])?;
                Ok(())
            })
            .await;
        match result {
            Ok(()) => acknowledged += 1,
            Err(StoreError::Full) => refused += 1,
            Err(e) => panic!("{e}"),
        }
    }
    assert!(acknowledged > 0 && refused > 0, "{acknowledged} {refused}");
    assert_eq!(count(&store).await, acknowledged);
    drop(store);
    let store = Store::open(directory.path()).unwrap();
    insert(&store, 1_000).await.unwrap();
    assert_eq!(count(&store).await, acknowledged + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_of_a_newer_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    drop(Store::open(directory.path()).unwrap());
    let file = rusqlite::Connection::open(directory.path().join("lagesbild.db")).unwrap();
    file.execute(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES (9999, 'later', '2030-01-01T00:00:00Z', '0')",
        [],
    )
    .unwrap();
    drop(file);
    let error = Store::open(directory.path()).unwrap_err();
    assert!(
        matches!(error, StoreError::Newer { found: 9999, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("newer version"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("lagesbild.db");
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (a)")
        .unwrap();
    assert!(matches!(
        Store::open(directory.path()),
        Err(StoreError::Foreign)
    ));
    std::fs::write(&file, [b'x'; 4096]).unwrap();
    assert!(matches!(
        Store::open(directory.path()),
        Err(StoreError::Foreign)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_take_turns() {
    let directory = tempfile::tempdir().unwrap();
    let server = Store::open(directory.path()).unwrap();
    let command = Store::open(directory.path()).unwrap();
    table(&server).await;
    for n in 0..30 {
        let (a, b) = tokio::join!(insert(&server, 2 * n), insert(&command, 2 * n + 1));
        a.unwrap();
        b.unwrap();
    }
    assert_eq!(count(&server).await, 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_without_end_is_ended() {
    let directory = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        readers: 1,
        longest_reading: Duration::from_millis(100),
        ..StoreOptions::default()
    };
    let store = Store::open_with(directory.path(), &options).unwrap();
    table(&store).await;
    let endless = store
        .read(|connection| {
            Ok(connection.query_row(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                 SELECT count(*) FROM n",
                [],
                |r| r.get::<_, i64>(0),
            )?)
        })
        .await;
    assert!(matches!(endless, Err(StoreError::Busy)), "{endless:?}");
    // The connection serves on.
    insert(&store, 1).await.unwrap();
    assert_eq!(count(&store).await, 1);
}

/// Without the writer's own bound this grows as long as there are readers, since
/// one of them always reads from the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_that_overlap_without_end_do_not_let_the_log_grow() {
    const ROW: i64 = 500_000;
    const ROWS: u64 = 300;
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    table(&store).await;
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|n| {
            let (store, done) = (store.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(n * 10)).await;
                while !done.load(Ordering::Relaxed) {
                    store
                        .read(|connection| {
                            connection.query_row("SELECT count(*) FROM t", [], |_| Ok(()))?;
                            std::thread::sleep(Duration::from_millis(30));
                            Ok(())
                        })
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    let log = directory.path().join("lagesbild.db-wal");
    let mut longest = 0;
    for n in 0..ROWS {
        store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO t (n, blob) VALUES (?1, zeroblob(?2))",
                    rusqlite::params![n.cast_signed(), ROW],
                )?;
                Ok(())
            })
            .await
            .unwrap();
        longest = std::fs::metadata(&log).unwrap().len().max(longest);
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    assert!(longest < 80_000_000, "{longest} bytes");
    assert_eq!(count(&store).await, ROWS.cast_signed());
}
