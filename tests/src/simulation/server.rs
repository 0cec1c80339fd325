//! The real server core on a real database, in a directory that can be what a
//! crash leaves of it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use lagesbild_server::outreach::store::Scope;
use lagesbild_server::outreach::store::Store;
use lagesbild_server::outreach::store::backup::{Expired, restore};
use lagesbild_server::outreach::sync::{ExchangeError, exchange};
use lagesbild_server::shared::accounts::devices::NewDevice;
use lagesbild_server::shared::accounts::invitations::{Enrolment, NewInvitation};
use lagesbild_server::shared::accounts::members::Organisation;
use lagesbild_server::shared::principal::{DeviceKey, Role, SecretHash};
use p256::ecdsa::SigningKey;
use sync_core::authority::Capacity;
use sync_core::ids::DeviceId;
use sync_core::time::Instant;
use tempfile::TempDir;

/// The organisations.
pub(super) const ORGANISATIONS: [&str; 2] = ["eu-teamet", "forening-a"];
/// Phones that the template knows; phone `n` belongs to organisation `n % 2`.
pub(super) const PHONES: u8 = 5;
/// When every run begins: a Monday evening.
pub(super) const START: Instant = Instant(1_717_437_600_000);

const DATABASE: &str = "lagesbild.db";
const LOG: &str = "lagesbild.db-wal";

/// The id of phone `n`'s device.
pub(super) fn device(n: u8) -> DeviceId {
    DeviceId::from_bytes([n + 1; 8])
}

fn token(n: u8) -> SecretHash {
    SecretHash::of(&format!("token {n}"))
}

/// A directory in memory where there is one.
fn directory() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        return Ok(TempDir::new_in(memory)?);
    }
    Ok(tempfile::tempdir()?)
}

/// The files of a data directory with organisations and devices, made once.
async fn template() -> Result<&'static [(String, Vec<u8>)]> {
    static FILES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    if let Some(files) = FILES.get() {
        return Ok(files);
    }
    let place = directory()?;
    let store = Store::open(place.path())?;
    for id in ORGANISATIONS {
        let organisation = Organisation {
            id: id.parse()?,
            name: format!("{id} (exempel)"),
        };
        store
            .accounts()
            .put_organisation(organisation, START)
            .await?;
    }
    for n in 0..PHONES {
        enrol(&store, n).await?;
    }
    drop(store);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(place.path())? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a name")?;
        files.push((name, std::fs::read(entry.path())?));
    }
    Ok(FILES.get_or_init(|| files))
}

async fn enrol(store: &Store, n: u8) -> Result<()> {
    let code = SecretHash::of(&format!("code {n}"));
    let invitation = NewInvitation {
        code,
        role: Role::Worker,
        organisation: ORGANISATIONS[usize::from(n % 2)].parse()?,
        label: String::new(),
        made_by: lagesbild_server::shared::principal::Actor::SERVER,
        made_at: START,
        expires_at: Instant(START.0 + 1000),
    };
    store.accounts().invite(invitation).await?;
    let secret = SigningKey::from_slice(&[n + 1; 32])?;
    let point = secret.verifying_key().to_sec1_point(false);
    let new = NewDevice {
        id: device(n),
        key: DeviceKey::from_bytes(point.as_bytes())?,
        token: token(n),
        label: String::new(),
    };
    let enrolled = store.accounts().enrol(code, new, START).await?;
    ensure!(
        matches!(enrolled, Enrolment::Enrolled { .. }),
        "the template's phones enrol"
    );
    Ok(())
}

/// The server's answer to a phone.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// The exchange's reply.
    Reply(Vec<u8>),
    /// Its device was revoked.
    Revoked,
    /// No app makes such a request.
    Refused,
}

/// The server of a run.
#[derive(Debug)]
pub(super) struct Server {
    place: TempDir,
    backups: TempDir,
    store: Option<Store>,
}

impl Server {
    pub(super) async fn new() -> Result<Self> {
        let place = directory()?;
        for (name, bytes) in template().await? {
            std::fs::write(place.path().join(name), bytes)?;
        }
        let store = Some(Store::open(place.path())?);
        let backups = directory()?;
        Ok(Self {
            place,
            backups,
            store,
        })
    }

