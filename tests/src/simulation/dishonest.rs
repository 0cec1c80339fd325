//! A dishonest phone: enrolled, its signature valid, and what it sends written by
//! somebody who knows the engine and means harm. It reads as an honest phone does.

use anyhow::Result;
use sync_core::authority::Capacity;
use sync_core::document::Document;
use sync_core::ids::{DeviceId, DocumentId, Hash};
use sync_core::model::Kind;
use sync_core::protocol::{Delivery, Offer, PROTOCOL, Relayed, Reply, Request};
use sync_core::time::Instant;

use crate::app::App;
use crate::hostile::{Choices, Crafting, creation, hidden_values, written};

/// Most bytes of changes in a request: below what a body may hold.
const MOST_BYTES: usize = 900_000;

/// The material that a dishonest phone has gathered.
#[derive(Debug)]
pub(super) struct Dishonest {
    pub(super) capacity: Capacity,
    /// Deliveries that the server has handed out, receipts included.
    deliveries: Vec<Delivery>,
    /// Others' devices, whose names it forges.
    others: Vec<DeviceId>,
    /// Whether the server is put back in this run: then it takes no document's id, since
    /// whoever comes first with one keeps it.
    pub(super) takes_ids: bool,
}

impl Dishonest {
    pub(super) fn new(capacity: Capacity, others: Vec<DeviceId>) -> Self {
        Self {
            capacity,
            deliveries: Vec::new(),
            others,
            takes_ids: true,
        }
    }

    /// Keeps what a reply hands out.
    pub(super) fn hear(&mut self, reply: &[u8]) -> Result<()> {
        let reply: Reply = minicbor::decode(reply)?;
        self.deliveries.extend(reply.documents);
        let length = self.deliveries.len();
        self.deliveries.drain(..length.saturating_sub(50));
        Ok(())
    }

    /// A request that no app makes.
    pub(super) fn request(
        &self,
        choices: &mut Choices<'_>,
        app: &App,
        now: Instant,
    ) -> Result<Request> {
        let of = Crafting {
            device: app.device,
            others: &self.others,
            now,
            wild: [1, 5, 30][choices.below(3)],
            session: None,
        };
        let mut batch = Vec::new();
        for _ in 0..=choices.below(3) {
            self.tactic(choices, &of, app, &mut batch)?;
        }
        let mut bytes = 0;
        batch.retain(|offer: &Offer| {
            let own = offer.changes.iter().map(|c| c.len()).sum::<usize>();
            let relayed = offer.relayed.iter().flat_map(|r| &r.changes);
            bytes += own + relayed.map(|c| c.len()).sum::<usize>() + 100;
            bytes < MOST_BYTES
        });
        Ok(Request {
            protocol: PROTOCOL + u32::from(choices.chance(1)),
            epoch: if choices.chance(5) { 7 } else { 0 },
            cursor: [0, 1, 1_000_000, u64::MAX][choices.below(4)],
            sent_at: if choices.chance(10) { 0 } else { now.0 },
            batch,
            since: choices.chance(10).then_some(3),
        })
    }

    fn tactic(
        &self,
        choices: &mut Choices<'_>,
        of: &Crafting<'_>,
        app: &App,
        batch: &mut Vec<Offer>,
    ) -> Result<()> {
        let rows: Vec<(DocumentId, Kind)> = app.rows().map(|r| (r.document, r.kind)).collect();
        let Some(&(id, kind)) = choices.of(&rows) else {
            batch.push(Self::new_one(choices, of)?);
            return Ok(());
        };
        let document = Document::load(kind, &app.storage().chunks(id))?;
        let offer = match choices.below(100) {
            0..45 => offer(id, kind, scribbled(choices, of, document)),
            45..55 => Self::new_one(choices, of)?,
            // Its id, for another document.
            55..60 if self.takes_ids => Offer {
                document: id,
                ..Self::new_one(choices, of)?
            },
            // Many values of one field.
            60..66 => {
                let key = ["note", "name"][choices.below(2)];
                let many = 1 + choices.below(80);
                offer(id, kind, hidden_values(choices, of, &document, key, many)?)
            }
            // As full as it goes.
            66..68 => offer(id, kind, filled(choices, of, &document)),
            // Others' changes as its own: in order, out of order, with a gap.
            68..76 => {
                let mut changes: Vec<Vec<u8>> = document
                    .changes_since(&[])
                    .into_iter()
                    .map(|c| c.bytes)
                    .collect();
                match choices.below(3) {
                    0 => changes.reverse(),
                    1 => {
                        changes.remove(0);
                    }
                    _ => {}
                }
                changes.extend(written(choices, of, &document, None, 1));
                offer(id, kind, changes)
            }
            // As another kind.
            76..80 => {
                let kind = [Kind::Visit, Kind::Place, Kind::Alert, Kind::Feedback];
                let kind = kind[choices.below(4)];
                offer(id, kind, scribbled(choices, of, document))
            }
            // More than a request may hold, or just as many.
            80..82 => {
                let change = creation(choices, of, Kind::Place)?;
                for _ in 0..(10 + choices.below(195)) {
                    let id = DocumentId::from_bytes(choices.bytes());
                    batch.push(offer(id, Kind::Place, vec![change.clone()]));
                }
                return Ok(());
            }
            // Twice in one request.
            82..86 => {
                let first = offer(id, kind, scribbled(choices, of, document));
                batch.push(first.clone());
                first
            }
            // As if it had it from the server.
            86..94 => self.relayed(choices, of, id, &document),
            // With a change left out.
            _ => {
                let mut changes = scribbled(choices, of, document);
                if changes.len() > 1 {
                    changes.remove(0);
                }
                offer(id, kind, changes)
            }
        };
        batch.push(offer);
        Ok(())
    }

