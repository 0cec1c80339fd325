//! The server's times: how far its clock was known to be right, and what a person said.
//!
//! A clock that is wrong at one start must not decide what is destroyed. The mark is the
//! latest time at which the store was at work by clocks that did not jump; whoever raises
//! it (`crate::outreach::application::retention`) has compared the clock with it before.

use sync_core::time::Instant;

use super::Answer;
use crate::shared::principal::Actor;

/// How far the clock may lie behind the mark before it is taken for wrong, milliseconds: a
/// clock that is set right by a time service steps less.
pub const BEHIND: i64 = 5 * 60_000;

/// The times, of which no single start with a wrong clock can be the judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The mark; 0 before it is known.
    pub mark: Instant,
    /// The time at which documents count as received that were received before it.
    pub counts_from: Instant,
    /// When a person last said that retention may go on.
    pub went_on_at: Instant,
    /// How many documents of a kind may then be hidden within a day.
    pub allowed: u64,
}

/// The word of a person who has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoOn {
    /// How many documents of a kind may be hidden within a day.
    pub allowed: u64,
    /// Whether all that is there counts as received now.
    pub anew: bool,
}

/// Operations on the server's times.
pub trait TimesStore {
    /// Reads the times, and notes the mark for receipts.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn times(&self) -> impl Answer<Times>;

    /// Raises the mark. It never goes down by this.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn raise_mark(&self, to: Instant) -> impl Answer<()>;

    /// Notes that a person has looked: the clock is right, the mark is the present.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn go_on(&self, said: GoOn, by: Actor, now: Instant) -> impl Answer<()>;
}
