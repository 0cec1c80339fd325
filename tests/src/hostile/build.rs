//! From a genome's numbers to the requests that they mean.

use anyhow::Result;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use sync_core::ids::{DeviceId, DocumentId, RecordId, SessionId, actor};
use sync_core::model::Kind;
use sync_core::protocol::{MOST_DOCUMENTS, Offer, PROTOCOL, Request};
use sync_core::time::Instant;

use super::genome::{Genome, Order, Sort, Style};

/// Bytes of changes in a request, below what a body may hold.
const MOST_BYTES: usize = 960_000;

/// The requests that are sent beforehand, and the one that is measured.
#[derive(Debug)]
pub struct Built {
    /// Requests that are sent beforehand.
    pub before: Vec<Request>,
    /// The request that is measured.
    pub attack: Request,
}

struct Builder<'a> {
    genome: &'a Genome,
    device: DeviceId,
    now: Instant,
    /// Names of sessions, records and documents.
    drawn: u64,
}

/// Builds a genome's requests in a device's name.
///
/// # Errors
/// When the engine does not write them.
pub fn build(genome: &Genome, device: DeviceId, now: Instant) -> Result<Built> {
    let mut builder = Builder {
        genome,
        device,
        now,
        drawn: u64::from_be_bytes(*device.as_bytes()) << 32,
    };
    builder.build()
}

