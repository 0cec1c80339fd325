//! What is said of an estimate.

use std::collections::BTreeMap;

use serde::Serialize;
use sync_core::estimate::explain;
use utoipa::ToSchema;

/// A sentence by its code, with the values that it names. The sentences lie with the
/// app's texts, a catalogue a language.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Message {
    /// Stable, and the sentence's key in every catalogue.
    pub code: String,
    /// By the names that the sentence has for them.
    pub params: BTreeMap<String, Param>,
}

/// A value that a sentence names.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Param {
    /// A number as it is shown.
    Number(f64),
    /// The code of another sentence.
    Code(String),
}

impl<M: Into<explain::Message>> From<M> for Message {
    fn from(message: M) -> Self {
        let explain::Message { code, params } = message.into();
        let params = params.into_iter().map(|(name, value)| {
            let value = match value {
                explain::Param::Number(number) => Param::Number(number),
                explain::Param::Code(code) => Param::Code(code.to_owned()),
            };
            (name.to_owned(), value)
        });
        Self {
            code: code.to_owned(),
            params: params.collect(),
        }
    }
}
