//! Honest phones beside attacks, against the real program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::Method;
use lagesbild_tests::client::Client;
use lagesbild_tests::hostile::{Genome, Order, Sort, Style, build};
use lagesbild_tests::phone::{Cost, Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};
use serde_json::{Value, json};
use sync_core::ids::DocumentId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::milliseconds;
use super::search::Found;

/// Honest phones beside the attack.
const HONEST: usize = 4;
/// Between two of a phone's saves.
const PAUSE: Duration = Duration::from_millis(100);
/// Hostile requests at once.
const HOSTILE: usize = 60;
/// Connections that only begin.
const SLOW: usize = 400;
/// Places that are the same as one.
const HUB: usize = 200;

/// Whether an attack goes on, and what came of it.
#[derive(Debug, Default)]
struct Attack {
    over: AtomicBool,
    sent: AtomicU64,
    /// Answered with success.
    taken: AtomicU64,
}

impl Attack {
    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    fn note(&self, taken: bool) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.taken.fetch_add(taken.into(), Ordering::Relaxed);
    }
}

/// Measures each attack on a server of its own, and adds what it found to the report.
pub(crate) async fn measure(report: &mut Value, found: &Found, each: Duration) -> Result<()> {
    let mut worst_p50: f64 = 0.0;
    let mut worst_p99: f64 = 0.0;
    let mut peak: f64 = 0.0;
    let attacks = [
        "nothing",
        "hostile_requests",
        "hostile_writers",
        "unknown_tokens",
        "hub",
        "slow_connections",
    ];
    for name in attacks {
        eprintln!("beside {name}");
        let entry = one(name, found, each).await;
        let entry = entry.with_context(|| name.to_owned())?;
        if name != "nothing" {
            worst_p50 = worst_p50.max(entry["honest_p50_ms"].as_f64().unwrap_or(0.0));
            worst_p99 = worst_p99.max(entry["honest_p99_ms"].as_f64().unwrap_or(0.0));
        }
        peak = peak.max(entry["peak_rss_mb"].as_f64().unwrap_or(0.0));
        for (worst, of) in [
            ("worst_job_ms", "longest_job_ms"),
            ("worst_piece_ms", "longest_piece_ms"),
        ] {
            let most = report[worst].as_f64().unwrap_or(0.0);
            report[worst] = json!(most.max(entry[of].as_f64().unwrap_or(0.0)));
        }
        eprintln!("{entry}");
        report["beside"][name] = entry;
    }
    report["honest_p50_ms"] = json!(worst_p50);
    report["honest_p99_ms"] = json!(worst_p99);
    report["peak_rss_mb"] = json!(peak);
    Ok(())
}

