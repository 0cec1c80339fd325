//! Whoever runs the jobs.

use std::collections::BTreeMap;
use std::time::Duration;

use sync_core::time::Instant;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::delay;
use super::rows::Job;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::database::{Database, StoreError};

/// How often it is looked for jobs that another process added.
const LOOK: Duration = Duration::from_secs(1);
/// Most jobs at a time.
const AT_ONCE: usize = 4;

/// How a job came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// All of it is done.
    All,
    /// The server ends: what is left is done by the next one.
    Closing,
}

struct Ended {
    job: Job,
    result: Result<Done, StoreError>,
}

/// Runs jobs until the server closes, several at a time, each with `run`.
pub async fn work<R, F>(
    database: Database,
    (clock, entropy): (Clock, Entropy),
    mut closing: watch::Receiver<bool>,
    run: R,
) where
    R: Fn(Job) -> F,
    F: Future<Output = Result<Done, StoreError>> + Send + 'static,
{
    let mut running: JoinSet<Ended> = JoinSet::new();
    let mut roster = Roster {
        database,
        clock,
        entropy,
        busy: BTreeMap::new(),
    };
    let mut look = tokio::time::interval(LOOK);
    loop {
        let ended = tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            Some(ended) = running.join_next() => Some(ended),
            () = roster.database.new_job() => None,
            _ = look.tick() => None,
        };
        if let Some(Ok(ended)) = ended {
            roster.note(ended).await;
        }
        for job in roster.due(AT_ONCE - running.len()).await {
            let work = run(job.clone());
            running.spawn(async move {
                let result = tokio::spawn(work)
                    .await
                    .unwrap_or(Err(StoreError::Panicked));
                Ended { job, result }
            });
        }
    }
    while let Some(ended) = running.join_next().await {
        if let Ok(ended) = ended {
            roster.note(ended).await;
        }
    }
}

struct Roster {
    database: Database,
    clock: Clock,
    entropy: Entropy,
    /// Jobs at work, and until when those are left alone whose failure could not be noted.
    busy: BTreeMap<i64, Option<Instant>>,
}

impl Roster {
    /// The jobs to begin now, at most so many.
    async fn due(&mut self, most: usize) -> Vec<Job> {
        let now = self.clock.now();
        self.busy
            .retain(|_, until| until.is_none_or(|until| until > now));
        if most == 0 {
            return Vec::new();
        }
        let mut due = match self.database.due_jobs(now).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "it is not known which jobs are due");
                return Vec::new();
            }
        };
        due.retain(|job| !self.busy.contains_key(&job.id));
        due.truncate(most);
        self.busy.extend(due.iter().map(|job| (job.id, None)));
        due
    }

    /// Notes how a job came out.
    async fn note(&mut self, Ended { job, result }: Ended) {
        let (id, now) = (job.id, self.clock.now());
        let noted = match result {
            Ok(Done::All) => self.database.job_done(id, now).await,
            Ok(Done::Closing) => Ok(()),
            Err(error) => {
                let (kind, key) = (job.kind.clone(), job.key.clone());
                tracing::warn!(%error, kind, key, attempts = job.attempts + 1, "a job failed");
                self.failed(job.clone(), error.to_string(), now).await
            }
        };
        match noted {
            Ok(()) => self.busy.remove(&id),
            // The disk may be full. It is not forgotten, only left alone for a while.
            Err(error) => {
                tracing::warn!(%error, kind = job.kind, "what became of a job was not noted");
                let until = Instant(now.0 + delay(job.attempts.max(3), 0.0));
                self.busy.insert(id, Some(until))
            }
        };
    }

    async fn failed(&self, job: Job, error: String, now: Instant) -> Result<(), StoreError> {
        let (kind, key) = (job.kind.clone(), job.key.clone());
        if self
            .database
            .job_failed(job, error, now, self.chance())
            .await?
        {
            tracing::error!(
                kind,
                key,
                "A JOB IS DEAD: look with `lagesbild jobs`, mend what is wrong, and have it tried again"
            );
        }
        Ok(())
    }

    fn chance(&self) -> f64 {
        f64::from(u16::from_be_bytes(self.entropy.draw())) / f64::from(u16::MAX)
    }
}
