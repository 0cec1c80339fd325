//! A small disk that really fills up: a file system in memory with a size of its own.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// The file that takes the space away, on the same disk.
const BALLAST: &str = "something.else";

/// A disk of its own, its owner's alone. Unmounted when dropped.
#[derive(Debug)]
pub struct SmallDisk {
    place: TempDir,
}

impl SmallDisk {
    /// Mounts one of so many megabytes; none where mounting is not permitted.
    pub fn mounted(megabytes: u32) -> Result<Option<Self>> {
        let disk = Self {
            place: tempfile::tempdir()?,
        };
        std::fs::create_dir(disk.path())?;
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={megabytes}m,mode=0700"))
            .arg("lagesbild-test")
            .arg(disk.path())
            .output();
        match output {
            Ok(output) if output.status.success() => Ok(Some(disk)),
            refused => {
                println!("not run: a disk of its own cannot be mounted here: {refused:?}");
                Ok(None)
            }
        }
    }

    /// Returns where the disk is.
    pub fn path(&self) -> PathBuf {
        self.place.path().join("disk")
    }

    /// Lets something else take all of the space but so many bytes.
    pub fn fill(&self, but: u64) -> Result<()> {
        let path = self.path().join(BALLAST);
        let mut file = File::options().create(true).append(true).open(&path)?;
        owners_alone(&path)?;
        let block = vec![1; 256 * 1024];
        loop {
            match file.write(&block) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
        }
        let length = file.metadata()?.len();
        ensure!(length >= but, "the disk was nearly full before");
        file.set_len(length - but)
            .context("giving some space back")?;
        Ok(())
    }

    /// Somebody makes room again.
    pub fn clear(&self) -> Result<()> {
        match std::fs::remove_file(self.path().join(BALLAST)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn owners_alone(path: &Path) -> Result<()> {
    Ok(lagesbild_server::shared::database::private::restrict(path)?)
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Also while a killed server's files are still being closed.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
