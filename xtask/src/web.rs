//! The app: npm packages, Vite's build, compressed twins, budgets.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::progress::Progress;
use crate::repository::Repository;
use crate::stamp::{self, Fingerprint};
use crate::{budget, precompress, process, wasm};

/// Directories below `web-pwa` that are made, not written.
const MADE: [&str; 4] = ["node_modules", "dist", "coverage", "test-results"];

/// Builds the app into `web-pwa/dist`, from the wasm bindings on.
pub(crate) fn build(repository: &Repository, progress: &Progress) -> Result<()> {
    wasm::build(repository, progress)?;
    install(&repository.web(), progress)?;
    bundle(repository, progress)
}

/// Builds the app and prints its size; an error if it is over budget.
pub(crate) fn build_within_budget(repository: &Repository, progress: &Progress) -> Result<()> {
    build(repository, progress)?;
    print!("{}", budget::check(&repository.dist())?);
    Ok(())
}

/// Runs `npm ci` in `directory`, unless its lock file is the one that was
/// installed from.
pub(crate) fn install(directory: &Path, progress: &Progress) -> Result<()> {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let title = format!("npm packages of {name}");
    if !directory.join("package-lock.json").is_file() {
        bail!("{} has no package-lock.json", directory.display());
    }
    let fingerprint = Fingerprint::default()
        .files(directory, "package-lock.json", &[])?
        .files(directory, "package.json", &[])?
        .finish();
    // Within node_modules, so that it goes when they go.
    let stamp = directory.join("node_modules/.xtask-packages.stamp");
    if stamp::is_current(&stamp, &fingerprint) {
        progress.skipped(&title, "unchanged");
        return Ok(());
    }
    progress.step(&title, || {
        process::run(
            process::npm()
                .args(["ci", "--no-audit", "--no-fund"])
                .current_dir(directory),
        )
    })?;
    stamp::write(&stamp, &fingerprint)
}

/// Checks whether `package.json` in `directory` has the script `name`.
pub(crate) fn has_script(directory: &Path, name: &str) -> Result<bool> {
    // npm reads its own format better than we would.
    let output = process::output(
        process::npm()
            .args(["pkg", "get", &format!("scripts[{name}]")])
            .current_dir(directory),
    )?;
    Ok(output.trim() != "{}")
}

fn bundle(repository: &Repository, progress: &Progress) -> Result<()> {
    let dist = repository.dist();
    let fingerprint = Fingerprint::default()
        .files(repository.root(), "web-pwa", &MADE)?
        .finish();
    // Not within dist, which is served.
    let stamp = repository.web().join("node_modules/.xtask-app.stamp");
    if stamp::is_current(&stamp, &fingerprint)
        && dist.join("index.html").is_file()
        && precompress::is_complete(&dist)
    {
        progress.skipped("app", "unchanged");
        return Ok(());
    }
    stamp::clear(&stamp)?;
    progress.step("app: build", || {
        process::run(
            process::npm()
                .args(["run", "--silent", "build"])
                .current_dir(repository.web()),
        )
    })?;
    let files = progress.step("app: compress", || precompress::directory(&dist))?;
    let [plain, gzip, brotli] = files.iter().fold([0; 3], |sum, (_, size)| {
        [
            sum[0] + size.plain,
            sum[1] + size.gzip,
            sum[2] + size.brotli,
        ]
    });
    println!(
        "  {} files, {} kB: {} kB gzip, {} kB brotli",
        files.len(),
        plain / 1000,
        gzip / 1000,
        brotli / 1000
    );
    fs::metadata(dist.join("index.html")).context("Vite made no index.html")?;
    stamp::write(&stamp, &fingerprint)
}
