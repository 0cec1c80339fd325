//! `kill -9` of the real server while it does what acts left to be done: nothing is left
//! undone, and nothing is done twice.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Clock};

use anyhow::{Context, Result, ensure};
use lagesbild_server::outreach::store::undos::{NewUndo, UndoStore};
use lagesbild_server::outreach::store::{Scope, Store};
use lagesbild_server::outreach::sync::exchange;
use lagesbild_server::shared::accounts::members::Organisation;
use lagesbild_server::shared::principal::Actor;
use lagesbild_tests::sample;
use lagesbild_tests::server::Server;
use rusqlite::Connection;
use sync_core::authority::Capacity;
use sync_core::document::Document;
use sync_core::ids::{DeviceId, DocumentId, SessionId, actor};
use sync_core::protocol::{Offer, PROTOCOL, Request};
use sync_core::time::Instant;

/// Kills, each after a random time.
const ROUNDS: u32 = 200;
/// Places that a stolen phone made, and that are taken back: three portions.
const PLACES: u32 = 45;

/// Undos of which something is done, and not all.
const BEGUN: &str = "SELECT count(*) FROM undos u WHERE done_at IS NULL
     AND EXISTS (SELECT 1 FROM undone_documents d WHERE d.undo = u.id)";

fn now() -> Result<Instant> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(Instant(i64::try_from(since.as_millis())?))
}

fn place_id(round: u32, n: u32) -> DocumentId {
    let mut id = [3; 16];
    id[..4].copy_from_slice(&round.to_be_bytes());
    id[4..8].copy_from_slice(&n.to_be_bytes());
    DocumentId::from_bytes(id)
}

/// Stores what a stolen phone made, and the act that takes it back: both are on disk, nothing of
/// the second is done.
async fn taken_back(data: &Path, round: u32) -> Result<()> {
    let store = Store::open(data)?;
    let organisation = Organisation {
        id: "eu-teamet".parse()?,
        name: "EU-teamet".to_owned(),
    };
    let (made, mut device) = (now()?, [9; 8]);
    store
        .accounts()
        .put_organisation(organisation.clone(), made)
        .await?;
    device[..4].copy_from_slice(&round.to_be_bytes());
    let device = DeviceId::from_bytes(device);
    let mut batch = Vec::new();
    for n in 0..PLACES {
        let content = sample::place("Ett exempel", "sodermalm", made);
        let session = SessionId::from_bytes([1; 8]);
        let (_, change) = Document::create(actor(device, session), &content, made)?;
        batch.push(Offer {
            document: place_id(round, n),
            kind: content.kind(),
            known_heads: Vec::new(),
            changes: vec![change.bytes.into()],
            relayed: None,
        });
    }
    let scope = Scope {
        device,
        organisation: organisation.id,
        by: Actor::SERVER,
        act: None,
        capacity: Capacity::Worker,
    };
    let request = Request {
        protocol: PROTOCOL,
        epoch: 0,
        cursor: 0,
        sent_at: made.0,
        batch,
        since: None,
    };
    let reply = exchange(&store, &scope, request, made).await?;
    ensure!(reply.results.iter().all(|result| result.accepted == 1));
    let undo = NewUndo {
        device,
        since: Instant(made.0 - 1),
        of: None,
        session: SessionId::from_bytes(device.as_bytes().to_owned()),
        by: Actor::SERVER,
    };
    store.begin_undo(undo, now()?).await?;
    Ok(())
}

fn count(data: &Path, query: &str) -> Result<u32> {
    let connection = Connection::open(data.join("lagesbild.db"))?;
    Ok(connection.query_row(query, [], |row| row.get(0))?)
}

/// Waits until nothing is left to be done.
async fn done(data: PathBuf) -> Result<()> {
    let until = Clock::now() + Duration::from_mins(3);
    while count(&data, "SELECT count(*) FROM jobs WHERE kind = 'undo'")? > 0 {
        ensure!(Clock::now() < until, "jobs are left after three minutes");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[tokio::test]
async fn two_hundred_kills_leave_nothing_undone_and_nothing_done_twice() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let data = directory.path().join("data");
    let started = Clock::now();
    let mut interrupted = 0;
    for round in 0..ROUNDS {
        taken_back(&data, round)
            .await
            .with_context(|| format!("round {round}"))?;
        let server = Server::start(&data)?;
        tokio::time::sleep(Duration::from_micros(fastrand::u64(..200_000))).await;
        server.kill()?;
        interrupted += u32::from(count(&data, BEGUN)? > 0);
    }
    let server = Server::start(&data)?;
    done(data.clone()).await?;
    server.stop()?;
    let of = |query: &str| count(&data, query);
    assert_eq!(of("SELECT count(*) FROM undos WHERE done_at IS NULL")?, 0);
    // Each is told of once, each place was made and taken back: two changes, no third.
    let told = of("SELECT count(*) FROM audit WHERE action = 'undo.done'")?;
    assert_eq!(told, ROUNDS);
    assert_eq!(of("SELECT count(*) FROM documents")?, ROUNDS * PLACES);
    assert_eq!(of("SELECT count(*) FROM changes")?, 2 * ROUNDS * PLACES);
    let left = of("SELECT count(*) FROM place_row WHERE withdrawn = 0")?;
    assert_eq!(left, 0, "places that were not taken back");
    println!(
        "{ROUNDS} kills, {interrupted} in the middle of an undo, {} documents taken back once each, {:?}",
        ROUNDS * PLACES,
        started.elapsed()
    );
    ensure!(interrupted > 0, "no kill came in the middle");
    Ok(())
}
