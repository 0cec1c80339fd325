//! Scalars, and maps with text keys.

use std::borrow::Cow;
use std::fmt;

/// A value in a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    /// A whole number, of a field that can be negative.
    Int(i64),
    Uint(u64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
    /// Values by key: records, or the members of a set. Sorted by key.
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
    /// A record's fields, as its type lists them. Only typed content gives these:
    /// in a document they are a map like any other.
    Fields(Vec<(&'static str, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Returns whether this is what a field that was never written reads as.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) | Self::Uint(0) => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// Puts a value under a path of keys, or takes what is there away. A path whose maps
    /// are not there leads nowhere.
    pub(crate) fn put(&mut self, path: &[String], value: Option<Node<'a>>) {
        let Some((key, parents)) = path.split_last() else {
            return;
        };
        let Some(Self::Map(entries)) = self.below(parents) else {
            return;
        };
        let place = entries.binary_search_by(|(k, _)| k.as_ref().cmp(key));
        match (place, value) {
            (Ok(index), Some(value)) => entries[index].1 = value,
            (Ok(index), None) => drop(entries.remove(index)),
            (Err(index), Some(value)) => entries.insert(index, (Cow::Owned(key.clone()), value)),
            (Err(_), None) => {}
        }
    }

    /// Returns the node below a path of keys.
    pub(crate) fn below(&mut self, path: &[String]) -> Option<&mut Node<'a>> {
        let Some((key, rest)) = path.split_first() else {
            return Some(self);
        };
        let Self::Map(entries) = self else {
            return None;
        };
        let index = entries
            .binary_search_by(|(k, _)| k.as_ref().cmp(key))
            .ok()?;
        entries[index].1.below(rest)
    }
}

/// Why content and document do not fit each other. Never holds content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NodeError(pub(super) String);

impl NodeError {
    pub(super) fn expected(what: &str, found: &Node<'_>) -> Self {
        let found = match found {
            Node::Null => "nothing",
            Node::Bool(_) => "yes or no",
            Node::Int(_) | Node::Uint(_) => "a number",
            Node::Text(_) => "text",
            Node::Bytes(_) => "bytes",
            Node::Map(_) | Node::Fields(_) => "a map",
        };
        Self(format!("expected {what}, found {found}"))
    }
}

impl serde::de::Error for NodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::ser::Error for NodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
