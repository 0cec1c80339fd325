//! From nodes to typed content.

use std::borrow::Cow;
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::tree::{Node, NodeError};

/// Reads a node as whatever type asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'n, 'a>(pub(super) &'n Node<'a>);

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = NodeError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        match self.0 {
            Node::Null => visitor.visit_none(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Int(value) => visitor.visit_i64(*value),
            Node::Uint(value) => visitor.visit_u64(*value),
            Node::Text(text) => visitor.visit_str(text),
            Node::Bytes(bytes) => visitor.visit_bytes(bytes),
            Node::Map(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                value: None,
            }),
            Node::Fields(_) => Err(NodeError::expected("what a document holds", self.0)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        match self.0 {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NodeError> {
        match self.0 {
            Node::Text(text) => visitor.visit_enum(key(text)),
            other => Err(NodeError::expected("a code", other)),
        }
    }

    /// Returns a set: the keys of a map whose values are all `true`.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        match self.0 {
            Node::Map(entries) => visitor.visit_seq(Members(entries.iter())),
            other => Err(NodeError::expected("a set", other)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NodeError> {
        match self.0 {
            Node::Map(entries) => visitor.visit_map(Fields {
                held: Entries {
                    rest: entries.iter(),
                    value: None,
                },
                absent: fields.iter(),
                entries,
            }),
            other => Err(NodeError::expected("a record", other)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}

fn key(text: &str) -> StrDeserializer<'_, NodeError> {
    text.into_deserializer()
}

type Rest<'n, 'a> = slice::Iter<'n, (Cow<'a, str>, Node<'a>)>;

struct Entries<'n, 'a> {
    rest: Rest<'n, 'a>,
    value: Option<&'n Node<'a>>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = NodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NodeError> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(key(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NodeError> {
        match self.value.take() {
            Some(value) => seed.deserialize(Reader(value)),
            None => seed.deserialize(Blank),
        }
    }
}

/// The fields that the document has of a record, then the others, blank.
struct Fields<'n, 'a> {
    held: Entries<'n, 'a>,
    absent: slice::Iter<'static, &'static str>,
    entries: &'n [(Cow<'a, str>, Node<'a>)],
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = NodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NodeError> {
        if !self.held.rest.as_slice().is_empty() {
            return self.held.next_key_seed(seed);
        }
        let entries = self.entries;
        let held = |name: &str| {
            entries
                .binary_search_by(|(k, _)| k.as_ref().cmp(name))
                .is_ok()
        };
        match self.absent.find(|name| !held(name)) {
            Some(name) => seed.deserialize(key(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NodeError> {
        self.held.next_value_seed(seed)
    }
}

struct Members<'n, 'a>(Rest<'n, 'a>);

impl<'de> SeqAccess<'de> for Members<'_, '_> {
    type Error = NodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NodeError> {
        match self.0.next() {
            None => Ok(None),
            Some((member, Node::Bool(true))) => seed.deserialize(key(member)).map(Some),
            Some((_, other)) => Err(NodeError::expected("true", other)),
        }
    }
}

/// A field that was never written.
struct Blank;

impl<'de> Deserializer<'de> for Blank {
    type Error = NodeError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NodeError> {
        Err(NodeError("a field is missing".to_owned()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        visitor.visit_none()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        visitor.visit_bool(false)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        visitor.visit_u32(0)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        visitor.visit_u64(0)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NodeError> {
        visitor.visit_str("")
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char str
        bytes byte_buf unit unit_struct newtype_struct seq tuple tuple_struct
        map struct enum identifier ignored_any
    }
}
