//! Every figure to its last bit, for holding platforms against each other.
//!
//! The lines are the same on every platform, or the estimate is not the same. A
//! float is written as the shortest decimal number that reads back as its very
//! bits, so lines are equal exactly where bits are.

use std::fmt::{Debug, Write as _};

use calculate::{Method, calculate_line};
use serde_json::Value;

use crate::live::{DrawnPlaces, LiveCity};
use crate::nights::{SET_UPS, study};
use crate::periods::{PERIOD_SET_UPS, period_study};
use crate::random::Random;
use sync_core::estimate::average_night::place_history::{PlaceFacts, PlaceNightRecord};
use sync_core::estimate::average_night::place_night::{Observation, PlaceNightCounts};
use sync_core::estimate::average_night::ratio::{DrawnPlace, Ratio, square_root_interval};
use sync_core::estimate::average_night::{
    Access, District, NightAverageInput, PlaceId, night_average,
};
use sync_core::estimate::distinct_people::frequencies::Frequencies;
use sync_core::estimate::distinct_people::log_linear::admissible_models::admissible_models;
use sync_core::estimate::distinct_people::log_linear::average::{Options, average};
use sync_core::estimate::distinct_people::log_linear::fit::fit;
use sync_core::estimate::distinct_people::log_linear::table::Table;
use sync_core::estimate::distinct_people::occasions::{Occasion, occasions};
use sync_core::estimate::distinct_people::two_lists::Pair;
use sync_core::estimate::distinct_people::{PeriodInput, period_people};
use sync_core::estimate::numeric::{interval_above_seen, student_two_sided, t95};
use sync_core::estimate::thresholds::Thresholds;
use sync_core::time::{Night, Period};

