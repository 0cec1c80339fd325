//! A made-up partnership for tests: real documents, a real store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use sync_core::authority::Capacity;
use sync_core::document::{ChangeBytes, Document};
use sync_core::ids::{DeviceId, DocumentId, RecordId, SessionId, actor};
use sync_core::model::{
    Access, Basis, CodeSet, Content, Count, Encounter, Group, Kind, MetBefore, Place, PlaceType,
    Records, Sleeping, Visit,
};
use sync_core::protocol::{Offer, PROTOCOL, Reply, Request};
use sync_core::time::Instant;

use super::{exchange, server_changes};
use crate::outreach::store::Scope;
use crate::outreach::store::expiry::{ExpiryStore, Term};
use crate::outreach::store::{Store, StoreOptions};
use crate::shared::accounts::members::Organisation;
use crate::shared::principal::Actor;

/// Monday 2024-06-03, 20:00 in Stockholm.
pub(crate) const NOW: Instant = Instant(1_717_437_600_000);
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) struct City {
    pub(crate) store: Store,
    directory: tempfile::TempDir,
}

impl City {
    pub(crate) async fn new() -> Self {
        Self::with(&StoreOptions::default()).await
    }

    /// Closes the store and leaves its directory.
    pub(crate) fn close(self) -> tempfile::TempDir {
        self.directory
    }

    /// Opens the store that a directory holds.
    pub(crate) fn reopen(directory: tempfile::TempDir) -> Self {
        Self {
            store: Store::open(directory.path()).unwrap(),
            directory,
        }
    }

    pub(crate) async fn with(options: &StoreOptions) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open_with(directory.path(), options).unwrap();
        for id in ["eu-teamet", "forening-a", "forening-b", "forening-c"] {
            let organisation = Organisation {
                id: id.parse().unwrap(),
                name: format!("{id} (exempel)"),
            };
            store
                .accounts()
                .put_organisation(organisation, NOW)
                .await
                .unwrap();
        }
        Self { store, directory }
    }
}

/// A phone that remembers its documents and how far it has read.
pub(crate) struct Phone {
    pub(crate) scope: Scope,
    pub(crate) cursor: u64,
    pub(crate) since: Option<u64>,
    pub(crate) epoch: u64,
    pub(crate) documents: BTreeMap<DocumentId, Document>,
}

impl Phone {
    pub(crate) fn new(number: u8, organisation: &str) -> Self {
        Self {
            scope: Scope {
                device: DeviceId::from_bytes([number; 8]),
                organisation: organisation.parse().unwrap(),
                by: Actor::SERVER,
                act: None,
                capacity: Capacity::Worker,
            },
            cursor: 0,
            since: None,
            epoch: 0,
            documents: BTreeMap::new(),
        }
    }

    fn actor(&self) -> automerge::ActorId {
        actor(self.scope.device, SessionId::from_bytes([1; 8]))
    }

    /// Makes a document; what was observed in it, this phone observed.
    pub(crate) fn create(&mut self, id: DocumentId, content: &Content, at: Instant) -> Offer {
        let mut content = content.clone();
        if let Content::Visit(visit) = &mut content {
            let device = self.scope.device;
            visit.counts.values_mut().for_each(|c| c.observer = device);
            visit
                .encounters
                .values_mut()
                .for_each(|e| e.observer = device);
        }
        let content = &content;
        let (document, change) = Document::create(self.actor(), content, at).unwrap();
        self.documents.insert(id, document);
        offer(id, content.kind(), &[change])
    }

    pub(crate) fn edit(
        &mut self,
        id: DocumentId,
        at: Instant,
        change: impl FnOnce(&mut Content),
    ) -> Offer {
        let actor = self.actor();
        let document = self.documents.get_mut(&id).unwrap();
        let base = document.content().unwrap();
        let mut next = base.clone();
        change(&mut next);
        let change = document
            .edit(actor, &json(&base), &json(&next), at)
            .unwrap()
            .unwrap();
        offer(id, next.kind(), &[change])
    }

    /// Sends offers and takes the reply in.
    pub(crate) async fn sync(&mut self, store: &Store, batch: Vec<Offer>) -> Reply {
        self.sync_at(store, batch, NOW).await
    }

    pub(crate) async fn sync_at(
        &mut self,
        store: &Store,
        batch: Vec<Offer>,
        now: Instant,
    ) -> Reply {
        let request = self.request(batch);
        let reply = exchange(store, &self.scope, request, now).await.unwrap();
        self.take(&reply);
        reply
    }

    pub(crate) fn request(&self, batch: Vec<Offer>) -> Request {
        Request {
            protocol: PROTOCOL,
            epoch: self.epoch,
            cursor: self.cursor,
            sent_at: NOW.0,
            batch,
            since: self.since,
        }
    }