    fn new_one(choices: &mut Choices<'_>, of: &Crafting<'_>) -> Result<Offer> {
        let kind = [
            Kind::Visit,
            Kind::Place,
            Kind::Alert,
            Kind::Alert,
            Kind::Feedback,
        ];
        let kind = kind[choices.below(5)];
        let change = creation(choices, of, kind)?;
        let id = DocumentId::from_bytes(choices.bytes());
        Ok(offer(id, kind, vec![change]))
    }

    /// Offers what it wrote itself, or others' changes, under a receipt that it has, for this
    /// document or another, or has made up.
    fn relayed(
        &self,
        choices: &mut Choices<'_>,
        of: &Crafting<'_>,
        id: DocumentId,
        document: &Document,
    ) -> Offer {
        let known = choices.of(&self.deliveries);
        let receipt = known
            .and_then(|delivery| delivery.receipt.clone())
            .filter(|_| choices.chance(70))
            .unwrap_or_else(|| choices.bytes::<20>().to_vec().into());
        let mut changes: Vec<Vec<u8>> = document
            .changes_since(&[])
            .into_iter()
            .map(|c| c.bytes)
            .collect();
        let mut heads: Vec<Hash> = document.heads();
        let mut own = Vec::new();
        if choices.chance(30) {
            own.extend(written(choices, of, document, None, 1));
        } else if choices.chance(60) {
            let more = written(choices, of, document, None, 2);
            if choices.chance(50) {
                heads = more.iter().map(|c| crate::evidence::name(c)).collect();
            }
            changes.extend(more);
        }
        let document_of = known.filter(|_| choices.chance(30));
        Offer {
            document: document_of.map_or(id, |delivery| delivery.document),
            kind: document.kind(),
            known_heads: Vec::new(),
            changes: own.into_iter().map(Into::into).collect(),
            relayed: Some(Relayed {
                heads,
                receipt,
                changes: changes.into_iter().map(Into::into).collect(),
            }),
        }
    }
}

fn offer(document: DocumentId, kind: Kind, changes: Vec<Vec<u8>>) -> Offer {
    Offer {
        document,
        kind,
        known_heads: Vec::new(),
        changes: changes.into_iter().map(Into::into).collect(),
        relayed: None,
    }
}

/// Some changes of a few operations each, each on the one before, or beside it.
fn scribbled(choices: &mut Choices<'_>, of: &Crafting<'_>, document: Document) -> Vec<Vec<u8>> {
    let beside = choices.chance(30);
    let heads = document.heads();
    let mut grown = document;
    let mut changes: Vec<Vec<u8>> = Vec::new();
    for _ in 0..=choices.below(4) {
        let operations = 1 + choices.below(3);
        let on = beside.then_some(&heads[..]);
        let Some(change) = written(choices, of, &grown, on, operations) else {
            continue;
        };
        // What it wrote, it builds on, whether the server takes it or not.
        let mut chunks = vec![grown.save()];
        chunks.push(change.clone());
        let chunks: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
        if let Ok(next) = Document::load(grown.kind(), &chunks) {
            grown = next;
        }
        changes.push(change);
    }
    changes
}

/// Tips as long as they may be, up to what a request holds.
fn filled(choices: &mut Choices<'_>, of: &Crafting<'_>, document: &Document) -> Vec<Vec<u8>> {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};
    let mut changes = Vec::new();
    let session = sync_core::ids::SessionId::from_bytes(choices.bytes());
    let Ok(doc) = AutoCommit::load(&document.save()) else {
        return changes;
    };
    let mut doc = doc.with_actor(sync_core::ids::actor(of.device, session));
    for _ in 0..13 {
        let Ok(Some((_, tips))) = doc.get(ROOT, "tips") else {
            return changes;
        };
        for _ in 0..15 {
            let id = sync_core::ids::RecordId::from_bytes(choices.bytes()).to_string();
            let Ok(tip) = doc.put_object(&tips, id, ObjType::Map) else {
                return changes;
            };
            let _ = doc.put(&tip, "from", "x");
            let _ = doc.put(&tip, "at", of.now.0);
            let _ = doc.put(&tip, "text", "x".repeat(4_000));
        }
        doc.commit_with(CommitOptions::default().with_time(of.now.0 / 1000));
        let change = doc.get_last_local_change();
        changes.extend(change.map(|c| c.raw_bytes().to_vec()));
    }
    changes
}
