//! Many phones that come back from a night without network.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use lagesbild_tests::client::Client;
use lagesbild_tests::phone::{Cost, Phone};
use lagesbild_tests::server::{Server, usage};
use serde_json::{Value, json};
use sync_core::ids::DocumentId;

use super::{Load, NIGHTS, PLACES, city, enrol, fresh, organisation, record, to_f64};

/// The phones are of one organisation; what is stored is another's. All upload at
/// once, then each takes in what the others made, then a fresh phone comes.
pub(crate) async fn measure(load: &Load) -> Result<Value> {
    let (n, records, total) = (load.phones, load.records, load.total());
    let directory = tempfile::tempdir()?;
    let server = fresh(directory.path(), 2)?;
    let client = Client::new(&server.base);
    // What is stored is another organisation's: the phones need not take it in.
    let places = fill(&server, &client, load.stored).await?;
    // Onto what is stored: all of them tonight's. However much is stored, tonight has
    // the same then, and the work differs in nothing else.
    let nights = if load.stored == 0 { NIGHTS } else { 1 };
    let mut phones = Vec::with_capacity(n);
    for index in 0..n {
        let mut phone = enrol(&server, &client, &organisation(0)).await?;
        phone.sync().await?;
        for i in 0..records {
            record(&mut phone, &places, index * records + i, nights)?;
        }
        phones.push(phone);
    }

    let (cpu_before, _) = server.usage()?;
    let (phones_before, _) = usage(std::process::id())?;
    let disk_before = disk(directory.path())?;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for mut phone in phones {
        tasks.spawn(async move {
            let mut cost = Cost::default();
            while phone.unsent() > 0 {
                phone.exchange(&mut cost).await?;
            }
            Ok::<_, anyhow::Error>((phone, cost))
        });
    }
    let (mut phones, mut all) = (Vec::new(), Cost::default());
    while let Some(done) = tasks.join_next().await {
        let (phone, cost) = done??;
        all += cost;
        phones.push(phone);
    }
    let upload = started.elapsed();
    let (cpu_after, _) = server.usage()?;
    let (phones_after, _) = usage(std::process::id())?;
    let accepted = all.accepted;
    ensure!(
        accepted as usize == total,
        "{accepted} of {total} acknowledged"
    );
    let disk_after = disk(directory.path())?;

    let (mut agree, mut download, mut down) = (None, None, None);
    if !load.upload_only {
        all_read(phones, total).await?;
        agree = Some(started.elapsed().as_secs_f64());
        let mut newcomer = enrol(&server, &client, &organisation(0)).await?;
        let begun = Instant::now();
        let cost = newcomer.sync().await?;
        download = Some(begun.elapsed().as_secs_f64() * 1e3);
        down = Some(to_f64(cost.down) / to_f64(total));
        ensure!(has_all(&newcomer, total), "documents are missing");
    }
    let (_, peak) = server.usage()?;
    let per_record = |value: f64| value / to_f64(total);
    Ok(json!({
        "records": total,
        "records_per_s": to_f64(total) / upload.as_secs_f64(),
        "all_agree_s": agree,
        "wire_bytes_per_record": per_record(to_f64(all.up_compressed)),
        "uncompressed_bytes_per_record": per_record(to_f64(all.up)),
        "download_bytes_per_record": down,
        "round_trips_per_sync": f64::from(all.round_trips) / to_f64(n),
        "server_cpu_s": cpu_after - cpu_before,
        "server_cpu_us_per_record": per_record((cpu_after - cpu_before) * 1e6),
        "phones_cpu_us_per_record": per_record((phones_after - phones_before) * 1e6),
        "peak_rss_mb": to_f64(usize::try_from(peak)?) / 1e6,
        "disk_bytes_per_record": per_record(to_f64(disk_after.saturating_sub(disk_before))),
        "fresh_download_ms": download,
        "durable": true,
    }))
}

/// Every phone reads what the others made, until all agree with the server.
async fn all_read(phones: Vec<Phone>, total: usize) -> Result<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for mut phone in phones {
        tasks.spawn(async move {
            phone.sync().await?;
            ensure!(phone.unsent() == 0, "changes are left");
            ensure!(has_all(&phone, total), "documents are missing");
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

fn has_all(phone: &Phone, total: usize) -> bool {
    phone.rows().count() == total + PLACES
}

/// Visits of a busy night: eight to each place.
pub(crate) const A_NIGHT: usize = 8 * PLACES;

/// Records that each of the phones leaves which fill the server beforehand.
const RECORDS_A_PHONE: usize = 1_000;
/// How many of them at a time.
const FILLING: usize = 4;

/// Another organisation's phones leave records on the server; gives the places.
async fn fill(server: &Server, client: &Client, stored: usize) -> Result<Vec<DocumentId>> {
    let mut first = enrol(server, client, &organisation(1)).await?;
    let places = city(&mut first).await?;
    // What is stored in a year lies in more nights, not in more visits a night.
    let nights = (stored / A_NIGHT).max(1);
    let mut phones = tokio::task::JoinSet::new();
    for first in (0..stored).step_by(RECORDS_A_PHONE).rev() {
        if phones.len() == FILLING
            && let Some(done) = phones.join_next().await
        {
            done??;
        }
        let mut phone = enrol(server, client, &organisation(1)).await?;
        let places = places.clone();
        phones.spawn(async move {
            for n in first..stored.min(first + RECORDS_A_PHONE) {
                record(&mut phone, &places, n, nights)?;
            }
            let mut cost = Cost::default();
            while phone.unsent() > 0 {
                phone.exchange(&mut cost).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(done) = phones.join_next().await {
        done??;
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
