//! The report, as coordinators read it.

use chrono::{DateTime, SecondsFormat};
use serde::Serialize;
use sync_core::estimate::NightAverage;
use sync_core::estimate::average_night::{DistrictFigure, NightResult};
use sync_core::estimate::explain;
use sync_core::time::{Instant, Period};
use utoipa::ToSchema;

use super::message::Message;
use super::method::MethodReport;
use super::shares::{ages, apportion};
use crate::config::District;
use crate::outreach::projection::{DrawView, PeriodFacts};

/// A number of persons with its 95 % interval, in whole persons: the lower limit
/// rounded down, the upper up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figure {
    /// The estimate.
    pub total: u64,
    /// The lower limit; never below what was seen.
    pub low: u64,
    /// The upper limit.
    pub high: u64,
}

/// The nights that a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeriodReport {
    /// The first night, `YYYY-MM-DD`.
    pub start: String,
    /// The last night.
    pub end: String,
    /// The number of nights.
    pub days: u32,
}

impl PeriodReport {
    /// The nights of a period.
    pub(super) fn of(period: Period) -> Self {
        Self {
            start: period.first.to_string(),
            end: period.last().to_string(),
            days: period.days,
        }
    }
}

/// Who was seen for certain on a mean night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Seen {
    /// K: the persons.
    pub persons: u64,
    /// Of them adults.
    pub adults: u64,
    /// Children.
    pub children: u64,
    /// Of unknown age.
    pub unknown: u64,
}

/// Which places were looked at. Every place is in one of `visited`, `partly`,
/// `no_access` and `not_visited`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct CoverageReport {
    /// All places in use or possibly in use.
    pub places: u32,
    /// Seen whole.
    pub visited: u32,
    /// Seen in part only.
    pub partly: u32,
    /// Not visited.
    pub not_visited: u32,
    /// Visited without access.
    pub no_access: u32,
    /// Seen whole, and empty.
    pub seen_empty: u32,
    /// The share of the previous persons that the visited places held.
    pub previous_share: Option<f64>,
}

/// The period's draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DrawReport {
    /// When it was made, RFC 3339.
    pub drawn_at: Option<String>,
    /// Drawn places.
    pub places: u32,
    /// Of them seen whole after the draw.
    pub visited: u32,
}

/// A district. Intervals of districts are never added.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DistrictReport {
    /// Its code.
    pub code: String,
    /// Its name; the code when the configuration does not know it.
    pub name: String,
    /// Its places.
    pub places: u32,
    /// Of them seen whole.
    pub visited: u32,
    /// Persons seen on a mean night.
    pub seen: u64,
    /// The estimate.
    pub estimate: Option<Figure>,
    /// Why there is none.
    pub refusal: Option<Message>,
}

/// Everything a coordinator reads of a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EstimateReport {
    /// The period.
    pub period: PeriodReport,
    /// When it was computed, RFC 3339.
    pub as_of: String,
    /// How far the log was read.
    pub cursor: u64,
    /// Who was seen.
    pub seen: Seen,
    /// Where somebody looked.
    pub coverage: CoverageReport,
    /// The people present on an average night.
    pub estimate: Option<Figure>,
    /// Why there is no estimate.
    pub refusal: Option<Message>,
    /// All of it in a sentence.
    pub sentence: Message,
    /// The upper limit with reports of others and places long unseen besides.
    pub upper_scenario: Option<u64>,
    /// What a reader should know.
    pub warnings: Vec<Message>,
    /// How it was made.
    pub method: MethodReport,
    /// The draw.
    pub draw: DrawReport,
    /// The districts, in the order of the configuration.
    pub districts: Vec<DistrictReport>,
}

/// Puts a report together.
pub(crate) fn build(
    period: Period,
    facts: &PeriodFacts,
    draw: Option<DrawView>,
    average: &NightAverage,
    districts: &[District],
    now: Instant,
) -> EstimateReport {
    let persons = explain::persons_seen(average.seen);
    let [adults, children, unknown] = apportion(persons, ages(&facts.nights));
    let estimate = average.result.estimate();
    let coverage = &average.coverage;
    EstimateReport {
        period: PeriodReport::of(period),
        as_of: rfc3339(now),
        cursor: facts.cursor,
        seen: Seen {
            persons,
            adults,
            children,
            unknown,
        },
        coverage: CoverageReport {
            places: coverage.places,
            visited: coverage.visited,
            partly: coverage.partly,
            not_visited: coverage.not_visited,
            no_access: coverage.no_access,
            seen_empty: coverage.seen_empty,
            previous_share: coverage.visited_share,
        },
        estimate: estimate.map(|e| figure(e.total, e.low, e.high)),
        refusal: match &average.result {
            NightResult::Estimate(_) => None,
            NightResult::Refusal(refused) => Some(refused.code.into()),
        },
        sentence: average.explanation.headline.clone().into(),
        upper_scenario: average.upper_scenario.map(|n| whole(n.ceil())),
        warnings: average
            .warnings
            .iter()
            .map(|&warning| warning.into())
            .collect(),
        method: MethodReport::of(average),
        draw: draw_report(draw),
        districts: district_reports(&average.districts, districts),
    }
}

fn draw_report(draw: Option<DrawView>) -> DrawReport {
    let places = draw.as_ref().map_or(&[][..], |d| &d.places);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    DrawReport {
        places: count(places.len()),
        visited: count(places.iter().filter(|p| p.visited).count()),
        drawn_at: draw.map(|d| rfc3339(d.drawn_at)),
    }
}

/// The configured districts in their order, then any other that a place names.
fn district_reports(figures: &[DistrictFigure], known: &[District]) -> Vec<DistrictReport> {
    let empty = |code: &str, name: &str| DistrictReport {
        code: code.to_owned(),
        name: name.to_owned(),
        places: 0,
        visited: 0,
        seen: 0,
        estimate: None,
        refusal: None,
    };
    let mut reports: Vec<_> = known.iter().map(|d| empty(&d.code, &d.name)).collect();
    for figure in figures {
        let code = &figure.district.0;
        let at = reports.iter().position(|r| r.code == *code);
        let at = at.unwrap_or_else(|| {
            reports.push(empty(code, code));
            reports.len() - 1
        });
        let report = &mut reports[at];
        report.places = figure.places;
        report.visited = figure.visited;
        report.seen = explain::persons_seen(figure.seen);
        report.refusal = figure.refusal.map(Message::from);
        if let (Some(total), Some(low), Some(high)) = (figure.total, figure.low, figure.high) {
            report.estimate = Some(self::figure(total, low, high));
        }
    }
    reports
}

fn figure(total: f64, low: f64, high: f64) -> Figure {
    Figure {
        total: whole(total.round()),
        low: whole(low.floor()),
        high: whole(high.ceil()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of people; the cast saturates"
)]
pub(super) fn whole(rounded: f64) -> u64 {
    rounded as u64
}

fn rfc3339(at: Instant) -> String {
    DateTime::from_timestamp_millis(at.0)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}
