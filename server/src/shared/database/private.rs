//! Files that nobody else on the machine may read: what they hold is about people in need.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Makes every file and directory that this process makes from now on its owner's alone.
pub fn keep_to_oneself() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Returns options that make a file its owner's alone, whatever the process's mask.
pub(crate) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a file, or empties it.
pub(crate) fn create(path: &Path) -> std::io::Result<File> {
    let file = options().create(true).truncate(true).open(path)?;
    restrict(path)?;
    Ok(file)
}

/// Makes a file when there is none: the database would make it readable by all.
pub(crate) fn make_if_missing(path: &Path) -> std::io::Result<()> {
    match options().create_new(true).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Makes a directory and those above it that are missing, each its owner's alone.
///
/// # Errors
/// When one cannot be made.
pub fn make_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes a file from everybody but its owner.
///
/// # Errors
/// When it is not there, or another's.
pub fn restrict(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// A file or a directory that others may read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} is open to others on this machine (mode {mode:03o}): run `chmod -R go= {}` and start again",
    path.display(), directory.display()
)]
pub struct Open {
    path: PathBuf,
    mode: u32,
    directory: PathBuf,
}

/// Checks that a data directory and what lies in it are its owner's alone.
///
/// # Errors
/// [`ErrorKind::PermissionDenied`], around an [`Open`], when something is open to others.
pub fn check(directory: &Path) -> std::io::Result<()> {
    if let Some(open) = first_open(directory)? {
        return Err(Error::new(ErrorKind::PermissionDenied, open));
    }
    Ok(())
}

#[cfg(unix)]
fn first_open(directory: &Path) -> std::io::Result<Option<Open>> {
    use std::os::unix::fs::PermissionsExt as _;
    let of = |path: PathBuf, mode: u32| {
        (mode & 0o077 != 0).then(|| Open {
            path,
            mode: mode & 0o777,
            directory: directory.to_owned(),
        })
    };
    let metadata = match std::fs::metadata(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    if let Some(open) = of(directory.to_owned(), metadata.permissions().mode()) {
        return Ok(Some(open));
    }
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        // What goes away meanwhile (a journal, a partial file) is open to nobody.
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_symlink() {
            continue;
        }
        if let Some(open) = of(entry.path(), metadata.permissions().mode()) {
            return Ok(Some(open));
        }
    }
    Ok(None)
}

#[cfg(not(unix))]
fn first_open(_: &Path) -> std::io::Result<Option<Open>> {
    Ok(None)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_the_owner_s_alone_and_what_is_open_is_named() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("a/b");
        make_directory(&directory).unwrap();
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&place.path().join("a")), 0o700);
        let file = directory.join("x");
        make_if_missing(&file).unwrap();
        make_if_missing(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        check(&directory).unwrap();
        check(&place.path().join("missing")).unwrap();

        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        let said = check(&directory).unwrap_err().to_string();
        assert!(
            said.contains("mode 640") && said.contains("chmod -R go="),
            "{said}"
        );
        create(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(check(&directory).is_err());
    }
}