async fn one(name: &str, found: &Found, each: Duration) -> Result<Value> {
    let directory = tempfile::tempdir()?;
    let data = directory.path().join("data");
    let path = data.to_str().context("path")?;
    for id in ["forening-a", "forening-b"] {
        run(&["organisation", "--data", path, id, "Förening (exempel)"])?;
    }
    let watched = unused_address()?;
    let server = Server::start_with(&data, &[("LAGESBILD_METRICS", watched.clone().into())])?;
    let client = Client::new(&server.base);
    let mut honest = Vec::new();
    for _ in 0..HONEST {
        honest.push(Phone::enrol(&client, &server.invite("worker", "forening-a")?).await?);
    }
    let place = honest[0].create(sample::place("Bron", "sodermalm", now()))?;
    honest[0].sync().await?;
    for phone in &mut honest {
        phone.sync().await?;
    }
    let attack = Arc::new(Attack::default());
    let mut hostile = JoinSet::new();
    match name {
        "hostile_requests" => {
            requests(&server, &found.request.0, &attack, &mut hostile).await?;
        }
        "hostile_writers" => {
            requests(&server, &found.writer.0, &attack, &mut hostile).await?;
        }
        "hub" => {
            let hub = hub(&server, &client, place).await?;
            requests(&server, &hub, &attack, &mut hostile).await?;
        }
        "unknown_tokens" => unknown(&server, &attack, &mut hostile),
        "slow_connections" => slow(&server, &attack, &mut hostile),
        _ => {}
    }
    let (cpu_before, _) = server.usage()?;
    let watched = Client::new(&format!("http://{watched}"));
    let begun = Instant::now();
    let mut at_work = JoinSet::new();
    for phone in honest {
        at_work.spawn(record(phone, place, each));
    }
    let mut times = Vec::new();
    let mut failed = 0;
    while let Some(done) = at_work.join_next().await {
        let (these, failures) = done??;
        times.extend(these);
        failed += failures;
    }
    let took = begun.elapsed();
    let (cpu, memory) = server.usage()?;
    attack.over.store(true, Ordering::Relaxed);
    hostile.shutdown().await;
    let figures = Figures::read(&watched).await?;
    times.sort_unstable();
    ensure!(!times.is_empty(), "no honest phone got an answer");
    let at = |percent: usize| milliseconds(times[(times.len() - 1) * percent / 100]);
    Ok(json!({
        "honest_saves": times.len(),
        "honest_failed": failed,
        "honest_p50_ms": at(50),
        "honest_p99_ms": at(99),
        "honest_worst_ms": at(100),
        "longest_job_ms": figures.milliseconds("writer_longest_job_seconds")?,
        "longest_piece_ms": figures.milliseconds("turn_longest_piece_seconds")?,
        "hostile_sent": attack.sent.load(Ordering::Relaxed),
        "hostile_answered_ok": attack.taken.load(Ordering::Relaxed),
        "server_cpu_share": ((cpu - cpu_before) / took.as_secs_f64() * 100.0).round() / 100.0,
        "peak_rss_mb": megabytes(memory),
    }))
}

/// An address of this machine that nothing listens at.
fn unused_address() -> Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .to_string())
}

/// What the server counts of its own work.
struct Figures(String);

impl Figures {
    async fn read(watched: &Client) -> Result<Self> {
        let answer = watched.send(Method::GET, "/metrics", &[], "").await?;
        answer.succeeded()?;
        Ok(Self(String::from_utf8(answer.body.to_vec())?))
    }

