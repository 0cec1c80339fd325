//! The ids that must never come back, whatever backup is put in place: erased documents
//! and revoked devices, in a file beside the database. A line each, ids only.
//!
//! A line is on disk before the transaction that it is about, so no backup can
//! be younger than the file. It may be listed twice.
//!
//! What a person erased (`document`) and what retention destroyed (`expired`) are told
//! apart: a restore that is to mend a wrong expiry brings the latter back, and says so
//! with another line (`kept`). Lines are read in their order.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use sync_core::ids::{DeviceId, DocumentId};

use super::{StoreError, private};

/// The file in the data directory.
pub const GONE_FILE: &str = "gone.log";

/// The contents of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// Documents that a person erased.
    pub documents: BTreeSet<DocumentId>,
    /// Documents that retention destroyed.
    pub expired: BTreeSet<DocumentId>,
    /// Devices that were revoked.
    pub devices: BTreeSet<DeviceId>,
    /// Lines that say nothing: broken, or cut off.
    pub broken: u64,
}

/// Adds documents that a person erased.
pub(crate) fn note_documents(directory: &Path, ids: &[DocumentId]) -> Result<(), StoreError> {
    append(directory, "document", ids.iter().map(ToString::to_string))
}

/// Adds documents that retention destroys.
pub(crate) fn note_expired(directory: &Path, ids: &[DocumentId]) -> Result<(), StoreError> {
    append(directory, "expired", ids.iter().map(ToString::to_string))
}

/// Takes back that retention destroyed documents: a restore brings them back.
pub(crate) fn note_kept<'a>(
    directory: &Path,
    ids: impl Iterator<Item = &'a DocumentId>,
) -> Result<(), StoreError> {
    append(directory, "kept", ids.map(ToString::to_string))
}

/// Adds a revoked device.
pub(crate) fn note_device(directory: &Path, id: DeviceId) -> Result<(), StoreError> {
    append(directory, "device", std::iter::once(id.to_string()))
}

fn append(
    directory: &Path,
    what: &str,
    ids: impl Iterator<Item = String>,
) -> Result<(), StoreError> {
    let mut lines = String::new();
    for id in ids {
        lines.extend([what, " ", &id, "\n"]);
    }
    if lines.is_empty() {
        return Ok(());
    }
    Ok(write(&directory.join(GONE_FILE), lines)?)
}

fn write(file: &Path, mut lines: String) -> std::io::Result<()> {
    let mut file = private::options()
        .read(true)
        .append(true)
        .create(true)
        .open(file)?;
    // A disk that was full may have cut the last line off: the next is not to join it.
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            lines.insert(0, '\n');
        }
    }
    // One write, so that two processes do not mix their lines.
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}

/// Reads the file. What cannot be read of it is counted and passed over: a last line that
/// was cut off is about what did not happen, and one broken line must not keep the others
/// from being heeded.
pub(crate) fn read(directory: &Path) -> Result<Gone, StoreError> {
    let bytes = match std::fs::read(directory.join(GONE_FILE)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Gone::default()),
        Err(error) => return Err(error.into()),
    };
    let mut gone = Gone::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        if !line.is_empty() && gone.take(line).is_none() {
            gone.broken += 1;
        }
    }
    Ok(gone)
}

impl Gone {
    fn take(&mut self, line: &[u8]) -> Option<()> {
        let (what, id) = std::str::from_utf8(line).ok()?.split_once(' ')?;
        match what {
            "document" => self.documents.insert(id.parse().ok()?),
            "expired" => self.expired.insert(id.parse().ok()?),
            "kept" => self.expired.remove(&id.parse().ok()?),
            "device" => self.devices.insert(id.parse().ok()?),
            _ => return None,
        };
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(path: &Path, bytes: &[u8]) {
        let mut file = private::options()
            .append(true)
            .create(true)
            .open(path.join(GONE_FILE))
            .unwrap();
        file.write_all(bytes).unwrap();
    }

    #[test]
    fn reads_what_was_noted_and_passes_over_half_a_line() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        assert_eq!(read(path).unwrap(), Gone::default());
        let [one, two, three] = [1, 2, 3].map(|n| DocumentId::from_bytes([n; 16]));
        let device = DeviceId::from_bytes([2; 8]);
        note_documents(path, &[one]).unwrap();
        note_device(path, device).unwrap();
        note_expired(path, &[two, three]).unwrap();
        note_kept(path, [three].iter()).unwrap();
        add(path, b"document 0303");
        let gone = read(path).unwrap();
        assert_eq!(gone.documents, [one].into());
        assert_eq!(gone.expired, [two].into());
        assert_eq!(gone.devices, [device].into());
        assert_eq!(gone.broken, 1);
    }

    #[test]
    fn broken_bytes_and_cut_lines_hide_no_other_line() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let ids = [1, 2, 3].map(|n| DocumentId::from_bytes([n; 16]));
        note_documents(path, &ids[..1]).unwrap();
        add(path, b"\xff\xfe\0 broken\nnothing known\ndocument 04");
        note_documents(path, &ids[1..2]).unwrap();
        add(path, b"\x80\n");
        note_documents(path, &ids[2..]).unwrap();
        let gone = read(path).unwrap();
        assert_eq!(gone.documents, ids.into());
        assert_eq!(gone.broken, 4);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_said_to_be_full() {
        let full = write(Path::new("/dev/full"), "document 01\n".to_owned()).unwrap_err();
        assert!(matches!(StoreError::from(full), StoreError::Full));
    }
}
