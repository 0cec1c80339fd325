//! How far the checks of an offer have come.

use std::collections::BTreeMap;

use automerge::{ActorId, Change, ChangeHash};

use super::ancestry::Ancestry;
use super::canonical::Named;
use crate::document::Document;
use crate::ids::{DeviceId, device_of};
use crate::rejection::{Refusal, RejectionCode};

/// The state of the checks while an offer is being read.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) document: Document,
    /// Last sequence number and last operation of each actor.
    pub(super) sessions: BTreeMap<ActorId, (u64, u64)>,
    /// Highest operation number.
    pub(super) max_operation: u64,
    /// The device that made the document; none while nothing is there.
    pub(super) founder: Option<DeviceId>,
    /// The change that came last, and what it knows; for the next in its row.
    pub(super) newest: Option<(ChangeHash, Ancestry)>,
    /// The work of putting changes in so far, see [`Admission::work`].
    pub(super) work: usize,
}

impl Progress {
    pub(super) fn new(document: Document) -> Self {
        let mut sessions = BTreeMap::new();
        let mut max_operation = 0;
        let mut founder = None;
        for change in document.engine().get_changes_meta(&[]) {
            if change.deps.is_empty() {
                founder = device_of(&change.actor);
            }
            let last = sessions.entry(change.actor.into_owned()).or_insert((0, 0));
            *last = (change.seq, change.max_op).max(*last);
            max_operation = change.max_op.max(max_operation);
        }
        Self {
            document,
            sessions,
            max_operation,
            founder,
            newest: None,
            work: 0,
        }
    }

    /// Takes a change's part of the work; the first always fits.
    pub(super) fn afford(
        &mut self,
        change: &Change,
        named: &Named<'_>,
        most: usize,
    ) -> Result<(), Refusal> {
        if self.work >= most {
            return Err((
                RejectionCode::Later,
                "the changes before this one were work enough for once".to_owned(),
            ));
        }
        let operations = &named.operations;
        let own = |(actor, counter)| actor == 0 && counter >= operations.start;
        // What is written into maps that are there goes to as many places of the engine's
        // tables; what a change makes itself lies together.
        let places = match self.founder {
            Some(_) => operations.all.iter(),
            None => [].iter(),
        };
        let places = places.filter(|operation| !operation.object.is_some_and(own));
        self.work += 50 + 30 * change.deps().len() + 7 * operations.all.len() + 50 * places.count();
        Ok(())
    }

    pub(super) fn apply(
        &mut self,
        change: Change,
        bytes: usize,
    ) -> Result<(), automerge::AutomergeError> {
        if change.deps().is_empty() {
            self.founder = device_of(change.actor_id());
        }
        self.sessions
            .insert(change.actor_id().clone(), (change.seq(), change.max_op()));
        self.max_operation = change.max_op().max(self.max_operation);
        self.document.grow(bytes);
        self.document.engine_mut().apply_changes([change])
    }
}
