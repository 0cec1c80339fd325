//! A document: an automerge history of one kind, read and written through the
//! model's types.

mod authorship;
mod conflict;
mod history;
mod merge;
mod node;
mod revert;
mod survey;
mod write;

pub use authorship::{Authorship, Said};
pub use conflict::{Conflict, ConflictingValue};
pub use history::Touch;
pub use revert::{Left, Reverted, SetBack, Why};

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{
    ActorId, Automerge, AutomergeError, Change, ChangeHash, LoadOptions, ROOT, ReadDoc, ScalarValue,
};

use crate::ids::Hash;
use crate::model::{Content, Invalid, Kind, SCHEMA};
use crate::time::Instant;
use node::{Node, NodeError};
use survey::Survey;

/// Why a document cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The content breaks a rule of its kind.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The content does not have the shape of its kind.
    #[error("the content does not have the shape of {kind}: {detail}")]
    Shape {
        /// The kind that was expected.
        kind: Kind,
        /// Names types and fields; never holds content.
        detail: String,
    },
    /// A newer version of the app wrote this document.
    #[error("the document has schema {found}, this version reads up to {SCHEMA}: update the app")]
    NewerSchema {
        /// The document's schema.
        found: u64,
    },
    /// The value to choose is not among the conflicting ones.
    #[error("there is no such value to choose at {path}")]
    NoSuchValue {
        /// The path that was given.
        path: String,
    },
    /// More fields with several values than a document may have.
    #[error("the document holds too many conflicts")]
    TooManyConflicts,
    /// More values hidden behind conflicts than a document may have.
    #[error("the document holds too many values that disagree: settle some of them first")]
    TooManyValues,
    /// Stored bytes could not be read.
    #[error("the stored document cannot be read: {0}")]
    Engine(#[from] AutomergeError),
}

/// A change as it is stored and sent: a plain change chunk and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeBytes {
    /// SHA-256 of the change.
    pub hash: Hash,
    pub bytes: Vec<u8>,
}

impl From<&Change> for ChangeBytes {
    fn from(change: &Change) -> Self {
        Self {
            hash: change.hash().into(),
            bytes: change.raw_bytes().to_vec(),
        }
    }
}

/// The content of a document, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The content, typed and unvalidated. Where two phones wrote one field at
    /// once, the value that all replicas agree to show.
    pub content: Content,
    /// The fields that two phones wrote at once and nobody has settled yet.
    pub conflicts: Vec<Conflict>,
}

/// A document of one kind, in memory.
#[derive(Debug, Clone)]
pub struct Document {
    kind: Kind,
    // Some two kilobytes: documents are handed on several times on their way through the gate.
    inner: Box<Automerge>,
    bytes: usize,
    /// The content once somebody has asked for it; forgotten with the next change.
    reading: OnceLock<Arc<Reading>>,
}

impl Document {
    /// Creates a document with its first change. `content` is validated first.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Invalid`] when the content breaks a rule of its kind.
    pub fn create(
        actor: ActorId,
        content: &Content,
        at: Instant,
    ) -> Result<(Self, ChangeBytes), DocumentError> {
        content.validate()?;
        content.sensible()?;
        let mut document = Self::empty(content.kind());
        let node = content_node(content)?;
        let change = document.commit(actor, at, |tx| {
            tx.put(ROOT, "kind", content.kind().as_str())?;
            tx.put(ROOT, "schema", u64::from(SCHEMA))?;
            write::fill(tx, &ROOT, &node)
        })?;
        // A creation always writes `kind`, so there is a change.
        let change = change.ok_or_else(|| DocumentError::Shape {
            kind: document.kind,
            detail: "nothing was written".to_owned(),
        })?;
        Ok((document, change))
    }

    /// Reads a document from chunks that this program stored itself: a snapshot,
    /// changes, or a snapshot followed by changes. Bytes from elsewhere go
    /// through the gate instead.
    ///
    /// # Errors
    ///
    /// When a chunk cannot be read.
    pub fn load(kind: Kind, chunks: &[&[u8]]) -> Result<Self, DocumentError> {
        let mut inner = match chunks.first() {
            Some(first) => Automerge::load_with_options(first, LoadOptions::new())?,
            None => Automerge::new(),
        };
        let rest = chunks.iter().skip(1).map(|bytes| {
            Change::from_bytes(bytes.to_vec()).map_err(|e| DocumentError::Shape {
                kind,
                detail: e.to_string(),
            })
        });
        inner.apply_changes(rest.collect::<Result<Vec<_>, _>>()?)?;
        let bytes = chunks.iter().map(|c| c.len()).sum();
        Ok(Self::from_engine(kind, inner, bytes))
    }

