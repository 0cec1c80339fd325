//! An offer's way through the gate, piece by piece, so that whoever has others waiting can
//! leave it between two and go on later with what it had.

use std::mem;

use automerge::ReadDoc;

use super::progress::Progress;
use super::{Accepted, Admission, Gate, Rejection, contain, with};
use crate::authority::Actor;
use crate::document::Document;
use crate::model::Kind;
use crate::rejection::{Refusal, RejectionCode};
use crate::time::Instant;

/// The offer, its sender and its document: the same for every piece of an inspection.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    /// The document's kind, as whoever offers has it.
    pub kind: Kind,
    /// The document as the reader holds it.
    pub current: Option<&'a Document>,
    /// The changes, each after what it builds on.
    pub changes: &'a [&'a [u8]],
    /// Who must have made each change, and had to have the right to; none: anybody (a phone
    /// reading from its server, what a server gets back after a restore).
    pub author: Option<&'a Actor<'a>>,
    /// The reader's clock.
    pub now: Instant,
}

impl<'a> Offered<'a> {
    fn start(&self) -> Document {
        self.current
            .cloned()
            .unwrap_or_else(|| Document::empty(self.kind))
    }

    /// Returns the changes that are looked at: what a phone reads from its server comes
    /// whole; what is offered has a limit.
    fn looked_at(&self, gate: &Gate) -> &'a [&'a [u8]] {
        let most = match self.author {
            Some(_) => gate.limits.offer_changes,
            None => usize::MAX,
        };
        &self.changes[..self.changes.len().min(most)]
    }
}

/// Reading a change, whatever comes of it; in pieces of work, as [`Admission::work`].
const READING: usize = 20;

/// How far an inspection has come.
#[derive(Debug)]
pub enum Inspected {
    /// The gate has decided.
    Done(Box<Admission>),
    /// There is more to look at.
    Paused(Inspection),
}

/// An offer's inspection between two pieces.
///
/// The changes are taken one after the other into one copy, and what came of them is
/// checked once. Only when that check fails is the first change to blame looked for, by
/// halves: each try puts half as many changes as the one before it into a copy of what is
/// known to be good, so all of them together cost what the offer did.
#[derive(Debug)]
pub struct Inspection {
    /// With the limits of who offers.
    gate: Gate,
    stage: Stage,
    taken: Vec<Accepted>,
    /// See [`Admission::work`].
    work: usize,
}

#[derive(Debug)]
enum Stage {
    Begun,
    /// Takes the changes into a copy, one a piece.
    Walk(Box<Progress>),
    /// Puts those taken into a copy anew: what a refused change left behind went with the first.
    Gather(Refusal),
    /// Checks what those taken make.
    Check(Box<Document>, Option<Refusal>),
    Halve(Box<Halves>),
    Ended,
}

/// The search for the first change to blame.
#[derive(Debug)]
struct Halves {
    /// So many of the first changes are good.
    good: usize,
    bad: usize,
    /// The document that the good ones make; none: the one that was there.
    document: Option<Document>,
    /// The document that more of them make, when it is not checked yet.
    tried: Option<(usize, Document)>,
    why: Refusal,
}

/// The outcome of a piece, and its work as [`Admission::work`] counts it.
enum Piece {
    Next(Stage, usize),
    Last(Option<Box<Document>>, Option<(usize, Refusal)>),
}

impl Inspection {
    pub(super) fn new(gate: Gate) -> Self {
        Self {
            gate,
            stage: Stage::Begun,
            taken: Vec::new(),
            work: 0,
        }
    }

    /// Goes on until the gate has decided or about so much work is done, at least a piece:
    /// a change, or one pass over the document. What is decided does not hang on where an
    /// inspection was left.
    #[must_use]
    pub fn go_on(mut self, offered: &Offered<'_>, budget: usize) -> Inspected {
        let mut spent = 0;
        loop {
            match self.piece(offered) {
                Piece::Last(document, refused) => {
                    return Inspected::Done(Box::new(self.decided(offered, document, refused)));
                }
                Piece::Next(stage, took) => {
                    self.stage = stage;
                    spent += took;
                }
            }
            if spent >= budget {
                return Inspected::Paused(self);
            }
        }
    }

