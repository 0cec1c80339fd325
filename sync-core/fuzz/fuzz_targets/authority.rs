//! Everybody who may reach a document writes to it: operations of any sort at any place,
//! on any earlier state, by a maker, a colleague, coordinators, strangers and the desk.
//! The bytes choose which. After each change that is let in, all that had been readable
//! must be, fixed fields must say what they said, and a phone must be able to read it; at
//! the end another replica reads the whole, and who made it can go on.
#![no_main]

use lagesbild_fuzz::begin;
use lagesbild_tests::hostile::{Choices, Play};
use libfuzzer_sys::fuzz_target;

/// Changes offered at most: what one finding needs.
const MOST: usize = 30;

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let mut choices = Choices::Told(data);
    let mut play = Play::begin(&mut choices).expect("an honest beginning is let in");
    while !choices.is_over() && play.offered.len() < MOST {
        play.step(&mut choices).expect("nothing is lost");
    }
    play.end().expect("it can be read, and goes on");
});

/// Bytes of all sorts: each tells another history.
fn seeds() -> Vec<Vec<u8>> {
    (0..64)
        .map(|seed| {
            let mut choices = Choices::seeded(seed);
            (0..500).flat_map(|_| choices.bytes::<1>()).collect()
        })
        .collect()
}
