//! `lagesbild erase`.

use std::process::ExitCode;

use clap::Args;
use sync_core::ids::DocumentId;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::outreach::store::erasure::ErasureStore;
use crate::shared::clock::Clock;
use crate::shared::principal::Actor;

#[derive(Debug, Args)]
pub(super) struct Erase {
    #[command(flatten)]
    data: DataDirectory,
    /// The document's id: 32 hexadecimal digits.
    #[arg(value_name = "DOCUMENT")]
    document: DocumentId,
}

impl Erase {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let erased = block_on(async {
            store
                .erase(self.document, Actor::SERVER, Clock::machine().now())
                .await
                .map_err(|e| self.data.failure(e))
        })?;
        if erased {
            println!(
                "Erased. Phones delete it when they next sync; its id is refused from now on."
            );
        } else {
            println!("It was erased before.");
        }
        Ok(ExitCode::SUCCESS)
    }
}
