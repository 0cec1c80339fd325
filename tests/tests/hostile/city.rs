//! The server's core with some devices, and changes written with the engine itself.

use std::cell::Cell;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc};
use lagesbild_server::outreach::store::Scope;
use lagesbild_server::outreach::store::Store;
use lagesbild_server::outreach::store::backup::{Expired, restore};
use lagesbild_server::outreach::store::log::{Found, LogStore};
use lagesbild_server::outreach::sync::exchange;
use lagesbild_server::shared::accounts::members::Organisation;
use lagesbild_server::shared::principal::Actor;
use lagesbild_tests::sample;
use sync_core::authority::Capacity;
use sync_core::document::Document;
use sync_core::ids::{DeviceId, DocumentId, RecordId, SessionId, actor};
use sync_core::model::{Content, Kind};
use sync_core::protocol::{Offer, OfferResult, PROTOCOL, Relayed, Reply, Request};
use sync_core::time::Instant;

pub(crate) const NOW: Instant = Instant(1_717_437_600_000);
pub(crate) const DAY: i64 = 86_400_000;

/// A device that sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sender {
    device: u8,
    pub(crate) organisation: &'static str,
    pub(crate) capacity: Capacity,
}

pub(crate) const fn sender(device: u8, organisation: &'static str, capacity: Capacity) -> Sender {
    Sender {
        device,
        organisation,
        capacity,
    }
}

/// Makes what is attacked.
pub(crate) const ANNA: Sender = sender(1, "eu-teamet", Capacity::Worker);
/// Her colleague, dishonest.
pub(crate) const BO: Sender = sender(2, "eu-teamet", Capacity::Worker);
/// A coordinator of theirs, dishonest.
pub(crate) const KAJ: Sender = sender(3, "eu-teamet", Capacity::Coordinator);
/// Of another organisation, dishonest.
pub(crate) const MAX: Sender = sender(4, "forening-a", Capacity::Worker);
/// A coordinator there.
pub(crate) const MIA: Sender = sender(5, "forening-a", Capacity::Coordinator);

impl Sender {
    pub(crate) fn id(self) -> DeviceId {
        DeviceId::from_bytes([self.device; 8])
    }
}

pub(crate) struct City {
    pub(crate) store: Store,
    directory: tempfile::TempDir,
    drawn: Cell<u64>,
}

