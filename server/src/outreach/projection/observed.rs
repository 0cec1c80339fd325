//! Observations of one place on one night → its sufficient statistics.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use sync_core::estimate::{Counting, Observation, PlaceNightCounts};
use sync_core::model::{Access, Count, Method};
use sync_core::time::Instant;

/// Observations of one place-night that are taken in: far above what a city
/// makes, and below what the estimate takes.
const MOST_OBSERVATIONS: usize = 5_000;

/// The persons that one observer saw. Says nothing of who that was; this is also what
/// erasure leaves. Its order has no meaning but to be one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode,
)]
pub struct Observed {
    /// For the estimate.
    #[n(0)]
    pub observation: Observation,
    /// The ages and citizenships of the persons seen.
    #[n(1)]
    pub split: Split,
}

/// Of the persons of an observation, how many were of which age and citizenship.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Encode,
    Decode,
)]
pub struct Split {
    /// Persons seen as adults.
    #[n(0)]
    pub adults: u32,
    /// Persons seen as children.
    #[n(1)]
    pub children: u32,
    /// Persons of unknown age.
    #[n(2)]
    pub unknown: u32,
    /// Citizens of the EU or the EEA.
    #[n(3)]
    pub eu_eea: u32,
    /// Third-country nationals.
    #[n(4)]
    pub third_country: u32,
}

impl Observed {
    /// Returns what a count of a visit says of its place. A count of tents that also names
    /// persons gives both. Two valid edits can merge into a count that says
    /// low > best, or more opened tents than tents: it is made consistent.
    pub fn of(count: &Count, access: Access) -> Vec<Self> {
        let best = count.best();
        let eu_eea = count.eu_eea.unwrap_or(0).min(best);
        let split = Split {
            adults: count.adults,
            children: count.children,
            unknown: count.unknown,
            eu_eea,
            third_country: count.third_country.unwrap_or(0).min(best - eu_eea),
        };
        let opened = count
            .tents
            .map_or(0, |tents| count.tents_opened.unwrap_or(0).min(tents));
        let persons = match opened {
            0 => 0,
            _ => count.persons_in_opened.unwrap_or(0),
        };
        let with = |observation| Self { observation, split };
        match (count.method, access) {
            (Method::Reported, _) => vec![with(Observation::Reported { best })],
            // What was seen without seeing the whole place is a lower limit.
            (_, Access::Partial | Access::NoAccess) => vec![with(Observation::Partial {
                best: best.max(persons),
            })],
            (Method::Seen, Access::Complete) => vec![with(Observation::Complete {
                low: count.low.map(|low| low.min(best)),
                best,
                high: count.high.map(|high| high.max(best)),
            })],
            (Method::Tents, Access::Complete) => {
                let Some(tents) = count.tents else {
                    return vec![with(Observation::Partial { best })];
                };
                let mut seen = vec![with(Observation::Tents {
                    tents,
                    opened,
                    persons,
                })];
                if best > persons {
                    seen.push(with(Observation::Partial { best }));
                }
                seen
            }
        }
    }

    /// Ranks how near this observation is to a median (given twice, as the statistics
    /// have it): the nearest speaks for the night's ages and citizenships.
    /// Counts of the whole place go before lower limits, the largest first.
    fn rank(&self, twice_median: u64) -> Option<(u8, u64)> {
        match self.observation {
            Observation::Complete { best, .. } => {
                Some((0, (2 * u64::from(best)).abs_diff(twice_median)))
            }
            Observation::Partial { best } => Some((1, u64::from(u32::MAX - best))),
            Observation::Tents { persons, .. } => Some((2, u64::from(u32::MAX - persons))),
            Observation::Reported { .. } => None,
        }
    }
}

/// Opened tents of an observation and the persons in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opened {
    /// Opened tents, at least one.
    pub tents: u32,
    /// Persons in the opened tents.
    pub persons: u32,
}

/// A visit as far as its place-night is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// How much of the place it saw.
    pub access: Access,
    /// When the visit began.
    pub started: Instant,
}

/// One place on one night, all organisations together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceNightRow {
    /// The best that any visit saw.
    pub access: Access,
    /// When the last visit began.
    pub last_started: Instant,
    /// The estimate's statistics.
    pub counts: PlaceNightCounts,
    /// Opened tents, sorted.
    pub opened: Vec<Opened>,
    /// The ages and citizenships, by the observation nearest to the median.
    pub split: Split,
}

