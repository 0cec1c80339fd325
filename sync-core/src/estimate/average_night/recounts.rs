//! The statistics of recounted place-nights, from which φ follows.

use std::collections::BTreeMap;

use super::dispersion::Phi;
use super::place_night::PlaceNightCounts;

/// The sufficient statistics of φ over all recounted place-nights, as integers,
/// so that adding and removing place-nights in any order ends on the same bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recounts {
    by_times: BTreeMap<u32, Group>,
}

/// Place-nights that were counted equally many times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Group {
    nights: u32,
    /// Σ (kΣc² − (Σc)²) = Σ k·Σ(c − c̄)².
    scaled_squares: u128,
    /// Σ Σc = Σ k·c̄, in persons.
    sum: u128,
}

impl Recounts {
    /// Adds a place-night; one that was counted once changes nothing.
    pub fn add(&mut self, night: &PlaceNightCounts) {
        if night.complete < 2 {
            return;
        }
        let group = self.by_times.entry(night.complete).or_default();
        group.nights += 1;
        group.scaled_squares += night.scaled_squares();
        group.sum += u128::from(night.sum);
    }

    /// Removes a place-night that was added before.
    pub fn remove(&mut self, night: &PlaceNightCounts) {
        if night.complete < 2 {
            return;
        }
        let Some(group) = self.by_times.get_mut(&night.complete) else {
            return;
        };
        group.nights = group.nights.saturating_sub(1);
        group.scaled_squares = group.scaled_squares.saturating_sub(night.scaled_squares());
        group.sum = group.sum.saturating_sub(u128::from(night.sum));
        if group.nights == 0 {
            self.by_times.remove(&night.complete);
        }
    }

    /// Adds all that another one holds.
    pub fn add_all(&mut self, other: &Self) {
        for (&times, theirs) in &other.by_times {
            let group = self.by_times.entry(times).or_default();
            group.nights += theirs.nights;
            group.scaled_squares += theirs.scaled_squares;
            group.sum += theirs.sum;
        }
    }

    /// Returns whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.by_times.is_empty()
    }

    /// Computes φ = ΣΣ(c_ij − c̄_i)² / Σ(k_i − 1)c̄_i; 1, and not measured, when
    /// nothing was recounted or nobody was there.
    #[expect(clippy::cast_precision_loss, reason = "sums of counts, far below 2^53")]
    pub fn phi(&self) -> Phi {
        let (mut above, mut below, mut nights) = (0.0, 0.0, 0_u32);
        for (&times, group) in &self.by_times {
            let k = f64::from(times);
            above += group.scaled_squares as f64 / k;
            below += (k - 1.0) * (group.sum as f64) / k;
            nights = nights.saturating_add(group.nights);
        }
        if below > 0.0 {
            Phi {
                value: above / below,
                recounted: nights,
            }
        } else {
            Phi::ASSUMED
        }
    }
}

impl<'a> FromIterator<&'a PlaceNightCounts> for Recounts {
    fn from_iter<T: IntoIterator<Item = &'a PlaceNightCounts>>(nights: T) -> Self {
        let mut recounts = Self::default();
        for night in nights {
            recounts.add(night);
        }
        recounts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::average_night::place_night::Observation;

    fn night(counts: &[u32]) -> PlaceNightCounts {
        let observations: Vec<_> = counts.iter().map(|&c| Observation::complete(c)).collect();
        PlaceNightCounts::new(&observations).unwrap()
    }

    #[test]
    fn phi_by_hand() {
        let recounts: Recounts = [night(&[8, 12]), night(&[3, 4, 5]), night(&[7])]
            .iter()
            .collect();
        // Squares 8 + 2 over (1·10 + 2·4).
        assert!((recounts.phi().value - 10.0 / 18.0).abs() < 1e-15);
        assert_eq!(recounts.phi().recounted, 2);
    }

    #[test]
    fn removal_restores_every_bit() {
        let mut recounts: Recounts = [night(&[8, 12]), night(&[1, 0, 5])].iter().collect();
        let before = recounts.clone();
        recounts.add(&night(&[100, 90, 95]));
        recounts.remove(&night(&[100, 90, 95]));
        assert_eq!(recounts, before);
        assert_eq!(Recounts::default().phi(), Phi::ASSUMED);
    }
}
