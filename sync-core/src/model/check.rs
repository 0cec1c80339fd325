//! The vocabulary in which the kinds state what they allow.

use std::fmt;

use super::super::time::Instant;

/// A value that no document of this kind may hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Invalid {
    /// The field, as a path.
    pub field: String,
    /// A sentence that says the allowed range.
    pub problem: String,
}

/// The most persons a single number may state. Far above any place in the city,
/// far below what could hurt the arithmetic.
pub const MOST_PERSONS: u32 = 5_000;
/// Longest note, in characters: UTF-16 units, as a browser's field counts them, so that what
/// a field takes can be saved in every script.
pub const NOTE_CHARACTERS: usize = 4_000;
/// Longest name or short text, in the same characters.
pub const NAME_CHARACTERS: usize = 200;
/// Most records of one sort in a document, where a kind says nothing less: ten years of
/// a tip a week. A document is read whole for each change to it, so what it may hold is
/// what a change may cost; see also [`super::MOST_COUNTS`] and [`super::MOST_ENCOUNTERS`].
pub const MOST_RECORDS: usize = 500;

/// Result of a check.
pub type Checked = Result<(), Invalid>;

pub(super) fn refuse(field: &str, problem: impl Into<String>) -> Checked {
    Err(Invalid {
        field: field.to_owned(),
        problem: problem.into(),
    })
}

/// Prefixes the field of a failed check with where the record stands.
pub(super) fn within(prefix: &str, key: impl fmt::Display, checked: Checked) -> Checked {
    checked.map_err(|e| Invalid {
        field: format!("{prefix}/{key}/{}", e.field),
        ..e
    })
}

pub(super) fn instant(field: &str, at: Instant) -> Checked {
    if at.is_plausible() {
        Ok(())
    } else {
        refuse(field, "must lie between 2020 and 2100")
    }
}

pub(super) fn persons(field: &str, n: u32) -> Checked {
    if n <= MOST_PERSONS {
        Ok(())
    } else {
        refuse(field, format!("at most {MOST_PERSONS} persons"))
    }
}

pub(super) fn text(field: &str, text: &str, most: usize) -> Checked {
    // No text has more characters than bytes, and nearly every one is short.
    if text.len() <= most {
        return Ok(());
    }
    let characters = text.encode_utf16().count();
    if characters <= most {
        Ok(())
    } else {
        refuse(
            field,
            format!("at most {most} characters, has {characters}"),
        )
    }
}

/// Returns whether a text shows nothing: spaces, controls, and characters that are ignored
/// (Unicode's `Default_Ignorable_Code_Point` as of 16.0, and the blank braille pattern).
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
                | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
    })
}

pub(super) fn records(field: &str, n: usize) -> Checked {
    at_most(field, n, MOST_RECORDS)
}

pub(super) fn at_most(field: &str, n: usize, most: usize) -> Checked {
    if n <= most {
        Ok(())
    } else {
        refuse(field, format!("at most {most} records, has {n}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_long_as_a_field_counts_it_whatever_its_script() {
        for letter in ["a", "å", "ж", "ع", "न", "字"] {
            assert_eq!(text("note", &letter.repeat(900), 900), Ok(()));
            assert!(text("note", &letter.repeat(901), 900).is_err());
        }
        // A field counts two for each.
        assert_eq!(text("note", &"😀".repeat(450), 900), Ok(()));
        let error = text("note", &"😀".repeat(451), 900).unwrap_err();
        assert_eq!(error.to_string(), "note: at most 900 characters, has 902");
    }

    #[test]
    fn what_nobody_sees_is_blank() {
        for blank in [
            "",
            " \n\u{a0}",
            "\u{200b}",
            "\u{feff}\u{ad}",
            "\u{3164}",
            "\u{2800}",
            "\u{202e}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        assert!(!is_blank("\u{200b}a"));
    }
}
