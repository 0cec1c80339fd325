//! How many tests passed and failed, read from what the runners print.

use std::fmt;
use std::ops::AddAssign;

/// Tests passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) const ONE_PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    pub(crate) const ONE_FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// Returns what a step counts as, from what its runner printed and whether it
    /// succeeded. A step that fails without a failed test (it did not
    /// compile, say) counts as one failed; a step that prints no counts and
    /// succeeds is one check that passed.
    pub(crate) fn of_step(printed: Option<Self>, succeeded: bool) -> Self {
        let mut counts = printed.unwrap_or_default();
        if !succeeded && counts.failed == 0 {
            counts.failed = 1;
        } else if succeeded && printed.is_none() {
            counts.passed = 1;
        }
        counts
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Reads one line of a test runner's output; `None` if it holds no counts.
///
/// Understood are cargo's, vitest's, Node's own and plain summaries:
/// ```text
/// test result: ok. 12 passed; 0 failed; 1 ignored; …
///       Tests  1 failed | 12 passed | 2 skipped (15)
/// # pass 12        ℹ fail 1
/// 12 passed, 1 failed
/// ```
pub(crate) fn parse(line: &str) -> Option<Counts> {
    let line = without_colours(line);
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("test result: ") {
        // The verdict ends with a full stop: "ok." or "FAILED.".
        let (_, numbers) = rest.split_once(". ")?;
        return labelled(numbers, ';');
    }
    if let Some(rest) = line.strip_prefix("Tests ") {
        let numbers = rest.split('(').next().unwrap_or(rest);
        return labelled(numbers, '|');
    }
    if let Some(rest) = line.strip_prefix("# ").or(line.strip_prefix("ℹ ")) {
        let (label, number) = rest.split_once(' ')?;
        let number = number.parse().ok()?;
        return match label {
            "pass" => Some(Counts {
                passed: number,
                failed: 0,
            }),
            "fail" => Some(Counts {
                passed: 0,
                failed: number,
            }),
            _ => None,
        };
    }
    let (passed, failed) = line.split_once(", ")?;
    Some(Counts {
        passed: passed.strip_suffix(" passed")?.parse().ok()?,
        failed: failed.strip_suffix(" failed")?.parse().ok()?,
    })
}

/// Reads "12 passed; 0 failed; 1 ignored"; `None` if neither word is there.
fn labelled(text: &str, separator: char) -> Option<Counts> {
    let mut counts = None;
    for part in text.split(separator) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(label)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        let counts = counts.get_or_insert_with(Counts::default);
        match label {
            "passed" => counts.passed = number,
            "failed" => counts.failed = number,
            _ => {}
        }
    }
    counts
}

/// Takes away terminal colours: escape, `[`, parameters, `m`.
pub(crate) fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn reads_cargo() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; \
                    0 filtered out; finished in 0.00s";
        assert_eq!(parse(line), Some(counts(12, 0)));
        let line = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; \
                    0 filtered out; finished in 1.20s";
        assert_eq!(parse(line), Some(counts(3, 2)));
        let line = "test result: \x1b[32mok\x1b[m. 4 passed; 0 failed; 0 ignored";
        assert_eq!(parse(line), Some(counts(4, 0)));
        assert_eq!(parse("test model::visit::merges ... ok"), None);
    }

    #[test]
    fn reads_vitest() {
        assert_eq!(parse("      Tests  15 passed (15)"), Some(counts(15, 0)));
        assert_eq!(
            parse("      Tests  1 failed | 12 passed | 2 skipped (15)"),
            Some(counts(12, 1))
        );
        assert_eq!(
            parse("\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m3 passed\x1b[39m\x1b[22m (3)"),
            Some(counts(3, 0))
        );
        assert_eq!(parse(" Test Files  2 passed (2)"), None);
        assert_eq!(parse("      Tests  no tests"), None);
    }

    #[test]
    fn reads_node() {
        assert_eq!(parse("# pass 7"), Some(counts(7, 0)));
        assert_eq!(parse("ℹ fail 2"), Some(counts(0, 2)));
        assert_eq!(parse("# tests 9"), None);
        assert_eq!(parse("# Subtest: passes"), None);
    }

    #[test]
    fn reads_plain_summaries_and_its_own() {
        assert_eq!(parse("21 passed, 3 failed"), Some(counts(21, 3)));
        let own = counts(5, 0);
        assert_eq!(parse(&own.to_string()), Some(own));
        assert_eq!(parse("21 passed, 3 failed, maybe"), None);
        assert_eq!(parse("it passed, it failed"), None);
    }

    #[test]
    fn a_step_never_counts_for_nothing() {
        assert_eq!(Counts::of_step(None, true), Counts::ONE_PASSED);
        assert_eq!(Counts::of_step(None, false), Counts::ONE_FAILED);
        assert_eq!(Counts::of_step(Some(counts(9, 0)), false), counts(9, 1));
        assert_eq!(Counts::of_step(Some(counts(9, 2)), false), counts(9, 2));
        assert_eq!(Counts::of_step(Some(counts(9, 0)), true), counts(9, 0));
    }
}
