//! Taking back what some changes said: set back to what the document would say without
//! them, wherever nobody has said anything else since.
//!
//! Nothing is removed. Records (and documents) that they made are withdrawn; a field that
//! they wrote gets the value that it had before; what others wrote after them stays, and
//! is listed for a person to look at.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ActorId, Change, ObjType, ScalarValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::node::Node;
use super::survey::{self, Survey};
use super::{ChangeBytes, Document, DocumentError, content_json};
use crate::ids::Hash;
use crate::time::Instant;

/// The field that says that a record or a document is taken back.
const WITHDRAWN: &str = "withdrawn";

/// The effects of taking changes back on a document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reverted {
    /// The fields that get another value.
    pub fields: Vec<SetBack>,
    /// Values that stay as they are, for a person to look at.
    pub left: Vec<Left>,
}

/// A field that gets another value.
#[derive(Debug, Clone, PartialEq)]
pub struct SetBack {
    /// Keys from the root to the field.
    pub path: Vec<String>,
    /// The present value.
    pub was: Value,
    /// The value afterwards; nothing where there was none before.
    pub becomes: Value,
}

/// Something that is not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Left {
    /// Keys from the root; none for the whole document.
    pub path: Vec<String>,
    pub why: Why,
}

/// Why something is not taken back, or not all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Others have changed it since: their word stands.
    ChangedSince,
    /// Others have written into what is withdrawn, or what stays for their sake.
    OthersWroteInto,
    /// Others say different things here; one of them is shown.
    OthersDisagree,
    /// The document would break a rule of its kind.
    AgainstTheRules,
    /// The server does not let the change in that would do it.
    Refused,
}

type Id = (u64, ActorId);

/// An operation under a key of a map.
#[derive(Debug)]
struct Said {
    id: Id,
    back: bool,
    /// None for a deletion.
    value: Option<Written>,
    replaces: Vec<Id>,
}

impl Said {
    fn scalar(&self) -> Option<&ScalarValue> {
        match &self.value {
            Some(Written::Value(value)) => Some(value),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
enum Written {
    Map,
    Value(ScalarValue),
}

/// All that was ever said in a document, by map and key.
#[derive(Debug, Default)]
pub(super) struct Everything {
    said: BTreeMap<(Option<Id>, String), Vec<Said>>,
    /// Where each map is.
    maps: BTreeMap<Id, (Option<Id>, String)>,
    /// Whether the document's first change is taken back.
    founded: bool,
}

impl Everything {
    pub(super) fn of(changes: &[Change], back: &dyn Fn(Hash, &ActorId) -> bool) -> Self {
        let mut all = Self::default();
        for change in changes {
            let taken = back(change.hash().into(), change.actor_id());
            all.founded |= taken && change.deps().is_empty();
            let decoded = change.decode();
            for (counter, operation) in (decoded.start_op.get()..).zip(&decoded.operations) {
                let Key::Map(key) = &operation.key else {
                    continue;
                };
                let id = (counter, decoded.actor_id.clone());
                let object = match &operation.obj {
                    ObjectId::Root => None,
                    ObjectId::Id(OpId(counter, actor)) => Some((*counter, actor.clone())),
                };
                let value = match &operation.action {
                    OpType::Make(ObjType::Map) => {
                        all.maps
                            .insert(id.clone(), (object.clone(), key.to_string()));
                        Some(Written::Map)
                    }
                    OpType::Put(value) => Some(Written::Value(value.clone())),
                    _ => None,
                };
                let replaces = operation
                    .pred
                    .iter()
                    .map(|OpId(counter, actor)| (*counter, actor.clone()))
                    .collect();
                all.said
                    .entry((object, key.to_string()))
                    .or_default()
                    .push(Said {
                        id,
                        back: taken,
                        value,
                        replaces,
                    });
            }
        }
        all
    }

    /// Keys from the root to a map.
    pub(super) fn path(&self, map: Option<&Id>) -> Vec<String> {
        let mut path = Vec::new();
        let mut map = map;
        while let Some((parent, key)) = map.and_then(|id| self.maps.get(id)) {
            path.push(key.clone());
            map = parent.as_ref();
        }
        path.reverse();
        path
    }

    /// Returns the records, each with its map and whether it is to be taken back: maps two
    /// keys below the root.
    fn records(&self) -> impl Iterator<Item = (&Id, bool)> {
        self.said
            .iter()
            .filter(|((object, _), _)| {
                let parent = object.as_ref().and_then(|id| self.maps.get(id));
                parent.is_some_and(|(above, _)| above.is_none())
            })
            .flat_map(|(_, said)| said)
            .filter(|said| matches!(said.value, Some(Written::Map)))
            .map(|said| (&said.id, said.back))
    }

    /// Returns the map two keys below the root that a map is, or is in.
    fn record_of<'a>(&'a self, map: Option<&'a Id>) -> Option<&'a Id> {
        let mut chain = Vec::new();
        let mut map = map;
        while let Some(id) = map {
            chain.push(id);
            map = self.maps.get(id).and_then(|(parent, _)| parent.as_ref());
        }
        chain.len().checked_sub(2).map(|index| chain[index])
    }

    fn field(&self, map: Option<&Id>, key: &str) -> Option<Field<'_>> {
        let said = self.said.get(&(map.cloned(), key.to_owned()))?;
        Some(Field::of(said))
    }
}

/// A key with its values, and those that it would have without what is taken back.
struct Field<'a> {
    /// Written by what is taken back.
    touched: bool,
    /// The present values, the shown one last.
    shown: Vec<&'a Said>,
    /// The values that would be there, the shown one last.
    without: Vec<&'a Said>,
    /// Whether others wrote in the knowledge of what is taken back.
    answered: bool,
}

impl<'a> Field<'a> {
    fn of(said: &'a [Said]) -> Self {
        let by_id: BTreeMap<&Id, &Said> = said.iter().map(|s| (&s.id, s)).collect();
        let replaced: BTreeSet<&Id> = said.iter().flat_map(|s| &s.replaces).collect();
        // What others replaced, also by way of what is taken back.
        let mut gone: BTreeSet<&Id> = BTreeSet::new();
        let mut open: Vec<&Id> = said
            .iter()
            .filter(|s| !s.back)
            .flat_map(|s| &s.replaces)
            .collect();
        while let Some(id) = open.pop() {
            if gone.insert(id)
                && let Some(before) = by_id.get(id)
            {
                open.extend(&before.replaces);
            }
        }
        let sorted = |mut found: Vec<&'a Said>| {
            found.sort_by(|a, b| a.id.cmp(&b.id));
            found
        };
        let there = |s: &&Said| s.value.is_some();
        Self {
            touched: said.iter().any(|s| s.back),
            shown: sorted(
                said.iter()
                    .filter(there)
                    .filter(|s| !replaced.contains(&s.id))
                    .collect(),
            ),
            without: sorted(
                said.iter()
                    .filter(there)
                    .filter(|s| !s.back && !gone.contains(&s.id))
                    .collect(),
            ),
            answered: gone
                .iter()
                .any(|id| by_id.get(id).is_some_and(|said| said.back)),
        }
    }

