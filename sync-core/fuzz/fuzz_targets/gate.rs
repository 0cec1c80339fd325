//! Changes and snapshots as bytes. The first byte chooses what they are
//! offered to; the checksum is repaired.
#![no_main]

use lagesbild_fuzz::{begin, chunks, held, offer, with_checksum};
use libfuzzer_sys::fuzz_target;
use sync_core::gate::Gate;
use sync_core::model::Kind;

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let Some((mode, rest)) = data.split_first() else {
        return;
    };
    let chunk = with_checksum(rest.to_vec());
    let [place, visit] = held();
    match mode % 5 {
        0 => offer(Some(&place.document), Kind::Place, &[&chunk]),
        1 => offer(Some(&visit.document), Kind::Visit, &[&chunk]),
        2 => offer(None, Kind::Place, &[&chunk]),
        3 => offer(None, Kind::Visit, &[&visit.first.bytes, &chunk]),
        _ => {
            let kind = if mode & 0x80 == 0 { Kind::Place } else { Kind::Visit };
            if let Ok(document) = Gate::default().admit_snapshot(kind, &chunk) {
                document.content().expect("what was let in can be read");
            }
        }
    }
});

fn seeds() -> Vec<Vec<u8>> {
    let with_mode = |mode: u8, chunk: &Vec<u8>| [&[mode], chunk.as_slice()].concat();
    chunks()
        .iter()
        .flat_map(|chunk| [0, 1, 2, 3, 4, 0x84].map(|mode| with_mode(mode, chunk)))
        .collect()
}
