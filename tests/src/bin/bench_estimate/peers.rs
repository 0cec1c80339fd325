//! The same models on the same tables, fitted by others in the same run.
//!
//! Unequal in one thing, said beside the figures: a peer's general regression also
//! makes what we do not ask for, and runs in an interpreter. A peer that cannot
//! be had is named with the reason.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sync_core::estimate::distinct_people::log_linear::fit::fit;

use crate::speed::one_fit;
use crate::tables::{Case, cases};

/// A program that fits the same models.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Peer {
    /// Its name and version.
    pub(crate) name: String,
    /// Its fits; none when it could not be had.
    pub(crate) fits: Vec<PeerFit>,
    /// Why it could not be had.
    pub(crate) absent: Option<String>,
}

/// One model of one table, fitted by a peer and by us.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PeerFit {
    /// The table and the model.
    pub(crate) case: &'static str,
    /// Its time of a fit, in µs.
    pub(crate) us: f64,
    /// Our time of a fit, in µs.
    pub(crate) ours_us: f64,
    /// Its time over ours.
    pub(crate) ratio: f64,
    /// |its N̂ − ours| / ours.
    pub(crate) difference: f64,
}

/// A peer's answer for a model.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Answer {
    total: f64,
    us: f64,
}

/// Runs every peer that can be had.
pub(crate) fn measure(quick: bool) -> Result<Vec<Peer>> {
    let cases = cases();
    let runs = if quick { 21 } else { 201 };
    let ours: Vec<[f64; 2]> = cases
        .iter()
        .map(|case| {
            let table = case.table().context("a table")?;
            let found = fit(&table, &case.sets());
            ensure!(found.is_ok(), "{} has no fit", case.name);
            let total = found.map(|f| f.total()).unwrap_or_default();
            Ok([total, one_fit(case, runs)?.median])
        })
        .collect::<Result<_>>()?;
    let peers = [
        ("statsmodels (Python)", statsmodels(&cases, runs)),
        ("glm (R)", r(&cases, runs)),
    ];
    Ok(peers
        .into_iter()
        .map(|(name, answers)| match answers {
            Err(error) => Peer {
                name: name.to_owned(),
                fits: Vec::new(),
                absent: Some(format!("{error:#}")),
            },
            Ok((version, answers)) => Peer {
                name: version,
                fits: cases
                    .iter()
                    .zip(&ours)
                    .zip(answers)
                    .map(|((case, [total, us]), answer)| PeerFit {
                        case: case.name,
                        us: answer.us,
                        ours_us: *us,
                        ratio: answer.us / us,
                        difference: (answer.total - total).abs() / total,
                    })
                    .collect(),
                absent: None,
            },
        })
        .collect())
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/estimate")
}

/// Runs `program` with `input` and gives what it prints.
fn ask(program: &mut Command, input: &str) -> Result<String> {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot be started")?;
    // Small enough for a pipe: the peer reads it all before it answers.
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().last().unwrap_or_default();
    ensure!(output.status.success(), "failed: {last}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Python's statsmodels, in an environment of its own below the build directory.
fn statsmodels(cases: &[Case], runs: usize) -> Result<(String, Vec<Answer>)> {
    let executable = std::env::current_exe()?;
    let target = executable.parent().context("a directory")?;
    let environment = target.join("peer-python");
    let python = environment.join("bin/python");
    if !python.exists() {
        ask(
            Command::new("python3")
                .args(["-m", "venv"])
                .arg(&environment),
            "",
        )
        .context("python3 -m venv")?;
    }
    let known = || {
        let versions = "import sys, statsmodels; \
             print('statsmodels', statsmodels.__version__, 'on Python', sys.version.split()[0])";
        ask(Command::new(&python).args(["-c", versions]), "")
    };
    if known().is_err() {
        println!("installing statsmodels…");
        ask(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--requirement"])
                .arg(directory().join("requirements.txt")),
            "",
        )
        .context("pip install")?;
    }
    let version = known()?.trim().to_owned();
    let input = json!({ "runs": runs, "cases": cases }).to_string();
    let printed = ask(
        Command::new(&python)
            .arg(directory().join("fit.py"))
            // One core each, as we use one.
            .env("OPENBLAS_NUM_THREADS", "1"),
        &input,
    )?;
    let answers = printed
        .lines()
        .map(|line| serde_json::from_str(line).context("an answer"))
        .collect::<Result<_>>()?;
    Ok((version, answers))
}

/// Runs R's `glm` on the cases.
fn r(cases: &[Case], runs: usize) -> Result<(String, Vec<Answer>)> {
    let version = ask(
        Command::new("Rscript").args(["-e", "cat('glm,', R.version.string)"]),
        "",
    )
    .context("Rscript (Debian: apt-get install r-base-core)")?;
    let mut input = String::new();
    for case in cases {
        let cells: Vec<String> = case.cells.iter().map(u64::to_string).collect();
        let terms: Vec<String> = case
            .terms
            .iter()
            .map(|[i, j]| format!("{} {}", i + 1, j + 1))
            .collect();
        let (cells, terms) = (cells.join(" "), terms.join(" "));
        writeln!(input, "{runs} {} {cells}:{terms}", case.lists)?;
    }
    let printed = ask(
        Command::new("Rscript")
            .arg("--vanilla")
            .arg(directory().join("fit.R")),
        &input,
    )?;
    let answers = printed
        .lines()
        .map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse::<f64>);
            let mut next = || -> Result<f64> { Ok(numbers.next().context("a number")??) };
            Ok(Answer {
                total: next()?,
                us: next()?,
            })
        })
        .collect::<Result<_>>()?;
    Ok((version.trim().to_owned(), answers))
}

/// Prints a table of the peers.
pub(crate) fn print(peers: &[Peer]) {
    println!(
        "\n{:<44} {:<38} {:>9} {:>9} {:>7} {:>9}",
        "peer", "model", "its µs", "ours µs", "ratio", "apart"
    );
    for peer in peers {
        if let Some(why) = &peer.absent {
            println!("{:<44} not measured: {why}", peer.name);
        }
        for fit in &peer.fits {
            println!(
                "{:<44} {:<38} {:>9.0} {:>9.1} {:>6.0}× {:>9.1e}",
                peer.name, fit.case, fit.us, fit.ours_us, fit.ratio, fit.difference
            );
        }
    }
}
