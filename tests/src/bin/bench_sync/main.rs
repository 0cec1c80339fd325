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

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use lagesbild_tests::client::Client;
use lagesbild_tests::phone::{Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};
use serde_json::{Value, json};
use sync_core::ids::DocumentId;

use edits::Edit;

/// How fast phones get rid of what they recorded, beside what people use today.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the figures go
    #[arg(long, value_name = "FILE")]
    json: PathBuf,
    /// Once, and the smallest of each
    #[arg(long)]
    quick: bool,
    /// Where the peers' programs are; without it they are left out
    // Its programs run in it: the path must mean the same there.
    #[arg(long, value_name = "DIRECTORY", value_parser = absolute)]
    peers: Option<PathBuf>,
    /// The one part to measure
    #[arg(long)]
    only: Option<Part>,
    /// Phones, and records that each made, e.g. 100x50
    #[arg(long, value_name = "PHONESxRECORDS", value_parser = phones_and_records)]
    workload: Option<(usize, usize)>,
    /// Records on the server before `stored` begins: the fewest, and so on up to the most
    #[arg(long, value_name = "N,N", value_delimiter = ',')]
    stored: Vec<usize>,
    /// Ends when everything is acknowledged; no phone reads what the others made
    #[arg(long)]
    upload_only: bool,
    /// How often each workload is measured
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// One edit after having been offline
    Edit,
    /// Many phones after a night without network
    Batches,
    /// Edits at a steady rate
    Steady,
    /// A batch onto ever more that is there already
    Stored,
}

fn absolute(given: &str) -> Result<PathBuf, std::io::Error> {
    std::path::absolute(given)
}

fn phones_and_records(given: &str) -> Result<(usize, usize), String> {
    let (phones, records) = given.split_once('x').ok_or("write it like 100x50")?;
    let number = |text: &str| match text.parse() {
        Ok(0) | Err(_) => Err(format!("{text} is no number of phones or records")),
        Ok(n) => Ok(n),
    };
    Ok((number(phones)?, number(records)?))
}

impl Arguments {
    fn wants(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }

    fn workloads(&self) -> Vec<(usize, usize)> {
        match self.workload {
            Some(workload) => vec![workload],
            None if self.quick => vec![WORKLOADS[0]],
            None => WORKLOADS.to_vec(),
        }
    }

    fn stored(&self) -> Vec<usize> {
        match &self.stored[..] {
            // As many nights of the whole city.
            [] => [1, 10, 100][..if self.quick { 2 } else { 3 }]
                .iter()
                .map(|nights| nights * batches::A_NIGHT)
                .collect(),
            given => given.to_vec(),
        }
    }

    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 1 } else { 3 }).max(1)
    }
}

/// Phones, and records that each made.
const WORKLOADS: [(usize, usize); 3] = [(20, 50), (100, 50), (20, 500)];

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut report = json!({ "machine": lagesbild_tests::machine() });
    if arguments.wants(Part::Edit) {
        let edits = if arguments.quick { 50 } else { 300 };
        for (name, edit) in [
            ("one_count_after_offline", Edit::New),
            ("one_correction_after_offline", Edit::Correction),
        ] {
            report[name] = edits::one_by_one(edit, edits).await?;
            println!("{name}: {}", report[name]);
        }
    }
    if arguments.wants(Part::Batches) {
        let edit = report["one_count_after_offline"]["until_acknowledged"].clone();
        report["workloads"] = workloads(&arguments, &edit).await?;
    }
    if arguments.wants(Part::Steady) {
        report["steady"] = edits::steady(&edits::Steady {
            phones: 50,
            organisations: 5,
            per_second: 200,
            seconds: if arguments.quick { 5 } else { 20 },
        })
        .await?;
        println!("steady: {}", report["steady"]);
    }
    if arguments.wants(Part::Stored) {
        report["onto_stored"] = onto_stored(&arguments).await?;
        let onto = &report["onto_stored"];
        let (time, cpu) = (&onto["cost_ratio"], &onto["cpu_ratio"]);
        println!("the most stored against the least: time {time}, processor time {cpu}");
    }
    std::fs::write(&arguments.json, serde_json::to_string_pretty(&report)?)?;
    Ok(())
}

async fn workloads(arguments: &Arguments, edit: &Value) -> Result<Value> {
    let mut entries = json!([]);
    for (phones, records) in arguments.workloads() {
        let load = Load {
            phones,
            records,
            stored: 0,
            upload_only: arguments.upload_only,
        };
        let mut results = side_by_side(&[load], arguments).await?.remove(0);
        for name in ["p50_ms", "p99_ms"] {
            results["lagesbild"][name] = edit[name].clone();
        }
        let workload = json!({ "phones": phones, "records": records });
        let entry = json!({ "workload": workload, "results": results });
        table::print(&entry);
        push(&mut entries, entry);
    }
    Ok(entries)
}

