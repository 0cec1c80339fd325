//! Reading the fields of one line, each checked as it is read.

use serde_json::{Map, Value};

use super::error::CalculateError as Error;
use super::object::Strict;

/// The largest count or figure a line may hold. Above it nothing is a city, and
/// below it every sum and product of the methods stays exact or finite.
pub(super) const LARGEST: f64 = 1e8;

/// The longest array a line may hold.
pub(super) const LONGEST: usize = 1_000_000;

/// The object of one line.
#[derive(Debug)]
pub(super) struct Fields {
    object: Map<String, Value>,
}

impl Fields {
    pub(super) fn parse(line: &str) -> Result<Self, Error> {
        match serde_json::from_str(line) {
            Ok(Strict(Value::Object(object))) => Ok(Self { object }),
            Ok(_) => Err(Error::NotAnObject),
            Err(error) => Err(Error::BadJson(error.to_string())),
        }
    }

    pub(super) fn from_object(object: &Map<String, Value>) -> Self {
        Self {
            object: object.clone(),
        }
    }

    /// Refuses every field but these, since a misspelt one would be passed over in silence,
    /// and asks for those that must be there.
    pub(super) fn only(
        &self,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<(), Error> {
        let names = || required.iter().chain(optional).copied();
        let unknown = self
            .object
            .keys()
            .find(|key| !names().any(|name| name == *key));
        let unknown = unknown.map(|key| key.chars().take(40).collect::<String>());
        let missing = required.iter().find(|name| self.get(name).is_none());
        match (missing, unknown) {
            (None, None) => Ok(()),
            (Some(missing), None) => Err(Error::MissingField((*missing).to_owned())),
            (Some(missing), Some(field)) => Err(Error::MissingField(format!(
                "there is no field {field:?}; {missing}"
            ))),
            (None, Some(field)) => Err(Error::UnknownField {
                field,
                names: names().collect(),
            }),
        }
    }

    /// Gives a field that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn require(&self, name: &str) -> Result<&Value, Error> {
        self.get(name)
            .ok_or_else(|| Error::MissingField(name.to_owned()))
    }

    pub(super) fn number(&self, name: &str) -> Result<f64, Error> {
        number(self.require(name)?, name)
    }

    pub(super) fn count(&self, name: &str) -> Result<u64, Error> {
        count(self.require(name)?, name)
    }

    pub(super) fn array(&self, name: &str) -> Result<&[Value], Error> {
        array(self.require(name)?, name)
    }

    pub(super) fn text(&self, name: &str) -> Result<&str, Error> {
        self.require(name)?
            .as_str()
            .ok_or_else(|| wrong(name, "a text"))
    }
}

pub(super) fn wrong(field: &str, expected: &'static str) -> Error {
    Error::WrongType {
        field: field.to_owned(),
        expected,
    }
}

/// Reads a figure: finite, not negative, not absurd.
pub(super) fn number(value: &Value, name: &str) -> Result<f64, Error> {
    let number = value
        .as_f64()
        .filter(|n| n.is_finite())
        .ok_or_else(|| wrong(name, "a number"))?;
    if number < 0.0 {
        Err(Error::Negative(name.to_owned()))
    } else if number > LARGEST {
        Err(Error::TooLarge(name.to_owned()))
    } else {
        Ok(number)
    }
}

/// Reads a count: a figure that is whole. `3.0` is whole.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole and within 0..=10⁸"
)]
pub(super) fn count(value: &Value, name: &str) -> Result<u64, Error> {
    let number = number(value, name)?;
    if number.trunc() == number {
        Ok(number as u64)
    } else {
        Err(Error::NotInteger(name.to_owned()))
    }
}

pub(super) fn array<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], Error> {
    let array = value.as_array().ok_or_else(|| wrong(name, "an array"))?;
    if array.len() > LONGEST {
        return Err(Error::TooLarge(name.to_owned()));
    }
    Ok(array)
}

pub(super) fn object(value: &Value, name: &str) -> Result<Fields, Error> {
    value
        .as_object()
        .map(Fields::from_object)
        .ok_or_else(|| wrong(name, "an object"))
}
