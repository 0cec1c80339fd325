//! Reading and writing our types in rows.

use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, Type, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;
use sync_core::ids::{DeviceId, DocumentId};
use sync_core::time::Instant;

use super::StoreError;
pub(super) use crate::outreach::store::port::number::{Number, signed};

/// Looks a document's number up.
pub(super) fn number(
    connection: &Connection,
    id: DocumentId,
) -> Result<Option<Number>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT number FROM documents WHERE id = ?1")?
        .query_row([id.as_bytes()], |r| r.get(0))
        .optional()?)
}

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Number)
    }
}

/// Reads a document's id.
pub(super) fn document(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentId> {
    row.get(column).map(DocumentId::from_bytes)
}

/// Reads a document's id that may be missing.
pub(super) fn maybe_document(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DocumentId>> {
    Ok(row
        .get::<_, Option<[u8; 16]>>(column)?
        .map(DocumentId::from_bytes))
}

/// Reads a device's id.
pub(super) fn device(row: &Row<'_>, column: usize) -> rusqlite::Result<DeviceId> {
    row.get(column).map(DeviceId::from_bytes)
}

/// Reads an instant.
pub(super) fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Instant> {
    row.get(column).map(Instant)
}

/// Reads a text that parses: a code of a closed list, a short name.
pub(super) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get_ref(column)?
        .as_str()?
        .parse()
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

/// Reads a value kept as JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

/// Reads a value kept as CBOR.
pub(super) fn cbor<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    minicbor::decode(row.get_ref(column)?.as_blob()?)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(e)))
}

/// Reads a number that is never negative.
pub(super) fn natural(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let n: i64 = row.get(column)?;
    u64::try_from(n).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, n))
}

/// Takes the next cursors of the log and gives the first of them.
pub(super) fn advance(transaction: &Connection, by: u64) -> Result<u64, StoreError> {
    let mut cursors = Cursors::begin(transaction)?;
    let first = cursors.take(by);
    cursors.end(transaction)?;
    Ok(first)
}

/// The log's next cursors, for many that are taken in one go. Between `begin` and
/// `end` nothing else may take one.
#[derive(Debug)]
#[must_use = "what was taken counts only after `end`"]
pub(super) struct Cursors {
    known: u64,
    last: u64,
}

impl Cursors {
    pub(super) fn begin(transaction: &Connection) -> Result<Self, StoreError> {
        let last = transaction
            .prepare_cached("SELECT cursor FROM head")?
            .query_row([], |r| natural(r, 0))?;
        Ok(Self { known: last, last })
    }

    /// The one that is taken next.
    pub(super) const fn next(&self) -> u64 {
        self.last + 1
    }

    /// The first of `count` new cursors.
    pub(super) fn take(&mut self, count: u64) -> u64 {
        let first = self.next();
        self.last += count;
        first
    }

    pub(super) fn end(self, transaction: &Connection) -> Result<(), StoreError> {
        if self.last != self.known {
            transaction
                .prepare_cached("UPDATE head SET cursor = ?1")?
                .execute([signed(self.last)])?;
        }
        Ok(())
    }
}
