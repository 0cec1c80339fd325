//! The simulation studies: bias, error, coverage and width, where the truth is
//! known.

use estimate_studies::nights::{SET_UPS, Study, study};
use estimate_studies::performance::Performance;
use estimate_studies::periods::{PERIOD_SET_UPS, PeriodStudy, period_study};
use serde::Serialize;

/// The seed of the study: it decides every figure.
pub(crate) const SEED: u64 = 42;

/// The studies of both quantities.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Studies {
    /// The seed that decides every figure.
    pub(crate) seed: u64,
    /// Quantity A: set-ups × drawn places.
    pub(crate) nights: Vec<Study>,
    /// Quantity B: set-ups.
    pub(crate) periods: Vec<PeriodStudy>,
}

/// Runs both studies.
pub(crate) fn run(quick: bool, cities: Option<u32>, seed: u64) -> Studies {
    let (usual, periods) = if quick { (400, 60) } else { (6_000, 400) };
    let cities = cities.unwrap_or(usual);
    Studies {
        seed,
        nights: SET_UPS
            .iter()
            .flat_map(|set_up| [5, 8, 12].map(|drawn| study(set_up, drawn, cities, seed)))
            .collect(),
        periods: PERIOD_SET_UPS
            .iter()
            .map(|set_up| period_study(set_up, periods, seed))
            .collect(),
    }
}

/// Prints tables of both studies.
pub(crate) fn print(studies: &Studies) {
    println!(
        "\n{:<32} {:<38} {:>8} {:>7} {:>7} {:>6}",
        "A: an average night", "method", "coverage", "bias", "rmse", "width"
    );
    for study in &studies.nights {
        let name = format!("{}, {} drawn", study.set_up.name, study.drawn);
        print_methods(&name, &study.methods);
    }
    println!("\nB: distinct people");
    for study in &studies.periods {
        print_methods(study.set_up.name, &study.methods);
    }
}

fn print_methods(name: &str, methods: &[Performance]) {
    for (index, method) in methods.iter().enumerate() {
        println!(
            "{:<32} {:<38} {:>8.3} {:>+6.1}% {:>6.1}% {:>6.2}",
            if index == 0 { name } else { "" },
            method.method,
            method.coverage,
            100.0 * method.bias,
            100.0 * method.rmse,
            method.width
        );
    }
}
