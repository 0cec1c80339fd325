//! Backups that only who has the key can read: files in the age format
//! (<https://age-encryption.org/v1>), so that any program that knows it opens them.
//!
//! The server holds only to whom it encrypts. The key lies elsewhere: whoever takes the
//! server's disk, or the backups, reads nothing that was erased since.

use std::fs::File;
use std::io::{BufReader, BufWriter, Error, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::str::FromStr as _;

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};

use crate::config::{TextFileError, read_text};
use crate::shared::database::private;

/// Where a data directory says to whom its backups are encrypted, a recipient a line.
pub const RECIPIENTS_FILE: &str = "backup.recipients";
/// How such a file begins.
const MAGIC: &[u8] = b"age-encryption.org/v1";

/// Draws a key pair: writes the secret half into a new file, and returns the public half.
///
/// # Errors
/// When the file is there already, or cannot be written.
pub fn make_key(file: &Path) -> std::io::Result<String> {
    let identity = Identity::generate();
    let mut out = private::options().create_new(true).open(file)?;
    let recipient = identity.to_public().to_string();
    writeln!(
        out,
        "# Opens the backups of Lägesbild. Keep it away from them and from the server."
    )?;
    writeln!(out, "# public key: {recipient}")?;
    writeln!(out, "{}", identity.to_string().expose_secret())?;
    out.sync_all()?;
    Ok(recipient)
}

/// Reads a recipient, as it is typed or stands in a file.
///
/// # Errors
/// A sentence that says what it should be.
pub fn recipient(text: &str) -> Result<Recipient, String> {
    Recipient::from_str(text.trim()).map_err(|_| {
        format!(
            "{:?} is no recipient: it begins with age1, as `lagesbild backup-key` prints it",
            text.trim().chars().take(80).collect::<String>()
        )
    })
}

/// Returns to whom a data directory's backups are encrypted.
///
/// # Errors
/// When the file cannot be read, or holds something else.
pub fn recipients_of(directory: &Path) -> std::io::Result<Vec<Recipient>> {
    let text = match read_text(&directory.join(RECIPIENTS_FILE)) {
        Err(TextFileError::Io(error)) if error.kind() == ErrorKind::NotFound => {
            return Ok(Vec::new());
        }
        other => other?,
    };
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| recipient(line).map_err(Error::other))
        .collect()
}

/// Adds a recipient to a data directory's.
///
/// # Errors
/// When the file cannot be written.
pub fn add_recipient(directory: &Path, recipient: &str) -> std::io::Result<()> {
    let mut file = private::options()
        .append(true)
        .create(true)
        .open(directory.join(RECIPIENTS_FILE))?;
    writeln!(file, "{recipient}")?;
    file.sync_all()
}

/// Checks whether a file is encrypted so.
///
/// # Errors
/// When it cannot be read.
pub fn is_encrypted(file: &Path) -> std::io::Result<bool> {
    let mut beginning = Vec::new();
    File::open(file)?
        .take(MAGIC.len() as u64)
        .read_to_end(&mut beginning)?;
    Ok(beginning == MAGIC)
}

/// Encrypts a file into a new one, in constant memory. The new one is on the disk, whole,
/// when this returns.
///
/// # Errors
/// When one cannot be read or the other not be written.
pub fn encrypt(plain: &Path, file: &Path, recipients: &[Recipient]) -> std::io::Result<()> {
    let to = recipients.iter().map(|r| r as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(to).map_err(Error::other)?;
    let mut from = BufReader::new(File::open(plain)?);
    let out = BufWriter::new(private::create(file)?);
    let mut stream = encryptor.wrap_output(out)?;
    std::io::copy(&mut from, &mut stream)?;
    let mut out = stream.finish()?;
    out.flush()?;
    out.get_ref().sync_all()
}

/// Decrypts a file into a new one that is its owner's alone, with the keys in another.
///
/// # Errors
/// [`ErrorKind::PermissionDenied`] when none of the keys opens it; others when something
/// cannot be read or written.
pub fn decrypt(file: &Path, plain: &Path, keys: &Path) -> std::io::Result<()> {
    let keys = identities(keys)?;
    let decryptor = age::Decryptor::new(BufReader::new(File::open(file)?)).map_err(Error::other)?;
    let mut stream = decryptor
        .decrypt(keys.iter().map(|k| k as &dyn age::Identity))
        .map_err(|error| Error::new(ErrorKind::PermissionDenied, error.to_string()))?;
    let mut out = BufWriter::new(private::create(plain)?);
    std::io::copy(&mut stream, &mut out)?;
    out.flush()?;
    out.get_ref().sync_all()
}

fn identities(file: &Path) -> std::io::Result<Vec<Identity>> {
    let text = read_text(file)?;
    let keys: Vec<Identity> = text
        .lines()
        .filter_map(|line| Identity::from_str(line.trim()).ok())
        .collect();
    if keys.is_empty() {
        let text = "it holds no key: a line of it begins with AGE-SECRET-KEY-";
        return Err(Error::new(ErrorKind::InvalidData, text));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_the_key_reads_it() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        let text = vec![7_u8; 300_000];
        std::fs::write(at("plain"), &text).unwrap();
        let public = make_key(&at("key")).unwrap();
        assert!(make_key(&at("key")).is_err(), "a key is never written over");
        add_recipient(place.path(), &public).unwrap();
        let to = recipients_of(place.path()).unwrap();
        encrypt(&at("plain"), &at("sealed"), &to).unwrap();
        assert!(is_encrypted(&at("sealed")).unwrap());
        assert!(!is_encrypted(&at("plain")).unwrap());
        decrypt(&at("sealed"), &at("back"), &at("key")).unwrap();
        assert_eq!(std::fs::read(at("back")).unwrap(), text);

        make_key(&at("other")).unwrap();
        let error = decrypt(&at("sealed"), &at("no"), &at("other")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert!(!at("no").exists());
        // Cut off, it is no backup.
        let whole = std::fs::read(at("sealed")).unwrap();
        std::fs::write(at("cut"), &whole[..whole.len() - 1]).unwrap();
        assert!(decrypt(&at("cut"), &at("part"), &at("key")).is_err());
        assert!(recipient("age1nonsense").is_err());
    }
}
