//! The power goes: only what the server waited for is on the disk, and any part
//! of the rest.
//!
//! `LAGESBILD_POWER_CUTS=500` asks for more than the usual 30.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lagesbild_tests::disk::{Disk, Forgets};
use lagesbild_tests::server::Server;

use crate::team::Team;

/// One round on a disk that forgets what it is told to forget.
async fn cut(team: &mut Team, forgets: Forgets, rng: &mut fastrand::Rng) -> Result<()> {
    let disk = Disk::under(&team.data(), forgets)?;
    let server = Server::start_with(&team.data(), &disk.environment())?;
    let moment = Duration::from_micros(rng.u64(..15_000));
    team.work_until_killed(server, rng.usize(3..12), moment)
        .await?;
    disk.cut(rng)?;
    team.nothing_is_lost()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_dies_with_the_power() -> Result<()> {
    let cuts = std::env::var("LAGESBILD_POWER_CUTS")
        .ok()
        .map_or(Ok(30), |text| text.parse::<u32>())?;
    let mut rng = fastrand::Rng::new();
    let (mut done, mut acknowledged) = (0, 0);
    while done < cuts {
        let mut team = Team::new().await?;
        for _ in 0..10.min(cuts - done) {
            done += 1;
            cut(&mut team, Forgets::Nothing, &mut rng)
                .await
                .with_context(|| format!("cut {done}"))?;
        }
        acknowledged += team.agree().await?;
    }
    println!("{done} power cuts, {acknowledged} acknowledged changes, none lost");
    ensure!(acknowledged > done as usize, "hardly anything was sent");
    Ok(())
}

/// The control: without its syncs the server loses what it acknowledged, and
/// the test above would see it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_wait_for_its_disk_is_found_out() -> Result<()> {
    for forgets in [Forgets::Everything, Forgets::Log] {
        let mut rng = fastrand::Rng::new();
        let mut found_out = false;
        for _ in 0..10 {
            let mut team = Team::new().await?;
            found_out = cut(&mut team, forgets, &mut rng).await.is_err();
            if found_out {
                break;
            }
        }
        ensure!(
            found_out,
            "nothing was lost on a disk that forgets {forgets:?}"
        );
    }
    Ok(())
}
