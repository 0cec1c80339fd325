//! Every act that shuts somebody out, takes something away or answers an acute need, on a
//! disk that is really full: each is done, and holds after the server was killed.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use hyper::{Method, StatusCode};
use lagesbild_tests::client::Client;
use lagesbild_tests::evidence;
use lagesbild_tests::phone::{OWN_PAGE, Phone, now, random};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};
use lagesbild_tests::small_disk::SmallDisk;
use sync_core::ids::DocumentId;
use sync_core::model::{Content, Tip};
use sync_core::time;

/// Enough for the server to set space aside.
const MEGABYTES: u32 = 128;
/// Bytes that phones find free: they are soon gone.
const FREE: u64 = 16_000_000;
const DAY: i64 = 86_400_000;
/// The file whose space the server gives up on a full disk.
const RESERVE: &str = "reserve";

/// From where an act is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// At the desk, by its route.
    Desk,
    /// On the command line, beside the server.
    Typed,
    /// On the command line, while no server runs.
    Alone,
}

const WAYS: [Way; 3] = [Way::Desk, Way::Typed, Way::Alone];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Revoke(Way),
    Erase(Way),
    Undo(Way),
    SignOut,
    Release,
    Discard,
    Acknowledge,
    ReplaceTeamKey,
}

impl Act {
    fn all() -> impl Iterator<Item = Self> {
        let ways = WAYS.into_iter();
        ways.flat_map(|way| [Self::Revoke(way), Self::Erase(way), Self::Undo(way)])
            .chain([
                Self::SignOut,
                Self::Release,
                Self::Discard,
                Self::Acknowledge,
                Self::ReplaceTeamKey,
            ])
    }

    const fn alone(self) -> bool {
        matches!(
            self,
            Self::Revoke(Way::Alone) | Self::Erase(Way::Alone) | Self::Undo(Way::Alone)
        )
    }
}

/// On whom and what the same act is done in one of the ways.
struct Subjects {
    lost: Phone,
    regretted: DocumentId,
    liar: Phone,
}

/// A running server on a small disk, and who works with it.
struct City {
    disk: SmallDisk,
    server: Option<Server>,
    client: Client,
    administrator: Phone,
    coordinator: Phone,
    duty: Phone,
    worker: Phone,
    subjects: Vec<Subjects>,
    session: String,
    alert: DocumentId,
    /// Visits of long ago: a coordinator lets the one in and discards the other.
    late: [DocumentId; 2],
}

impl City {
    async fn new(disk: SmallDisk) -> Result<Self> {
        let data = disk.path();
        let path = data.to_str().context("path")?;
        run(&["organisation", "--data", path, "eu-teamet", "EU-teamet"])?;
        let server = Server::start(&data)?;
        let client = Client::new(&server.base);
        let enrol = async |role: &str| {
            let code = server.invite(role, "eu-teamet")?;
            Phone::enrol(&client, &code).await
        };
        let mut worker = enrol("worker").await?;
        let place = worker.create(sample::place("Bron", "sodermalm", now()))?;
        let alert = worker.create(sample::alert(now()))?;
        let mut late = [place; 2];
        for document in &mut late {
            *document = visit(&mut worker, place, time::Instant(now().0 - 60 * DAY))?;
        }
        worker.sync().await?;
        let mut subjects = Vec::new();
        for _ in WAYS {
            let (lost, mut liar) = (enrol("worker").await?, enrol("worker").await?);
            visit(&mut liar, place, now())?;
            liar.sync().await?;
            let regretted = visit(&mut worker, place, now())?;
            subjects.push(Subjects {
                lost,
                regretted,
                liar,
            });
        }
        worker.sync().await?;
        let mut city = Self {
            administrator: enrol("administrator").await?,
            coordinator: enrol("coordinator").await?,
            duty: enrol("duty").await?,
            session: String::new(),
            disk,
            server: Some(server),
            client,
            worker,
            subjects,
            alert,
            late,
        };
        city.session = city.coordinator.sign_in().await?;
        city.team_key("a").await?;
        Ok(city)
    }

    async fn read(&self, by: &Phone, path: &str) -> Result<serde_json::Value> {
        let answer = by.ask(Method::GET, path, "").await?;
        answer.succeeded()?;
        answer.json()
    }

    async fn post(&self, by: &Phone, path: &str, body: &str) -> Result<()> {
        by.ask(Method::POST, path, body).await?.succeeded()
    }

    async fn team_key(&self, digit: &str) -> Result<()> {
        let by = if digit == "a" {
            &self.coordinator
        } else {
            &self.administrator
        };
        let print = digit.repeat(16);
        let body = format!("{{\"fingerprint\":\"{print}\",\"replace\":true}}");
        by.ask(Method::PUT, "/team-key", &body).await?.succeeded()
    }

