//! The effects of a reply on a replica.

use super::{
    ChunkKind, DocumentRow, Meta, Receipt, RejectedRow, Replica, ReplicaError, Writes, new_row,
};
use crate::document::Document;
use crate::gate::{Gate, RejectionCode};
use crate::ids::{DocumentId, Hash};
use crate::protocol::{Delivery, OfferResult, Rejected, Reply, is_later, receipt_mark};
use crate::time::Instant;

/// The effects of a reply, for the app.
#[derive(Debug, Default)]
pub struct Received {
    /// To be stored in one transaction.
    pub writes: Writes,
    /// Whether to ask again at once: the server has more, or the phone has.
    pub more: bool,
    /// How many own changes the server has now taken.
    pub accepted: u32,
    /// Changes that the server did not let in.
    pub rejected: Vec<(DocumentId, Rejected)>,
    /// Changes that it did not take this time, and why: they wait, and go by themselves.
    pub later: Vec<(DocumentId, Rejected)>,
    /// Documents that look different now.
    pub changed: Vec<DocumentId>,
    /// Documents that were erased.
    pub purged: Vec<DocumentId>,
    /// Deliveries that did not pass the gate here, by document and code.
    pub refused: Vec<(DocumentId, &'static str)>,
    /// The server's clock.
    pub server_time: Instant,
    /// Whether the server takes its own clock for wrong: nothing is to be corrected by it.
    pub clock_doubted: bool,
    /// The server was restored from a backup, or this is the first contact.
    pub epoch_changed: bool,
}

impl Replica {
    /// Returns the documents that a reply touches and that the replica holds: they must be
    /// loaded before [`Replica::receive`].
    ///
    /// # Errors
    ///
    /// [`ReplicaError::Reply`] when the reply cannot be read.
    pub fn documents_to_receive(&self, reply: &[u8]) -> Result<Vec<DocumentId>, ReplicaError> {
        let reply = decode(reply)?;
        let offered = reply.results.iter().map(|result| result.document);
        let delivered = reply.documents.iter().map(|delivery| delivery.document);
        let mut ids: Vec<_> = offered
            .chain(delivered)
            .filter(|id| self.rows.contains_key(id))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Takes a reply in. Its changes pass the same gate as on the server.
    ///
    /// # Errors
    ///
    /// [`ReplicaError::Reply`] when the reply cannot be read, [`ReplicaError::NotLoaded`] when
    /// a document that it touches is not in memory. The replica is then to be opened anew.
    pub fn receive(&mut self, reply: &[u8], now: Instant) -> Result<Received, ReplicaError> {
        let reply = decode(reply)?;
        // A phone's own clock may be wrong, and what it refused would not come again.
        let now = now.max(Instant(reply.server_time));
        let mut received = Received {
            more: reply.more,
            server_time: Instant(reply.server_time),
            clock_doubted: reply.clock_doubted,
            epoch_changed: reply.epoch != self.meta.epoch,
            ..Received::default()
        };
        // A server that was restored may lack what it once acknowledged: what
        // this phone made counts as unsent until the new epoch has it.
        if received.epoch_changed && self.meta.epoch != 0 {
            self.doubt_everything(&mut received.writes);
            received.more = true;
        } else {
            for result in &reply.results {
                self.take_result(result, &mut received)?;
            }
        }
        self.in_flight.clear();
        for delivery in &reply.documents {
            self.deliver(delivery, now, &mut received)?;
        }
        // A document that was erased before this phone ever read the log is not
        // among those to purge.
        let erased = reply.results.iter().filter(|result| {
            let code = result.rejected.as_ref().map(|r| r.code.as_str());
            code == Some(RejectionCode::Erased.as_str())
        });
        for id in reply.purge.iter().chain(erased.map(|r| &r.document)) {
            if self.rows.remove(id).is_some() {
                self.open.remove(id);
                let writes = &mut received.writes;
                writes.documents.retain(|row| row.document != *id);
                writes.chunks.retain(|chunk| chunk.document != *id);
                writes.drop_chunks_before.retain(|(drop, _)| drop != id);
                writes.remove_documents.push(*id);
                received.purged.push(*id);
            }
        }
        received.writes.coverage = reply.coverage;
        let anew = received.epoch_changed && self.meta.epoch != 0;
        let began = self.meta.since.unwrap_or(self.meta.cursor);
        self.meta = Meta {
            epoch: reply.epoch,
            cursor: if anew { 0 } else { reply.cursor },
            since: (reply.more && !anew).then_some(began),
            draw: reply.draw.or(self.meta.draw.take()),
            behind: if received.epoch_changed {
                self.meta.epoch != 0
            } else {
                self.meta.behind && reply.more
            },
        };
        received.writes.meta = Some(self.meta.clone());
        received.more |= self.has_more_to_send();
        Ok(received)
    }

    fn doubt_everything(&mut self, writes: &mut Writes) {
        for row in self.rows.values_mut() {
            if !row.server_heads.is_empty() {
                row.server_heads.clear();
                row.unsent = row.own_changes;
                row.relay = row.receipt.is_some();
                writes.documents.push(row.clone());
            }
        }
    }

    fn take_result(
        &mut self,
        result: &OfferResult,
        received: &mut Received,
    ) -> Result<(), ReplicaError> {
        let id = result.document;
        let Some(sent) = self.in_flight.remove(&id) else {
            return Ok(());
        };
        let taken = sent.own.len().min(result.accepted as usize);
        received.accepted += result.accepted;
        let document = self.open.get(&id).ok_or(ReplicaError::NotLoaded(id))?;
        let row = self.rows.get_mut(&id).ok_or(ReplicaError::Unknown(id))?;
        let later = result.rejected.as_ref().is_some_and(|r| is_later(&r.code));
        // What was not looked at says nothing of the server's word.
        let looked_at = !later || result.relayed.is_some();
        if let Some(relayed) = sent.relayed.filter(|_| looked_at) {
            // Once: a server that does not know its own word will not the next time.
            row.relay = false;
            if result
                .relayed
                .is_some_and(|taken| taken as usize == relayed)
            {
                let heads = row.receipt.iter().flat_map(|receipt| &receipt.heads);
                row.server_heads.extend(heads);
            }
        }
        row.server_heads.extend_from_slice(&sent.own[..taken]);
        tidy_heads(row, document);
        row.unsent = count(&document.own_changes_since(&row.server_heads, self.identity.device));
        let refused = result.rejected.as_ref().filter(|_| !later);
        row.rejected = refused.map(|rejected| RejectedRow {
            code: rejected.code.clone(),
            detail: rejected.detail.clone(),
        });
        self.postponed.remove(&id);
        if let Some(rejected) = refused {
            self.refused.insert(id);
            received.rejected.push((id, rejected.clone()));
        } else if let Some(rejected) = &result.rejected {
            // Where some of it was taken, the rest may follow at once.
            if taken == 0 {
                self.postponed.insert(id);
            }
            received.later.push((id, rejected.clone()));
        }
        received.changed.push(id);
        self.refresh(id, &mut received.writes)
    }

    fn deliver(
        &mut self,
        delivery: &Delivery,
        now: Instant,
        received: &mut Received,
    ) -> Result<(), ReplicaError> {
        let id = delivery.document;
        if self.rows.contains_key(&id) {
            self.catch_up(delivery, now, received)?;
        } else if !self.begin(delivery, now, received)? {
            return Ok(());
        }
        received.changed.push(id);
        self.refresh(id, &mut received.writes)
    }

    /// Takes in a document that is new here; returns `false` when nothing of it passed the
    /// gate.
    fn begin(
        &mut self,
        delivery: &Delivery,
        now: Instant,
        received: &mut Received,
    ) -> Result<bool, ReplicaError> {
        let id = delivery.document;
        let gate = Gate::default();
        let snapshot = delivery.snapshot.as_ref();
        let start = snapshot.map(|bytes| gate.admit_snapshot(delivery.kind, bytes));
        let start = match start.transpose() {
            Ok(start) => start,
            Err(refusal) => {
                received.refused.push((id, refusal.code.as_str()));
                return Ok(false);
            }
        };
        let changes: Vec<&[u8]> = delivery.changes.iter().map(|c| c.as_slice()).collect();
        let admission = gate.admit(delivery.kind, start.as_ref(), &changes, None, now);
        if let Some(refusal) = &admission.rejected {
            received.refused.push((id, refusal.code.as_str()));
        }
        let Some(document) = admission.document else {
            return Ok(false);
        };
        // One change that begins a document replaces nothing, so the whole can be read
        // again; any other is read back before it is all that is kept.
        let snapshot = if start.is_some() || changes.len() > 1 {
            document.compact()
        } else {
            Some(document.save())
        };
        let Some(snapshot) = snapshot else {
            received
                .refused
                .push((id, RejectionCode::EngineFailure.as_str()));
            return Ok(false);
        };
        let mut row = new_row(id, &document)?;
        row.server_heads = document.heads();
        row.own = delivery.own != Some(false);
        note_receipt(&mut row, delivery);
        self.rows.insert(id, row);
        self.open.insert(id, document);
        self.append(id, ChunkKind::Snapshot, snapshot, &mut received.writes)?;
        Ok(true)
    }

    /// Changes to a document that the replica holds.
    fn catch_up(
        &mut self,
        delivery: &Delivery,
        now: Instant,
        received: &mut Received,
    ) -> Result<(), ReplicaError> {
        let id = delivery.document;
        let gate = Gate::default();
        let mut changes: Vec<Vec<u8>> = Vec::new();
        // After a restored server or a cursor of 0 the server sends whole
        // documents; what is new in them is taken over change by change.
        if let Some(bytes) = &delivery.snapshot {
            match gate.admit_snapshot(delivery.kind, bytes) {
                Ok(whole) => {
                    changes.extend(whole.changes_since(&[]).into_iter().map(|c| c.bytes));
                }
                Err(refusal) => {
                    received.refused.push((id, refusal.code.as_str()));
                    return Ok(());
                }
            }
        }
        changes.extend(delivery.changes.iter().map(|c| c.to_vec()));
        let slices: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
        let held = self.open.get(&id).ok_or(ReplicaError::NotLoaded(id))?;
        let admission = gate.admit(delivery.kind, Some(held), &slices, None, now);
        if let Some(refusal) = &admission.rejected {
            received.refused.push((id, refusal.code.as_str()));
        }
        if let Some(document) = admission.document {
            self.open.insert(id, document);
        }
        if admission.accepted.iter().any(|a| a.new) {
            self.refused.remove(&id);
        }
        let hashes: Vec<Hash> = admission.accepted.iter().map(|a| a.hash).collect();
        for accepted in admission.accepted.into_iter().filter(|a| a.new) {
            self.append(id, ChunkKind::Change, accepted.bytes, &mut received.writes)?;
        }
        let document = self.open.get(&id).ok_or(ReplicaError::NotLoaded(id))?;
        let row = self.rows.get_mut(&id).ok_or(ReplicaError::Unknown(id))?;
        row.server_heads.extend(hashes);
        row.own = delivery.own != Some(false);
        tidy_heads(row, document);
        note_receipt(row, delivery);
        if let Some(receipt) = row.receipt.as_ref().filter(|_| row.relay) {
            row.relay = !document.covers(&row.server_heads, &receipt.heads);
        }
        row.unsent = count(&document.own_changes_since(&row.server_heads, self.identity.device));
        Ok(())
    }
}

/// Keeps the server's word on the heads that it is now known to hold.
fn note_receipt(row: &mut DocumentRow, delivery: &Delivery) {
    // While the server may lack something, its older word is worth more.
    let mark = receipt_mark(&row.server_heads);
    let word = delivery.receipt.as_ref().filter(|_| !row.relay);
    if let Some(word) = word.filter(|word| word.starts_with(&mark)) {
        row.receipt = Some(Receipt {
            heads: row.server_heads.clone(),
            word: word.to_vec(),
        });
    }
}

fn count<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

/// Reduces the server's heads to those that none of the others builds on.
fn tidy_heads(row: &mut DocumentRow, document: &Document) {
    row.server_heads = document.maximal(&row.server_heads);
}

fn decode(reply: &[u8]) -> Result<Reply, ReplicaError> {
    minicbor::decode(reply).map_err(|e| ReplicaError::Reply(e.to_string()))
}
