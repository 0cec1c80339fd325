//! A replica's news for the server, as a request.

use minicbor::bytes::ByteVec;

use super::{DocumentRow, InFlight, Receipt, Replica, ReplicaError, Sent};
use crate::document::{ChangeBytes, Document};
use crate::ids::{DocumentId, Hash};
use crate::model::Kind;
use crate::protocol::{BODY_BYTES, MOST_DOCUMENTS, Offer, PROTOCOL, Relayed, Request};
use crate::time::Instant;

/// Room that a request keeps for what is not changes.
const REQUEST_OVERHEAD: usize = 20_000;

/// A request whose reply nobody hears.
#[derive(Debug)]
pub struct ToLeave {
    /// To be signed by the device.
    pub payload: Vec<u8>,
    /// Whether every own change that the server has not acknowledged is in it,
    /// those that it refused too.
    pub whole: bool,
}

impl Replica {
    /// Returns the documents whose changes go into the next request: places first, since
    /// visits speak of them; last those for which there was no room the last time, so that
    /// they never stand before others. They must be loaded before [`Replica::request`].
    pub fn documents_to_send(&self) -> Vec<DocumentId> {
        let mut waiting: Vec<&DocumentRow> =
            self.rows.values().filter(|row| self.is_due(row)).collect();
        waiting.sort_by_key(|row| {
            let postponed = self.postponed.contains(&row.document);
            (postponed, row.kind != Kind::Place, row.document)
        });
        waiting
            .into_iter()
            .take(MOST_DOCUMENTS)
            .map(|row| row.document)
            .collect()
    }

    /// Returns whether a row has something for the server. What others made is offered only
    /// once the phone has read what a restored server still holds, and what it made itself,
    /// which may build on that, goes with it.
    fn is_due(&self, row: &DocumentRow) -> bool {
        let due = match (row.relay, self.meta.behind) {
            (true, behind) => !behind,
            (false, _) => row.unsent > 0,
        };
        due && !self.refused.contains(&row.document)
    }

    /// Returns whether there is something for the server that it did not just put off.
    pub(super) fn has_more_to_send(&self) -> bool {
        self.rows
            .values()
            .any(|row| self.is_due(row) && !self.postponed.contains(&row.document))
    }

    /// Makes the next request's payload; with nothing to send it only asks for news.
    ///
    /// # Errors
    ///
    /// [`ReplicaError::NotLoaded`] when a document with unsent changes is not in memory.
    pub fn request(&mut self, now: Instant) -> Result<Vec<u8>, ReplicaError> {
        let (payload, in_flight) = self.compose(now)?;
        self.in_flight = in_flight;
        Ok(payload)
    }

    /// Returns the same payload, to be sent by somebody who hears no reply. It takes no
    /// part in an exchange that is under way.
    ///
    /// # Errors
    ///
    /// As [`Replica::request`].
    pub fn request_to_leave(&self, now: Instant) -> Result<ToLeave, ReplicaError> {
        let (payload, in_flight) = self.compose(now)?;
        let inside: usize = in_flight.values().map(|sent| sent.own.len()).sum();
        let unsent: usize = self.rows.values().map(|row| row.unsent as usize).sum();
        Ok(ToLeave {
            payload,
            whole: inside >= unsent,
        })
    }

    fn compose(&self, now: Instant) -> Result<(Vec<u8>, InFlight), ReplicaError> {
        let mut in_flight = InFlight::new();
        let mut batch = Vec::new();
        let mut size = REQUEST_OVERHEAD;
        for id in self.documents_to_send() {
            let document = self.open.get(&id).ok_or(ReplicaError::NotLoaded(id))?;
            let row = self.rows.get(&id).ok_or(ReplicaError::Unknown(id))?;
            let mut offer = Offer {
                document: id,
                kind: row.kind,
                known_heads: row.server_heads.clone(),
                changes: Vec::new(),
                relayed: None,
            };
            let mut sent = Sent::default();
            let mut known = row.server_heads.clone();
            if let Some(receipt) = row.receipt.as_ref().filter(|_| row.relay) {
                let relayed = relayed(document, receipt, &known);
                let bytes: usize = relayed.changes.iter().map(|c| c.len() + 8).sum();
                if size + bytes > BODY_BYTES && !batch.is_empty() {
                    break;
                }
                size += bytes + 20 + 34 * relayed.heads.len();
                known.extend_from_slice(&receipt.heads);
                sent.relayed = Some(relayed.changes.len());
                offer.relayed = Some(relayed);
            }
            for change in document.own_changes_since(&known, self.identity.device) {
                size += change.bytes.len() + 8;
                if size > BODY_BYTES {
                    break;
                }
                sent.own.push(change.hash);
                offer.changes.push(change.bytes.into());
            }
            size += 40 + 34 * offer.known_heads.len();
            if offer.changes.is_empty() && offer.relayed.is_none() {
                break; // the request is full
            }
            in_flight.insert(id, sent);
            batch.push(offer);
        }
        let request = Request {
            protocol: PROTOCOL,
            epoch: self.meta.epoch,
            cursor: self.meta.cursor,
            sent_at: now.0,
            batch,
            since: self.meta.since,
        };
        let payload = minicbor::to_vec(&request).map_err(|e| ReplicaError::Reply(e.to_string()))?;
        Ok((payload, in_flight))
    }
}

/// Returns the changes that a receipt covers and the server is not known to hold.
fn relayed(document: &Document, receipt: &Receipt, known: &[Hash]) -> Relayed {
    let changes = document.changes_up_to(&receipt.heads, known);
    Relayed {
        heads: receipt.heads.clone(),
        receipt: receipt.word.clone().into(),
        changes: changes.into_iter().map(ByteVec::from).collect(),
    }
}

/// Bytes as the protocol carries them.
impl From<ChangeBytes> for ByteVec {
    fn from(change: ChangeBytes) -> Self {
        change.bytes.into()
    }
}
