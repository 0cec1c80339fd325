//! `cargo xtask dev`: the demo city under development, with what one changes taken in.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::progress::Progress;
use crate::repository::Repository;
use crate::stamp::Fingerprint;
use crate::{prerequisites, process, processes, run, wasm, web};

/// Options of `cargo xtask dev`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The port of the pages.
    #[arg(long, default_value_t = 5173)]
    port: u16,
    /// The port of the server behind them.
    #[arg(long, value_name = "PORT", default_value_t = 8081)]
    server_port: u16,
    /// Where the server keeps its state; a demo city is made if it is empty.
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
}

/// The sources of the server, and of the app's core as wasm.
const SOURCES: [&str; 6] = [
    "Cargo.lock",
    "server/content",
    "server/migrations",
    "server/src",
    "sync-core/src",
    "web-pwa/wasm",
];

/// The time between two looks at the sources: reading them all takes some milliseconds.
const LOOK: Duration = Duration::from_millis(500);

/// Serves the demo city until Ctrl-C: the pages from their sources by Vite, which reloads
/// what changes, and the server, which is built and started again when its sources change.
pub(crate) fn dev(repository: &Repository, progress: &Progress, options: &Options) -> Result<()> {
    prerequisites::check()?;
    end_all_on_signal()?;
    run::ensure_free(options.port)?;
    run::ensure_free(options.server_port)?;
    wasm::build(repository, progress)?;
    web::install(&repository.web(), progress)?;
    let sources = fingerprint(repository)?;
    progress.step("server", || run::build_server(repository))?;
    let city = run::City::at(repository, progress, &options.data)?;
    city.print_links(&format!("http://localhost:{}", options.port), progress)?;

    let server = Running::start(&mut city.serve(options.server_port))?;
    let pages = Running::start(&mut pages(repository, options))?;
    println!("Pages reload by themselves; the server is built again when its sources change.");
    let mut under_way = UnderWay {
        sources,
        server,
        pages,
    };
    loop {
        thread::sleep(LOOK);
        under_way.look(repository, progress, || city.serve(options.server_port))?;
    }
}

/// The processes that run, and the sources that they were built from.
#[derive(Debug)]
struct UnderWay {
    sources: String,
    server: Running,
    pages: Running,
}

impl UnderWay {
    /// Builds the server and starts it again if its sources have changed. What does not
    /// build leaves the server that runs.
    fn look(
        &mut self,
        repository: &Repository,
        progress: &Progress,
        serve: impl FnOnce() -> Command,
    ) -> Result<()> {
        if self.pages.has_ended()? {
            bail!("Vite has ended; above is why");
        }
        // One that is being written may be gone between two looks: the next one sees it.
        let Ok(sources) = fingerprint(repository) else {
            return Ok(());
        };
        if sources == self.sources {
            return Ok(());
        }
        self.sources = sources;
        let built = progress.step("server", || run::build_server(repository));
        if built.is_err() {
            println!("The server that runs is the one from before.");
            return Ok(());
        }
        self.server.end()?;
        self.server = Running::start(&mut serve())?;
        // The phone's core last: it takes longest, and the page loads it again.
        if let Err(error) = wasm::build(repository, progress) {
            println!("{error:#}");
        }
        Ok(())
    }
}

/// A program that is ended when it is dropped.
#[derive(Debug)]
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        process::spawn(command).map(Self)
    }

    fn has_ended(&mut self) -> Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }

    /// Ends it at once: the server loses nothing by that.
    fn end(&mut self) -> Result<()> {
        process::end(&mut self.0)?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended by itself is no failure.
        let _ = self.end();
    }
}

/// Vite, which passes API calls on to the server.
fn pages(repository: &Repository, options: &Options) -> Command {
    let mut command = Command::new("node");
    command
        .arg("node_modules/vite/bin/vite.js")
        .args(["--strictPort", "--port", &options.port.to_string()])
        .current_dir(repository.web())
        .env(
            "LAGESBILD_SERVER",
            format!("http://127.0.0.1:{}", options.server_port),
        );
    command
}

/// On Ctrl-C or a signal ends what is being built or runs, and xtask itself.
fn end_all_on_signal() -> Result<()> {
    ctrlc::set_handler(|| {
        let own = std::process::id();
        let family = processes::with_descendants(own);
        processes::kill(family.get(1..).unwrap_or_default());
        std::process::exit(130);
    })
    .context("cannot listen for Ctrl-C")
}

fn fingerprint(repository: &Repository) -> Result<String> {
    let root: &Path = repository.root();
    SOURCES
        .iter()
        .try_fold(Fingerprint::default(), |fingerprint, path| {
            fingerprint.files(root, path, &[])
        })
        .map(Fingerprint::finish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_watched_is_there() {
        let repository = Repository::find().unwrap();
        for path in SOURCES {
            assert!(repository.root().join(path).exists(), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_runs_is_ended_with_what_started_it() {
        let mut sleep = Command::new("sleep");
        let running = Running::start(sleep.arg("1234")).unwrap();
        let proc = PathBuf::from(format!("/proc/{}", running.0.id()));
        drop(running);
        assert!(!proc.exists());
    }
}
