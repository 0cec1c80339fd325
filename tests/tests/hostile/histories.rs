//! Histories of one document, written by honest and hostile hands.
//!
//! `LAGESBILD_CASES=100000` asks for more than the usual 600.

use lagesbild_tests::hostile::{Choices, Play};

/// Changes offered in a history.
const STEPS: usize = 14;
/// Orders in which each is offered again.
const ORDERS: usize = 2;

fn cases() -> u64 {
    let asked = std::env::var("LAGESBILD_CASES").ok();
    asked.map_or(600, |text| text.parse().unwrap())
}

fn played(seed: u64) -> Result<(Play, usize), String> {
    let mut choices = Choices::seeded(seed);
    let mut play = Play::begin(&mut choices)?;
    let mut taken = 0;
    for _ in 0..STEPS {
        taken += usize::from(play.step(&mut choices)?);
    }
    play.end()?;
    Ok((play, taken))
}

#[test]
fn nothing_that_is_let_in_makes_unreadable_what_was_readable() {
    let (mut taken, mut offered) = (0, 0);
    for seed in 0..cases() {
        let (play, let_in) = played(seed).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        taken += let_in;
        offered += play.offered.len() - 1;
    }
    println!("{offered} changes offered, {taken} let in");
    assert!(taken * 5 > offered, "{taken} of {offered}");
    assert!(taken * 10 < offered * 9, "{taken} of {offered}");
}

#[test]
fn every_order_of_arrival_gives_each_change_the_same_answer() {
    let from: u64 = std::env::var("LAGESBILD_FROM").map_or(0, |text| text.parse().unwrap());
    for seed in from..from + cases() / 3 {
        let (play, _) = played(seed).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        let mut choices = Choices::seeded(seed + 1_000_000_000);
        for _ in 0..ORDERS {
            let fared = play.reordered(&mut choices);
            fared.unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        }
    }
}

/// Does what the fuzz target does, with drawn bytes.
#[test]
fn bytes_that_choose_operations_lose_nothing() {
    for seed in 0..cases() {
        let mut drawn = Choices::seeded(seed + 2_000_000_000);
        let bytes: Vec<u8> = (0..400).flat_map(|_| drawn.bytes::<1>()).collect();
        let mut choices = Choices::Told(&bytes);
        let mut play = Play::begin(&mut choices).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        while !choices.is_over() && play.offered.len() < 30 {
            let step = play.step(&mut choices);
            step.unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        }
        play.end().unwrap_or_else(|e| panic!("seed {seed}: {e}"));
    }
}
