use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::authority::Actor;
use crate::gate::Gate;
use crate::ids::RecordId;
use crate::model::{Access, Basis, Content, Count, Kind, Place, PlaceType, Records, Visit};
use crate::protocol::{
    BODY_BYTES, Delivery, MOST_DOCUMENTS, Offer, OfferResult, Rejected, Reply, Request,
};

const NOW: Instant = Instant(1_795_000_000_000);

/// Storage as a phone has it: rows, chunks, meta.
#[derive(Default)]
struct Storage {
    rows: BTreeMap<DocumentId, DocumentRow>,
    chunks: BTreeMap<(DocumentId, u32), Vec<u8>>,
    meta: Option<Meta>,
}

impl Storage {
    fn write(&mut self, writes: Writes) {
        for row in writes.documents {
            self.rows.insert(row.document, row);
        }
        for chunk in writes.chunks {
            let old = self
                .chunks
                .insert((chunk.document, chunk.sequence), chunk.bytes);
            assert_eq!(old, None, "a chunk is never rewritten");
        }
        for (id, before) in writes.drop_chunks_before {
            self.chunks
                .retain(|(document, sequence), _| *document != id || *sequence >= before);
        }
        for id in writes.remove_documents {
            self.rows.remove(&id);
            self.chunks.retain(|(document, _), _| *document != id);
        }
        self.meta = writes.meta.or(self.meta.take());
    }
}

struct Phone {
    replica: Replica,
    storage: Storage,
    device: u8,
    starts: u8,
}

impl Phone {
    fn new(device: u8) -> Self {
        let mut phone = Self {
            replica: Replica::open(identity(device, 0), Stored::default()),
            storage: Storage::default(),
            device,
            starts: 0,
        };
        phone.restart();
        phone
    }

    /// Kills the app: only what was stored remains.
    fn restart(&mut self) {
        self.starts += 1;
        let stored = Stored {
            meta: self.storage.meta.clone(),
            documents: self.storage.rows.values().cloned().collect(),
        };
        self.replica = Replica::open(identity(self.device, self.starts), stored);
    }

    fn need(&mut self, ids: &[DocumentId]) {
        for id in ids {
            if !self.replica.is_loaded(*id) {
                let chunks: Vec<&[u8]> = self
                    .storage
                    .chunks
                    .range((*id, 0)..=(*id, u32::MAX))
                    .map(|(_, bytes)| bytes.as_slice())
                    .collect();
                self.replica.load(*id, &chunks).unwrap();
            }
        }
    }

    fn run(&mut self, command: Command) {
        if !matches!(command, Command::Create { .. }) {
            self.need(&[command.document()]);
        }
        let writes = self.replica.execute(command, NOW).unwrap();
        self.storage.write(writes);
    }

    fn request(&mut self) -> Vec<u8> {
        self.need(&self.replica.documents_to_send());
        self.replica.request(NOW).unwrap()
    }

    fn leave(&mut self) -> ToLeave {
        self.need(&self.replica.documents_to_send());
        self.replica.request_to_leave(NOW).unwrap()
    }

    fn receive(&mut self, reply: &[u8]) -> Received {
        self.need(&self.replica.documents_to_receive(reply).unwrap());
        let mut received = self.replica.receive(reply, NOW).unwrap();
        self.storage.write(std::mem::take(&mut received.writes));
        received
    }

    fn sync(&mut self, server: &mut Server) -> usize {
        let mut trips = 0;
        loop {
            trips += 1;
            let request = self.request();
            let reply = server.exchange(self.device, &request);
            if !self.receive(&reply).more {
                return trips;
            }
        }
    }

    fn unsent(&self) -> u32 {
        self.replica.rows().map(|row| row.unsent).sum()
    }

    fn view(&self, id: DocumentId) -> &View {
        &self.replica.rows[&id].view
    }

    fn edit(&mut self, id: DocumentId, change: impl FnOnce(&mut Value)) {
        let base = self.view(id).content.clone();
        let mut next = base.clone();
        change(&mut next);
        self.run(Command::Edit {
            document: id,
            base,
            next,
        });
    }
}

fn identity(device: u8, session: u8) -> Identity {
    Identity {
        coordinator: false,
        device: DeviceId::from_bytes([device; 8]),
        session: SessionId::from_bytes([session; 8]),
    }
}

/// A server that keeps its log in memory, with the real gate.
struct Server {
    epoch: u64,
    documents: BTreeMap<DocumentId, Document>,
    log: Vec<(DocumentId, Kind, Vec<u8>, DeviceId)>,
    refuse: Option<&'static str>,
    /// How many documents it takes of a request; the others come later.
    room: usize,
}

