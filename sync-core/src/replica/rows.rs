//! What a replica keeps in its storage, and what it asks the storage to write.

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
    /// The document.
    pub document: DocumentId,
    /// Its kind.
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

/// What the replica knows of a document without having it in memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DocumentRow {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Whether it belongs to the phone's own organisation: a place may be another's.
    #[serde(default = "own")]
    pub own: bool,
    /// How it looks.
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
    /// The changes.
    pub heads: Vec<Hash>,
    /// The word: opaque bytes.
    pub word: Vec<u8>,
}

/// A refusal by the server, kept until a later change is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RejectedRow {
    /// Stable code.
    pub code: String,
    /// A sentence.
    pub detail: String,
}

/// What a chunk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ChunkKind {
    /// The whole document so far.
    Snapshot,
    /// One change.
    Change,
}

/// A piece of a document, in order of its sequence number. Never rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The document.
    pub document: DocumentId,
    /// Its place among the document's chunks.
    pub sequence: u32,
    /// What it holds.
    pub kind: ChunkKind,
    /// The bytes.
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

/// What the storage writes, all of it in one durable transaction or none of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Writes {
    /// Rows to put.
    pub documents: Vec<DocumentRow>,
    /// Chunks to add.
    pub chunks: Vec<Chunk>,
    /// Chunks of a document to delete: those before a sequence number.
    pub drop_chunks_before: Vec<(DocumentId, u32)>,
    /// Documents to delete with all their chunks.
    pub remove_documents: Vec<DocumentId>,
    /// What other organisations did, to put by place, night and organisation.
    pub coverage: Vec<Coverage>,
    /// The new position in the log.
    pub meta: Option<Meta>,
}

/// What the storage holds when the replica opens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The position in the log.
    pub meta: Option<Meta>,
    /// All rows.
    pub documents: Vec<DocumentRow>,
}
