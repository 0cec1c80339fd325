//! The program itself: what it says on the command line, how it begins and ends.

#![expect(clippy::unwrap_used, reason = "a test fails that way")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sync_core::protocol::enrolment_bytes;
use tempfile::TempDir;

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

fn run(arguments: &[&str], data: &Path) -> Output {
    let (command, rest) = arguments.split_first().unwrap();
    lagesbild()
        .arg(command)
        .arg("--data")
        .arg(data)
        .args(rest)
        .output()
        .unwrap()
}

/// Checks that the program gave up with one sentence that holds these words.
#[track_caller]
fn gives_up(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
    assert!(said.starts_with("lagesbild: "), "{said}");
    assert!(!said.contains("panic"), "{said}");
}

/// A directory with one organisation.
fn city() -> TempDir {
    // Its owner's alone, as a data directory must be.
    let alone = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    let data = tempfile::Builder::new()
        .permissions(alone)
        .tempdir()
        .unwrap();
    let output = run(&["organisation", "eu-teamet", "EU-teamet"], data.path());
    assert!(output.status.success(), "{output:?}");
    data
}

/// A running server, killed when the test ends badly.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut child = lagesbild()
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

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn says_in_one_sentence_why_it_cannot_serve() {
    let data = city();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&["serve", "--listen", &listen], data.path());
    gives_up(&output, &[&port, "in use"]);

    let output = run(&["serve", "--web", "/nowhere/at/all"], data.path());
    gives_up(&output, &["/nowhere/at/all", "cargo xtask web"]);

    let config = data.path().join("l.toml");
    std::fs::write(&config, "\nperiod_dogs = 3\n").unwrap();
    let output = run(
        &["serve", "--config", config.to_str().unwrap()],
        data.path(),
    );
    gives_up(&output, &["l.toml", "period_dogs", "line 2"]);

    let output = run(&["serve", "--listen", "127.0.0.1:0"], &config.join("below"));
    gives_up(&output, &["l.toml/below", "data directory"]);
}

#[test]
fn refuses_a_directory_of_a_newer_version() {
    let data = city();
    let connection = rusqlite::Connection::open(data.path().join("lagesbild.db")).unwrap();
    connection
        .execute_batch("INSERT INTO refinery_schema_history VALUES (999, 'later', '2099-01-01T00:00:00Z', '1')")
        .unwrap();
    drop(connection);
    let output = run(&["rebuild"], data.path());
    gives_up(&output, &["newer version", "999"]);
}

#[test]
fn invites_only_to_what_exists() {
    let data = city();
    let invite = |role, organisation| {
        run(
            &["invite", "--role", role, "--organisation", organisation],
            data.path(),
        )
    };
    gives_up(
        &invite("worker", "nobody"),
        &["nobody", "lagesbild organisation"],
    );
    let output = invite("coordinator", "eu-teamet");
    let said = String::from_utf8(output.stdout).unwrap();
    let link = said.lines().last().unwrap();
    assert!(
        link.starts_with("http://localhost:8080/samordning#enrol="),
        "{said}"
    );
}

