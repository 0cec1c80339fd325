//! Why a line cannot be calculated.

use serde_json::json;
use thiserror::Error;

use sync_core::estimate::average_night::place_night::PlaceError;

/// A name that is no method.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no method {0:?}")]
pub struct UnknownMethod(pub String);

/// Why a line cannot be calculated. The codes are stable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalculateError {
    /// Not JSON.
    #[error("not JSON: {0}")]
    BadJson(String),
    /// JSON, but no object.
    #[error("a line holds one JSON object")]
    NotAnObject,
    /// A field is missing.
    #[error("{0} is missing")]
    MissingField(String),
    /// A field that the method does not know.
    #[error("there is no field {field:?}; the fields are {}", names.join(", "))]
    UnknownField {
        /// The field, cut to 40 characters.
        field: String,
        /// The fields that there are.
        names: Vec<&'static str>,
    },
    /// A field holds something else than it should.
    #[error("{field} must be {expected}")]
    WrongType {
        /// The field.
        field: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// A count is not whole.
    #[error("{0} must be a whole number")]
    NotInteger(String),
    /// A figure is below zero.
    #[error("{0} must not be negative")]
    Negative(String),
    /// A figure is beyond what a city can hold.
    #[error("{0} is too large")]
    TooLarge(String),
    /// Arrays or tables that belong together differ in shape.
    #[error("{0}")]
    Mismatch(String),
    /// There is nothing to calculate from.
    #[error("{0} is empty")]
    Empty(String),
    /// Figures contradict each other.
    #[error("{0}")]
    Inconsistent(String),
}

impl CalculateError {
    /// Gives the stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadJson(_) => "bad_json",
            Self::NotAnObject => "not_an_object",
            Self::MissingField(_) => "missing_field",
            Self::UnknownField { .. } => "unknown_field",
            Self::WrongType { .. } => "wrong_type",
            Self::NotInteger(_) => "not_integer",
            Self::Negative(_) => "negative",
            Self::TooLarge(_) => "too_large",
            Self::Mismatch(_) => "mismatch",
            Self::Empty(_) => "empty",
            Self::Inconsistent(_) => "inconsistent",
        }
    }

    pub(super) fn into_json(self) -> String {
        json!({"error": {"code": self.code(), "detail": self.to_string()}}).to_string()
    }
}

impl From<PlaceError> for CalculateError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::TooLarge(_) | PlaceError::TooMany => Self::TooLarge(error.to_string()),
            PlaceError::InvertedRange | PlaceError::MoreOpenedThanTents { .. } => {
                Self::Inconsistent(error.to_string())
            }
        }
    }
}
