//! Which estimator the lists of a period can carry.

use super::explain::explain;
use super::input::{Organisation, PeriodInput};
use super::linkage::{Linked, link};
use super::outcome::{
    LinkSensitivity, ListSize, ModelEstimate, PairRow, PeriodEstimate, PeriodMethod, PeriodPeople,
    PeriodRefusal, PeriodResult,
};
use crate::estimate::distinct_people::frequencies::Frequencies;
use crate::estimate::distinct_people::log_linear::admissible_models::{
    AdmissibleModels, admissible_models,
};
use crate::estimate::distinct_people::log_linear::average::{Options, average};
use crate::estimate::distinct_people::log_linear::table::Table;
use crate::estimate::distinct_people::log_linear::table_refusals;
use crate::estimate::reason::{Refusal, Warning};
use crate::estimate::thresholds::Thresholds;

/// The most lists the averaging takes; the longest are used.
const MOST_LISTS: usize = 5;

/// The shares of found links that the sensitivity shows.
const FOUND_LINKS: [f64; 3] = [1.0, 0.95, 0.9];

/// Estimates the distinct people of a period.
///
/// Deterministic, and independent of the order of the encounters. Never fails:
/// what cannot be estimated is refused, with K beside it.
pub fn period_people(input: &PeriodInput) -> PeriodPeople {
    let linked = link(&input.meetings);
    let thresholds = &input.thresholds;
    let lists = list_sizes(&linked, thresholds);
    let used: Vec<Organisation> = lists
        .iter()
        .filter(|list| list.used)
        .map(|list| list.organisation.clone())
        .collect();
    let mut choice = Choice::new(&linked, &used, thresholds);
    choice.refusals.extend(input_refusals(input));
    if linked.distinct() == 0 {
        choice.refusals = vec![Refusal::NoEncounters];
    }
    if input.erased_share > thresholds.most_erased_share {
        // Whatever else is wrong follows from it.
        choice.refusals = vec![Refusal::EncountersErased];
    }
    choice.note_warnings(input, &lists);
    choice.finish(input, &linked, lists)
}

/// Returns the refusals that no choice of estimator can mend.
fn input_refusals(input: &PeriodInput) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if input.days > input.thresholds.longest_period_days {
        refusals.push(Refusal::PeriodTooLong);
    }
    let found = input.audit.and_then(super::input::LinkAudit::share);
    if found.is_some_and(|share| share < input.thresholds.least_link_accuracy) {
        refusals.push(Refusal::LinksUnreliable);
    }
    refusals
}

fn list_sizes(linked: &Linked, thresholds: &Thresholds) -> Vec<ListSize> {
    let mut lists: Vec<ListSize> = linked
        .organisations()
        .into_iter()
        .map(|organisation| ListSize {
            people: linked.met_by(&organisation),
            organisation,
            used: false,
        })
        .collect();
    lists.sort_by(|a, b| {
        b.people
            .cmp(&a.people)
            .then(a.organisation.cmp(&b.organisation))
    });
    for list in lists.iter_mut().take(MOST_LISTS) {
        list.used = list.people >= thresholds.least_list;
    }
    lists
}

#[derive(Default)]
struct Choice {
    estimate: Option<PeriodEstimate>,
    refusals: Vec<Refusal>,
    warnings: Vec<Warning>,
    pairs: Vec<PairRow>,
    models: Vec<ModelEstimate>,
    /// The place of the pair with most in common among `pairs`.
    largest_pair: Option<(u64, u64, u64)>,
}

impl Choice {
    fn new(linked: &Linked, used: &[Organisation], thresholds: &Thresholds) -> Self {
        let mut choice = Self::default();
        let Some(table) = cross_table(linked, used) else {
            choice.lower_bound(linked, thresholds);
            return choice;
        };
        choice.list_pairs(&table, used, thresholds);
        if used.len() == 2 {
            choice.use_pair(thresholds);
        } else {
            choice.use_average(&table, thresholds);
        }
        choice
    }

    /// One list, or none long enough: at least so many.
    fn lower_bound(&mut self, linked: &Linked, thresholds: &Thresholds) {
        let Some(frequencies) = Frequencies::from_table(linked.by_nights.clone()) else {
            self.refusals.push(Refusal::NoData);
            return;
        };
        self.refusals.extend(frequencies.refusals(thresholds));
        let bound = frequencies.chao_bias_corrected();
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let seen = frequencies.distinct as f64;
        // On t fixed occasions the people nobody met are (t − 1)/t as many.
        let nights = f64::from(linked.nights.max(1));
        let added = |value: f64| seen + (value - seen) * (nights - 1.0) / nights;
        self.estimate = Some(PeriodEstimate {
            total: added(bound.value),
            low: added(bound.interval[0].min(bound.value)),
            high: None,
            method: PeriodMethod::LowerBound,
        });
    }

    fn list_pairs(&mut self, table: &Table, used: &[Organisation], thresholds: &Thresholds) {
        for (i, j) in table.pairs() {
            let (Some(pair), both) = (table.pair(i, j), table.on_all(1 << i | 1 << j)) else {
                continue;
            };
            let estimate = pair.estimate(thresholds);
            self.pairs.push(PairRow {
                organisations: [used[i as usize].clone(), used[j as usize].clone()],
                both,
                chapman: estimate.chapman,
                interval: estimate.sadinle95,
            });
            if self.largest_pair.is_none_or(|(_, _, most)| both > most) {
                self.largest_pair = Some((table.on_all(1 << i), table.on_all(1 << j), both));
            }
        }
    }

