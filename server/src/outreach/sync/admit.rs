//! Offers through the gate. Runs on a blocking thread: the engine's work takes
//! processor time, and the writer must not wait for it.

use sync_core::authority::{Actor, Capacity};
use sync_core::document::Document;
use sync_core::gate::{
    Accepted, Admission, Gate, Inspected, Inspection, Offered, Rejection, RejectionCode,
};
use sync_core::ids::{DocumentId, Hash, OrganisationId, device_of};
use sync_core::model::Kind;
use sync_core::protocol::{Offer, OfferResult, Rejected};

use super::Moment;
use crate::outreach::projection::rows_of;
use crate::outreach::store::Scope;
use crate::outreach::store::StoreError;
use crate::outreach::store::log::{Append, COMPACT_AFTER, Found, NewChange, Stored};
use crate::outreach::store::quarantine::Refused;
use crate::outreach::store::receipts::Receipts;

/// The gate's judgement of an offer.
#[derive(Debug)]
pub(super) struct Checked {
    /// The changes to store; none when nothing is new.
    pub(super) append: Option<Append>,
    /// The changes to keep in quarantine.
    pub(super) refused: Option<Refused>,
    /// The result for the phone, once the changes are stored.
    pub(super) result: OfferResult,
    /// Work that it took, as the gate counts it.
    pub(super) work: usize,
}

/// Who offers, and what they may.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    pub(super) scope: &'a Scope,
    /// The partnership, where the request may name one of its organisations.
    pub(super) organisations: Option<&'a [OrganisationId]>,
    /// The gate's work that the request has left.
    pub(super) work: usize,
}

/// The gate's work in one piece of a check: a few milliseconds.
const BUDGET: usize = 2_000;
/// The most work that taking back what the server once held may be, see
/// [`Limits::read_work`](sync_core::gate::Limits::read_work): about a second. A document as
/// large as it may be, made of the shortest of changes, is half of that.
const RESTORED_WORK: usize = 1_000_000;

/// An offer's way from what is stored to what is to be stored, which whoever has others
/// waiting may leave between two pieces.
#[derive(Debug)]
pub(super) struct Check {
    held: Held,
    stage: Stage,
}

/// What the server holds of a document.
#[derive(Debug)]
struct Held {
    found: Found,
    /// What is stored, once it was read.
    current: Option<Document>,
    /// What looking at what was given back took, whatever came of it.
    restored_work: usize,
}

/// How far a check has come.
#[derive(Debug)]
pub(super) enum Step {
    Done(Box<Checked>),
    Paused(Box<Check>),
}

#[derive(Debug)]
enum Stage {
    Read,
    /// Takes back what the server once held.
    Restore(Box<Inspection>),
    /// Asks the gate about what the sender says.
    Inspect(Option<Box<Admission>>, Inquiry),
    /// Makes of it what is to be stored.
    Gather(Option<Box<Admission>>, Box<Admission>),
    /// Writes the document in one piece.
    Compact(Box<Checked>, Box<Document>),
}

/// What the gate is asked about an offer.
#[derive(Debug)]
struct Inquiry {
    inspection: Box<Inspection>,
    /// Whether what the sender says itself waits for the next time.
    waits: bool,
}

impl Check {
    /// Begins the check of an offer against what is stored.
    pub(super) fn of(found: Found) -> Self {
        Self {
            held: Held {
                found,
                current: None,
                restored_work: 0,
            },
            stage: Stage::Read,
        }
    }

