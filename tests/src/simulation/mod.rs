//! Phones and the real server core in virtual time: a seeded network that drops,
//! repeats, reorders, delays and partitions; apps and a server that die around
//! any write; clocks that are wrong; a backup that is put back; a device that is
//! revoked, a document that is erased, a phone that is lost. Afterwards a model
//! checks what was promised. A seed tells a whole run.

mod model;
mod server;
mod world;

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};

pub use world::Summary;

/// Runs one seed. With `tell` every event is printed.
pub fn run(seed: u64, tell: bool) -> Result<Summary> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(2)
        .build()?;
    runtime.block_on(world::run(seed, tell)).with_context(|| {
        format!(
            "seed {seed}; replay it with: \
                 cargo run -p lagesbild-tests --bin simulate -- {seed} --tell"
        )
    })
}

/// Runs seeds `from..to` on all cores; the sum, or the first failure.
pub fn run_all(from: u64, to: u64) -> Result<Summary> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicU64::new(from);
    let mut total = Summary::default();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut sum = Summary::default();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= to {
                            return Ok(sum);
                        }
                        match run(seed, false) {
                            Ok(one) => sum += one,
                            Err(error) => {
                                next.store(to, Ordering::Relaxed);
                                return Err(error);
                            }
                        }
                    }
                })
            })
            .collect();
        for worker in workers {
            match worker.join() {
                Ok(sum) => total += sum?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(total)
    })
}
