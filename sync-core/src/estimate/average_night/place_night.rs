//! One place, one night: several observations of one thing.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::dispersion::Phi;
use super::tents::TentRate;

/// The most persons (or tents) one observation may report. A larger figure is a
/// slip of the finger or an attack, not a place in a city.
pub const MOST_PERSONS: u32 = 1_000_000;

/// The most observations of one place on one night that are taken in.
pub const MOST_OBSERVATIONS: usize = 10_000;

/// The width of a 95 % interval in standard deviations: 2 × 1.96.
const INTERVAL_WIDTH: f64 = 3.92;

/// One observer's report of one place on one night.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode,
)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Observation {
    /// The whole place was counted.
    #[n(0)]
    Complete {
        /// The fewest there may have been.
        #[serde(default)]
        #[n(0)]
        low: Option<u32>,
        #[n(1)]
        best: u32,
        /// The most there may have been.
        #[serde(default)]
        #[n(2)]
        high: Option<u32>,
    },
    /// Part of the place was counted: a lower limit.
    #[n(1)]
    Partial {
        /// The persons seen.
        #[n(0)]
        best: u32,
    },
    /// Somebody else's figure: never part of x, only of the upper scenario.
    #[n(2)]
    Reported {
        /// The figure reported.
        #[n(0)]
        best: u32,
    },
    /// The place was counted in tents, some of which were opened.
    #[n(3)]
    Tents {
        /// All tents, the opened ones included.
        #[n(0)]
        tents: u32,
        /// The opened tents.
        #[n(1)]
        opened: u32,
        /// The persons seen in the opened tents.
        #[n(2)]
        persons: u32,
    },
}

impl Observation {
    /// Makes a complete count without a range.
    pub const fn complete(best: u32) -> Self {
        Self::Complete {
            low: None,
            best,
            high: None,
        }
    }
}

/// Why observations cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PlaceError {
    /// A figure is beyond [`MOST_PERSONS`].
    #[error("a count of {0} is beyond {MOST_PERSONS}: correct it at its source")]
    TooLarge(u32),
    /// The range does not hold the count.
    #[error("low ≤ best ≤ high does not hold")]
    InvertedRange,
    /// More tents were opened than there are.
    #[error("{opened} opened tents of {tents}")]
    MoreOpenedThanTents {
        /// The opened tents.
        opened: u32,
        tents: u32,
    },
    /// More than [`MOST_OBSERVATIONS`] observations.
    #[error("more than {MOST_OBSERVATIONS} observations of one place on one night")]
    TooMany,
}

/// The sufficient statistics of one place-night: integers that do not depend on
/// φ or on the persons a tent holds, so a change elsewhere never touches them.
/// They are also what remains after a visit is erased.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct PlaceNightCounts {
    /// The number k of complete counts.
    pub complete: u32,
    /// Σc over the complete counts.
    pub sum: u64,
    /// Σc² over the complete counts.
    pub sum_of_squares: u64,
    /// Twice the median of the complete counts.
    pub twice_median: u64,
    /// The largest lower limit: partial counts and persons seen in tents.
    pub lower_limit: Option<u32>,
    /// high − low of a single complete count that gave both.
    pub range: Option<u32>,
    /// The largest figure that others reported.
    pub reported: Option<u32>,
    /// The number of observations by tents.
    pub tent_observations: u32,
    /// Twice the median number of unopened tents.
    pub twice_unopened: u64,
    /// Twice the median number of persons in opened tents.
    pub twice_in_tents: u64,
}

fn twice_median(values: &mut [u32]) -> u64 {
    values.sort_unstable();
    let n = values.len();
    if n == 0 {
        return 0;
    }
    u64::from(values[(n - 1) / 2]) + u64::from(values[n / 2])
}

impl PlaceNightCounts {
    /// Reduces the observations of one place on one night, whatever their
    /// order.
    ///
    /// # Errors
    ///
    /// When a figure is absurd or contradicts another, or there are more than
    /// [`MOST_OBSERVATIONS`].
    pub fn new(observations: &[Observation]) -> Result<Self, PlaceError> {
        if observations.len() > MOST_OBSERVATIONS {
            return Err(PlaceError::TooMany);
        }
        let bounded = |v: u32| {
            if v > MOST_PERSONS {
                Err(PlaceError::TooLarge(v))
            } else {
                Ok(v)
            }
        };
        let mut counts = Self::default();
        let (mut complete, mut unopened, mut in_tents) = (Vec::new(), Vec::new(), Vec::new());
        for &observation in observations {
            match observation {
                Observation::Complete { low, best, high } => {
                    bounded(best)?;
                    bounded(high.unwrap_or(best))?;
                    let (below, above) = (low.unwrap_or(best), high.unwrap_or(best));
                    if below > best || above < best {
                        return Err(PlaceError::InvertedRange);
                    }
                    if low.is_some() && high.is_some() {
                        counts.range = Some(above - below);
                    }
                    complete.push(best);
                }
                Observation::Partial { best } => {
                    counts.lower_limit = counts.lower_limit.max(Some(bounded(best)?));
                }
                Observation::Reported { best } => {
                    counts.reported = counts.reported.max(Some(bounded(best)?));
                }
                Observation::Tents {
                    tents,
                    opened,
                    persons,
                } => {
                    bounded(tents)?;
                    if opened > tents {
                        return Err(PlaceError::MoreOpenedThanTents { opened, tents });
                    }
                    counts.lower_limit = counts.lower_limit.max(Some(bounded(persons)?));
                    unopened.push(tents - opened);
                    in_tents.push(persons);
                }
            }
        }
        for &c in &complete {
            counts.sum += u64::from(c);
            counts.sum_of_squares += u64::from(c) * u64::from(c);
        }
        counts.complete = u32::try_from(complete.len()).map_err(|_| PlaceError::TooMany)?;
        counts.twice_median = twice_median(&mut complete);
        if counts.complete != 1 {
            counts.range = None;
        }
        counts.tent_observations =
            u32::try_from(unopened.len()).map_err(|_| PlaceError::TooMany)?;
        counts.twice_unopened = twice_median(&mut unopened);
        counts.twice_in_tents = twice_median(&mut in_tents);
        Ok(counts)
    }

