//! Messages about an estimate, as codes with the values that their sentences name. The
//! sentences lie with the other texts, a catalogue a language.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::reason::{Refusal, Warning};

/// A sentence by its code, with the values that it names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// Stable, and the sentence's key in every catalogue.
    pub code: &'static str,
    /// By the names that the sentence has for them.
    pub params: BTreeMap<&'static str, Param>,
}

/// A value that a sentence names.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// A number as it is shown: whole, or with two decimals.
    Number(f64),
    /// The code of another sentence.
    Code(&'static str),
}

/// The headlines by their codes, each with the values that it names.
pub const HEADLINES: [(&str, &[&str]); 8] = [
    ("night_refused", &["seen", "reason"]),
    ("night_all_counted", &["seen", "total", "low", "high"]),
    (
        "night_drawn_ratio",
        &["seen", "times", "total", "low", "high"],
    ),
    (
        "night_pooled_ratio",
        &["seen", "times", "total", "low", "high"],
    ),
    (
        "night_stratified_expansion",
        &["seen", "total", "low", "high"],
    ),
    ("people_refused", &["seen", "reason"]),
    ("people_lower_bound", &["seen", "total"]),
    ("people_overlap", &["seen", "total", "low", "high"]),
];

impl Message {
    /// Makes the message of a code from the values that it names.
    pub(super) fn new<const N: usize>(
        code: &'static str,
        params: [(&'static str, Param); N],
    ) -> Self {
        Self {
            code,
            params: params.into(),
        }
    }
}

impl From<Refusal> for Message {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.code(), [])
    }
}

impl From<Warning> for Message {
    fn from(warning: Warning) -> Self {
        Self::new(warning.code(), [])
    }
}

/// The headline of an estimate, and what the estimate can be traced by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Says what was seen, what was assumed and what follows.
    pub headline: Message,
    /// [`METHOD_VERSION`](super::METHOD_VERSION) when it was made.
    pub method_version: &'static str,
    /// SHA-256 over the input in one order, in hexadecimal.
    pub inputs_hash: String,
    /// The seed of the draw, if there was one.
    pub draw_seed: Option<u64>,
}

impl Explanation {
    /// Explains what came of an input, given as bytes in one order.
    pub(super) fn new(headline: Message, input: &[u8], draw_seed: Option<u64>) -> Self {
        Self {
            headline,
            method_version: super::METHOD_VERSION,
            inputs_hash: hash(input),
            draw_seed,
        }
    }
}

/// Returns the SHA-256 of bytes, in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Rounds K, or a part of it, to whole persons: down, since it is a minimum and
/// stands beside an interval that is rounded outwards. A sum that is whole but
/// for its last bits stays whole. Every place that shows K rounds it here.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of people; the cast saturates"
)]
pub fn persons_seen(seen: f64) -> u64 {
    (seen.max(0.0) * (1.0 + 1e-12) + 1e-9).floor() as u64
}

/// Rounds an estimate to the whole persons that are shown.
pub(super) fn total(value: f64) -> Param {
    Param::Number(value.max(0.0).round())
}

/// Rounds a lower limit outwards.
pub(super) fn low(value: f64) -> Param {
    Param::Number(value.max(0.0).floor())
}

/// Rounds an upper limit outwards.
pub(super) fn high(value: f64) -> Param {
    Param::Number(value.max(0.0).ceil())
}

/// Rounds a ratio to the two decimals that are shown.
pub(super) fn ratio(value: f64) -> Param {
    Param::Number((value * 100.0).round() / 100.0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Checks that a headline is listed, and names just the values that the list says.
    pub(in crate::estimate) fn is_listed(message: &Message) {
        let listed = HEADLINES.iter().find(|(code, _)| *code == message.code);
        let (_, names) = listed.unwrap_or_else(|| panic!("{} is not listed", message.code));
        let mut names = names.to_vec();
        names.sort_unstable();
        assert!(message.params.keys().eq(&names), "{message:?}");
    }

    #[test]
    fn a_half_is_rounded_as_the_figure_beside_it_is() {
        assert_eq!(total(60.5), Param::Number(61.0));
        assert_eq!(ratio(0.727), Param::Number(0.73));
    }
}
