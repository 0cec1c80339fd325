//! Single edits: at a steady rate from many phones, and one after the other from
//! a phone that was offline.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lagesbild_tests::client::Client;
use lagesbild_tests::phone::Cost;
use serde_json::{Value, json};

use super::{NIGHTS, city, enrol, fresh, organisation, record, to_f64};

/// A load at a fixed rate.
pub(crate) struct Steady {
    pub(crate) phones: usize,
    pub(crate) organisations: usize,
    pub(crate) per_second: usize,
    pub(crate) seconds: usize,
}

/// Single counts at a fixed rate, whether or not the last one was answered. Each
/// phone takes in what its colleagues made meanwhile, as in the field.
pub(crate) async fn steady(load: &Steady) -> Result<Value> {
    let directory = tempfile::tempdir()?;
    let server = fresh(directory.path(), load.organisations)?;
    let client = Client::new(&server.base);
    let mut phones = Vec::with_capacity(load.phones);
    for n in 0..load.phones {
        phones.push(enrol(&server, &client, &organisation(n % load.organisations)).await?);
    }
    let places = std::sync::Arc::new(city(&mut phones[0]).await?);
    for phone in &mut phones {
        phone.sync().await?;
    }
    let (cpu_before, _) = server.usage()?;
    let period = Duration::from_secs_f64(to_f64(load.phones) / to_f64(load.per_second));
    let turns = load.seconds * load.per_second / load.phones;
    let started = tokio::time::Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for (index, mut phone) in phones.into_iter().enumerate() {
        let first = started + period.mul_f64(to_f64(index) / to_f64(load.phones));
        let places = std::sync::Arc::clone(&places);
        tasks.spawn(async move {
            let (mut waits, mut answers) = (Vec::new(), Vec::new());
            let mut cost = Cost::default();
            for turn in 0..turns {
                let due = first + period * u32::try_from(turn)?;
                tokio::time::sleep_until(due).await;
                record(&mut phone, &places, index * turns + turn, NIGHTS)?;
                let body = phone.body()?;
                let before = cost.waited;
                let answer = phone.post_counting(body, &mut cost).await?;
                answers.push(cost.waited.saturating_sub(before));
                phone.receive(&answer.body)?;
                // From when it was due, so that a stall counts for all it delays.
                waits.push(due.elapsed());
            }
            Ok::<_, anyhow::Error>((phone, waits, answers, cost))
        });
    }
    let (mut waits, mut answers, mut up, mut down) = (Vec::new(), Vec::new(), 0, 0);
    // Kept until all are done: to drop a phone full of documents takes its time.
    let mut phones = Vec::with_capacity(load.phones);
    while let Some(done) = tasks.join_next().await {
        let (phone, some, more, cost) = done??;
        phones.push(phone);
        waits.extend(some);
        answers.extend(more);
        up += cost.up_compressed;
        down += cost.down;
    }
    let (cpu_after, _) = server.usage()?;
    let requests = waits.len();
    Ok(json!({
        "requests": requests,
        "offered_per_s": load.per_second,
        "phones": load.phones,
        "organisations": load.organisations,
        "up_bytes_per_request": up / requests,
        "down_bytes_per_request": down / requests,
        "server_cpu_us_per_request": (cpu_after - cpu_before) * 1e6 / to_f64(requests),
        "until_stored_on_phone": quantiles(&mut waits)?,
        "request": quantiles(&mut answers)?,
    }))
}

/// An edit that a phone makes while it is offline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// It counts: a document with all its fields.
    New,
    /// It corrects the adults of a count that it made before.
    Correction,
}

/// One phone, offline, makes one edit; then it syncs: one request. Its
/// connection is kept open, as a browser keeps it for a minute.
pub(crate) async fn one_by_one(edit: Edit, times: usize) -> Result<Value> {
    let directory = tempfile::tempdir()?;
    let server = fresh(directory.path(), 1)?;
    let client = Client::new(&server.base);
    let mut phone = enrol(&server, &client, &organisation(0)).await?;
    let places = city(&mut phone).await?;
    // What is corrected, where something is.
    let mut earlier = vec![None; times];
    if edit == Edit::Correction {
        for (n, document) in earlier.iter_mut().enumerate() {
            *document = Some(record(&mut phone, &places, n, NIGHTS)?);
        }
        phone.sync().await?;
    }
    let mut waits = Vec::with_capacity(times);
    let mut cost = Cost::default();
    let before = client.traffic();
    for (n, document) in earlier.into_iter().enumerate() {
        if let Some(document) = document {
            phone.edit(document, |visit| {
                let counts = visit["counts"].as_object_mut();
                for (_, count) in counts.into_iter().flatten() {
                    count["adults"] = 23.into();
                }
            })?;
        } else {
            record(&mut phone, &places, n, NIGHTS)?;
        }
        let begun = Instant::now();
        phone.exchange(&mut cost).await?;
        waits.push(begun.elapsed());
    }
    let after = client.traffic();
    ensure!(cost.accepted as usize == times, "an edit was none");
    let each = |total: u64| to_f64(usize::try_from(total).unwrap_or(usize::MAX)) / to_f64(times);
    Ok(json!({
        "edits": times,
        "requests_per_edit": f64::from(cost.round_trips) / to_f64(times),
        "up_bytes": cost.up_compressed / times,
        "down_bytes": cost.down / times,
        "up_bytes_with_headers": each(after.0 - before.0),
        "down_bytes_with_headers": each(after.1 - before.1),
        "until_acknowledged": quantiles(&mut waits)?,
    }))
}

/// Quantiles in milliseconds.
fn quantiles(waits: &mut [Duration]) -> Result<Value> {
    waits.sort_unstable();
    let last = waits.len().checked_sub(1).context("nothing was measured")?;
    let at = |percent: usize| waits[last * percent / 100].as_secs_f64() * 1e3;
    Ok(json!({ "p50_ms": at(50), "p95_ms": at(95), "p99_ms": at(99), "max_ms": at(100) }))
}
