//! Phones and the real server core in virtual time: a seeded network that drops,
//! repeats, reorders, delays and partitions; apps and a server that die around
//! any write; clocks that are wrong; a backup that is put back; a device that is
//! revoked, a document that is erased, a phone that is lost; in every second run one or
//! two phones that are dishonest. Afterwards a model checks what was promised. A seed
//! tells a whole run.

mod dishonest;
mod model;
mod promised;
mod server;
mod world;

use std::num::NonZero;
use std::ops::Range;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow};

pub use world::Summary;

/// Runs one seed. With `tell` every event is printed. A panic in the run is an
/// error like any other: it names the seed.
pub fn run(seed: u64, tell: bool) -> Result<Summary> {
    catch_unwind(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(2)
            .enable_time()
            .enable_time()
            .build()?;
        runtime.block_on(world::run(seed, tell))
    })
    .unwrap_or_else(|_| Err(anyhow!("it panicked; the message stands above")))
    .with_context(|| {
        format!(
            "seed {seed}; replay it with: \
                 cargo run -p lagesbild-tests --bin simulate -- {seed} --tell"
        )
    })
}

/// Runs seeds on all cores; the sum, or the first failure. `done` hears how many
/// have ended, after each.
pub fn run_all(seeds: Range<u64>, done: impl Fn(u64) + Sync) -> Result<Summary> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let (next, ended) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    let work = || {
        let mut sum = Summary::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return Ok(sum);
            }
            match run(seed, false) {
                Ok(one) => sum += one,
                Err(error) => {
                    next.store(seeds.end, Ordering::Relaxed);
                    return Err(error);
                }
            }
            done(ended.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut total = Summary::default();
        for worker in workers {
            match worker.join() {
                Ok(sum) => total += sum?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(total)
    })
}
