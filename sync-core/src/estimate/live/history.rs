//! One place over the years.

use super::{Draw, Night, PREVIOUS_NIGHTS, Period, PlaceFacts, PlaceNightRecord};
use crate::estimate::night::{Access, Composition, PlaceId, PlaceInput, Previous};
use crate::estimate::place::{Basis, Counting};

/// A place and its nights, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlaceHistory {
    pub(super) facts: PlaceFacts,
    nights: Vec<(Night, PlaceNightRecord)>,
}

impl PlaceHistory {
    pub(super) const fn new(facts: PlaceFacts) -> Self {
        Self {
            facts,
            nights: Vec::new(),
        }
    }

    pub(super) fn nights(&self) -> &[(Night, PlaceNightRecord)] {
        &self.nights
    }

    /// Sets a night; gives what was known of it.
    pub(super) fn set(
        &mut self,
        night: Night,
        record: Option<PlaceNightRecord>,
    ) -> Option<PlaceNightRecord> {
        match (self.nights.binary_search_by_key(&night, |n| n.0), record) {
            (Ok(at), Some(record)) => Some(std::mem::replace(&mut self.nights[at].1, record)),
            (Ok(at), None) => Some(self.nights.remove(at).1),
            (Err(at), Some(record)) => {
                self.nights.insert(at, (night, record));
                None
            }
            (Err(_), None) => None,
        }
    }

    /// Sets every night; gives what was known before.
    pub(super) fn set_all(
        &mut self,
        mut nights: Vec<(Night, PlaceNightRecord)>,
    ) -> Vec<(Night, PlaceNightRecord)> {
        // Stable, and kept from the end: the later of two records stands.
        if !nights.is_sorted_by(|a, b| a.0 < b.0) {
            nights.sort_by_key(|night| night.0);
            nights.reverse();
            nights.dedup_by_key(|night| night.0);
            nights.reverse();
        }
        std::mem::replace(&mut self.nights, nights)
    }

    /// The part of the nights in `from..=to`.
    fn between(&self, from: Night, to: Night) -> &[(Night, PlaceNightRecord)] {
        let start = self.nights.partition_point(|n| n.0 < from);
        let end = self.nights.partition_point(|n| n.0 <= to);
        self.nights.get(start..end).unwrap_or_default()
    }

    /// The place in a period; none when it does not belong to it.
    pub(super) fn input(
        &self,
        id: &PlaceId,
        period: Period,
        draw: Option<&Draw>,
        counting: &Counting,
    ) -> Option<PlaceInput> {
        let nights = self.between(period.first, period.last);
        if nights.is_empty() && !self.facts.belongs(period) {
            return None;
        }
        let mut composition = Composition::default();
        let mut access = Access::NotVisited;
        for (_, record) in nights {
            composition.add(&record.composition);
            access = access.max(record.access);
        }
        let mut whole = nights
            .iter()
            .filter(|(_, record)| record.access == Access::Complete)
            .peekable();
        let seen_whole = whole.peek().is_some();
        let (drawn, after_draw) = match draw {
            None => (false, false),
            Some(draw) if draw.places.contains(id) => {
                (whole.any(|(_, n)| n.last_started >= draw.at), false)
            }
            Some(draw) => (
                false,
                seen_whole && whole.all(|(_, n)| n.last_started >= draw.at),
            ),
        };
        Some(PlaceInput {
            id: id.clone(),
            district: self.facts.district.clone(),
            previous: self.previous(period, counting),
            nights: nights.iter().map(|(_, record)| record.counts).collect(),
            access,
            drawn,
            after_draw,
            composition,
        })
    }

    /// The last figure from before a period: the mean over the nights of the newest
    /// earlier period in which the place was seen whole; its age is that of the
    /// newest of those nights at the period's start.
    fn previous(&self, period: Period, counting: &Counting) -> Option<Previous> {
        let oldest = period.first.saturating_sub(PREVIOUS_NIGHTS);
        let earlier = self.between(oldest, period.first.saturating_sub(1));
        let (mut sum, mut nights, mut newest) = (0.0, 0_u32, None);
        for (night, record) in earlier.iter().rev() {
            if newest.is_some_and(|newest| *night < period.start_of_earlier(newest)) {
                break;
            }
            let whole = record
                .counts
                .reconcile(counting)
                .filter(|figure| figure.basis != Basis::LowerLimit);
            if let Some(whole) = whole {
                sum += whole.x;
                nights += 1;
                newest = newest.or(Some(*night));
            }
        }
        let newest = newest?;
        Some(Previous {
            figure: sum / f64::from(nights),
            age_days: u32::try_from(period.first.saturating_sub(newest)).unwrap_or(u32::MAX),
        })
    }
}
