//! The attacks that the engine falls for by itself (a panic, a gigabyte, an end
//! by allocation failure), each built again here and offered to the gate: refused,
//! quickly, in little memory.
#![expect(clippy::unwrap_used, reason = "what a test cannot do fails it")]

mod edits;

use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Change, ROOT};
use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, FlushCompress};
use lagesbild_tests::sample;
use peak_alloc::PeakAlloc;
use sha2::{Digest, Sha256};
use sync_core::authority::Actor;
use sync_core::document::Document;
use sync_core::gate::{Gate, RejectionCode};
use sync_core::ids::{DeviceId, SessionId, actor};
use sync_core::model::{Content, Kind};
use sync_core::time::Instant;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Peaks are of the whole process: one test at a time, from its first line.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const NOW: Instant = Instant(1_795_000_000_000);
/// Bytes that a refusal may take beyond what was offered: a hundredth of what the attacks
/// take of the engine.
const MEMORY: usize = 4_000_000;
/// Far above what a refusal takes, even in a debug build on a busy machine.
const TIME: Duration = Duration::from_millis(500);

fn device() -> DeviceId {
    DeviceId::from_bytes([1; 8])
}

fn actor_here() -> ActorId {
    actor(device(), SessionId::from_bytes([1; 8]))
}

fn place() -> Content {
    sample::place("Under bron", "sodermalm", NOW)
}

/// Offers bytes as a change to a new document and to one that is there, and as a
/// whole document. Each must be refused for what it is, not because the engine
/// failed on it, quickly and in little memory.
fn refused(attack: &[u8]) -> [RejectionCode; 3] {
    let (held, _) = Document::create(actor_here(), &place(), NOW).unwrap();
    let gate = Gate::default();
    let change = |current: Option<&Document>| {
        let admission = gate.admit(
            Kind::Place,
            current,
            &[attack],
            Some(&Actor::worker(device())),
            NOW,
        );
        assert!(admission.accepted.is_empty());
        admission.rejected.unwrap().code
    };

    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let begun = Clock::now();
    let codes = [
        change(None),
        change(Some(&held)),
        gate.admit_snapshot(Kind::Place, attack).unwrap_err().code,
    ];
    let (took, peak) = (begun.elapsed(), ALLOCATOR.peak_usage() - before);
    assert!(peak < MEMORY, "{peak} bytes for {} offered", attack.len());
    assert!(took < TIME, "{took:?} for {} bytes offered", attack.len());
    assert!(!codes.contains(&RejectionCode::EngineFailure), "{codes:?}");
    codes
}

/// A chunk of the engine's storage format, with a checksum that fits.
fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut typed = vec![kind];
    unsigned(&mut typed, body.len() as u64);
    typed.extend_from_slice(body);
    let checksum = Sha256::digest(&typed);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &typed].concat()
}

fn unsigned(out: &mut Vec<u8>, mut n: u64) {
    while n > 0x7f {
        out.push(u8::try_from(n & 0x7f).unwrap() | 0x80);
        n >>= 7;
    }
    out.push(u8::try_from(n).unwrap());
}