#[test]
fn an_invitation_leads_to_where_phones_reach_the_server() {
    let data = city();
    // Beside the data directory, where others may read.
    let beside = tempfile::tempdir().unwrap();
    let file = beside.path().join("lagesbild.toml");
    let link = |toml: &str, more: &[&str]| {
        std::fs::write(&file, toml).unwrap();
        let words = ["invite", "--role", "worker", "--organisation", "eu-teamet"];
        let config = ["--config", file.to_str().unwrap()];
        let output = run(&[&words[..], &config, more].concat(), data.path());
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().last().unwrap_or_default().to_owned()
    };
    let here = link("listen = \"127.0.0.1:9999\"\n", &[]);
    assert!(here.starts_with("http://localhost:9999/#enrol="), "{here}");
    let public = "public_url = \"https://exempel.se/\"\n";
    let there = link(public, &[]);
    assert!(there.starts_with("https://exempel.se/#enrol="), "{there}");
    let said = link(public, &["--url", "https://annan.exempel.se"]);
    assert!(
        said.starts_with("https://annan.exempel.se/#enrol="),
        "{said}"
    );
    let words = ["invite", "--role", "worker", "--organisation", "eu-teamet"];
    let refused = run(
        &[&words[..], &["--url", "exempel.se"]].concat(),
        data.path(),
    );
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && said.contains("write https://exempel.se"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn an_invitation_made_while_it_serves_enrols_and_it_ends_well() {
    let data = city();
    let mut server = Server::start(data.path());
    let output = run(
        &["invite", "--role", "worker", "--organisation", "eu-teamet"],
        data.path(),
    );
    let said = String::from_utf8(output.stdout).unwrap();
    let code = said.trim().rsplit('=').next().unwrap();
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let proof: Signature = key.sign(&enrolment_bytes(code));
    let body = format!(
        "{{\"code\":\"{code}\",\"public_key\":\"{}\",\"proof\":\"{}\"}}",
        URL_SAFE_NO_PAD.encode(key.verifying_key().to_sec1_point(false).as_bytes()),
        URL_SAFE_NO_PAD.encode(proof.to_bytes()),
    );
    let answer = server.ask(&format!(
        "POST /api/v1/enrol HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");

    let stop = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status()
        .unwrap();
    assert!(stop.success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    let log = std::fs::metadata(data.path().join("lagesbild.db-wal"));
    assert!(
        log.is_err() || log.unwrap().len() == 0,
        "the log is emptied"
    );
    let output = run(&["rebuild"], data.path());
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_second_server_on_a_directory_refuses_and_the_first_goes_on() {
    let data = city();
    let mut first = Server::start(data.path());
    let alive = |server: &Server| {
        server.ask("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    };
    let began = std::time::Instant::now();
    for _ in 0..5 {
        let output = run(&["serve", "--listen", "127.0.0.1:0"], data.path());
        gives_up(&output, &["another lagesbild", "stop it first", "--data"]);
        let answer = alive(&first);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    // A restore would take the data from under it.
    let backup = data.path().with_extension("backup");
    let made = run(
        &["backup", "--plain", backup.to_str().unwrap()],
        data.path(),
    );
    assert!(made.status.success(), "{made:?}");
    let output = run(&["restore", backup.to_str().unwrap()], data.path());
    std::fs::remove_file(&backup).unwrap();
    gives_up(&output, &["a server uses the data directory", "stop it"]);
    assert!(alive(&first).starts_with("HTTP/1.1 200"));
    assert!(
        began.elapsed().as_secs() < 60,
        "a refusal waits for nothing"
    );
    assert!(first.child.try_wait().unwrap().is_none(), "the first ended");

    // However it ends, the next has the directory at once.
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    for _ in 0..3 {
        let mut next = Server::start(data.path());
        assert!(alive(&next).starts_with("HTTP/1.1 200"));
        next.child.kill().unwrap();
        next.child.wait().unwrap();
    }
    let output = run(&["rebuild"], data.path());
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn of_servers_that_start_together_one_has_the_directory() {
    let data = city();
    let start = || {
        lagesbild()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut all: Vec<Child> = (0..6).map(|_| start()).collect();
    let said: Vec<String> = all
        .iter_mut()
        .map(|child| {
            let mut line = String::new();
            let mut out = BufReader::new(child.stdout.as_mut().unwrap());
            out.read_line(&mut line).unwrap();
            line
        })
        .collect();
    let serving = said.iter().filter(|line| line.starts_with("Serving on"));
    assert_eq!(serving.count(), 1, "{said:?}");
    for (mut child, line) in all.into_iter().zip(said) {
        if line.is_empty() {
            gives_up(&child.wait_with_output().unwrap(), &["another lagesbild"]);
        } else {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

#[test]
fn calculate_answers_a_program_that_waits() {
    let mut child = lagesbild()
        .args(["calculate", "ratio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for line in ["{\"previous\":[1,2],\"current\":[1,2]}", "nonsense"] {
        writeln!(input, "{line}").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert!(
            answer.starts_with('{') && answer.ends_with("}\n"),
            "{answer:?}"
        );
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}
