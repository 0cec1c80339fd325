//! `bench-sync`: how fast phones get rid of what they recorded.
//!
//! N phones make M counts each without network; then all sync at once, over
//! real HTTP, with the real binary, which answers after an fsync. A second part
//! keeps a steady rate of single edits and looks at the slowest answers. Prints
//! one JSON object.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lagesbild_tests::client::Client;
use lagesbild_tests::phone::{Cost, Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};
use serde_json::json;
use sync_core::ids::DocumentId;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: usize| -> Result<usize> {
        arguments
            .next()
            .map_or(Ok(default), |text| text.parse().context("a number"))
    };
    let (phones, records) = (number(100)?, number(50)?);
    let (rate, seconds) = (number(200)?, number(20)?);
    let batches = runtime.block_on(batches(phones, records))?;
    let steady = runtime.block_on(steady(50, rate, seconds))?;
    let report = json!({
        "machine": lagesbild_tests::machine(),
        "workload": { "phones": phones, "records": records, "steady_per_s": rate, "steady_s": seconds },
        "results": { "lagesbild": { "batches": batches, "steady": steady, "durable": true } },
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// A server on a fresh directory that knows one organisation.
fn fresh(directory: &std::path::Path) -> Result<Server> {
    let data = directory.join("data");
    run(&[
        "organisation",
        "--data",
        data.to_str().context("path")?,
        "eu-teamet",
        "EU-teamet",
    ])?;
    Server::start(&data)
}

async fn enrol(server: &Server, client: &Client, n: usize) -> Result<Vec<Phone>> {
    let mut phones = Vec::with_capacity(n);
    for _ in 0..n {
        let code = server.invite("worker", "eu-teamet")?;
        phones.push(Phone::enrol(client, &code).await?);
    }
    Ok(phones)
}

/// One visit with a count, as a worker makes it.
fn record(phone: &mut Phone, place: DocumentId, adults: u32) -> Result<DocumentId> {
    let count = sample::count(phone.device, now(), adults);
    phone.create(sample::visit(place, Phone::record_id()?, count))
}

async fn batches(n: usize, records: usize) -> Result<serde_json::Value> {
    let directory = tempfile::tempdir()?;
    let server = fresh(directory.path())?;
    let client = Client::new(&server.base);
    let mut phones = enrol(&server, &client, n).await?;
    let place = phones[0].create(sample::place("Bron", "sodermalm", now()))?;
    phones[0].sync().await?;
    for phone in &mut phones {
        for i in 0..records {
            record(phone, place, u32::try_from(i % 20)?)?;
        }
    }
    // The phones make their requests beforehand: this measures the server.
    let mut bodies = Vec::new();
    for phone in &mut phones {
        bodies.push(phone.body()?);
    }
    let (cpu_before, _) = server.usage()?;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for (phone, body) in phones.into_iter().zip(bodies) {
        tasks.spawn(async move {
            let sent = body.len();
            let answer = phone.post(body).await?;
            ensure!(answer.status.is_success(), "{}", answer.status);
            Ok::<_, anyhow::Error>((phone, sent, answer.body))
        });
    }
    let mut replies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        replies.push(done??);
    }
    let upload = started.elapsed();
    let (cpu_after, peak) = server.usage()?;
    let mut cost = Cost::default();
    let mut phones = Vec::new();
    for (mut phone, sent, reply) in replies {
        cost.up += sent;
        cost.accepted += phone.receive(&reply)?.accepted;
        phones.push(phone);
    }
    let total = n * records;
    ensure!(
        cost.accepted as usize == total,
        "{} of {total} acknowledged",
        cost.accepted
    );
    // Then until every phone and the server agree.
    let download = Instant::now();
    for phone in &mut phones {
        phone.sync().await?;
        ensure!(phone.unsent() == 0, "changes are left");
        ensure!(phone.rows().count() == total + 1, "documents are missing");
    }
    let download = download.elapsed();
    let data = directory.path().join("data");
    let disk = std::fs::read_dir(&data)?
        .filter_map(Result::ok)
        .filter_map(|entry| entry.metadata().ok())
        .map(|metadata| metadata.len())
        .sum::<u64>();
    let per_record = |value: f64| value / to_f64(total);
    Ok(json!({
        "records": total,
        "upload_s": upload.as_secs_f64(),
        "records_per_s": to_f64(total) / upload.as_secs_f64(),
        "wire_bytes_per_record": per_record(to_f64(cost.up)),
        "round_trips_per_sync": 1,
        "server_cpu_us_per_record": per_record((cpu_after - cpu_before) * 1e6),
        "peak_rss_mb": to_f64(usize::try_from(peak)?) / 1e6,
        "disk_bytes_per_record": per_record(to_f64(usize::try_from(disk)?)),
        "all_agree_after_s": (upload + download).as_secs_f64(),
    }))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and bytes far below 2^53"
)]
fn to_f64(n: usize) -> f64 {
    n as f64
}

/// Single counts at a fixed rate, whether or not the last one was answered.
async fn steady(n: usize, rate: usize, seconds: usize) -> Result<serde_json::Value> {
    let directory = tempfile::tempdir()?;
    let server = fresh(directory.path())?;
    let client = Client::new(&server.base);
    let mut phones = enrol(&server, &client, n).await?;
    let place = phones[0].create(sample::place("Bron", "sodermalm", now()))?;
    for phone in &mut phones {
        phone.sync().await?;
    }
    let period = Duration::from_secs_f64(to_f64(n) / to_f64(rate));
    let started = tokio::time::Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for (index, mut phone) in phones.into_iter().enumerate() {
        let first = started + period.mul_f64(to_f64(index) / to_f64(n));
        let turns = seconds * rate / n;
        tasks.spawn(async move {
            let mut waits = Vec::with_capacity(turns);
            let mut bytes = 0;
            for turn in 0..turns {
                let due = first + period * u32::try_from(turn)?;
                tokio::time::sleep_until(due).await;
                record(&mut phone, place, 3)?;
                let mut cost = Cost::default();
                phone.exchange(&mut cost).await?;
                // From when it was due, so that a stall counts for all it delays.
                waits.push(due.elapsed());
                bytes += cost.up;
            }
            Ok::<_, anyhow::Error>((waits, bytes))
        });
    }
    let mut waits = Vec::new();
    let mut bytes = 0;
    while let Some(done) = tasks.join_next().await {
        let (some, up) = done??;
        waits.extend(some);
        bytes += up;
    }
    waits.sort_unstable();
    let at = |quantile: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index into the waits"
        )]
        let index = (to_f64(waits.len() - 1) * quantile) as usize;
        waits[index].as_secs_f64() * 1000.0
    };
    Ok(json!({
        "requests": waits.len(),
        "up_bytes_per_request": bytes / waits.len(),
        "p50_ms": at(0.5),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
        "max_ms": at(1.0),
    }))
}
