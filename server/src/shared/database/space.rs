//! Space on the disk: enough of it is kept for what must always work. On a full disk
//! nobody could be shut out, nothing erased, nobody signed out.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::private;

/// The file whose space is given back when the disk is full.
pub(crate) const RESERVE_FILE: &str = "reserve";
/// Its size, bytes: thousands of revocations, and a checkpoint.
const RESERVE: u64 = 16 * 1024 * 1024;
/// How long an answer holds.
const HOLDS: Duration = Duration::from_secs(1);

/// How long it holds that something could be written.
const PROBED: Duration = Duration::from_secs(5);

/// The watch over the disk's free space.
#[derive(Debug)]
pub(super) struct Space {
    directory: PathBuf,
    /// Bytes that must be free for changes to be taken; none: 5 % of the disk, at most
    /// 500 MB.
    wanted: Option<u64>,
    last: Mutex<Option<(Instant, bool)>>,
    /// When the store was last found to take something.
    written: Mutex<Option<Instant>>,
}

impl Space {
    pub(super) fn new(directory: &Path, wanted: Option<u64>) -> Self {
        Self {
            directory: directory.to_owned(),
            wanted,
            last: Mutex::new(None),
            written: Mutex::new(None),
        }
    }

    /// Returns whether changes may be taken: more is free than is kept back.
    pub(super) fn is_there(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, there)) = *last
            && at.elapsed() < HOLDS
        {
            return there;
        }
        // A system that does not say has room until it says otherwise.
        let there = disk(&self.directory)
            .is_none_or(|(free, size)| free >= self.wanted.unwrap_or((size / 20).min(500_000_000)));
        *last = Some((Instant::now(), there));
        there
    }

    pub(super) fn was_written_lately(&self) -> bool {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.is_some_and(|at| at.elapsed() < PROBED)
    }

    pub(super) fn is_written(&self) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        *written = Some(Instant::now());
    }

    /// Sets space aside, when there is room for it and none is set aside yet.
    pub(super) fn set_aside(&self) {
        let file = self.directory.join(RESERVE_FILE);
        let plenty = disk(&self.directory).is_some_and(|(free, _)| free > 4 * RESERVE);
        if file.exists() || !plenty {
            return;
        }
        if let Err(error) = fill(&file) {
            tracing::debug!(%error, "no space could be set aside");
            let _ = std::fs::remove_file(&file);
        }
    }
}

/// Releases the space that was set aside beside a connection's database; returns whether
/// there was any.
pub(super) fn release_beside(connection: &Connection) -> bool {
    let directory = connection.path().map(Path::new).and_then(Path::parent);
    directory.is_some_and(release)
}

/// Releases the space that was set aside in a data directory; returns whether there was any.
pub(super) fn release(directory: &Path) -> bool {
    let released = std::fs::remove_file(directory.join(RESERVE_FILE)).is_ok();
    if released {
        tracing::error!(
            "the disk is full: the space set aside is used now, so that revoking, erasing and \
             signing out go on. Make room on the disk"
        );
    }
    released
}

/// Writes it out: a file with holes would set nothing aside.
fn fill(path: &Path) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = private::create(path)?;
    // Not zeros, which some file systems do not store.
    let block: Vec<u8> = (0..=u8::MAX).cycle().take(64 * 1024).collect();
    for _ in 0..RESERVE / block.len() as u64 {
        file.write_all(&block)?;
    }
    file.sync_all()
}

/// Free bytes (for who runs this) and size of the disk that holds a directory.
#[cfg(unix)]
fn disk(directory: &Path) -> Option<(u64, u64)> {
    let stat = rustix::fs::statvfs(directory).ok()?;
    Some((
        stat.f_bavail.saturating_mul(stat.f_frsize),
        stat.f_blocks.saturating_mul(stat.f_frsize),
    ))
}

#[cfg(not(unix))]
fn disk(_: &Path) -> Option<(u64, u64)> {
    None
}