    fn piece(&mut self, offered: &Offered<'_>) -> Piece {
        match mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Begun => begin(offered),
            Stage::Walk(progress) => self.walk(progress, offered),
            Stage::Gather(refusal) => match with(offered.start(), &self.taken) {
                Ok(document) => {
                    let took = self.gathering(0, self.taken.len());
                    Piece::Next(Stage::Check(Box::new(document), Some(refusal)), took)
                }
                Err(refusal) => self.halve(refusal),
            },
            Stage::Check(document, refusal) => self.check(document, refusal),
            Stage::Halve(halves) => self.half(halves, offered),
            Stage::Ended => Piece::Last(None, None),
        }
    }

    fn walk(&mut self, mut progress: Box<Progress>, offered: &Offered<'_>) -> Piece {
        let changes = offered.looked_at(&self.gate);
        let Some(bytes) = changes.get(self.taken.len()) else {
            return Piece::Next(Stage::Check(Box::new(progress.document), None), 0);
        };
        if self.taken.is_empty() {
            // What somebody offers to had to be read, and will be checked as a whole.
            self.work = passes(&progress.document, 2);
        }
        let before = progress.work;
        // A panic within is this change's, and those before it are good.
        let step = contain(|| {
            self.gate
                .step(&mut progress, bytes, offered.author, offered.now)
        });
        let took = progress.work - before;
        self.work += took;
        match step {
            Ok(accepted) => {
                self.taken.push(accepted);
                Piece::Next(Stage::Walk(progress), took + READING)
            }
            Err(refusal) => Piece::Next(Stage::Gather(refusal), took + READING),
        }
    }

    fn check(&mut self, document: Box<Document>, refusal: Option<Refusal>) -> Piece {
        // Repeats change nothing: what was there is not judged anew.
        let anew = self.taken.iter().any(|accepted| accepted.new);
        if anew && let Err(refusal) = contain(|| self.gate.check(&document)) {
            return self.halve(refusal);
        }
        let refused = refusal.map(|refusal| (self.taken.len(), refusal));
        Piece::Last(Some(document), refused)
    }

    /// Begins to look for the first to blame.
    fn halve(&self, why: Refusal) -> Piece {
        let halves = Box::new(Halves {
            good: 0,
            bad: self.taken.len(),
            document: None,
            tried: None,
            why,
        });
        Piece::Next(Stage::Halve(halves), 0)
    }

    /// Puts changes into a copy, or checks the one that was made last.
    fn half(&mut self, mut halves: Box<Halves>, offered: &Offered<'_>) -> Piece {
        let (took, found) = match halves.tried.take() {
            None if halves.bad - halves.good <= 1 => {
                self.taken.truncate(halves.good);
                return Piece::Last(
                    halves.document.map(Box::new),
                    Some((halves.good, halves.why)),
                );
            }
            None => {
                let middle = halves.good + (halves.bad - halves.good) / 2;
                let base = halves.document.clone().unwrap_or_else(|| offered.start());
                let tried = with(base, &self.taken[halves.good..middle]);
                let took = self.gathering(halves.good, middle);
                match tried {
                    Ok(tried) => {
                        halves.tried = Some((middle, tried));
                        return Piece::Next(Stage::Halve(halves), took);
                    }
                    Err(refusal) => (took, (middle, Err(refusal))),
                }
            }
            Some((middle, tried)) => {
                let took = passes(&tried, 1);
                let checked = contain(|| self.gate.check(&tried));
                (took, (middle, checked.map(|()| tried)))
            }
        };
        match found {
            (middle, Ok(tried)) => {
                halves.good = middle;
                halves.document = Some(tried);
            }
            (middle, Err(refusal)) => {
                halves.bad = middle;
                halves.why = refusal;
            }
        }
        Piece::Next(Stage::Halve(halves), took)
    }

    /// Estimates the work of putting some of the changes taken into a copy together, which
    /// is a small part of what one after the other takes.
    fn gathering(&self, from: usize, to: usize) -> usize {
        let bytes: usize = self.taken[from..to].iter().map(|a| a.bytes.len()).sum();
        5 * (to - from) + bytes / 20
    }

    fn decided(
        self,
        offered: &Offered<'_>,
        document: Option<Box<Document>>,
        refused: Option<(usize, Refusal)>,
    ) -> Admission {
        let looked_at = offered.looked_at(&self.gate).len();
        let rest = (looked_at < offered.changes.len()).then(|| {
            let detail =
                format!("an offer has at most {looked_at} changes: the rest may come again");
            (looked_at, (RejectionCode::Later, detail))
        });
        let rejected = refused.or(rest);
        Admission {
            document: if self.taken.is_empty() {
                offered.current.cloned()
            } else {
                document.map(|document| *document)
            },
            accepted: self.taken,
            rejected: rejected.map(|(index, (code, detail))| Rejection {
                code,
                detail,
                index,
            }),
            work: self.work,
        }
    }
}

/// Returns the work of so many passes over a document.
fn passes(document: &Document, times: u64) -> usize {
    usize::try_from(times * document.engine().stats().num_ops).unwrap_or(usize::MAX)
}

fn begin(offered: &Offered<'_>) -> Piece {
    if offered.current.is_some_and(|d| d.kind() != offered.kind) {
        let refusal = (
            RejectionCode::WrongShape,
            "the document is of another kind".to_owned(),
        );
        return Piece::Last(None, Some((0, refusal)));
    }
    match contain(|| Ok(Progress::new(offered.start()))) {
        Ok(progress) => {
            let took = passes(&progress.document, 1);
            Piece::Next(Stage::Walk(Box::new(progress)), took)
        }
        Err(refusal) => Piece::Next(Stage::Gather(refusal), 0),
    }
}
