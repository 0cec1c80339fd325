//! Running other programs.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
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

/// After this long a build, an installation or a step that tests is ended, so that one
/// that hangs says where it does and the others still run. The longest takes ten minutes.
/// Who asks for more kills or seeds than usual runs `cargo test` itself.
pub(crate) const LIMIT: Duration = Duration::from_mins(30);

/// Runs `command` with the terminal as its own; an error if it fails, or has not ended
/// within [`LIMIT`].
pub(crate) fn run(command: &mut Command) -> Result<()> {
    run_within(command, LIMIT)
}

/// The same for what takes as long as it takes: measuring, serving.
pub(crate) fn run_long(command: &mut Command) -> Result<()> {
    run_within(command, Duration::MAX)
}

fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = spawn(command)?;
    let started = Instant::now();
    let Some(status) = wait(&mut child, started, limit)? else {
        let was_doing = end(&mut child)?;
        bail!(
            "{} had not ended after {} minutes:\n{}",
            name(command),
            limit.as_secs() / 60,
            was_doing.join("\n")
        );
    };
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// Starts `command` with the terminal as its own.
pub(crate) fn spawn(command: &mut Command) -> Result<Child> {
    command
        .spawn()
        .with_context(|| format!("cannot start {}", name(command)))
}

/// Waits for its end; returns `None` when it had not come after `limit`.
fn wait(child: &mut Child, started: Instant, limit: Duration) -> Result<Option<ExitStatus>> {
    const MOST_BETWEEN: Duration = Duration::from_millis(50);
    let mut between = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() >= limit {
            return Ok(None);
        }
        thread::sleep(between);
        between = (2 * between).min(MOST_BETWEEN);
    }
}

/// Ends it with its descendants; gives what they were doing.
pub(crate) fn end(child: &mut Child) -> Result<Vec<String>> {
    let family = processes::with_descendants(child.id());
    processes::kill(&family);
    child.kill()?;
    child.wait()?;
    Ok(family.iter().map(ToString::to_string).collect())
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
    let streams = command.stdin(Stdio::null());
    let mut child = spawn(streams.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (sender, lines) = mpsc::channel();
    let output = child.stdout.take().context("no standard output")?;
    let errors = child.stderr.take().context("no standard error")?;
    spawn_reader(output, sender.clone());
    spawn_reader(errors, sender);
    let started = Instant::now();
    let ended = loop {
        match lines.recv_timeout(limit.saturating_sub(started.elapsed())) {
            Ok(line) if started.elapsed() < limit => on_line(&line),
            // Both streams are closed: it has ended, or nearly.
            Err(RecvTimeoutError::Disconnected) => break wait(&mut child, started, limit)?,
            Ok(_) | Err(RecvTimeoutError::Timeout) => break None,
        }
    };
    Ok(match ended {
        Some(status) if status.success() => Ended::Well,
        Some(_) => Ended::Badly,
        None => {
            // What escaped may hold the streams open: they are not read to the end.
            for process in end(&mut child)? {
                on_line(&process);
            }
            Ended::OutOfTime
        }
    })
}

/// Hands the lines of a stream on until it is closed.
fn spawn_reader(stream: impl Read + Send + 'static, sender: Sender<String>) {
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
    });
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
    fn what_closes_its_streams_and_goes_on_is_ended_too() {
        let mut command = Command::new("sh");
        let script = "exec >/dev/null 2>&1; sleep 1234";
        let started = Instant::now();
        let ended = stream(command.args(["-c", script]), Duration::from_secs(1), |_| ());
        assert_eq!(ended.unwrap(), Ended::OutOfTime);
        let mut command = Command::new("sh");
        let error = run_within(command.args(["-c", script]), Duration::from_secs(1));
        let error = error.unwrap_err().to_string();
        assert!(error.contains("had not ended"), "{error}");
        assert!(started.elapsed() < LONG);
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
