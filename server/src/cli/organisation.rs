//! `lagesbild organisation`.

use std::process::ExitCode;

use clap::Args;
use sync_core::ids::OrganisationId;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::shared::accounts::members::Organisation;
use crate::shared::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct Put {
    #[command(flatten)]
    data: DataDirectory,
    /// Its short name: 1 to 32 of a–z, 0–9 and '-', e.g. eu-teamet.
    #[arg(value_name = "ID")]
    id: OrganisationId,
    /// The name that people read, e.g. "EU-teamet".
    #[arg(value_name = "NAME")]
    name: String,
}

impl Put {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let organisation = Organisation {
            id: self.id,
            name: self.name,
        };
        block_on(async {
            store
                .accounts()
                .put_organisation(organisation, Clock::machine().now())
                .await
                .map_err(|e| self.data.failure(e))
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
