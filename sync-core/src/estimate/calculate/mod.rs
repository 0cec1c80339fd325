//! `calculate METHOD`: one JSON object in, one JSON object out.
//!
//! The same code as the live estimate, for analysts and for tests. A line that
//! cannot be calculated gives `{"error":{"code","detail"}}`; a table that cannot
//! carry a number gives its figures with a `refusal` beside them.

mod error;
mod fields;
mod output;
mod places;

use core::str::FromStr;

pub use error::{CalculateError, UnknownMethod};
use fields::Fields;
use output::Output;

/// A method of `calculate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// The ratio prediction of places nobody visited.
    Ratio,
    /// Stratified expansion.
    Strata,
    /// Several observations of one place on one night.
    Place,
}

impl Method {
    /// Every method, in the order of the manual.
    pub const ALL: [Self; 3] = [Self::Ratio, Self::Strata, Self::Place];

    /// Gives the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ratio => "ratio",
            Self::Strata => "strata",
            Self::Place => "place",
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
        Method::Ratio => places::ratio(&fields),
        Method::Strata => places::strata(&fields),
        Method::Place => places::place(&fields),
    }
}

#[cfg(test)]
mod tests;
