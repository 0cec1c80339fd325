//! `lagesbild invite`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use sync_core::ids::OrganisationId;
use sync_core::time::Instant;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::config::{Config, PublicUrl};
use crate::outreach::routes::link_path;
use crate::shared::accounts::invitations::NewInvitation;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::principal::{Actor, InvitationCode, Role};

#[derive(Debug, Args)]
pub(super) struct Invite {
    #[command(flatten)]
    data: DataDirectory,
    /// What the new member may do: worker, coordinator, reader, duty or administrator.
    #[arg(long)]
    role: Role,
    /// The short name of the member's organisation, e.g. eu-teamet.
    #[arg(long, value_name = "ID")]
    organisation: OrganisationId,
    /// Which phone or desk it is for. Never a person's name.
    #[arg(long, default_value = "", value_name = "TEXT")]
    label: String,
    /// Where phones reach the server, e.g. `https://example.org`: nothing but scheme, host and
    /// port. Without it, the configuration's `public_url`; without that, this machine itself.
    #[arg(long, value_name = "URL", env = "LAGESBILD_URL")]
    url: Option<PublicUrl>,
    /// The configuration file (for how long an invitation is valid, and `public_url`).
    #[arg(long, value_name = "FILE", env = "LAGESBILD_CONFIG")]
    config: Option<PathBuf>,
}

impl Invite {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let config = Config::load(self.config.as_deref())?;
        let store = self.data.open()?;
        let now = Clock::machine().now();
        let hours = config.invitations.valid_hours.get();
        let code = InvitationCode::from_random(Entropy::system().draw());
        let made = block_on(async {
            store
                .accounts()
                .invite(NewInvitation {
                    code: code.hash(),
                    role: self.role,
                    organisation: self.organisation.clone(),
                    label: self.label,
                    made_by: Actor::SERVER,
                    made_at: now,
                    expires_at: Instant(now.0 + i64::from(hours) * 3_600_000),
                })
                .await
                .map_err(|e| self.data.failure(e))
        })?;
        if !made {
            return Err(Failure::Refused(format!(
                "there is no organisation {id}; add it with: lagesbild organisation --data DIR {id} \"Its name\"",
                id = self.organisation
            )));
        }
        let url = self.url.or(config.public_url).unwrap_or_else(|| {
            eprintln!(
                "The link works on this machine only: set --url, or public_url in the \
                 configuration, to where phones reach the server."
            );
            PublicUrl::local(config.listen.port())
        });
        eprintln!(
            "Opens once, within {hours} hours, for the role {} in {}:",
            self.role, self.organisation
        );
        println!("{}{}", url.as_str(), link_path(self.role, &code));
        Ok(ExitCode::SUCCESS)
    }
}