    fn use_pair(&mut self, thresholds: &Thresholds) {
        let pair = self.largest_pair.and_then(|(n1, n2, m)| {
            crate::estimate::distinct_people::two_lists::Pair::new(n1, n2, m)
        });
        let Some(pair) = pair else {
            self.refusals.push(Refusal::NoData);
            return;
        };
        let estimate = pair.estimate(thresholds);
        let [low, high] = estimate.sadinle95;
        self.refusals.extend(estimate.refusals);
        self.estimate = Some(PeriodEstimate {
            total: estimate.chapman,
            low: low.min(estimate.chapman),
            high: Some(high.max(estimate.chapman)),
            method: PeriodMethod::Pair,
        });
    }

    fn use_average(&mut self, table: &Table, thresholds: &Thresholds) {
        let found = table_refusals(table, thresholds);
        if !found.is_empty() {
            // Three lists of which two share nobody may still hold a good pair.
            self.warnings.push(Warning::LargestPairOnly);
            self.use_pair(thresholds);
            return;
        }
        let strip = admissible_models(table, thresholds);
        self.models = models(&strip);
        if strip.disagrees(thresholds) {
            self.refusals.push(Refusal::ModelsDisagree);
        }
        let Some(average) = average(table, &Options::for_table(table)) else {
            self.refusals.push(Refusal::NoFit);
            return;
        };
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let [low, total, high] = average.quantiles.map(|n| n as f64);
        if high > thresholds.widest_interval * low {
            self.refusals.push(Refusal::IntervalTooWide);
        }
        self.estimate = Some(PeriodEstimate {
            total,
            low,
            high: Some(high),
            method: PeriodMethod::Average,
        });
    }

    fn note_warnings(&mut self, input: &PeriodInput, lists: &[ListSize]) {
        if input.referrals {
            self.warnings.push(Warning::Referrals);
        }
        if lists.len() > 1 && input.audit.is_none_or(|audit| audit.checked == 0) {
            self.warnings.push(Warning::LinksNotAudited);
        }
        if lists.len() > 1 && lists.iter().any(|list| !list.used) {
            self.warnings.push(Warning::ListsLeftOut);
        }
        let high = self.estimate.as_ref().and_then(|estimate| estimate.high);
        if let (Some(night), Some(high)) = (input.night_total, high)
            && night > high
        {
            self.warnings.push(Warning::NightAbovePeriod);
        }
    }

    /// Returns the figure had only a share ρ of the true links been found. The overlap of
    /// the largest pair is then m/ρ, and the figure changes as Chapman's does.
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    fn sensitivity(&self) -> Vec<LinkSensitivity> {
        let (Some(estimate), Some((n1, n2, m))) = (&self.estimate, self.largest_pair) else {
            return Vec::new();
        };
        let chapman = |m: f64| (n1 as f64 + 1.0) * (n2 as f64 + 1.0) / (m + 1.0) - 1.0;
        let now = chapman(m as f64);
        FOUND_LINKS
            .map(|found| LinkSensitivity {
                found,
                total: estimate.total * chapman(m as f64 / found) / now.max(1.0),
            })
            .into()
    }

    fn finish(
        mut self,
        input: &PeriodInput,
        linked: &Linked,
        lists: Vec<ListSize>,
    ) -> PeriodPeople {
        self.refusals.sort_unstable();
        self.refusals.dedup();
        self.warnings.sort_unstable();
        self.warnings.dedup();
        let sensitivity = self.sensitivity();
        let result = match (self.refusals.first(), self.estimate) {
            (None, Some(mut estimate)) => {
                #[expect(clippy::cast_precision_loss, reason = "counts of people")]
                let seen = linked.distinct() as f64;
                // The lists in use may hold fewer people than all lists together.
                estimate.low = estimate.low.max(seen);
                estimate.total = estimate.total.max(estimate.low);
                estimate.high = estimate.high.map(|high| high.max(estimate.total));
                PeriodResult::Estimate(estimate)
            }
            (first, _) => {
                let code = first.copied().unwrap_or(Refusal::NoData);
                PeriodResult::Refusal(PeriodRefusal {
                    code,
                    codes: self.refusals.clone(),
                })
            }
        };
        let estimated = result.estimate().is_some();
        let explanation = explain(input, linked.distinct(), &result);
        PeriodPeople {
            seen: linked.distinct(),
            unlinked: linked.unlinked,
            result,
            lists,
            pairs: self.pairs,
            models: self.models,
            sensitivity: if estimated { sensitivity } else { Vec::new() },
            warnings: self.warnings,
            explanation,
        }
    }
}

fn models(strip: &AdmissibleModels) -> Vec<ModelEstimate> {
    let best = strip.models.first().map_or(0.0, |model| model.fit.bic);
    strip
        .models
        .iter()
        .map(|model| ModelEstimate {
            terms: model
                .terms
                .iter()
                .map(|term| [term.trailing_zeros(), 31 - term.leading_zeros()])
                .collect(),
            total: model.fit.total(),
            interval: model.fit.log95(),
            delta_bic: model.fit.bic - best,
        })
        .collect()
}

/// Returns the cross-table of the lists in use; none for fewer than two.
fn cross_table(linked: &Linked, used: &[Organisation]) -> Option<Table> {
    let mut table = Table::new(u32::try_from(used.len()).ok()?)?;
    for (met, &people) in &linked.by_organisations {
        let on = (0_u32..)
            .zip(used)
            .filter(|(_, organisation)| met.contains(*organisation))
            .fold(0, |on, (list, _)| on | 1 << list);
        table.add(on, people);
    }
    Some(table)
}
