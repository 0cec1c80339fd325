//! `lagesbild revoke`.

use std::process::ExitCode;

use clap::Args;
use sync_core::ids::DeviceId;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::shared::clock::Clock;
use crate::shared::principal::Actor;

#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    data: DataDirectory,
    /// The device's id: 16 hexadecimal digits.
    #[arg(value_name = "DEVICE")]
    device: DeviceId,
}

impl Revoke {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let known = block_on(async {
            store
                .accounts()
                .revoke_device(self.device, None, Actor::SERVER, Clock::machine().now())
                .await
                .map_err(|e| self.data.failure(e))
        })?;
        if known {
            Ok(ExitCode::SUCCESS)
        } else {
            Err(Failure::Refused(format!(
                "no device {} is enrolled here",
                self.device
            )))
        }
    }
}
