//! The cost of a request for the server's core: processor time of the whole process while
//! nothing else runs in it, and that of the writer's thread.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use lagesbild_server::outreach::store::Scope;
use lagesbild_server::outreach::store::Store;
use lagesbild_server::outreach::sync::exchange;
use lagesbild_server::shared::accounts::members::Organisation;
use lagesbild_server::shared::principal::Actor;
use nix::time::ClockId;
use sync_core::authority::Capacity;
use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use super::{Genome, build};

/// The present of what is measured: a Monday evening.
const NOW: Instant = Instant(1_717_437_600_000);
const DEVICE: DeviceId = DeviceId::from_bytes([1; 8]);

/// The cost of a genome's request.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cost {
    /// Processor time of the whole request.
    pub cpu: Duration,
    /// Of it, the writer's: all jobs of the request, and the COMMITs.
    pub writer: Duration,
    /// The longest single job of the writer; real time.
    pub longest_job: Duration,
    /// The longest that checking could not be left for others; real time.
    pub longest_piece: Duration,
    /// Bytes of the request.
    pub bytes: usize,
    /// Offered documents.
    pub documents: usize,
    /// Changes that it offered.
    pub changes: usize,
    /// Of those, the changes that were let in.
    pub accepted: u32,
}

/// Plays a genome on a new store.
///
/// # Errors
/// When the store fails, or this system does not tell what threads take.
pub async fn cost(genome: &Genome) -> Result<Cost> {
    let built = build(genome, DEVICE, NOW)?;
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() {
        tempfile::TempDir::new_in(memory)?
    } else {
        tempfile::tempdir()?
    };
    let store = Store::open(&place.path().join("data"))?;
    let organisation = Organisation {
        id: "eu-teamet".parse()?,
        name: "EU-teamet (exempel)".to_owned(),
    };
    let scope = Scope {
        device: DEVICE,
        organisation: organisation.id.clone(),
        by: Actor::SERVER,
        act: None,
        capacity: Capacity::Worker,
    };
    store.accounts().put_organisation(organisation, NOW).await?;
    for request in built.before {
        exchange(&store, &scope, request, NOW).await?;
    }
    let mut cost = Cost {
        bytes: minicbor::to_vec(&built.attack)?.len(),
        documents: built.attack.batch.len(),
        changes: built.attack.batch.iter().map(|o| o.changes.len()).sum(),
        ..Cost::default()
    };
    let job = &store.database().writer_figures().longest_job;
    let piece = &store.turns().figures().longest_piece;
    job.clear();
    piece.clear();
    let (cpu, writer) = (process_time()?, writer_time()?);
    let reply = exchange(&store, &scope, built.attack, NOW).await;
    cost.cpu = process_time()?.saturating_sub(cpu);
    cost.writer = writer_time()?.saturating_sub(writer);
    (cost.longest_job, cost.longest_piece) = (job.get(), piece.get());
    cost.accepted = reply.map_or(0, |reply| reply.results.iter().map(|r| r.accepted).sum());
    Ok(cost)
}

fn process_time() -> Result<Duration> {
    Ok(ClockId::CLOCK_PROCESS_CPUTIME_ID.now()?.into())
}

/// Returns what the writers' threads have taken so far.
fn writer_time() -> Result<Duration> {
    let mut nanoseconds = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let task = task?.path();
        let name = std::fs::read_to_string(task.join("comm")).unwrap_or_default();
        if name.trim() == "store-writer" {
            let told = std::fs::read_to_string(task.join("schedstat"))?;
            let first = told.split_whitespace().next().context("no figures")?;
            nanoseconds += first.parse::<u64>()?;
        }
    }
    Ok(Duration::from_nanos(nanoseconds))
}
