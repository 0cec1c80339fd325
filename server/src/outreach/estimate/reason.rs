//! Why there is no figure, or what to think of it.

use serde::Serialize;
use sync_core::estimate::explain::{self, Text};
use sync_core::estimate::{Refusal, Warning};
use utoipa::ToSchema;

/// A sentence in the languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sentence {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

/// A stable code with its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// The code.
    pub code: String,
    /// The sentence.
    pub sentence: Sentence,
}

impl Reason {
    /// A refusal with its sentence.
    pub(super) fn refusal(code: Refusal) -> Self {
        Self {
            code: code.code().to_owned(),
            sentence: explain::refusal(code).into(),
        }
    }

    /// A warning with its sentence.
    pub(super) fn warning(code: Warning) -> Self {
        Self {
            code: code.code().to_owned(),
            sentence: explain::warning(code).into(),
        }
    }
}

impl From<Text> for Sentence {
    fn from(text: Text) -> Self {
        Self {
            sv: text.sv,
            en: text.en,
        }
    }
}