    /// The number in quarantine of one of the visits of long ago.
    async fn quarantined(&self, document: DocumentId) -> Result<Option<i64>> {
        let list = self.read(&self.coordinator, "/quarantine").await?;
        let entries = list["entries"].as_array().context("entries")?;
        let of = |entry: &&serde_json::Value| entry["document"] == document.to_string();
        Ok(entries.iter().find(of).and_then(|e| e["id"].as_i64()))
    }

    async fn settle(&self, what: &str, document: DocumentId) -> Result<()> {
        let id = self.quarantined(document).await?.context("no entry")?;
        let path = format!("/quarantine/{id}/{what}");
        self.post(&self.coordinator, &path, "").await
    }

    fn data(&self) -> Result<String> {
        let path = self.disk.path();
        Ok(path.to_str().context("path")?.to_owned())
    }

    async fn perform(&self, act: Act) -> Result<()> {
        let data = self.data()?;
        let of = |way: Way| &self.subjects[way as usize];
        match act {
            Act::Revoke(Way::Desk) => {
                let path = format!("/devices/{}/revoke", of(Way::Desk).lost.device);
                self.post(&self.administrator, &path, "").await
            }
            Act::Revoke(way) => {
                let device = of(way).lost.device.to_string();
                run(&["revoke", "--data", &data, &device]).map(drop)
            }
            Act::Erase(Way::Desk) => {
                let path = format!("/documents/{}/erase", of(Way::Desk).regretted);
                self.post(&self.administrator, &path, "").await
            }
            Act::Erase(way) => {
                let document = of(way).regretted.to_string();
                run(&["erase", "--data", &data, &document]).map(drop)
            }
            Act::Undo(Way::Desk) => {
                let path = format!("/devices/{}/undo", of(Way::Desk).liar.device);
                let since = "{\"since\":\"2026-01-01T00:00:00Z\"}";
                self.post(&self.administrator, &path, since).await
            }
            Act::Undo(way) => {
                let device = of(way).liar.device.to_string();
                let since = "2026-01-01T00:00:00Z";
                let undo = ["undo", "--data", &data, "--device", &device];
                run(&[&undo[..], &["--since", since]].concat()).map(drop)
            }
            Act::SignOut => {
                let headers = [&OWN_PAGE[..], &[("cookie", &self.session)]].concat();
                let path = "/api/v1/sessions";
                let out = self.client.send(Method::DELETE, path, &headers, "");
                out.await?.succeeded()
            }
            Act::Release => self.settle("release", self.late[0]).await,
            Act::Discard => self.settle("discard", self.late[1]).await,
            Act::Acknowledge => {
                let path = format!("/alerts/{}/acknowledge", self.alert);
                let note = "{\"note\":\"jouren (exempel)\"}";
                self.post(&self.duty, &path, note).await
            }
            Act::ReplaceTeamKey => self.team_key("b").await,
        }
    }

    async fn holds(&mut self, act: Act) -> Result<()> {
        match act {
            Act::Revoke(way) => {
                let lost = &mut self.subjects[way as usize].lost;
                lost.connect(&self.client);
                let refused = lost.sync().await.err().context("it syncs")?;
                ensure!(refused.to_string().contains("403"), "{refused}");
            }
            Act::Erase(way) => {
                let regretted = self.subjects[way as usize].regretted;
                ensure!(!self.is_stored(regretted)?, "it is still there");
            }
            Act::Undo(way) => self.undone(way).await?,
            Act::SignOut => {
                let headers = [("cookie", self.session.as_str())];
                let me = self.client.send(Method::GET, "/api/v1/me", &headers, "");
                ensure!(me.await?.status == StatusCode::UNAUTHORIZED, "signed in");
            }
            Act::Release => ensure!(self.is_stored(self.late[0])?, "it is not there"),
            Act::Discard => {
                let entry = self.quarantined(self.late[1]).await?;
                ensure!(entry.is_none(), "it still waits");
            }
            Act::Acknowledge => {
                let list = self.read(&self.duty, "/alerts").await?;
                let heard = &list["alerts"][0]["acknowledgements"];
                ensure!(heard.as_array().is_some_and(|all| all.len() == 1), "{list}");
            }
            Act::ReplaceTeamKey => {
                let me = self.read(&self.coordinator, "/me").await?;
                ensure!(me["team_key"] == "b".repeat(16), "{}", me["team_key"]);
            }
        }
        Ok(())
    }

    fn is_stored(&self, document: DocumentId) -> Result<bool> {
        let stored = evidence::stored(&self.disk.path())?;
        Ok(stored.iter().any(|(of, _)| *of == document))
    }

