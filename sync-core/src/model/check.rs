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
/// Longest note, in bytes.
pub const NOTE_BYTES: usize = 4_000;
/// Longest name or short text, in bytes.
pub const NAME_BYTES: usize = 200;
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

pub(super) fn text(field: &str, text: &str, most_bytes: usize) -> Checked {
    if text.len() <= most_bytes {
        Ok(())
    } else {
        refuse(
            field,
            format!("at most {most_bytes} bytes, has {}", text.len()),
        )
    }
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
