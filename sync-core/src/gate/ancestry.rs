//! The ancestry of a change, found by walking back through the document's changes.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ActorId, Automerge, Change, ChangeHash};

/// The last operation of each actor among some changes and all that they build on.
#[derive(Debug)]
pub(super) struct Ancestry(BTreeMap<ActorId, u64>);

impl Ancestry {
    /// Walks back from some changes; returns the number of changes looked at as well.
    pub(super) fn of(engine: &Automerge, heads: &[ChangeHash]) -> (Self, usize) {
        let mut ancestry = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut open = heads.to_vec();
        while let Some(hash) = open.pop() {
            if !seen.insert(hash) {
                continue;
            }
            if let Some(change) = engine.get_change_meta_by_hash(&hash) {
                let last = ancestry.entry(change.actor.into_owned()).or_insert(0);
                *last = change.max_op.max(*last);
                open.extend(change.deps.iter().copied());
            }
        }
        (Self(ancestry), seen.len())
    }

    /// Returns the same with a change that builds on just that.
    pub(super) fn with(mut self, change: &Change) -> Self {
        self.0.insert(change.actor_id().clone(), change.max_op());
        self
    }

    /// Returns the number of an actor's last operation.
    pub(super) fn last(&self, actor: &ActorId) -> Option<u64> {
        self.0.get(actor).copied()
    }
}
