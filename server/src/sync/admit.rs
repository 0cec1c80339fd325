//! Offers through the gate. Runs on a blocking thread: the engine's work takes
//! processor time, and the writer must not wait for it.

use sync_core::document::Document;
use sync_core::gate::{Admission, Gate, Rejection, RejectionCode};
use sync_core::ids::DocumentId;
use sync_core::model::Kind;
use sync_core::protocol::{Offer, OfferResult, Rejected};
use sync_core::time::Instant;

use crate::projection::rows_of;
use crate::store::StoreError;
use crate::store::log::{Append, COMPACT_AFTER, Found, NewChange, Scope, Stored};
use crate::store::quarantine::Refused;

/// What the gate made of an offer.
#[derive(Debug)]
pub(super) struct Checked {
    /// What to store; none when nothing is new.
    pub(super) append: Option<Append>,
    /// What to keep in quarantine.
    pub(super) refused: Option<Refused>,
    /// What to tell the phone, once it is stored.
    pub(super) result: OfferResult,
}

/// Checks an offer against what is stored.
pub(super) fn check(
    offer: &Offer,
    found: &Found,
    scope: &Scope,
    now: Instant,
) -> Result<Checked, StoreError> {
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
    let changes: Vec<&[u8]> = offer.changes.iter().map(|c| c.as_slice()).collect();
    let admission = Gate::default().admit(
        offer.kind,
        current.as_ref(),
        &changes,
        Some(scope.device),
        now,
    );
    let mut checked = Checked {
        append: append(offer, stored, &admission)?,
        refused: None,
        result: OfferResult {
            document: offer.document,
            accepted: u32::try_from(admission.accepted.len()).unwrap_or(u32::MAX),
            rejected: None,
        },
    };
    if let Some(rejection) = &admission.rejected {
        let refusal = refuse(offer, checked.result.accepted, rejection);
        checked.refused = refusal.refused;
        checked.result = refusal.result;
    }
    Ok(checked)
}

/// An answer that refuses an offer from some change on.
pub(super) fn refuse(offer: &Offer, accepted: u32, rejection: &Rejection) -> Checked {
    let code = rejection.code.as_str();
    // What was erased must not come back by way of the quarantine.
    let bytes = offer
        .changes
        .get(rejection.index)
        .filter(|_| rejection.code != RejectionCode::Erased);
    Checked {
        append: None,
        refused: Some(Refused {
            document: offer.document,
            kind: offer.kind,
            code,
            detail: rejection.detail.clone(),
            bytes: bytes.map(|b| b.to_vec()).unwrap_or_default(),
        }),
        result: OfferResult {
            document: offer.document,
            accepted,
            rejected: Some(Rejected {
                code: code.to_owned(),
                detail: rejection.detail.clone(),
            }),
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
    admission: &Admission,
) -> Result<Option<Append>, StoreError> {
    let mut changes: Vec<NewChange> = Vec::new();
    for accepted in admission.accepted.iter().filter(|a| a.new) {
        // An offer may hold the same change twice.
        if changes.iter().all(|c| c.hash != accepted.hash) {
            changes.push(NewChange {
                hash: accepted.hash,
                bytes: accepted.bytes.clone(),
                late: accepted.late,
            });
        }
    }
    let Some(document) = admission.document.as_ref().filter(|_| !changes.is_empty()) else {
        return Ok(None);
    };
    let content = document
        .content()
        .map_err(|e| StoreError::Inconsistent(format!("document {}: {e}", offer.document)))?;
    let loose = stored.map_or(0, |s| s.loose) as usize + changes.len();
    Ok(Some(Append {
        document: offer.document,
        kind: offer.kind,
        expected: stored.map_or(0, |s| s.last_cursor),
        changes,
        rows: rows_of(&content),
        snapshot: (loose >= COMPACT_AFTER as usize).then(|| document.save()),
    }))
}
