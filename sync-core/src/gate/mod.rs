//! The gate: every byte from another machine is hostile until it has passed
//! here. The engine panics and over-allocates on crafted input; the gate makes
//! both impossible before the engine reads a byte that could do it, and
//! contains what it did not foresee.

mod ancestry;
mod canonical;
mod inspection;
mod outcome;
mod prescan;
mod progress;
mod reader;
mod references;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, Change, ReadDoc};

use crate::authority::{self, Actor, Capacity};
use crate::document::{Document, DocumentError};
use crate::ids::device_of;
use crate::model::Kind;
use crate::protocol::CHANGE_BYTES;
use crate::rejection::Refusal;
pub use crate::rejection::RejectionCode;
use crate::time::Instant;
pub use inspection::{Inspected, Inspection, Offered};
pub use outcome::{Accepted, Admission, Rejection};
use prescan::ChunkType;
use progress::Progress;

/// How much the gate lets in.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest change, bytes.
    pub change_bytes: usize,
    /// Most operations a change may hold (and rows any of its columns may claim).
    pub change_operations: u64,
    /// Largest document, bytes of all its changes.
    pub document_bytes: usize,
    /// Most operations of a document.
    pub document_operations: u64,
    /// Most unsettled conflicts of a document.
    pub conflicts: usize,
    /// Most values hidden behind those conflicts.
    pub hidden_values: usize,
    /// Most changes of an offer that are looked at; the rest may come again.
    pub offer_changes: usize,
    /// Most work that putting an offer's changes into the document may be, see
    /// [`Admission::work`]; the rest of it may come again.
    pub offer_work: usize,
    /// The same of what is read without an author. A phone takes all that its server has.
    pub read_work: usize,
    /// How far a change's time may differ from the reader's clock, seconds.
    pub clock_seconds: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            change_bytes: CHANGE_BYTES,
            change_operations: 5_000,
            // A night's visit has a few kilobytes, a place with ten years of tips some
            // hundred; every change to a document pays for reading all of it.
            document_bytes: 300_000,
            document_operations: 20_000,
            conflicts: 200,
            hidden_values: 200,
            offer_changes: 1_000,
            offer_work: 150_000,
            read_work: usize::MAX,
            clock_seconds: 48 * 3600,
        }
    }
}

/// The gate with its limits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gate {
    /// How much it lets in.
    pub limits: Limits,
}

impl Gate {
    /// Lets changes to a document in, one after the other, until one is refused: an
    /// [`Inspection`] in one go.
    pub fn admit(
        &self,
        kind: Kind,
        current: Option<&Document>,
        changes: &[&[u8]],
        author: Option<&Actor<'_>>,
        now: Instant,
    ) -> Admission {
        let offered = Offered {
            kind,
            current,
            changes,
            author,
            now,
        };
        let mut inspection = self.inspect(author);
        loop {
            match inspection.go_on(&offered, usize::MAX) {
                Inspected::Done(admission) => return *admission,
                Inspected::Paused(rest) => inspection = rest,
            }
        }
    }

    /// Begins the inspection of what somebody offers.
    pub fn inspect(&self, author: Option<&Actor<'_>>) -> Inspection {
        Inspection::new(self.for_sender(author))
    }

    /// Returns the gate of who reads what a server let in. How many bytes a document is
    /// counted as hangs on the chunks that it came in, so the reader's may be more than the
    /// server's; it must never refuse what that has.
    fn for_reader(&self) -> Self {
        Self {
            limits: Limits {
                document_bytes: self.limits.document_bytes.saturating_mul(4),
                ..self.limits
            },
        }
    }

    /// Returns the gate with the limits that somebody has: other organisations may fill
    /// half of a document, so that those whose it is can always go on.
    fn for_sender(&self, author: Option<&Actor<'_>>) -> Self {
        let Some(actor) = author else {
            return self.for_reader();
        };
        if actor.own || actor.capacity == Capacity::Desk {
            return *self;
        }
        let Limits {
            document_bytes,
            document_operations,
            conflicts,
            hidden_values,
            ..
        } = self.limits;
        Self {
            limits: Limits {
                document_bytes: document_bytes / 2,
                document_operations: document_operations / 2,
                conflicts: conflicts / 2,
                hidden_values: hidden_values / 2,
                ..self.limits
            },
        }
    }

