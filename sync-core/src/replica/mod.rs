//! The phone's side of sync, without IO: commands and replies go in, writes for
//! the storage come out. The caller stores the writes in one durable
//! transaction before the next call; when that fails it throws the replica away
//! and opens a new one, under a new session, from what is stored.

mod command;
mod error;
mod reply;
mod request;
mod rows;
#[cfg(test)]
mod tests;

pub use command::{Command, Creation};
pub use error::ReplicaError;
pub use reply::Received;
pub use request::ToLeave;
pub use rows::{Chunk, ChunkKind, DocumentRow, Meta, Receipt, RejectedRow, Stored, View, Writes};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::authority::{Actor, Capacity};
use crate::document::{ChangeBytes, Document, DocumentError, content_json};
use crate::gate::Gate;
use crate::ids::{DeviceId, DocumentId, Hash, SessionId, actor};
use crate::model::Kind;
use crate::time::Instant;

/// Chunks of a document after which they are replaced by one snapshot.
const COMPACT_AT: u32 = 20;
/// Whose replica this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The enrolled device.
    pub device: DeviceId,
    /// This run of the app: drawn at random at each start.
    pub session: SessionId,
    /// Whether its member is a coordinator.
    #[serde(default)]
    pub coordinator: bool,
}

/// The changes of a document that the request on its way carries.
#[derive(Debug, Default)]
struct Sent {
    /// Own changes on their way.
    own: Vec<Hash>,
    /// How many changes by anyone, for a server that may have lost them.
    relayed: Option<usize>,
}

/// The request on its way, by document.
type InFlight = BTreeMap<DocumentId, Sent>;

/// A phone's replica.
#[derive(Debug)]
pub struct Replica {
    identity: Identity,
    meta: Meta,
    rows: BTreeMap<DocumentId, DocumentRow>,
    open: BTreeMap<DocumentId, Document>,
    in_flight: InFlight,
    /// Documents that the server refused in this session: offered again after
    /// something new came into them, or at the next start.
    refused: BTreeSet<DocumentId>,
    /// Documents for which the server had no room the last time it was asked. They go
    /// with every request, after the others, but are no reason to ask again at once.
    postponed: BTreeSet<DocumentId>,
}

impl Replica {
    /// Opens a replica on what its storage holds. No document is in memory yet.
    pub fn open(identity: Identity, stored: Stored) -> Self {
        Self {
            identity,
            meta: stored.meta.unwrap_or_default(),
            rows: stored
                .documents
                .into_iter()
                .map(|row| (row.document, row))
                .collect(),
            open: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            refused: BTreeSet::new(),
            postponed: BTreeSet::new(),
        }
    }

    /// Returns all rows, by document.
    pub fn rows(&self) -> impl Iterator<Item = &DocumentRow> {
        self.rows.values()
    }

    /// Returns how far the replica has read the server's log.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Returns whether a document is in memory.
    pub fn is_loaded(&self, document: DocumentId) -> bool {
        self.open.contains_key(&document)
    }

    /// Takes a document into memory, from its chunks in order.
    ///
    /// # Errors
    ///
    /// [`ReplicaError::Unknown`] without a row of the document, and when its chunks cannot be
    /// read.
    pub fn load(&mut self, document: DocumentId, chunks: &[&[u8]]) -> Result<(), ReplicaError> {
        let row = self
            .rows
            .get(&document)
            .ok_or(ReplicaError::Unknown(document))?;
        let loaded = Document::load(row.kind, chunks)?;
        self.open.insert(document, loaded);
        Ok(())
    }

    /// Forgets a document's memory; its row and its chunks stay.
    pub fn unload(&mut self, document: DocumentId) {
        self.open.remove(&document);
    }

    /// Carries out what a person did.
    ///
    /// # Errors
    ///
    /// [`ReplicaError::NotLoaded`] or [`ReplicaError::Exists`] when the command does not fit what
    /// is here, [`ReplicaError::Refused`] when the server would not let the change in, and when
    /// the content is not allowed.
    pub fn execute(&mut self, command: Command, now: Instant) -> Result<Writes, ReplicaError> {
        let id = command.document();
        let actor = actor(self.identity.device, self.identity.session);
        let change = match command {
            Command::Create { content, .. } => {
                if self.rows.contains_key(&id) {
                    return Err(ReplicaError::Exists(id));
                }
                let content = crate::document::typed(content.kind, content.content)?;
                let (document, change) = Document::create(actor, &content, now)?;
                self.judged(None, document.kind(), &change, true)?;
                self.rows.insert(id, new_row(id, &document)?);
                self.open.insert(id, document);
                Some(change)
            }
            Command::Edit { base, next, .. } => {
                self.change(id, |document| document.edit(actor, &base, &next, now))?
            }
            Command::Choose { path, op, .. } => {
                self.change(id, |document| document.choose(actor, &path, &op, now))?
            }
        };
        match change {
            Some(change) => self.wrote(id, change),
            None => Ok(Writes::default()),
        }
    }