    fn milliseconds(&self, name: &str) -> Result<f64> {
        let name = format!("lagesbild_{name} ");
        let mut lines = self.0.lines();
        let line = lines.find_map(|line| line.strip_prefix(name.as_str()));
        let seconds: f64 = line.with_context(|| format!("no {name}"))?.parse()?;
        Ok(milliseconds(Duration::from_secs_f64(seconds)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "for reading")]
fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round() / 10.0
}

/// A phone that saves a count and sends it, again and again: how long each took until it
/// was acknowledged, and how often there was no answer.
async fn record(
    mut phone: Phone,
    place: DocumentId,
    each: Duration,
) -> Result<(Vec<Duration>, u64)> {
    let begun = Instant::now();
    let (mut times, mut failed) = (Vec::new(), 0);
    while begun.elapsed() < each {
        let count = sample::count(phone.device, now(), 3);
        phone.create(sample::visit(place, Phone::record_id()?, count))?;
        let asked = Instant::now();
        match phone.exchange(&mut Cost::default()).await {
            Ok(_) => times.push(asked.elapsed()),
            Err(error) => {
                if failed == 0 {
                    eprintln!("an honest phone: {error:#}");
                }
                failed += 1;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok((times, failed))
}

/// As many phones as may be at once, each with a genome's request, over and over: what it
/// sends beforehand first, outside of what is measured.
async fn requests(
    server: &Server,
    genome: &Genome,
    attack: &Arc<Attack>,
    hostile: &mut JoinSet<()>,
) -> Result<()> {
    let mut ready = Vec::with_capacity(HOSTILE);
    for _ in 0..HOSTILE {
        let client = Client::new(&server.base);
        let code = server.invite("worker", "forening-b")?;
        let phone = Phone::enrol(&client, &code).await?;
        let built = build(genome, phone.device, now())?;
        for request in built.before {
            let body = phone.seal(minicbor::to_vec(&request)?)?;
            // What is refused of it is refused.
            let _ = phone.post(body).await;
        }
        let body = phone.seal(minicbor::to_vec(&built.attack)?)?;
        ready.push((phone, body));
    }
    // Building them takes the processors too.
    for (phone, body) in ready {
        let attack = Arc::clone(attack);
        hostile.spawn(async move {
            while attack.goes_on() {
                let answer = phone.post(body.clone()).await;
                attack.note(answer.is_ok_and(|answer| answer.status.is_success()));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    Ok(())
}

/// Tokens that nobody has.
fn unknown(server: &Server, attack: &Arc<Attack>, hostile: &mut JoinSet<()>) {
    for _ in 0..HOSTILE {
        let client = Client::new(&server.base);
        let attack = Arc::clone(attack);
        hostile.spawn(async move {
            while attack.goes_on() {
                let Ok(bytes) = lagesbild_tests::phone::random::<32>() else {
                    return;
                };
                let bearer = format!("Bearer {}", URL_SAFE_NO_PAD.encode(bytes));
                let headers = [
                    ("authorization", bearer.as_str()),
                    ("content-type", "application/cbor"),
                ];
                let answer = client
                    .send(Method::POST, "/api/v1/sync", &headers, vec![0; 20_000])
                    .await;
                attack.note(answer.is_ok_and(|answer| answer.status.is_success()));
            }
        });
    }
}

/// Connections that send a letter a second.
fn slow(server: &Server, attack: &Arc<Attack>, hostile: &mut JoinSet<()>) {
    for _ in 0..SLOW {
        let address = server.base.trim_start_matches("http://").to_owned();
        let attack = Arc::clone(attack);
        hostile.spawn(async move {
            while attack.goes_on() {
                let Ok(mut stream) = TcpStream::connect(&address).await else {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                };
                attack.note(true);
                let _ = stream
                    .write_all(b"POST /api/v1/sync HTTP/1.1\r\nx-a: ")
                    .await;
                let mut answer = [0; 64];
                while attack.goes_on() && stream.write_all(b"a").await.is_ok() {
                    let second = Duration::from_secs(1);
                    let read = tokio::time::timeout(second, stream.read(&mut answer)).await;
                    if matches!(read, Ok(Ok(0) | Err(_))) {
                        break;
                    }
                }
            }
        });
    }
}

/// Many places that are the same as the one where the honest phones are, as far as the
/// server lets them be; and visits of the same night there.
async fn hub(server: &Server, client: &Client, place: DocumentId) -> Result<Genome> {
    let coordinator = server.invite("coordinator", "forening-b")?;
    let mut phone = Phone::enrol(client, &coordinator).await?;
    let bearer = format!("Bearer {}", phone.token());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    for n in 0..HUB {
        let name = format!("Plats {n}");
        let alias = phone.create(sample::place(&name, "sodermalm", now()))?;
        let count = sample::count(phone.device, now(), 3);
        phone.create(sample::visit(alias, Phone::record_id()?, count))?;
        phone.sync().await?;
        let merge = json!({ "same_as": place });
        let answer = client
            .send(
                Method::PATCH,
                &format!("/api/v1/places/{alias}"),
                &headers,
                serde_json::to_vec(&merge)?,
            )
            .await?;
        if n == 0 && !answer.status.is_success() {
            eprintln!("the hub: {}", answer.status);
        }
    }
    Ok(Genome {
        sort: Sort::Counts,
        there: 0,
        records: 1,
        text: 0,
        hidden: 0,
        changes: 0,
        night: 20,
        fresh: 100,
        edited: 0,
        each: 0,
        operations: 0,
        write: 0,
        style: Style::Chain,
        order: Order::Made,
        offers: 1,
        reads_all: false,
    })
}