    /// Lets a whole document in that a replica got from its server: one
    /// document chunk without deflated columns, within the same limits.
    ///
    /// # Errors
    ///
    /// With the code of the rule that the chunk breaks; see [`RejectionCode`].
    pub fn admit_snapshot(&self, kind: Kind, bytes: &[u8]) -> Result<Document, Rejection> {
        contain(|| {
            if bytes.len() > self.for_reader().limits.document_bytes {
                return Err((
                    RejectionCode::DocumentTooLarge,
                    "the document is too large".to_owned(),
                ));
            }
            prescan::scan(bytes, ChunkType::Document, self.limits.document_operations)?;
            let engine = Automerge::load(bytes).map_err(engine)?;
            let document = Document::from_engine(kind, engine, bytes.len());
            self.check(&document)?;
            Ok(document)
        })
        .map_err(|(code, detail)| Rejection {
            code,
            detail,
            index: 0,
        })
    }

    /// Returns whether somebody may make a change that this program has just made on a
    /// document as it was before: judged as the server will.
    pub(crate) fn may_say(
        &self,
        before: Option<&Document>,
        kind: Kind,
        bytes: &[u8],
        actor: &Actor<'_>,
    ) -> Result<(), Refusal> {
        let named = prescan::scan(bytes, ChunkType::Change, self.limits.change_operations)?;
        let change = Change::from_bytes(bytes.to_vec()).map_err(engine)?;
        let empty = Document::empty(kind);
        let founder = before.and_then(Document::founder);
        let before = before.unwrap_or(&empty);
        authority::judge(&named.operations, &change, before, founder, actor)
    }

    fn step(
        &self,
        progress: &mut Progress,
        bytes: &[u8],
        author: Option<&Actor<'_>>,
        now: Instant,
    ) -> Result<Accepted, Refusal> {
        if bytes.len() > self.limits.change_bytes {
            return Err((
                RejectionCode::ChangeTooLarge,
                format!("a change has at most {} bytes", self.limits.change_bytes),
            ));
        }
        let named = prescan::scan(bytes, ChunkType::Change, self.limits.change_operations)?;
        let change = Change::from_bytes(bytes.to_vec()).map_err(engine)?;
        let mut accepted = Accepted {
            hash: change.hash().into(),
            bytes: bytes.to_vec(),
            new: false,
            late: false,
            actor: change.actor_id().clone(),
            at: change.timestamp(),
        };
        // A repeat changes nothing, whoever sends it and however late.
        if progress.document.contains(accepted.hash) {
            return Ok(accepted);
        }
        accepted.new = true;
        accepted.late = self.clock(&change, now)?;
        self.provenance(&change, progress, author)?;
        let work = match author {
            Some(_) => self.limits.offer_work,
            None => self.limits.read_work,
        };
        progress.afford(&change, &named, work)?;
        let ancestry = references::check(&named, &change, progress)?;
        if let Some(actor) = author {
            authority::judge(
                &named.operations,
                &change,
                &progress.document,
                progress.founder,
                actor,
            )?;
        }
        if progress.document.size() + bytes.len() > self.limits.document_bytes {
            return Err((
                RejectionCode::DocumentTooLarge,
                format!(
                    "a document has at most {} bytes",
                    self.limits.document_bytes
                ),
            ));
        }
        // The whole is checked at the end: what is too much is not first put in.
        self.room_for_operations(&progress.document)?;
        let hash = change.hash();
        let known = ancestry.map(|ancestry| (hash, ancestry.with(&change)));
        progress.apply(change, bytes.len()).map_err(engine)?;
        progress.newest = known;
        // The engine queues what it cannot place instead of refusing it.
        if !progress.document.contains(accepted.hash) {
            return Err((
                RejectionCode::MissingDependency,
                "the change could not be placed".to_owned(),
            ));
        }
        // The last word is the engine's: what it kept must be what came. A change
        // that replaces nothing has nothing to lose.
        if !named.replaced.is_empty() {
            let kept = progress.document.engine().get_change_by_hash(&hash);
            if kept.is_none_or(|kept| kept.raw_bytes() != bytes) {
                return Err((
                    RejectionCode::Malformed,
                    "the engine did not keep what the change says".to_owned(),
                ));
            }
        }
        Ok(accepted)
    }

    /// Checks the change's time; returns whether it is late.
    fn clock(&self, change: &Change, now: Instant) -> Result<bool, Refusal> {
        // The engine keeps differences between times, which must not overflow.
        if change.timestamp() < 0 {
            return Err((
                RejectionCode::Malformed,
                "the change's time lies before 1970".to_owned(),
            ));
        }
        let seconds = now.0.div_euclid(1000);
        let ahead = change.timestamp().saturating_sub(seconds);
        if ahead > self.limits.clock_seconds {
            return Err((
                RejectionCode::ClockAhead,
                "the phone's clock was more than 48 hours ahead: set its date and time".to_owned(),
            ));
        }
        Ok(ahead < -self.limits.clock_seconds)
    }

