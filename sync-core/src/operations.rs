//! The operations of a change, as they were read from its columns.

use automerge::ActorId;

use crate::rejection::{Refusal, malformed};

/// The operations of a change, in order.
#[derive(Debug, Default)]
pub(crate) struct Operations<'a> {
    /// The number of the first.
    pub(crate) start: u64,
    /// The actors that they name, the change's own first.
    pub(crate) actors: Vec<&'a [u8]>,
    pub(crate) all: Vec<Operation<'a>>,
}

/// An operation on a map.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    pub(crate) number: u64,
    /// The map that it is in (index of its actor, number); none for the root.
    pub(crate) object: Option<(u64, u64)>,
    pub(crate) key: &'a str,
    pub(crate) action: Action<'a>,
    /// Whether it takes the place of something.
    pub(crate) replaces: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Action<'a> {
    Make,
    Set(Value<'a>),
    Delete,
}

/// A value as it stands in the change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Uint(u64),
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    /// Of a type that no field of ours has.
    Other,
}

impl Operations<'_> {
    /// Returns the engine's name of a map.
    pub(crate) fn id(&self, (actor, number): (u64, u64)) -> Result<(ActorId, u64), Refusal> {
        let actor = usize::try_from(actor).ok().and_then(|i| self.actors.get(i));
        let actor =
            actor.ok_or_else(|| malformed("an operation names an actor that is not there"))?;
        Ok((ActorId::from(*actor), number))
    }
}
