//! The step `docs`: what the documents name is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::repository::Repository;

/// Directories that are made, not checked in: a document may name them.
const MADE: [&str; 2] = ["web-pwa/dist", "web-pwa/src/wasm"];

/// Characters of what is no single path: placeholders, patterns, several at once.
const PATTERNS: [char; 7] = ['<', '*', '{', '…', '$', '|', ' '];

/// Looks up every path that a checked-in document names; an error names each that is not
/// there. Returns how many are.
pub(crate) fn check(repository: &Repository) -> Result<usize> {
    let root = repository.root();
    let listed = process::output(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(root),
    )?;
    let files: Vec<&str> = listed.lines().collect();
    let tops: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.split_once('/').map(|(top, _)| top))
        .collect();
    let mut there = 0;
    let mut missing = Vec::new();
    for document in files.iter().filter(|file| is_document(file)) {
        // One that is deleted and not yet committed is still listed.
        let Ok(text) = fs::read_to_string(root.join(document)) else {
            continue;
        };
        let directory = Path::new(document).parent().unwrap_or(Path::new(""));
        let linked = links(&text).map(|link| directory.join(link));
        let named = named(&text, &tops).map(|path| Path::new(path).to_owned());
        for path in linked.chain(named) {
            if root.join(&path).exists() || MADE.iter().any(|made| path.starts_with(made)) {
                there += 1;
            } else {
                missing.push(format!("{document}: {}", path.display()));
            }
        }
    }
    if !missing.is_empty() {
        bail!("named, but not there:\n  {}", missing.join("\n  "));
    }
    Ok(there)
}

/// Leaflets are texts for visitors.
fn is_document(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ext| ext == "md") && !file.contains("/leaflets/")
}

/// The targets of links to files, without the part of the page.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .filter_map(|(target, _)| target.split('#').next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
        .filter(|target| !target.contains(PATTERNS))
}

/// Paths in code spans that begin with a directory of the repository.
fn named<'a>(text: &'a str, tops: &BTreeSet<&str>) -> impl Iterator<Item = &'a str> {
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|code| !code.contains(PATTERNS))
        .filter(|code| {
            code.split_once('/')
                .is_some_and(|(top, _)| tops.contains(top))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_links_to_files_and_no_others() {
        let text = "[a](docs/a.md#part), [b](https://example.se), [c](#here), ![d](d.png)";
        assert_eq!(links(text).collect::<Vec<_>>(), ["docs/a.md", "d.png"]);
    }

    #[test]
    fn reads_paths_from_code_and_leaves_patterns_alone() {
        let text = "`server/src/lib.rs` and `server/` of `GET /me`,\n\
                    `server/src/<name>.rs`, server/none, `core/x.ts`, `web-pwa/src/*.ts`";
        let tops = BTreeSet::from(["server", "web-pwa"]);
        let paths: Vec<_> = named(text, &tops).collect();
        assert_eq!(paths, ["server/src/lib.rs", "server/"]);
    }
}
