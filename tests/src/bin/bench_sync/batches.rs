//! Many phones that come back from a night without network.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use lagesbild_tests::client::Client;
use lagesbild_tests::server::Server;
use serde_json::{Value, json};
use sync_core::ids::DocumentId;

use super::{Load, PLACES, city, enrol, fresh, organisation, record, to_f64};

/// The phones are of one organisation; what is stored is another's. All upload at
/// once, then each takes in what the others made, then a fresh phone comes.
pub(crate) async fn measure(load: &Load) -> Result<Value> {
    let (n, records, total) = (load.phones, load.records, load.total());
    let directory = tempfile::tempdir()?;
    let server = fresh(directory.path(), 2)?;
    let client = Client::new(&server.base);
    // What is stored is another organisation's: the phones need not take it in.
    let places = fill(&server, &client, load.stored).await?;
    let mut phones = Vec::with_capacity(n);
    for index in 0..n {
        let mut phone = enrol(&server, &client, &organisation(0)).await?;
        phone.sync().await?;
        for i in 0..records {
            record(&mut phone, &places, index * records + i)?;
        }
        phones.push(phone);
    }

    let (cpu_before, _) = server.usage()?;
    let disk_before = disk(directory.path())?;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for mut phone in phones {
        tasks.spawn(async move {
            let mut cost = lagesbild_tests::phone::Cost::default();
            while phone.unsent() > 0 {
                phone.exchange(&mut cost).await?;
            }
            Ok::<_, anyhow::Error>((phone, cost))
        });
    }
    let (mut phones, mut up, mut requests, mut accepted) = (Vec::new(), 0, 0, 0);
    while let Some(done) = tasks.join_next().await {
        let (phone, cost) = done??;
        up += cost.up;
        requests += cost.round_trips as usize;
        accepted += cost.accepted as usize;
        phones.push(phone);
    }
    let upload = started.elapsed();
    let (cpu_after, _) = server.usage()?;
    ensure!(accepted == total, "{accepted} of {total} acknowledged");
    let disk_after = disk(directory.path())?;

    // Then until every phone and the server agree.
    let mut tasks = tokio::task::JoinSet::new();
    for mut phone in phones {
        tasks.spawn(async move {
            phone.sync().await?;
            ensure!(phone.unsent() == 0, "changes are left");
            ensure!(
                phone.rows().count() == total + PLACES,
                "documents are missing"
            );
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let agree = started.elapsed();

    let mut newcomer = enrol(&server, &client, &organisation(0)).await?;
    let begun = Instant::now();
    let down = newcomer.sync().await?;
    let download = begun.elapsed();
    ensure!(
        newcomer.rows().count() == total + PLACES,
        "documents are missing"
    );
    let (_, peak) = server.usage()?;
    let per_record = |value: f64| value / to_f64(total);
    Ok(json!({
        "records": total,
        "records_per_s": to_f64(total) / upload.as_secs_f64(),
        "all_agree_s": agree.as_secs_f64(),
        "wire_bytes_per_record": per_record(to_f64(up)),
        "download_bytes_per_record": per_record(to_f64(down.down)),
        "round_trips_per_sync": to_f64(requests) / to_f64(n),
        "server_cpu_s": cpu_after - cpu_before,
        "server_cpu_us_per_record": per_record((cpu_after - cpu_before) * 1e6),
        "peak_rss_mb": to_f64(usize::try_from(peak)?) / 1e6,
        "disk_bytes_per_record": per_record(to_f64(disk_after.saturating_sub(disk_before))),
        "fresh_download_ms": download.as_secs_f64() * 1e3,
        "durable": true,
    }))
}

/// Another organisation's phones leave records on the server; gives the places.
async fn fill(server: &Server, client: &Client, stored: usize) -> Result<Vec<DocumentId>> {
    let mut first = enrol(server, client, &organisation(1)).await?;
    let places = city(&mut first).await?;
    let mut left = stored;
    while left > 0 {
        let mut phone = enrol(server, client, &organisation(1)).await?;
        let some = left.min(1_000);
        for i in 0..some {
            record(&mut phone, &places, left - some + i)?;
        }
        while phone.unsent() > 0 {
            let body = phone.body()?;
            let answer = phone.post(body).await?;
            ensure!(answer.status.is_success(), "{}", answer.status);
            phone.receive(&answer.body)?;
        }
        left -= some;
    }
    Ok(places)
}

/// Bytes of the database and its log.
fn disk(directory: &std::path::Path) -> Result<usize> {
    let bytes: u64 = std::fs::read_dir(directory.join("data"))?
        .filter_map(Result::ok)
        .filter_map(|entry| entry.metadata().ok())
        .map(|metadata| metadata.len())
        .sum();
    usize::try_from(bytes).context("a very large database")
}
