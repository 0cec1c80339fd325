//! A run: events in virtual time, drawn from the seed.

use lagesbild_server::outreach::store::erasure::ErasureStore;
use lagesbild_server::shared::principal::Actor;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use anyhow::{Context, Result, ensure};
use sync_core::authority::Capacity;
use sync_core::ids::{DocumentId, RecordId, SessionId};
use sync_core::model::{Content, Kind};
use sync_core::protocol::Reply;
use sync_core::replica::{Command, ReplicaError};
use sync_core::time::Instant;

use super::dishonest::Dishonest;
use super::model::Model;
use super::promised::{Powers, Promise};
use super::server::{self, Answer, PHONES, START, Server};
use crate::app::{App, Fate};
use crate::hostile::Choices;
use crate::sample;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// How long the disorder lasts.
const LENGTH: i64 = 30 * HOUR;
/// After this long an app takes a request for lost.
const PATIENCE: i64 = 2 * MINUTE;
/// In so many runs of a hundred some phones are dishonest.
const HOSTILE_PERCENT: u8 = 50;
/// How wrong a phone's clock may be, either way.
const SKEW: i64 = 40 * HOUR;

/// The events of a run, or of several.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Runs, each with a seed of its own.
    pub runs: u64,
    /// Exchanges that the server finished.
    pub exchanges: u64,
    /// Changes acknowledged.
    pub acknowledged: u64,
    /// Times that an app died.
    pub app_deaths: u64,
    /// Times that the server died while it answered.
    pub server_deaths: u64,
    /// Backups put back.
    pub restores: u64,
    /// Changes that nobody who could send them had any more after a restore.
    pub given_up: u64,
    /// Changes that phones gave back for others.
    pub relayed: u64,
    /// Runs with dishonest phones.
    pub hostile_runs: u64,
    /// Of dishonest phones' offers, those of which the server took something.
    pub hostile_taken: u64,
    /// And those of which it refused something.
    pub hostile_refused: u64,
    /// Honest phones' documents and records that were looked for at the end of runs with
    /// dishonest phones.
    pub kept: u64,
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.exchanges += other.exchanges;
        self.acknowledged += other.acknowledged;
        self.app_deaths += other.app_deaths;
        self.server_deaths += other.server_deaths;
        self.restores += other.restores;
        self.given_up += other.given_up;
        self.relayed += other.relayed;
        self.hostile_runs += other.hostile_runs;
        self.hostile_taken += other.hostile_taken;
        self.hostile_refused += other.hostile_refused;
        self.kept += other.kept;
    }
}

#[derive(Debug)]
enum Event {
    /// A phone's owner does something.
    Act(usize),
    /// A request reaches the server.
    Arrive(usize, u64, Vec<u8>),
    /// An answer reaches a phone.
    Answer(usize, u64, Answer),
    /// The server starts.
    Start,
    Backup,
    Restore,
    Erase,
    Revoke(usize),
    /// A phone is lost for good.
    Lose(usize),
}

#[derive(Debug)]
struct Phone {
    app: App,
    organisation: usize,
    sessions: u8,
    /// How far its clock is ahead.
    skew: i64,
    /// No network until then.
    offline_until: i64,
    /// The request that it waits for, and since when.
    waiting: Option<(u64, i64)>,
    /// Neither lost nor revoked.
    counts: bool,
    /// It has erased itself, or is lost.
    gone: bool,
    /// The material to do harm, when it means to.
    dishonest: Option<Dishonest>,
}

impl Phone {
    fn capacity(&self) -> Capacity {
        let dishonest = self.dishonest.as_ref();
        dishonest.map_or(Capacity::Worker, |dishonest| dishonest.capacity)
    }
}

struct World {
    rng: fastrand::Rng,
    now: i64,
    events: BTreeMap<(i64, u64), Event>,
    counter: u64,
    server: Server,
    phones: Vec<Phone>,
    model: Model,
    summary: Summary,
    disorder: bool,
    tell: bool,
}

/// Runs the world of a seed.
pub(super) async fn run(seed: u64, tell: bool) -> Result<Summary> {
    let mut world = World::new(seed, tell).await?;
    while let Some(((at, _), event)) = world.events.pop_first() {
        world.now = at;
        if world.tell {
            println!("{:>9.1} min  {event:?}", minutes(at - START.0));
        }
        world.happen(event).await?;
    }
    world.settle().await?;
    world.check().await?;
    Ok(world.summary)
}

