//! Stamps: what a step was last built from, so that it can be skipped when
//! nothing changed.
//!
//! A stamp holds a hash of contents, not of times: a checkout of another
//! branch and back changes every time and no content. It lies beside what was
//! built, not in the target directory, which several checkouts may share.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A hash over named inputs.
///
/// `DefaultHasher` may change between Rust releases; then a step runs once
/// more than needed, which is harmless.
#[derive(Debug, Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Adds a text, such as a version or a setting.
    pub(crate) fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds each file under `path` (or the file itself), with its name
    /// relative to `base`; directories named in `except` are left out.
    /// What does not exist counts as absent.
    pub(crate) fn files(mut self, base: &Path, path: &str, except: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        collect(&base.join(path), except, &mut files)?;
        files.sort();
        for file in files {
            file.strip_prefix(base).unwrap_or(&file).hash(&mut self.0);
            fs::read(&file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .hash(&mut self.0);
        }
        Ok(self)
    }

    /// The hash in hexadecimal.
    pub(crate) fn finish(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// Lists the files under `path`; `path` may be a file, or absent.
pub(crate) fn collect(path: &Path, except: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        let entries =
            fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        for entry in entries {
            let entry = entry?;
            if !except.iter().any(|name| entry.file_name() == *name) {
                collect(&entry.path(), except, files)?;
            }
        }
    }
    Ok(())
}

/// Checks whether `stamp` holds `fingerprint`.
pub(crate) fn is_current(stamp: &Path, fingerprint: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|held| held == fingerprint)
}

/// Removes `stamp` before a step begins, so that a step which is interrupted
/// half-way runs again.
pub(crate) fn clear(stamp: &Path) -> Result<()> {
    if stamp.exists() {
        fs::remove_file(stamp).with_context(|| format!("cannot remove {}", stamp.display()))?;
    }
    Ok(())
}

/// Writes `fingerprint` into `stamp` after a step succeeded.
pub(crate) fn write(stamp: &Path, fingerprint: &str) -> Result<()> {
    if let Some(directory) = stamp.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(stamp, fingerprint).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::scratch;

    fn fingerprint(base: &Path) -> String {
        Fingerprint::default()
            .text("version 1")
            .files(base, "src", &["generated"])
            .unwrap()
            .files(base, "absent", &[])
            .unwrap()
            .finish()
    }

    #[test]
    fn changes_with_contents_and_names_and_nothing_else() {
        let base = scratch("fingerprint");
        fs::create_dir_all(base.join("src/deep")).unwrap();
        fs::create_dir_all(base.join("src/generated")).unwrap();
        fs::write(base.join("src/a.rs"), "a").unwrap();
        fs::write(base.join("src/deep/b.rs"), "b").unwrap();
        let first = fingerprint(&base);

        // Written again with the same contents: only the time differs.
        fs::write(base.join("src/a.rs"), "a").unwrap();
        fs::write(base.join("src/generated/c.rs"), "c").unwrap();
        fs::write(base.join("beside.rs"), "d").unwrap();
        assert_eq!(fingerprint(&base), first);

        fs::write(base.join("src/a.rs"), "A").unwrap();
        assert_ne!(fingerprint(&base), first);
        fs::write(base.join("src/a.rs"), "a").unwrap();
        fs::rename(base.join("src/deep/b.rs"), base.join("src/deep/c.rs")).unwrap();
        assert_ne!(fingerprint(&base), first);
    }

    #[test]
    fn a_stamp_is_current_only_between_write_and_clear() {
        let stamp = scratch("stamp").join("inner/step.stamp");
        assert!(!is_current(&stamp, "1"));
        write(&stamp, "1").unwrap();
        assert!(is_current(&stamp, "1"));
        assert!(!is_current(&stamp, "2"));
        clear(&stamp).unwrap();
        assert!(!is_current(&stamp, "1"));
        clear(&stamp).unwrap();
    }
}