    /// Returns whether what is there would not be, or the other way round.
    fn differs(&self) -> bool {
        let there = |said: &&Said| self.shown.iter().any(|s| s.id == said.id);
        self.shown.iter().any(|said| said.back) || !self.without.iter().all(there)
    }

    fn value(&self) -> Option<Node<'static>> {
        survey::hidden(self.without.last()?.scalar()?.clone())
    }

    fn disagree(&self) -> bool {
        let mut values = self.without.iter().map(|said| said.scalar());
        let first = values.next();
        values.any(|other| Some(other) != first)
    }
}

/// Edits to be made, before it is known whether the rules allow them.
#[derive(Debug, Default)]
struct Plan {
    withdrawals: Vec<Vec<String>>,
    /// Fields and the values that they get.
    values: Vec<(Vec<String>, Option<Node<'static>>)>,
    /// Values of others that are shown beside one that is taken back.
    settle: Vec<(Vec<String>, Id)>,
    left: Vec<Left>,
}

impl Plan {
    fn of(all: &Everything) -> Self {
        let mut plan = Self::default();
        let others = all.records().any(|(_, back)| !back);
        if all.founded && !others {
            let written_into = all.said.values().flatten().any(|said| !said.back);
            plan.withdraw(all, None, written_into);
            return plan;
        }
        if all.founded {
            // The records of others need it.
            plan.leave(Vec::new(), Why::OthersWroteInto);
        }
        let mut withdrawn = BTreeSet::new();
        for (record, back) in all.records() {
            if back {
                withdrawn.insert(record);
                let written_into = all.said.iter().any(|((map, _), said)| {
                    all.record_of(map.as_ref()) == Some(record) && said.iter().any(|s| !s.back)
                });
                plan.withdraw(all, Some(record), written_into);
            }
        }
        for ((map, key), said) in &all.said {
            let inside = all.record_of(map.as_ref());
            let header = map.is_none() && (key == "kind" || key == "schema");
            let is_map = said.iter().any(|s| matches!(s.value, Some(Written::Map)));
            if !header && !is_map && inside.is_none_or(|record| !withdrawn.contains(record)) {
                let mut path = all.path(map.as_ref());
                path.push(key.clone());
                plan.field(all.founded, path, &Field::of(said));
            }
        }
        plan
    }

    fn leave(&mut self, path: Vec<String>, why: Why) {
        self.left.push(Left { path, why });
    }

