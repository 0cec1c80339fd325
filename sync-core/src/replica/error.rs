//! Why a command or a reply fails, with a stable code for the app.

use crate::document::DocumentError;
use crate::gate::RejectionCode;
use crate::ids::DocumentId;

/// Why a command or a reply fails.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The document's chunks must be loaded first.
    #[error("document {0} is not loaded")]
    NotLoaded(DocumentId),
    /// There is no such document here.
    #[error("document {0} is not on this phone")]
    Unknown(DocumentId),
    /// A document of this id exists already.
    #[error("document {0} exists already")]
    Exists(DocumentId),
    /// The command's content is not allowed, or the document cannot be read.
    #[error(transparent)]
    Document(Box<DocumentError>),
    /// Whoever holds the phone may not say that; the server would refuse it.
    #[error("{0}: {1}")]
    Refused(RejectionCode, String),
    /// The server's reply cannot be read.
    #[error("the server's answer cannot be read: {0}")]
    Reply(String),
}

impl From<DocumentError> for ReplicaError {
    fn from(error: DocumentError) -> Self {
        Self::Document(Box::new(error))
    }
}

impl ReplicaError {
    /// Returns a code that never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotLoaded(_) => "not_loaded",
            Self::Unknown(_) => "unknown_document",
            Self::Exists(_) => "exists",
            Self::Document(error) => match **error {
                DocumentError::Invalid(_) => "invalid",
                DocumentError::Shape { .. } => "wrong_shape",
                DocumentError::NewerSchema { .. } => "newer_schema",
                DocumentError::NoSuchValue { .. } => "no_such_value",
                _ => "unreadable",
            },
            Self::Refused(code, _) => code.as_str(),
            Self::Reply(_) => "bad_reply",
        }
    }
}
