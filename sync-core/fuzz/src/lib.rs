//! What the targets share: a document of each kind that the gate holds, and
//! chunks whose checksum fits.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use sync_core::authority::Actor;
use sync_core::document::{ChangeBytes, Document};
use sync_core::gate::Gate;
use sync_core::ids::{DeviceId, DocumentId, RecordId, SessionId, actor};
use sync_core::model::{
    Access, Basis, Content, Count, Kind, Method, Place, PlaceType, Records, Sleeping, Visit,
};
use sync_core::replica::Creation;
use sync_core::time::Instant;

/// The reader's clock.
pub const NOW: Instant = Instant(1_795_000_000_000);

/// The device whose changes are offered.
pub const DEVICE: DeviceId = DeviceId::from_bytes([1; 8]);

/// A document and the change that made it.
#[derive(Debug)]
pub struct Held {
    /// The document.
    pub document: Document,
    /// Its first change.
    pub first: ChangeBytes,
}

/// A place and a visit.
pub fn held() -> &'static [Held; 2] {
    static HELD: OnceLock<[Held; 2]> = OnceLock::new();
    HELD.get_or_init(|| [made(&place()), made(&visit())])
}

fn made(content: &Content) -> Held {
    let actor = actor(DEVICE, SessionId::from_bytes([1; 8]));
    let (document, first) = Document::create(actor, content, NOW).expect("a valid document");
    Held { document, first }
}

fn place() -> Content {
    Content::Place(Place {
        name: "Bron (exempel)".to_owned(),
        place_type: PlaceType::Park,
        district: "farsta".to_owned(),
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
}

fn visit() -> Content {
    let count = Count::of_adults(DEVICE, NOW, 3);
    Content::Visit(Visit {
        place: DocumentId::from_bytes([2; 16]),
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
}

/// The chunk with a checksum that fits: else the fuzzer would find nothing but
/// that checksums do not fit.
pub fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > 9 {
        let digest = Sha256::digest(&bytes[8..]);
        bytes[..4].copy_from_slice(&[0x85, 0x6f, 0x4a, 0x83]);
        bytes[4..8].copy_from_slice(&digest[..4]);
    }
    bytes
}

/// Offers changes to the gate. What it holds afterwards must be readable, and
/// what it held before must not have changed.
pub fn offer(held: Option<&Document>, kind: Kind, changes: &[&[u8]]) {
    let before = held.map(Document::heads);
    let admission = Gate::default().admit(kind, held, changes, Some(&Actor::worker(DEVICE)), NOW);
    assert_eq!(before, held.map(Document::heads));
    if let Some(document) = &admission.document {
        document.content().expect("what was let in can be read");
        document.conflicts().expect("its conflicts can be read");
        let whole = document.save();
        if !admission.accepted.is_empty() {
            let read = Gate::default()
                .admit_snapshot(kind, &whole)
                .expect("another replica can read it");
            assert_eq!(read.heads(), document.heads());
        }
    }
}

/// The engine may panic on hostile bytes, within the gate; libFuzzer would take
/// the first word of a panic for a crash, so only what leaves the gate counts.
pub fn quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}

/// Begins a target. With `SEEDS` in the environment, writes what the fuzzer may
/// start from into that directory and ends.
pub fn begin(seeds: impl FnOnce() -> Vec<Vec<u8>>) {
    if let Some(directory) = std::env::var_os("SEEDS") {
        std::fs::create_dir_all(&directory).expect("a directory");
        for (n, seed) in seeds().into_iter().enumerate() {
            let file = std::path::Path::new(&directory).join(format!("seed-{n}"));
            std::fs::write(file, seed).expect("a file");
        }
        std::process::exit(0);
    }
    quiet();
}

/// Chunks as a phone and a server make them: creations, edits, whole documents.
pub fn chunks() -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    for held in held() {
        let mut document = held.document.clone();
        let content = document.content().expect("our own document");
        let base = Creation::from(content).content;
        let mut next = base.clone();
        next["note"] = "vid kajen (exempel)".into();
        let actor = actor(DEVICE, SessionId::from_bytes([1; 8]));
        let change = document
            .edit(actor, &base, &next, NOW)
            .expect("an edit")
            .expect("a change");
        chunks.extend([held.first.bytes.clone(), change.bytes, document.save()]);
    }
    chunks
}
