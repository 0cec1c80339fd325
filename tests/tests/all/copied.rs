//! Backups and restores that are killed: what was there is there whole, or what is to take
//! its place is, and no plain copy is left behind.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lagesbild_server::outreach::store::encrypted;
use lagesbild_server::shared::database::private::make_directory;
use lagesbild_tests::evidence;
use lagesbild_tests::server::{Server, binary, run};
use rusqlite::Connection;
use sync_core::ids::{DocumentId, Hash};

/// Kills of each command at random moments; as many again in the middle of a swap.
const KILLS: u32 = 20;
/// A visit of the demo city is erased once the backup is made.
const ERASED_AFTERWARDS: &str =
    "SELECT lower(hex(id)) FROM documents WHERE kind = 'visit' ORDER BY number LIMIT 1";

/// A made-up city's data directory, and the key of its backups.
struct City {
    place: tempfile::TempDir,
}

impl City {
    fn new() -> Result<Self> {
        let city = Self {
            place: tempfile::tempdir()?,
        };
        let (data, key) = (city.text("data")?, city.text("key")?);
        run(&["demo", "--data", &data, "--places", "60", "--weeks", "4"])?;
        run(&["backup-key", "--data", &data, "--out", &key])?;
        Ok(city)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn text(&self, name: &str) -> Result<String> {
        Ok(self.at(name).to_str().context("path")?.to_owned())
    }

    /// A whole backup opens with the key, and holds what the database does.
    fn opens(&self, backup: &Path, documents: i64) -> Result<()> {
        let plain = self.at("opened");
        encrypted::decrypt(backup, &plain, &self.at("key"))?;
        ensure!(count(&plain, "SELECT count(*) FROM documents")? == documents);
        let connection = Connection::open(&plain)?;
        let said: String = connection.query_row("PRAGMA integrity_check", [], |r| r.get(0))?;
        ensure!(said == "ok", "{said}");
        drop(connection);
        Ok(std::fs::remove_file(plain)?)
    }

    /// Copies the data directory, as a disk's image would be.
    fn copied(&self, from: &str, to: &str) -> Result<PathBuf> {
        let to = self.at(to);
        if to.exists() {
            std::fs::remove_dir_all(&to)?;
        }
        make_directory(&to)?;
        for entry in std::fs::read_dir(self.at(from))? {
            let entry = entry?;
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
        Ok(to)
    }
}

fn count(database: &Path, query: &str) -> Result<i64> {
    let connection = Connection::open(database)?;
    Ok(connection.query_row(query, [], |r| r.get(0))?)
}

fn documents(data: &Path) -> Result<i64> {
    count(&data.join("lagesbild.db"), "SELECT count(*) FROM documents")
}

fn begun(arguments: &[&str]) -> Result<Child> {
    Ok(Command::new(binary()?)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?)
}

/// Kills a command after a while, or when something is so; whether it had ended before.
fn killed_when(mut child: Child, after: Duration, now: impl Fn() -> bool) -> Result<bool> {
    let begun = Instant::now();
    while begun.elapsed() < after && !now() {
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "it ended with {status}");
            return Ok(true);
        }
    }
    child.kill()?;
    Ok(child.wait()?.success())
}

/// How long a command takes when nobody kills it.
fn measured(arguments: &[&str]) -> Result<Duration> {
    let begun = Instant::now();
    run(arguments)?;
    Ok(begun.elapsed())
}

fn random_part(of: Duration) -> Duration {
    of.mul_f64(fastrand::f64() * 1.1)
}

/// The next command, or the next start, leaves nothing of a copy in the directory.
fn is_tidy(data: &Path, round: u32) -> Result<()> {
    if round.is_multiple_of(2) {
        run(&["audit", "verify", "--data", data.to_str().context("path")?])?;
    } else {
        Server::start(data)?.stop()?;
    }
    for entry in std::fs::read_dir(data)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let copy = name.starts_with("backup.copy") || name.contains("restoring");
        ensure!(!copy, "{name} was left behind");
    }
    Ok(())
}

