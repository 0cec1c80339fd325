//! From tents to persons, when enough tents of the city and season were opened.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::estimate::thresholds::Thresholds;

/// How many persons a tent holds, measured on opened tents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TentRate {
    /// m̄ = Σ persons / Σ tents.
    pub persons_per_tent: f64,
    /// s²: the variance of one tent's persons.
    pub variance: f64,
    /// n: the opened tents behind it.
    pub opened: u32,
}

impl TentRate {
    /// Returns the persons in `tents` unopened tents and their variance.
    ///
    /// Persons = T·m̄. The variance is T²s²/n for the uncertainty of m̄ plus T·s²
    /// since these very tents vary as the opened ones did.
    pub fn persons(&self, tents: f64) -> (f64, f64) {
        let n = f64::from(self.opened.max(1));
        (
            tents * self.persons_per_tent,
            self.variance * (tents * tents / n + tents),
        )
    }
}

/// Opened tents of one city and season as integer sums, by how many were opened
/// at once: the order of adding and removing leaves no trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenedTents {
    by_opened: BTreeMap<u32, Sums>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    observations: u64,
    persons: u64,
    squares: u128,
}

impl OpenedTents {
    /// Adds an observation: `persons` were in `opened` tents.
    pub fn add(&mut self, opened: u32, persons: u32) {
        if opened == 0 {
            return;
        }
        let sums = self.by_opened.entry(opened).or_default();
        sums.observations += 1;
        sums.persons += u64::from(persons);
        sums.squares += u128::from(persons) * u128::from(persons);
    }

    /// Removes an observation that was added before.
    pub fn remove(&mut self, opened: u32, persons: u32) {
        let Some(sums) = self.by_opened.get_mut(&opened) else {
            return;
        };
        sums.observations = sums.observations.saturating_sub(1);
        sums.persons = sums.persons.saturating_sub(u64::from(persons));
        sums.squares = sums
            .squares
            .saturating_sub(u128::from(persons) * u128::from(persons));
        if sums.observations == 0 {
            self.by_opened.remove(&opened);
        }
    }

    /// Adds all that another one holds.
    pub fn add_all(&mut self, other: &Self) {
        for (&opened, theirs) in &other.by_opened {
            let sums = self.by_opened.entry(opened).or_default();
            sums.observations += theirs.observations;
            sums.persons += theirs.persons;
            sums.squares += theirs.squares;
        }
    }

    /// Returns whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.by_opened.is_empty()
    }

    /// Computes m̄ and s², or nothing when too few tents were opened.
    ///
    /// An observation of t tents holds persons with variance t·s², so
    /// s² = Σ(p − m̄t)²/t / (observations − 1) = (Σp²/t − m̄Σp)/(observations − 1).
    /// From a single observation s² = m̄, as for Poisson.
    #[expect(clippy::cast_precision_loss, reason = "sums of counts, far below 2^53")]
    pub fn rate(&self, thresholds: &Thresholds) -> Option<TentRate> {
        let (mut observations, mut tents, mut persons, mut scaled) = (0_u64, 0_u64, 0_u64, 0.0);
        for (&opened, sums) in &self.by_opened {
            observations += sums.observations;
            tents += u64::from(opened) * sums.observations;
            persons += sums.persons;
            scaled += sums.squares as f64 / f64::from(opened);
        }
        if tents < u64::from(thresholds.least_opened_tents.max(1)) {
            return None;
        }
        let rate = persons as f64 / tents as f64;
        let variance = if observations > 1 {
            ((scaled - rate * persons as f64) / (observations - 1) as f64).max(0.0)
        } else {
            rate
        };
        Some(TentRate {
            persons_per_tent: rate,
            variance,
            opened: u32::try_from(tents).unwrap_or(u32::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_needs_enough_opened_tents() {
        let mut tents = OpenedTents::default();
        tents.add(10, 20);
        assert!(tents.rate(&Thresholds::default()).is_none());
        tents.add(10, 30);
        let rate = tents.rate(&Thresholds::default()).unwrap();
        assert_eq!(rate.opened, 20);
        assert!((rate.persons_per_tent - 2.5).abs() < 1e-15);
        // (5²/10 + 5²/10) / 1.
        assert!((rate.variance - 5.0).abs() < 1e-12);
        let (persons, variance) = rate.persons(4.0);
        assert!((persons - 10.0).abs() < 1e-12);
        assert!((variance - 5.0 * (16.0 / 20.0 + 4.0)).abs() < 1e-12);
    }
}
