//! The table of jobs.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::time::Instant;

use super::{LONGEST_DELAY, MOST_ATTEMPTS, delay};
use crate::shared::database::{Database, StoreError};

/// A job that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The sort of work: a stable code such as `undo`.
    pub kind: &'static str,
    /// The subject: an id, never content. A kind and a key name one job.
    pub key: String,
    /// The earliest time that it is run.
    pub run_at: Instant,
}

/// A job that is to be run now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The row's number.
    pub id: i64,
    /// The sort of work: a stable code.
    pub kind: String,
    /// The subject: an id.
    pub key: String,
    /// Attempts that failed so far.
    pub attempts: u32,
}

/// Whether a job is still tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for its time.
    Waiting,
    /// It has failed too often: a person has to look.
    Dead,
}

/// A job, for a person who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    pub job: Job,
    /// Whether it is still tried.
    pub state: State,
    /// When it is run next.
    pub run_at: Instant,
    /// Of a scheduled one: how often, in milliseconds.
    pub every: Option<i64>,
    /// Why it failed last; empty when it did not.
    pub error: String,
}

/// How many jobs there are, but for those that are scheduled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Jobs {
    /// Jobs that wait for their time.
    pub waiting: u64,
    /// Jobs that have failed too often.
    pub dead: u64,
    /// Of those that wait or are scheduled, that failed when they were last run.
    pub failing: u64,
}

/// Adds a job in the transaction of what wants it. One of that kind and key that is there
/// already stands for both.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn enqueue(tx: &Connection, job: &NewJob) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO jobs (kind, key, run_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (kind, key) DO UPDATE SET state = 'waiting', run_at = excluded.run_at,
             attempts = 0, error = ''",
    )?
    .execute(params![job.kind, job.key, job.run_at.0])?;
    Ok(())
}

/// Takes a job away in the transaction of its last effect.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn finish(tx: &Connection, kind: &str, key: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM jobs WHERE kind = ?1 AND key = ?2")?
        .execute([kind, key])?;
    Ok(())
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        id: row.get(0)?,
        kind: row.get(1)?,
        key: row.get(2)?,
        attempts: row.get(3)?,
    })
}

impl Database {
    /// Has a kind of job run every so many milliseconds, the first time at once.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn schedule(
        &self,
        kind: &'static str,
        every: i64,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached(
                "INSERT INTO jobs (kind, key, run_at, every) VALUES (?1, '', ?2, ?3)
                 ON CONFLICT (kind, key) DO UPDATE SET run_at = excluded.run_at,
                     every = excluded.every",
            )?
            .execute(params![kind, now.0, every])?;
            Ok(())
        })
        .await
    }

    /// The jobs whose time has come, the longest waiting first. A clock that was set back
    /// keeps none waiting for longer than it would have waited anyhow.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn due_jobs(&self, now: Instant) -> Result<Vec<Job>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, kind, key, attempts FROM jobs
                 WHERE state = 'waiting'
                   AND (run_at <= ?1 OR run_at > ?1 + coalesce(every, ?2))
                 ORDER BY run_at, id",
            )?;
            let found = statement.query_map(params![now.0, LONGEST_DELAY], job)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Notes that a job was done: it goes, or waits for its next time.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn job_done(&self, id: i64, now: Instant) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM jobs WHERE id = ?1 AND every IS NULL")?
                .execute([id])?;
            tx.prepare_cached(
                "UPDATE jobs SET attempts = 0, error = '', run_at = ?2 + every
                 WHERE id = ?1 AND every IS NOT NULL",
            )?
            .execute(params![id, now.0])?;
            Ok(())
        })
        .await
    }

    /// Notes that a job failed: it is tried again later, or is dead. `chance` in 0..1.
    /// Returns whether it is dead.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn job_failed(
        &self,
        failed: Job,
        error: String,
        now: Instant,
        chance: f64,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let attempts = failed.attempts + 1;
            let later = now.0 + delay(attempts, chance);
            let dead: Option<bool> = tx
                .prepare_cached(
                    "UPDATE jobs SET attempts = ?2, error = ?3,
                         run_at = CASE WHEN every IS NULL THEN ?4 ELSE min(?4, ?5 + every) END,
                         state = CASE WHEN every IS NULL AND ?2 >= ?6
                                      THEN 'dead' ELSE 'waiting' END
                     WHERE id = ?1 RETURNING state = 'dead'",
                )?
                .query_row(
                    params![failed.id, attempts, error, later, now.0, MOST_ATTEMPTS],
                    |row| row.get(0),
                )
                .optional()?;
            Ok(dead.unwrap_or(false))
        })
        .await
    }

    /// Every job there is, the dead first.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, kind, key, attempts, state = 'dead', run_at, every, error FROM jobs
                 ORDER BY state = 'dead' DESC, run_at, id",
            )?;
            let found = statement.query_map([], |row| {
                Ok(JobRow {
                    job: job(row)?,
                    state: if row.get(4)? {
                        State::Dead
                    } else {
                        State::Waiting
                    },
                    run_at: Instant(row.get(5)?),
                    every: row.get(6)?,
                    error: row.get(7)?,
                })
            })?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Counts the jobs.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn count_jobs(&self) -> Result<Jobs, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT coalesce(sum(state = 'waiting' AND every IS NULL), 0),
                            coalesce(sum(state = 'dead'), 0),
                            coalesce(sum(state = 'waiting' AND attempts > 0), 0) FROM jobs",
                )?
                .query_row([], |row| {
                    let count = |n| row.get::<_, i64>(n).map(i64::unsigned_abs);
                    Ok(Jobs {
                        waiting: count(0)?,
                        dead: count(1)?,
                        failing: count(2)?,
                    })
                })?)
        })
        .await
    }

    /// Has a job tried again now, a dead one too. Returns `false` when there is none.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn retry_job(&self, id: i64, now: Instant) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let changed = tx
                .prepare_cached(
                    "UPDATE jobs SET state = 'waiting', attempts = 0, run_at = ?2 WHERE id = ?1",
                )?
                .execute(params![id, now.0])?;
            Ok(changed == 1)
        })
        .await
    }

    /// Discards a dead job. Returns `false` when there is none.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn discard_job(&self, id: i64) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let gone = tx
                .prepare_cached("DELETE FROM jobs WHERE id = ?1 AND state = 'dead'")?
                .execute([id])?;
            Ok(gone == 1)
        })
        .await
    }
}
