//! A document and everybody who may reach it, some of whom mean harm: changes of all
//! sorts go through the gate, and after each that is let in what had been readable must
//! still be.

use automerge::Change;
use serde_json::Value;
use sync_core::authority::{Actor, Capacity, Field, Holds, Who, Window, table};
use sync_core::document::Document;
use sync_core::gate::{Admission, Gate, RejectionCode};
use sync_core::ids::{DeviceId, Hash, SessionId};
use sync_core::model::Kind;
use sync_core::replica::Creation;
use sync_core::time::Instant;

use super::{Choices, Crafting, creation, written};

/// The time at which every play is set.
pub const NOW: Instant = Instant(1_795_000_000_000);

/// Somebody who writes.
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    pub device: DeviceId,
    capacity: Capacity,
    own: bool,
}

const fn writer(device: u8, capacity: Capacity, own: bool) -> Writer {
    Writer {
        device: DeviceId::from_bytes([device; 8]),
        capacity,
        own,
    }
}

/// Who made the document, a colleague, a coordinator, two of another organisation, and
/// the desk.
pub const WRITERS: [Writer; 6] = [
    writer(1, Capacity::Worker, true),
    writer(2, Capacity::Worker, true),
    writer(3, Capacity::Coordinator, true),
    writer(4, Capacity::Worker, false),
    writer(5, Capacity::Coordinator, false),
    writer(0, Capacity::Desk, true),
];

/// A change that was offered, by whom, and what the gate said.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The change as it was sent.
    pub bytes: Vec<u8>,
    /// The change's own hash.
    pub name: Hash,
    /// The changes that it builds on.
    pub on: Vec<Hash>,
    /// The writer who offered it.
    pub by: Writer,
    /// Why it was refused.
    pub refused: Option<RejectionCode>,
    /// The gate's sentence, for a person.
    pub detail: String,
}

/// The course of a play.
#[derive(Debug)]
pub struct Play {
    /// The kind of the document.
    pub kind: Kind,
    /// The document as it stands.
    pub document: Document,
    /// The changes that were offered, the one that made the document first.
    pub offered: Vec<Offered>,
    /// The document's content after the last change that was let in.
    content: Value,
    /// Its heads after each.
    heads: Vec<Vec<Hash>>,
}

impl Play {
    /// Begins with a document that its founder makes as the app does.
    ///
    /// # Errors
    /// When the gate does not let that in.
    pub fn begin(choices: &mut Choices<'_>) -> Result<Self, String> {
        let kind = [Kind::Visit, Kind::Place, Kind::Alert, Kind::Feedback][choices.below(4)];
        let by = if kind == Kind::Feedback {
            WRITERS[5]
        } else {
            WRITERS[0]
        };
        let of = Crafting {
            wild: 0,
            ..crafting(by, &[])
        };
        let bytes = creation(choices, &of, kind).map_err(|e| e.to_string())?;
        let admission = offer(kind, None, &bytes, by);
        let (None, Some(document)) = (&admission.rejected, admission.document) else {
            return Err(format!(
                "an honest {kind} is refused: {:?}",
                admission.rejected
            ));
        };
        Ok(Self {
            kind,
            content: said(&document)?,
            heads: vec![document.heads()],
            offered: vec![offered(bytes, by, None)?],
            document,
        })
    }

