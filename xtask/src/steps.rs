//! The steps of `cargo xtask test`, in order.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::counts::{self, Counts};
use crate::process::{Ended, LIMIT};
use crate::progress::Progress;
use crate::repository::Repository;
use crate::{budget, docs, layers, prerequisites, process, wasm, web};

/// A step of `cargo xtask test`.
pub(crate) struct Step {
    /// The name for `--only`.
    pub(crate) name: &'static str,
    /// Its work, in a few words.
    pub(crate) title: &'static str,
    /// Steps that must have succeeded for this one to mean anything.
    pub(crate) needs: &'static [&'static str],
    pub(crate) action: fn(&Repository, &Progress) -> Result<Outcome>,
}

/// How a step ended, when it could be done at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It made something that later steps need; counts only if it fails.
    Prepared,
    /// It tested or checked something.
    Tested { counts: Counts, succeeded: bool },
    /// It has nothing to do here.
    Absent,
}

pub(crate) const STEPS: [Step; 18] = [
    Step {
        name: "prerequisites",
        title: "Node, npm and a C compiler",
        needs: &[],
        action: |_, _| {
            println!("{}", prerequisites::check()?);
            Ok(Outcome::Prepared)
        },
    },
    Step {
        name: "format",
        title: "formatting of the Rust code",
        needs: &[],
        action: |repository, _| {
            let mut command = cargo(repository);
            command.args(["fmt", "--all", "--check"]);
            check(&mut command)
        },
    },
    Step {
        name: "clippy",
        title: "lints of the Rust code",
        needs: &[],
        action: |repository, _| {
            let mut command = cargo(repository);
            command.args(["clippy", "--workspace", "--all-targets"]);
            check(command.args(["--", "-D", "warnings"]))
        },
    },
    Step {
        name: "layers",
        title: "arrows between files, which run one way",
        needs: &[],
        action: |repository, _| {
            let counts = layers::check(repository)?;
            Ok(Outcome::Tested {
                counts,
                succeeded: counts.failed == 0,
            })
        },
    },
    Step {
        name: "docs",
        title: "paths that the documents name",
        needs: &[],
        action: |repository, _| {
            println!("{} paths are there", docs::check(repository)?);
            Ok(Outcome::Tested {
                counts: Counts::ONE_PASSED,
                succeeded: true,
            })
        },
    },
    Step {
        name: "server",
        title: "the server that the tests start",
        needs: &[],
        action: |repository, _| {
            process::run(cargo(repository).args(["build", "--bin", "lagesbild"]))?;
            Ok(Outcome::Prepared)
        },
    },
    Step {
        name: "rust",
        title: "Rust tests",
        needs: &[],
        action: |repository, _| {
            let mut command = cargo(repository);
            command
                .args(["test", "--workspace", "--exclude", "xtask"])
                .arg("--no-fail-fast")
                .env("LAGESBILD_BIN", repository.server("debug"));
            check(&mut command)
        },
    },
    Step {
        name: "xtask",
        title: "tests of xtask itself",
        needs: &[],
        action: |repository, _| {
            let mut command = cargo(repository);
            // In the profile that it is built in already.
            command.args(["test", "--package", "xtask", "--profile", "xtask"]);
            check(&mut command)
        },
    },
    Step {
        name: "wasm",
        title: "wasm bindings",
        needs: &[],
        action: |repository, progress| {
            wasm::build(repository, progress)?;
            Ok(Outcome::Prepared)
        },
    },
    Step {
        name: "packages",
        title: "npm packages",
        needs: &["prerequisites"],
        action: |repository, progress| {
            web::install(&repository.web(), progress)?;
            Ok(Outcome::Prepared)
        },
    },
    Step {
        name: "wasm-tests",
        title: "tests of the wasm bindings",
        needs: &["wasm", "packages"],
        action: wasm_tests,
    },
    Step {
        name: "web-generated",
        title: "the app's types of the API and of the core are new",
        needs: &["packages"],
        action: |repository, _| {
            let mut command = npm_run(&repository.web());
            check(command.args(["generate", "--", "--check"]))
        },
    },
    Step {
        name: "web-check",
        title: "types of the app",
        needs: &["wasm", "packages"],
        action: |repository, _| check(npm_run(&repository.web()).arg("check")),
    },
    Step {
        name: "web-lint",
        title: "lints of the app and of every test in JavaScript",
        needs: &["wasm", "packages"],
        action: |repository, _| check(npm_run(&repository.web()).arg("lint")),
    },
    Step {
        name: "web-unit",
        title: "unit tests of the app",
        needs: &["wasm", "packages"],
        action: |repository, _| check(npm_run(&repository.web()).arg("test:unit")),
    },
    Step {
        name: "web-build",
        title: "build of the app",
        needs: &["wasm", "packages"],
        action: |repository, progress| {
            web::build(repository, progress)?;
            Ok(Outcome::Prepared)
        },
    },
    Step {
        name: "web-budget",
        title: "size of the app",
        needs: &["web-build"],
        action: |repository, _| {
            print!("{}", budget::check(&repository.dist())?);
            Ok(Outcome::Tested {
                counts: Counts::ONE_PASSED,
                succeeded: true,
            })
        },
    },
    Step {
        name: "browser",
        title: "browser tests",
        needs: &["server", "web-build"],
        action: browser,
    },
];

