//! Whether what a change names was there where it was made.

use automerge::{ActorId, Change, ObjId, ROOT, ReadDoc};

use super::ancestry::Ancestry;
use super::canonical::{Id, Named};
use super::progress::Progress;
use crate::rejection::{Refusal, RejectionCode};

/// Checks that a replica that has only what a change builds on finds all that it
/// names, each under the key that is said. Gives what such a replica has, where it is
/// not all there is.
pub(super) fn check(
    named: &Named<'_>,
    change: &Change,
    progress: &mut Progress,
) -> Result<Option<Ancestry>, Refusal> {
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
        Some((newest, ancestry)) if change.deps() == [newest] => Some(ancestry),
        _ => {
            let (ancestry, steps) = Ancestry::of(engine, change.deps());
            // Beside the steps: what it replaces is looked for as it was then.
            progress.work += 100 + steps;
            Some(ancestry)
        }
    };
    let last = |actor: &ActorId| match &built_on {
        Some(ancestry) => ancestry.last(actor),
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

fn id((actor, counter): &Id) -> ObjId {
    ObjId::Id(*counter, actor.clone(), 0)
}

fn missing() -> Refusal {
    (
        RejectionCode::MissingDependency,
        "the change names operations that it does not build on".to_owned(),
    )
}
