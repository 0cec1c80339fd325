//! The program under wrong clocks and other time zones.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails that way")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Where distributions put it (package `faketime`).
const FAKETIME: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

fn lagesbild() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lagesbild"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LAGESBILD_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// The program with another clock: `+200d`, say.
fn at(offset: Option<&str>) -> Command {
    let mut command = lagesbild();
    if let Some(offset) = offset {
        let library = FAKETIME.iter().find(|path| Path::new(path).exists());
        command
            .env("LD_PRELOAD", library.unwrap())
            .env("FAKETIME", offset)
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    command
}

fn demo(zone: &str, today: Option<&str>) -> TempDir {
    // Its owner's alone, as a data directory must be.
    let alone = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    let data = tempfile::Builder::new()
        .permissions(alone)
        .tempdir()
        .unwrap();
    let mut command = lagesbild();
    command
        .env("TZ", zone)
        .args(["demo", "--places", "40", "--weeks", "3"]);
    if let Some(today) = today {
        command.args(["--today", today]);
    }
    let output = command.arg("--data").arg(data.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    data
}

fn count(data: &Path, query: &str) -> i64 {
    let connection = rusqlite::Connection::open(data.join("lagesbild.db")).unwrap();
    connection.query_row(query, [], |r| r.get(0)).unwrap()
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path, offset: Option<&str>) -> Self {
        let mut child = at(offset)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("Serving on http://").unwrap();
        Self {
            address: address.to_owned(),
            child,
        }
    }

    fn ready(&self) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Waits until it says so.
    #[track_caller]
    fn says(&self, words: &str) {
        let begun = Instant::now();
        let mut answer = self.ready();
        while !answer.contains(words) && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(50));
            answer = self.ready();
        }
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(words), "{words}: {answer}");
    }

    fn end(mut self) {
        let stop = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(stop.success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_started_once_with_its_clock_far_ahead_or_behind_erases_nothing() {
    if !FAKETIME.iter().any(|path| Path::new(path).exists()) {
        eprintln!("not run: install the package faketime");
        return;
    }
    let data = demo("UTC", None);
    let documents = || count(data.path(), "SELECT count(*) FROM documents");
    let hidden = || count(data.path(), "SELECT count(*) FROM hidden");
    let before = documents();
    assert!(before > 20);
    let server = Server::start(data.path(), None);
    server.says(r#""state":"running""#);
    server.end();
    assert!(count(data.path(), "SELECT mark FROM times") > 0);
    for (offset, reason) in [("+200d", "clock_ahead"), ("-200d", "clock_behind")] {
        for _ in 0..2 {
            let server = Server::start(data.path(), Some(offset));
            server.says(&format!(r#""reason":"{reason}""#));
            server.end();
        }
        assert_eq!((documents(), hidden()), (before, 0), "{offset}");
    }
    let server = Server::start(data.path(), None);
    server.says(r#""state":"running""#);
    server.says(r#""clock_doubted":false"#);
    server.end();
    assert_eq!((documents(), hidden()), (before, 0));

    // Somebody who looked while the clock was wrong, and said go on, sees it stop again.
    let command = |offset, word: &str| {
        let output = at(Some(offset))
            .args(["retention", word, "--data"])
            .arg(data.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = command("+200d", "show");
    assert!(
        shown.contains("stands still: the clock is far ahead"),
        "{shown}"
    );
    let went_on = command("+200d", "go-on");
    assert!(
        went_on.contains("stands still: more than usual"),
        "{went_on}"
    );
    let server = Server::start(data.path(), Some("+200d"));
    server.says(r#""reason":"usual_share""#);
    server.end();
    assert_eq!((documents(), hidden()), (before, 0));
}

#[test]
fn nights_are_stockholm_s_whatever_the_time_zone_of_the_process() {
    // Three weeks that hold the night of 25 hours.
    let nights = |zone| {
        let data = demo(zone, Some("2026-10-30"));
        let connection = rusqlite::Connection::open(data.path().join("lagesbild.db")).unwrap();
        let rows: Vec<(i64, i64)> = connection
            .prepare("SELECT night, started FROM visit_row ORDER BY started, document")
            .unwrap()
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        rows
    };
    let stockholm = nights("Europe/Stockholm");
    assert!(stockholm.len() > 10);
    for zone in ["Pacific/Auckland", "America/Los_Angeles", "UTC"] {
        assert_eq!(nights(zone), stockholm, "{zone}");
    }
}
