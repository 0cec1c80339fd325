//! How large the app may be before a phone on a weak network feels it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::precompress;

/// JS and CSS that `index.html` asks for at once, in bytes after gzip.
const INITIAL: u64 = 60_000;
/// The wasm module, in bytes after brotli.
const WASM: u64 = 400_000;

/// Measures the compressed app in `dist`; an error if it is over budget. Gives the lines
/// of the measurement.
pub(crate) fn check(dist: &Path) -> Result<String> {
    let index = fs::read_to_string(dist.join("index.html"))
        .with_context(|| format!("no index.html in {}", dist.display()))?;
    let mut initial = Vec::new();
    for link in initial_files(&index) {
        let path = dist.join(&link);
        let size = precompress::transfer_size(&path, "gz")
            .with_context(|| format!("index.html asks for {link}, which is not in the build"))?;
        initial.push((link, size));
    }
    let mut wasm = Vec::new();
    for path in wasm_files(dist)? {
        let size = precompress::transfer_size(&path, "br")?;
        let name = path
            .strip_prefix(dist)
            .unwrap_or(&path)
            .display()
            .to_string();
        wasm.push((name, size));
    }
    judge(&initial, &wasm)
}

fn judge(initial: &[(String, u64)], wasm: &[(String, u64)]) -> Result<String> {
    let mut report = String::new();
    let mut over = Vec::new();
    for (what, packing, files, limit) in [
        ("initial JS and CSS", "gzip", initial, INITIAL),
        ("wasm", "brotli", wasm, WASM),
    ] {
        let total: u64 = files.iter().map(|(_, size)| size).sum();
        for (name, size) in files {
            writeln!(report, "  {:>9} {packing:<6}  {name}", kilobytes(*size))?;
        }
        let line = format!("{what}: {} of {}", kilobytes(total), kilobytes(limit));
        writeln!(report, "  {:>9} {packing:<6}  = {line}", kilobytes(total))?;
        if files.is_empty() {
            // Nothing measured is not the same as within budget.
            over.push(format!("{what}: none found in the build"));
        } else if total > limit {
            over.push(line);
        }
    }
    if !over.is_empty() {
        bail!("over budget: {}\n{report}", over.join("; "));
    }
    Ok(report)
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

fn wasm_files(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    crate::stamp::collect(dist, &[], &mut files)?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "wasm")
    });
    files.sort();
    Ok(files)
}

/// The scripts, preloaded modules and style sheets that `html` asks for, as
/// paths within the build, each once.
pub(crate) fn initial_files(html: &str) -> Vec<String> {
    let mut files = Vec::new();
    for tag in html.split('<').skip(1) {
        let Some((tag, _)) = tag.split_once('>') else {
            continue;
        };
        let link = match tag.split_whitespace().next() {
            Some("script") => attribute(tag, "src"),
            Some("link") => match attribute(tag, "rel") {
                Some("modulepreload" | "stylesheet") => attribute(tag, "href"),
                _ => None,
            },
            _ => None,
        };
        let Some(link) = link else { continue };
        let link = link.split(['?', '#']).next().unwrap_or(link);
        let link = link.trim_start_matches("./").trim_start_matches('/');
        let is_remote = link.contains("://");
        if !is_remote && !files.iter().any(|file| file == link) {
            files.push(link.to_owned());
        }
    }
    files
}

/// The value of `name` within the text of a tag, quoted or not.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let before = rest[..at].chars().next_back();
        let after = &rest[at + name.len()..];
        if before.is_some_and(char::is_whitespace) && after.trim_start().starts_with('=') {
            let value = after.trim_start()[1..].trim_start();
            return match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
                _ => value.split_whitespace().next(),
            };
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::scratch;

    const INDEX: &str = r#"<!doctype html>
<html lang="sv">
  <head>
    <meta charset="utf-8">
    <link rel="icon" href="/icon.svg">
    <link rel="manifest" href="/manifest.webmanifest">
    <script type="module" crossorigin src="/assets/index-B1.js"></script>
    <link rel="modulepreload" crossorigin href="/assets/shared-C2.js">
    <link rel='modulepreload' href='./assets/shared-C2.js'>
    <link
      rel=stylesheet
      data-href="/no.css"
      href=/assets/index-D3.css?v=1>
    <script src="https://elsewhere.example/x.js"></script>
    <script>inline()</script>
  </head>
  <body><div id="app"></div></body>
</html>"#;

    #[test]
    fn finds_what_the_first_page_asks_for_once_each() {
        assert_eq!(
            initial_files(INDEX),
            [
                "assets/index-B1.js",
                "assets/shared-C2.js",
                "assets/index-D3.css"
            ]
        );
    }

    #[test]
    fn over_budget_fails_and_says_by_how_much() {
        let file = |size| [("file".to_owned(), size)];
        assert!(judge(&file(INITIAL), &file(WASM)).is_ok());
        let error = judge(&file(INITIAL + 100), &file(WASM)).unwrap_err();
        let error = error.to_string();
        assert!(error.starts_with("over budget: initial JS and CSS: 60.1 kB of 60.0 kB\n"));
        assert!(judge(&file(1), &file(WASM + 1)).is_err());
        assert!(judge(&file(1), &[]).is_err());
    }

    #[test]
    fn measures_a_build_and_misses_nothing_silently() {
        let dist = scratch("budget");
        fs::write(dist.join("index.html"), "<script src=/app.js></script>").unwrap();
        fs::write(dist.join("core.wasm"), "module").unwrap();
        let error = check(&dist).unwrap_err().to_string();
        assert!(
            error.contains("app.js, which is not in the build"),
            "{error}"
        );
        fs::write(dist.join("app.js"), "start()").unwrap();
        let report = check(&dist).unwrap();
        assert!(report.contains("core.wasm"), "{report}");
    }
}