impl Server {
    fn new(epoch: u64) -> Self {
        Self {
            epoch,
            documents: BTreeMap::new(),
            log: Vec::new(),
            refuse: None,
            room: MOST_DOCUMENTS,
        }
    }

    fn exchange(&mut self, device: u8, request: &[u8]) -> Vec<u8> {
        let request: Request = minicbor::decode(request).unwrap();
        let device = DeviceId::from_bytes([device; 8]);
        let results = request
            .batch
            .iter()
            .enumerate()
            .map(|(index, offer)| self.take(device, offer, index < self.room))
            .collect();
        let mut documents: BTreeMap<DocumentId, Delivery> = BTreeMap::new();
        let cursor = if request.epoch == self.epoch {
            request.cursor
        } else {
            0
        };
        for (id, kind, bytes, made_by) in self.log.iter().skip(usize::try_from(cursor).unwrap()) {
            if cursor > 0 && *made_by == device {
                continue;
            }
            documents
                .entry(*id)
                .or_insert_with(|| Delivery {
                    document: *id,
                    kind: *kind,
                    snapshot: None,
                    changes: Vec::new(),
                    receipt: None,
                    own: None,
                })
                .changes
                .push(bytes.clone().into());
        }
        minicbor::to_vec(Reply {
            epoch: self.epoch,
            cursor: self.log.len() as u64,
            more: false,
            results,
            documents: documents.into_values().collect(),
            purge: Vec::new(),
            coverage: Vec::new(),
            draw: None,
            server_time: NOW.0,
            clock_doubted: false,
        })
        .unwrap()
    }

    fn take(&mut self, device: DeviceId, offer: &Offer, room: bool) -> OfferResult {
        let refused = |code: &str| Rejected {
            code: code.to_owned(),
            detail: String::new(),
        };
        if let Some(code) = self.refuse.or((!room).then_some("later")) {
            return OfferResult {
                document: offer.document,
                accepted: 0,
                rejected: Some(refused(code)),
                relayed: None,
            };
        }
        let changes: Vec<&[u8]> = offer.changes.iter().map(|c| c.as_slice()).collect();
        let held = self.documents.get(&offer.document);
        let admission = Gate::default().admit(
            offer.kind,
            held,
            &changes,
            Some(&Actor::worker(device)),
            NOW,
        );
        for accepted in admission.accepted.iter().filter(|a| a.new) {
            let entry = (offer.document, offer.kind, accepted.bytes.clone(), device);
            self.log.push(entry);
        }
        if let Some(document) = admission.document {
            self.documents.insert(offer.document, document);
        }
        OfferResult {
            document: offer.document,
            accepted: u32::try_from(admission.accepted.len()).unwrap(),
            rejected: admission.rejected.map(|r| refused(r.code.as_str())),
            relayed: None,
        }
    }
}

fn id(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

fn place(n: u8) -> Command {
    Command::Create {
        document: id(n),
        content: Content::Place(Place {
            name: format!("Plats {n} (exempel)"),
            place_type: PlaceType::Park,
            district: "farsta".into(),
            latitude: None,
            longitude: None,
            exact: false,
            created: NOW,
            states: Records::default(),
            tips: Records::default(),
            proposals: Records::default(),
            same_as: None,
            note: String::new(),
            withdrawn: false,
        })
        .into(),
    }
}

fn visit(n: u8, place: u8) -> Command {
    let count = Count::of_adults(DeviceId::from_bytes([1; 8]), NOW, 3);
    Command::Create {
        document: id(n),
        content: Content::Visit(Visit {
            place: id(place),
            started: NOW,
            ended: None,
            access: Access::Complete,
            basis: Basis::Chosen,
            weather_opening: false,
            counts: Records([(RecordId::from_bytes([1; 8]), count)].into()),
            encounters: Records::default(),
            note: String::new(),
            withdrawn: false,
        })
        .into(),
    }
}

#[test]
fn one_new_count_is_one_round_trip_and_less_than_a_kilobyte() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    phone.sync(&mut server);
    phone.run(visit(2, 1));
    assert_eq!(phone.unsent(), 1);
    let request = phone.request();
    assert!(request.len() + 70 < 1000, "{} bytes", request.len());
    let reply = server.exchange(1, &request);
    assert!(reply.len() < 200, "{} bytes", reply.len());
    let received = phone.receive(&reply);
    assert_eq!((received.accepted, received.more), (1, false));
    assert_eq!(phone.unsent(), 0);
}

