//! `cargo xtask run`: from a fresh checkout to a demo city in the browser.

use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;

use crate::progress::Progress;
use crate::repository::Repository;
use crate::{prerequisites, process, web};

/// The organisation that the demo's links belong to.
const ORGANISATION: &str = "eu-teamet";
/// A city that is made in seconds and fills every view.
const DEMO: [&str; 6] = ["--seed", "1", "--places", "80", "--weeks", "12"];

/// Options of `cargo xtask run`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The port to serve on.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the server keeps its state; a demo city is made if it is empty.
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
}

/// The cargo profile's directory of the server that is tried out: the one that
/// the tests use. A newcomer waits for the build, not for the server.
const PROFILE: &str = "debug";

/// Builds all, makes the demo city on first use, and becomes the server.
pub(crate) fn run(repository: &Repository, progress: &Progress, options: &Options) -> Result<()> {
    prerequisites::check()?;
    // Before minutes of building, not after.
    ensure_free(options.port)?;
    build(repository, progress)?;
    let city = City::at(repository, progress, &options.data)?;
    ensure_free(options.port)?;
    println!();
    city.print_links(&format!("http://localhost:{}", options.port), progress)?;
    println!("Ctrl-C stops.\n");
    become_process(city.serve(options.port).arg("--web").arg(repository.dist()))
}

/// A demo city's data, and the server that serves it.
#[derive(Debug)]
pub(crate) struct City {
    server: PathBuf,
    data: PathBuf,
}

impl City {
    /// The city in `data`, made if there is none. The server must have been built.
    pub(crate) fn at(repository: &Repository, progress: &Progress, data: &Path) -> Result<Self> {
        let server = repository.server(PROFILE);
        let data = std::path::absolute(data)?;
        if is_empty(&data)? {
            progress.step("demo city", || {
                make_whole(&data, |directory| make_demo(&server, directory))
            })?;
        }
        Ok(Self { server, data })
    }

    /// Invites a worker and a coordinator to the pages at `url`, and prints their links.
    pub(crate) fn print_links(&self, url: &str, progress: &Progress) -> Result<()> {
        let worker = invite(&self.server, &self.data, "worker", url)?;
        let coordinator = invite(&self.server, &self.data, "coordinator", url)?;
        println!("[{}] serving {url}", progress.elapsed());
        println!("  a worker's phone:  {worker}");
        println!("  a coordinator:     {coordinator}");
        println!("Each link enrols one device, once.");
        Ok(())
    }

    /// The server, on `port` of this machine.
    pub(crate) fn serve(&self, port: u16) -> Command {
        let mut command = Command::new(&self.server);
        command
            .arg("serve")
            .arg("--data")
            .arg(&self.data)
            .arg("--listen")
            .arg(format!("{}:{port}", Ipv4Addr::LOCALHOST));
        command
    }
}

/// Builds the server and the app side by side: each has minutes in which one
/// crate keeps one core busy and the other idle.
fn build(repository: &Repository, progress: &Progress) -> Result<()> {
    thread::scope(|scope| {
        let server = scope.spawn(|| progress.step("server", || build_server(repository)));
        let app = web::build(repository, progress);
        // Only a panic makes join fail, and it has been printed.
        let server = server.join().map_err(|_| anyhow!("xtask has a defect"))?;
        app.and(server)
    })
}

/// Builds the server that is tried out.
pub(crate) fn build_server(repository: &Repository) -> Result<()> {
    process::run(
        process::cargo()
            .args(["build", "--package", "lagesbild-server"])
            .args(["--bin", "lagesbild"])
            .current_dir(repository.root()),
    )
}

/// An error if something else listens on `port`.
pub(crate) fn ensure_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!(
                "port {port} is in use; stop what uses it, or choose another, such as {}",
                port.checked_add(1).unwrap_or(8080)
            )
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on port {port}")),
    }
}

fn is_empty(directory: &Path) -> Result<bool> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", directory.display())),
    }
}

fn make_demo(server: &Path, data: &Path) -> Result<()> {
    process::run(
        Command::new(server)
            .arg("demo")
            .args(DEMO)
            .arg("--data")
            .arg(data),
    )
}

/// Lets `make` fill a directory beside `data`, and moves it there when it is
/// whole, so that one interrupted half-way is not taken for a finished one.
fn make_whole(data: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let mut unfinished = data.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)
            .with_context(|| format!("cannot remove {}", unfinished.display()))?;
    }
    make(&unfinished)?;
    if data.exists() {
        fs::remove_dir(data)?;
    }
    fs::rename(&unfinished, data)
        .with_context(|| format!("cannot move the demo city to {}", data.display()))
}

/// Makes an invitation; gives its link.
fn invite(server: &Path, data: &Path, role: &str, url: &str) -> Result<String> {
    let printed = process::output(
        Command::new(server)
            .arg("invite")
            .arg("--data")
            .arg(data)
            .args(["--role", role, "--organisation", ORGANISATION, "--url", url]),
    )?;
    last_line(&printed).with_context(|| format!("the server printed no link for a {role}"))
}

fn last_line(printed: &str) -> Option<String> {
    let line = printed.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(line.trim().to_owned())
}

/// Replaces xtask by the server, so that Ctrl-C and signals reach it and
/// nothing else, and its exit code is ours.
#[cfg(unix)]
fn become_process(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_process(command: &mut Command) -> Result<()> {
    process::run_long(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::scratch;

    #[test]
    fn a_port_in_use_is_said_plainly() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = ensure_free(port).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("port {port} is in use")),
            "{error}"
        );
    }

    #[test]
    fn absent_and_empty_directories_are_empty() {
        let directory = scratch("empty");
        assert!(is_empty(&directory).unwrap());
        assert!(is_empty(&directory.join("absent")).unwrap());
        fs::write(directory.join("file"), "").unwrap();
        assert!(!is_empty(&directory).unwrap());
    }

    #[test]
    fn the_link_is_the_last_line() {
        let printed = "made an invitation\nhttp://localhost:8080/#enrol=abc\n\n";
        assert_eq!(
            last_line(printed).as_deref(),
            Some("http://localhost:8080/#enrol=abc")
        );
        assert_eq!(last_line("\n"), None);
    }

    #[test]
    fn an_interrupted_city_is_made_again() {
        let directory = scratch("demo");
        let data = directory.join("data");
        fs::create_dir(&data).unwrap();
        let half = make_whole(&data, |unfinished| {
            fs::create_dir(unfinished)?;
            fs::write(unfinished.join("half"), "")?;
            bail!("interrupted")
        });
        assert!(half.is_err());
        assert!(is_empty(&data).unwrap());

        make_whole(&data, |unfinished| {
            fs::create_dir(unfinished)?;
            Ok(fs::write(unfinished.join("city"), "")?)
        })
        .unwrap();
        assert!(data.join("city").exists());
        assert!(!data.join("half").exists());
        assert!(!directory.join("data.unfinished").exists());
    }
}
