//! The protocol's bytes: a signed request on the server, a reply on the phone.
#![no_main]

use lagesbild_fuzz::{DEVICE, NOW, begin, chunks};
use libfuzzer_sys::fuzz_target;
use sync_core::ids::SessionId;
use sync_core::ids::DocumentId;
use sync_core::model::Kind;
use sync_core::protocol::{Delivery, Offer, Reply, Request, Signed};
use sync_core::replica::{Identity, Replica, Stored};

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    if let Ok(signed) = minicbor::decode::<Signed>(data) {
        again(&signed);
    }
    if let Ok(request) = minicbor::decode::<Request>(data) {
        again(&request);
    }
    if let Ok(reply) = minicbor::decode::<Reply>(data) {
        again(&reply);
    }
    let identity = Identity { device: DEVICE, session: SessionId::from_bytes([2; 8]), coordinator: false };
    let mut replica = Replica::open(identity, Stored::default());
    if let Ok(received) = replica.receive(data, NOW) {
        for row in received.writes.documents {
            assert!(!row.view.content.is_null());
        }
    }
});

/// What was read can be written, and reads the same.
fn again<T>(value: &T)
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq + std::fmt::Debug,
{
    let bytes = minicbor::to_vec(value).expect("what was read can be written");
    let read: T = minicbor::decode(&bytes).expect("what was written can be read");
    assert_eq!(&read, value);
}

fn seeds() -> Vec<Vec<u8>> {
    let document = DocumentId::from_bytes([3; 16]);
    let chunks = chunks();
    let request = Request {
        protocol: 1,
        epoch: 5,
        cursor: 6,
        sent_at: NOW.0,
        batch: vec![Offer {
            document,
            kind: Kind::Place,
            known_heads: Vec::new(),
            changes: vec![chunks[0].clone().into(), chunks[1].clone().into()],
            relayed: None,
        }],
        since: Some(2),
    };
    let reply = Reply {
        epoch: 5,
        cursor: 6,
        more: false,
        results: Vec::new(),
        documents: vec![Delivery {
            document,
            kind: Kind::Place,
            snapshot: Some(chunks[2].clone().into()),
            changes: vec![chunks[1].clone().into()],
            receipt: Some(vec![1; 20].into()),
        }],
        purge: vec![document],
        coverage: Vec::new(),
        draw: None,
        server_time: NOW.0,
        clock_doubted: false,
    };
    let payload = minicbor::to_vec(&request).expect("a request");
    let signed = Signed { payload: payload.clone().into(), signature: vec![0; 64].into() };
    vec![
        payload,
        minicbor::to_vec(&reply).expect("a reply"),
        minicbor::to_vec(&signed).expect("a frame"),
    ]
}