/// The app's core as wasm, and the estimate's figures as wasm against native.
fn wasm_tests(repository: &Repository, progress: &Progress) -> Result<Outcome> {
    if !web::has_script(&repository.web(), "test:wasm")? {
        return Ok(Outcome::Absent);
    }
    let bits = wasm::build_bits(repository, progress)?;
    let native = bits.join("native.txt");
    let mut program = cargo(repository);
    program
        .args(["run", "--quiet", "--package", "lagesbild-estimate-studies"])
        .args(["--example", "estimate-bits", "--"])
        .arg(repository.root().join("tests/data/estimate-cases.json"));
    std::fs::write(&native, process::output(&mut program)?)?;
    check(
        npm_run(&repository.web())
            .arg("test:wasm")
            .env("LAGESBILD_BITS_WASM", &bits)
            .env("LAGESBILD_BITS_NATIVE", &native),
    )
}

fn browser(repository: &Repository, progress: &Progress) -> Result<Outcome> {
    let directory = repository.browser_tests();
    let chromium = prerequisites::chromium()?;
    web::install(&directory, progress)?;
    check(
        Command::new("node")
            .arg(directory.join("run.mjs"))
            .current_dir(repository.root())
            .env("LAGESBILD_BIN", repository.server("debug"))
            .env("LAGESBILD_WEB", repository.dist())
            .env("LAGESBILD_CHROMIUM", chromium),
    )
}

fn cargo(repository: &Repository) -> Command {
    let mut command = process::cargo();
    command.current_dir(repository.root());
    command
}

fn npm_run(directory: &Path) -> Command {
    let mut command = process::npm();
    command.args(["run", "--silent"]).current_dir(directory);
    command
}

/// Runs `command`, shows what it prints except for the tests that pass, and
/// counts.
fn check(command: &mut Command) -> Result<Outcome> {
    if io::stdout().is_terminal() {
        command
            .env("CARGO_TERM_COLOR", "always")
            .env("FORCE_COLOR", "1");
    }
    let mut printed: Option<Counts> = None;
    let mut long = BTreeSet::new();
    let ended = process::stream(command, LIMIT, |line| {
        note_long(line, &mut long);
        if let Some(counts) = counts::parse(line) {
            *printed.get_or_insert_default() += counts;
        }
        if !is_passed_test(line) {
            println!("{line}");
        }
    })
    .context("the step did not run")?;
    if ended == Ended::OutOfTime {
        let minutes = LIMIT.as_secs() / 60;
        println!("It had not ended after {minutes} minutes; above is what was still running.");
        for test in long {
            println!("No verdict: {test}");
        }
    }
    let succeeded = ended == Ended::Well;
    Ok(Outcome::Tested {
        counts: Counts::of_step(printed, succeeded),
        succeeded,
    })
}

/// A line such as `test model::visit::merges ... ok`: thousands of them hide
/// the few that matter.
fn is_passed_test(line: &str) -> bool {
    let line = counts::without_colours(line);
    line.starts_with("test ") && line.ends_with(" ... ok")
}

/// Notes which of cargo's tests have been running for long and have not ended.
fn note_long(line: &str, long: &mut BTreeSet<String>) {
    let Some(rest) = line.strip_prefix("test ") else {
        return;
    };
    if let Some((test, _)) = rest.split_once(" has been running for over") {
        long.insert(test.to_owned());
    } else if let Some((test, _)) = rest.split_once(" ... ") {
        long.remove(test);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_passed_tests_are_hidden() {
        assert!(is_passed_test("test counts::reads_cargo ... ok"));
        assert!(is_passed_test("test counts::reads ... \x1b[32mok\x1b[0m"));
        assert!(!is_passed_test("test counts::reads_cargo ... FAILED"));
        assert!(!is_passed_test("test result: ok. 1 passed; 0 failed"));
    }

    #[test]
    fn knows_which_tests_have_not_ended() {
        let mut long = BTreeSet::new();
        for line in [
            "test simulated::a has been running for over 60 seconds",
            "test killed::b has been running for over 60 seconds",
            "test power::c ... ok",
            "test killed::b ... FAILED",
        ] {
            note_long(line, &mut long);
        }
        assert_eq!(Vec::from_iter(long), ["simulated::a"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_runner_is_counted_over_all_its_suites() {
        let script = "echo 'test result: ok. 2 passed; 0 failed'; echo noise >&2; \
                      echo 'test result: FAILED. 1 passed; 1 failed'; exit 101";
        assert_eq!(
            check(Command::new("sh").args(["-c", script])).unwrap(),
            Outcome::Tested {
                counts: Counts {
                    passed: 3,
                    failed: 1
                },
                succeeded: false
            }
        );
    }
}
