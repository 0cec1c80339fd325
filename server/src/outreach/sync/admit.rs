//! Offers through the gate. Runs on a blocking thread: the engine's work takes
//! processor time, and the writer must not wait for it.

use sync_core::authority::{Actor, Capacity};
use sync_core::document::Document;
use sync_core::gate::{Accepted, Admission, Gate, Rejection, RejectionCode};
use sync_core::ids::{DocumentId, Hash, OrganisationId, device_of};
use sync_core::model::Kind;
use sync_core::protocol::{Offer, OfferResult, Rejected};
use sync_core::time::Instant;

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

/// Checks an offer against what is stored.
pub(super) fn check(
    offer: &Offer,
    found: &Found,
    sender: Sender<'_>,
    receipts: &Receipts,
    at: Moment,
) -> Result<Checked, StoreError> {
    let scope = sender.scope;
    let stored = match found {
        Found::Erased => return Ok(refuse(offer, 0, &erased())),
        Found::Document(stored) if !may_change(stored, scope) => {
            return Ok(refuse(offer, 0, &not_in_scope()));
        }
        Found::Document(stored) => Some(stored),
        Found::Nothing => None,
    };
    let current = stored
        .map(|stored| load(offer.document, stored))
        .transpose()?;
    let relayed = relayed(offer, current.as_ref(), receipts, at.checked);
    let base = relayed.as_ref().and_then(|r| r.document.as_ref());
    let changes: Vec<&[u8]> = offer.changes.iter().map(|c| c.as_slice()).collect();
    let actor = Actor {
        device: scope.device,
        capacity: scope.capacity,
        own: stored.is_none_or(|stored| stored.organisation == scope.organisation),
        // What a person lets in, a person has looked at.
        window: (scope.capacity != Capacity::Release).then(|| at.window()),
        organisations: sender.organisations,
    };
    // Whose a place is that somebody gives back after a restore, the log says once it is
    // there again: what they say of it themselves waits until then.
    let given_back = stored.is_none() && offer.kind == Kind::Place;
    let founder = base.filter(|_| given_back).and_then(Document::founder);
    let waits = founder.is_some_and(|founder| founder != scope.device) && !changes.is_empty();
    let mut gate = Gate::default();
    // What a person does at a desk is one document, or was counted before.
    gate.limits.offer_work = match scope.capacity {
        Capacity::Desk | Capacity::Release => usize::MAX,
        Capacity::Worker | Capacity::Coordinator => sender.work.min(gate.limits.offer_work),
    };
    let mut admission = gate.admit(
        offer.kind,
        base.or(current.as_ref()),
        if waits { &[] } else { &changes },
        Some(&actor),
        at.checked,
    );
    if waits {
        admission.rejected = Some(Rejection {
            code: RejectionCode::Later,
            detail: "the place comes back first; the rest may come again".to_owned(),
            index: 0,
        });
    }
    let others = relayed.as_ref().map_or(&[][..], |r| &r.accepted);
    let mut checked = Checked {
        work: admission.work,
        append: append(offer, stored, scope, others, &admission)?,
        refused: None,
        result: OfferResult {
            document: offer.document,
            accepted: u32::try_from(admission.accepted.len()).unwrap_or(u32::MAX),
            rejected: None,
            relayed: relayed
                .as_ref()
                .map(|r| u32::try_from(r.accepted.len()).unwrap_or(u32::MAX)),
        },
    };
    if let Some(rejection) = &admission.rejected {
        let refusal = refuse(offer, checked.result.accepted, rejection);
        checked.refused = refusal.refused;
        checked.result.rejected = refusal.result.rejected;
    }
    Ok(checked)
}

/// Checks what the server once held and was given back, by whomever: all of it must be
/// among what its receipt is for, and pass the gate like everything else.
fn relayed(
    offer: &Offer,
    current: Option<&Document>,
    receipts: &Receipts,
    now: Instant,
) -> Option<Admission> {
    let relayed = offer.relayed.as_ref()?;
    let (heads, word) = (&relayed.heads, &relayed.receipt);
    if !receipts.knows(offer.document, offer.kind, heads, word) {
        return None;
    }
    let changes: Vec<&[u8]> = relayed.changes.iter().map(|c| c.as_slice()).collect();
    let admission = Gate::default().admit(offer.kind, current, &changes, None, now);
    let names: Vec<Hash> = admission.accepted.iter().map(|a| a.hash).collect();
    let covered = admission.document.as_ref()?.covers(heads, &names);
    (covered && admission.rejected.is_none()).then_some(admission)
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
    let before = stored.map_or(0, |s| s.loose) as usize;
    // Tried again only after as many more, should it fail.
    let often = |loose: usize| loose / COMPACT_AFTER as usize;
    let compact = often(before + changes.len()) > often(before);
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
        snapshot: compact.then(|| document.compact()).flatten(),
    }))
}