    /// Waits until what the device said is taken back: an undo goes on in the background.
    async fn undone(&self, way: Way) -> Result<()> {
        let device = self.subjects[way as usize].liar.device.to_string();
        let begun = Instant::now();
        loop {
            let list = self.read(&self.administrator, "/undos").await?;
            let undos = list["undos"].as_array().context("undos")?;
            let undo = undos.iter().find(|undo| undo["device"] == device);
            let undo = undo.context("no undo")?;
            if !undo["done_at"].is_null() {
                ensure!(undo["documents"] == 1, "{undo}");
                return Ok(());
            }
            ensure!(begun.elapsed() < Duration::from_secs(20), "{undo}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn kill(&mut self) -> Result<()> {
        self.server.take().map_or(Ok(()), Server::kill)
    }

    fn start(&mut self) -> Result<()> {
        let server = Server::start(&self.disk.path())?;
        self.client = Client::new(&server.base);
        let desks = [
            &mut self.administrator,
            &mut self.coordinator,
            &mut self.duty,
        ];
        for desk in desks {
            desk.connect(&self.client);
        }
        self.server = Some(server);
        Ok(())
    }

    /// Space is set aside at a start, when there is plenty.
    async fn sets_space_aside(&self) -> Result<()> {
        let file = self.disk.path().join(RESERVE);
        let begun = Instant::now();
        while std::fs::metadata(&file).map_or(0, |file| file.len()) < 16 * 1024 * 1024 {
            ensure!(begun.elapsed() < Duration::from_secs(20), "no reserve");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Phones send until the server takes nothing more.
    async fn fill_by_phones(&mut self) -> Result<usize> {
        let worker = &mut self.worker;
        worker.connect(&self.client);
        let mut taken = 0;
        for _ in 0..2_000 {
            worker.create(large_place()?)?;
            let body = worker.body()?;
            let answer = worker.post(body).await?;
            answer.succeeded()?;
            let received = worker.receive(&answer.body)?;
            taken += received.accepted as usize;
            if let Some((_, why)) = received.later.first() {
                ensure!(why.code == "disk_reserve", "{}", why.code);
                return Ok(taken);
            }
        }
        bail!("the server never stopped taking: {taken}")
    }

    fn ends_whole(mut self) -> Result<()> {
        self.kill()?;
        self.disk.clear()?;
        let data = self.disk.path();
        evidence::is_whole(&data)?;
        evidence::rebuilds(&data)
    }
}

fn visit(by: &mut Phone, place: DocumentId, at: time::Instant) -> Result<DocumentId> {
    let count = sample::count(by.device, at, 3);
    by.create(sample::visit(place, Phone::record_id()?, count))
}

/// A place of some fifty thousand bytes that do not compress.
fn large_place() -> Result<Content> {
    let Content::Place(mut place) = sample::place("Parken", "sodermalm", now()) else {
        bail!("a place");
    };
    for _ in 0..16 {
        let noise: [u8; 3_500] = random()?;
        let tip = Tip {
            from: "granne (exempel)".to_owned(),
            at: now(),
            checked: None,
            text: noise
                .iter()
                .map(|byte| char::from(b'a' + byte % 26))
                .collect(),
            withdrawn: false,
        };
        place.tips.insert(Phone::record_id()?, tip);
    }
    Ok(Content::Place(place))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_filled_the_disk_by_phone_is_shut_out_and_all_is_put_right() -> Result<()> {
    let Some(disk) = SmallDisk::mounted(MEGABYTES)? else {
        return Ok(());
    };
    let mut city = City::new(disk).await?;
    city.sets_space_aside().await?;
    city.disk.fill(FREE)?;
    let taken = city.fill_by_phones().await?;
    println!("{taken} places of 56 kB, then disk_reserve");
    for act in Act::all().filter(|act| !act.alone()) {
        city.perform(act)
            .await
            .with_context(|| format!("{act:?}"))?;
    }
    city.kill()?;
    for act in Act::all().filter(|act| act.alone()) {
        city.perform(act)
            .await
            .with_context(|| format!("{act:?}"))?;
    }
    city.start()?;
    for act in Act::all() {
        city.holds(act).await.with_context(|| format!("{act:?}"))?;
    }
    city.ends_whole()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_nothing_left_but_what_was_set_aside_each_act_is_done_and_holds() -> Result<()> {
    let Some(disk) = SmallDisk::mounted(MEGABYTES)? else {
        return Ok(());
    };
    let mut city = City::new(disk).await?;
    for act in Act::all() {
        let on_the_full_disk = async {
            city.sets_space_aside().await?;
            if act.alone() {
                city.server.take().map_or(Ok(()), Server::stop)?;
                // Whoever is the last to close takes the log and its index away.
                let data = city.data()?;
                run(&["organisation", "--data", &data, "eu-teamet", "EU-teamet"])?;
                let index = city.disk.path().join("lagesbild.db-shm");
                ensure!(!index.exists(), "the log's index is still there");
            }
            city.disk.fill(0)?;
            city.perform(act).await?;
            city.kill()?;
            // Nobody has made room yet.
            city.start()?;
            city.holds(act).await
        };
        on_the_full_disk
            .await
            .with_context(|| format!("{act:?} on a full disk"))?;
        city.kill()?;
        city.disk.clear()?;
        city.start()?;
        city.holds(act)
            .await
            .with_context(|| format!("{act:?} once there is room"))?;
    }
    city.ends_whole()
}
