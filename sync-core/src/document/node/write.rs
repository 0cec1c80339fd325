//! From typed content to nodes.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::tree::{Node, NodeError};

/// Makes nodes of what a type says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    /// Whether a map's key is being written: then identifiers are text.
    pub(super) key: bool,
}

type Never = Impossible<Node<'static>, NodeError>;

fn unknown<T>(what: &str) -> Result<T, NodeError> {
    Err(NodeError(format!("documents hold no {what}")))
}

impl Serializer for Writer {
    type Ok = Node<'static>;
    type Error = NodeError;
    type SerializeSeq = SetWriter;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = MapWriter;
    type SerializeStruct = FieldsWriter;
    type SerializeStructVariant = Never;

    fn is_human_readable(&self) -> bool {
        self.key
    }

    fn serialize_bool(self, value: bool) -> Result<Node<'static>, NodeError> {
        Ok(Node::Bool(value))
    }
    fn serialize_i8(self, value: i8) -> Result<Node<'static>, NodeError> {
        Ok(Node::Int(value.into()))
    }
    fn serialize_i16(self, value: i16) -> Result<Node<'static>, NodeError> {
        Ok(Node::Int(value.into()))
    }
    fn serialize_i32(self, value: i32) -> Result<Node<'static>, NodeError> {
        Ok(Node::Int(value.into()))
    }
    fn serialize_i64(self, value: i64) -> Result<Node<'static>, NodeError> {
        Ok(Node::Int(value))
    }
    fn serialize_u8(self, value: u8) -> Result<Node<'static>, NodeError> {
        Ok(Node::Uint(value.into()))
    }
    fn serialize_u16(self, value: u16) -> Result<Node<'static>, NodeError> {
        Ok(Node::Uint(value.into()))
    }
    fn serialize_u32(self, value: u32) -> Result<Node<'static>, NodeError> {
        Ok(Node::Uint(value.into()))
    }
    fn serialize_u64(self, value: u64) -> Result<Node<'static>, NodeError> {
        Ok(Node::Uint(value))
    }
    fn serialize_f32(self, _: f32) -> Result<Node<'static>, NodeError> {
        unknown("fractions")
    }
    fn serialize_f64(self, _: f64) -> Result<Node<'static>, NodeError> {
        unknown("fractions")
    }
    fn serialize_char(self, _: char) -> Result<Node<'static>, NodeError> {
        unknown("single characters")
    }
    fn serialize_str(self, value: &str) -> Result<Node<'static>, NodeError> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<Node<'static>, NodeError> {
        Ok(Node::Bytes(Cow::Owned(value.to_owned())))
    }
    fn serialize_none(self) -> Result<Node<'static>, NodeError> {
        Ok(Node::Null)
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<Node<'static>, NodeError> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Node<'static>, NodeError> {
        unknown("units")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Node<'static>, NodeError> {
        unknown("units")
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Node<'static>, NodeError> {
        Ok(Node::Text(Cow::Borrowed(variant)))
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Node<'static>, NodeError> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Node<'static>, NodeError> {
        unknown("variants with values")
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<SetWriter, NodeError> {
        Ok(SetWriter(Vec::with_capacity(length.unwrap_or(0))))
    }
    fn serialize_tuple(self, _: usize) -> Result<Never, NodeError> {
        unknown("lists")
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never, NodeError> {
        unknown("lists")
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, NodeError> {
        unknown("lists")
    }
    fn serialize_map(self, length: Option<usize>) -> Result<MapWriter, NodeError> {
        Ok(MapWriter {
            entries: Vec::with_capacity(length.unwrap_or(0)),
            key: None,
        })
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<FieldsWriter, NodeError> {
        Ok(FieldsWriter(Vec::with_capacity(length)))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, NodeError> {
        unknown("variants with values")
    }
}

type Entries = Vec<(Cow<'static, str>, Node<'static>)>;

fn key_of(key: &(impl Serialize + ?Sized)) -> Result<Cow<'static, str>, NodeError> {
    match key.serialize(Writer { key: true })? {
        Node::Text(key) => Ok(key),
        other => Err(NodeError::expected("a text as key", &other)),
    }
}

fn sorted(mut entries: Entries) -> Node<'static> {
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    Node::Map(entries)
}

/// Writes a set of codes as a map from code to `true`.
pub(super) struct SetWriter(Entries);

impl SerializeSeq for SetWriter {
    type Ok = Node<'static>;
    type Error = NodeError;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, member: &T) -> Result<(), NodeError> {
        self.0.push((key_of(member)?, Node::Bool(true)));
        Ok(())
    }
    fn end(self) -> Result<Node<'static>, NodeError> {
        Ok(sorted(self.0))
    }
}

/// Writes values by key.
pub(super) struct MapWriter {
    entries: Entries,
    key: Option<Cow<'static, str>>,
}

impl SerializeMap for MapWriter {
    type Ok = Node<'static>;
    type Error = NodeError;
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), NodeError> {
        self.key = Some(key_of(key)?);
        Ok(())
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NodeError> {
        let Some(key) = self.key.take() else {
            return unknown("values without a key");
        };
        let node = value.serialize(Writer { key: false })?;
        self.entries.push((key, node));
        Ok(())
    }
    fn end(self) -> Result<Node<'static>, NodeError> {
        Ok(sorted(self.entries))
    }
}

/// Writes the fields of a record.
pub(super) struct FieldsWriter(Vec<(&'static str, Node<'static>)>);

impl SerializeStruct for FieldsWriter {
    type Ok = Node<'static>;
    type Error = NodeError;
    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NodeError> {
        let node = value.serialize(Writer { key: false })?;
        self.0.push((name, node));
        Ok(())
    }
    fn end(self) -> Result<Node<'static>, NodeError> {
        Ok(Node::Fields(self.0))
    }
}