    /// Computes kΣc² − (Σc)², which is k·Σ(c − c̄)².
    pub fn scaled_squares(&self) -> u128 {
        (u128::from(self.complete) * u128::from(self.sum_of_squares))
            .saturating_sub(u128::from(self.sum) * u128::from(self.sum))
    }

    /// Returns whether these can be the statistics of real observations: what was read back
    /// from storage is checked before it is trusted.
    pub fn is_possible(&self) -> bool {
        let most = u64::from(MOST_PERSONS);
        let k = u64::from(self.complete);
        self.complete as usize <= MOST_OBSERVATIONS
            && self.sum <= k * most
            && self.sum_of_squares <= k * most * most
            && u128::from(self.sum) * u128::from(self.sum)
                <= u128::from(k) * u128::from(self.sum_of_squares)
            && self.twice_median <= 2 * self.sum
            && self.lower_limit.is_none_or(|v| v <= MOST_PERSONS)
            && self.range.is_none_or(|v| v <= MOST_PERSONS)
            && self.reported.is_none_or(|v| v <= MOST_PERSONS)
            && self.twice_unopened <= 2 * most
            && self.twice_in_tents <= 2 * most
    }

    /// Returns whether nobody went there: no count, no tents (a report may exist).
    pub fn is_unseen(&self) -> bool {
        self.complete == 0 && self.lower_limit.is_none() && self.tent_observations == 0
    }

    /// Reconciles the observations to one figure with its counting variance, or
    /// nothing when nobody looked.
    pub fn reconcile(&self, counting: &Counting) -> Option<PlaceNight> {
        if self.is_unseen() {
            return None;
        }
        let limit = f64::from(self.lower_limit.unwrap_or(0));
        if self.complete > 0 {
            let x = half(self.twice_median).max(limit);
            return Some(PlaceNight {
                x,
                u: self.counting_variance(x, counting.phi),
                seen: x,
                evidence: Evidence::Counted,
                unconverted_tents: 0.0,
            });
        }
        let unopened = half(self.twice_unopened);
        let phi_x = counting.phi.value * limit;
        if self.tent_observations == 0 || unopened <= 0.0 {
            let all_opened = self.tent_observations > 0;
            return Some(PlaceNight {
                x: limit,
                u: phi_x,
                seen: limit,
                evidence: if all_opened {
                    Evidence::Counted
                } else {
                    Evidence::LowerLimit
                },
                unconverted_tents: 0.0,
            });
        }
        let Some(rate) = counting.per_tent else {
            return Some(PlaceNight {
                x: limit,
                u: phi_x,
                seen: limit,
                evidence: Evidence::LowerLimit,
                unconverted_tents: unopened,
            });
        };
        let (persons, variance) = rate.persons(unopened);
        let in_tents = half(self.twice_in_tents);
        Some(PlaceNight {
            x: (in_tents + persons).max(limit),
            u: counting.phi.value * in_tents + variance,
            seen: limit,
            evidence: Evidence::Tents,
            unconverted_tents: 0.0,
        })
    }

    /// u: s²/k of several counts; ((high − low)/3.92)² of a single count with a
    /// range; otherwise φx.
    #[expect(clippy::cast_precision_loss, reason = "bounded by 10⁴ counts of 10⁶")]
    fn counting_variance(&self, x: f64, phi: Phi) -> f64 {
        let k = f64::from(self.complete);
        if self.complete >= 2 {
            self.scaled_squares() as f64 / (k * (k - 1.0) * k)
        } else if let Some(range) = self.range {
            let sd = f64::from(range) / INTERVAL_WIDTH;
            sd * sd
        } else {
            phi.value * x
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most twice 10⁶")]
fn half(twice: u64) -> f64 {
    twice as f64 / 2.0
}

/// How counts vary and how many persons a tent holds, from the whole city's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counting {
    /// The dispersion of counts.
    pub phi: Phi,
    /// The persons a tent holds, once enough were opened.
    pub per_tent: Option<TentRate>,
}

/// The kind of observation that a reconciled figure rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Only a lower limit: the place was not seen whole.
    LowerLimit,
    /// Tents times the persons a tent holds.
    Tents,
    /// At least one complete count.
    Counted,
}

/// One place on one night, reconciled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceNight {
    /// The persons there: max(median of complete counts, largest lower limit).
    pub x: f64,
    /// The counting variance of `x`.
    pub u: f64,
    /// The part of `x` that was seen, without what tents stand for.
    pub seen: f64,
    /// The best of the observations behind `x`.
    pub evidence: Evidence,
    /// Unopened tents that could not be turned into persons.
    pub unconverted_tents: f64,
}

/// Reconciles the observations of one place on one night.
///
/// x = max(median(c), max l): never the sum and never the maximum of the counts,
/// since with the maximum more observers look like more people. Gives nothing
/// when nobody looked (no observations, or reports only).
///
/// # Errors
///
/// As [`PlaceNightCounts::new`].
pub fn reconcile_place_night(
    observations: &[Observation],
    counting: &Counting,
) -> Result<Option<PlaceNight>, PlaceError> {
    Ok(PlaceNightCounts::new(observations)?.reconcile(counting))
}

#[cfg(test)]
mod tests;
