//! The real binary as a child process on a free port, with a data directory of
//! its own.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;

/// Where the binary is: `LAGESBILD_BIN`, or beside the running test.
pub fn binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("LAGESBILD_BIN") {
        return Ok(path.into());
    }
    let mut directory = std::env::current_exe()?;
    // …/target/debug/deps/all-1234 → …/target/debug/lagesbild
    while directory.pop() {
        let candidate = directory.join("lagesbild");
        if candidate.is_file() {
            return Ok(candidate);
        }
    }
    bail!(
        "the server's binary is not built: run `cargo build -p lagesbild-server`, \
         or name it in LAGESBILD_BIN"
    )
}

/// Runs a subcommand to its end; gives what it printed.
pub fn run(arguments: &[&str]) -> Result<String> {
    run_with(arguments, &[])
}

/// [`run`] with environment variables.
pub fn run_with(arguments: &[&str], environment: &[(&str, OsString)]) -> Result<String> {
    let output = Command::new(binary()?)
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()?;
    ensure!(
        output.status.success(),
        "lagesbild {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// A running server. Killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Its address, e.g. `http://127.0.0.1:40123`.
    pub base: String,
    data: PathBuf,
}

impl Server {
    /// Starts a server on `data`. The configuration lets any number of phones
    /// enrol and sync from this one address.
    pub fn start(data: &Path) -> Result<Self> {
        Self::start_with(data, &[])
    }

    /// [`Server::start`] with environment variables.
    pub fn start_with(data: &Path, environment: &[(&str, OsString)]) -> Result<Self> {
        Self::start_configured(data, environment, CONFIGURATION)
    }

    /// [`Server::start_with`] a configuration of one's own.
    pub fn start_configured(
        data: &Path,
        environment: &[(&str, OsString)],
        configuration: &str,
    ) -> Result<Self> {
        let config = data.with_extension("toml");
        std::fs::write(&config, configuration)?;
        let mut child = Command::new(binary()?)
            .arg("serve")
            .args(["--listen", "127.0.0.1:0", "--log", "warn"])
            .arg("--data")
            .arg(data)
            .arg("--config")
            .arg(&config)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let base = line
            .trim()
            .strip_prefix("Serving on ")
            .with_context(|| format!("the server said {line:?}"))?
            .to_owned();
        Ok(Self {
            child,
            base,
            data: data.to_owned(),
        })
    }

    /// An invitation's code for a member of an organisation.
    pub fn invite(&self, role: &str, organisation: &str) -> Result<String> {
        let data = self.data.to_str().context("the path is no text")?;
        let printed = run(&[
            "invite",
            "--data",
            data,
            "--role",
            role,
            "--organisation",
            organisation,
        ])?;
        let (_, code) = printed
            .trim()
            .rsplit_once("#enrol=")
            .with_context(|| format!("invite printed {printed:?}"))?;
        Ok(code.to_owned())
    }

    /// Ends the server at once, as a power cut would.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks the server to end and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the server ended with {status}");
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("the server did not end")
    }

    /// CPU seconds used and highest resident memory in bytes, from `/proc`.
    pub fn usage(&self) -> Result<(f64, u64)> {
        usage(self.child.id())
    }
}

/// CPU seconds that a process used, by its own clock, and its highest resident memory in
/// bytes, from `/proc`, which tells times in hundredths of a second only.
pub fn usage(process: u32) -> Result<(f64, u64)> {
    let clock = clock_getcpuclockid(Pid::from_raw(process.try_into()?))?;
    let seconds = Duration::from(clock.now()?).as_secs_f64();
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .context("no VmHWM")?;
    Ok((seconds, peak.parse::<u64>()? * 1024))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const CONFIGURATION: &str = include_str!("server.toml");
