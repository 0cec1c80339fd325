//! `cargo xtask test`: every step in order, going on after a failure, so that
//! one run shows all there is to mend.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::counts::Counts;
use crate::progress::{Elapsed, Progress};
use crate::repository::Repository;
use crate::steps::{Outcome, STEPS, Step};

/// Options of `cargo xtask test`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run this step, and what it needs; may be given several times.
    #[arg(long, value_name = "STEP", value_parser = names())]
    only: Vec<String>,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(STEPS.iter().map(|step| step.name))
}

/// The result of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    /// Not run, because the named step that it needs did not succeed.
    Blocked(&'static str),
    /// There is nothing to run.
    Absent,
}

/// One line of the summary.
#[derive(Debug)]
struct Entry {
    name: &'static str,
    verdict: Verdict,
    counts: Counts,
    took: Duration,
}

/// The steps that tell within two minutes, once everything has been built, whether a
/// change is in order.
const QUICK: [&str; 8] = [
    "format",
    "clippy",
    "layers",
    "docs",
    "web-generated",
    "web-check",
    "web-lint",
    "web-unit",
];

/// Runs the quick steps, as `cargo xtask check`.
pub(crate) fn check(repository: &Repository, progress: &Progress) -> ExitCode {
    run(repository, progress, &QUICK.map(str::to_owned))
}

/// Runs the steps; the last line printed is `N passed, N failed`.
pub(crate) fn test(repository: &Repository, progress: &Progress, options: &Options) -> ExitCode {
    run(repository, progress, &options.only)
}

fn run(repository: &Repository, progress: &Progress, only: &[String]) -> ExitCode {
    let chosen = choose(&STEPS, only);
    let entries = run_steps(&chosen, repository, progress);
    let total = summarise(&entries, progress);
    println!("{total}");
    if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The steps named in `only` and all that they need, in the order of `steps`;
/// all steps if `only` is empty.
fn choose<'a>(steps: &'a [Step], only: &[String]) -> Vec<&'a Step> {
    let mut wanted: Vec<&str> = only.iter().map(String::as_str).collect();
    // Needs stand before what needs them, so one pass from the end finds all.
    for step in steps.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    steps
        .iter()
        .filter(|step| only.is_empty() || wanted.contains(&step.name))
        .collect()
}

fn run_steps(steps: &[&Step], repository: &Repository, progress: &Progress) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let title = format!(
            "{}/{} {}: {}",
            index + 1,
            steps.len(),
            step.name,
            step.title
        );
        let started = Instant::now();
        let (verdict, counts) = match blocker(step, &entries) {
            Some(need) => {
                progress.skipped(&title, &format!("not run, because {need} failed"));
                (Verdict::Blocked(need), Counts::ONE_FAILED)
            }
            None => run_step(step, &title, repository, progress),
        };
        entries.push(Entry {
            name: step.name,
            verdict,
            counts,
            took: started.elapsed(),
        });
    }
    entries
}

fn blocker(step: &Step, entries: &[Entry]) -> Option<&'static str> {
    step.needs.iter().copied().find(|need| {
        entries
            .iter()
            .any(|entry| entry.name == *need && entry.verdict != Verdict::Passed)
    })
}

fn run_step(
    step: &Step,
    title: &str,
    repository: &Repository,
    progress: &Progress,
) -> (Verdict, Counts) {
    let outcome = progress.step(title, || match (step.action)(repository, progress) {
        Ok(Outcome::Tested {
            counts,
            succeeded: false,
        }) => Err(counts),
        Ok(outcome) => Ok(outcome),
        Err(error) => {
            println!("{error:#}");
            Err(Counts::ONE_FAILED)
        }
    });
    match outcome {
        Ok(Outcome::Prepared) => (Verdict::Passed, Counts::default()),
        Ok(Outcome::Absent) => (Verdict::Absent, Counts::default()),
        Ok(Outcome::Tested { counts, .. }) => (Verdict::Passed, counts),
        Err(counts) => (Verdict::Failed, counts),
    }
}

/// Prints a line for each step; gives the sum.
fn summarise(entries: &[Entry], progress: &Progress) -> Counts {
    println!("\nAfter {}:", progress.elapsed());
    let mut total = Counts::default();
    for entry in entries {
        total += entry.counts;
        let verdict = match entry.verdict {
            Verdict::Passed if entry.counts == Counts::default() => "done".to_owned(),
            Verdict::Passed => entry.counts.to_string(),
            Verdict::Failed => format!("FAILED: {}", entry.counts),
            Verdict::Blocked(need) => format!("FAILED: not run, because {need} failed"),
            Verdict::Absent => "nothing to run".to_owned(),
        };
        println!("  {:<14} {:>6}  {verdict}", entry.name, Elapsed(entry.took));
    }
    println!();
    total
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    fn step(
        name: &'static str,
        needs: &'static [&'static str],
        action: fn(&Repository, &Progress) -> anyhow::Result<Outcome>,
    ) -> Step {
        Step {
            name,
            title: "",
            needs,
            action,
        }
    }

    fn tested(passed: u64, failed: u64) -> Outcome {
        Outcome::Tested {
            counts: Counts { passed, failed },
            succeeded: failed == 0,
        }
    }

    #[test]
    fn a_failure_stops_only_what_needs_it() {
        let steps = [
            step("a", &[], |_, _| bail!("broken")),
            step("b", &["a"], |_, _| panic!("must not run")),
            step("c", &["b"], |_, _| panic!("must not run")),
            step("d", &[], |_, _| Ok(tested(5, 2))),
            step("e", &[], |_, _| Ok(tested(7, 0))),
            step("f", &["e"], |_, _| Ok(Outcome::Prepared)),
            step("g", &["f"], |_, _| Ok(Outcome::Absent)),
        ];
        let repository = Repository::find().unwrap();
        let progress = Progress::start();
        let entries = run_steps(&choose(&steps, &[]), &repository, &progress);
        let verdicts: Vec<_> = entries.iter().map(|entry| entry.verdict.clone()).collect();
        assert_eq!(
            verdicts,
            [
                Verdict::Failed,
                Verdict::Blocked("a"),
                Verdict::Blocked("b"),
                Verdict::Failed,
                Verdict::Passed,
                Verdict::Passed,
                Verdict::Absent,
            ]
        );
        assert_eq!(
            summarise(&entries, &progress),
            Counts {
                passed: 12,
                failed: 5
            }
        );
    }

    #[test]
    fn each_quick_step_is_one() {
        let named = |name| STEPS.iter().any(|step| step.name == name);
        assert!(QUICK.into_iter().all(named));
    }

    #[test]
    fn only_brings_what_it_needs() {
        let names = |only: &[String]| -> Vec<_> {
            choose(&STEPS, only).iter().map(|step| step.name).collect()
        };
        assert_eq!(names(&["format".to_owned()]), ["format"]);
        assert_eq!(
            names(&["browser".to_owned()]),
            [
                "prerequisites",
                "server",
                "wasm",
                "packages",
                "web-build",
                "browser"
            ]
        );
        assert_eq!(names(&[]).len(), STEPS.len());
    }

    #[test]
    fn needs_are_steps_that_stand_before() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(STEPS[..index].iter().any(|earlier| earlier.name == *need));
            }
        }
    }
}
