//! A disk that is full, read-only, slow or taken, and a clock that jumps back:
//! nothing is acknowledged that is not stored, reading goes on, and it mends by
//! itself.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hyper::{Method, StatusCode};
use lagesbild_tests::client::Client;
use lagesbild_tests::disk::{Disk, Forgets};
use lagesbild_tests::evidence;
use lagesbild_tests::phone::{Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::Server;

use crate::team::Team;

/// A running server on a disk of ours, and its phones.
struct Trouble {
    team: Team,
    disk: Disk,
    server: Server,
    client: Client,
}

impl Trouble {
    async fn new() -> Result<Self> {
        let mut team = Team::new().await?;
        let disk = Disk::under(&team.data(), Forgets::Nothing)?;
        let server = Server::start_with(&team.data(), &disk.environment())?;
        let client = Client::new(&server.base);
        for phone in &mut team.phones {
            phone.connect(&client);
        }
        // One has read nothing yet, so that there is something to read.
        for n in [0, 2] {
            record(&mut team, n)?;
            team.phones[n].sync().await?;
        }
        Ok(Self {
            team,
            disk,
            server,
            client,
        })
    }

    /// Returns the server's answer to a phone that has something new.
    async fn answer(&mut self, n: usize) -> Result<(StatusCode, String)> {
        record(&mut self.team, n)?;
        let phone = &mut self.team.phones[n];
        let body = phone.body()?;
        let answer = phone.post(body).await?;
        let code = answer
            .json()
            .ok()
            .and_then(|j| j["code"].as_str().map(str::to_owned));
        Ok((answer.status, code.unwrap_or_default()))
    }

    /// A phone that has read nothing yet still can.
    async fn reading_goes_on(&mut self) -> Result<()> {
        let health = self.client.send(Method::GET, "/healthz", &[], "").await?;
        ensure!(
            health.status == StatusCode::OK,
            "/healthz: {}",
            health.status
        );
        let reader = &mut self.team.phones[4];
        reader.sync().await.context("a phone that only reads")?;
        ensure!(reader.rows().count() >= 3, "nothing was read");
        Ok(())
    }

    /// The phones send what was refused, and nothing is lost.
    async fn it_mends(mut self) -> Result<()> {
        for phone in &mut self.team.phones {
            phone.restart()?;
            phone.sync().await?;
            ensure!(phone.unsent() == 0, "{} changes are left", phone.unsent());
        }
        self.server.stop()?;
        evidence::is_whole(&self.team.data())?;
        evidence::rebuilds(&self.team.data())
    }
}

fn record(team: &mut Team, n: usize) -> Result<()> {
    let place = team.place;
    let phone = &mut team.phones[n];
    let count = sample::count(phone.device, now(), 3);
    phone.create(sample::visit(place, Phone::record_id()?, count))?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk() -> Result<()> {
    let mut trouble = Trouble::new().await?;
    trouble.disk.ask("full", 1)?;
    for _ in 0..3 {
        let (status, code) = trouble.answer(0).await?;
        ensure!(
            status == StatusCode::INSUFFICIENT_STORAGE,
            "{status} {code}"
        );
        ensure!(code == "storage_full", "{code}");
    }
    ensure!(trouble.team.phones[0].unsent() == 3);
    trouble.reading_goes_on().await?;
    trouble.disk.stop_asking("full")?;
    trouble.it_mends().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_became_read_only() -> Result<()> {
    let mut trouble = Trouble::new().await?;
    trouble.disk.ask("readonly", 1)?;
    let (status, code) = trouble.answer(0).await?;
    ensure!(status == StatusCode::SERVICE_UNAVAILABLE, "{status} {code}");
    ensure!(code == "read_only", "{code}");
    trouble.reading_goes_on().await?;
    trouble.disk.stop_asking("readonly")?;
    trouble.it_mends().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_another_process_holds() -> Result<()> {
    let mut trouble = Trouble::new().await?;
    let other = rusqlite::Connection::open(trouble.team.data().join("lagesbild.db"))?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    let (status, code) = trouble.answer(0).await?;
    ensure!(status == StatusCode::SERVICE_UNAVAILABLE, "{status} {code}");
    ensure!(code == "busy", "{code}");
    other.execute_batch("ROLLBACK")?;
    trouble.it_mends().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_disk() -> Result<()> {
    let mut trouble = Trouble::new().await?;
    trouble.disk.ask("slow", 300)?;
    let started = std::time::Instant::now();
    let (status, code) = trouble.answer(0).await?;
    ensure!(status == StatusCode::OK, "{status} {code}");
    ensure!(
        started.elapsed() >= Duration::from_millis(300),
        "answered before the disk was done"
    );
    trouble.disk.stop_asking("slow")?;
    trouble.it_mends().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_back() -> Result<()> {
    let mut trouble = Trouble::new().await?;
    trouble.disk.ask("clock", -3 * 86_400)?;
    record(&mut trouble.team, 0)?;
    let phone = &mut trouble.team.phones[0];
    phone.sync().await?;
    ensure!(phone.unsent() == 1, "taken, though it lies in the future");
    trouble.reading_goes_on().await?;
    trouble.disk.stop_asking("clock")?;
    trouble.it_mends().await
}
