//! Work that is done although the server may end at any moment.
//!
//! A job is a row, written in the transaction of the act that wants it: either both are on
//! disk or neither. It is run at least once, and taken away in the transaction of its last
//! effect ([`finish`]) or, where it has none in the database, when it has returned. One that
//! fails is tried again, later each time; one that has failed too often is *dead*: it stays
//! and is shown until a person has it tried again or discards it. A job with a period is
//! *scheduled*: it never ends, and never dies.
//!
//! Whoever takes a step of a job must find out whether the step was taken already: a server
//! that is killed takes it again.

mod rows;
mod worker;

pub use rows::{Job, JobRow, Jobs, NewJob, State};
pub(crate) use rows::{enqueue, finish};
pub use worker::{Done, work};

/// How long after its n-th failure a job is tried again, in milliseconds: 5 s, then twice as
/// long each time, at most an hour; `chance` in 0..1 takes up to a fifth off, so that jobs
/// that failed together do not come back together.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "milliseconds up to an hour"
)]
fn delay(attempts: u32, chance: f64) -> i64 {
    const FIRST: i64 = 5_000;
    let whole = (FIRST << attempts.saturating_sub(1).min(20)).min(LONGEST_DELAY);
    whole - (whole as f64 * 0.2 * chance) as i64
}

/// The longest time between two tries, in milliseconds.
const LONGEST_DELAY: i64 = 3_600_000;
/// After so many failures, which takes more than half a day, a job is dead.
const MOST_ATTEMPTS: u32 = 20;

#[cfg(test)]
mod tests;