impl Builder<'_> {
    fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        // Spread, as drawn ids are.
        self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn id(&mut self) -> DocumentId {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.draw().to_be_bytes());
        id[8..].copy_from_slice(self.device.as_bytes());
        DocumentId::from_bytes(id)
    }

    fn actor(&mut self) -> automerge::ActorId {
        let session = SessionId::from_bytes(self.draw().to_be_bytes());
        actor(self.device, session)
    }

    fn kind(&self) -> Kind {
        match self.genome.sort {
            Sort::Counts | Sort::Encounters => Kind::Visit,
            Sort::Tips | Sort::States => Kind::Place,
        }
    }

    fn map(&self) -> &'static str {
        match self.genome.sort {
            Sort::Counts => "counts",
            Sort::Encounters => "encounters",
            Sort::Tips => "tips",
            Sort::States => "states",
        }
    }

    fn commit(&self, doc: &mut AutoCommit) -> Option<Vec<u8>> {
        let at = self.now.0.div_euclid(1000);
        doc.commit_with(CommitOptions::default().with_time(at))?;
        Some(doc.get_last_local_change()?.raw_bytes().to_vec())
    }

    /// A document with so many records, and the change that makes it.
    fn made(&mut self, place: DocumentId, records: usize) -> Result<(AutoCommit, Vec<Vec<u8>>)> {
        let mut doc = AutoCommit::new().with_actor(self.actor());
        let kind = self.kind();
        doc.put(ROOT, "kind", kind.as_str())?;
        doc.put(ROOT, "schema", 1_u64)?;
        let maps: &[&str] = if kind == Kind::Visit {
            doc.put(ROOT, "place", ScalarValue::Bytes(place.as_bytes().to_vec()))?;
            doc.put(ROOT, "started", self.now.0)?;
            doc.put(ROOT, "access", "complete")?;
            doc.put(ROOT, "basis", "chosen")?;
            &["counts", "encounters"]
        } else {
            doc.put(ROOT, "name", "Bron (exempel)")?;
            doc.put(ROOT, "place_type", "park")?;
            doc.put(ROOT, "district", "sodermalm")?;
            doc.put(ROOT, "created", self.now.0)?;
            &["states", "tips", "proposals"]
        };
        for map in maps {
            doc.put_object(ROOT, *map, ObjType::Map)?;
        }
        let mut changes = Vec::new();
        // A change holds at most 5,000 operations and 64 kB.
        let a_change = (50_000 / (self.genome.text + 200)).clamp(1, 300);
        let mut left = records;
        loop {
            let now = left.min(a_change);
            for _ in 0..now {
                self.record(&mut doc, self.genome.text)?;
            }
            left -= now;
            changes.extend(self.commit(&mut doc));
            if left == 0 {
                return Ok((doc, changes));
            }
        }
    }

    fn record(&mut self, doc: &mut AutoCommit, text: usize) -> Result<()> {
        let id = RecordId::from_bytes(self.draw().to_be_bytes()).to_string();
        let Some((_, map)) = doc.get(ROOT, self.map())? else {
            return Ok(());
        };
        let record = doc.put_object(&map, id, ObjType::Map)?;
        doc.put(&record, "at", self.now.0)?;
        let own = ScalarValue::Bytes(self.device.as_bytes().to_vec());
        match self.genome.sort {
            Sort::Counts => {
                doc.put(&record, "observer", own)?;
                doc.put(&record, "adults", 3_u64)?;
                doc.put(&record, "sleeping", "outdoors")?;
                doc.put(&record, "method", "seen")?;
            }
            Sort::Encounters => {
                doc.put(&record, "observer", own)?;
                doc.put(&record, "adults", 1_u64)?;
                doc.put(&record, "group", "unknown")?;
                doc.put(&record, "sleeping", "outdoors")?;
                doc.put(&record, "met_before", "unknown")?;
                for set in ["languages", "needs", "information", "contacts"] {
                    doc.put_object(&record, set, ObjType::Map)?;
                }
                doc.put(&record, "note", "x".repeat(text.min(990)))?;
            }
            Sort::Tips => {
                doc.put(&record, "from", "x")?;
                doc.put(&record, "text", "x".repeat(text))?;
            }
            Sort::States => doc.put(&record, "state", "active")?,
        }
        Ok(())
    }

    /// The `n`th of the records, as far as there are any.
    fn nth(&self, doc: &AutoCommit, n: usize) -> Option<ObjId> {
        let (_, map) = doc.get(ROOT, self.map()).ok()??;
        let many = doc.length(&map);
        let key = doc.keys(&map).nth(n % many.max(1))?;
        doc.get(&map, key).ok()?.map(|(_, record)| record)
    }

    /// One change in a style; `base` is what all began with.
    fn change(&mut self, style: Style, doc: &mut AutoCommit, n: usize) -> Result<()> {
        let write = self.genome.write;
        for k in 0..self.genome.operations.max(1) {
            let at = n * self.genome.operations.max(1) + k;
            match style {
                Style::Chain | Style::Beside | Style::Joins => {
                    let text = format!("{at}{}", "x".repeat(write));
                    doc.put(ROOT, "note", text)?;
                }
                Style::BesideInRecords => {
                    let Some(record) = self.nth(doc, k) else {
                        return Ok(());
                    };
                    let (key, value): (&str, ScalarValue) = match self.genome.sort {
                        Sort::Counts => ("adults", (at as u64 % 5_000).into()),
                        Sort::Encounters => ("note", format!("{at}").into()),
                        Sort::Tips => ("checked", (self.now.0 - i64::try_from(at)?).into()),
                        Sort::States => ("withdrawn", at.is_multiple_of(2).into()),
                    };
                    doc.put(&record, key, value)?;
                }
                Style::Records => self.record(doc, write)?,
                Style::Members => {
                    let Some(record) = self.nth(doc, k) else {
                        return Ok(());
                    };
                    let Some((_, set)) = doc.get(&record, "needs")? else {
                        return Ok(());
                    };
                    if at.is_multiple_of(2) || doc.get(&set, "shelter")?.is_none() {
                        doc.put(&set, "shelter", true)?;
                    } else {
                        doc.delete(&set, "shelter")?;
                    }
                }
                Style::Toggles => {
                    let Some(record) = self.nth(doc, k) else {
                        return Ok(());
                    };
                    doc.put(&record, "withdrawn", n.is_multiple_of(2))?;
                }
            }
        }
        Ok(())
    }

    /// Changes to a document, in a style, as many as there is room for.
    fn changes(
        &mut self,
        base: &mut AutoCommit,
        style: Style,
        many: usize,
        room: &mut usize,
    ) -> Result<Vec<Vec<u8>>> {
        let mut changes: Vec<Vec<u8>> = Vec::new();
        let mut doc = base.fork().with_actor(self.actor());
        let mut tips: Vec<AutoCommit> = Vec::new();
        for n in 0..many {
            match style {
                Style::Beside | Style::BesideInRecords => {
                    doc = base.fork().with_actor(self.actor());
                }
                Style::Joins => {
                    let mut next = base.fork().with_actor(self.actor());
                    for back in [1, 2, 7] {
                        if let Some(index) = tips.len().checked_sub(back) {
                            next.merge(&mut tips[index])?;
                        }
                    }
                    doc = next;
                }
                _ => {}
            }
            self.change(style, &mut doc, n)?;
            let Some(change) = self.commit(&mut doc) else {
                continue;
            };
            let bytes = change.len() + 8;
            if bytes > *room {
                break;
            }
            *room -= bytes;
            changes.push(change);
            if style == Style::Joins && tips.len() < 200 {
                tips.push(doc.clone());
            }
        }
        Ok(changes)
    }

    /// A change that no phone may make.
    fn forbidden(&mut self, base: &mut AutoCommit) -> Option<Vec<u8>> {
        let mut doc = base.fork().with_actor(self.actor());
        doc.put(ROOT, "schema", 9_u64).ok()?;
        self.commit(&mut doc)
    }

    fn ordered(&mut self, base: &mut AutoCommit, mut changes: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        match self.genome.order {
            Order::Unknown if !changes.is_empty() => drop(changes.remove(0)),
            Order::Made | Order::Unknown => {}
            Order::Reversed => changes.reverse(),
            Order::Twice => {
                changes = changes
                    .iter()
                    .flat_map(|c| [c.clone(), c.clone()])
                    .collect();
            }
            Order::LastFails => changes.extend(self.forbidden(base)),
            Order::MiddleFails => {
                let middle = changes.len() / 2;
                if let Some(forbidden) = self.forbidden(base) {
                    changes.insert(middle, forbidden);
                }
            }
        }
        changes
    }

    fn build(&mut self) -> Result<Built> {
        let genome = self.genome;
        let place = self.id();
        let mut before: Vec<Offer> = Vec::new();
        let mut there = Vec::new();
        for _ in 0..genome.there {
            let id = self.id();
            let (mut doc, mut changes) = self.made(place, genome.records)?;
            let mut room = 700_000;
            for (style, many) in [
                (Style::Beside, genome.hidden),
                (Style::Chain, genome.changes),
            ] {
                let more = self.changes(&mut doc, style, many, &mut room)?;
                for bytes in &more {
                    let change = automerge::Change::from_bytes(bytes.clone())?;
                    doc.apply_changes([change])?;
                }
                changes.extend(more);
            }
            before.push(self.offer(id, changes));
            there.push((id, doc));
        }
        for _ in 0..genome.night {
            let id = self.id();
            let (_, changes) = self.made(place, 1)?;
            before.push(self.offer(id, changes));
        }
        let mut batch = Vec::new();
        let mut room = MOST_BYTES;
        for (id, doc) in there.iter_mut().take(genome.edited) {
            let changes = self.changes(doc, genome.style, genome.each, &mut room)?;
            let changes = self.ordered(doc, changes);
            let a_part = changes.len().div_ceil(genome.offers.max(1)).max(1);
            let parts = changes.chunks(a_part).map(<[Vec<u8>]>::to_vec);
            let parts: Vec<_> = parts.collect();
            batch.extend(parts.into_iter().map(|part| self.offer(*id, part)));
        }
        for _ in 0..genome.fresh {
            let id = self.id();
            let (mut doc, mut changes) = self.made(place, genome.records.min(20))?;
            let bytes: usize = changes.iter().map(|c| c.len() + 8).sum();
            if bytes > room {
                break;
            }
            room -= bytes;
            let more = self.changes(&mut doc, genome.style, genome.each, &mut room)?;
            changes.extend(self.ordered(&mut doc, more));
            batch.push(self.offer(id, changes));
        }
        // What was made twice may have outgrown it.
        let mut bytes = 0;
        batch.retain(|offer: &Offer| {
            bytes += 60 + offer.changes.iter().map(|c| c.len() + 4).sum::<usize>();
            bytes < MOST_BYTES
        });
        batch.truncate(MOST_DOCUMENTS);
        Ok(Built {
            before: portions(before)
                .into_iter()
                .map(|b| request(b, u64::MAX >> 1))
                .collect(),
            attack: request(batch, if genome.reads_all { 0 } else { u64::MAX >> 1 }),
        })
    }

    fn offer(&self, document: DocumentId, changes: Vec<Vec<u8>>) -> Offer {
        Offer {
            document,
            kind: self.kind(),
            known_heads: Vec::new(),
            changes: changes.into_iter().map(Into::into).collect(),
            relayed: None,
        }
    }
}

fn request(batch: Vec<Offer>, cursor: u64) -> Request {
    Request {
        protocol: PROTOCOL,
        epoch: 0,
        cursor,
        sent_at: 0,
        batch,
        since: None,
    }
}

/// Requests that hold no more than they may; a document's changes may come in several.
fn portions(offers: Vec<Offer>) -> Vec<Vec<Offer>> {
    const BYTES: usize = 300_000;
    let (mut portions, mut portion): (Vec<Vec<Offer>>, Vec<Offer>) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    for mut offer in offers {
        for change in std::mem::take(&mut offer.changes) {
            if bytes + change.len() > BYTES || portion.len() > MOST_DOCUMENTS / 2 {
                portions.push(std::mem::take(&mut portion));
                bytes = 0;
            }
            bytes += change.len() + 8;
            match portion.last_mut() {
                Some(last) if last.document == offer.document => last.changes.push(change),
                _ => portion.push(Offer {
                    changes: vec![change],
                    ..offer.clone()
                }),
            }
        }
    }
    portions.push(portion);
    portions.retain(|portion| !portion.is_empty());
    portions
}