fn signed(out: &mut Vec<u8>, mut n: i64) {
    loop {
        let byte = u8::try_from(n & 0x7f).unwrap();
        n >>= 7;
        if (n == 0 && byte & 0x40 == 0) || (n == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

/// The beginning of a change that builds on nothing, up to its columns.
fn beginning() -> Vec<u8> {
    let actor = actor_here();
    let mut body = vec![0];
    unsigned(&mut body, actor.to_bytes().len() as u64);
    body.extend_from_slice(actor.to_bytes());
    // Sequence, first operation, time, message, other actors.
    body.extend_from_slice(&[1, 1]);
    signed(&mut body, NOW.0 / 1000);
    body.extend_from_slice(&[0, 0]);
    body
}

/// A change with these columns.
fn change_with(columns: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut body = beginning();
    unsigned(&mut body, columns.len() as u64);
    for (specification, data) in columns {
        unsigned(&mut body, u64::from(*specification));
        unsigned(&mut body, data.len() as u64);
    }
    for (_, data) in columns {
        body.extend_from_slice(data);
    }
    chunk(1, &body)
}

/// A run of equal values.
fn run(count: i64, value: &[u8]) -> Vec<u8> {
    let mut column = Vec::new();
    signed(&mut column, count);
    column.extend_from_slice(value);
    column
}

/// Encodes a run of nulls.
fn nulls(count: u64) -> Vec<u8> {
    let mut column = vec![0];
    unsigned(&mut column, count);
    column
}

/// A change of one text of so many letters, deflated by the engine.
fn deflated(letters: usize) -> Vec<u8> {
    let mut document = AutoCommit::new().with_actor(actor_here());
    document.put(ROOT, "note", "a".repeat(letters)).unwrap();
    document.commit_with(CommitOptions::default().with_time(NOW.0 / 1000));
    let mut change: Change = document.get_last_local_change().unwrap().clone();
    change.bytes().into_owned()
}

/// A deflate stream of so many megabytes of zeros, about a kilobyte for each.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 1_000_000]).unwrap();
    // A flush ends at a whole byte; what refers back finds only zeros.
    encoder.flush().unwrap();
    let mut stream = encoder.get_ref().repeat(megabytes);
    stream.reserve(64);
    Compress::new(Compression::best(), false)
        .compress_vec(&[], &mut stream, FlushCompress::Finish)
        .unwrap();
    stream
}

#[test]
fn runs_that_claim_millions_of_operations() {
    const MANY: i64 = 2_000_000;
    let _alone = alone();
    let attacks = [
        // Inserts of nulls at one key.
        change_with(&[
            (0x15, run(MANY, b"\x01a")),
            (0x34, vec![0, 0x80, 0x89, 0x7a]),
            (0x42, run(MANY, &[1])),
            (0x56, run(MANY, &[0])),
        ]),
        change_with(&[(0x42, run(MANY, &[1]))]),
        change_with(&[(0x42, nulls(2_000_000))]),
        // As long as a number can say.
        change_with(&[(0x42, run(i64::MAX, &[1]))]),
        change_with(&[(0x42, nulls(u64::MAX))]),
        // Many runs, each below the limit.
        change_with(&[(0x42, run(4_000, &[1]).repeat(1_000))]),
    ];
    for attack in attacks {
        assert!(attack.len() < 5_000);
        let [new, held, _] = refused(&attack);
        let expected = [RejectionCode::TooManyOperations, RejectionCode::Malformed];
        assert!(expected.contains(&new), "{new:?}");
        assert_eq!(new, held);
    }
}

#[test]
fn deflated_changes() {
    let _alone = alone();
    // 2 kB of 2 MB take the engine a gigabyte; 20 kB of 20 MB end its process.
    for letters in [2_000_000, 20_000_000] {
        let attack = deflated(letters);
        assert!(attack.len() < letters / 500);
        assert_eq!(refused(&attack), [RejectionCode::ChunkType; 3]);
    }
}

#[test]
fn deflate_bombs() {
    let _alone = alone();
    for megabytes in [40, 1_000] {
        let stream = bomb(megabytes);
        assert!(stream.len() < megabytes * 1_200);
        // As a deflated change; as a deflated column of a change and of a document.
        let mut column = vec![1, 0x4a];
        unsigned(&mut column, stream.len() as u64);
        column.extend_from_slice(&stream);
        refused(&chunk(2, &stream));
        refused(&chunk(1, &[beginning(), column.clone()].concat()));
        refused(&chunk(0, &[vec![0, 0], column].concat()));
        refused(&stream);
    }
}

#[test]
fn sync_messages() {
    let _alone = alone();
    // Empty Bloom bits, on which the engine divides by zero, and a probe count with
    // which it does not end. Nothing here reads such messages.
    let empty_bits = [0x42, 0, 0, 1, 0, 4, 1, 10, 7, 0];
    let endless = [
        0x42, 0, 0, 1, 0, 9, 1, 10, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0,
    ];
    for attack in [&empty_bits[..], &endless] {
        assert_eq!(refused(attack), [RejectionCode::Malformed; 3]);
    }
}

#[test]
fn lengths_that_promise_more_than_there_is() {
    let _alone = alone();
    let endless = |before: &[u8]| {
        let mut body = before.to_vec();
        unsigned(&mut body, u64::MAX);
        body
    };
    let before_columns = beginning();
    let before_length = [&before_columns[..], &[1, 0x42]].concat();
    // A text that says that it is 2^59 bytes long.
    let mut meta = Vec::new();
    unsigned(&mut meta, (1 << 63) | 6);
    let attacks = [
        // Of a change: what it builds on, the actor, other actors, columns, a column.
        chunk(1, &endless(&[])),
        chunk(1, &endless(&[0])),
        chunk(1, &endless(&before_columns[..before_columns.len() - 1])),
        chunk(1, &endless(&before_columns)),
        chunk(1, &endless(&before_length)),
        // Of a document: actors, heads, columns.
        chunk(0, &endless(&[])),
        chunk(0, &endless(&[0])),
        chunk(0, &endless(&[0, 0])),
        // Of a chunk.
        endless(&[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1]),
        change_with(&[
            (0x15, run(1, b"\x04note")),
            (0x34, vec![1]),
            (0x42, run(1, &[1])),
            (0x56, run(1, &meta)),
            (0x57, vec![b'a']),
            (0x70, run(1, &[0])),
        ]),
    ];
    for attack in attacks {
        refused(&attack);
    }
}

#[test]
fn garbage_after_a_good_change() {
    let _alone = alone();
    let (_, change) = Document::create(actor_here(), &place(), NOW).unwrap();
    for rest in [vec![0], vec![0xff; 60_000], change.bytes.clone()] {
        refused(&[change.bytes.clone(), rest].concat());
    }
}

#[test]
fn times_before_all_times() {
    let _alone = alone();
    for time in [i64::MIN, -1] {
        let mut document = AutoCommit::new().with_actor(actor_here());
        document.put(ROOT, "note", "a").unwrap();
        document.commit_with(CommitOptions::default().with_time(time));
        let change = document
            .get_last_local_change()
            .unwrap()
            .raw_bytes()
            .to_vec();
        assert_eq!(refused(&change)[0], RejectionCode::Malformed);
    }
}

/// Replays what fuzzing found, with its checksum mended; the first byte says what the fuzzer
/// offered it to. What lies beside it as `.first` is the change that it builds on.
#[test]
fn found_by_fuzzing() {
    let _alone = alone();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/found");
    let mut offered = 0;
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some() {
            continue;
        }
        let mut attack = std::fs::read(&path).unwrap().split_off(1);
        let checksum = Sha256::digest(&attack[8..]);
        attack[..4].copy_from_slice(&[0x85, 0x6f, 0x4a, 0x83]);
        attack[4..8].copy_from_slice(&checksum[..4]);
        refused(&attack);
        let Ok(first) = std::fs::read(path.with_extension("first")) else {
            offered += 1;
            continue;
        };
        let changes = [&first[..], &attack];
        let admission = Gate::default().admit(
            Kind::Visit,
            None,
            &changes,
            Some(&Actor::worker(device())),
            NOW,
        );
        assert_eq!(admission.accepted.len(), 1);
        let rejected = admission.rejected.unwrap();
        assert_eq!(
            rejected.code,
            RejectionCode::Malformed,
            "{}",
            rejected.detail
        );
        offered += 1;
    }
    assert_eq!(offered, 3);
}
