//! `bench-sync`: how fast phones get rid of what they recorded, beside what
//! people use today.
//!
//! For each workload of N phones with M records each, made without network: how
//! long until the server holds all of it, what that cost, and how long a fresh
//! phone then takes to get everything. Then steady single edits, and the same
//! upload onto a server that holds 10 and 100 times as much. Real HTTP, the real
//! binary, which answers after an fsync; the peers' own servers and clients, on
//! the same machine, one after the other in one run. Medians of several rounds.

mod batches;
mod edits;
mod peers;
mod table;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use lagesbild_tests::client::Client;
use lagesbild_tests::phone::{Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};
use serde_json::{Value, json};
use sync_core::ids::DocumentId;

/// What the command line asked for.
#[derive(Debug)]
struct Arguments {
    json: PathBuf,
    quick: bool,
    /// Where the peers' programs are; without it they are left out.
    peers: Option<PathBuf>,
}

fn arguments() -> Result<Arguments> {
    let (mut json, mut quick, mut peers) = (None, false, None);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--json" => json = given.next().map(PathBuf::from),
            "--quick" => quick = true,
            "--peers" => peers = given.next().map(PathBuf::from),
            other => bail!("{other}: use --json FILE [--quick] [--peers DIRECTORY]"),
        }
    }
    Ok(Arguments {
        json: json.context("--json FILE is missing")?,
        quick,
        peers,
    })
}

/// Phones, and records that each made.
const WORKLOADS: [(usize, usize); 3] = [(20, 50), (100, 50), (20, 500)];

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = arguments()?;
    let workloads = &WORKLOADS[..if arguments.quick { 1 } else { WORKLOADS.len() }];
    let rounds = if arguments.quick { 1 } else { 3 };
    let mut report = json!({ "machine": lagesbild_tests::machine(), "workloads": [] });
    for &(phones, records) in workloads {
        let mut results = json!({ "lagesbild": median_of(rounds, || batches::measure(phones, records, 0)).await? });
        if let Some(directory) = &arguments.peers {
            for peer in peers::ALL {
                results[peer] = peers::measure(directory, peer, phones, records);
            }
        }
        let workload = json!({ "phones": phones, "records": records });
        let entry = json!({ "workload": workload, "results": results });
        table::print(&entry);
        if let Some(list) = report["workloads"].as_array_mut() {
            list.push(entry);
        }
    }
    report["steady"] = edits::steady(&edits::Load {
        phones: 50,
        organisations: 5,
        per_second: 200,
        seconds: if arguments.quick { 5 } else { 20 },
    })
    .await?;
    println!("steady: {}", report["steady"]);
    report["one_edit_after_offline"] =
        edits::one_by_one(if arguments.quick { 50 } else { 300 }).await?;
    println!("one edit: {}", report["one_edit_after_offline"]);
    report["onto_stored"] = onto_stored(arguments.quick).await?;
    println!("onto stored: {}", report["onto_stored"]);
    std::fs::write(&arguments.json, serde_json::to_string_pretty(&report)?)?;
    Ok(())
}

/// The upload of 20 × 50 records onto 1, 10 and 100 times as many, seconds; and
/// the ratio of the last to the first.
async fn onto_stored(quick: bool) -> Result<Value> {
    let (phones, records) = (20, 50);
    let mut points = Vec::new();
    for times in if quick { [1, 10, 10] } else { [1, 10, 100] } {
        let point = batches::measure(phones, records, times * phones * records).await?;
        points.push(json!({
            "stored": times * phones * records,
            "records_per_s": point["records_per_s"],
            "server_cpu_us_per_record": point["server_cpu_us_per_record"],
            "peak_rss_mb": point["peak_rss_mb"],
        }));
    }
    let rate = |index: usize| points[index]["records_per_s"].as_f64().unwrap_or(f64::NAN);
    Ok(json!({ "cost_ratio": rate(0) / rate(2), "points": points }))
}

/// The round with the median rate of several.
async fn median_of<F>(rounds: usize, mut measure: impl FnMut() -> F) -> Result<Value>
where
    F: Future<Output = Result<Value>>,
{
    let mut results = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        results.push(measure().await?);
    }
    let rate = |result: &Value| result["records_per_s"].as_f64().unwrap_or(0.0);
    results.sort_by(|a, b| rate(a).total_cmp(&rate(b)));
    Ok(results.swap_remove(rounds / 2))
}

/// A server on a fresh directory with some organisations.
fn fresh(directory: &std::path::Path, organisations: usize) -> Result<Server> {
    let data = directory.join("data");
    let path = data.to_str().context("path")?;
    for n in 0..organisations {
        let (id, name) = (organisation(n), format!("Förening {n} (exempel)"));
        run(&["organisation", "--data", path, &id, &name])?;
    }
    Server::start(&data)
}

fn organisation(n: usize) -> String {
    format!("forening-{n}")
}

async fn enrol(server: &Server, client: &Client, organisation: &str) -> Result<Phone> {
    Phone::enrol(client, &server.invite("worker", organisation)?).await
}

/// Places of the synthetic city.
const PLACES: usize = 130;
/// Nights over which what is recorded is spread: a period of four weeks.
const NIGHTS: usize = 28;

/// The city's places, made by one phone.
async fn city(phone: &mut Phone) -> Result<Vec<DocumentId>> {
    let places = (0..PLACES).map(|n| {
        let name = format!("Plats {n}");
        phone.create(sample::place(&name, "sodermalm", now()))
    });
    let places = places.collect::<Result<_>>()?;
    phone.sync().await?;
    Ok(places)
}

/// The `n`th visit with a count, as a worker makes it. They go round the places,
/// and after each round to the night before.
fn record(phone: &mut Phone, places: &[DocumentId], n: usize) -> Result<DocumentId> {
    let night = i64::try_from(n / places.len() % NIGHTS)?;
    let at = sync_core::time::Instant(now().0 - night * 24 * 3_600_000);
    let count = sample::count(phone.device, at, u32::try_from(n % 20)?);
    let place = places[n % places.len()];
    phone.create(sample::visit(place, Phone::record_id()?, count))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and bytes far below 2^53"
)]
fn to_f64(n: usize) -> f64 {
    n as f64
}
