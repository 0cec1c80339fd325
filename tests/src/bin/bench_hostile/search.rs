//! The hunt: three populations, for processor time, for the writer's, and for its longest job.

use std::time::{Duration, Instant};

use anyhow::Result;
use lagesbild_tests::hostile::{Choices, Cost, Genome, cost};
use serde_json::{Value, json};

use super::{milliseconds, runtime};

/// How many of the best go on.
const KEPT: usize = 8;

/// The worst that was found.
#[derive(Debug)]
pub(crate) struct Found {
    /// By processor time.
    pub(crate) request: (Genome, Cost),
    /// By the writer's time.
    pub(crate) writer: (Genome, Cost),
    /// By the writer's longest job.
    pub(crate) job: (Genome, Cost),
    /// Genomes that were played.
    pub(crate) played: u64,
    pub(crate) took: Duration,
    pub(crate) seed: u64,
}

impl Found {
    pub(crate) fn report(&self) -> Value {
        let worst = |(genome, cost): &(Genome, Cost)| {
            json!({
                "cpu_ms": milliseconds(cost.cpu),
                "writer_ms": milliseconds(cost.writer),
                "longest_job_ms": milliseconds(cost.longest_job),
                "longest_piece_ms": milliseconds(cost.longest_piece),
                "bytes": cost.bytes,
                "documents": cost.documents,
                "changes": cost.changes,
                "accepted": cost.accepted,
                "genome": genome,
            })
        };
        json!({
            "measured": "in process: the server's core, without HTTP and signature",
            "seed": self.seed,
            "seconds": self.took.as_secs(),
            "genomes": self.played,
            "worst_request": worst(&self.request),
            "worst_writer": worst(&self.writer),
            "worst_job": worst(&self.job),
        })
    }
}

type Ranked = Vec<(Genome, Cost)>;

/// Searches for so long.
pub(crate) fn run(seed: u64, time: Duration) -> Result<Found> {
    let begun = Instant::now();
    let mut choices = Choices::seeded(seed);
    let runtime = runtime()?;
    let (mut by_cpu, mut by_writer, mut by_job) = (Ranked::new(), Ranked::new(), Ranked::new());
    let mut played = 0;
    while begun.elapsed() < time || played < 2 {
        let pool = if choices.chance(60) {
            &by_cpu
        } else if choices.chance(50) {
            &by_writer
        } else {
            &by_job
        };
        let genome = if played < 30 || choices.chance(12) {
            Genome::any(&mut choices)
        } else {
            let parent = choices.of(pool).map(|(genome, _)| genome.clone());
            let other = choices.of(pool).map(|(genome, _)| genome.clone());
            match (parent, other) {
                (Some(parent), Some(other)) if choices.chance(25) => {
                    parent.crossed(&other, &mut choices).mutated(&mut choices)
                }
                (Some(parent), _) => parent.mutated(&mut choices),
                _ => Genome::any(&mut choices),
            }
        };
        let cost = runtime.block_on(cost(&genome))?;
        played += 1;
        let better = rank(&mut by_cpu, &genome, cost, |cost| cost.cpu)
            | rank(&mut by_writer, &genome, cost, |cost| cost.writer)
            | rank(&mut by_job, &genome, cost, |cost| cost.longest_job);
        if better {
            eprintln!(
                "{:>5.0} s, {played}: {} ms (piece {}), writer {} ms (job {}), {} bytes, {} of {} changes let in: {}",
                begun.elapsed().as_secs_f64(),
                milliseconds(cost.cpu),
                milliseconds(cost.longest_piece),
                milliseconds(cost.writer),
                milliseconds(cost.longest_job),
                cost.bytes,
                cost.accepted,
                cost.changes,
                serde_json::to_string(&genome)?,
            );
        }
    }
    Ok(Found {
        request: again(&runtime, by_cpu.swap_remove(0), |cost| cost.cpu)?,
        writer: again(&runtime, by_writer.swap_remove(0), |cost| cost.writer)?,
        job: again(&runtime, by_job.swap_remove(0), |cost| cost.longest_job)?,
        played,
        took: begun.elapsed(),
        seed,
    })
}

/// The machine does other things too: the median of three counts.
fn again(
    runtime: &tokio::runtime::Runtime,
    (genome, first): (Genome, Cost),
    by: impl Fn(&Cost) -> Duration,
) -> Result<(Genome, Cost)> {
    let mut costs = vec![first];
    for _ in 0..2 {
        costs.push(runtime.block_on(cost(&genome))?);
    }
    costs.sort_by_key(by);
    Ok((genome, costs[1]))
}

/// Takes a genome among the best; whether it is the very best.
fn rank(best: &mut Ranked, genome: &Genome, cost: Cost, by: impl Fn(&Cost) -> Duration) -> bool {
    let at = best.partition_point(|(_, other)| by(other) >= by(&cost));
    if at < KEPT && best.iter().all(|(other, _)| other != genome) {
        best.insert(at, (genome.clone(), cost));
        best.truncate(KEPT);
        return at == 0;
    }
    false
}