#[test]
fn a_backup_that_is_killed_is_there_whole_or_not_at_all_and_leaves_no_plain_copy() -> Result<()> {
    let city = City::new()?;
    let data = city.at("data");
    let all = documents(&data)?;
    ensure!(all > 100, "{all} documents");
    let path = city.text("data")?;
    let takes = measured(&["backup", "--data", &path, &city.text("first")?])?;
    city.opens(&city.at("first"), all)?;
    let (mut whole, mut left) = (0, 0);
    for round in 0..KILLS {
        let name = format!("backup-{round}");
        let child = begun(&["backup", "--data", &path, &city.text(&name)?])?;
        // Half of them while the plain copy is there for certain.
        let copy = data.join("backup.copy");
        let seen = || round % 2 == 1 && copy.exists();
        killed_when(child, random_part(takes), seen)?;
        left += u32::from(copy.exists());
        if city.at(&name).exists() {
            city.opens(&city.at(&name), all)
                .with_context(|| format!("round {round}"))?;
            whole += 1;
        }
        is_tidy(&data, round).with_context(|| format!("round {round}"))?;
        ensure!(documents(&data)? == all, "round {round}");
        // The same name is free for the next attempt.
        if round % 5 == 0 && !city.at(&name).exists() {
            run(&["backup", "--data", &path, &city.text(&name)?])?;
            city.opens(&city.at(&name), all)?;
        }
    }
    println!(
        "{KILLS} kills of a backup that takes {takes:?}: {whole} whole, {left} plain copies swept"
    );
    ensure!(left > 0, "no kill found the plain copy");
    evidence::is_whole(&data)
}

/// Lets the city go on once the backup is made; returns all changes of which it lacks none.
fn goes_on(city: &City) -> Result<BTreeSet<(DocumentId, Hash)>> {
    let (data, path) = (city.at("data"), city.text("data")?);
    let database = Connection::open(data.join("lagesbild.db"))?;
    let erased: String = database.query_row(ERASED_AFTERWARDS, [], |r| r.get(0))?;
    drop(database);
    run(&["erase", "--data", &path, &erased])?;
    // What the backup lacks: the old database is known by it.
    run(&["organisation", "--data", &path, "senare", "Senare"])?;
    evidence::stored(&data)
}

#[test]
fn a_restore_that_is_killed_leaves_the_old_or_the_new_whole() -> Result<()> {
    let city = City::new()?;
    let (backup, key) = (city.text("backup")?, city.text("key")?);
    run(&["backup", "--data", &city.text("data")?, &backup])?;
    let all = goes_on(&city)?;

    let path = city.text("killed")?;
    let restore = ["restore", "--data", &path, &backup, "--identity", &key];
    let data = city.copied("data", "killed")?;
    let takes = measured(&restore)?;
    ensure!(evidence::stored(&data)? == all, "but for what was erased");

    let replaced = data.join("lagesbild.db.replaced");
    let (mut olds, mut swaps) = (0, 0);
    for round in 0..2 * KILLS {
        city.copied("data", "killed")?;
        let in_the_swap = round >= KILLS;
        let mut after = random_part(takes);
        if in_the_swap {
            // The first thing that the swap takes away.
            std::fs::copy(data.join("lagesbild.db"), &replaced)?;
            after = takes * 20;
        }
        let swapping = || in_the_swap && !replaced.exists();
        let ended = killed_when(begun(&restore)?, after, swapping)?;
        swaps += u32::from(in_the_swap && !ended);
        let what = || format!("round {round}, in the swap: {in_the_swap}");
        let later = "SELECT count(*) FROM organisations WHERE id = 'senare'";
        let is_old = count(&data.join("lagesbild.db"), later).with_context(what)? == 1;
        ensure!(!(ended && is_old), "{}: it ended, and is not there", what());
        olds += u32::from(is_old);
        is_tidy(&data, round).with_context(what)?;
        evidence::is_whole(&data).with_context(what)?;
        let stored = evidence::stored(&data)?;
        ensure!(stored == all, "{}: another database", what());
    }
    println!(
        "{} kills of a restore that takes {takes:?}, {swaps} of them in its swap; {olds} times the old is there",
        2 * KILLS
    );
    ensure!(olds > 0 && swaps > 0, "no kill came in time");
    Ok(())
}
