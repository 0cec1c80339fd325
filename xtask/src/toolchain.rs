//! The Rust compiler that builds for wasm32-unknown-unknown.
//!
//! rustup's toolchains lack that target's standard library until it is added.
//! Where it cannot be added, Debian's packages for building browsers bring a
//! compiler with the sources of the standard library, which cargo can build.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{prerequisites, process};

/// The target triple of the bindings.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// A way to compile for wasm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The toolchain in use has the target's standard library.
    Own,
    /// Debian's compiler, which builds the standard library from source.
    Debian,
}

impl Toolchain {
    /// Finds a way, installing Debian's packages if that is the only one.
    pub(crate) fn find() -> Result<Self> {
        if own_has_target() {
            return Ok(Self::Own);
        }
        if !debian_is_complete() && prerequisites::can_apt_install() {
            prerequisites::apt_install(&DEBIAN_PACKAGES)?;
        }
        if debian_is_complete() {
            return Ok(Self::Debian);
        }
        bail!("this Rust cannot build for the browser yet; run: rustup target add {TARGET}");
    }

    /// The compiler's name and version.
    pub(crate) fn version(self) -> Result<String> {
        let rustc = match self {
            Self::Own => "rustc",
            Self::Debian => DEBIAN_RUSTC,
        };
        let version = process::output(without_toolchain(&mut Command::new(rustc)).arg("-V"))?;
        Ok(version.trim().to_owned())
    }

    /// A `cargo build` for the wasm target.
    pub(crate) fn cargo_build(self) -> Command {
        let mut command = match self {
            Self::Own => process::cargo(),
            Self::Debian => {
                let mut command = Command::new(DEBIAN_CARGO);
                without_toolchain(&mut command)
                    // Lets a stable compiler take -Z options.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                command
            }
        };
        command.args(["build", "--target", TARGET]);
        if self == Self::Debian {
            command.args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ]);
        }
        command
    }

    /// Returns what the compiler is told beyond the profile. Where the standard library
    /// is built along, so are panics that only stop: their messages would reach
    /// nobody on a phone, may hold content, and are a tenth of the program.
    pub(crate) fn rustflags(self) -> &'static [&'static str] {
        match self {
            Self::Own => &[],
            Self::Debian => &[
                "-Cpanic=immediate-abort",
                "-Zunstable-options",
                "-Zlocation-detail=none",
            ],
        }
    }

    /// Returns the flags that take the text of `{:?}` out, for a program that nobody reads it from.
    pub(crate) fn no_debug_text(self) -> &'static [&'static str] {
        match self {
            Self::Own => &[],
            Self::Debian => &["-Zfmt-debug=none"],
        }
    }
}

fn own_has_target() -> bool {
    Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .is_ok_and(|output| {
            let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            output.status.success() && Path::new(&path).is_dir()
        })
}

fn debian_is_complete() -> bool {
    let sysroot = process::output(
        without_toolchain(&mut Command::new(DEBIAN_RUSTC)).args(["--print", "sysroot"]),
    );
    let Ok(sysroot) = sysroot else { return false };
    let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    sources.is_file() && Path::new(DEBIAN_CARGO).is_file() && process::find("wasm-ld").is_some()
}

/// Takes away what cargo and rustup set for the toolchain that runs xtask, and
/// which would lead another toolchain astray.
fn without_toolchain(command: &mut Command) -> &mut Command {
    for variable in [
        "CARGO",
        "LD_LIBRARY_PATH",
        "RUSTC",
        "RUSTC_WRAPPER",
        "RUSTDOC",
        "RUSTUP_TOOLCHAIN",
    ] {
        command.env_remove(variable);
    }
    command
}