impl City {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("data")).unwrap();
        for id in ["eu-teamet", "forening-a"] {
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
        Self {
            store,
            directory,
            drawn: Cell::new(1),
        }
    }

    /// Puts back what the server was before `meanwhile`.
    pub(crate) async fn put_back(self, meanwhile: impl AsyncFnOnce(&Self)) -> Self {
        let backup = self.directory.path().join("backup");
        self.store.backup(backup.clone()).await.unwrap();
        meanwhile(&self).await;
        let Self {
            store,
            directory,
            drawn,
        } = self;
        drop(store);
        let data = directory.path().join("data");
        restore(&data, &backup, Expired::Destroyed, NOW).unwrap();
        Self {
            store: Store::open(&data).unwrap(),
            directory,
            drawn,
        }
    }

    pub(crate) fn draw(&self) -> [u8; 8] {
        let drawn = self.drawn.get();
        self.drawn.set(drawn + 1);
        drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()
    }

    pub(crate) fn id(&self) -> DocumentId {
        let mut id = [7; 16];
        id[..8].copy_from_slice(&self.draw());
        DocumentId::from_bytes(id)
    }

    pub(crate) async fn reply(&self, from: Sender, batch: Vec<Offer>) -> Reply {
        let scope = Scope {
            device: from.id(),
            organisation: from.organisation.parse().unwrap(),
            by: Actor::SERVER,
            act: None,
            capacity: from.capacity,
        };
        let request = Request {
            protocol: PROTOCOL,
            epoch: 0,
            cursor: 0,
            sent_at: NOW.0,
            batch,
            since: None,
        };
        exchange(&self.store, &scope, request, NOW).await.unwrap()
    }

    /// Offers changes; what became of them: how many were let in, and why not all.
    pub(crate) async fn offer(
        &self,
        from: Sender,
        (id, kind): (DocumentId, Kind),
        changes: Vec<Vec<u8>>,
    ) -> OfferResult {
        let offer = offer(id, kind, changes);
        self.reply(from, vec![offer]).await.results.remove(0)
    }

    /// Makes a document as the app does.
    pub(crate) async fn made(&self, from: Sender, content: &Content) -> DocumentId {
        let id = self.id();
        let session = SessionId::from_bytes(self.draw());
        let (_, change) = Document::create(actor(from.id(), session), content, NOW).unwrap();
        let result = self
            .offer(from, (id, content.kind()), vec![change.bytes])
            .await;
        assert_eq!(result.rejected, None);
        id
    }

    /// Makes a place of hers.
    pub(crate) async fn place(&self) -> DocumentId {
        self.made(ANNA, &sample::place("Bron", "sodermalm", NOW))
            .await
    }

    /// A visit of hers with a count.
    pub(crate) async fn visit(&self) -> (DocumentId, RecordId) {
        let place = self.place().await;
        let record = RecordId::from_bytes(self.draw());
        let visit = sample::visit(place, record, sample::count(ANNA.id(), NOW, 4));
        (self.made(ANNA, &visit).await, record)
    }

    /// An alert of hers.
    pub(crate) async fn alert(&self) -> DocumentId {
        self.made(ANNA, &sample::alert(NOW)).await
    }

    pub(crate) async fn document(&self, id: DocumentId) -> Document {
        let Some(Found::Document(stored)) = self.store.find(vec![id]).await.unwrap().pop() else {
            panic!("{id} is not there")
        };
        let chunks: Vec<&[u8]> = stored.chunks.iter().map(Vec::as_slice).collect();
        Document::load(stored.kind, &chunks).unwrap()
    }

    /// Returns what the server says of a document.
    pub(crate) async fn said(&self, id: DocumentId) -> serde_json::Value {
        let content = self.document(id).await.content().unwrap();
        sync_core::replica::Creation::from(content).content
    }

    /// The change that somebody writes with the engine on what is there.
    pub(crate) async fn crafted(
        &self,
        by: Sender,
        id: DocumentId,
        write: impl Fn(&mut AutoCommit),
    ) -> Vec<u8> {
        let doc = AutoCommit::load(&self.document(id).await.save()).unwrap();
        let session = SessionId::from_bytes(self.draw());
        let mut doc = doc.with_actor(actor(by.id(), session));
        write(&mut doc);
        doc.commit_with(CommitOptions::default().with_time(NOW.0 / 1000));
        doc.get_last_local_change().unwrap().raw_bytes().to_vec()
    }

    /// Writes a change and offers it; the code that it was refused with.
    pub(crate) async fn tries(
        &self,
        by: Sender,
        id: DocumentId,
        write: impl Fn(&mut AutoCommit),
    ) -> Option<String> {
        let kind = self.document(id).await.kind();
        let change = self.crafted(by, id, write).await;
        let result = self.offer(by, (id, kind), vec![change]).await;
        result.rejected.map(|rejected| rejected.code)
    }

    /// She goes on with a note, as the app does.
    pub(crate) async fn goes_on(&self, id: DocumentId) -> Option<String> {
        let mut document = self.document(id).await;
        let base = self.said(id).await;
        let mut next = base.clone();
        next["note"] = "sedan (exempel)".into();
        let session = actor(ANNA.id(), SessionId::from_bytes(self.draw()));
        let change = document.edit(session, &base, &next, NOW).unwrap().unwrap();
        let offer = self.offer(ANNA, (id, document.kind()), vec![change.bytes]);
        offer.await.rejected.map(|rejected| rejected.code)
    }

    /// Returns what is given back after a restore.
    pub(crate) fn relayed(reply: &Reply, id: DocumentId, document: &Document) -> Relayed {
        let delivery = reply.documents.iter().find(|d| d.document == id).unwrap();
        Relayed {
            heads: document.heads(),
            receipt: delivery.receipt.clone().unwrap(),
            changes: document
                .changes_since(&[])
                .into_iter()
                .map(|change| change.bytes.into())
                .collect(),
        }
    }
}

pub(crate) fn offer(document: DocumentId, kind: Kind, changes: Vec<Vec<u8>>) -> Offer {
    Offer {
        document,
        kind,
        known_heads: Vec::new(),
        changes: changes.into_iter().map(Into::into).collect(),
        relayed: None,
    }
}

/// A map below the root.
pub(crate) fn map(doc: &AutoCommit, key: &str) -> ObjId {
    doc.get(ROOT, key).unwrap().unwrap().1
}

/// A record of a map.
pub(crate) fn record(doc: &AutoCommit, key: &str, id: RecordId) -> ObjId {
    doc.get(map(doc, key), id.to_string()).unwrap().unwrap().1
}

/// Adds a record of some fields.
pub(crate) fn add(doc: &mut AutoCommit, key: &str, id: [u8; 8]) -> ObjId {
    let map = map(doc, key);
    let id = RecordId::from_bytes(id).to_string();
    doc.put_object(map, id, ObjType::Map).unwrap()
}