    pub(crate) fn take(&mut self, reply: &Reply) {
        for delivery in &reply.documents {
            let mut chunks: Vec<Vec<u8>> = Vec::new();
            if let Some(known) = self.documents.get(&delivery.document) {
                chunks.push(known.save());
            }
            chunks.extend(delivery.snapshot.iter().map(|s| s.to_vec()));
            chunks.extend(delivery.changes.iter().map(|c| c.to_vec()));
            let document = merged(delivery.kind, &chunks);
            self.documents.insert(delivery.document, document);
        }
        for id in &reply.purge {
            self.documents.remove(id);
        }
        self.since = reply.more.then_some(self.since.unwrap_or(self.cursor));
        self.cursor = reply.cursor;
        self.epoch = reply.epoch;
    }
}

/// Hides what was received so many days ago, destroys what was hidden a week ago. Gives how
/// many.
pub(crate) async fn expire(store: &Store, kind: Kind, days: u32, now: Instant) -> (u64, u64) {
    let term = Term {
        kind,
        days,
        hidden_days: 7,
    };
    let due = store.due(term, now).await.unwrap();
    store.expire(term, due, now, || false).await.unwrap()
}

/// Changes a document at a desk.
pub(crate) async fn at_desk(
    store: &Store,
    id: DocumentId,
    edit: impl FnOnce(&mut Content) + Send + 'static,
) {
    static SESSIONS: AtomicU64 = AtomicU64::new(1);
    let session = SESSIONS.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let edit = |mut content: Content| {
        edit(&mut content);
        content
    };
    server_changes::change(
        store,
        &server_changes::Attribution::SERVER,
        id,
        SessionId::from_bytes(session),
        edit,
        NOW,
    )
    .await
    .unwrap();
}

fn merged(kind: Kind, chunks: &[Vec<u8>]) -> Document {
    // Several whole documents cannot be loaded one after the other; their
    // changes can.
    let mut changes: Vec<Vec<u8>> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for chunk in chunks {
        let part = Document::load(kind, &[chunk]);
        let part = match part {
            Ok(part) if part.change_count() > 0 => part,
            _ => {
                let whole: Vec<&[u8]> = changes
                    .iter()
                    .map(Vec::as_slice)
                    .chain([chunk.as_slice()])
                    .collect();
                Document::load(kind, &whole).unwrap()
            }
        };
        for change in part.changes_since(&[]) {
            if seen.insert(change.hash) {
                changes.push(change.bytes);
            }
        }
    }
    let all: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    Document::load(kind, &all).unwrap()
}

pub(crate) fn json(content: &Content) -> serde_json::Value {
    serde_json::to_value(content).unwrap()["content"].take()
}

pub(crate) fn offer(document: DocumentId, kind: Kind, changes: &[ChangeBytes]) -> Offer {
    Offer {
        document,
        kind,
        known_heads: Vec::new(),
        changes: changes.iter().map(|c| c.bytes.clone().into()).collect(),
        relayed: None,
    }
}

pub(crate) fn id(n: u32) -> DocumentId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    DocumentId::from_bytes(bytes)
}

pub(crate) fn place(name: &str) -> Content {
    Content::Place(Place {
        name: format!("{name} (exempel)"),
        place_type: PlaceType::Park,
        district: "sodermalm".to_owned(),
        latitude: None,
        longitude: None,
        exact: false,
        created: Instant(NOW.0 - 100 * DAY),
        states: Records::default(),
        tips: Records::default(),
        proposals: Records::default(),
        same_as: None,
        note: String::new(),
        withdrawn: false,
    })
}

pub(crate) fn count(best: u32) -> Count {
    Count {
        sleeping: Sleeping::Outdoors,
        ..Count::of_adults(DeviceId::from_bytes([1; 8]), NOW, best)
    }
}

pub(crate) fn encounter() -> Encounter {
    Encounter {
        observer: DeviceId::from_bytes([1; 8]),
        at: NOW,
        adults: 1,
        children: 0,
        group: Group::EuEea,
        languages: CodeSet::default(),
        sleeping: Sleeping::Outdoors,
        met_before: MetBefore::No,
        met_by: None,
        code: None,
        needs: CodeSet::default(),
        information: BTreeMap::new(),
        contacts: CodeSet::default(),
        note: "KANARIEFÅGEL".to_owned(),
        withdrawn: false,
    }
}

pub(crate) fn visit(place: DocumentId, started: Instant, counts: &[Count]) -> Content {
    let counts = (1_u64..)
        .zip(counts)
        .map(|(n, c)| (RecordId::from_bytes(n.to_be_bytes()), c.clone()))
        .collect();
    Content::Visit(Visit {
        place,
        started,
        ended: None,
        access: Access::Complete,
        basis: Basis::Chosen,
        weather_opening: false,
        counts: Records(counts),
        encounters: Records::default(),
        note: String::new(),
        withdrawn: false,
    })
}

pub(crate) fn as_visit(content: &mut Content) -> &mut Visit {
    match content {
        Content::Visit(visit) => visit,
        other => panic!("a visit, not {}", other.kind()),
    }
}

pub(crate) fn as_place(content: &mut Content) -> &mut Place {
    match content {
        Content::Place(place) => place,
        other => panic!("a place, not {}", other.kind()),
    }
}
