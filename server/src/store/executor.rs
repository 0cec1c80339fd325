//! The one writer: a thread that drains a bounded queue into transactions.
//!
//! Group commit: syncing the log costs milliseconds, a job costs microseconds,
//! so jobs that arrived while the last transaction was syncing share the next
//! one. A job that fails is undone alone: as few fail, the others are then run
//! again rather than each job kept apart. An answer leaves only after COMMIT.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{oneshot, watch};

use super::StoreError;
use super::connection::PATIENCE;
use super::figures::WriterFigures;

/// Most jobs in one transaction.
const MOST_JOBS: usize = 64;
/// After this long a transaction takes no further job, so that the first of
/// them does not wait for its answer.
const MOST_TIME: Duration = Duration::from_millis(12);
/// How long emptying the log waits for readers: jobs wait behind it.
const CHECKPOINT_PATIENCE: Duration = Duration::from_millis(250);

/// From this size on, the write-ahead log is emptied between two transactions:
/// readers that overlap without end keep it from beginning anew by itself.
const LOG_BYTES: u64 = 48 * 1024 * 1024;
/// How long after a vain attempt at that it is tried again, at first; then twice as
/// long each time, up to a limit.
const LOG_AGAIN: Duration = Duration::from_secs(1);
const LOG_AGAIN_MOST: Duration = Duration::from_mins(1);

/// The writer's thread, seen from outside.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<SyncSender<Task>>,
    news: watch::Receiver<u64>,
    figures: WriterFigures,
    thread: Option<JoinHandle<()>>,
}

/// What the queue holds.
enum Task {
    /// Work within a transaction.
    Job(Box<dyn Job>),
    /// Emptying the write-ahead log, between transactions.
    Checkpoint(oneshot::Sender<Result<bool, StoreError>>),
}

/// A piece of work whose answer waits for COMMIT.
trait Job: Send {
    /// Does the work. On an error the caller undoes it. It may be undone for another's
    /// error too, and is then run again.
    fn run(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError>;
    /// Answers: with the result of [`Job::run`], or with why it is not on disk.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct TypedJob<T, F> {
    work: F,
    result: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for TypedJob<T, F>
where
    T: Send,
    F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        self.result = Some((self.work)(transaction)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { result, reply, .. } = *self;
        let answer = committed.and_then(|()| result.ok_or(StoreError::Closed));
        // The caller may have gone; what it asked for is stored all the same.
        let _ = reply.send(answer);
    }
}

impl Writer {
    pub(super) fn start(connection: Connection, queue: usize) -> Result<Self, StoreError> {
        let (sender, receiver) = sync_channel(queue.max(1));
        let (publish, news) = watch::channel(head(&connection)?);
        let figures = WriterFigures::default();
        let noted = figures.clone();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || drain(connection, &receiver, &publish, &noted))?;
        Ok(Self {
            queue: Some(sender),
            news,
            figures,
            thread: Some(thread),
        })
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.clone()
    }