/// The records that phones bring, and those that are there already.
#[derive(Debug, Clone, Copy)]
struct Load {
    phones: usize,
    /// Records that each phone made without network.
    records: usize,
    stored: usize,
    /// Whether it ends when everything is acknowledged.
    upload_only: bool,
}

impl Load {
    fn total(&self) -> usize {
        self.phones * self.records
    }
}

/// Ours and the peers' figures for each load, of all rounds the one with the median
/// rate. In each round all are measured one after the other: what the machine does
/// meanwhile falls on all of them.
async fn side_by_side(loads: &[Load], arguments: &Arguments) -> Result<Vec<Value>> {
    let names = if arguments.peers.is_some() {
        &peers::ALL[..]
    } else {
        &[]
    };
    let rounds = arguments.rounds();
    let mut rounds_of = vec![vec![Vec::with_capacity(rounds); 1 + names.len()]; loads.len()];
    for _ in 0..rounds {
        for (load, rounds_of) in loads.iter().zip(&mut rounds_of) {
            rounds_of[0].push(batches::measure(load).await?);
            for (peer, measured) in names.iter().zip(&mut rounds_of[1..]) {
                if let Some(directory) = &arguments.peers {
                    measured.push(peers::measure(directory, peer, load).await);
                }
            }
        }
    }
    let by_program = |rounds_of: Vec<Vec<Value>>| {
        let names = std::iter::once(&"lagesbild").chain(names);
        let medians = rounds_of.into_iter().map(median);
        names.map(ToString::to_string).zip(medians).collect()
    };
    Ok(rounds_of.into_iter().map(by_program).collect())
}

/// The round with the median rate; that of a round that failed is 0. Processor time is
/// the mean of those that did not.
fn median(mut rounds: Vec<Value>) -> Value {
    const TIMES: [&str; 3] = [
        "server_cpu_s",
        "server_cpu_us_per_record",
        "phones_cpu_us_per_record",
    ];
    let mean = |name: &str| {
        let all: Vec<f64> = rounds.iter().filter_map(|r| r[name].as_f64()).collect();
        (!all.is_empty()).then(|| all.iter().sum::<f64>() / to_f64(all.len()))
    };
    let means = TIMES.map(mean);
    let rate = |result: &Value| result["records_per_s"].as_f64().unwrap_or(0.0);
    rounds.sort_by(|a, b| rate(a).total_cmp(&rate(b)));
    let mut median = rounds.swap_remove(rounds.len() / 2);
    for (name, mean) in TIMES.into_iter().zip(means) {
        if let Some(mean) = mean {
            median[name] = json!(mean);
        }
    }
    median
}

/// The upload of 20 × 50 records onto ever more, and how many times the first's time and
/// processor time the last takes.
async fn onto_stored(arguments: &Arguments) -> Result<Value> {
    let loads = arguments.stored().into_iter().map(|stored| Load {
        phones: 20,
        records: 50,
        stored,
        upload_only: arguments.upload_only,
    });
    let loads: Vec<_> = loads.collect();
    let results = side_by_side(&loads, arguments).await?;
    let mut points = json!([]);
    for (load, results) in loads.iter().zip(&results) {
        let point = json!({ "stored": load.stored, "results": results });
        println!("stored {}:", load.stored);
        table::print(&point);
        push(&mut points, point);
    }
    let (mut time, mut cpu) = (json!({}), json!({}));
    if let [first, .., last] = &results[..] {
        let ratio = |over: &Value, under: &Value| Some(over.as_f64()? / under.as_f64()?);
        for name in std::iter::once("lagesbild").chain(peers::ALL) {
            let (first, last) = (&first[name], &last[name]);
            time[name] = json!(ratio(&first["records_per_s"], &last["records_per_s"]));
            let used = "server_cpu_us_per_record";
            cpu[name] = json!(ratio(&last[used], &first[used]));
        }
    }
    Ok(json!({ "cost_ratio": time, "cpu_ratio": cpu, "points": points }))
}

fn push(list: &mut Value, entry: Value) {
    if let Some(list) = list.as_array_mut() {
        list.push(entry);
    }
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

/// The `n`th visit with a count, as a worker makes it that night. They go round the
/// places, and after each round to the night before, `nights` in all.
fn record(phone: &mut Phone, places: &[DocumentId], n: usize, nights: usize) -> Result<DocumentId> {
    let night = i64::try_from(n / places.len() % nights)?;
    let at = sync_core::time::Instant(now().0 - night * 24 * 3_600_000);
    let count = sample::count(phone.device, at, u32::try_from(n % 20)?);
    let place = places[n % places.len()];
    phone.create_on(at.night(), sample::visit(place, Phone::record_id()?, count))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and bytes far below 2^53"
)]
fn to_f64(n: usize) -> f64 {
    n as f64
}