    pub(crate) fn empty(kind: Kind) -> Self {
        Self::from_engine(kind, Automerge::new(), 0)
    }

    pub(crate) fn from_engine(kind: Kind, inner: Automerge, bytes: usize) -> Self {
        Self {
            kind,
            inner: Box::new(inner),
            bytes,
            reading: OnceLock::new(),
        }
    }

    pub(crate) fn engine(&self) -> &Automerge {
        &self.inner
    }

    pub(crate) fn engine_mut(&mut self) -> &mut Automerge {
        self.reading = OnceLock::new();
        &mut self.inner
    }

    /// Returns the kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns an upper bound of the document's size: the bytes of the chunks it was made
    /// of.
    pub fn size(&self) -> usize {
        self.bytes
    }

    pub(crate) fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Returns the whole document as one chunk without deflated columns, which the gate of
    /// another replica can read with bounded memory.
    pub fn save(&self) -> Vec<u8> {
        self.inner.save_nocompress()
    }

    /// As [`Document::save`], to take the place of its changes: read back first,
    /// since what the engine cannot read must not be all that is kept. None when
    /// it is not the same; then the changes are kept.
    pub fn compact(&self) -> Option<Vec<u8>> {
        catch_unwind(AssertUnwindSafe(|| {
            let bytes = self.save();
            let read = Automerge::load(&bytes).ok()?;
            let read = Self::from_engine(self.kind, read, bytes.len());
            (read.heads() == self.heads()).then_some(bytes)
        }))
        .ok()
        .flatten()
    }

    /// Returns the names of the changes that no other change builds on, sorted.
    pub fn heads(&self) -> Vec<Hash> {
        let mut heads: Vec<Hash> = self.inner.get_heads().into_iter().map(Hash::from).collect();
        heads.sort_unstable();
        heads
    }

    /// Returns whether the document holds a change.
    pub fn contains(&self, hash: Hash) -> bool {
        self.inner.get_change_meta_by_hash(&hash.into()).is_some()
    }

    /// Number of changes.
    pub fn change_count(&self) -> u64 {
        self.inner.stats().num_changes
    }

    /// Returns the changes that are neither among `heads` nor before them, in causal order.
    /// Heads that the document does not know are passed over.
    pub fn changes_since(&self, heads: &[Hash]) -> Vec<ChangeBytes> {
        self.inner
            .get_changes(&self.known(heads))
            .iter()
            .map(ChangeBytes::from)
            .collect()
    }

    /// As [`Document::changes_since`], only those made by `device`.
    pub fn own_changes_since(
        &self,
        heads: &[Hash],
        device: crate::ids::DeviceId,
    ) -> Vec<ChangeBytes> {
        self.inner
            .get_changes(&self.known(heads))
            .iter()
            .filter(|change| crate::ids::device_of(change.actor_id()) == Some(device))
            .map(ChangeBytes::from)
            .collect()
    }

    /// Returns the changes among `heads` and before them that are neither among `have` nor
    /// before those, in causal order.
    pub fn changes_up_to(&self, heads: &[Hash], have: &[Hash]) -> Vec<ChangeBytes> {
        let later: BTreeSet<Hash> = self
            .changes_since(heads)
            .into_iter()
            .map(|change| change.hash)
            .collect();
        let mut changes = self.changes_since(have);
        changes.retain(|change| !later.contains(&change.hash));
        changes
    }

    /// Returns whether each of `hashes` is known and is among `heads` or before them.
    pub fn covers(&self, heads: &[Hash], hashes: &[Hash]) -> bool {
        let mut all = heads.to_vec();
        all.extend_from_slice(hashes);
        hashes.iter().all(|hash| self.contains(*hash)) && self.maximal(&all) == self.maximal(heads)
    }

