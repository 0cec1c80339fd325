//! The records of undos: which device, since when, how far they have come, and what
//! became of each document. Never what a document says.

use sync_core::document::Left;
use sync_core::ids::{DeviceId, DocumentId, Hash, SessionId};
use sync_core::time::Instant;

use super::Answer;
use crate::shared::principal::Actor;

/// An undo that is to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUndo {
    /// The device whose changes are taken back.
    pub device: DeviceId,
    /// From when on, by the server's receipt.
    pub since: Instant,
    /// The undo that this one takes back, if it takes back one.
    pub of: Option<i64>,
    /// Random: the actor of its changes is the server's hand with it.
    pub session: SessionId,
    /// The member who asks for it; none for the command line.
    pub by: Actor,
}

/// An undo, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The row's number.
    pub id: i64,
    /// The undo as it was asked for.
    pub asked: NewUndo,
    /// When it was asked for, by the server's clock.
    pub made_at: Instant,
    /// How far it has come in the log.
    pub cursor: u64,
    /// Until where it goes.
    pub until: u64,
    /// When it was done; `None` while it goes on.
    pub done_at: Option<Instant>,
    /// Documents that it changed.
    pub documents: u64,
    /// Fields that it set back in them.
    pub fields: u64,
    /// Fields that it left as they are.
    pub left: u64,
    /// Entries of the quarantine that were discarded with it.
    pub discarded: u64,
    /// The undo that took it back.
    pub taken_back_by: Option<i64>,
}

/// The result of an undo for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoneDocument {
    pub document: DocumentId,
    /// Fields that were set back.
    pub changed: u32,
    /// Fields that were left as they are.
    pub left: Vec<Left>,
}

/// Documents in which a device said something, as far as the log was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// The documents, each once.
    pub documents: Vec<DocumentId>,
    /// The cursor to go on at; none at the end.
    pub next: Option<u64>,
}

/// The job that does an undo; its key is the undo's number.
pub const UNDO: &str = "undo";

/// Operations on the undos.
pub trait UndoStore {
    /// Notes that an undo begins, and the job that does it.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn begin_undo(&self, undo: NewUndo, now: Instant) -> impl Answer<i64>;

    /// Lists the newest undos, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn undos(&self, limit: u32) -> impl Answer<Vec<Undo>>;

    /// Returns an undo.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn undo(&self, id: i64) -> impl Answer<Option<Undo>>;

    /// Lists the documents that an undo has touched, by id, from one on.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn undone_documents(
        &self,
        id: i64,
        after: Option<DocumentId>,
        limit: u32,
    ) -> impl Answer<Vec<UndoneDocument>>;

    /// Notes what became of some documents.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn note_undone(&self, id: i64, documents: Vec<UndoneDocument>) -> impl Answer<()>;

    /// Notes how far an undo has come in the log: a server that is started again goes on
    /// from there.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn advance_undo(&self, id: i64, cursor: u64) -> impl Answer<()>;

    /// Notes that an undo is done.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn finish_undo(&self, id: i64, by: Actor, now: Instant) -> impl Answer<()>;

    /// Looks through a part of the log for documents in which a device said something
    /// since a time.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn documents_said(
        &self,
        device: DeviceId,
        since: Instant,
        after: u64,
        until: u64,
    ) -> impl Answer<Portion>;

    /// Lists, document by document, the changes that a device made and the server received
    /// since a time.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn changes_said(
        &self,
        documents: Vec<DocumentId>,
        device: DeviceId,
        since: Instant,
    ) -> impl Answer<Vec<Vec<Hash>>>;

    /// Lists the sessions of the undos of a device, and of those that took such ones back.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn undo_sessions(&self, device: DeviceId) -> impl Answer<Vec<SessionId>>;
}