#[expect(clippy::cast_precision_loss, reason = "for reading")]
fn minutes(span: i64) -> f64 {
    span as f64 / MINUTE as f64
}

impl World {
    async fn new(seed: u64, tell: bool) -> Result<Self> {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut phones: Vec<_> = (0..rng.u8(3..=PHONES))
            .map(|n| Phone {
                app: App::new(server::device(n), session(n, 0)),
                organisation: usize::from(n % 2),
                sessions: 0,
                skew: if rng.bool() { 0 } else { rng.i64(-SKEW..SKEW) },
                offline_until: 0,
                waiting: None,
                counts: true,
                gone: false,
                dishonest: None,
            })
            .collect();
        if rng.u8(..100) < HOSTILE_PERCENT {
            turn(&mut rng, &mut phones);
        }
        let hostile = phones.iter().any(|phone: &Phone| phone.dishonest.is_some());
        let mut world = Self {
            rng,
            now: START.0,
            events: BTreeMap::new(),
            counter: 0,
            server: Server::new().await?,
            phones,
            model: Model::default(),
            summary: Summary {
                runs: 1,
                hostile_runs: hostile.into(),
                ..Summary::default()
            },
            disorder: true,
            tell,
        };
        world.plan();
        Ok(world)
    }

    /// Plans when what will go wrong.
    fn plan(&mut self) {
        for phone in 0..self.phones.len() {
            let at = self.rng.i64(0..HOUR);
            self.after(at, Event::Act(phone));
        }
        let within = |rng: &mut fastrand::Rng| rng.i64(0..LENGTH);
        if self.rng.bool() {
            let backup = within(&mut self.rng);
            let restore = self.rng.i64(backup..LENGTH);
            self.after(backup, Event::Backup);
            self.after(restore, Event::Restore);
            let phones = self.phones.iter_mut();
            for dishonest in phones.filter_map(|p| p.dishonest.as_mut()) {
                dishonest.takes_ids = false;
            }
        }
        for _ in 0..self.rng.u8(..3) {
            let at = within(&mut self.rng);
            self.after(at, Event::Erase);
        }
        let unlucky = self.rng.usize(1..self.phones.len());
        if self.rng.u8(..3) == 0 {
            let at = within(&mut self.rng);
            self.after(at, Event::Revoke(unlucky));
        }
        let unlucky = self.rng.usize(1..self.phones.len());
        if self.rng.u8(..3) == 0 {
            let at = within(&mut self.rng);
            self.after(at, Event::Lose(unlucky));
        }
    }

    fn after(&mut self, wait: i64, event: Event) {
        self.counter += 1;
        self.events.insert((self.now + wait, self.counter), event);
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.disorder && self.rng.u8(..100) < percent
    }

    fn present(&self) -> Instant {
        Instant(self.now)
    }

    /// Returns the time that a phone's clock shows.
    fn clock(&self, phone: usize) -> Instant {
        Instant(self.now + self.phones[phone].skew)
    }

    fn fate(&mut self) -> Fate {
        match (self.chance(3), self.chance(3)) {
            (true, _) => Fate::DiesBefore,
            (_, true) => Fate::DiesAfter,
            _ => Fate::Stored,
        }
    }

    /// Starts an app that died.
    fn bury(&mut self, phone: usize, fate: Fate) {
        if fate != Fate::Stored {
            self.restart(phone);
        }
    }

    fn restart(&mut self, n: usize) {
        let phone = &mut self.phones[n];
        phone.sessions += 1;
        phone.waiting = None;
        let number = phone.app.device.as_bytes()[0] - 1;
        phone.app.restart(session(number, phone.sessions));
        self.summary.app_deaths += 1;
    }