    /// Of `hashes`, those that the document knows and that none of the others
    /// builds on; sorted.
    pub fn maximal(&self, hashes: &[Hash]) -> Vec<Hash> {
        let mut maximal: BTreeSet<ChangeHash> = self.known(hashes).into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut below: Vec<ChangeHash> = maximal.iter().copied().collect();
        while let Some(hash) = below.pop() {
            let Some(change) = self.inner.get_change_meta_by_hash(&hash) else {
                continue;
            };
            for dependency in change.deps {
                maximal.remove(&dependency);
                if seen.insert(dependency) {
                    below.push(dependency);
                }
            }
        }
        maximal.into_iter().map(Hash::from).collect()
    }

    fn known(&self, heads: &[Hash]) -> Vec<ChangeHash> {
        heads
            .iter()
            .filter(|h| self.contains(**h))
            .map(|h| ChangeHash::from(*h))
            .collect()
    }

    /// Returns the content. The first call reads it, later ones remember.
    ///
    /// # Errors
    ///
    /// When the document does not have the shape of its kind, or a newer app wrote it.
    pub fn reading(&self) -> Result<Arc<Reading>, DocumentError> {
        if let Some(reading) = self.reading.get() {
            return Ok(Arc::clone(reading));
        }
        let reading = Arc::new(self.read(&Survey::of(&self.inner).map_err(|e| self.shape(e))?)?);
        Ok(Arc::clone(self.reading.get_or_init(|| reading)))
    }

    /// As [`Document::reading`], and checks every value against the rules of the
    /// kind, those hidden behind a conflict included. At most `conflicts` fields may
    /// have several values, and at most `hidden` values may be hidden by others.
    pub(crate) fn check(&self, conflicts: usize, hidden: usize) -> Result<(), DocumentError> {
        let survey = Survey::of(&self.inner).map_err(|e| self.shape(e))?;
        let (fields, values) = survey.disagreement();
        if fields > conflicts {
            return Err(DocumentError::TooManyConflicts);
        }
        if values > hidden {
            return Err(DocumentError::TooManyValues);
        }
        let reading = self.read(&survey)?;
        reading.content.validate()?;
        survey.alternatives(|root| Ok::<_, DocumentError>(self.typed(root)?.validate()?))?;
        self.reading.get_or_init(|| Arc::new(reading));
        Ok(())
    }

    fn read(&self, survey: &Survey<'_>) -> Result<Reading, DocumentError> {
        match survey.header("schema") {
            Some(Node::Uint(schema)) if *schema > u64::from(SCHEMA) => {
                return Err(DocumentError::NewerSchema { found: *schema });
            }
            Some(Node::Uint(_)) => {}
            _ => return Err(self.shape("the document does not say its schema once")),
        }
        match survey.header("kind") {
            Some(Node::Text(kind)) if kind == self.kind.as_str() => {}
            _ => return Err(self.shape("the document does not say that it is of this kind")),
        }
        Ok(Reading {
            content: self.typed(&survey.root)?,
            conflicts: survey.conflicts(&self.inner),
        })
    }

    fn typed(&self, root: &Node<'_>) -> Result<Content, DocumentError> {
        match self.kind {
            Kind::Visit => root.typed().map(Content::Visit),
            Kind::Place => root.typed().map(Content::Place),
            Kind::Alert => root.typed().map(Content::Alert),
            Kind::Feedback => root.typed().map(Content::Feedback),
        }
        .map_err(|e| self.shape(e))
    }

    fn shape(&self, detail: impl fmt::Display) -> DocumentError {
        DocumentError::Shape {
            kind: self.kind,
            detail: detail.to_string(),
        }
    }

    /// Returns the content; see [`Reading::content`].
    ///
    /// # Errors
    ///
    /// As [`Document::reading`], and [`DocumentError::Shape`] when a record lacks a field.
    pub fn content(&self) -> Result<Content, DocumentError> {
        Ok(self.reading()?.content.clone())
    }

    /// Returns the fields that two phones wrote at once and nobody has settled yet.
    ///
    /// # Errors
    ///
    /// As [`Document::reading`].
    pub fn conflicts(&self) -> Result<Vec<Conflict>, DocumentError> {
        Ok(self.reading()?.conflicts.clone())
    }

