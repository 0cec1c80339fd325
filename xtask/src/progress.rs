//! Lines that say what is going on and for how long it has.

use std::fmt;
use std::time::{Duration, Instant};

/// Prints the steps of one command with elapsed times.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
}

impl Progress {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    /// Time since the command started.
    pub(crate) fn elapsed(&self) -> Elapsed {
        Elapsed(self.started.elapsed())
    }

    /// Announces `name`, does `work`, and says how it ended and how long it took.
    pub(crate) fn step<T, E>(
        &self,
        name: &str,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        println!("[{}] {name}…", self.elapsed());
        let started = Instant::now();
        let outcome = work();
        let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
        println!(
            "[{}] {name}: {verdict} in {}",
            self.elapsed(),
            Elapsed(started.elapsed())
        );
        outcome
    }

    /// Prints that `name` was not needed, and why.
    pub(crate) fn skipped(&self, name: &str, reason: &str) {
        println!("[{}] {name}: {reason}", self.elapsed());
    }
}

/// A duration for people: `0:07`, `12:31`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Elapsed(pub(crate) Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let text = format!("{}:{:02}", seconds / 60, seconds % 60);
        formatter.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elapsed_reads_as_minutes_and_seconds() {
        assert_eq!(Elapsed(Duration::from_millis(7_900)).to_string(), "0:07");
        assert_eq!(Elapsed(Duration::from_secs(751)).to_string(), "12:31");
        assert_eq!(format!("{:>6}", Elapsed(Duration::ZERO)), "  0:00");
    }
}
