//! `kill -9` of the real server at random moments, under load.
//!
//! `LAGESBILD_KILLS=1000` asks for more rounds than the usual 200.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lagesbild_tests::evidence;
use lagesbild_tests::server::Server;

use crate::team::Team;

/// Rounds with one data directory; then a fresh one, so that a round stays short.
const ROUNDS_EACH: u32 = 20;
/// A kill while the server starts, perhaps while it makes its tables.
fn killed_at_start(data: &Path, after: Duration) -> Result<()> {
    let mut child = std::process::Command::new(lagesbild_tests::server::binary()?)
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log",
            "error",
            "--data",
        ])
        .arg(data)
        .stdout(std::process::Stdio::null())
        .spawn()?;
    std::thread::sleep(after);
    child.kill()?;
    child.wait()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_dies_with_the_process() -> Result<()> {
    let rounds = std::env::var("LAGESBILD_KILLS")
        .ok()
        .map_or(Ok(200), |text| text.parse::<u32>())?;
    let started = std::time::Instant::now();
    let (mut done, mut acknowledged) = (0, 0);
    while done < rounds {
        let mut team = Team::new().await?;
        for _ in 0..ROUNDS_EACH.min(rounds - done) {
            done += 1;
            if done % 10 == 0 {
                killed_at_start(&team.data(), Duration::from_millis(fastrand::u64(..30)))?;
            }
            let replies = fastrand::usize(..12);
            let moment = Duration::from_micros(fastrand::u64(..15_000));
            let what = || format!("round {done}, killed {moment:?} after {replies} replies");
            let server = Server::start(&team.data())?;
            team.work_until_killed(server, replies, moment)
                .await
                .with_context(what)?;
            team.nothing_is_lost().with_context(what)?;
        }
        acknowledged += team.agree().await?;
    }
    println!(
        "{done} kills, {acknowledged} acknowledged changes, none lost, {:?}",
        started.elapsed()
    );
    ensure!(acknowledged > rounds as usize, "hardly anything was sent");
    Ok(())
}

#[test]
fn a_server_killed_while_it_makes_its_tables_starts_again() -> Result<()> {
    for n in 0..10 {
        let directory = tempfile::tempdir()?;
        let data = directory.path().join("data");
        killed_at_start(&data, Duration::from_millis(n * 4))?;
        Server::start(&data)?.stop()?;
        evidence::is_whole(&data)?;
    }
    Ok(())
}
