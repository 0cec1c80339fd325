//! `lagesbild undo`.

use std::process::ExitCode;

use chrono::DateTime;
use clap::Args;
use sync_core::ids::{DeviceId, SessionId};
use sync_core::time::Instant;

use super::data::DataDirectory;
use super::{Failure, block_on};
use crate::outreach::store::acts::ActStore;
use crate::outreach::store::quarantine::QuarantineStore;
use crate::outreach::store::undos::{NewUndo, UndoStore};
use crate::outreach::store::{Store, StoreError};
use crate::outreach::sync::undo;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::http::Rfc3339;
use crate::shared::principal::Actor;

/// Documents that a dry run lists.
const LISTED: usize = 1_000;

#[derive(Debug, Args)]
pub(super) struct Undo {
    #[command(flatten)]
    data: DataDirectory,
    /// The device whose word is taken back: 16 hexadecimal digits. Revoke it first, or it
    /// goes on saying things.
    #[arg(long, value_name = "ID", requires = "since", required_unless_present_any = ["take_back", "list"])]
    device: Option<DeviceId>,
    /// From when on, by the server's receipt, e.g. 2026-11-27T18:00:00+01:00.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    since: Option<Instant>,
    /// Only say what it would do.
    #[arg(long, requires = "device")]
    dry_run: bool,
    /// Discard what waits in quarantine from the device as well.
    #[arg(long, requires = "device")]
    quarantine: bool,
    /// Take this undo back instead.
    #[arg(long, value_name = "UNDO", conflicts_with = "device")]
    take_back: Option<i64>,
    /// List the undos that were made.
    #[arg(long, conflicts_with_all = ["device", "take_back"])]
    list: bool,
}

/// Reads a time from the command line.
pub(super) fn instant(text: &str) -> Result<Instant, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| Instant(at.timestamp_millis()))
        .map_err(|_| "write it like 2026-11-27T18:00:00+01:00".to_owned())
}

impl Undo {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.data.open()?;
        block_on(async {
            let failed = |e: StoreError| self.data.failure(e);
            if self.list {
                return list(&store).await.map_err(failed);
            }
            let (device, since, of) = match (self.device, self.since, self.take_back) {
                (_, _, Some(id)) => {
                    let earlier = store.undo(id).await.map_err(failed)?;
                    match earlier {
                        Some(undo) if undo.asked.of.is_none() && undo.done_at.is_some() => {
                            (undo.asked.device, undo.made_at, Some(id))
                        }
                        Some(_) => {
                            return Err(Failure::Refused(format!(
                                "undo {id} is not done, or itself took one back: see --list"
                            )));
                        }
                        None => {
                            return Err(Failure::Refused(format!(
                                "there is no undo {id}: see --list"
                            )));
                        }
                    }
                }
                (Some(device), Some(since), None) => (device, since, None),
                _ => return Err(Failure::Refused("name a --device and --since".to_owned())),
            };
            // The server's own hand is no phone: what desks did is not one device's word.
            if store.owner_of(device).await.map_err(failed)?.is_none() {
                return Err(Failure::Refused(format!(
                    "no device {device} is enrolled here"
                )));
            }
            if self.dry_run {
                return preview(&store, device, since).await.map_err(failed);
            }
            let now = Clock::machine().now();
            let asked = NewUndo {
                device,
                since,
                of,
                session: SessionId::from_bytes(Entropy::system().draw()),
                by: Actor::SERVER,
            };
            let done = async {
                let id = store.begin_undo(asked, now).await?;
                if self.quarantine {
                    store
                        .discard_quarantined_of(id, device, Actor::SERVER, now)
                        .await?;
                }
                undo::run(&store, id, now).await?;
                store.undo(id).await
            };
            if let Some(undo) = done.await.map_err(failed)? {
                println!(
                    "Undo {}: {} documents, {} fields set back, {} left to look at, {} discarded from quarantine.",
                    undo.id, undo.documents, undo.fields, undo.left, undo.discarded
                );
                if of.is_none() {
                    println!("Take it back with: lagesbild undo --take-back {}", undo.id);
                }
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}

async fn preview(store: &Store, device: DeviceId, since: Instant) -> Result<ExitCode, StoreError> {
    let (previews, documents) = undo::preview(store, device, since, LISTED).await?;
    for preview in &previews {
        // Whoever runs the server reads no records: paths, never what they say.
        println!("{} {}", preview.kind, preview.document);
        for field in &preview.fields {
            println!("  set back  {}", field.path.join("/"));
        }
        for left in &preview.left {
            println!("  left      {} ({:?})", left.path.join("/"), left.why);
        }
    }
    let quarantined = store.quarantined_of(device).await?;
    if documents > LISTED {
        println!("Only the first {LISTED} of the {documents} documents were looked through.");
    }
    println!(
        "{documents} documents said in, {} would change; {quarantined} changes wait in quarantine. Nothing was done.",
        previews.len()
    );
    Ok(ExitCode::SUCCESS)
}

async fn list(store: &Store) -> Result<ExitCode, StoreError> {
    for undo in store.undos(u32::MAX).await? {
        let state = match (undo.asked.of, undo.done_at, undo.taken_back_by) {
            (Some(of), Some(_), _) => format!("took back {of}"),
            (_, None, _) => "at work".to_owned(),
            (_, _, Some(by)) => format!("taken back by {by}"),
            _ => "done".to_owned(),
        };
        println!(
            "{} {} device {} since {}: {} documents, {} fields, {} left; {state}",
            undo.id,
            Rfc3339(undo.made_at),
            undo.asked.device,
            Rfc3339(undo.asked.since),
            undo.documents,
            undo.fields,
            undo.left,
        );
    }
    Ok(ExitCode::SUCCESS)
}
