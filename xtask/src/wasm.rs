//! The wasm bindings of sync-core, as the app imports them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::process;
use crate::progress::Progress;
use crate::repository::Repository;
use crate::stamp::{self, Fingerprint};
use crate::toolchain::{TARGET, Toolchain};

const PACKAGE: &str = "lagesbild-wasm";
/// The stem of the generated files: `lagesbild_wasm.js`, `…_bg.wasm`.
const STEM: &str = "lagesbild_wasm";
/// A profile of the workspace's Cargo.toml, and the directory it builds into.
const PROFILE: &str = "wasm";

/// Builds the bindings into `web-pwa/src/wasm`, unless nothing changed.
pub(crate) fn build(repository: &Repository, progress: &Progress) -> Result<()> {
    let toolchain = Toolchain::find()?;
    let version = toolchain.version()?;
    let fingerprint = fingerprint(repository.root(), &version)?;
    let stamp = repository.bindings().join(".stamp");
    if stamp::is_current(&stamp, &fingerprint) {
        progress.skipped("wasm bindings", "unchanged");
        return Ok(());
    }
    let module = progress.step(&format!("wasm bindings: compile with {version}"), || {
        compile(repository, toolchain, Module::App)
    })?;
    progress.step("wasm bindings: generate", || {
        generate(&repository.bindings(), &module)
    })?;
    stamp::write(&stamp, &fingerprint)
}

/// Builds the module that prints the estimate's figures, unless nothing changed;
/// gives its directory. It is not the app's: phones do not estimate.
pub(crate) fn build_bits(repository: &Repository, progress: &Progress) -> Result<PathBuf> {
    let toolchain = Toolchain::find()?;
    let directory = repository.wasm_target().join("estimate-bits");
    let stamp = directory.join(".stamp");
    let fingerprint = fingerprint(repository.root(), &toolchain.version()?)?;
    if !stamp::is_current(&stamp, &fingerprint) {
        progress.step("estimate as wasm", || {
            let module = compile(repository, toolchain, Module::Bits)?;
            generate(&directory, &module)
        })?;
        stamp::write(&stamp, &fingerprint)?;
    }
    Ok(directory)
}

/// The name of the module among the generated files.
pub(crate) fn module_name() -> String {
    format!("{STEM}_bg.wasm")
}

fn fingerprint(root: &Path, version: &str) -> Result<String> {
    let mut fingerprint = Fingerprint::default().text(version);
    for path in [
        "Cargo.lock",
        "Cargo.toml",
        "sync-core/Cargo.toml",
        "server/calculate",
        "sync-core/src",
        "tests/estimate",
        "web-pwa/Cargo.toml",
        "web-pwa/wasm",
        "xtask/src/toolchain.rs",
        "xtask/src/wasm.rs",
    ] {
        fingerprint = fingerprint.files(root, path, &[])?;
    }
    Ok(fingerprint.finish())
}

/// The use that the crate is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Module {
    /// The app on a phone.
    App,
    /// Printing the estimate's figures, which it does as `{:?}`.
    Bits,
}

/// Compiles the crate; gives the path of the module.
fn compile(repository: &Repository, toolchain: Toolchain, module: Module) -> Result<PathBuf> {
    let target = repository.wasm_target();
    let features: &[&str] = match module {
        Module::App => &[],
        Module::Bits => &["--features", "bits"],
    };
    process::run(
        toolchain
            .cargo_build()
            .current_dir(repository.root())
            .args(["--package", PACKAGE, "--lib", "--profile", PROFILE])
            .args(features)
            .arg("--target-dir")
            .arg(&target)
            // Flags meant for the native linker break this one.
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags(toolchain, module)),
    )?;
    Ok(target
        .join(TARGET)
        .join(PROFILE)
        .join(format!("{STEM}.wasm")))
}

/// Panic messages hold the paths of the sources of dependencies. Shortened,
/// they neither name the builder's home nor differ from one machine to the
/// next. (Our own are relative already.)
fn rustflags(toolchain: Toolchain, module: Module) -> String {
    let quiet = match module {
        Module::App => toolchain.no_debug_text(),
        Module::Bits => &[],
    };
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?;
        Some(Path::new(&home).join(".cargo"))
    });
    let remap = home.map(|home| {
        let sources = home.join("registry/src");
        format!("--remap-path-prefix={}=", sources.display())
    });
    let flags: Vec<String> = toolchain
        .rustflags()
        .iter()
        .chain(quiet)
        .map(ToString::to_string)
        .chain(remap)
        .collect();
    // Encoded flags are separated by a character of their own, so that the
    // path may hold spaces.
    flags.join("\x1f")
}

/// Runs wasm-bindgen, as a library: its command line tool would be one more
/// thing to install, in exactly the version of the crate.
fn generate(bindings: &Path, module: &Path) -> Result<()> {
    if bindings.exists() {
        fs::remove_dir_all(bindings)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .web(true)
        .and_then(|bindgen| bindgen.generate(bindings))
        .map_err(|error| anyhow!("{error:#}"))
        .context("wasm-bindgen failed")?;
    let size = fs::metadata(bindings.join(module_name()))?.len();
    println!("  {}: {} kB uncompressed", module_name(), size / 1000);
    Ok(())
}