    /// Goes on by a piece: one pass over the document, or a few milliseconds of changes.
    /// Each piece is of the same offer, from the same sender.
    pub(super) fn go_on(
        self,
        offer: &Offer,
        sender: Sender<'_>,
        receipts: &Receipts,
        at: Moment,
    ) -> Result<Step, StoreError> {
        let Self { mut held, stage } = self;
        let stage = match stage {
            Stage::Read => {
                held.current = match held.read(offer, sender.scope)? {
                    Ok(current) => current,
                    Err(refusal) => return Ok(Step::Done(Box::new(refuse(offer, 0, &refusal)))),
                };
                match restoring(offer, receipts) {
                    Some(inspection) => Stage::Restore(Box::new(inspection)),
                    None => held.inquire(offer, sender, None),
                }
            }
            Stage::Restore(inspection) => match held.restore(*inspection, offer, at) {
                Inspected::Paused(rest) => Stage::Restore(Box::new(rest)),
                Inspected::Done(given) => {
                    held.restored_work = given.work;
                    let given = Some(given).filter(|given| is_whole(offer, given));
                    held.inquire(offer, sender, given)
                }
            },
            Stage::Inspect(given, inquiry) => {
                let waits = inquiry.waits;
                match held.ask(inquiry, given.as_deref(), offer, sender, at) {
                    Inspected::Paused(rest) => {
                        let inspection = Box::new(rest);
                        Stage::Inspect(given, Inquiry { inspection, waits })
                    }
                    Inspected::Done(admission) => Stage::Gather(given, admission),
                }
            }
            Stage::Gather(given, admission) => {
                let (checked, due) =
                    held.gather(offer, sender.scope, given.as_deref(), &admission)?;
                match admission.document.filter(|_| due) {
                    Some(document) => Stage::Compact(Box::new(checked), Box::new(document)),
                    None => return Ok(Step::Done(Box::new(checked))),
                }
            }
            Stage::Compact(mut checked, document) => {
                if let Some(append) = &mut checked.append {
                    append.snapshot = document.compact();
                }
                return Ok(Step::Done(checked));
            }
        };
        Ok(Step::Paused(Box::new(Self { held, stage })))
    }
}

impl Held {
    fn stored(&self) -> Option<&Stored> {
        match &self.found {
            Found::Document(stored) => Some(stored),
            Found::Nothing | Found::Erased => None,
        }
    }

    /// Reads what is stored, if the sender may change it.
    fn read(
        &self,
        offer: &Offer,
        scope: &Scope,
    ) -> Result<Result<Option<Document>, Rejection>, StoreError> {
        Ok(match &self.found {
            Found::Erased => Err(erased()),
            Found::Document(stored) if !may_change(stored, scope) => Err(not_in_scope()),
            Found::Document(stored) => Ok(Some(load(offer.document, stored)?)),
            Found::Nothing => Ok(None),
        })
    }

    fn restore(&self, inspection: Inspection, offer: &Offer, at: Moment) -> Inspected {
        let given = offer.relayed.iter().flat_map(|relayed| &relayed.changes);
        let changes: Vec<&[u8]> = given.map(|change| change.as_slice()).collect();
        let offered = Offered {
            kind: offer.kind,
            current: self.current.as_ref(),
            changes: &changes,
            author: None,
            now: at.checked,
        };
        inspection.go_on(&offered, BUDGET)
    }

    /// Begins to ask about what the sender says, beside what was `given` back.
    fn inquire(&self, offer: &Offer, sender: Sender<'_>, given: Option<Box<Admission>>) -> Stage {
        let scope = sender.scope;
        // Whose a place is that somebody gives back after a restore, the log says once it is
        // there again: what they say of it themselves waits until then.
        let given_back = self.stored().is_none() && offer.kind == Kind::Place;
        let base = given.as_ref().and_then(|given| given.document.as_ref());
        let founder = base.filter(|_| given_back).and_then(Document::founder);
        let waits =
            founder.is_some_and(|founder| founder != scope.device) && !offer.changes.is_empty();
        let mut gate = Gate::default();
        // What a person does at a desk is one document, or was counted before.
        gate.limits.offer_work = match scope.capacity {
            Capacity::Desk | Capacity::Release => usize::MAX,
            Capacity::Worker | Capacity::Coordinator => sender.work.min(gate.limits.offer_work),
        };
        let inspection = Box::new(gate.inspect(Some(&self.actor(sender, None))));
        Stage::Inspect(given, Inquiry { inspection, waits })
    }

