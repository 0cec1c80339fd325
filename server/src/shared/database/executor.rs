//! The one writer: a thread that drains a bounded queue into transactions.
//!
//! Group commit: syncing the log costs milliseconds, a job costs microseconds,
//! so jobs that arrived while the last transaction was syncing share the next
//! one. When one fails, the transaction is undone and its jobs are run again,
//! each within a savepoint: few fail, and savepoints cost a copy of each page.
//! An answer leaves only after COMMIT.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{oneshot, watch};

use super::connection::PATIENCE;
use super::schema::Newest;
use super::space;
use super::writer_figures::WriterFigures;
use super::{StoreError, StoreOptions};

/// Most jobs in one transaction.
const MOST_JOBS: usize = 64;
/// How long emptying the log waits for readers: jobs wait behind it.
const CHECKPOINT_PATIENCE: Duration = Duration::from_millis(250);

/// From this size on, the write-ahead log is emptied between two transactions:
/// readers that overlap without end keep it from beginning again by itself.
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

/// A task in the writer's queue.
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
    /// Checks whether there is anybody left to do it for, or it was begun.
    fn is_wanted(&self) -> bool;
    /// Answers: with the result of [`Job::run`], or with why it is not on disk.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct TypedJob<T, F> {
    work: F,
    /// Whether it is done although its caller has gone.
    regardless: bool,
    result: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for TypedJob<T, F>
where
    T: Send,
    F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        // What was begun and undone for another's failure is done again.
        self.regardless = true;
        self.result = Some((self.work)(transaction)?);
        Ok(())
    }

    fn is_wanted(&self) -> bool {
        self.regardless || !self.reply.is_closed()
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { result, reply, .. } = *self;
        let answer = committed.and_then(|()| result.ok_or(StoreError::Closed));
        // The caller may have gone; what it asked for is stored all the same.
        let _ = reply.send(answer);
    }
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        newest: Newest,
        options: &StoreOptions,
    ) -> Result<Self, StoreError> {
        let (sender, receiver) = sync_channel(options.queue.max(1));
        let gathering = options.gathering;
        let (publish, news) = watch::channel(newest(&connection)?);
        let told = News { newest, publish };
        let figures = WriterFigures::default();
        let noted = figures.clone();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || drain(connection, &receiver, gathering, &told, &noted))?;
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
        self.queue(work, true).await
    }

    pub(super) async fn run_while_wanted<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.queue(work, false).await
    }

    async fn queue<T, F>(&self, work: F, regardless: bool) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(TypedJob {
            work,
            regardless,
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
    gathering: Duration,
    news: &News,
    figures: &WriterFigures,
) {
    let mut carried = None;
    let mut log = Log::of(&connection);
    while let Some(task) = carried.take().or_else(|| queue.recv().ok()) {
        figures.queued.dec();
        let first = match task {
            Task::Job(job) if !job.is_wanted() => continue,
            Task::Job(job) => job,
            Task::Checkpoint(reply) => {
                let _ = reply.send(empty_log(&connection));
                continue;
            }
        };
        let mut source = Source {
            queue,
            gathering,
            carried: &mut carried,
        };
        let (done, committed) = group(&mut connection, first, &mut source, figures);
        if committed.is_ok() {
            news.tell(&connection);
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

/// Where a transaction's further jobs come from.
struct Source<'a> {
    queue: &'a Receiver<Task>,
    /// How long further jobs are waited for.
    gathering: Duration,
    /// A task that was taken from the queue and belongs in no transaction.
    carried: &'a mut Option<Task>,
}

impl Source<'_> {
    /// The next job for a transaction that has `jobs` since `begun`, if it takes one and
    /// one waits.
    fn next(
        &mut self,
        jobs: usize,
        begun: Instant,
        figures: &WriterFigures,
    ) -> Option<Box<dyn Job>> {
        if jobs >= MOST_JOBS || begun.elapsed() >= self.gathering {
            return None;
        }
        loop {
            match self.queue.try_recv().ok()? {
                Task::Job(job) => {
                    figures.queued.dec();
                    if job.is_wanted() {
                        return Some(job);
                    }
                }
                other @ Task::Checkpoint(_) => {
                    *self.carried = Some(other);
                    return None;
                }
            }
        }
    }
}

/// Runs jobs, those of the queue after the first, and commits what they did in one
/// transaction.
fn group(
    connection: &mut Connection,
    first: Box<dyn Job>,
    source: &mut Source<'_>,
    figures: &WriterFigures,
) -> (Done, Result<(), StoreError>) {
    let mut jobs = vec![first];
    let committed = match together(connection, &mut jobs, source, figures) {
        Ok(()) => Ok(()),
        Err(Ended::Lost(StoreError::Full) | Ended::Failed(StoreError::Full))
            if space::release_beside(connection) =>
        {
            return apart(connection, jobs, figures);
        }
        Err(Ended::Lost(e)) => Err(e),
        Err(Ended::Failed(e)) if jobs.len() == 1 => {
            // Nothing else was in it: undoing it all was undoing it alone.
            return (jobs.into_iter().zip([Err(e)]).collect(), Ok(()));
        }
        Err(Ended::Failed(e)) => {
            figures.again.inc();
            tracing::debug!(error = %e, jobs = jobs.len(), "a job failed; all are run again");
            return apart(connection, jobs, figures);
        }
    };
    let done = jobs.into_iter().map(|job| (job, Ok(()))).collect();
    (done, committed)
}

/// Why a transaction did not end with what all its jobs did.
enum Ended {
    /// Nothing in it may be taken as stored: it could not begin, could not be undone, or
    /// its COMMIT failed.
    Lost(StoreError),
    /// The job that was taken last failed. All is undone.
    Failed(StoreError),
}

/// All jobs in one transaction, none of them kept apart: to undo one alone costs a copy
/// of each page that changes.
fn together(
    connection: &mut Connection,
    jobs: &mut Vec<Box<dyn Job>>,
    source: &mut Source<'_>,
    figures: &WriterFigures,
) -> Result<(), Ended> {
    let begun = Instant::now();
    let transaction = begin(connection).map_err(Ended::Lost)?;
    while let Some(job) = jobs.last_mut() {
        let started = Instant::now();
        let result = run(&transaction, job.as_mut());
        figures.job_took(started.elapsed());
        if let Err(failed) = result {
            undo(transaction).map_err(Ended::Lost)?;
            return Err(Ended::Failed(failed));
        }
        match source.next(jobs.len(), begun, figures) {
            Some(job) => jobs.push(job),
            None => break,
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
        let started = Instant::now();
        let result = within_savepoint(&transaction, job.as_mut());
        figures.job_took(started.elapsed());
        match result {
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

/// Empties the write-ahead log; `false` when a reader kept it from being emptied. That the
/// database has to grow for it is what space was set aside for, too: until the log is
/// emptied it holds what was erased.
fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    match empty_log_once(connection) {
        Err(StoreError::Full) if space::release_beside(connection) => empty_log_once(connection),
        emptied => emptied,
    }
}

fn empty_log_once(connection: &Connection) -> Result<bool, StoreError> {
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

/// Informs whoever follows the database of its newest entry.
struct News {
    newest: Newest,
    publish: watch::Sender<u64>,
}

impl News {
    fn tell(&self, connection: &Connection) {
        if let Ok(newest) = (self.newest)(connection) {
            self.publish
                .send_if_modified(|known| std::mem::replace(known, newest) != newest);
        }
    }
}

#[cfg(test)]
mod tests;
