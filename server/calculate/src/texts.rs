//! The sentences of an estimate, from the catalogues that the app reads as well.

use serde_json::{Map, Value};

const SWEDISH: &str = include_str!("../../../web-pwa/src/i18n/sv/estimate.json");
const ENGLISH: &str = include_str!("../../../web-pwa/src/i18n/en/estimate.json");

/// The catalogue of a language: sentences by their codes.
#[derive(Debug)]
pub(super) struct Catalogue(Map<String, Value>);

impl Catalogue {
    pub(super) fn swedish() -> Self {
        Self::read(SWEDISH)
    }

    pub(super) fn english() -> Self {
        Self::read(ENGLISH)
    }

    fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// Returns the sentence of a code that names no values.
    pub(super) fn plain(&self, code: &str) -> Option<&str> {
        self.0.get(code)?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sync_core::estimate::explain::HEADLINES;
    use sync_core::estimate::{Refusal, Warning};

    use super::*;

    /// Every code that can be said, with the names of its values.
    fn codes() -> Vec<(&'static str, BTreeSet<&'static str>)> {
        let refusals = Refusal::ALL.iter().map(|code| code.code());
        let warnings = Warning::ALL.iter().map(|code| code.code());
        let headlines = HEADLINES.map(|(code, names)| (code, names.iter().copied().collect()));
        refusals
            .chain(warnings)
            .map(|code| (code, BTreeSet::new()))
            .chain(headlines)
            .collect()
    }

    /// The forms of a sentence: one, or one for each sort of number.
    fn forms(sentence: &Value) -> Vec<&str> {
        match sentence {
            Value::String(text) => vec![text],
            Value::Object(forms) => forms
                .iter()
                .filter(|(form, _)| *form != "plural")
                .map(|(_, text)| text.as_str().unwrap())
                .collect(),
            _ => panic!("{sentence} is no sentence"),
        }
    }

    /// The names in a sentence: `{seen}`, or `{times:2}` with two decimals.
    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .map(|rest| rest.split_once('}').unwrap().0)
            .map(|name| name.split_once(':').map_or(name, |(name, _)| name))
            .collect()
    }

    #[test]
    fn every_code_has_its_sentence_in_every_language_with_exactly_its_values() {
        for (language, catalogue) in [("sv", Catalogue::swedish()), ("en", Catalogue::english())] {
            let codes = codes();
            for (code, values) in &codes {
                let sentence = catalogue.0.get(*code);
                let sentence = sentence.unwrap_or_else(|| panic!("{language} lacks {code}"));
                for text in forms(sentence) {
                    assert_eq!(names(text), *values, "{language}: {code}: {text}");
                }
                if let Some(counted) = sentence.get("plural") {
                    assert!(values.contains(counted.as_str().unwrap()), "{code}");
                    assert!(sentence.get("other").is_some(), "{language}: {code}");
                }
            }
            let known: BTreeSet<&str> = codes.iter().map(|(code, _)| *code).collect();
            assert_eq!(known.len(), codes.len(), "a code is used twice");
            let said: BTreeSet<&str> = catalogue.0.keys().map(String::as_str).collect();
            assert_eq!(said, known, "{language} has sentences that nothing says");
        }
    }
}
