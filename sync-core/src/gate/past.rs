//! Whether what a change names was there where it was made.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ActorId, Automerge, Change, ChangeHash, ObjId, ROOT, ReadDoc};

use super::canonical::{Id, Named};
use super::{Progress, Refusal, RejectionCode};

/// What some changes and all that they build on hold: the last operation of each actor.
pub(super) struct Past(BTreeMap<ActorId, u64>);

impl Past {
    /// The same with a change that builds on just that.
    pub(super) fn with(mut self, change: &Change) -> Self {
        self.0.insert(change.actor_id().clone(), change.max_op());
        self
    }
}

/// Checks that a replica that has only what a change builds on finds all that it
/// names, each under the key that is said. Gives what such a replica has, where it is
/// not all there is. An offer may need so many `steps` into the past for that.
pub(super) fn holds(
    named: &Named<'_>,
    change: &Change,
    progress: &mut Progress,
    steps: usize,
) -> Result<Option<Past>, Refusal> {
    if named.newest.is_empty() {
        return Ok(None);
    }
    let newest = progress.newest.take();
    let engine = progress.document.engine();
    // Nearly every change builds on all there is.
    let all = engine
        .get_heads()
        .iter()
        .all(|head| change.deps().contains(head));
    let built_on = match newest {
        _ if all => None,
        Some((newest, past)) if change.deps() == [newest] => Some(past),
        _ => {
            // The first always fits: it looks at one document's changes once.
            if progress.steps >= steps {
                return Err((
                    RejectionCode::Later,
                    "the changes before this one were work enough for once".to_owned(),
                ));
            }
            let before = progress.steps;
            let past = past(engine, change.deps(), &mut progress.steps);
            // Beside the steps: what it replaces is looked for as it was then.
            progress.work += 100 + progress.steps - before;
            Some(past)
        }
    };
    let last = |actor: &ActorId| match &built_on {
        Some(past) => past.0.get(actor).copied(),
        None => progress.sessions.get(actor).map(|(_, last)| *last),
    };
    let known = |(actor, counter): (&ActorId, &u64)| last(actor).is_some_and(|l| *counter <= l);
    if !named.newest.iter().all(known) {
        return Err(missing());
    }
    for replaced in &named.replaced {
        let object = replaced.object.as_ref().map_or(ROOT, id);
        let there = if all {
            engine.get_all(&object, replaced.key)
        } else {
            engine.get_all_at(&object, replaced.key, change.deps())
        };
        let there = there.map_err(|_| missing())?;
        let is_there = |operation| there.iter().any(|(_, found)| *found == id(operation));
        if !replaced.operations.iter().all(is_there) {
            return Err((
                RejectionCode::Malformed,
                "the change replaces what is not under its key".to_owned(),
            ));
        }
    }
    Ok(built_on)
}

/// The last operation of each actor among some changes and all that they build on.
fn past(engine: &Automerge, heads: &[ChangeHash], steps: &mut usize) -> Past {
    let mut past = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut open = heads.to_vec();
    while let Some(hash) = open.pop() {
        if !seen.insert(hash) {
            continue;
        }
        if let Some(change) = engine.get_change_meta_by_hash(&hash) {
            let last = past.entry(change.actor.into_owned()).or_insert(0);
            *last = change.max_op.max(*last);
            open.extend(change.deps.iter().copied());
        }
    }
    *steps += seen.len();
    Past(past)
}

fn id((actor, counter): &Id) -> ObjId {
    ObjId::Id(*counter, actor.clone(), 0)
}

fn missing() -> Refusal {
    (
        RejectionCode::MissingDependency,
        "the change names operations that it does not build on".to_owned(),
    )
}
