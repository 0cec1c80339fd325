//! The attacks that once worked, each on the real program, by their numbers; those that the
//! core alone withstands are in `hostile/faults.rs`.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hyper::Method;
use lagesbild_server::shared::database::tombstones::GONE_FILE;
use lagesbild_tests::client::Client;
use lagesbild_tests::disk::{Disk, Forgets};
use lagesbild_tests::phone::{OWN_PAGE, Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};
use serde_json::json;
use sync_core::ids::DocumentId;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// As `server.toml`, but for what a day holds.
const A_SMALL_DAY: &str = "
    [rates.enrol]
    burst = 1000
    per_minute = 100000
    [limits]
    documents = 30
    organisation_documents = 50
";

/// Two organisations' directory, and a server on it.
struct City {
    place: tempfile::TempDir,
    server: Server,
    client: Client,
}

impl City {
    fn new() -> Result<Self> {
        Self::started(Server::start)
    }

    fn started(start: impl FnOnce(&Path) -> Result<Server>) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let data = place.path().join("data");
        let path = data.to_str().context("path")?;
        run(&["organisation", "--data", path, "eu-teamet", "EU-teamet"])?;
        run(&["organisation", "--data", path, "forening-a", "Förening A"])?;
        let server = start(&data)?;
        let client = Client::new(&server.base);
        Ok(Self {
            place,
            server,
            client,
        })
    }

    fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    fn text(&self, name: &str) -> Result<String> {
        let path = self.place.path().join(name);
        Ok(path.to_str().context("path")?.to_owned())
    }

    async fn enrol(&self, role: &str, organisation: &str) -> Result<Phone> {
        let code = self.server.invite(role, organisation)?;
        Phone::enrol(&self.client, &code).await
    }

    async fn connection(&self) -> Result<TcpStream> {
        let address = self.server.base.strip_prefix("http://").context("http")?;
        Ok(TcpStream::connect(address).await?)
    }

    /// Sends bytes and returns what is answered until the server closes.
    async fn says(&self, bytes: &str) -> Result<String> {
        let mut stream = self.connection().await?;
        stream.write_all(bytes.as_bytes()).await?;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        // A server that closes with something unread resets.
        let _ = tokio::time::timeout(Duration::from_secs(20), read).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

fn visit(by: &mut Phone) -> Result<DocumentId> {
    let place = DocumentId::from_bytes(lagesbild_tests::phone::random()?);
    let count = sample::count(by.device, now(), 3);
    by.create(sample::visit(place, Phone::record_id()?, count))
}

/// Sends so many visits; how many were taken, and why the rest waits.
async fn sends(by: &mut Phone, visits: usize) -> Result<(usize, Option<String>)> {
    for _ in 0..visits {
        visit(by)?;
    }
    let body = by.body()?;
    let answer = by.post(body).await?;
    answer.succeeded()?;
    let received = by.receive(&answer.body)?;
    let why = received.later.first().map(|(_, why)| why.code.clone());
    Ok((received.accepted as usize, why))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f8_a_phone_that_sends_without_end_is_put_off_seen_and_shut_out() -> Result<()> {
    let city = City::started(|data| Server::start_configured(data, &[], A_SMALL_DAY))?;
    let coordinator = city.enrol("coordinator", "eu-teamet").await?;
    let mut stolen = city.enrol("worker", "eu-teamet").await?;
    let mut colleague = city.enrol("worker", "eu-teamet").await?;
    let mut stranger = city.enrol("worker", "forening-a").await?;
    let quota = Some("quota".to_owned());
    ensure!(sends(&mut stolen, 40).await? == (30, quota.clone()));
    // What waits was counted once, and its colleague has a day of her own.
    ensure!(sends(&mut stolen, 5).await? == (0, quota.clone()));
    ensure!(sends(&mut colleague, 10).await? == (10, None));
    ensure!(
        sends(&mut colleague, 20).await? == (10, quota),
        "the organisation's"
    );
    ensure!(
        sends(&mut stranger, 20).await? == (20, None),
        "not the stranger's"
    );

    let list = coordinator.ask(Method::GET, "/devices", "").await?.json()?;
    let devices = list["devices"].as_array().context("devices")?;
    let seen = devices
        .iter()
        .find(|d| d["id"] == stolen.device.to_string());
    ensure!(seen.context("it")?["today"]["documents"] == 30, "{list}");
    ensure!(list["most"]["documents"] == 30, "{list}");
    let together = json!([{"id": "eu-teamet", "documents": 50}]);
    ensure!(list["organisations"] == together, "{list}");

    let path = format!("/devices/{}/revoke", stolen.device);
    coordinator
        .ask(Method::POST, &path, "")
        .await?
        .succeeded()?;
    let shut_out = sends(&mut stolen, 1).await.expect_err("it is revoked");
    ensure!(shut_out.to_string().contains("403"), "{shut_out}");
    Ok(())
}

/// Checks whether `nobody` can read a file.
fn nobody_reads(path: &Path) -> Result<bool> {
    let mut command = Command::new("cat");
    // Without the groups of whoever runs this.
    command.arg(path).uid(65_534).gid(65_534);
    Ok(command.output()?.status.success())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f10_nobody_else_on_the_machine_reads_what_lies_on_disk() -> Result<()> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
        println!("not run: only root can be nobody for a moment");
        return Ok(());
    }
    let city = City::new()?;
    let mut worker = city.enrol("worker", "eu-teamet").await?;
    let regretted = visit(&mut worker)?;
    visit(&mut worker)?;
    worker.sync().await?;
    let data = city.text("data")?;
    run(&["erase", "--data", &data, &regretted.to_string()])?;
    run(&["backup-key", "--data", &data, "--out", &city.text("key")?])?;
    run(&["backup", "--data", &data, &city.text("sealed")?])?;
    run(&["backup", "--data", &data, "--plain", &city.text("plain")?])?;
    let open = |path: &Path| std::fs::set_permissions(path, PermissionsExt::from_mode(0o755));
    open(city.place.path())?;
    std::fs::write(city.place.path().join("open"), "for all")?;
    ensure!(
        nobody_reads(&city.place.path().join("open"))?,
        "the attack itself"
    );
    let mut tried = 0;
    // Shut, and then by somebody who opened the directory while the server was at work.
    for opened in [false, true] {
        if opened {
            open(&city.data())?;
        }
        let beside = ["key", "sealed", "plain"].map(|name| city.place.path().join(name));
        let inside = std::fs::read_dir(city.data())?.map(|entry| Ok(entry?.path()));
        for path in inside.chain(beside.map(Ok::<_, std::io::Error>)) {
            let path = path?;
            ensure!(!nobody_reads(&path)?, "{} is read", path.display());
            tried += 1;
        }
    }
    ensure!(tried > 16, "{tried} files");
    let refused = run(&["rebuild", "--data", &data]).expect_err("it is open to others");
    ensure!(refused.to_string().contains("chmod"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f11_who_says_nothing_is_let_go_and_news_end_for_the_revoked() -> Result<()> {
    let city = City::new()?;
    let stolen = city.enrol("worker", "eu-teamet").await?;
    let administrator = city.enrol("administrator", "eu-teamet").await?;
    let mut silent = Vec::new();
    for n in 0..300 {
        let mut stream = city.connection().await?;
        // Some begin a head and never end it.
        if n % 2 == 0 {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost:").await?;
        }
        silent.push(stream);
    }
    let begun = Instant::now();
    let honest = administrator.ask(Method::GET, "/me", "").await?;
    honest.succeeded()?;
    ensure!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );

    let mut listening = city.connection().await?;
    let request = format!(
        "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
        stolen.token()
    );
    listening.write_all(request.as_bytes()).await?;
    let mut first = [0; 4_096];
    let read = listening.read(&mut first).await?;
    let head = String::from_utf8_lossy(&first[..read]);
    ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
    let path = format!("/devices/{}/revoke", stolen.device);
    administrator
        .ask(Method::POST, &path, "")
        .await?
        .succeeded()?;
    let mut rest = Vec::new();
    let ends = listening.read_to_end(&mut rest);
    tokio::time::timeout(Duration::from_secs(5), ends)
        .await
        .context("the revoked goes on listening")??;

    // Ten seconds for a head; a busy machine gets some more.
    for mut stream in silent {
        let mut rest = Vec::new();
        let ends = stream.read_to_end(&mut rest);
        let _ = tokio::time::timeout(Duration::from_secs(25), ends)
            .await
            .context("a silent connection is still there")?;
    }
    ensure!(
        begun.elapsed() < Duration::from_secs(40),
        "{:?}",
        begun.elapsed()
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f12_a_stolen_coordinators_session_does_alone_nothing_that_concerns_all() -> Result<()> {
    let city = City::new()?;
    let stolen = city.enrol("coordinator", "eu-teamet").await?;
    let mut worker = city.enrol("worker", "forening-a").await?;
    let theirs = visit(&mut worker)?;
    worker.sync().await?;
    let first = "{\"fingerprint\":\"aaaaaaaaaaaaaaaa\"}";
    let other = city.enrol("coordinator", "forening-a").await?;
    other
        .ask(Method::PUT, "/team-key", first)
        .await?
        .succeeded()?;
    let cookie = stolen.sign_in().await?;
    let headers = [
        &OWN_PAGE[..],
        &[("cookie", &cookie), ("content-type", "application/json")],
    ]
    .concat();
    let tries = async |method: Method, path: &str, body: &str| {
        let path = format!("/api/v1{path}");
        city.client
            .send(method, &path, &headers, body.to_owned())
            .await
    };
    for role in ["administrator", "duty", "coordinator", "reader"] {
        let colleague = city.enrol(role, "eu-teamet").await?;
        let path = format!("/devices/{}/revoke", colleague.device);
        let refused = tries(Method::POST, &path, "").await?;
        refused.is_problem(403, "not_allowed").context(role)?;
        colleague.ask(Method::GET, "/me", "").await?.succeeded()?;
        let body = json!({"role": role, "organisation": "eu-teamet"}).to_string();
        let refused = tries(Method::POST, "/invitations", &body).await?;
        refused
            .is_problem(403, "invitation_not_allowed")
            .context(role)?;
    }
    let refused = tries(Method::POST, "/retention/go-on", "{}").await?;
    refused.is_problem(403, "role_not_allowed")?;
    let key = "{\"fingerprint\":\"bbbbbbbbbbbbbbbb\",\"replace\":true}";
    let erase = format!("/documents/{theirs}/erase");
    for (method, path, body) in [(Method::PUT, "/team-key", key), (Method::POST, &erase, "")] {
        let waits = tries(method, path, body).await?;
        ensure!(waits.status == 202, "{path}: {}", waits.status);
    }
    let acts = tries(Method::GET, "/acts", "").await?.json()?;
    let acts = acts["acts"].as_array().context("acts")?.clone();
    ensure!(acts.len() == 2, "{acts:?}");
    let colleague = city.enrol("coordinator", "eu-teamet").await?;
    for act in acts {
        let confirm = format!("/acts/{}/confirm", act["id"]);
        let alone = tries(Method::POST, &confirm, "").await?;
        alone.is_problem(403, "not_allowed")?;
        let same = colleague.ask(Method::POST, &confirm, "").await?;
        same.is_problem(403, "not_allowed")?;
    }
    let me = stolen.ask(Method::GET, "/me", "").await?.json()?;
    ensure!(me["team_key"] == "aaaaaaaaaaaaaaaa", "{}", me["team_key"]);
    worker.sync().await?;
    ensure!(worker.row(theirs).is_some(), "it was erased");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f13_an_audit_that_was_changed_or_cut_short_is_found_by_the_command() -> Result<()> {
    let city = City::new()?;
    let mut worker = city.enrol("worker", "eu-teamet").await?;
    visit(&mut worker)?;
    worker.sync().await?;
    let device = worker.device.to_string();
    let data = city.text("data")?;
    let verify = ["audit", "verify", "--data", &data];
    ensure!(run(&verify)?.contains("is whole"));
    let shown = run(&["audit", "show", "--data", &data, "--device", &device])?;
    ensure!(
        shown.contains("sync.append") && shown.contains("documents=1"),
        "{shown}"
    );
    // A server that ends has noted the chain's end beside it.
    let City { place, server, .. } = city;
    server.stop()?;
    let file = place.path().join("data/lagesbild.db");
    let whole = std::fs::read(&file)?;
    for (how, attack, found) in [
        (
            "changed",
            "UPDATE audit SET detail = 'nothing' WHERE seq = 3",
            "broken at row",
        ),
        (
            "taken out",
            "DELETE FROM audit WHERE seq = 3",
            "broken at row",
        ),
        ("cut", "DELETE FROM audit WHERE seq > 3", "end is missing"),
    ] {
        let connection = rusqlite::Connection::open(&file)?;
        connection.execute_batch(&format!(
            "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_deleted; {attack}"
        ))?;
        drop(connection);
        let said = Command::new(lagesbild_tests::server::binary()?)
            .args(verify)
            .output()?;
        let text = String::from_utf8_lossy(&said.stdout);
        ensure!(said.status.code() == Some(1), "{how}: {}", said.status);
        ensure!(text.contains(found), "{how}: {text}");
        std::fs::write(&file, &whole)?;
    }
    ensure!(run(&verify)?.contains("is whole"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_a_server_that_can_store_nothing_is_not_ready() -> Result<()> {
    let city = City::new()?;
    let City { place, server, .. } = city;
    server.stop()?;
    let data = place.path().join("data");
    let disk = Disk::under(&data, Forgets::Nothing)?;
    let server = Server::start_with(&data, &disk.environment())?;
    let client = Client::new(&server.base);
    let ready = async || client.send(Method::GET, "/readyz", &[], "").await;
    ready().await?.succeeded()?;
    for (what, status, code) in [
        ("full", 507, "storage_full"),
        ("readonly", 503, "read_only"),
    ] {
        disk.ask(what, 1)?;
        // What was found last holds for five seconds.
        tokio::time::sleep(Duration::from_millis(5_200)).await;
        ready().await?.is_problem(status, code)?;
        client
            .send(Method::GET, "/healthz", &[], "")
            .await?
            .succeeded()?;
        disk.stop_asking(what)?;
        ready().await?.succeeded().context("it mends by itself")?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_broken_bytes_in_gone_log_stop_no_restore_and_hide_nothing_that_is_gone() -> Result<()>
{
    let city = City::new()?;
    let mut worker = city.enrol("worker", "eu-teamet").await?;
    let (first, second, kept) = (
        visit(&mut worker)?,
        visit(&mut worker)?,
        visit(&mut worker)?,
    );
    worker.sync().await?;
    let (data, backup) = (city.text("data")?, city.text("backup")?);
    run(&["backup", "--data", &data, "--plain", &backup])?;
    run(&["erase", "--data", &data, &first.to_string()])?;
    let log = city.data().join(GONE_FILE);
    let mut bytes = std::fs::read(&log)?;
    bytes.extend_from_slice(b"\xff\xfe\0 broken\nnothing known\ndocument 04");
    std::fs::write(&log, bytes)?;
    run(&["erase", "--data", &data, &second.to_string()])?;
    let City { place, server, .. } = city;
    server.stop()?;
    let said = run(&["restore", "--data", &data, &backup])?;
    ensure!(said.contains("Erased again: 2."), "{said}");
    ensure!(said.contains("3 lines of gone.log"), "{said}");
    let stored = lagesbild_tests::evidence::stored(&place.path().join("data"))?;
    let documents: Vec<DocumentId> = stored.into_iter().map(|(of, _)| of).collect();
    ensure!(documents == [kept], "{documents:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_an_answer_to_what_is_no_http_has_the_headers_of_every_other() -> Result<()> {
    let city = City::new()?;
    let good = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let headers_of = |answer: &str| {
        let lines = answer.split("\r\n\r\n").next().unwrap_or_default().lines();
        let named = lines.filter_map(|line| Some(line.split_once(": ")?.0.to_lowercase()));
        named.collect::<Vec<_>>()
    };
    let all = headers_of(&city.says(good).await?);
    let guards = [
        "x-content-type-options",
        "content-security-policy",
        "referrer-policy",
    ];
    ensure!(
        guards.iter().all(|name| all.iter().any(|n| n == name)),
        "{all:?}"
    );
    for (bad, status) in [
        ("GET / HTTP/1.1\r\nbroken header\r\n\r\n".to_owned(), "400"),
        (
            format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(40_000)),
            "431",
        ),
    ] {
        let answer = city.says(&bad).await?;
        ensure!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        let found = headers_of(&answer);
        ensure!(
            guards.iter().all(|name| found.iter().any(|n| n == name)),
            "{answer}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_no_key_is_enrolled_without_its_private_half_and_no_foreign_page_signs_in() -> Result<()>
{
    let city = City::new()?;
    let code = city.server.invite("coordinator", "eu-teamet")?;
    let forged = json!({"code": code, "public_key": "BAAA", "proof": "AAAA"});
    let bare = json!({"code": code, "public_key": "BAAA"});
    for body in [forged, bare] {
        let headers = [("content-type", "application/json")];
        let body = body.to_string();
        let path = "/api/v1/enrol";
        let refused = city.client.send(Method::POST, path, &headers, body).await?;
        refused.is_problem(400, "malformed")?;
    }
    // The invitation was not used up by it.
    let coordinator = Phone::enrol(&city.client, &code).await?;

    let bearer = format!("Bearer {}", coordinator.token());
    let mark = [("x-lagesbild", "1"), ("authorization", bearer.as_str())];
    for foreign in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[],
        &[("sec-fetch-site", "cross-site")],
    ] {
        let headers = [&mark[..], foreign].concat();
        let path = "/api/v1/sessions";
        let refused = city.client.send(Method::POST, path, &headers, "").await?;
        refused.is_problem(403, "foreign_page")?;
    }

    // Hundreds of sessions of one device: the newest ten.
    let mut cookies = Vec::new();
    for _ in 0..60 {
        cookies.push(coordinator.sign_in().await?);
    }
    let mut good = 0;
    for cookie in &cookies {
        let headers = [("cookie", cookie.as_str())];
        let me = city
            .client
            .send(Method::GET, "/api/v1/me", &headers, "")
            .await?;
        good += u32::from(me.status == 200);
    }
    ensure!(good == 10, "{good} sessions are good");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_a_server_whose_clock_is_behind_blames_itself_and_not_every_phone() -> Result<()> {
    let city = City::new()?;
    let City { place, server, .. } = city;
    server.stop()?;
    let data = place.path().join("data");
    let disk = Disk::under(&data, Forgets::Nothing)?;
    let server = Server::start_with(&data, &disk.environment())?;
    let client = Client::new(&server.base);
    let mut phones = Vec::new();
    for organisation in ["eu-teamet", "eu-teamet", "forening-a", "forening-a"] {
        let code = server.invite("worker", organisation)?;
        phones.push(Phone::enrol(&client, &code).await?);
    }
    disk.ask("clock", -3 * 86_400)?;
    for phone in &mut phones {
        visit(phone)?;
        phone.sync().await?;
    }
    let ready = client.send(Method::GET, "/readyz", &[], "").await?.json()?;
    ensure!(ready["clock_doubted"] == true, "{ready}");
    // Those that asked before the others had a voice ask again.
    for phone in &mut phones {
        phone.restart()?;
        phone.sync().await?;
        ensure!(phone.unsent() == 0, "refused for the server's fault");
    }
    Ok(())
}
