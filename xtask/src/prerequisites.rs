//! Programs that a fresh machine must have, and those that we can fetch ourselves.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process;

/// The oldest Node that the app's build tools run on: major, minor.
const NODE: (u32, u32) = (20, 19);

/// Names of the browser that the end-to-end tests drive, as found in PATH.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Checks for Node, npm and a C compiler; an error of one line names all that
/// is missing. Gives a line that says what was found.
pub(crate) fn check() -> Result<String> {
    let node = version_of(Command::new("node").arg("--version"));
    let npm = version_of(process::npm().arg("--version"));
    let compiler = ["cc", "gcc", "clang", "cl"]
        .into_iter()
        .find(|name| process::find(name).is_some())
        .map(str::to_owned)
        .or_else(|| std::env::var("CC").ok());
    let missing = missing(node.as_deref(), npm.as_deref(), compiler.as_deref());
    if !missing.is_empty() {
        bail!("install first: {}", missing.join(", "));
    }
    Ok(format!(
        "Node {}, npm {}, C compiler {}: all that is needed",
        node.unwrap_or_default(),
        npm.unwrap_or_default(),
        compiler.unwrap_or_default()
    ))
}

fn missing(node: Option<&str>, npm: Option<&str>, compiler: Option<&str>) -> Vec<String> {
    let mut missing = Vec::new();
    let wanted = format!("Node {}.{} or newer", NODE.0, NODE.1);
    match node {
        None => missing.push(wanted),
        Some(version) if numbers(version).is_none_or(|found| found < NODE) => {
            missing.push(format!("{wanted} (found {version})"));
        }
        Some(_) => {}
    }
    if npm.is_none() {
        missing.push("npm".to_owned());
    }
    if compiler.is_none() {
        missing.push("a C compiler (cc)".to_owned());
    }
    missing
}

/// "v20.19.2" → (20, 19)
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn version_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output
        .status
        .success()
        .then(|| text.trim().trim_start_matches('v').to_owned())
}

/// Finds a Chromium, or installs Debian's as root.
pub(crate) fn chromium() -> Result<PathBuf> {
    let find = || CHROMIUM.into_iter().find_map(process::find);
    if let Some(path) = find() {
        return Ok(path);
    }
    if can_apt_install() {
        apt_install(&["chromium"])?;
        if let Some(path) = find() {
            return Ok(path);
        }
    }
    bail!("the browser tests need Chromium: install it (Debian: apt-get install chromium)");
}

/// Checks whether packages can be installed here: Debian, and we are root.
pub(crate) fn can_apt_install() -> bool {
    let debian = fs::read_to_string("/etc/os-release").is_ok_and(|text| is_debian(&text));
    debian && is_root() && process::find("apt-get").is_some()
}

/// Installs Debian packages. Only to be called after [`can_apt_install`].
pub(crate) fn apt_install(packages: &[&str]) -> Result<()> {
    println!("installing from Debian: {}", packages.join(" "));
    process::run(Command::new("apt-get").args(["-qq", "update"]))?;
    process::run(
        Command::new("apt-get")
            .args(["-qq", "install", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| line == "ID=debian")
}

/// `/proc/self/status` has a line `Uid: real effective saved filesystem`. The
/// standard library has no `geteuid`, and this is only asked on Linux.
fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status
            .lines()
            .find_map(|line| line.strip_prefix("Uid:"))
            .and_then(|ids| ids.split_whitespace().nth(1))
            == Some("0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_all_that_is_missing_at_once() {
        assert_eq!(
            missing(Some("18.19.0"), None, None),
            [
                "Node 20.19 or newer (found 18.19.0)",
                "npm",
                "a C compiler (cc)"
            ]
        );
        assert_eq!(missing(None, Some("10.0.0"), Some("cc")).len(), 1);
        assert_eq!(missing(Some("20.9.0"), Some("10.0.0"), Some("cc")).len(), 1);
        assert!(missing(Some("20.19.0"), Some("10.0.0"), Some("cc")).is_empty());
        assert!(missing(Some("v24.1.0"), Some("11.0.0"), Some("cc")).is_empty());
    }

    #[test]
    fn only_debian_itself_counts() {
        assert!(is_debian(
            "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"
        ));
        assert!(!is_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
