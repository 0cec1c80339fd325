//! Made-up phones: they make documents, and send them as phones do.

use sync_core::document::Document;
use sync_core::ids::{DeviceId, DocumentId, SessionId, actor};
use sync_core::model::Content;
use sync_core::protocol::{MOST_DOCUMENTS, Offer, PROTOCOL, Request};
use sync_core::time::Instant;

use super::{DemoError, ORGANISATIONS};
use crate::seeded::Seeded;
use crate::store::Store;
use crate::store::log::Scope;
use crate::sync::exchange;

/// One phone an organisation.
#[derive(Debug)]
pub(super) struct Phones {
    phones: Vec<Phone>,
}

#[derive(Debug)]
struct Phone {
    scope: Scope,
    session: SessionId,
    waiting: Vec<Offer>,
}

impl Phones {
    pub(super) fn new(random: &mut Seeded) -> Self {
        let phones = ORGANISATIONS
            .iter()
            .filter_map(|(id, _)| {
                Some(Phone {
                    scope: Scope {
                        device: DeviceId::from_bytes(random.bytes()),
                        organisation: id.parse().ok()?,
                    },
                    session: SessionId::from_bytes(random.bytes()),
                    waiting: Vec::new(),
                })
            })
            .collect();
        Self { phones }
    }

    /// The device of an organisation's phone.
    pub(super) fn device(&self, organisation: usize) -> DeviceId {
        self.phones[organisation].scope.device
    }

    /// Makes a document on an organisation's phone.
    pub(super) fn record(
        &mut self,
        organisation: usize,
        id: DocumentId,
        content: &Content,
        at: Instant,
    ) -> Result<(), DemoError> {
        let phone = &mut self.phones[organisation];
        let actor = actor(phone.scope.device, phone.session);
        let (_, change) = Document::create(actor, content, at)?;
        phone.waiting.push(Offer {
            document: id,
            kind: content.kind(),
            known_heads: Vec::new(),
            changes: vec![change.bytes.into()],
            relayed: None,
        });
        Ok(())
    }

    /// Sends what waits.
    pub(super) async fn send(&mut self, store: &Store, now: Instant) -> Result<(), DemoError> {
        for phone in &mut self.phones {
            while !phone.waiting.is_empty() {
                let most = phone.waiting.len().min(MOST_DOCUMENTS);
                // What others wrote is of no use to it: it asks from the end on.
                let head = store.head().await?;
                let request = Request {
                    protocol: PROTOCOL,
                    epoch: head.epoch,
                    cursor: head.cursor,
                    sent_at: now.0,
                    batch: phone.waiting.drain(..most).collect(),
                    since: None,
                };
                let reply = exchange(store, &phone.scope, request, now).await?;
                if let Some(rejected) = reply.results.into_iter().find_map(|r| r.rejected) {
                    return Err(DemoError::Refused {
                        code: rejected.code,
                        detail: rejected.detail,
                    });
                }
            }
        }
        Ok(())
    }
}
