//! Writing the answer of one line.

use serde_json::{Map, Value, json};

use sync_core::estimate::numeric::significant;
use sync_core::estimate::reason::Refusal;

use super::texts::Catalogue;

/// The object that answers a line.
#[derive(Debug, Default)]
pub(super) struct Output {
    object: Map<String, Value>,
}

/// Turns a figure into JSON with 12 significant digits; `null` if not finite.
pub(super) fn figure(value: f64) -> Value {
    // Whole figures print without ".0", as counts do.
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    if value.trunc() == value && value.abs() < 1e11 {
        return Value::from(value as i64);
    }
    serde_json::Number::from_f64(significant(value)).map_or(Value::Null, Value::Number)
}

impl Output {
    pub(super) fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.object.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn number(self, name: &str, value: f64) -> Self {
        self.value(name, figure(value))
    }

    pub(super) fn optional(self, name: &str, value: Option<f64>) -> Self {
        self.value(name, value.map_or(Value::Null, figure))
    }

    pub(super) fn interval(self, name: &str, value: Option<[f64; 2]>) -> Self {
        let value = value.map_or(Value::Null, |[low, high]| {
            json!([figure(low), figure(high)])
        });
        self.value(name, value)
    }

    /// Adds the refusal: `null`, or its gravest code with all codes and a
    /// sentence in both languages.
    pub(super) fn refusal(self, mut codes: Vec<Refusal>) -> Self {
        codes.sort_unstable();
        codes.dedup();
        let value = codes.first().map_or(Value::Null, |first| {
            json!({
                "code": first.code(),
                "codes": codes.iter().map(|code| code.code()).collect::<Vec<_>>(),
                "sv": Catalogue::swedish().plain(first.code()),
                "en": Catalogue::english().plain(first.code()),
            })
        });
        self.value("refusal", value)
    }

    pub(super) fn into_json(self) -> String {
        Value::Object(self.object).to_string()
    }
}
