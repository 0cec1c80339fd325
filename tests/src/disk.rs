//! A disk that really loses what was not synced: `tests/disk/disk.c`, compiled
//! here and loaded into the server before anything else. It also fills up,
//! refuses, dawdles, and turns the server's clock back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// Which syncs the disk pretends to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgets {
    /// It does every sync.
    Nothing,
    /// Those of the write-ahead log: what `synchronous=NORMAL` would be.
    Log,
    /// All: what `synchronous=OFF` would be.
    Everything,
}

/// The disk under one data directory.
#[derive(Debug)]
pub struct Disk {
    data: PathBuf,
    place: TempDir,
    forgets: Forgets,
}

impl Disk {
    /// Puts a disk under a directory. All that is there is taken for synced.
    pub fn under(data: &Path, forgets: Forgets) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let disk = Self {
            data: data.canonicalize()?,
            place,
            forgets,
        };
        for part in ["images", "pending", "names"] {
            std::fs::create_dir(disk.path(part))?;
        }
        for entry in std::fs::read_dir(data)? {
            let entry = entry?;
            let inode = inode(&entry.metadata()?);
            std::fs::copy(entry.path(), disk.path("images").join(&inode))?;
            std::fs::write(disk.path("names").join(entry.file_name()), &inode)?;
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("disk/disk.c");
        let output = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .arg(disk.library())
            .arg(source)
            .args(["-ldl", "-lpthread"])
            .output()
            .context("no C compiler: install gcc or clang")?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(disk)
    }

    fn path(&self, part: &str) -> PathBuf {
        self.place.path().join(part)
    }

    fn library(&self) -> PathBuf {
        self.path("disk.so")
    }

    /// Returns the variables that the server's environment needs.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let mut environment = vec![
            ("LD_PRELOAD", self.library().into()),
            ("DISK_DATA", self.data.clone().into()),
            ("DISK_PLATTER", self.place.path().into()),
        ];
        match self.forgets {
            Forgets::Nothing => {}
            Forgets::Log => environment.push(("DISK_FORGET", "wal".into())),
            Forgets::Everything => environment.push(("DISK_FORGET", "all".into())),
        }
        environment
    }

    /// From now on the disk is `full` or `readonly`, takes so many milliseconds
    /// for a sync (`slow`), or the clock is so many seconds off (`clock`).
    pub fn ask(&self, what: &str, how_much: i64) -> Result<()> {
        Ok(std::fs::write(self.path(what), how_much.to_string())?)
    }

    /// Ends what [`Disk::ask`] began.
    pub fn stop_asking(&self, what: &str) -> Result<()> {
        Ok(std::fs::remove_file(self.path(what))?)
    }

    /// The power is cut: the data directory becomes what had reached the disk.
    /// Of the writes that nobody waited for, some have, each whole or in parts of
    /// 512 bytes.
    pub fn cut(self, rng: &mut fastrand::Rng) -> Result<()> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.path("names"))? {
            let entry = entry?;
            let name = entry.file_name();
            if name.to_string_lossy().ends_with(".new") {
                continue;
            }
            let inode = std::fs::read_to_string(entry.path())?;
            let image = std::fs::read(self.path("images").join(&inode));
            let mut bytes = image.unwrap_or_default();
            if let Ok(pending) = std::fs::read(self.path("pending").join(&inode)) {
                apply_some(&mut bytes, &pending, rng);
            }
            files.push((name, bytes));
        }
        std::fs::remove_dir_all(&self.data)?;
        lagesbild_server::shared::database::private::make_directory(&self.data)?;
        for (name, bytes) in files {
            let path = self.data.join(name);
            std::fs::write(&path, bytes)?;
            lagesbild_server::shared::database::private::restrict(&path)?;
        }
        Ok(())
    }
}

/// Writes some of the pending writes into a file's bytes.
fn apply_some(bytes: &mut Vec<u8>, mut pending: &[u8], rng: &mut fastrand::Rng) {
    const SECTOR: usize = 512;
    let all = rng.u8(..4);
    while let Some((head, rest)) = pending.split_first_chunk::<16>() {
        let [offset, length] = [0, 8].map(|i| {
            let mut number = [0; 8];
            number.copy_from_slice(&head[i..i + 8]);
            usize::try_from(u64::from_ne_bytes(number)).unwrap_or(usize::MAX)
        });
        // The process may have been killed while it wrote this down.
        let Some((written, rest)) = rest.split_at_checked(length) else {
            return;
        };
        pending = rest;
        for (n, sector) in written.chunks(SECTOR).enumerate() {
            let arrived = match all {
                0 => false,
                1 => true,
                _ => rng.bool(),
            };
            if arrived {
                let start = offset + n * SECTOR;
                if bytes.len() < start + sector.len() {
                    bytes.resize(start + sector.len(), 0);
                }
                bytes[start..start + sector.len()].copy_from_slice(sector);
            }
        }
    }
}

fn inode(metadata: &std::fs::Metadata) -> String {
    std::os::unix::fs::MetadataExt::ino(metadata).to_string()
}
