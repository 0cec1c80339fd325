//! Compressed twins of the app's files, so that the server need not compress
//! the same bytes for each phone.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};

use crate::stamp;

/// Endings of files that compress well. Images and fonts are compressed already.
const EXTENSIONS: [&str; 11] = [
    "css",
    "html",
    "js",
    "json",
    "map",
    "mjs",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// Below this, the headers cost what the compression gains.
const SMALLEST: usize = 256;

/// Sizes of one file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) plain: usize,
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

/// Writes `.gz` and `.br` beside each compressible file under `directory`;
/// gives the files and their sizes.
pub(crate) fn directory(directory: &Path) -> Result<Vec<(PathBuf, Sizes)>> {
    let mut files = Vec::new();
    stamp::collect(directory, &[], &mut files)?;
    files.sort();
    let mut sizes = Vec::new();
    for path in files.into_iter().filter(|path| is_compressible(path)) {
        let plain = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if plain.len() < SMALLEST {
            continue;
        }
        let gzip = gzip(&plain)?;
        let brotli = brotli(&plain)?;
        fs::write(with_suffix(&path, "gz"), &gzip)?;
        fs::write(with_suffix(&path, "br"), &brotli)?;
        let size = Sizes {
            plain: plain.len(),
            gzip: gzip.len(),
            brotli: brotli.len(),
        };
        sizes.push((path, size));
    }
    Ok(sizes)
}

/// Checks whether each file under `directory` that should have compressed
/// twins has them; a build made without xtask has not.
pub(crate) fn is_complete(directory: &Path) -> bool {
    let mut files = Vec::new();
    stamp::collect(directory, &[], &mut files).is_ok()
        && files
            .iter()
            .filter(|path| is_compressible(path))
            .all(|path| {
                let small = fs::metadata(path).is_ok_and(|data| data.len() < SMALLEST as u64);
                small || (with_suffix(path, "gz").is_file() && with_suffix(path, "br").is_file())
            })
}

/// Returns how much a phone fetches for `path`: the size of its twin `suffix`, or of the
/// file itself where it has none.
pub(crate) fn transfer_size(path: &Path, suffix: &str) -> io::Result<u64> {
    let twin = with_suffix(path, suffix);
    Ok(fs::metadata(if twin.is_file() { &twin } else { path })?.len())
}

/// Compresses with gzip at its best.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    // No name and no time in the header: the same bytes each time.
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Compresses with brotli at its best (quality 11, the largest window that
/// browsers accept).
fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn is_compressible(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// `app.js` and "gz" → `app.js.gz`.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::repository::scratch;

    #[test]
    fn twins_unpack_to_the_original() {
        let dist = scratch("precompress");
        fs::create_dir_all(dist.join("assets")).unwrap();
        let text = "två besök väntar på nät; ".repeat(100);
        fs::write(dist.join("assets/app.js"), &text).unwrap();
        fs::write(dist.join("icon.png"), &text).unwrap();
        fs::write(dist.join("tiny.css"), "a{}").unwrap();
        assert!(!is_complete(&dist));

        let sizes = directory(&dist).unwrap();
        assert!(is_complete(&dist));
        assert_eq!(sizes.len(), 1);
        assert_eq!(sizes[0].1.plain, text.len());

        let packed = fs::read(dist.join("assets/app.js.gz")).unwrap();
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&packed[..])
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);

        let packed = fs::read(dist.join("assets/app.js.br")).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
    }

    #[test]
    fn a_second_time_gives_the_same_bytes_and_no_twins_of_twins() {
        let dist = scratch("precompress-again");
        fs::write(dist.join("app.css"), "body { margin: 0 }\n".repeat(50)).unwrap();
        directory(&dist).unwrap();
        let first = fs::read(dist.join("app.css.gz")).unwrap();
        directory(&dist).unwrap();
        assert_eq!(fs::read(dist.join("app.css.gz")).unwrap(), first);
        assert_eq!(fs::read_dir(&dist).unwrap().count(), 3);
    }
}