#[test]
fn what_is_left_for_others_to_send_leaves_the_exchange_alone() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    phone.run(visit(2, 1));
    let request = phone.request();
    // A save, and what is left then, while the request is on its way.
    phone.edit(id(1), |v| v["note"] = "vid spåret".into());
    let left = phone.leave();
    assert!(left.whole);
    let reply = server.exchange(1, &request);
    assert_eq!(phone.receive(&reply).accepted, 2);
    assert_eq!(phone.unsent(), 1);
    // Whoever sends it, and however late: it changes nothing but what waits.
    server.exchange(1, &left.payload);
    assert_eq!(server.log.len(), 3);
    phone.sync(&mut server);
    assert_eq!((phone.unsent(), server.log.len()), (0, 3));
}

#[test]
fn what_is_left_says_whether_it_is_all_that_waits() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    phone.sync(&mut server);
    for n in 2..202 {
        phone.run(visit(n, 1));
    }
    assert_eq!(phone.unsent() as usize, MOST_DOCUMENTS);
    assert!(phone.leave().whole);
    phone.run(visit(202, 1));
    assert!(!phone.leave().whole, "more than a request holds");
    phone.sync(&mut server);
    server.refuse = Some("clock_ahead");
    phone.run(visit(203, 1));
    phone.sync(&mut server);
    phone.run(visit(204, 1));
    assert!(!phone.leave().whole, "one was refused");
}

#[test]
fn edits_made_apart_meet() {
    let mut server = Server::new(1);
    let (mut one, mut two) = (Phone::new(1), Phone::new(2));
    one.run(place(1));
    one.run(visit(2, 1));
    assert_eq!(one.sync(&mut server), 1);
    assert_eq!(two.sync(&mut server), 1);
    one.edit(id(2), |v| v["note"] = "vid kajen".into());
    two.edit(id(2), |v| v["note"] = "vid bryggan".into());
    two.edit(id(2), |v| v["weather_opening"] = true.into());
    for _ in 0..2 {
        one.sync(&mut server);
        two.sync(&mut server);
    }
    assert_eq!(one.view(id(2)), two.view(id(2)));
    assert_eq!(one.view(id(2)).conflicts.len(), 1);
    assert_eq!(one.view(id(2)).content["weather_opening"], true);

    let conflict = one.view(id(2)).conflicts[0].clone();
    one.run(Command::Choose {
        document: id(2),
        path: conflict.path,
        op: conflict.values[1].op.clone(),
    });
    one.sync(&mut server);
    two.sync(&mut server);
    assert_eq!(two.view(id(2)).conflicts, []);
    assert_eq!(two.view(id(2)).content["note"], conflict.values[1].value);
}

#[test]
fn either_value_of_a_figure_can_be_chosen_also_after_a_restart() {
    for chosen in [0, 1] {
        let mut server = Server::new(1);
        let (mut one, mut two) = (Phone::new(1), Phone::new(2));
        one.run(place(1));
        one.run(visit(2, 1));
        one.sync(&mut server);
        two.sync(&mut server);
        one.edit(id(2), |v| v["note"] = "vid kajen".into());
        two.edit(id(2), |v| v["note"] = "vid bryggan".into());
        for phone in [&mut one, &mut two] {
            phone.restart();
        }
        for _ in 0..2 {
            one.sync(&mut server);
            two.sync(&mut server);
        }
        one.restart();
        one.need(&[id(2)]);
        let conflict = one.view(id(2)).conflicts[0].clone();
        one.run(Command::Choose {
            document: id(2),
            path: conflict.path,
            op: conflict.values[chosen].op.clone(),
        });
        assert_eq!(one.view(id(2)).conflicts, [], "value {chosen}");
    }
}

#[test]
fn a_lost_reply_or_a_killed_app_changes_nothing() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    let request = phone.request();
    server.exchange(1, &request); // the reply is lost
    phone.restart();
    assert_eq!(phone.unsent(), 1);
    phone.edit(id(1), |v| v["note"] = "vid spåret".into());
    phone.restart();
    phone.sync(&mut server);
    assert_eq!(phone.unsent(), 0);
    assert_eq!(server.log.len(), 2);
    assert_eq!(server.documents[&id(1)].heads(), {
        phone.need(&[id(1)]);
        phone.replica.open[&id(1)].heads()
    });
}

#[test]
fn compacts_and_reads_itself_again() {
    let mut phone = Phone::new(1);
    phone.run(place(1));
    for n in 0..50 {
        phone.edit(id(1), |v| v["note"] = format!("anteckning {n}").into());
    }
    assert!(
        phone.storage.chunks.len() <= 21,
        "{}",
        phone.storage.chunks.len()
    );
    let before = phone.view(id(1)).clone();
    phone.restart();
    phone.edit(id(1), |v| v["withdrawn"] = true.into());
    assert_eq!(phone.view(id(1)).content["note"], before.content["note"]);
    let mut server = Server::new(1);
    assert_eq!(phone.sync(&mut server), 1);
    assert_eq!(server.log.len(), 52);
}

