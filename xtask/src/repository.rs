//! Where things lie in the repository.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checked-out repository and the directory that cargo builds into.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
    target: PathBuf,
}

impl Repository {
    /// Finds the repository that this xtask was built from.
    ///
    /// Cargo sets `CARGO_MANIFEST_DIR` for what it runs; the value from
    /// compile time would be wrong after the checkout was moved.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .context("xtask's manifest has no directory above it")?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(directory) => env::current_dir()?.join(directory),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web-pwa")
    }

    /// Returns the folder that Vite writes the app to.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("web-pwa/dist")
    }

    /// Returns the folder of the generated bindings (ignored by git).
    pub(crate) fn bindings(&self) -> PathBuf {
        self.root.join("web-pwa/src/wasm")
    }

    pub(crate) fn browser_tests(&self) -> PathBuf {
        self.root.join("tests/browser")
    }

    /// A target directory of its own for wasm: the compiler that builds it may
    /// be another than the one in use, and the two would rebuild each other's
    /// artifacts for ever.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The server binary of cargo profile directory `profile` ("debug", "release").
    pub(crate) fn server(&self, profile: &str) -> PathBuf {
        self.program(profile, "lagesbild")
    }

    /// A program of this workspace, built in cargo profile directory `profile`.
    pub(crate) fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

/// An empty directory for the test `name`, within the target directory.
#[cfg(test)]
pub(crate) fn scratch(name: &str) -> PathBuf {
    let repository = Repository::find().unwrap();
    let directory = repository.target.join("xtask/tests").join(name);
    if directory.exists() {
        std::fs::remove_dir_all(&directory).unwrap();
    }
    std::fs::create_dir_all(&directory).unwrap();
    directory
}
