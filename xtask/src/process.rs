//! Running other programs.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};
use std::{env, thread};

use anyhow::{Context, Result, bail};

use crate::processes;

/// The cargo that runs this xtask.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// npm, which is a script with a suffix on Windows.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Runs `command` with the terminal as its own; an error if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", name(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// Runs `command` and gives what it wrote on standard output; its standard
/// error is shown only if it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", name(command)))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({})\n{}",
            name(command),
            output.status,
            errors.trim_end()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Well,
    Badly,
    /// It took too long, and was ended.
    OutOfTime,
}

/// Runs `command`, hands each line of its standard output and standard error
/// to `on_line` as it comes, and says how it ended. After `limit` it is ended with its
/// descendants, and what they were doing goes to `on_line` too.
///
/// Both streams go through one channel, so that what `on_line` prints stands
/// before whatever the caller prints after.
pub(crate) fn stream(
    command: &mut Command,
    limit: Duration,
    mut on_line: impl FnMut(&str),
) -> Result<Ended> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", name(command)))?;
    let (sender, lines) = mpsc::channel();
    let output = child.stdout.take().context("no standard output")?;
    let errors = child.stderr.take().context("no standard error")?;
    let readers = [
        spawn_reader(output, sender.clone()),
        spawn_reader(errors, sender),
    ];
    let started = Instant::now();
    loop {
        match lines.recv_timeout(limit.saturating_sub(started.elapsed())) {
            Ok(line) if started.elapsed() < limit => on_line(&line),
            Err(RecvTimeoutError::Disconnected) => break,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {
                let family = processes::with_descendants(child.id());
                for process in &family {
                    on_line(&process.to_string());
                }
                processes::kill(&family);
                child.kill()?;
                child.wait()?;
                // What escaped may hold the streams open: they are not read to the end.
                return Ok(Ended::OutOfTime);
            }
        }
    }
    for reader in readers {
        // A reader cannot panic; were it to, the status below still tells.
        let _ = reader.join();
    }
    let succeeded = child.wait()?.success();
    Ok(if succeeded { Ended::Well } else { Ended::Badly })
}

fn spawn_reader(
    stream: impl Read + Send + 'static,
    sender: Sender<String>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        // Bytes, not `lines()`: a test may print what is not UTF-8.
        while let Ok(1..) = reader.read_until(b'\n', &mut bytes) {
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\n', '\r']).to_owned();
            if sender.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    })
}

/// Finds `program` in PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|directory| {
            let bare = directory.join(program);
            // npm on Windows is npm.cmd, the rest are executables.
            [bare.with_extension("exe"), bare.with_extension("cmd"), bare]
        })
        .find(|candidate| candidate.is_file())
}

/// The command as one would type it, for messages.
fn name(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or_default();
    std::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(100);

    #[test]
    fn streams_both_outputs_and_the_verdict() {
        let mut lines = Vec::new();
        let script = "echo one; echo two >&2; printf three; exit 3";
        let mut command = Command::new("sh");
        let ended = stream(command.args(["-c", script]), LONG, |line| {
            lines.push(line.to_owned());
        });
        lines.sort();
        assert_eq!(lines, ["one", "three", "two"]);
        assert_eq!(ended.unwrap(), Ended::Badly);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_does_not_end_is_ended_and_says_what_it_did() {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        let started = Instant::now();
        let ended = stream(
            command.args(["-c", "echo begun; sleep 1234; echo never"]),
            Duration::from_secs(3),
            |line| lines.push(line.to_owned()),
        );
        assert_eq!(ended.unwrap(), Ended::OutOfTime);
        assert!(started.elapsed() < LONG);
        assert_eq!(lines[0], "begun");
        assert!(lines[2].contains("sleep 1234"), "{lines:?}");
        assert_eq!(lines.len(), 3, "{lines:?}");
    }

    #[test]
    fn failures_name_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().starts_with("sh -c exit 3 failed"));
        let error = run(&mut Command::new("/nonexistent/program")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start program");
    }

    #[test]
    fn finds_programs_in_path_only() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-anywhere").is_none());
    }
}
