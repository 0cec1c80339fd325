//! `lagesbild demo`.

use std::process::ExitCode;

use clap::Args;
use sync_core::time::Night;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::outreach::demo::{self, DemoOptions};
use crate::shared::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct Demo {
    #[command(flatten)]
    data: DataDirectory,
    /// The same seed, sizes and day give the same city.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many places it has.
    #[arg(long, value_name = "P", default_value_t = 80, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    places: u32,
    /// How many weeks of visits, up to the day.
    #[arg(long, value_name = "W", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=520))]
    weeks: u32,
    /// How many places each period's draw has.
    #[arg(long, value_name = "N", default_value_t = 8)]
    drawn_places: usize,
    /// The city's last day, YYYY-MM-DD (now when not given).
    #[arg(long, value_name = "DATE")]
    today: Option<Night>,
    /// Print the true numbers as JSON.
    #[arg(long)]
    truth: bool,
}

impl Demo {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let options = DemoOptions {
            seed: self.seed,
            places: self.places,
            weeks: self.weeks,
            today: self
                .today
                .map_or_else(|| Clock::machine().now(), |day| day.plus(1).start()),
            drawn: self.drawn_places,
        };
        let truth = block_on(async {
            demo::make(&store, &options)
                .await
                .map_err(|e| Failure::Refused(e.to_string()))
        })?;
        demo::map()
            .and_then(|map| map.keep(store.directory()))
            .map_err(|e| Failure::Refused(e.to_string()))?;
        if self.truth {
            let text = serde_json::to_string_pretty(&truth)
                .map_err(|e| Failure::Refused(e.to_string()))?;
            println!("{text}");
        } else {
            println!(
                "A made-up city of {} places, {} weeks.",
                truth.places, self.weeks
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