/// Takes the visits to a place on a night together: the median of whole counts,
/// never their sum. The order of the arguments leaves no trace. `None` when
/// nobody was there.
pub fn reconcile(walks: &[Walk], mut observed: Vec<Observed>) -> Option<PlaceNightRow> {
    let access = walks.iter().map(|w| w.access).min_by_key(|a| rank(*a))?;
    let last_started = walks.iter().map(|w| w.started).max()?;
    observed.sort_unstable();
    observed.truncate(MOST_OBSERVATIONS);
    let observations: Vec<_> = observed.iter().map(|o| o.observation).collect();
    // Rows are clamped and bounded when they are made; what slipped through is
    // left out rather than stopping everybody's sync.
    let counts = PlaceNightCounts::new(&observations).unwrap_or_default();
    let mut opened: Vec<_> = observed
        .iter()
        .filter_map(|o| match o.observation {
            Observation::Tents {
                opened, persons, ..
            } if opened > 0 => Some(Opened {
                tents: opened,
                persons,
            }),
            _ => None,
        })
        .collect();
    opened.sort_unstable();
    let split = observed
        .iter()
        .filter_map(|o| Some((o.rank(counts.twice_median)?, o)))
        .min()
        .map_or_else(Split::default, |(_, o)| o.split);
    Some(PlaceNightRow {
        access,
        last_started,
        counts,
        opened,
        split,
    })
}

/// The figure that other organisations are shown: the median of whole counts,
/// halves rounded up, or the largest lower limit. `None` when nothing was seen.
pub fn figure(observed: &[Observed]) -> Option<u32> {
    let observations: Vec<_> = observed.iter().map(|o| o.observation).collect();
    let night = PlaceNightCounts::new(&observations)
        .ok()?
        .reconcile(&Counting::default())?;
    // Whole and half numbers of at most a million.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded by the gate's limits"
    )]
    Some((night.x + 0.5).floor() as u32)
}

fn rank(access: Access) -> u8 {
    match access {
        Access::Complete => 0,
        Access::Partial => 1,
        Access::NoAccess => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sync_core::model::Sleeping;

    fn seen(best: u32) -> Observed {
        Observed {
            observation: Observation::complete(best),
            split: Split {
                adults: best,
                ..Split::default()
            },
        }
    }

    fn walk(access: Access, started: i64) -> Walk {
        Walk {
            access,
            started: Instant(started),
        }
    }

    #[test]
    fn several_organisations_give_the_median_not_the_sum() {
        let walks = [walk(Access::Complete, 1), walk(Access::Partial, 2)];
        let row = reconcile(&walks, vec![seen(12), seen(7), seen(8)]).unwrap();
        assert_eq!((row.counts.twice_median, row.split.adults), (16, 8));
        assert_eq!(
            (row.access, row.last_started),
            (Access::Complete, Instant(2))
        );
        assert_eq!(figure(&[seen(7), seen(8)]), Some(8));
        assert_eq!(figure(&[]), None);
    }

    #[test]
    fn a_count_of_part_of_a_place_is_a_lower_limit() {
        let observer = sync_core::ids::DeviceId::from_bytes([1; 8]);
        let count = Count {
            sleeping: Sleeping::Tent,
            method: Method::Tents,
            tents: Some(4),
            tents_opened: Some(2),
            persons_in_opened: Some(2),
            ..Count::of_adults(observer, Instant(0), 3)
        };
        let of = |access| -> Vec<_> {
            Observed::of(&count, access)
                .iter()
                .map(|o| o.observation)
                .collect()
        };
        assert_eq!(of(Access::Partial), [Observation::Partial { best: 3 }]);
        assert_eq!(
            of(Access::Complete),
            [
                Observation::Tents {
                    tents: 4,
                    opened: 2,
                    persons: 2
                },
                Observation::Partial { best: 3 }
            ]
        );
    }

    proptest! {
        #[test]
        fn order_leaves_no_trace(mut figures in proptest::collection::vec(0_u32..50, 0..8), by in 0_usize..8) {
            let walks = [walk(Access::Complete, 1)];
            let one = reconcile(&walks, figures.iter().map(|n| seen(*n)).collect());
            let n = figures.len().max(1);
            figures.rotate_left(by % n);
            prop_assert_eq!(one, reconcile(&walks, figures.iter().map(|n| seen(*n)).collect()));
        }
    }
}