    fn actor<'a>(&self, sender: Sender<'a>, at: Option<Moment>) -> Actor<'a> {
        let scope = sender.scope;
        Actor {
            device: scope.device,
            capacity: scope.capacity,
            own: self
                .stored()
                .is_none_or(|stored| stored.organisation == scope.organisation),
            // What a person lets in, a person has looked at.
            window: at
                .filter(|_| scope.capacity != Capacity::Release)
                .map(|at| at.window()),
            organisations: sender.organisations,
        }
    }

    fn ask(
        &self,
        inquiry: Inquiry,
        given: Option<&Admission>,
        offer: &Offer,
        sender: Sender<'_>,
        at: Moment,
    ) -> Inspected {
        let changes: Vec<&[u8]> = offer.changes.iter().map(|c| c.as_slice()).collect();
        let base = given.and_then(|given| given.document.as_ref());
        let offered = Offered {
            kind: offer.kind,
            current: base.or(self.current.as_ref()),
            changes: if inquiry.waits { &[] } else { &changes },
            author: Some(&self.actor(sender, Some(at))),
            now: at.checked,
        };
        let mut inspected = inquiry.inspection.go_on(&offered, BUDGET);
        if let (true, Inspected::Done(admission)) = (inquiry.waits, &mut inspected) {
            admission.rejected = Some(Rejection {
                code: RejectionCode::Later,
                detail: "the place comes back first; the rest may come again".to_owned(),
                index: 0,
            });
        }
        inspected
    }

    /// Makes of what the gate decided what is to be stored and what the phone hears; and says
    /// whether it is time to store the document in one piece.
    fn gather(
        &self,
        offer: &Offer,
        scope: &Scope,
        given: Option<&Admission>,
        admission: &Admission,
    ) -> Result<(Checked, bool), StoreError> {
        let stored = self.stored();
        let count = |accepted: &[Accepted]| u32::try_from(accepted.len()).unwrap_or(u32::MAX);
        let others = given.map_or(&[][..], |given| &given.accepted);
        let mut checked = Checked {
            work: admission.work + self.restored_work,
            append: append(offer, stored, scope, others, admission)?,
            refused: None,
            result: OfferResult {
                document: offer.document,
                accepted: count(&admission.accepted),
                rejected: None,
                relayed: given.map(|given| count(&given.accepted)),
            },
        };
        if let Some(rejection) = &admission.rejected {
            let refusal = refuse(offer, checked.result.accepted, rejection);
            checked.refused = refusal.refused;
            checked.result.rejected = refusal.result.rejected;
        }
        // Tried again only after as many more, should it fail.
        let often = |loose: usize| loose / COMPACT_AFTER as usize;
        let before = stored.map_or(0, |stored| stored.loose) as usize;
        let due = |append: &Append| often(before + append.changes.len()) > often(before);
        let due = checked.append.as_ref().is_some_and(due);
        Ok((checked, due))
    }
}

/// Begins to take back what the server once held and was given back, by whomever, if it gave
/// its word for that: all of it must pass the gate like everything else.
fn restoring(offer: &Offer, receipts: &Receipts) -> Option<Inspection> {
    let relayed = offer.relayed.as_ref()?;
    let (heads, word) = (&relayed.heads, &relayed.receipt);
    if !receipts.knows(offer.document, offer.kind, heads, word) {
        return None;
    }
    let mut gate = Gate::default();
    gate.limits.read_work = RESTORED_WORK;
    Some(gate.inspect(None))
}

/// Whether all that was given back was let in and is among what its receipt is for.
fn is_whole(offer: &Offer, given: &Admission) -> bool {
    let names: Vec<Hash> = given.accepted.iter().map(|a| a.hash).collect();
    let heads = offer.relayed.as_ref().map(|relayed| &relayed.heads);
    let covers = |document: &Document| heads.is_some_and(|heads| document.covers(heads, &names));
    given.rejected.is_none() && given.document.as_ref().is_some_and(covers)
}