    /// The store, while the server is up.
    pub(super) fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// The data directory.
    pub(super) fn data(&self) -> &Path {
        self.place.path()
    }

    /// Starts the server, if it is down.
    pub(super) fn start(&mut self) -> Result<()> {
        if self.store.is_none() {
            self.store = Some(Store::open(self.place.path())?);
        }
        Ok(())
    }

    /// Answers a request of phone `n`, as the route does.
    pub(super) async fn answer(
        &self,
        n: u8,
        capacity: Capacity,
        payload: &[u8],
        now: Instant,
    ) -> Result<Answer> {
        let store = self.store.as_ref().context("the server is down")?;
        let known = store
            .accounts()
            .device_by_token(token(n))
            .await?
            .context("a device")?;
        if known.revoked {
            return Ok(Answer::Revoked);
        }
        let scope = Scope {
            device: known.principal.device(),
            by: known.principal.actor(),
            organisation: known.principal.organisation,
            act: None,
            capacity,
        };
        match exchange(store, &scope, minicbor::decode(payload)?, now).await {
            Ok(reply) => Ok(Answer::Reply(minicbor::to_vec(&reply)?)),
            Err(ExchangeError::Protocol(_) | ExchangeError::TooManyDocuments(_)) => {
                Ok(Answer::Refused)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Dies while it answers: of what the answer wrote to the log, only the part
    /// before some byte (chosen by `cut`, 0 to 1) is there. The server is down.
    pub(super) async fn die_answering(
        &mut self,
        n: u8,
        capacity: Capacity,
        payload: &[u8],
        now: Instant,
        cut: f64,
    ) -> Result<()> {
        let before = self.files()?;
        self.answer(n, capacity, payload, now).await?;
        let after = self.files()?;
        let left = directory()?;
        for entry in std::fs::read_dir(self.data())? {
            let entry = entry?;
            let name = entry.file_name();
            if name != DATABASE && name != LOG && name != "lagesbild.db-shm" {
                std::fs::copy(entry.path(), left.path().join(name))?;
            }
        }
        let log = if before.0 == after.0 {
            torn(&before.1, &after.1, cut)
        } else {
            // The log was moved into the database meanwhile, which happens only
            // once it is on disk.
            after.1
        };
        std::fs::write(left.path().join(DATABASE), after.0)?;
        std::fs::write(left.path().join(LOG), log)?;
        self.store = None;
        self.place = left;
        Ok(())
    }

    fn files(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        let log = std::fs::read(self.data().join(LOG)).unwrap_or_default();
        Ok((std::fs::read(self.data().join(DATABASE))?, log))
    }

    fn backup_file(&self) -> PathBuf {
        self.backups.path().join("backup.db")
    }

    /// Makes a backup, in place of an earlier one.
    pub(super) async fn back_up(&self) -> Result<()> {
        if let Some(store) = &self.store {
            let file = self.backup_file();
            let _ = std::fs::remove_file(&file);
            store.backup(file).await?;
        }
        Ok(())
    }

    /// Puts the backup back; `false` when there is none.
    pub(super) fn put_back(&mut self, now: Instant) -> Result<bool> {
        let file = self.backup_file();
        if !file.exists() {
            return Ok(false);
        }
        self.store = None;
        restore(self.place.path(), &file, Expired::Destroyed, now)?;
        self.start()?;
        Ok(true)
    }
}

/// `after`, as far as it was written over `before`.
fn torn(before: &[u8], after: &[u8], cut: f64) -> Vec<u8> {
    let differs = |i: &usize| before.get(*i) != after.get(*i);
    let Some(first) = (0..after.len()).find(differs) else {
        return after.to_vec();
    };
    let last = (0..after.len()).rfind(differs).unwrap_or(first);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into a small file"
    )]
    let end = first + ((last + 2 - first) as f64 * cut) as usize;
    let mut log = after[..end.min(after.len())].to_vec();
    log.extend_from_slice(before.get(log.len()..).unwrap_or_default());
    log
}
