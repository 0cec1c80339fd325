//! Searches every file that any command made for what is erased: texts that are easy to find are
//! recorded and erased, and every file is searched after each command.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use hyper::Method;
use lagesbild_server::outreach::store::encrypted;
use lagesbild_server::shared::database::private::make_directory;
use lagesbild_server::shared::database::tombstones::GONE_FILE;
use lagesbild_tests::client::Client;
use lagesbild_tests::disk::{Disk, Forgets};
use lagesbild_tests::phone::{Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run, run_with};
use rusqlite::Connection;
use sync_core::ids::DocumentId;
use sync_core::time;

const DAY: i64 = 86_400_000;
const DAYS: Duration = Duration::from_hours(24);
const MAP: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../server/content/demo-map.geojson"
);
/// Documents with one text each.
const OF_A_SORT: usize = 8;

/// A place for all that the commands make, and who recorded what.
struct City {
    place: tempfile::TempDir,
    phone: Phone,
    administrator: Phone,
    erased: Vec<&'static str>,
}

/// A text that begins so, and the documents that hold one each.
type Recorded = (&'static str, Vec<DocumentId>);

impl City {
    async fn new() -> Result<(Self, Server)> {
        let place = tempfile::tempdir()?;
        let data = place.path().join("data");
        let path = data.to_str().context("path")?;
        run(&["organisation", "--data", path, "eu-teamet", "EU-teamet"])?;
        let server = Server::start(&data)?;
        let client = Client::new(&server.base);
        let enrol = async |role: &str| {
            let code = server.invite(role, "eu-teamet")?;
            Phone::enrol(&client, &code).await
        };
        let (phone, administrator) = (enrol("worker").await?, enrol("administrator").await?);
        let city = Self {
            place,
            phone,
            administrator,
            erased: Vec::new(),
        };
        Ok((city, server))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn text(&self, name: &str) -> Result<String> {
        Ok(self.at(name).to_str().context("path")?.to_owned())
    }

    /// Runs a command on the data directory, and looks at every file.
    fn command(&self, words: &[&str]) -> Result<()> {
        let data = self.text("data")?;
        let words = [words, &["--data", &data]].concat();
        run(&words)?;
        self.looks().with_context(|| words.join(" "))
    }

    /// The phone records texts: in visits, in places, in alerts, and in what waits in
    /// quarantine.
    async fn records(&mut self, text: &'static str) -> Result<Recorded> {
        let mut documents = Vec::new();
        for n in 0..OF_A_SORT {
            let said = serde_json::json!(format!("{text} {n} (exempel)"));
            let place = sample::place("Bron", "sodermalm", now());
            let place = self.phone.create(place)?;
            self.phone
                .edit(place, |place| place["note"] = said.clone())?;
            let alert = self.phone.create(sample::alert(now()))?;
            self.phone
                .edit(alert, |alert| alert["note"] = said.clone())?;
            let days_ago = [0, 60 * DAY][n % 2];
            let at = time::Instant(now().0 - days_ago);
            let count = sample::count(self.phone.device, at, 3);
            let visit = sample::visit(place, Phone::record_id()?, count);
            let visit = self.phone.create(visit)?;
            self.phone
                .edit(visit, |visit| visit["note"] = said.clone())?;
            documents.extend([place, alert, visit]);
        }
        self.phone.sync().await?;
        ensure!(
            !self.holding(text)?.is_empty(),
            "{text:?} is written nowhere"
        );
        Ok((text, documents))
    }

    /// Somebody erases them, at the desk or by a command.
    async fn erases(&mut self, client: &Client, (text, documents): Recorded) -> Result<()> {
        self.administrator.connect(client);
        for (n, document) in documents.into_iter().enumerate() {
            if n % 2 == 0 {
                run(&[
                    "erase",
                    "--data",
                    &self.text("data")?,
                    &document.to_string(),
                ])?;
                continue;
            }
            let path = format!("/documents/{document}/erase");
            let answer = self.administrator.ask(Method::POST, &path, "").await?;
            answer.succeeded()?;
        }
        self.erased.push(text);
        self.looks().context("erased")
    }

    /// Files that hold a text.
    fn holding(&self, text: &str) -> Result<Vec<PathBuf>> {
        let mut grep = Command::new("grep");
        grep.args(["-rlaF", "--", text]).arg(self.place.path());
        let output = grep.output()?;
        // One: nothing was found.
        ensure!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        let found = String::from_utf8(output.stdout)?;
        Ok(found.lines().map(PathBuf::from).collect())
    }

    /// No file holds what was erased, and each is its owner's alone.
    fn looks(&self) -> Result<()> {
        for text in &self.erased {
            let found = self.holding(text)?;
            ensure!(found.is_empty(), "{text:?} is in {found:?}");
        }
        for path in files(self.place.path())? {
            // The configuration is the test's own.
            if path.extension().is_some_and(|end| end == "toml") {
                continue;
            }
            is_owners_alone(&path, 0o600)?;
            let directory = path.parent().context("a directory")?;
            // So is the place for all of it.
            if directory != self.place.path() {
                is_owners_alone(directory, 0o700)?;
            }
        }
        Ok(())
    }
}

fn is_owners_alone(path: &Path, expected: u32) -> Result<()> {
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    ensure!(mode == expected, "{} has mode {mode:o}", path.display());
    Ok(())
}

fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_any_command_holds_what_was_erased() -> Result<()> {
    let (mut city, server) = City::new().await?;
    let client = Client::new(&server.base);
    let before = city.records("KANARIEFOGEL-FORE").await?;
    let between = city.records("KANARIEFOGEL-MELLAN").await?;
    let after = city.records("KANARIEFOGEL-EFTER").await?;
    let kept = city.records("KANARIEFOGEL-KVAR").await?;
    city.erases(&client, before).await?;

    // Backups beside a server at work, encrypted and plain.
    let (sealed, plain) = (city.text("sealed")?, city.text("plain")?);
    let key = city.text("backup.key")?;
    city.command(&["backup-key", "--out", &key])?;
    city.command(&["backup", &sealed])?;
    city.command(&["backup", "--plain", &plain])?;
    encrypted::decrypt(
        &city.at("sealed"),
        &city.at("opened"),
        &city.at("backup.key"),
    )?;
    city.looks().context("the backup, opened")?;
    for copy in ["plain", "opened"] {
        let found = city.holding(kept.0)?;
        ensure!(found.contains(&city.at(copy)), "{copy} holds nothing");
        std::fs::remove_file(city.at(copy))?;
    }
    city.erases(&client, between).await?;
    other_commands(&city)?;
    server.stop()?;
    city.looks().context("stopped")?;
    other_commands(&city)?;

    // Put back over the database that was there, which is kept beside it for a while.
    let restore = ["restore", sealed.as_str(), "--identity", key.as_str()];
    city.command(&restore)?;
    let server = Server::start(&city.at("data"))?;
    city.looks().context("restored")?;
    let replaced = city.at("data").join("lagesbild.db.replaced");
    let client = Client::new(&server.base);
    let in_the_replaced = city.erases(&client, after).await.err();
    let said = in_the_replaced.context("the replaced database is still there")?;
    ensure!(format!("{said:#}").contains("db.replaced"), "{said:#}");
    server.stop()?;
    let week_ago = SystemTime::now() - 7 * DAYS;
    let file = std::fs::File::options().write(true).open(&replaced)?;
    file.set_modified(week_ago)?;
    let server = Server::start(&city.at("data"))?;
    comes_true("the replaced goes", || Ok(!replaced.exists())).await?;
    city.looks().context("after the term of the replaced")?;
    server.kill()?;
    city.looks().context("killed")?;

    // And in a directory that never held any of it, but for what is gone.
    let fresh = city.at("fresh");
    make_directory(&fresh)?;
    std::fs::copy(city.at("data").join(GONE_FILE), fresh.join(GONE_FILE))?;
    let path = city.text("fresh")?;
    run(&[&restore[..], &["--data", &path]].concat())?;
    city.looks().context("restored elsewhere")?;
    let found = city.holding(kept.0)?;
    ensure!(found.contains(&fresh.join("lagesbild.db")), "{found:?}");
    let demo = ["demo", "--places", "20", "--weeks", "1"];
    run(&[&demo[..], &["--data", &city.text("demo")?]].concat())?;
    city.looks().context("a made-up city")
}

/// Commands that read or change something else.
fn other_commands(city: &City) -> Result<()> {
    let device = city.phone.device.to_string();
    let since = ["--since", "2026-01-01T00:00:00Z"];
    for words in [
        &["rebuild"][..],
        &["retention", "show"],
        &["audit", "verify"],
        &["audit", "show"],
        &["organisation", "forening-a", "Förening A"],
        &["invite", "--role", "worker", "--organisation", "eu-teamet"],
        &["map", MAP],
        &[&["undo", "--dry-run", "--device", &device], &since[..]].concat(),
        &["undo", "--list"],
    ] {
        city.command(words)?;
    }
    Ok(())
}

/// Waits until something is so.
async fn comes_true(what: &str, so: impl Fn() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !so()? {
        ensure!(begun.elapsed() < Duration::from_secs(20), "not yet: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Lets retention go on so many days later, and the server work until a query
/// of its database says yes.
async fn later(city: &City, days: i64, done: &str) -> Result<()> {
    let data = city.at("data");
    let disk = Disk::under(&data, Forgets::Nothing)?;
    disk.ask("clock", days * DAY / 1_000)?;
    let environment: Vec<(&str, OsString)> = disk.environment();
    let go_on = ["retention", "go-on", "--data", &city.text("data")?];
    let said = run_with(&go_on, &environment)?;
    ensure!(said.contains("Noted"), "{said}");
    let server = Server::start_with(&data, &environment)?;
    comes_true(done, || {
        let database = Connection::open(data.join("lagesbild.db"))?;
        Ok(database.query_row(done, [], |r| r.get(0))?)
    })
    .await?;
    server.stop()?;
    city.looks().with_context(|| format!("{days} days later"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_retention_destroyed_or_an_undo_struck_and_somebody_erased_is_in_no_file() -> Result<()>
{
    let (mut city, server) = City::new().await?;
    let client = Client::new(&server.base);
    let (text, documents) = city.records("KANARIEFOGEL-STRUKEN").await?;
    let device = city.phone.device.to_string();
    let undo = ["undo", "--device", &device, "--quarantine", "--since"];
    city.command(&[&undo[..], &["2026-01-01T00:00:00Z"]].concat())?;
    city.erases(&client, (text, documents)).await?;

    let (text, documents) = city.records("KANARIEFOGEL-FORFALLEN").await?;
    server.stop()?;
    // What is hidden is destroyed a week later; what is in quarantine goes with its kind.
    let hidden = format!(
        "SELECT count(*) = {} FROM hidden",
        OF_A_SORT + OF_A_SORT / 2
    );
    later(&city, 200, &hidden).await?;
    let destroyed = "SELECT (SELECT count(*) FROM documents WHERE kind <> 'place')
                            + (SELECT count(*) FROM quarantine) = 0";
    later(&city, 208, destroyed).await?;
    // Places have no days: they are erased.
    let left = city.holding(text)?;
    for place in documents.iter().step_by(3) {
        city.command(&["erase", &place.to_string()])?;
    }
    ensure!(!left.is_empty(), "places were destroyed by retention");
    city.erased.push(text);
    city.looks().context("destroyed by retention")
}
