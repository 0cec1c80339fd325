//! Content as documents hold it: scalars and maps with text keys. This is the
//! bridge between the model's types, which know `serde`, and the engine.
//!
//! What a document holds of a field follows from its type:
//!
//! | in the model | in the document |
//! |---|---|
//! | whole numbers | `uint`, or `int` where they can be negative |
//! | texts, codes | `str` |
//! | references to documents and devices | `bytes` |
//! | a set of codes | a map from code to `true` |
//! | records | a map from record id to the record |
//!
//! A field with its type's blank value (nothing, `false`, 0, an empty text) is
//! not written into a new record, and a field that is not there reads as blank:
//! a count has fifteen fields, of which five say something. Maps are always
//! written, so that two phones that add to one add to the same one.

mod read;
mod tree;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use tree::{Node, NodeError};

impl Node<'_> {
    /// Returns the node of typed content.
    pub(crate) fn of(content: &impl Serialize) -> Result<Node<'static>, NodeError> {
        content.serialize(write::Writer { key: false })
    }

    /// Returns the typed content of a node.
    pub(crate) fn typed<T: DeserializeOwned>(&self) -> Result<T, NodeError> {
        T::deserialize(read::Reader(self))
    }
}
