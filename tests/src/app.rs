//! The app without its network: `sync-core`'s replica on a storage in memory.
//! Time and randomness come from the caller.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use sync_core::ids::{DeviceId, DocumentId, SessionId};
use sync_core::protocol::Coverage;
use sync_core::replica::{Command, DocumentRow, Identity, Meta, Received, Replica, Stored, Writes};
use sync_core::time::Instant;

/// The store of a phone, as `IndexedDB` would hold it.
#[derive(Debug, Default, Clone)]
pub struct Storage {
    rows: BTreeMap<DocumentId, DocumentRow>,
    chunks: BTreeMap<(DocumentId, u32), Vec<u8>>,
    meta: Option<Meta>,
    coverage: Vec<Coverage>,
}

impl Storage {
    fn write(&mut self, writes: Writes) {
        for row in writes.documents {
            self.rows.insert(row.document, row);
        }
        for chunk in writes.chunks {
            self.chunks
                .insert((chunk.document, chunk.sequence), chunk.bytes);
        }
        for (id, before) in writes.drop_chunks_before {
            self.chunks
                .retain(|(document, sequence), _| *document != id || *sequence >= before);
        }
        for id in writes.remove_documents {
            self.rows.remove(&id);
            self.chunks.retain(|(document, _), _| *document != id);
        }
        self.coverage.extend(writes.coverage);
        self.meta = writes.meta.or(self.meta.take());
    }

    /// A document's chunks, in order.
    pub fn chunks(&self, document: DocumentId) -> Vec<&[u8]> {
        self.chunks
            .range((document, 0)..=(document, u32::MAX))
            .map(|(_, bytes)| bytes.as_slice())
            .collect()
    }
}

/// The fate of the app around one of its writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The write is stored.
    Stored,
    /// The app dies before it.
    DiesBefore,
    /// The app dies right after it.
    DiesAfter,
}

/// The app of an enrolled device.
#[derive(Debug)]
pub struct App {
    pub device: DeviceId,
    replica: Replica,
    storage: Storage,
}

impl App {
    /// The app with nothing stored.
    pub fn new(device: DeviceId, session: SessionId) -> Self {
        Self {
            device,
            replica: Replica::open(
                Identity {
                    device,
                    session,
                    coordinator: false,
                },
                Stored::default(),
            ),
            storage: Storage::default(),
        }
    }

    /// Kills the app and starts it: only what was stored remains.
    pub fn restart(&mut self, session: SessionId) {
        let stored = Stored {
            meta: self.storage.meta.clone(),
            documents: self.storage.rows.values().cloned().collect(),
        };
        let device = self.device;
        self.replica = Replica::open(
            Identity {
                device,
                session,
                coordinator: false,
            },
            stored,
        );
    }

    /// Returns what is stored.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Carries a command out. With [`Fate::DiesBefore`] nothing of it is stored,
    /// and the app must be restarted, as after [`Fate::DiesAfter`].
    pub fn execute(&mut self, command: Command, now: Instant, fate: Fate) -> Result<()> {
        if let Command::Edit { document, .. } | Command::Choose { document, .. } = &command {
            self.load(&[*document])?;
        }
        let writes = self.replica.execute(command, now)?;
        self.store(writes, fate);
        Ok(())
    }

    fn store(&mut self, writes: Writes, fate: Fate) {
        if fate != Fate::DiesBefore {
            self.storage.write(writes);
        }
    }

    /// A command that edits a document's content as JSON.
    pub fn editing(
        &self,
        document: DocumentId,
        change: impl FnOnce(&mut serde_json::Value),
    ) -> Result<Command> {
        let row = self.row(document).context("no such document")?;
        let base = row.view.content.clone();
        let mut next = base.clone();
        change(&mut next);
        Ok(Command::Edit {
            document,
            base,
            next,
        })
    }

    /// Returns what the app shows of a document.
    pub fn row(&self, document: DocumentId) -> Option<&DocumentRow> {
        self.storage.rows.get(&document)
    }

    /// Iterates over all documents.
    pub fn rows(&self) -> impl Iterator<Item = &DocumentRow> {
        self.storage.rows.values()
    }

    /// Returns what other organisations did, as far as the server told.
    pub fn coverage(&self) -> &[Coverage] {
        &self.storage.coverage
    }

    /// Returns how many changes wait for the server.
    pub fn unsent(&self) -> u32 {
        self.rows().map(|row| row.unsent).sum()
    }

    /// Checks whether something is to be sent.
    pub fn has_something_to_send(&self) -> bool {
        !self.replica.documents_to_send().is_empty()
    }

    fn load(&mut self, documents: &[DocumentId]) -> Result<()> {
        for id in documents {
            if self.storage.rows.contains_key(id) && !self.replica.is_loaded(*id) {
                self.replica.load(*id, &self.storage.chunks(*id))?;
            }
        }
        Ok(())
    }

    /// The next request's payload.
    pub fn request(&mut self, now: Instant) -> Result<Vec<u8>> {
        self.load(&self.replica.documents_to_send())?;
        Ok(self.replica.request(now)?)
    }

    /// Takes a reply in and stores what it brought; see [`App::execute`].
    pub fn receive(&mut self, reply: &[u8], now: Instant, fate: Fate) -> Result<Received> {
        self.load(&self.replica.documents_to_receive(reply)?)?;
        let mut received = self.replica.receive(reply, now)?;
        let writes = std::mem::take(&mut received.writes);
        self.store(writes, fate);
        Ok(received)
    }

    /// Every change that is stored, with its document.
    pub fn changes(&self) -> Result<Vec<(DocumentId, sync_core::ids::Hash)>> {
        let mut changes = Vec::new();
        for row in self.rows() {
            let chunks = self.storage.chunks(row.document);
            let document = sync_core::document::Document::load(row.kind, &chunks)?;
            let all = document.changes_since(&[]).into_iter();
            changes.extend(all.map(|change| (row.document, change.hash)));
        }
        Ok(changes)
    }
}
