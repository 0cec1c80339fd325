//! Text files that people edit: read as they come out of any editor.

use std::path::Path;

/// Why a file is no text.
#[derive(Debug, thiserror::Error)]
pub enum TextFileError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It is UTF-16.
    #[error("it is written in UTF-16: save it as UTF-8")]
    Utf16,
    /// It holds bytes that are no UTF-8.
    #[error(
        "line {line} holds bytes that are no UTF-8: save it as UTF-8, not as Latin 1 or Windows-1252"
    )]
    Bytes {
        /// Counted from 1.
        line: usize,
    },
}

impl From<TextFileError> for std::io::Error {
    fn from(error: TextFileError) -> Self {
        match error {
            TextFileError::Io(error) => error,
            other => Self::new(std::io::ErrorKind::InvalidData, other.to_string()),
        }
    }
}

/// Reads a text file, without a byte order mark and with lines that end in `\n`.
///
/// # Errors
/// When it cannot be read, or is no UTF-8; the line is named.
pub fn read_text(path: &Path) -> Result<String, TextFileError> {
    text(std::fs::read(path)?)
}

fn text(bytes: Vec<u8>) -> Result<String, TextFileError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(TextFileError::Utf16);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let ends = good.split(|byte| *byte == b'\n').count();
        TextFileError::Bytes { line: ends }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_and_other_line_ends_are_passed_over() {
        let read = |bytes: &[u8]| text(bytes.to_vec()).unwrap();
        assert_eq!(read("\u{feff}a\r\nb\r\n".as_bytes()), "a\nb\n");
        assert_eq!(read("å\n".as_bytes()), "å\n");
        assert_eq!(read(b""), "");
    }

    #[test]
    fn another_encoding_is_named() {
        let error = |bytes: &[u8]| text(bytes.to_vec()).unwrap_err().to_string();
        assert!(error(b"\xff\xfea\0").contains("UTF-16"));
        assert!(error(b"\xfe\xff\0a").contains("UTF-16"));
        assert!(error(b"a\nb\nc\xe5\n").contains("line 3"));
    }
}