    /// Applies what differs between `base` (the content a person saw) and `next`
    /// (what they made of it) to the present content, field by field, so that
    /// what arrived in the meantime stays. `None` when nothing changes.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Invalid`] when the outcome breaks a rule of its kind; also when the document
    /// cannot be read.
    pub fn edit(
        &mut self,
        actor: ActorId,
        base: &serde_json::Value,
        next: &serde_json::Value,
        at: Instant,
    ) -> Result<Option<ChangeBytes>, DocumentError> {
        let present = Arc::clone(&self.reading()?);
        let merged = merge::three_way(base, next, &content_json(&present.content)?);
        let content = typed(self.kind, merged)?;
        content.validate()?;
        // What others' edits merged into must not keep anybody from going on.
        if present.content.sensible().is_ok() {
            content.sensible()?;
        }
        let before = content_node(&present.content)?;
        let after = content_node(&content)?;
        self.commit(actor, at, |tx| write::change(tx, &ROOT, &before, &after))
    }

    /// Settles a conflict: writes the chosen value anew, so that it replaces the others.
    ///
    /// # Errors
    ///
    /// [`DocumentError::NoSuchValue`] when no value of that name is to be chosen at the path.
    pub fn choose(
        &mut self,
        actor: ActorId,
        path: &[String],
        op: &str,
        at: Instant,
    ) -> Result<Option<ChangeBytes>, DocumentError> {
        let (object, key, value) =
            conflict::find(&self.inner, path, op).ok_or_else(|| DocumentError::NoSuchValue {
                path: path.join("/"),
            })?;
        self.commit(actor, at, |tx| {
            // Writing what is shown already would take the others away and say nothing: two
            // who chose apart could then leave no value at all.
            tx.put(&object, key.as_str(), ScalarValue::Null)?;
            tx.put(&object, key.as_str(), value)
        })
    }

    fn commit(
        &mut self,
        actor: ActorId,
        at: Instant,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
    ) -> Result<Option<ChangeBytes>, DocumentError> {
        self.reading = OnceLock::new();
        self.inner.set_actor(actor);
        let mut tx = self.inner.transaction();
        // Dropping the transaction on the way out rolls it back.
        write(&mut tx)?;
        let time = at.0.div_euclid(1000);
        let (hash, _) = tx.commit_with(CommitOptions::default().with_time(time));
        let change = hash.and_then(|h| self.inner.get_change_by_hash(&h));
        Ok(change.map(|change| {
            let bytes = ChangeBytes::from(&change);
            self.bytes += bytes.bytes.len();
            bytes
        }))
    }
}

/// Reads the fields of a kind from JSON.
pub(crate) fn typed(kind: Kind, json: serde_json::Value) -> Result<Content, DocumentError> {
    let content = match kind {
        Kind::Visit => serde_json::from_value(json).map(Content::Visit),
        Kind::Place => serde_json::from_value(json).map(Content::Place),
        Kind::Alert => serde_json::from_value(json).map(Content::Alert),
        Kind::Feedback => serde_json::from_value(json).map(Content::Feedback),
    };
    content.map_err(|e| DocumentError::Shape {
        kind,
        detail: e.to_string(),
    })
}

/// Returns the content's fields as JSON, without kind.
pub(crate) fn content_json(content: &Content) -> Result<serde_json::Value, DocumentError> {
    let json = match content {
        Content::Visit(visit) => serde_json::to_value(visit),
        Content::Place(place) => serde_json::to_value(place),
        Content::Alert(alert) => serde_json::to_value(alert),
        Content::Feedback(feedback) => serde_json::to_value(feedback),
    };
    json.map_err(|e| DocumentError::Shape {
        kind: content.kind(),
        detail: e.to_string(),
    })
}

fn content_node(content: &Content) -> Result<Node<'static>, DocumentError> {
    match content {
        Content::Visit(visit) => Node::of(visit),
        Content::Place(place) => Node::of(place),
        Content::Alert(alert) => Node::of(alert),
        Content::Feedback(feedback) => Node::of(feedback),
    }
    .map_err(|e: NodeError| DocumentError::Shape {
        kind: content.kind(),
        detail: e.to_string(),
    })
}

#[cfg(test)]
mod tests;
