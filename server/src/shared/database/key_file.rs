//! Secrets of the server that lie beside the database, in files of their own:
//! whoever reads the database or a backup has none of them.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use super::{StoreError, durable, private};
use crate::shared::clock::Entropy;

/// Length of a secret, in bytes.
pub(crate) const KEY: usize = 32;

/// Reads the secret `name` of a data directory; draws it when there is none.
pub(crate) fn read(directory: &Path, name: &str) -> Result<[u8; KEY], StoreError> {
    let path = directory.join(name);
    match File::open(&path) {
        Ok(mut file) => {
            let mut key = [0; KEY];
            file.read_exact(&mut key)?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => draw(directory, &path),
        Err(error) => Err(error.into()),
    }
}

fn draw(directory: &Path, path: &Path) -> Result<[u8; KEY], StoreError> {
    let key: [u8; KEY] = Entropy::system().draw();
    // Whole or not at all: half a key would be none for ever.
    let partial = path.with_extension("key.new");
    let mut file = private::create(&partial)?;
    file.write_all(&key)?;
    file.sync_all()?;
    // Another process may have been faster: its key stands.
    let linked = std::fs::hard_link(&partial, path);
    std::fs::remove_file(&partial)?;
    match linked {
        Ok(()) => {
            durable(directory)?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut key = [0; KEY];
            File::open(path)?.read_exact(&mut key)?;
            Ok(key)
        }
        Err(error) => Err(error.into()),
    }
}
