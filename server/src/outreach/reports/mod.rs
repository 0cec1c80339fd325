//! Periods' reports, read from the store and kept for as long as nothing changes them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sync_core::estimate::{PeriodInput, night_average, period_people};
use sync_core::time::{Instant, Period};

use super::estimate::{self, EstimateReport, PeopleReport};
use super::store::{Store, StoreError};
use crate::config::District;
use crate::outreach::store::draws::DrawStore;
use crate::outreach::store::encounters::EncounterStore;
use crate::outreach::store::feed::FeedStore;
use crate::outreach::store::statistics::StatisticsStore;

/// Most reports kept in memory.
const MOST_KEPT: usize = 64;

/// Reports by period, each good until the log grows.
#[derive(Debug, Default)]
struct ReportCache {
    kept: Mutex<BTreeMap<Period, Arc<EstimateReport>>>,
}

impl ReportCache {
    fn get(&self, period: Period, cursor: u64) -> Option<Arc<EstimateReport>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&period)
            .filter(|report| report.cursor == cursor)
            .cloned()
    }

    fn put(&self, period: Period, report: Arc<EstimateReport>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT && !kept.contains_key(&period) {
            kept.pop_first();
        }
        kept.insert(period, report);
    }
}

/// The people of periods, each good until its input changes: they take longer to
/// estimate than an average night, and only encounters change them.
#[derive(Debug, Default)]
struct PeopleCache {
    kept: Mutex<BTreeMap<Period, (PeriodInput, Arc<PeopleReport>)>>,
}

impl PeopleCache {
    fn get(&self, period: Period, input: &PeriodInput) -> Option<Arc<PeopleReport>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&period)
            .filter(|(known, _)| known == input)
            .map(|(_, report)| Arc::clone(report))
    }

    fn put(&self, period: Period, input: PeriodInput, report: Arc<PeopleReport>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT && !kept.contains_key(&period) {
            kept.pop_first();
        }
        kept.insert(period, (input, report));
    }
}

/// The reports of one store.
#[derive(Debug, Default)]
pub struct Reports {
    reports: ReportCache,
    people: PeopleCache,
}

impl Reports {
    /// The distinct people of a period, from its encounters. `night` is the report of
    /// its average night, which must not be above.
    pub async fn people(
        &self,
        store: &Store,
        period: Period,
        night: &EstimateReport,
    ) -> Result<Arc<PeopleReport>, StoreError> {
        let found = store.period_meetings(period).await?;
        let input = PeriodInput {
            days: period.days,
            meetings: found.meetings,
            erased_share: found.erased_share,
            #[expect(clippy::cast_precision_loss, reason = "a number of people")]
            night_total: night.estimate.map(|figure| figure.total as f64),
            ..PeriodInput::default()
        };
        if let Some(report) = self.people.get(period, &input) {
            return Ok(report);
        }
        // Averaging five lists takes tens of milliseconds: not where others wait.
        let (input, people) = tokio::task::spawn_blocking(move || {
            let people = period_people(&input);
            (input, people)
        })
        .await
        .map_err(|_| StoreError::Inconsistent("the estimate of a period's people".to_owned()))?;
        let report = Arc::new(estimate::people::build(period, &people));
        self.people.put(period, input, Arc::clone(&report));
        Ok(report)
    }

    /// The report of a period: what was seen, and an estimate or why there is none.
    /// `districts` gives names to the codes that places carry, and the order.
    pub async fn report(
        &self,
        store: &Store,
        period: Period,
        districts: &[District],
        now: Instant,
    ) -> Result<Arc<EstimateReport>, StoreError> {
        let head = store.head().await?;
        if let Some(report) = self.reports.get(period, head.cursor) {
            return Ok(report);
        }
        let facts = store.period_facts(period).await?;
        let draw = store.draw(period).await?;
        let average = night_average(&facts.input);
        let report = Arc::new(estimate::report::build(
            period, &facts, draw, &average, districts, now,
        ));
        self.reports.put(period, Arc::clone(&report));
        Ok(report)
    }

    /// The reports of the `count` periods up to and with `last`, oldest first.
    /// Periods before the first visit are left out.
    pub async fn reports(
        &self,
        store: &Store,
        last: Period,
        count: u32,
        districts: &[District],
        now: Instant,
    ) -> Result<Vec<Arc<EstimateReport>>, StoreError> {
        let first_night = store.first_night().await?;
        let mut reports = Vec::new();
        for n in (0..count).rev() {
            let period = last.earlier(n);
            if n == 0 || first_night.is_some_and(|night| night < period.end()) {
                reports.push(self.report(store, period, districts, now).await?);
            }
        }
        Ok(reports)
    }
}

#[cfg(test)]
mod tests;
