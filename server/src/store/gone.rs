//! What must never come back, whatever backup is put in place: erased documents
//! and revoked devices, in a file beside the database. A line each, ids only.
//!
//! A line is on disk before the transaction that it is about, so no backup can
//! be younger than the file. It may stand there twice.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use sync_core::ids::{DeviceId, DocumentId};

use super::StoreError;

/// The file in the data directory.
pub const GONE_FILE: &str = "gone.log";

/// What the file names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// Erased documents.
    pub documents: BTreeSet<DocumentId>,
    /// Revoked devices.
    pub devices: BTreeSet<DeviceId>,
}

/// Adds erased documents.
pub(super) fn note_documents(directory: &Path, ids: &[DocumentId]) -> Result<(), StoreError> {
    append(directory, "document", ids.iter().map(ToString::to_string))
}

/// Adds a revoked device.
pub(super) fn note_device(directory: &Path, id: DeviceId) -> Result<(), StoreError> {
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
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(directory.join(GONE_FILE))?;
    // One write, so that two processes do not mix their lines.
    file.write_all(lines.as_bytes())?;
    file.sync_data()?;
    Ok(())
}

/// Reads the file. A last line that was cut off is passed over: what it was
/// about did not happen.
pub(super) fn read(directory: &Path) -> Result<Gone, StoreError> {
    let text = match std::fs::read_to_string(directory.join(GONE_FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Gone::default()),
        Err(error) => return Err(error.into()),
    };
    let mut gone = Gone::default();
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("document", id)) => gone.documents.extend(id.parse::<DocumentId>()),
            Some(("device", id)) => gone.devices.extend(id.parse::<DeviceId>()),
            _ => {}
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_was_noted_and_passes_over_half_a_line() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        assert_eq!(read(path).unwrap(), Gone::default());
        let document = DocumentId::from_bytes([1; 16]);
        let device = DeviceId::from_bytes([2; 8]);
        note_documents(path, &[document]).unwrap();
        note_device(path, device).unwrap();
        let mut file = OpenOptions::new()
            .append(true)
            .open(path.join(GONE_FILE))
            .unwrap();
        file.write_all(b"document 0303").unwrap();
        let gone = read(path).unwrap();
        assert_eq!(gone.documents, [document].into());
        assert_eq!(gone.devices, [device].into());
    }
}
