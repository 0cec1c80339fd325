//! `lagesbild audit`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use super::data::DataDirectory;
use super::undo::instant;
use super::{Failure, block_on};
use crate::shared::audit::Chain;
use crate::shared::audit::show::{AuditRow, Filter};
use crate::shared::http::Rfc3339;

#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check that no row was changed, taken out or cut off; exit code 1 names the first.
    Verify(Verify),
    /// Say who did what.
    Show(Show),
}

#[derive(Debug, Args)]
struct Verify {
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    data: DataDirectory,
    /// Only what was done to this: a document's, device's or organisation's id.
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// Only what this device did.
    #[arg(long, value_name = "ID")]
    device: Option<DeviceId>,
    /// Only from then on, e.g. 2026-11-27T18:00:00+01:00.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    since: Option<Instant>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.what {
            What::Verify(verify) => verify.run(),
            What::Show(show) => show.run(),
        }
    }
}

impl Verify {
    fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let chain = block_on(async {
            let found = store.database().verify_audit().await;
            found.map_err(|e| self.data.failure(e))
        })?;
        Ok(match chain {
            Chain::Whole { rows } => {
                println!("The audit is whole: {rows} rows.");
                ExitCode::SUCCESS
            }
            Chain::BrokenAt { row } => {
                println!(
                    "The audit is broken at row {row}: that row, or the one before it, was changed, \
                     put in or taken out. Keep these files and compare with a backup and the log."
                );
                ExitCode::from(1)
            }
            Chain::CutAt { row } => {
                println!(
                    "The audit's end is missing from row {row} on: audit.head names later rows. \
                     Keep these files and compare with a backup and the log."
                );
                ExitCode::from(1)
            }
        })
    }
}

impl Show {
    fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        let filter = Filter {
            subject: self.subject.clone(),
            device: self.device,
            since: self.since,
        };
        block_on(async {
            let mut next = Some(0);
            while let Some(after) = next {
                let found = store.database().audit_rows(filter.clone(), after).await;
                let (rows, further) = found.map_err(|e| self.data.failure(e))?;
                for row in &rows {
                    self.print(row);
                }
                next = further;
            }
            Ok(ExitCode::SUCCESS)
        })
    }

    fn print(&self, row: &AuditRow) {
        let at = Rfc3339(row.at);
        if self.json {
            let line = serde_json::json!({
                "row": row.row, "at": at, "member": row.by.member.map(|m| m.0),
                "device": row.by.device, "action": row.action,
                "subject": row.subject, "detail": row.detail,
            });
            println!("{line}");
        } else {
            let device = row
                .by
                .device
                .map_or_else(|| "-".repeat(16), |device| device.to_string());
            println!(
                "{} {at} {device} {} {} {}",
                row.row, row.action, row.subject, row.detail
            );
        }
    }
}
