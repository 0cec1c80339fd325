//! A person's acts, as the replica takes them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::content_json;
use crate::ids::DocumentId;
use crate::model::{Content, Kind};

/// Something a person did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Makes a document.
    Create {
        /// Its id, drawn at random.
        document: DocumentId,
        content: Creation,
    },
    /// Applies what differs between what the person saw and what they made of it.
    Edit {
        document: DocumentId,
        /// The content the person saw.
        base: Value,
        /// The content they want.
        next: Value,
    },
    /// Settles a conflict.
    Choose {
        document: DocumentId,
        path: Vec<String>,
        /// The write whose value is to stay.
        op: String,
    },
}

/// The content of a new document, not yet checked.
///
/// It stays JSON until its kind is known: reading the typed content through the
/// tagged command as well would put a second copy of every type's reader into
/// the browser's program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Creation {
    pub kind: Kind,
    /// The model's fields.
    pub content: Value,
}

impl From<Content> for Creation {
    fn from(content: Content) -> Self {
        Self {
            kind: content.kind(),
            // The model's types have no key or number that JSON lacks.
            content: content_json(&content).unwrap_or_default(),
        }
    }
}

impl Command {
    pub(super) fn document(&self) -> DocumentId {
        match self {
            Self::Create { document, .. }
            | Self::Edit { document, .. }
            | Self::Choose { document, .. } => *document,
        }
    }
}
