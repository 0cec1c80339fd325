//! A document: an automerge history of one kind, read and written through the
//! model's types.

mod conflict;
mod merge;

pub(crate) use conflict::survey;
pub use conflict::{Conflict, ConflictingValue};

use std::collections::BTreeSet;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, AutomergeError, Change, ChangeHash, LoadOptions, ReadDoc};
use autosurgeon::{HydrateError, ReconcileError};

use crate::ids::Hash;
use crate::model::{Alert, Content, Feedback, Invalid, Kind, Place, SCHEMA, Visit};
use crate::time::Instant;

/// What can go wrong with a document.
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
        /// What did not fit.
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
    /// Stored bytes could not be read.
    #[error("the stored document cannot be read: {0}")]
    Engine(#[from] AutomergeError),
    /// Hydrating failed.
    #[error("the document cannot be read: {0}")]
    Hydrate(#[from] HydrateError),
    /// Reconciling failed.
    #[error("the document cannot be written: {0}")]
    Reconcile(#[from] ReconcileError),
}

/// A change as it is stored and sent: a plain change chunk and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeBytes {
    /// SHA-256 of the change.
    pub hash: Hash,
    /// The chunk.
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

/// A document of one kind, in memory.
#[derive(Debug, Clone)]
pub struct Document {
    kind: Kind,
    inner: Automerge,
    bytes: usize,
}

impl Document {
    /// Creates a document with its first change. `content` is validated first.
    pub fn create(
        actor: ActorId,
        content: &Content,
        at: Instant,
    ) -> Result<(Self, ChangeBytes), DocumentError> {
        content.validate()?;
        let mut document = Self {
            kind: content.kind(),
            inner: Automerge::new(),
            bytes: 0,
        };
        let change = document.commit(actor, at, |tx| {
            tx.put(automerge::ROOT, "kind", content.kind().as_str())?;
            tx.put(automerge::ROOT, "schema", u64::from(SCHEMA))?;
            reconcile(tx, content)
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
        Ok(Self {
            kind,
            inner,
            bytes: chunks.iter().map(|c| c.len()).sum(),
        })
    }

    pub(crate) fn empty(kind: Kind) -> Self {
        Self {
            kind,
            inner: Automerge::new(),
            bytes: 0,
        }
    }

    pub(crate) fn from_engine(kind: Kind, inner: Automerge, bytes: usize) -> Self {
        Self { kind, inner, bytes }
    }

    pub(crate) fn engine(&self) -> &Automerge {
        &self.inner
    }

    pub(crate) fn engine_mut(&mut self) -> &mut Automerge {
        &mut self.inner
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// An upper bound of the document's size: the bytes of the chunks it was made of.
    pub fn size(&self) -> usize {
        self.bytes
    }

    pub(crate) fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// The whole document as one chunk without deflated columns, which the gate
    /// of another replica can read with bounded memory.
    pub fn save(&self) -> Vec<u8> {
        self.inner.save_nocompress()
    }

    /// The names of the changes that no other change builds on, sorted.
    pub fn heads(&self) -> Vec<Hash> {
        let mut heads: Vec<Hash> = self.inner.get_heads().into_iter().map(Hash::from).collect();
        heads.sort_unstable();
        heads
    }

    /// Whether the document holds a change.
    pub fn contains(&self, hash: Hash) -> bool {
        self.inner.get_change_meta_by_hash(&hash.into()).is_some()
    }

    /// Number of changes.
    pub fn change_count(&self) -> u64 {
        self.inner.stats().num_changes
    }

    /// The changes that are neither among `heads` nor before them, in causal
    /// order. Heads that the document does not know are passed over.
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

    /// The content, typed and unvalidated. Where two phones wrote one field at
    /// once, the value that all replicas agree to show.
    pub fn content(&self) -> Result<Content, DocumentError> {
        let schema: u64 = autosurgeon::hydrate_prop(&self.inner, automerge::ROOT, "schema")?;
        if schema > u64::from(SCHEMA) {
            return Err(DocumentError::NewerSchema { found: schema });
        }
        let stored: String = autosurgeon::hydrate_prop(&self.inner, automerge::ROOT, "kind")?;
        if stored != self.kind.as_str() {
            return Err(DocumentError::Shape {
                kind: self.kind,
                detail: "the document says it is of another kind".to_owned(),
            });
        }
        Ok(match self.kind {
            Kind::Visit => Content::Visit(autosurgeon::hydrate::<_, Visit>(&self.inner)?),
            Kind::Place => Content::Place(autosurgeon::hydrate::<_, Place>(&self.inner)?),
            Kind::Alert => Content::Alert(autosurgeon::hydrate::<_, Alert>(&self.inner)?),
            Kind::Feedback => Content::Feedback(autosurgeon::hydrate::<_, Feedback>(&self.inner)?),
        })
    }

    /// The content as JSON, and the fields that two phones wrote at once and
    /// nobody has settled yet.
    pub fn survey(&self) -> Result<(serde_json::Value, Vec<Conflict>), DocumentError> {
        let json = content_json(&self.content()?)?;
        let conflicts = survey(&self.inner, &json).map_err(|detail| DocumentError::Shape {
            kind: self.kind,
            detail,
        })?;
        Ok((json, conflicts))
    }

    /// The fields that two phones wrote at once and nobody has settled yet.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, DocumentError> {
        self.survey().map(|(_, conflicts)| conflicts)
    }

    /// Applies what differs between `base` (the content a person saw) and `next`
    /// (what they made of it) to the present content, field by field, so that
    /// what arrived in the meantime stays. `None` when nothing changes.
    pub fn edit(
        &mut self,
        actor: ActorId,
        base: &serde_json::Value,
        next: &serde_json::Value,
        at: Instant,
    ) -> Result<Option<ChangeBytes>, DocumentError> {
        let present = content_json(&self.content()?)?;
        let merged = merge::three_way(base, next, &present);
        let content = typed(self.kind, merged)?;
        content.validate()?;
        self.commit(actor, at, |tx| reconcile(tx, &content))
    }

    /// Settles a conflict: writes the chosen value anew, so that it replaces the others.
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
            tx.put(object, key, value)?;
            Ok(())
        })
    }

    fn commit(
        &mut self,
        actor: ActorId,
        at: Instant,
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Result<Option<ChangeBytes>, DocumentError> {
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

/// The content's fields as JSON, without kind.
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

fn reconcile(
    tx: &mut automerge::transaction::Transaction<'_>,
    content: &Content,
) -> Result<(), DocumentError> {
    match content {
        Content::Visit(visit) => autosurgeon::reconcile(tx, visit)?,
        Content::Place(place) => autosurgeon::reconcile(tx, place)?,
        Content::Alert(alert) => autosurgeon::reconcile(tx, alert)?,
        Content::Feedback(feedback) => autosurgeon::reconcile(tx, feedback)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests;