    async fn happen(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Act(phone) => self.act(phone),
            Event::Arrive(phone, request, payload) => self.arrive(phone, request, payload).await,
            Event::Answer(phone, request, answer) => self.hear(phone, request, answer),
            Event::Start => self.server.start(),
            Event::Backup => self.server.back_up().await,
            Event::Restore => {
                if self.server.put_back(self.present())? {
                    self.summary.restores += 1;
                    self.give_up()?;
                }
                Ok(())
            }
            Event::Erase => self.erase().await,
            Event::Revoke(phone) => self.revoke(phone).await,
            Event::Lose(phone) => {
                self.phones[phone].counts = false;
                self.phones[phone].gone = true;
                self.give_up()
            }
        }
    }

    /// Ceases to ask for what nobody can bring back any more.
    fn give_up(&mut self) -> Result<()> {
        let apps = self.phones.iter().filter(|p| p.counts).map(|p| &p.app);
        self.summary.given_up += self.model.give_up(self.server.data(), apps)? as u64;
        Ok(())
    }

    async fn erase(&mut self) -> Result<()> {
        let known: Vec<DocumentId> = self.model.owners.keys().copied().collect();
        let (Some(id), Some(store)) = (self.rng.choice(known), self.server.store()) else {
            return Ok(());
        };
        store.erase(id, Actor::SERVER, self.present()).await?;
        self.model.erased.insert(id);
        self.model.acknowledged.forget(id);
        Ok(())
    }

    async fn revoke(&mut self, phone: usize) -> Result<()> {
        let Some(store) = self.server.store() else {
            return Ok(());
        };
        let device = self.phones[phone].app.device;
        store
            .accounts()
            .revoke_device(device, None, Actor::SERVER, self.present())
            .await?;
        self.phones[phone].counts = false;
        self.give_up()
    }

    fn act(&mut self, phone: usize) -> Result<()> {
        if self.phones[phone].gone {
            return Ok(());
        }
        let dishonest = self.phones[phone].dishonest.is_some();
        match self.rng.u8(..100) {
            0..60 if dishonest => self.attack(phone)?,
            0..45 => self.record(phone)?,
            45..90 => self.sync(phone)?,
            90..94 => self.restart(phone),
            94..97 => self.phones[phone].skew = self.rng.i64(-SKEW..SKEW),
            _ => self.phones[phone].offline_until = self.now + self.rng.i64(0..12 * HOUR),
        }
        let wait = self.rng.i64(MINUTE..4 * HOUR);
        if self.now + wait < START.0 + LENGTH {
            self.after(wait, Event::Act(phone));
        }
        Ok(())
    }

    /// Makes or changes a document.
    fn record(&mut self, n: usize) -> Result<()> {
        let now = self.clock(n);
        let app = &self.phones[n].app;
        let mine: Vec<_> = app.rows().map(|row| (row.document, row.kind)).collect();
        let place = mine.iter().find(|(_, kind)| *kind == Kind::Place);
        let command = match (place, self.rng.u8(..10)) {
            (None, _) | (_, 0) => self.creation(now, sample::place("Bron", "sodermalm", now)),
            (Some(_), 9) => self.creation(now, sample::alert(now)),
            (Some((place, _)), 1..4) => {
                let count = sample::count(app.device, now, self.rng.u32(..20));
                let record = RecordId::from_bytes(self.rng.u64(..).to_be_bytes());
                self.creation(now, sample::visit(*place, record, count))
            }
            _ => {
                let (id, _) = self.rng.choice(mine).context("a place at least")?;
                let row = app.row(id).context("a row")?;
                match (row.view.conflicts.first(), self.rng.bool()) {
                    (Some(conflict), true) => Command::Choose {
                        document: id,
                        path: conflict.path.clone(),
                        op: conflict.values[0].op.clone(),
                    },
                    _ => self.edit(n, id)?,
                }
            }
        };
        let made = match &command {
            Command::Create { document, content } => Some((*document, content.clone())),
            _ => None,
        };
        let fate = self.fate();
        let done = self.phones[n].app.execute(command, now, fate);
        if let Err(error) = done {
            // The app knows what its owner may not say.
            let may_not = error.downcast_ref::<ReplicaError>().map(ReplicaError::code);
            ensure!(may_not == Some("not_allowed") && made.is_none(), error);
            return Ok(());
        }
        if let Some((id, creation)) = made {
            self.model.owners.insert(id, self.phones[n].organisation);
            if fate != Fate::DiesBefore {
                let promise = Promise {
                    phone: n,
                    kind: creation.kind,
                    content: creation.content,
                };
                self.model.promises.insert(id, promise);
            }
        }
        self.bury(n, fate);
        Ok(())
    }

    fn creation(&mut self, now: Instant, content: Content) -> Command {
        let mut drawn = [0; 14];
        self.rng.fill(&mut drawn);
        Command::Create {
            document: DocumentId::made(now.night(), drawn),
            content: content.into(),
        }
    }

    fn edit(&mut self, n: usize, id: DocumentId) -> Result<Command> {
        let note = format!("anteckning {} (exempel)", self.rng.u16(..));
        let adults = self.rng.u32(..30);
        let counted = self.rng.bool();
        let app = &self.phones[n].app;
        let foreign = app.row(id).is_some_and(|row| !row.own);
        let tip = RecordId::from_bytes(self.rng.u64(..).to_be_bytes()).to_string();
        let at = self.clock(n).0;
        app.editing(id, |content| {
            if foreign {
                content["tips"][tip] = serde_json::json!({
                    "from": "en granne", "at": at, "checked": null, "text": note,
                    "withdrawn": false
                });
                return;
            }
            let count = content
                .get_mut("counts")
                .and_then(|counts| counts.as_object_mut())
                .and_then(|counts| counts.values_mut().next());
            match count {
                Some(count) if counted => count["adults"] = adults.into(),
                _ => content["note"] = note.into(),
            }
        })
    }

    /// Sends what no app makes. Nobody waits for the answer.
    fn attack(&mut self, n: usize) -> Result<()> {
        let clock = self.clock(n);
        let mut choices = Choices::seeded(self.rng.u64(..));
        let Phone { app, dishonest, .. } = &self.phones[n];
        let Some(dishonest) = dishonest else {
            return Ok(());
        };
        let request = dishonest.request(&mut choices, app, clock)?;
        let payload = minicbor::to_vec(&request)?;
        // Whose the new documents are, should it get in.
        for offer in request.batch {
            let owners = &mut self.model.owners;
            let organisation = self.phones[n].organisation;
            owners.entry(offer.document).or_insert(organisation);
        }
        let delay = self.delay();
        self.after(delay, Event::Arrive(n, 0, payload));
        Ok(())
    }

    /// Sends a request, unless one is on its way.
    fn sync(&mut self, n: usize) -> Result<()> {
        let now = self.now;
        let phone = &mut self.phones[n];
        let patient = |since: i64| now - since < PATIENCE;
        if phone.gone || phone.offline_until > now {
            return Ok(());
        }
        if phone.waiting.is_some_and(|(_, since)| patient(since)) {
            return Ok(());
        }
        let clock = Instant(now + phone.skew);
        if phone.dishonest.is_some() {
            // It reads everything anew: what it sent itself comes to no app that lacks it.
            let run = session(phone.app.device.as_bytes()[0] - 1, phone.sessions);
            phone.app = App::new(phone.app.device, run);
        }
        let payload = phone.app.request(clock)?;
        self.counter += 1;
        let request = self.counter;
        self.phones[n].waiting = Some((request, now));
        if self.chance(10) {
            return Ok(()); // lost
        }
        if self.chance(10) {
            // Once more, perhaps much later than what is said after it.
            let late = self.rng.i64(0..3 * HOUR);
            self.after(late, Event::Arrive(n, request, payload.clone()));
        }
        let delay = self.delay();
        self.after(delay, Event::Arrive(n, request, payload));
        Ok(())
    }

    fn delay(&mut self) -> i64 {
        if self.chance(15) {
            return self.rng.i64(SECOND..4 * MINUTE);
        }
        self.rng.i64(20..2 * SECOND)
    }

    async fn arrive(&mut self, n: usize, request: u64, payload: Vec<u8>) -> Result<()> {
        let (number, now) = (u8::try_from(n)?, self.present());
        if self.server.store().is_none() {
            return Ok(());
        }
        if self.chance(4) {
            let cut = self.rng.f64();
            self.server
                .die_answering(number, self.phones[n].capacity(), &payload, now, cut)
                .await?;
            self.summary.server_deaths += 1;
            let down = self.rng.i64(SECOND..2 * HOUR);
            self.after(down, Event::Start);
            return Ok(());
        }
        let answer = self
            .server
            .answer(number, self.phones[n].capacity(), &payload, now)
            .await?;
        self.summary.exchanges += 1;
        if let Answer::Reply(reply) = &answer {
            if let Some(dishonest) = &mut self.phones[n].dishonest {
                dishonest.hear(reply)?;
                self.note_attack(reply)?;
            }
            self.model.check_scope(self.phones[n].organisation, reply)?;
            self.summary.relayed += relayed(reply)?;
            let before = self.model.acknowledged.len();
            self.model.acknowledged.note_payload(&payload, reply)?;
            self.summary.acknowledged += (self.model.acknowledged.len() - before) as u64;
        }
        if !self.chance(10) {
            let delay = self.delay();
            self.after(delay, Event::Answer(n, request, answer));
        }
        Ok(())
    }

    /// Counts what the server took of an attack, and what it refused.
    fn note_attack(&mut self, reply: &[u8]) -> Result<()> {
        let reply: Reply = minicbor::decode(reply)?;
        for result in &reply.results {
            self.summary.hostile_taken += u64::from(result.accepted > 0);
            self.summary.hostile_refused += u64::from(result.rejected.is_some());
        }
        Ok(())
    }

    fn hear(&mut self, n: usize, request: u64, answer: Answer) -> Result<()> {
        // An answer to a request that was given up reaches nobody.
        if self.phones[n].gone || self.phones[n].waiting.is_none_or(|(id, _)| id != request) {
            return Ok(());
        }
        self.phones[n].waiting = None;
        let Answer::Reply(reply) = answer else {
            ensure!(
                !self.phones[n].counts,
                "a device in good standing was sent away"
            );
            self.phones[n].gone = true;
            return Ok(());
        };
        let (now, fate) = (self.clock(n), self.fate());
        let received = self.phones[n].app.receive(&reply, now, fate)?;
        ensure!(
            received.refused.is_empty(),
            "a phone refused what the server let in: {:?}",
            received.refused
        );
        let erased = &self.model.erased;
        ensure!(
            received.purged.iter().all(|id| erased.contains(id)),
            "a phone was told to delete what nobody erased"
        );
        if fate == Fate::Stored && received.more {
            return self.sync(n);
        }
        self.bury(n, fate);
        Ok(())
    }

    /// The disorder ends; everybody syncs until there is nothing left.
    async fn settle(&mut self) -> Result<()> {
        self.disorder = false;
        self.server.start()?;
        for round in 0..3 {
            for n in 0..self.phones.len() {
                if !self.phones[n].counts {
                    continue;
                }
                if round == 1 {
                    self.restart(n);
                }
                self.sync_fully(n)
                    .await
                    .with_context(|| format!("phone {n} at the end"))?;
            }
        }
        Ok(())
    }

    async fn sync_fully(&mut self, n: usize) -> Result<()> {
        self.phones[n].waiting = None;
        self.phones[n].offline_until = 0;
        for _ in 0..50 {
            self.sync(n)?;
            while let Some(((at, _), event)) = self.events.pop_first() {
                self.now = at;
                let ended = matches!(event, Event::Answer(..));
                self.happen(event).await?;
                if ended && self.phones[n].waiting.is_none() {
                    return Ok(());
                }
            }
        }
        anyhow::bail!("a sync without disorder does not end")
    }

    /// Returns what dishonest phones may do by right.
    fn powers(&self) -> Powers {
        let mut powers = Powers::default();
        for phone in &self.phones {
            if let Some(dishonest) = &phone.dishonest {
                powers.workers.insert(phone.organisation);
                if dishonest.capacity == Capacity::Coordinator {
                    powers.coordinators.insert(phone.organisation);
                }
            }
        }
        powers
    }

    async fn check(&mut self) -> Result<()> {
        let store = self.server.store().context("the server is up")?;
        self.model.check_server(store, self.present()).await?;
        let powers = self.powers();
        if self.summary.hostile_runs > 0 {
            let counting: BTreeSet<usize> = (0..self.phones.len())
                .filter(|n| self.phones[*n].counts)
                .collect();
            let kept = self.model.check_promises(store, &counting, &powers);
            self.summary.kept += kept.await?;
        }
        for (n, phone) in self.phones.iter().enumerate().filter(|(_, p)| p.counts) {
            self.model
                .check_phone(store, phone.organisation, &phone.app, &powers)
                .await
                .with_context(|| format!("phone {n}"))?;
        }
        Ok(())
    }
}

/// One phone or two turn against the others: the last of them, one now and then a
/// coordinator's.
fn turn(rng: &mut fastrand::Rng, phones: &mut [Phone]) {
    let many = rng.usize(1..=2);
    let (honest, dishonest) = phones.split_at_mut(phones.len() - many);
    let others: Vec<_> = honest.iter().map(|phone| phone.app.device).collect();
    for phone in dishonest {
        let capacity = match rng.u8(..5) {
            0 => Capacity::Coordinator,
            _ => Capacity::Worker,
        };
        phone.counts = false;
        phone.dishonest = Some(Dishonest::new(capacity, others.clone()));
    }
}

fn session(phone: u8, run: u8) -> SessionId {
    SessionId::from_bytes([phone + 1, run + 1, 0, 0, 0, 0, 0, 0])
}

fn relayed(reply: &[u8]) -> Result<u64> {
    let reply: sync_core::protocol::Reply = minicbor::decode(reply)?;
    let counts = reply.results.iter().filter_map(|result| result.relayed);
    Ok(counts.map(u64::from).sum())
}
