//! `calculate METHOD`: one JSON object in, one JSON object out.
//!
//! The same code as the live estimate, for analysts and for tests. A line that
//! cannot be calculated gives `{"error":{"code","detail"}}`; a table that cannot
//! carry a number gives its figures with a `refusal` beside them.

#![allow(
    clippy::float_cmp,
    reason = "whole figures are compared as they are: a count is whole or it is none"
)]

mod disclose;
mod error;
mod fields;
mod object;
mod output;
mod people;
mod places;
mod tables;
mod texts;

use core::str::FromStr;

pub use error::{CalculateError, UnknownMethod};
use fields::Fields;
use output::Output;

/// A method of `calculate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Two lists.
    Pair,
    /// People planted among those counted.
    Plants,
    /// One list with repeated meetings.
    Frequencies,
    /// Three occasions or more.
    Occasions,
    /// One log-linear model of several lists.
    Lists,
    /// Averaging over the decomposable graphs of several lists.
    Average,
    /// The ratio prediction of places nobody visited.
    Ratio,
    /// Stratified expansion.
    Strata,
    /// Several observations of one place on one night.
    Place,
    /// A table as it may leave the group.
    Disclose,
}

impl Method {
    /// Every method, in the order of the manual.
    pub const ALL: [Self; 10] = [
        Self::Pair,
        Self::Plants,
        Self::Frequencies,
        Self::Occasions,
        Self::Lists,
        Self::Average,
        Self::Ratio,
        Self::Strata,
        Self::Place,
        Self::Disclose,
    ];

    /// Gives the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pair => "pair",
            Self::Plants => "plants",
            Self::Frequencies => "frequencies",
            Self::Occasions => "occasions",
            Self::Lists => "lists",
            Self::Average => "average",
            Self::Ratio => "ratio",
            Self::Strata => "strata",
            Self::Place => "place",
            Self::Disclose => "disclose",
        }
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|method| method.name() == name)
            .ok_or_else(|| UnknownMethod(name.chars().take(40).collect()))
    }
}

/// Calculates one line. Never fails and never panics: an error is an object too.
/// Floats have 12 significant digits; what is not finite is `null`.
pub fn calculate_line(method: Method, line: &str) -> String {
    match calculate(method, line) {
        Ok(output) => output.into_json(),
        Err(error) => error.into_json(),
    }
}

fn calculate(method: Method, line: &str) -> Result<Output, CalculateError> {
    let fields = Fields::parse(line)?;
    match method {
        Method::Pair => people::pair(&fields),
        Method::Plants => people::plants(&fields),
        Method::Frequencies => people::frequencies(&fields),
        Method::Occasions => people::occasions(&fields),
        Method::Lists => tables::lists(&fields),
        Method::Average => tables::average(&fields),
        Method::Ratio => places::ratio(&fields),
        Method::Strata => places::strata(&fields),
        Method::Place => places::place(&fields),
        Method::Disclose => disclose::disclose(&fields),
    }
}

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