    /// Somebody offers a change. Whether it was let in.
    ///
    /// # Errors
    /// When something that was readable no longer is, and what else must never be.
    pub fn step(&mut self, choices: &mut Choices<'_>) -> Result<bool, String> {
        let by = WRITERS[choices.below(WRITERS.len())];
        let others = WRITERS.map(|writer| writer.device);
        let of = Crafting {
            wild: [0, 0, 5, 40][choices.below(4)],
            // As an app that goes on, or as one that has been started anew.
            session: (choices.chance(40)).then_some(SessionId::from_bytes([7; 8])),
            ..crafting(by, &others)
        };
        let beside = of.session.is_none() && choices.chance(50);
        let on = choices.of(&self.heads).filter(|_| beside).cloned();
        let operations = 1 + choices.below(4);
        let Some(bytes) = written(choices, &of, &self.document, on.as_deref(), operations) else {
            return Ok(false);
        };
        let admission = offer(self.kind, Some(&self.document), &bytes, by);
        let code = admission.rejected.as_ref().map(|r| r.code);
        let detail = admission.rejected.as_ref().map(|r| r.detail.clone());
        self.offered.push(Offered {
            detail: detail.unwrap_or_default(),
            ..offered(bytes.clone(), by, code)?
        });
        if code == Some(RejectionCode::EngineFailure) {
            return Err("the engine failed".to_owned());
        }
        let (None, Some(document)) = (code, admission.document) else {
            return Ok(false);
        };
        let content = said(&document)?;
        kept(self.kind, &self.content, &content, by)?;
        observers(&document, &content)?;
        // A phone that reads it has no author to ask.
        let read = Gate::default().admit(self.kind, Some(&self.document), &[&bytes], None, NOW);
        if let Some(refused) = read.rejected {
            return Err(format!("a phone refuses what was let in: {refused:?}"));
        }
        self.heads.push(document.heads());
        self.document = document;
        self.content = content;
        Ok(true)
    }

    /// Checks what must hold at the end: another replica reads the whole, and who made the document
    /// can go on.
    ///
    /// # Errors
    /// When it does not.
    pub fn end(&self) -> Result<(), String> {
        let whole = self.document.compact().ok_or("it cannot be read back")?;
        let read = Gate::default().admit_snapshot(self.kind, &whole);
        let read = read.map_err(|e| format!("another replica refuses it: {e:?}"))?;
        if read.heads() != self.document.heads() {
            return Err("another replica reads something else".to_owned());
        }
        let by = if self.kind == Kind::Feedback {
            WRITERS[5]
        } else {
            WRITERS[0]
        };
        let mut next = self.content.clone();
        let key = if self.kind == Kind::Feedback {
            "reply"
        } else {
            "note"
        };
        next[key] = format!("{} mer (exempel)", next[key].as_str().unwrap_or_default())
            .chars()
            .take(500)
            .collect::<String>()
            .into();
        let session = sync_core::ids::actor(by.device, SessionId::from_bytes([9; 8]));
        let mut edited = self.document.clone();
        let change = edited.edit(session, &self.content, &next, NOW);
        let Some(change) = change.map_err(|e| format!("who made it cannot go on: {e}"))? else {
            return Ok(());
        };
        let admission = offer(self.kind, Some(&self.document), &change.bytes, by);
        match admission.rejected {
            Some(refused) => Err(format!("who made it is refused: {refused:?}")),
            None => Ok(()),
        }
    }

    /// Offers the same changes in another order, each once all that it builds on is there.
    /// Every one must fare as before.
    ///
    /// # Errors
    /// When one does not.
    pub fn reordered(&self, choices: &mut Choices<'_>) -> Result<(), String> {
        let mut waiting: Vec<&Offered> = self.offered.iter().skip(1).collect();
        let first = &self.offered[0];
        let mut document = offer(self.kind, None, &first.bytes, first.by)
            .document
            .ok_or("the first is refused")?;
        loop {
            let ready: Vec<usize> = (0..waiting.len())
                .filter(|i| waiting[*i].on.iter().all(|on| document.contains(*on)))
                .collect();
            let Some(&next) = choices.of(&ready) else {
                break;
            };
            let change = waiting.remove(next);
            let admission = offer(self.kind, Some(&document), &change.bytes, change.by);
            let detail = admission.rejected.as_ref().map(|r| r.detail.clone());
            let code = admission.rejected.map(|r| r.code);
            // Which of one session's changes is the next hangs on what came of it before.
            let gap = [code, change.refused].contains(&Some(RejectionCode::SequenceGap));
            if code != change.refused && !gap {
                return Err(format!(
                    "{} {} fared {:?} ({}) first and {code:?} ({detail:?}) in another order",
                    self.kind, change.name, change.refused, change.detail
                ));
            }
            if let Some(now) = admission.document {
                document = now;
            }
        }
        if document.heads() != self.document.heads() {
            return Err("the same changes in another order give another document".to_owned());
        }
        let (one, other) = (said(&document)?, &self.content);
        if one != *other {
            return Err("the same changes say something else in another order".to_owned());
        }
        Ok(())
    }
}

