//! The rows that a replica keeps in its storage, and those that it asks the storage to
//! write.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::Conflict;
use crate::ids::{DocumentId, Hash};
use crate::model::Kind;
use crate::protocol::{Coverage, Draw};

/// A document as the app shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct View {
    pub document: DocumentId,
    pub kind: Kind,
    /// Its content, the model's fields as JSON.
    pub content: Value,
    /// Fields with several values that wait for a choice.
    pub conflicts: Vec<Conflict>,
    /// Who said it: an [`Authorship`](crate::document::Authorship) as JSON. (Typed, the
    /// browser's program would hold one more reader that nothing there needs.)
    #[serde(default)]
    pub by: Value,
}

/// A document's row: all that the replica knows of it without having it in memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DocumentRow {
    pub document: DocumentId,
    pub kind: Kind,
    /// Whether it belongs to the phone's own organisation: a place may be another's.
    #[serde(default = "own")]
    pub own: bool,
    pub view: View,
    /// Heads that the server is known to hold on disk.
    pub server_heads: Vec<Hash>,
    /// The number of the next chunk.
    pub next_sequence: u32,
    /// How many chunks are stored.
    pub chunk_count: u32,
    /// How many own changes the server does not have yet.
    pub unsent: u32,
    /// How many changes this phone has made to it in all.
    pub own_changes: u32,
    /// Why the server did not let the document's last changes in.
    pub rejected: Option<RejectedRow>,
    /// The server's word on what it held, to show it after it was restored.
    #[serde(default)]
    pub receipt: Option<Receipt>,
    /// Whether the server was restored since, and may lack what the receipt is for.
    #[serde(default)]
    pub relay: bool,
}

const fn own() -> bool {
    true
}

/// A server's word that it held some changes and all that they build on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    pub heads: Vec<Hash>,
    /// The word: opaque bytes.
    pub word: Vec<u8>,
}

/// A refusal by the server, kept until a later change is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RejectedRow {
    pub code: String,
    pub detail: String,
}

/// The kinds of chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ChunkKind {
    /// The whole document so far.
    Snapshot,
    Change,
}

/// A piece of a document, in order of its sequence number. Never rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    pub document: DocumentId,
    /// Its place among the document's chunks.
    pub sequence: u32,
    pub kind: ChunkKind,
    pub bytes: Vec<u8>,
}

/// How far the replica has read the server's log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Meta {
    /// The server's epoch; 0 before the first reply.
    pub epoch: u64,
    /// The cursor into the server's log.
    pub cursor: u64,
    /// In the middle of a reading, the cursor at which it began.
    #[serde(default)]
    pub since: Option<u64>,
    /// The present draw.
    pub draw: Option<Draw>,
    /// Whether the server was restored and the phone has not yet read all that
    /// it still holds.
    #[serde(default)]
    pub behind: bool,
}

/// Rows for the storage to write, all of them in one durable transaction or none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Writes {
    /// Rows to put by document.
    pub documents: Vec<DocumentRow>,
    /// Chunks to add at the end.
    pub chunks: Vec<Chunk>,
    /// Chunks of a document to delete: those before a sequence number.
    pub drop_chunks_before: Vec<(DocumentId, u32)>,
    /// Documents to delete with all their chunks.
    pub remove_documents: Vec<DocumentId>,
    /// Other organisations' visits, to put by place, night and organisation.
    pub coverage: Vec<Coverage>,
    /// The new position in the log.
    pub meta: Option<Meta>,
}

/// The content of the storage when the replica opens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The position in the log.
    pub meta: Option<Meta>,
    pub documents: Vec<DocumentRow>,
}