/// The lines: published cases (`cases` is the file of them), edges, synthetic
/// cities and periods.
pub fn lines(cases: &str) -> String {
    let mut out = Lines::default();
    out.cases(cases);
    out.edges();
    out.tables();
    out.cities();
    out.text
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn add(&mut self, name: &str, value: impl Debug) {
        let _ = writeln!(self.text, "{name}: {value:?}");
    }

    /// Every method on every case, most of them errors, with 12 digits.
    fn cases(&mut self, cases: &str) {
        let file: Value = serde_json::from_str(cases).unwrap_or_default();
        for case in file["cases"].as_array().into_iter().flatten() {
            let input = case["input"].to_string();
            for method in Method::ALL {
                let name = format!("{} {}", case["name"], method.name());
                self.add(&name, calculate_line(method, &input));
            }
        }
    }

    fn edges(&mut self) {
        for t in [0.0, 1e-300, 0.5, 2.0, 12.7, 1e6, f64::MAX] {
            for df in [1e-3, 1.0, 2.85, 7.5, 300.0, 1e9] {
                self.add("student", (student_two_sided(t, df), t95(df)));
            }
        }
        for f in [0.0, 1e-9, 0.5, 3.0, 1e9, f64::MAX] {
            for se in [0.0, 0.1, 77.7, 1e12] {
                self.add(
                    "interval",
                    (
                        square_root_interval(f, se),
                        interval_above_seen(1.0, f, se, 1.96),
                    ),
                );
            }
        }
        let thresholds = Thresholds::default();
        for (n1, n2, m) in [
            (0, 0, 0),
            (1, 1, 1),
            (40, 35, 3),
            (948, 421, 167),
            (100_000_000, 100_000_000, 1),
        ] {
            self.add(
                "pair",
                Pair::new(n1, n2, m).map(|p| p.estimate(&thresholds)),
            );
        }
        for f in [[0, 0], [1, 0], [0, 1], [43, 16], [3218, 817]] {
            if let Some(found) = Frequencies::from_first(4400, f[0], f[1]) {
                self.add("chao", (found.chao(), found.chao_bias_corrected()));
                self.add("zelterman", (found.zelterman(), found.truncated_poisson()));
                self.add("m0", (found.m0(18), found.mh_chao(18)));
            }
        }
        self.add("nobody", night_average(&NightAverageInput::default()));
        self.add("no encounters", period_people(&PeriodInput::default()));
    }

    fn tables(&mut self) {
        let mut random = Random::new(11);
        let thresholds = Thresholds::default();
        for lists in 2..=5 {
            for spread in [1.0, 30.0] {
                let Some(mut table) = Table::new(lists) else {
                    continue;
                };
                for on in 1..1 << lists {
                    let mean = spread * random.gamma_of_mean_one(1.0);
                    table.add(on, u64::from(random.poisson(mean)));
                }
                self.add("table", &table);
                self.add("fit", fit(&table, &[]));
                self.add("fit", fit(&table, &[0b11]));
                if lists < 5 {
                    self.add("strip", admissible_models(&table, &thresholds));
                }
                let options = Options {
                    max_unseen: 300,
                    saturated: true,
                    ..Options::for_table(&table)
                };
                self.add("average", average(&table, &options));
            }
        }
        let rows: Vec<Occasion> = (0..6)
            .map(|n| Occasion {
                caught: 5 + n,
                recaptured: n / 2,
                marked: 4 * n,
            })
            .collect();
        self.add("occasions", occasions(&rows));
        for n in [2, 5, 40] {
            let drawn: Vec<DrawnPlace> = (0..n)
                .map(|_| DrawnPlace {
                    previous: 12.0 * random.gamma_of_mean_one(1.0) + 0.1,
                    current: f64::from(random.poisson(7.0)),
                })
                .collect();
            let ratio = Ratio::corrected(&drawn, 30);
            self.add(
                "ratio",
                ratio.map(|r| (r, r.prediction_interval(99.0, 1.0))),
            );
        }
    }

    fn cities(&mut self) {
        for set_up in &SET_UPS {
            self.add("city", study(set_up, 5, 10, 3));
        }
        for set_up in &PERIOD_SET_UPS[..3] {
            self.add("period", period_study(set_up, 1, 3));
        }
        let mut random = Random::new(5);
        let mut city = LiveCity::default();
        for n in 0..60 {
            let id = PlaceId(n.to_string());
            city.set_place(
                id.clone(),
                PlaceFacts::in_use(District((n % 4).to_string())),
            );
            for night in 0..90 {
                if random.happens(if night < 62 { 0.1 } else { 0.02 }) {
                    let record = visited(&mut random, night);
                    city.set_night(&id, Night(night), Some(record));
                }
            }
        }
        let draw = DrawnPlaces {
            seed: 9,
            at: 76,
            places: (0..60).step_by(5).map(|n| PlaceId(n.to_string())).collect(),
        };
        let period = Period {
            first: Night(62),
            days: 28,
        };
        let thresholds = Thresholds {
            least_visited_share: 0.0,
            widest_interval: f64::MAX,
            ..Thresholds::default()
        };
        self.add("live", city.estimate(period, Some(&draw), &thresholds));
        self.add("live", city.estimate(period, None, &Thresholds::default()));
    }
}

/// A made-up visit: counted once, twice, in part, or by its tents.
fn visited(random: &mut Random, night: i64) -> PlaceNightRecord {
    let best = random.poisson(6.0);
    let observations = match random.below(5) {
        0 => vec![Observation::Partial { best }],
        1 => vec![Observation::Tents {
            tents: best + 1,
            opened: best / 2,
            persons: best,
        }],
        2 => vec![
            Observation::complete(best),
            Observation::complete(random.binomial(best, 0.9)),
        ],
        _ => vec![Observation::complete(best)],
    };
    PlaceNightRecord {
        counts: PlaceNightCounts::new(&observations).unwrap_or_default(),
        access: Access::Complete,
        last_started: night,
        opened_tents: vec![(best / 2, best)],
        ..PlaceNightRecord::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_something_to_compare() {
        let cases = include_str!("../../data/estimate-cases.json");
        let text = lines(cases);
        assert!(text.lines().count() > 300, "{}", text.lines().count());
        assert_eq!(text, lines(cases));
        for name in ["chapman", "city", "period", "strip", "average", "live"] {
            assert!(text.contains(name), "{name}");
        }
        assert!(!text.contains("NaN"), "{text}");
    }
}
