//! Phones that work without end against a server that will not last.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lagesbild_tests::client::Client;
use lagesbild_tests::evidence::{self, Acknowledged};
use lagesbild_tests::phone::{Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};
use sync_core::ids::DocumentId;
use sync_core::replica::View;

/// Phones in flight, half of them of each organisation.
const PHONES: usize = 6;

/// A data directory, its phones, and what they were told.
pub(crate) struct Team {
    directory: tempfile::TempDir,
    /// Phone `n` belongs to organisation `n % 2`.
    pub(crate) phones: Vec<Phone>,
    pub(crate) place: DocumentId,
    pub(crate) acknowledged: Acknowledged,
}

impl Team {
    pub(crate) async fn new() -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let data = directory.path().join("data");
        let path = data.to_str().context("path")?;
        run(&["organisation", "--data", path, "eu-teamet", "EU-teamet"])?;
        run(&["organisation", "--data", path, "forening-a", "Förening A"])?;
        let server = Server::start(&data)?;
        let client = Client::new(&server.base);
        let mut phones = Vec::new();
        for n in 0..PHONES {
            let organisation = ["eu-teamet", "forening-a"][n % 2];
            let code = server.invite("worker", organisation)?;
            phones.push(Phone::enrol(&client, &code).await?);
        }
        let place = phones[0].create(sample::place("Bron", "sodermalm", now()))?;
        phones[0].sync().await?;
        server.kill()?;
        Ok(Self {
            directory,
            phones,
            place,
            acknowledged: Acknowledged::default(),
        })
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Lets every phone record and send, and kills the server a moment after so
    /// many replies: a slow machine gets as much done as a fast one.
    pub(crate) async fn work_until_killed(
        &mut self,
        server: Server,
        replies: usize,
        moment: Duration,
    ) -> Result<()> {
        self.work_until(server, |answered| answered >= replies, moment)
            .await
    }

    /// The same, and kills it a moment after `enough` says so of the number of
    /// replies.
    pub(crate) async fn work_until(
        &mut self,
        server: Server,
        mut enough: impl FnMut(usize) -> bool,
        moment: Duration,
    ) -> Result<()> {
        let client = Client::new(&server.base);
        let answered = Arc::new(AtomicUsize::new(0));
        let mut tasks = Vec::new();
        for mut phone in self.phones.drain(..) {
            phone.connect(&client);
            let (place, answered) = (self.place, Arc::clone(&answered));
            tasks.push(tokio::spawn(async move {
                let mut noted = Acknowledged::default();
                let ended = work(&mut phone, place, &mut noted, &answered).await;
                (phone, noted, ended)
            }));
        }
        let started = std::time::Instant::now();
        while !enough(answered.load(Ordering::Relaxed)) {
            ensure!(
                started.elapsed() < Duration::from_mins(1),
                "too few replies"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(moment).await;
        server.kill()?;
        for task in tasks {
            let (mut phone, noted, ended) = task.await?;
            let error = ended.expect_err("a phone works until its server is gone");
            ensure!(
                !error.to_string().starts_with("sync:"),
                "refused instead of cut off: {error}"
            );
            // What is in memory only is gone too, now and then.
            if fastrand::bool() {
                phone.restart()?;
            }
            self.phones.push(phone);
            self.acknowledged.extend(noted);
        }
        Ok(())
    }

    /// Nothing that was acknowledged is missing, and the read model is right.
    pub(crate) fn nothing_is_lost(&self) -> Result<()> {
        let data = self.data();
        // Whichever process opens the database first, it has to mend it.
        if fastrand::bool() {
            evidence::rebuilds(&data)?;
        }
        evidence::holds(&data, &self.acknowledged)
    }

    /// All phones send what is left, and agree with the server.
    pub(crate) async fn agree(mut self) -> Result<usize> {
        let data = self.data();
        let server = Server::start(&data)?;
        let client = Client::new(&server.base);
        for phone in &mut self.phones {
            phone.connect(&client);
            phone.sync().await?;
            ensure!(phone.unsent() == 0, "changes are left");
        }
        // The first have not yet seen what the last had to send.
        for phone in &mut self.phones {
            phone.sync().await?;
        }
        for (n, phone) in self.phones.iter().enumerate() {
            let like = &self.phones[n % 2];
            let (one, other): (Vec<_>, Vec<_>) = (shown(phone), shown(like));
            ensure!(
                one == other,
                "phones {n} and {} of one organisation show different things: {} and {}; {:?}",
                n % 2,
                one.len(),
                other.len(),
                one.iter().zip(&other).find(|(one, other)| one != other)
            );
        }
        server.kill()?;
        evidence::rebuilds(&data)?;
        evidence::holds(&data, &self.acknowledged)?;
        Ok(self.acknowledged.len())
    }
}

fn shown(phone: &Phone) -> Vec<&View> {
    phone.rows().map(|row| &row.view).collect()
}

/// Visits that a phone records at one place before it goes on to the next: more than some
/// fifty of an organisation at a place on a night are nobody's honest work, and refused.
const AT_ONE_PLACE: usize = 10;

/// Records and sends without end: new visits, and edits of earlier ones.
async fn work(
    phone: &mut Phone,
    mut place: DocumentId,
    noted: &mut Acknowledged,
    answered: &AtomicUsize,
) -> Result<()> {
    // The places that the others begin with are not this phone's to fill.
    let mut here = AT_ONE_PLACE;
    loop {
        if here >= AT_ONE_PLACE {
            // A visit may come before its place does.
            place = DocumentId::from_bytes(lagesbild_tests::phone::random()?);
            here = 0;
        }
        for _ in 0..=fastrand::usize(..3) {
            let count = sample::count(phone.device, now(), fastrand::u32(..20));
            let visit = phone.create(sample::visit(place, Phone::record_id()?, count))?;
            here += 1;
            if fastrand::bool() {
                phone.edit(visit, |v| v["note"] = "vid kajen (exempel)".into())?;
            }
        }
        phone.exchange_noting(noted).await?;
        answered.fetch_add(1, Ordering::Relaxed);
    }
}