fn crafting(by: Writer, others: &[DeviceId]) -> Crafting<'_> {
    Crafting {
        device: by.device,
        others,
        now: NOW,
        wild: 0,
        session: None,
    }
}

fn offer(kind: Kind, to: Option<&Document>, bytes: &[u8], by: Writer) -> Admission {
    let actor = Actor {
        device: by.device,
        capacity: by.capacity,
        own: by.own,
        window: Some(Window::around(NOW)),
        organisations: None,
    };
    Gate::default().admit(kind, to, &[bytes], Some(&actor), NOW)
}

fn offered(bytes: Vec<u8>, by: Writer, refused: Option<RejectionCode>) -> Result<Offered, String> {
    let change = Change::from_bytes(bytes.clone()).map_err(|e| e.to_string())?;
    Ok(Offered {
        name: change.hash().into(),
        on: change.deps().iter().map(|on| Hash::from(*on)).collect(),
        bytes,
        by,
        refused,
        detail: String::new(),
    })
}

fn said(document: &Document) -> Result<Value, String> {
    let content = document.content();
    let content = content.map_err(|e| format!("what was let in cannot be read: {e}"))?;
    content.validate().map_err(|e| e.to_string())?;
    Ok(Creation::from(content).content)
}

/// Checks whether everything that was there is there, and what is fixed says what it said.
fn kept(kind: Kind, before: &Value, after: &Value, by: Writer) -> Result<(), String> {
    fields_kept(table(kind), before, after, by)?;
    for field in table(kind) {
        let Holds::Records(fields) = field.holds else {
            continue;
        };
        for (id, record) in before[field.name].as_object().into_iter().flatten() {
            let now = &after[field.name][id];
            if !now.is_object() {
                return Err(format!("{}/{id} is gone", field.name));
            }
            fields_kept(fields, record, now, by)
                .map_err(|e| format!("{}/{id}: {e}", field.name))?;
        }
    }
    Ok(())
}

fn fields_kept(
    fields: &'static [Field],
    before: &Value,
    after: &Value,
    by: Writer,
) -> Result<(), String> {
    for field in fields {
        let fixed = match field.holds {
            Holds::Value(_) => {
                let desk = by.capacity == Capacity::Desk;
                field.later == Who::NOBODY || (field.later == Who::DESK && !desk)
            }
            _ => false,
        };
        if fixed && before[field.name] != after[field.name] {
            return Err(format!("{} is another than it was", field.name));
        }
    }
    Ok(())
}

/// Checks that who observed is who made the record, or that the desk wrote it down.
fn observers(document: &Document, content: &Value) -> Result<(), String> {
    let by = document.authorship();
    for map in ["counts", "encounters"] {
        for (id, record) in content[map].as_object().into_iter().flatten() {
            let maker = by
                .records
                .get(&format!("{map}/{id}"))
                .copied()
                .or(by.made_by);
            let observer = record["observer"].as_str().unwrap_or_default();
            let maker = maker.map(|maker| maker.to_string()).unwrap_or_default();
            if maker != observer && maker != "0000000000000000" {
                return Err(format!(
                    "{map}/{id} was made by {maker} and says {observer}"
                ));
            }
        }
    }
    Ok(())
}