    fn provenance(
        &self,
        change: &Change,
        progress: &Progress,
        author: Option<&Actor<'_>>,
    ) -> Result<(), Refusal> {
        let made_by = device_of(change.actor_id());
        let another = |actor: &Actor<'_>| {
            actor.capacity != Capacity::Release && made_by != Some(actor.device)
        };
        if made_by.is_none() || author.is_some_and(another) {
            return Err((
                RejectionCode::NotYourActor,
                "a device may only send changes that it made itself".to_owned(),
            ));
        }
        let engine = progress.document.engine();
        let mut built_on = 0;
        for dependency in change.deps() {
            let dependency = engine.get_change_meta_by_hash(dependency).ok_or_else(|| {
                (
                    RejectionCode::MissingDependency,
                    "the change builds on one that is not here".to_owned(),
                )
            })?;
            built_on = dependency.max_op.max(built_on);
        }
        let (last, last_operation) = progress
            .sessions
            .get(change.actor_id())
            .copied()
            .unwrap_or((0, 0));
        if change.seq() != last + 1 {
            return Err((
                RejectionCode::SequenceGap,
                "the change is not the next one of its session".to_owned(),
            ));
        }
        let start = change.start_op().get();
        let end = start.saturating_add(change.len() as u64);
        if start <= built_on.max(last_operation)
            || start > progress.max_operation + 1
            || end > self.limits.document_operations * 10
        {
            return Err((
                RejectionCode::OperationCounter,
                "the change's operation numbers do not follow from what it builds on".to_owned(),
            ));
        }
        if change.deps().is_empty() && progress.max_operation > 0 {
            return Err((
                RejectionCode::MissingDependency,
                "the document exists already; a change to it builds on what is there".to_owned(),
            ));
        }
        Ok(())
    }

    /// Checks that a document has the shape of its kind and every value in it,
    /// those hidden behind a conflict included, is allowed.
    fn check(&self, document: &Document) -> Result<(), Refusal> {
        self.room_for_operations(document)?;
        document
            .check(self.limits.conflicts, self.limits.hidden_values)
            .map_err(refusal)
    }

    fn room_for_operations(&self, document: &Document) -> Result<(), Refusal> {
        if document.engine().stats().num_ops > self.limits.document_operations {
            return Err((
                RejectionCode::DocumentTooLarge,
                "the document holds too many operations".to_owned(),
            ));
        }
        Ok(())
    }
}

/// Puts changes that passed every step into a document, all at once: to the engine that
/// is a small part of the work of one after the other.
fn with(mut document: Document, changes: &[Accepted]) -> Result<Document, Refusal> {
    contain(|| {
        let mut all = Vec::with_capacity(changes.len());
        for accepted in changes.iter().filter(|accepted| accepted.new) {
            all.push(Change::from_bytes(accepted.bytes.clone()).map_err(engine)?);
            document.grow(accepted.bytes.len());
        }
        document.engine_mut().apply_changes(all).map_err(engine)?;
        Ok(document)
    })
}

fn refusal(error: DocumentError) -> Refusal {
    match error {
        DocumentError::Invalid(invalid) => (RejectionCode::InvalidContent, invalid.to_string()),
        DocumentError::TooManyConflicts | DocumentError::TooManyValues => {
            (RejectionCode::TooManyValues, error.to_string())
        }
        DocumentError::NewerSchema { .. } => (RejectionCode::NewerSchema, error.to_string()),
        _ => wrong_shape(),
    }
}

// The engine's and serde's messages may hold content, so none is passed on.
fn wrong_shape() -> Refusal {
    (
        RejectionCode::WrongShape,
        "the document does not have the shape of its kind".to_owned(),
    )
}

fn engine<E>(_: E) -> Refusal {
    (
        RejectionCode::Malformed,
        "the engine refused the bytes".to_owned(),
    )
}

/// Runs a step so that a panic of the engine is a refusal. (Where panics abort,
/// in the browser, the step's worker ends instead and is started again.)
fn contain<T>(step: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| {
        Err((
            RejectionCode::EngineFailure,
            "the engine failed on this change".to_owned(),
        ))
    })
}