/// An answer that refuses an offer from some change on.
pub(super) fn refuse(offer: &Offer, accepted: u32, rejection: &Rejection) -> Checked {
    let code = rejection.code.as_str();
    // What was erased must not come back by way of the quarantine.
    let bytes = offer
        .changes
        .get(rejection.index)
        .filter(|_| rejection.code != RejectionCode::Erased);
    // What only waits on the phone is no business of a coordinator's.
    let refused = (!rejection.code.is_later()).then(|| Refused {
        document: offer.document,
        kind: offer.kind,
        code,
        detail: rejection.detail.clone(),
        bytes: bytes.map(|b| b.to_vec()).unwrap_or_default(),
    });
    Checked {
        append: None,
        work: 0,
        refused,
        result: OfferResult {
            document: offer.document,
            accepted,
            rejected: Some(Rejected {
                code: code.to_owned(),
                detail: rejection.detail.clone(),
            }),
            relayed: None,
        },
    }
}

pub(super) fn erased() -> Rejection {
    Rejection {
        code: RejectionCode::Erased,
        detail: "the document was erased; delete it on the phone".to_owned(),
        index: 0,
    }
}

pub(super) fn crowded() -> Rejection {
    Rejection {
        code: RejectionCode::TooManyVisits,
        detail: "the organisation has 50 visits to this place on this night already: \
                 take one back first"
            .to_owned(),
        index: 0,
    }
}

/// Returns the refusal of what a coordinator threw away and a phone offers again.
pub(super) fn discarded() -> Rejected {
    Rejected {
        code: "discarded".to_owned(),
        detail: "a coordinator looked at this change and discarded it".to_owned(),
    }
}

/// Returns the refusal of a document for which its request has no room left.
pub(super) fn later() -> Rejection {
    Rejection {
        code: RejectionCode::Later,
        detail: "the server had no room left for this in the request: it comes with the next one"
            .to_owned(),
        index: 0,
    }
}

fn not_in_scope() -> Rejection {
    Rejection {
        code: RejectionCode::NotInScope,
        detail: "this document cannot be changed from this device".to_owned(),
        index: 0,
    }
}

/// Places belong to all; other documents to the organisation that sent them first.
fn may_change(stored: &Stored, scope: &Scope) -> bool {
    stored.kind == Kind::Place || stored.organisation == scope.organisation
}

pub(super) fn load(id: DocumentId, stored: &Stored) -> Result<Document, StoreError> {
    let chunks: Vec<&[u8]> = stored.chunks.iter().map(Vec::as_slice).collect();
    Document::load(stored.kind, &chunks)
        .map_err(|e| StoreError::Inconsistent(format!("document {id}: {e}")))
}

fn append(
    offer: &Offer,
    stored: Option<&Stored>,
    scope: &Scope,
    others: &[Accepted],
    admission: &Admission,
) -> Result<Option<Append>, StoreError> {
    let mut changes: Vec<NewChange> = Vec::new();
    let accepted = others.iter().chain(&admission.accepted);
    for accepted in accepted.filter(|a| a.new) {
        // An offer may hold the same change twice.
        if changes.iter().all(|c| c.hash != accepted.hash) {
            changes.push(NewChange {
                hash: accepted.hash,
                bytes: accepted.bytes.clone(),
                late: accepted.late,
                // The gate lets nothing in whose actor names no device.
                device: device_of(&accepted.actor).unwrap_or(scope.device),
            });
        }
    }
    let Some(document) = admission.document.as_ref().filter(|_| !changes.is_empty()) else {
        return Ok(None);
    };
    let content = document
        .content()
        .map_err(|e| StoreError::Inconsistent(format!("document {}: {e}", offer.document)))?;
    Ok(Some(Append {
        document: offer.document,
        kind: offer.kind,
        expected: stored.map_or(0, |s| s.last_cursor),
        changes,
        // Once there, it stays whose it is.
        founder: match stored {
            None => document.founder().unwrap_or(scope.device),
            Some(_) => scope.device,
        },
        heads: document.heads(),
        rows: rows_of(&content),
        snapshot: None,
    }))
}