    /// Changes a document, if its owner may: what the server would refuse is not made.
    fn change(
        &mut self,
        id: DocumentId,
        make: impl FnOnce(&mut Document) -> Result<Option<ChangeBytes>, DocumentError>,
    ) -> Result<Option<ChangeBytes>, ReplicaError> {
        let before = self.loaded(id)?.clone();
        let own = self.rows.get(&id).is_none_or(|row| row.own);
        let change = make(self.loaded(id)?)?;
        if let Some(made) = &change
            && let Err(refused) = self.judged(Some(&before), before.kind(), made, own)
        {
            self.open.insert(id, before);
            return Err(refused);
        }
        Ok(change)
    }

    fn judged(
        &self,
        before: Option<&Document>,
        kind: Kind,
        change: &ChangeBytes,
        own: bool,
    ) -> Result<(), ReplicaError> {
        let actor = Actor {
            capacity: if self.identity.coordinator {
                Capacity::Coordinator
            } else {
                Capacity::Worker
            },
            own,
            ..Actor::worker(self.identity.device)
        };
        Gate::default()
            .may_say(before, kind, &change.bytes, &actor)
            .map_err(|(code, detail)| ReplicaError::Refused(code, detail))
    }

    fn loaded(&mut self, id: DocumentId) -> Result<&mut Document, ReplicaError> {
        if !self.rows.contains_key(&id) {
            return Err(ReplicaError::Unknown(id));
        }
        self.open.get_mut(&id).ok_or(ReplicaError::NotLoaded(id))
    }

    fn wrote(&mut self, id: DocumentId, change: ChangeBytes) -> Result<Writes, ReplicaError> {
        let mut writes = Writes::default();
        self.append(id, ChunkKind::Change, change.bytes, &mut writes)?;
        if let Some(row) = self.rows.get_mut(&id) {
            row.unsent += 1;
            row.own_changes += 1;
        }
        self.refused.remove(&id);
        self.refresh(id, &mut writes)?;
        Ok(writes)
    }

    /// Adds a chunk; with many, replaces them by a snapshot.
    fn append(
        &mut self,
        id: DocumentId,
        kind: ChunkKind,
        bytes: Vec<u8>,
        writes: &mut Writes,
    ) -> Result<(), ReplicaError> {
        let document = self.open.get(&id).ok_or(ReplicaError::NotLoaded(id))?;
        let row = self.rows.get_mut(&id).ok_or(ReplicaError::Unknown(id))?;
        // Tried again only after as many more, should it fail.
        let many = row.chunk_count >= COMPACT_AT && row.chunk_count % COMPACT_AT == 0;
        let compact = many.then(|| document.compact());
        let (kind, bytes) = match compact.flatten() {
            Some(snapshot) => (ChunkKind::Snapshot, snapshot),
            None => (kind, bytes),
        };
        let sequence = row.next_sequence;
        row.next_sequence += 1;
        row.chunk_count += 1;
        if kind == ChunkKind::Snapshot && row.chunk_count > 1 {
            row.chunk_count = 1;
            // Chunks of this very transaction that the snapshot covers.
            writes
                .chunks
                .retain(|chunk| chunk.document != id || chunk.sequence >= sequence);
            writes.drop_chunks_before.push((id, sequence));
        }
        writes.chunks.push(Chunk {
            document: id,
            sequence,
            kind,
            bytes,
        });
        Ok(())
    }

    /// Draws the row's view anew and puts the row among the writes.
    fn refresh(&mut self, id: DocumentId, writes: &mut Writes) -> Result<(), ReplicaError> {
        let document = self.open.get(&id).ok_or(ReplicaError::NotLoaded(id))?;
        let row = self.rows.get_mut(&id).ok_or(ReplicaError::Unknown(id))?;
        row.view = view(id, document)?;
        match writes.documents.iter_mut().find(|w| w.document == id) {
            Some(written) => *written = row.clone(),
            None => writes.documents.push(row.clone()),
        }
        Ok(())
    }
}

fn new_row(id: DocumentId, document: &Document) -> Result<DocumentRow, ReplicaError> {
    Ok(DocumentRow {
        document: id,
        kind: document.kind(),
        own: true,
        view: view(id, document)?,
        server_heads: Vec::new(),
        next_sequence: 0,
        chunk_count: 0,
        unsent: 0,
        own_changes: 0,
        rejected: None,
        receipt: None,
        relay: false,
    })
}

fn view(id: DocumentId, document: &Document) -> Result<View, ReplicaError> {
    let reading = document.reading()?;
    let content = content_json(&reading.content)?;
    let by = document.authorship_of(&content);
    Ok(View {
        document: id,
        kind: document.kind(),
        content,
        conflicts: reading.conflicts.clone(),
        by: serde_json::to_value(by).unwrap_or_default(),
    })
}