    /// Withdraws a record, or the document.
    fn withdraw(&mut self, all: &Everything, map: Option<&Id>, written_into: bool) {
        let mut path = all.path(map);
        if written_into {
            self.leave(path.clone(), Why::OthersWroteInto);
        }
        path.push(WITHDRAWN.to_owned());
        let said = all.field(map, WITHDRAWN);
        match said {
            // Somebody else has decided about it.
            Some(field) if !field.without.is_empty() => {
                if matches!(field.value(), Some(Node::Bool(true))) {
                    self.field(false, path, &field);
                } else {
                    self.leave(path, Why::ChangedSince);
                }
            }
            _ => self.withdrawals.push(path),
        }
    }

    fn field(&mut self, founded: bool, path: Vec<String>, field: &Field<'_>) {
        // What the document began with stays where the document stays.
        if !field.touched || (founded && field.without.is_empty()) {
            return;
        }
        if !field.differs() {
            if field.answered {
                self.leave(path, Why::ChangedSince);
            }
            return;
        }
        if field.disagree() {
            self.leave(path.clone(), Why::OthersDisagree);
        }
        match (field.shown.last(), field.without.last()) {
            // What they say is shown already, beside something else.
            (Some(shown), Some(without)) if shown.scalar() == without.scalar() => {
                let other = |said: &&Said| said.scalar() != without.scalar();
                if field.shown.iter().any(other) {
                    self.settle.push((path, shown.id.clone()));
                }
            }
            _ => self.values.push((path, field.value())),
        }
    }
}

impl Document {
    /// Returns what taking changes back would do: those for which `back` says so, by
    /// their name and actor.
    ///
    /// # Errors
    ///
    /// When the document cannot be read.
    pub fn revert(&self, back: &dyn Fn(Hash, &ActorId) -> bool) -> Result<Reverted, DocumentError> {
        Ok(self.plan(back)?.1)
    }

    /// Takes changes back, in `actor`'s name. Gives what was done, and the changes that do
    /// it; none when nothing is to be done.
    ///
    /// # Errors
    ///
    /// When the document cannot be read, or the engine cannot write the changes.
    pub fn take_back(
        &mut self,
        back: &dyn Fn(Hash, &ActorId) -> bool,
        actor: &ActorId,
        at: Instant,
    ) -> Result<(Reverted, Vec<ChangeBytes>), DocumentError> {
        let ((next, settle), reverted) = self.plan(back)?;
        let base = content_json(&self.content()?)?;
        let mut changes = Vec::new();
        changes.extend(self.edit(actor.clone(), &base, &next, at)?);
        for (path, (counter, by)) in settle {
            let operation = format!("{counter}@{}", by.to_hex_string());
            changes.extend(self.choose(actor.clone(), &path, &operation, at)?);
        }
        Ok((reverted, changes))
    }

    #[expect(
        clippy::type_complexity,
        reason = "two halves of one answer, used right here"
    )]
    fn plan(
        &self,
        back: &dyn Fn(Hash, &ActorId) -> bool,
    ) -> Result<((Value, Vec<(Vec<String>, Id)>), Reverted), DocumentError> {
        let all = Everything::of(&self.engine().get_changes(&[]), back);
        let mut plan = Plan::of(&all);
        let (next, fields) = match self.applied(&plan) {
            Ok(applied) => applied,
            Err(DocumentError::Invalid(_) | DocumentError::Shape { .. }) => {
                plan.values.clear();
                plan.leave(Vec::new(), Why::AgainstTheRules);
                self.applied(&plan)?
            }
            Err(error) => return Err(error),
        };
        let left = plan.left;
        Ok(((next, plan.settle), Reverted { fields, left }))
    }

    fn applied(&self, plan: &Plan) -> Result<(Value, Vec<SetBack>), DocumentError> {
        let survey = Survey::of(self.engine()).map_err(|e| self.shape(e))?;
        let mut root = survey.root;
        let withdrawals = plan.withdrawals.iter();
        let all = withdrawals
            .map(|path| (path, Some(Node::Bool(true))))
            .chain(
                plan.values
                    .iter()
                    .map(|(path, value)| (path, value.clone())),
            );
        let mut fields = Vec::new();
        for (path, value) in all {
            let was = root
                .below(path)
                .map_or(Value::Null, |node| survey::to_json(node));
            let becomes = value.as_ref().map_or(Value::Null, survey::to_json);
            // What is blank need not be written to say the same.
            let blank = |value: &Value| {
                matches!(value, Value::Null | Value::Bool(false)) || *value == 0 || *value == ""
            };
            if was != becomes && !(blank(&was) && blank(&becomes)) {
                let path = path.clone();
                fields.push(SetBack { path, was, becomes });
            }
            root.put(path, value);
        }
        let content = self.typed(&root)?;
        content.validate()?;
        Ok((content_json(&content)?, fields))
    }
}

#[cfg(test)]
mod tests;
