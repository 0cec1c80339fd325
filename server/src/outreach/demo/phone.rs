//! Made-up phones: they make documents, and send them as phones do.

use sync_core::authority::Capacity;
use sync_core::document::Document;
use sync_core::ids::{DeviceId, DocumentId, SessionId, actor};
use sync_core::model::{Alert, Content, Outcome};
use sync_core::protocol::{MOST_DOCUMENTS, Offer, PROTOCOL, Request};
use sync_core::time::Instant;

use super::{DemoError, ORGANISATIONS};
use crate::outreach::store::Scope;
use crate::outreach::store::Store;
use crate::outreach::store::feed::FeedStore;
use crate::outreach::sync::{exchange, server_changes};
use crate::shared::principal::Actor;
use crate::shared::split_mix::Seeded;

/// One phone an organisation.
#[derive(Debug)]
pub(super) struct Phones {
    phones: Vec<Phone>,
    desk: Vec<AtDesk>,
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
                        by: Actor::SERVER,
                        act: None,
                        capacity: Capacity::Worker,
                    },
                    session: SessionId::from_bytes(random.bytes()),
                    waiting: Vec::new(),
                })
            })
            .collect();
        Self {
            phones,
            desk: Vec::new(),
        }
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
        for act in self.desk.drain(..) {
            act.carry_out(store, now).await?;
        }
        Ok(())
    }

    /// Has something done at a desk, once what waits has been sent.
    pub(super) fn at_desk(&mut self, act: AtDesk) {
        self.desk.push(act);
    }
}

/// An act at a desk, or from the public page: the server writes it.
#[derive(Debug)]
pub(super) enum AtDesk {
    /// Somebody of the duty service says how an alert ended.
    Close(DocumentId, Outcome, Instant),
    /// A visitor leaves a view or a complaint with an organisation.
    Feedback(usize, DocumentId, Box<Content>, Instant),
}

impl AtDesk {
    async fn carry_out(self, store: &Store, now: Instant) -> Result<(), DemoError> {
        match self {
            Self::Close(id, outcome, at) => {
                let at = at.min(now);
                let edit = move |content| match content {
                    Content::Alert(alert) => Content::Alert(Alert {
                        outcome,
                        closed: Some(at),
                        ..alert
                    }),
                    other => other,
                };
                server_changes::change(
                    store,
                    &server_changes::Attribution::SERVER,
                    id,
                    session_of(id),
                    edit,
                    at,
                )
                .await?;
            }
            Self::Feedback(organisation, id, content, at) => {
                let Some(organisation) = ORGANISATIONS
                    .get(organisation)
                    .and_then(|(id, _)| id.parse().ok())
                else {
                    return Ok(());
                };
                server_changes::create(
                    store,
                    &server_changes::Attribution::SERVER,
                    organisation,
                    (id, *content),
                    session_of(id),
                    at,
                )
                .await?;
            }
        }
        Ok(())
    }
}

/// A session of the server's own for what is done about a document: from its id, so that
/// the city stays the same.
pub(super) fn session_of(id: DocumentId) -> SessionId {
    let (_, last) = id.as_bytes().split_at(8);
    SessionId::from_slice(last).unwrap_or(SessionId::from_bytes([0; 8]))
}
