//! The drill: a backup while everybody works, a disk that is lost, the backup put
//! back, by the commands that an operator types.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lagesbild_server::outreach::sealed::KEY_FILE as ENVELOPES;
use lagesbild_server::outreach::store::receipts::KEY_FILE;
use lagesbild_server::shared::database::tombstones::GONE_FILE;
use lagesbild_tests::client::Client;
use lagesbild_tests::evidence;
use lagesbild_tests::phone::{Phone, now};
use lagesbild_tests::sample;
use lagesbild_tests::server::{Server, run};

use crate::team::Team;

/// Makes a directory its owner's alone, as the operator is told.
fn private(directory: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Replies between the backup and the loss.
const AFTERWARDS: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_put_back_and_nothing_acknowledged_is_missing() -> Result<()> {
    let mut team = Team::new().await?;
    let data = team.data();
    let path = data.to_str().context("path")?.to_owned();
    let file = data.with_extension("backup").display().to_string();
    let key = data.with_extension("key").display().to_string();
    let refused = run(&["backup", "--data", &path, &file]).expect_err("for nobody to read");
    ensure!(refused.to_string().contains("backup-key"), "{refused}");
    run(&["backup-key", "--data", &path, "--out", &key])?;

    // Something to be erased, and a phone to be lost, after the backup.
    let server = Server::start(&data)?;
    let client = Client::new(&server.base);
    let code = server.invite("worker", "eu-teamet")?;
    let mut stolen = Phone::enrol(&client, &code).await?;
    let count = sample::count(stolen.device, now(), 3);
    let regretted = stolen.create(sample::visit(team.place, Phone::record_id()?, count))?;
    stolen.sync().await?;

    // Everybody works while it is made, and for some time after it.
    let backup = std::thread::spawn({
        let (path, file) = (path.clone(), file.clone());
        move || run(&["backup", "--data", &path, &file])
    });
    let mut made_at = None;
    let enough = |answered: usize| {
        if backup.is_finished() {
            made_at.get_or_insert(answered);
        }
        made_at.is_some_and(|at| answered >= at + AFTERWARDS)
    };
    team.work_until(server, enough, Duration::ZERO).await?;
    let said = backup.join().expect("the thread ends")?;
    ensure!(said.contains("checked"), "{said}");
    // What an operator is told to keep beside the backup.
    let kept = [KEY_FILE, ENVELOPES, GONE_FILE];
    ensure!(kept.iter().all(|name| said.contains(name)), "{said}");
    evidence::holds(&data, &team.acknowledged)?;
    let before = evidence::stored(&data)?;

    let server = Server::start(&data)?;
    run(&["erase", "--data", &path, &regretted.to_string()])?;
    run(&["revoke", "--data", &path, &stolen.device.to_string()])?;
    let blind = run(&["restore", "--data", &path, &file]).expect_err("it is encrypted");
    ensure!(blind.to_string().contains("--identity"), "{blind}");
    let restore = ["restore", "--data", &path, &file, "--identity", &key];
    let refused = run(&restore).expect_err("a server uses the directory");
    ensure!(refused.to_string().contains("stop it"), "{refused}");
    server.stop()?;

    // The disk is lost, but for that.
    let lost = data.with_extension("lost");
    std::fs::rename(&data, &lost)?;
    // By somebody who did not think of who else can look.
    std::fs::create_dir(&data)?;
    for name in kept {
        std::fs::copy(lost.join(name), data.join(name)).context(name)?;
    }
    let open = run(&restore).expect_err("everybody could read it");
    ensure!(open.to_string().contains("chmod"), "{open}");
    private(&data)?;
    let said = run(&restore)?;
    ensure!(
        !data.join("backup.copy").exists(),
        "the decrypted copy was left behind"
    );
    ensure!(
        said.contains("Erased again: 1. Revoked again: 1."),
        "{said}"
    );
    let restored = evidence::stored(&data)?;
    ensure!(
        restored.iter().all(|(document, _)| *document != regretted),
        "what was erased is back"
    );
    let missing = before
        .iter()
        .filter(|(document, hash)| {
            *document != regretted && !restored.contains(&(*document, *hash))
        })
        .count();
    ensure!(missing > 0, "the backup was no older than the loss");

    // The phones give back what the backup lacks.
    team.acknowledged.forget(regretted);
    let server = Server::start(&data)?;
    stolen.connect(&Client::new(&server.base));
    let refused = stolen.sync().await.expect_err("it is revoked");
    ensure!(refused.to_string().contains("403"), "{refused}");
    server.stop()?;
    team.agree().await?;
    Ok(())
}
