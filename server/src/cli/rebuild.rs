//! `lagesbild rebuild`.

use std::process::ExitCode;

use clap::Args;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::outreach::store::StoreOptions;
use crate::outreach::store::rebuild::RebuildStore;

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    data: DataDirectory,
}

impl Rebuild {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open_with(&StoreOptions {
            temporary_files: true,
            ..StoreOptions::default()
        })?;
        let rebuilt = block_on(async { store.rebuild().await.map_err(|e| self.data.failure(e)) })?;
        println!("{} documents read.", rebuilt.documents);
        if rebuilt.differences.is_empty() {
            println!("The read model was as it should be.");
            return Ok(ExitCode::SUCCESS);
        }
        for difference in &rebuilt.differences {
            println!(
                "{}: {} rows should not have been there, {} were missing",
                difference.table, difference.surplus, difference.missing
            );
        }
        println!("The read model differed and has been made anew.");
        Ok(ExitCode::FAILURE)
    }
}