    pub(super) fn figures(&self) -> &WriterFigures {
        &self.figures
    }

    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(TypedJob {
            work,
            result: None,
            reply,
        });
        self.send(Task::Job(job))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) async fn checkpoint(&self) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.send(Task::Checkpoint(reply))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    fn send(&self, task: Task) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        // Before the writer can take it out again.
        self.figures.queued.inc();
        queue.try_send(task).map_err(|e| {
            self.figures.queued.dec();
            match e {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => StoreError::Closed,
            }
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Ends the loop once what is queued is on disk.
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn drain(
    mut connection: Connection,
    queue: &Receiver<Task>,
    publish: &watch::Sender<u64>,
    figures: &WriterFigures,
) {
    let mut carried = None;
    let mut log = Log::of(&connection);
    while let Some(task) = carried.take().or_else(|| queue.recv().ok()) {
        figures.queued.dec();
        let first = match task {
            Task::Job(job) => job,
            Task::Checkpoint(reply) => {
                let _ = reply.send(empty_log(&connection));
                continue;
            }
        };
        let (done, committed) = group(&mut connection, queue, first, &mut carried, figures);
        if committed.is_ok()
            && let Ok(cursor) = head(&connection)
        {
            publish.send_if_modified(|known| std::mem::replace(known, cursor) != cursor);
        }
        for (job, result) in done {
            let answer = match &committed {
                Ok(()) => result,
                Err(e) => Err(e.for_another()),
            };
            job.answer(answer);
        }
        log.bound(&connection);
    }
}

/// The write-ahead log's file.
struct Log {
    file: PathBuf,
    /// When to try again, after a vain attempt, and how long that waited.
    again: Option<(Instant, Duration)>,
}

impl Log {
    fn of(connection: &Connection) -> Self {
        let database = connection.path().unwrap_or_default();
        Self {
            file: PathBuf::from(format!("{database}-wal")),
            again: None,
        }
    }

    /// Empties it when it has grown long.
    fn bound(&mut self, connection: &Connection) {
        let long = std::fs::metadata(&self.file).is_ok_and(|file| file.len() > LOG_BYTES);
        if !long || self.again.is_some_and(|(at, _)| Instant::now() < at) {
            return;
        }
        // A reader that stays, or a disk that takes nothing: later, then.
        let emptied = empty_log(connection).unwrap_or(false);
        self.again = (!emptied).then(|| {
            let waited = self
                .again
                .map(|(_, waited)| (2 * waited).min(LOG_AGAIN_MOST));
            let wait = waited.unwrap_or(LOG_AGAIN);
            (Instant::now() + wait, wait)
        });
    }
}

/// Jobs with their results, which hold when the transaction was committed.
type Done = Vec<(Box<dyn Job>, Result<(), StoreError>)>;

/// Runs jobs, those of the queue after the first, and commits what they did in one
/// transaction. What is taken from the queue and does not belong in one is carried to the
/// next round.
fn group(
    connection: &mut Connection,
    queue: &Receiver<Task>,
    first: Box<dyn Job>,
    carried: &mut Option<Task>,
    figures: &WriterFigures,
) -> (Done, Result<(), StoreError>) {
    let mut jobs = vec![first];
    let committed = match together(connection, queue, &mut jobs, carried, figures) {
        Ok(()) => Ok(()),
        Err(Ended::Lost(e)) => Err(e),
        // Nothing else was in it.
        Err(Ended::Failed(e)) if jobs.len() == 1 => {
            return (jobs.into_iter().zip([Err(e)]).collect(), Ok(()));
        }
        Err(Ended::Failed(_)) => return apart(connection, jobs, figures),
    };
    let done = jobs.into_iter().map(|job| (job, Ok(()))).collect();
    (done, committed)
}

/// Why a transaction did not end with what all its jobs did.
enum Ended {
    /// It could not begin, or nobody knows whether it was committed.
    Lost(StoreError),
    /// The job that was taken last failed. All is undone.
    Failed(StoreError),
}

/// All jobs in one transaction, none of them kept apart: to undo one alone costs a copy
/// of each page that changes.
fn together(
    connection: &mut Connection,
    queue: &Receiver<Task>,
    jobs: &mut Vec<Box<dyn Job>>,
    carried: &mut Option<Task>,
    figures: &WriterFigures,
) -> Result<(), Ended> {
    let begun = Instant::now();
    let transaction = begin(connection).map_err(Ended::Lost)?;
    while let Some(job) = jobs.last_mut() {
        if let Err(failed) = run(&transaction, job.as_mut()) {
            undo(transaction).map_err(Ended::Lost)?;
            return Err(Ended::Failed(failed));
        }
        if jobs.len() == MOST_JOBS || begun.elapsed() >= MOST_TIME {
            break;
        }
        match queue.try_recv() {
            Ok(Task::Job(job)) => {
                figures.queued.dec();
                jobs.push(job);
            }
            Ok(other) => {
                *carried = Some(other);
                break;
            }
            Err(_) => break,
        }
    }
    commit(transaction, jobs.len(), figures).map_err(Ended::Lost)
}

/// All jobs in one transaction, each of which is undone alone when it fails.
fn apart(
    connection: &mut Connection,
    jobs: Vec<Box<dyn Job>>,
    figures: &WriterFigures,
) -> (Done, Result<(), StoreError>) {
    let lost = |jobs: Vec<Box<dyn Job>>, done: Done, e| {
        let rest = jobs.into_iter().map(|job| (job, Ok(())));
        (done.into_iter().chain(rest).collect(), Err(e))
    };
    let transaction = match begin(connection) {
        Ok(transaction) => transaction,
        Err(e) => return lost(jobs, Vec::new(), e),
    };
    let mut done: Done = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter();
    while let Some(mut job) = jobs.next() {
        match within_savepoint(&transaction, job.as_mut()) {
            Ok(result) => done.push((job, result)),
            // What the jobs before this one did is gone too.
            Err(e) => {
                done.push((job, Ok(())));
                return lost(jobs.collect(), done, e);
            }
        }
    }
    let committed = commit(transaction, done.len(), figures);
    (done, committed)
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn commit(
    transaction: Transaction<'_>,
    jobs: usize,
    figures: &WriterFigures,
) -> Result<(), StoreError> {
    let begun = Instant::now();
    let committed = transaction.commit();
    figures
        .commit_seconds
        .observe(begun.elapsed().as_secs_f64());
    figures
        .jobs
        .observe(u32::try_from(jobs).map_or(f64::MAX, f64::from));
    Ok(committed?)
}

/// Empties the write-ahead log; `false` when a reader kept it from being emptied.
fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    connection.busy_timeout(CHECKPOINT_PATIENCE)?;
    let busy: Result<i64, _> =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0));
    connection.busy_timeout(PATIENCE)?;
    Ok(busy? == 0)
}

/// Undoes a transaction, unless it was given up already.
fn undo(transaction: Transaction<'_>) -> Result<(), StoreError> {
    if !transaction.is_autocommit() {
        transaction.rollback()?;
    }
    Ok(())
}

/// The job's own result. What it did before it failed is still there.
fn run(transaction: &Transaction<'_>, job: &mut dyn Job) -> Result<(), StoreError> {
    let result = catch_unwind(AssertUnwindSafe(|| job.run(transaction)))
        .unwrap_or(Err(StoreError::Panicked));
    // A full disk or a failing one can make SQLite give up the transaction by itself.
    if transaction.is_autocommit() {
        return Err(result.err().unwrap_or(StoreError::Full));
    }
    result
}

/// The job's own result; or, as an error, why the whole transaction is lost.
fn within_savepoint(
    transaction: &Transaction<'_>,
    job: &mut dyn Job,
) -> Result<Result<(), StoreError>, StoreError> {
    transaction.execute_batch("SAVEPOINT job")?;
    let result = run(transaction, job);
    if transaction.is_autocommit() {
        return Err(result.err().unwrap_or(StoreError::Full));
    }
    if result.is_err() {
        transaction.execute_batch("ROLLBACK TO job")?;
    }
    transaction.execute_batch("RELEASE job")?;
    Ok(result)
}

/// The cursor of the newest entry of the log.
fn head(connection: &Connection) -> Result<u64, StoreError> {
    let cursor: i64 = connection
        .prepare_cached("SELECT cursor FROM head")?
        .query_row([], |r| r.get(0))?;
    Ok(cursor.try_into().unwrap_or(0))
}

#[cfg(test)]
mod tests;
