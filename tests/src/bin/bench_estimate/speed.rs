//! The speed figures of the method, each beside its target.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use estimate_studies::random::Random;
use serde::Serialize;
use sync_core::estimate::Thresholds;
use sync_core::estimate::distinct_people::log_linear::average::{Options, average};
use sync_core::estimate::distinct_people::log_linear::fit::fit;

use crate::cities::{self, PERIOD, PLACES};
use crate::tables::{Case, cases, united_kingdom};

/// A figure with its target.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// The thing that was measured.
    pub(crate) name: String,
    /// The median of the runs.
    pub(crate) median: f64,
    /// The unit of the median and of the target.
    pub(crate) unit: &'static str,
    /// The most it may be.
    pub(crate) target: f64,
    /// How many runs the median is of.
    pub(crate) runs: usize,
}

/// The median of `runs` runs, in seconds.
pub(crate) fn median_seconds<T>(runs: usize, mut run: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let started = Instant::now();
            black_box(run());
            started.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Measures everything.
pub(crate) fn measure(quick: bool) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for case in cases() {
        figures.push(one_fit(&case, if quick { 201 } else { 2_001 })?);
    }
    figures.push(averaging(if quick { 5 } else { 21 })?);
    figures.extend(city(quick));
    Ok(figures)
}

/// Microseconds of one fit. A run is a hundred, since a clock is coarse.
pub(crate) fn one_fit(case: &Case, runs: usize) -> Result<Figure> {
    let table = case.table().context("a table of two to six lists")?;
    let sets = case.sets();
    ensure!(fit(&table, &sets).is_ok(), "{} has no fit", case.name);
    let seconds = median_seconds(runs, || {
        for _ in 0..100 {
            black_box(fit(black_box(&table), black_box(&sets)).is_ok());
        }
    });
    Ok(Figure {
        name: format!("one fit: {}", case.name),
        median: seconds * 1e6 / 100.0,
        unit: "µs",
        target: 100.0,
        runs,
    })
}

fn averaging(runs: usize) -> Result<Figure> {
    let table = united_kingdom().table().context("a table of five lists")?;
    let options = Options {
        max_unseen: 5_000,
        saturated: true,
        ..Options::for_table(&table)
    };
    let graphs = average(&table, &options).context("a posterior")?.graphs;
    ensure!(graphs.len() == 822, "{} graphs", graphs.len());
    let seconds = median_seconds(runs, || average(black_box(&table), &options));
    Ok(Figure {
        name: "averaging 822 graphs × 5,000 N".to_owned(),
        median: seconds * 1e3,
        unit: "ms",
        target: 100.0,
        runs,
    })
}

fn city(quick: bool) -> [Figure; 2] {
    let visits = if quick { 100_000 } else { 1_000_000 };
    let rows = cities::rows(visits, 1);
    let ids: Vec<_> = (0..PLACES).map(cities::place).collect();
    let runs = if quick { 3 } else { 5 };
    let rebuild = median_seconds(runs, || cities::build(&rows, &ids));
    let mut live = cities::build(&rows, &ids);
    let thresholds = Thresholds::default();
    let draw = cities::draw();
    let mut random = Random::new(2);
    let updates = if quick { 51 } else { 501 };
    let update = median_seconds(updates, || {
        let place = &ids[random.below(PLACES)];
        let night = cities::night(&mut random, 28);
        let record = cities::record(&mut random);
        live.set_night(place, night, Some(record));
        live.estimate(PERIOD, Some(&draw), &thresholds)
    });
    [
        Figure {
            name: format!("live update, {PLACES} places, ten years, {visits} visits"),
            median: update * 1e3,
            unit: "ms",
            target: 5.0,
            runs: updates,
        },
        Figure {
            name: format!("rebuild of {visits} visits' rows"),
            median: rebuild,
            unit: "s",
            target: 2.0,
            runs,
        },
    ]
}

/// Prints a table of the figures.
pub(crate) fn print(figures: &[Figure]) {
    println!("\n{:<58} {:>10}  {:>8}", "speed", "median", "target");
    for figure in figures {
        let verdict = if figure.median <= figure.target {
            ""
        } else {
            "  above"
        };
        println!(
            "{:<58} {:>7.2} {:<2}  ≤ {:>4} {}{verdict}",
            figure.name, figure.median, figure.unit, figure.target, figure.unit
        );
    }
}