#[test]
fn a_refused_document_is_kept_shown_and_offered_again() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    server.refuse = Some("clock_ahead");
    phone.sync(&mut server);
    let row = &phone.replica.rows[&id(1)];
    assert_eq!(row.rejected.as_ref().unwrap().code, "clock_ahead");
    assert_eq!(row.unsent, 1);
    assert_eq!(phone.replica.documents_to_send(), []);
    server.refuse = None;
    phone.restart();
    phone.sync(&mut server);
    let row = &phone.replica.rows[&id(1)];
    assert_eq!((row.unsent, row.rejected.clone()), (0, None));
}

#[test]
fn what_the_server_has_no_room_for_waits_and_goes_by_itself() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.sync(&mut server);
    for n in 1..=5 {
        phone.run(place(n));
    }
    server.room = 2;
    for left in [3, 1, 0] {
        assert_eq!(phone.sync(&mut server), 1, "no reason to ask at once");
        assert_eq!(phone.unsent(), left);
        assert!(phone.replica.rows().all(|row| row.rejected.is_none()));
    }
    assert_eq!(server.log.len(), 5);
    assert_eq!(phone.replica.documents_to_send(), []);
}

#[test]
fn what_waits_for_room_never_stands_before_anything_else() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.sync(&mut server);
    phone.run(place(1));
    server.refuse = Some("quota");
    phone.sync(&mut server);
    server.refuse = None;
    server.room = 1;
    phone.run(place(2));
    assert_eq!(phone.replica.documents_to_send(), [id(2), id(1)]);
    phone.sync(&mut server);
    assert_eq!(phone.replica.documents_to_send(), [id(1)]);
    phone.restart();
    phone.sync(&mut server);
    assert_eq!(phone.unsent(), 0);
}

#[test]
fn what_a_restored_server_had_no_room_for_is_given_back_the_next_time() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    phone.sync(&mut server);
    let mut restored = Server::new(2);
    restored.room = 0;
    phone.sync(&mut restored);
    assert_eq!(phone.unsent(), 1);
    restored.room = 1;
    phone.sync(&mut restored);
    assert_eq!((phone.unsent(), restored.log.len()), (0, 1));
}

#[test]
fn a_restored_server_gets_everything_again() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    phone.run(visit(2, 1));
    phone.sync(&mut server);
    let mut restored = Server::new(2);
    phone.sync(&mut restored);
    assert_eq!(restored.log.len(), 2);
    assert_eq!(phone.unsent(), 0);
    let mut other = Phone::new(2);
    other.sync(&mut restored);
    assert_eq!(other.view(id(2)), phone.view(id(2)));
}

#[test]
fn a_night_offline_fits_into_few_requests() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    for n in 0..=250 {
        phone.run(place(n));
    }
    let request = phone.request();
    assert!(request.len() < BODY_BYTES);
    assert_eq!(phone.sync(&mut server), 2);
    assert_eq!(server.log.len(), 251);
}

#[test]
fn purged_documents_go() {
    let mut server = Server::new(1);
    let mut phone = Phone::new(1);
    phone.run(place(1));
    phone.sync(&mut server);
    let request = phone.request();
    let mut reply: Reply = minicbor::decode(&server.exchange(1, &request)).unwrap();
    reply.purge = vec![id(1)];
    let received = phone.receive(&minicbor::to_vec(reply).unwrap());
    assert_eq!(received.purged, [id(1)]);
    assert!(phone.storage.rows.is_empty() && phone.storage.chunks.is_empty());
}

#[test]
fn refuses_nonsense_from_the_server() {
    let mut phone = Phone::new(1);
    assert!(phone.replica.receive(b"\xff\xff", NOW).is_err());
    let reply = minicbor::to_vec(Reply {
        epoch: 1,
        cursor: 5,
        more: false,
        results: Vec::new(),
        documents: vec![Delivery {
            document: id(1),
            kind: Kind::Place,
            snapshot: Some(vec![1, 2, 3].into()),
            changes: Vec::new(),
            receipt: None,
            own: None,
        }],
        purge: Vec::new(),
        coverage: Vec::new(),
        draw: None,
        server_time: NOW.0,
        clock_doubted: false,
    })
    .unwrap();
    let received = phone.receive(&reply);
    assert_eq!(received.refused, [(id(1), "malformed")]);
    assert!(phone.storage.rows.is_empty());
}
