use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use sync_core::time::Instant;
use tokio::sync::watch;

use super::*;
use crate::outreach::store::Store;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::database::{Database, StoreError};

const NOW: Instant = Instant(1_769_889_600_000);

fn database(directory: &tempfile::TempDir) -> Database {
    let store = Store::open(directory.path()).unwrap();
    store.database().clone()
}

fn mail(key: &str) -> NewJob {
    NewJob {
        kind: "mail",
        key: key.to_owned(),
        run_at: NOW,
    }
}

async fn add(database: &Database, key: &str) {
    let job = mail(key);
    let added = database.write(move |tx| enqueue(tx, &job)).await;
    added.unwrap();
}

#[tokio::test]
async fn an_act_that_is_undone_leaves_no_job() {
    let directory = tempfile::tempdir().unwrap();
    let database = database(&directory);
    let undone: Result<(), _> = database
        .write(|tx| {
            enqueue(tx, &mail("1"))?;
            Err(StoreError::Full)
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(database.jobs().await.unwrap(), []);
    add(&database, "1").await;
    add(&database, "1").await;
    let jobs = database.jobs().await.unwrap();
    assert_eq!(jobs.len(), 1, "one kind and key are one job");
    database.write(|tx| finish(tx, "mail", "1")).await.unwrap();
    assert_eq!(database.jobs().await.unwrap(), []);
}

#[tokio::test]
async fn what_fails_is_tried_later_each_time_then_is_dead_and_shown() {
    let directory = tempfile::tempdir().unwrap();
    let database = database(&directory);
    add(&database, "1").await;
    let mut now = NOW;
    let mut waits = Vec::new();
    for attempt in 1..=MOST_ATTEMPTS {
        let job = database.due_jobs(now).await.unwrap().remove(0);
        assert_eq!(job.attempts, attempt - 1);
        let dead = database
            .job_failed(job, "no answer".to_owned(), now, 0.0)
            .await
            .unwrap();
        assert_eq!(dead, attempt == MOST_ATTEMPTS);
        let row = database.jobs().await.unwrap().remove(0);
        waits.push((row.run_at.0 - now.0) / 1_000);
        now = row.run_at;
    }
    assert_eq!(waits[..6], [5, 10, 20, 40, 80, 160]);
    assert!(waits[10..].iter().all(|wait| *wait == 3_600));
    assert_eq!(database.due_jobs(now).await.unwrap(), []);
    let row = database.jobs().await.unwrap().remove(0);
    assert_eq!((row.state, row.error.as_str()), (State::Dead, "no answer"));
    let counted = database.count_jobs().await.unwrap();
    assert_eq!((counted.waiting, counted.dead), (0, 1));
    // A person mends what was wrong.
    assert!(database.retry_job(row.job.id, now).await.unwrap());
    assert_eq!(database.due_jobs(now).await.unwrap().len(), 1);
    assert!(!database.discard_job(row.job.id).await.unwrap(), "it lives");
}

#[tokio::test]
async fn what_comes_round_never_ends_nor_dies_and_a_clock_set_back_stops_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let database = database(&directory);
    database.schedule("sweep", 60_000, NOW).await.unwrap();
    for _ in 0..=MOST_ATTEMPTS {
        let job = database.due_jobs(Instant(i64::MAX - 60_000)).await.unwrap();
        let failed = database.job_failed(job[0].clone(), "x".to_owned(), NOW, 0.0);
        assert!(!failed.await.unwrap());
    }
    let id = database.jobs().await.unwrap()[0].job.id;
    database.job_done(id, NOW).await.unwrap();
    assert_eq!(database.due_jobs(NOW).await.unwrap(), []);
    let year = 365 * 86_400_000;
    let back = database.due_jobs(Instant(NOW.0 - year)).await.unwrap();
    assert_eq!(back.len(), 1, "it would have waited a year");
}

#[tokio::test]
async fn a_worker_does_what_is_there_and_what_comes_and_tries_again_what_panicked() {
    let directory = tempfile::tempdir().unwrap();
    let database = database(&directory);
    let clock = Arc::new(AtomicI64::new(NOW.0));
    let (close, closing) = watch::channel(false);
    let runs = Arc::new(AtomicU32::new(0));
    add(&database, "1").await;
    let worker = tokio::spawn(work(
        database.clone(),
        (
            Clock::new({
                let clock = Arc::clone(&clock);
                move || Instant(clock.load(Ordering::SeqCst))
            }),
            Entropy::new(|bytes| bytes.fill(0)),
        ),
        closing,
        {
            let runs = Arc::clone(&runs);
            move |job| {
                let first = runs.fetch_add(1, Ordering::SeqCst) == 0;
                async move {
                    assert!(!first, "the first run of {job:?} panics");
                    Ok(Done::All)
                }
            }
        },
    ));
    let until = async |wanted: usize| {
        for _ in 0..500 {
            if database.jobs().await.unwrap().len() == wanted && runs.load(Ordering::SeqCst) > 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("{:?}", database.jobs().await.unwrap());
    };
    until(1).await;
    clock.fetch_add(10_000, Ordering::SeqCst);
    until(0).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    add(&database, "2").await;
    database.look_for_jobs();
    until(0).await;
    close.send(true).unwrap();
    worker.await.unwrap();
}
