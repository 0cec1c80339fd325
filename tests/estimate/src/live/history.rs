//! One place over the years.

use std::convert::Infallible;

use sync_core::estimate::Counting;
use sync_core::estimate::average_night::place_history::{
    Lot, PREVIOUS_NIGHTS, PlaceFacts, PlaceNightRecord, place_input, previous_figure,
};
use sync_core::estimate::average_night::{PlaceId, PlaceInput};
use sync_core::time::{Night, Period};

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

    /// How many nights come before `night`. Looks from the end, in steps that
    /// double: who asks for a period mostly asks for the last, and nights far from
    /// what is read next cost more to look at than all the rest.
    fn before(&self, night: Night) -> usize {
        let mut end = self.nights.len();
        let mut step = 1;
        loop {
            let start = end.saturating_sub(step);
            let Some(part) = self.nights.get(start..end) else {
                return end;
            };
            if part.first().is_none_or(|n| n.0 < night) {
                return start + part.partition_point(|n| n.0 < night);
            }
            (end, step) = (start, step * 2);
        }
    }

    /// The place in a period; none when it does not belong to it.
    pub(super) fn input(
        &self,
        id: &PlaceId,
        period: Period,
        lot: Option<Lot>,
        counting: &Counting,
    ) -> Option<PlaceInput> {
        let (earlier, rest) = self.nights.split_at(self.before(period.first));
        let nights = rest
            .get(..rest.partition_point(|n| n.0 <= period.last()))
            .unwrap_or_default();
        if nights.is_empty() && !self.facts.belongs(period) {
            return None;
        }
        let oldest = period.first.plus(-PREVIOUS_NIGHTS);
        let earlier = earlier
            .iter()
            .rev()
            .take_while(|(night, _)| *night >= oldest)
            .map(|(night, record)| Ok::<_, Infallible>((*night, record.counts)));
        let Ok(previous) = previous_figure(period, counting, earlier);
        Some(PlaceInput {
            previous,
            ..place_input(id.clone(), &self.facts, nights, lot)
        })
    }
}
