//! Reads the column metadata of a chunk and adds up its run lengths before the
//! engine sees it. A run length is a number in the bytes, so a hundred bytes
//! can claim two million operations; the engine would believe them.
//!
//! Format: <https://automerge.org/automerge-binary-format-spec/>.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::canonical::{self, Named, Parts};
use super::reader::Reader;
use crate::rejection::{Refusal, RejectionCode, malformed};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// More columns than the format has is a crafted chunk.
const MOST_COLUMNS: u64 = 64;
/// More actors than one document of the field ever sees.
const MOST_ACTORS: u64 = 2_000;
/// Longest actor id that the gate reads (ours have 16 bytes).
const ACTOR_BYTES: u64 = 64;

/// The type byte of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChunkType {
    Document = 0,
    Change = 1,
}

impl<'a> Reader<'a> {
    fn hashes(&mut self, most: u64) -> Result<&'a [u8], Refusal> {
        let n = self.unsigned()?;
        if n > most {
            return Err(malformed("too many hashes"));
        }
        self.take(32 * usize::try_from(n).map_err(|_| malformed("too many hashes"))?)
    }

    fn actors(&mut self, most: u64) -> Result<Vec<&'a [u8]>, Refusal> {
        let n = self.unsigned()?;
        if n > most {
            return Err(malformed("too many actors"));
        }
        (0..n).map(|_| self.length_prefixed(ACTOR_BYTES)).collect()
    }

    /// Column metadata: specification and range within the column data to come.
    fn columns(&mut self) -> Result<Vec<(u32, Range<usize>)>, Refusal> {
        let n = self.unsigned()?;
        if n > MOST_COLUMNS {
            return Err(malformed("too many columns"));
        }
        let mut offset = 0_usize;
        let mut columns = Vec::new();
        for _ in 0..n {
            let spec = u32::try_from(self.unsigned()?)
                .map_err(|_| malformed("a column specification is out of bounds"))?;
            let length = usize::try_from(self.unsigned()?)
                .ok()
                .filter(|n| *n <= self.len())
                .ok_or_else(|| malformed("a column is longer than the chunk"))?;
            if spec & 0b1000 != 0 {
                return Err((
                    RejectionCode::ChunkType,
                    "deflated columns are not accepted".to_owned(),
                ));
            }
            let end = offset + length;
            columns.push((spec, offset..end));
            offset = end;
        }
        Ok(columns)
    }

    /// Reads the columns' data, and adds up what each claims.
    fn column_data(
        &mut self,
        columns: &[(u32, Range<usize>)],
        most_rows: u64,
    ) -> Result<&'a [u8], Refusal> {
        let length = columns.last().map_or(0, |(_, range)| range.end);
        let data = self.take(length)?;
        for (spec, range) in columns {
            column(*spec, &data[range.clone()], most_rows)?;
        }
        Ok(data)
    }
}

/// Checks that `bytes` are exactly one chunk of the wanted type whose columns
/// claim no more than `most_rows` rows each, in time and memory linear in the
/// bytes' length; gives what a change names.
pub(super) fn scan(bytes: &[u8], wanted: ChunkType, most_rows: u64) -> Result<Named<'_>, Refusal> {
    let mut header = Reader::new(bytes);
    if header.take(4)? != MAGIC {
        return Err(malformed("the chunk does not begin as one"));
    }
    let checksum = header.take(4)?;
    let summed = &bytes[header.at()..];
    let chunk_type = header.take(1)?[0];
    if chunk_type != wanted as u8 {
        return Err((
            RejectionCode::ChunkType,
            format!("chunk type {chunk_type} is not accepted here"),
        ));
    }
    // The engine does not compare the checksum of a single change.
    if Sha256::digest(summed)[..4] != *checksum {
        return Err(malformed("the checksum does not fit"));
    }
    let length = header.unsigned()?;
    let rest = &bytes[header.at()..];
    if usize::try_from(length) != Ok(rest.len()) {
        return Err(malformed("the chunk's length does not fit its bytes"));
    }
    let mut body = Reader::new(rest);
    match wanted {
        ChunkType::Change => change(&mut body, most_rows),
        ChunkType::Document => document(&mut body, most_rows).map(|()| Named::default()),
    }
}

fn change<'a>(body: &mut Reader<'a>, most_rows: u64) -> Result<Named<'a>, Refusal> {
    let dependencies = body.hashes(MOST_ACTORS)?;
    let actor = body.length_prefixed(ACTOR_BYTES)?;
    body.unsigned()?; // sequence
    let start = body.unsigned()?;
    body.signed()?; // time
    if !body.length_prefixed(u64::MAX >> 1)?.is_empty() {
        return Err(malformed("a change carries no message here"));
    }
    let others = body.actors(MOST_ACTORS)?;
    let columns = body.columns()?;
    let data = body.column_data(&columns, most_rows)?;
    if !body.is_empty() {
        return Err(malformed("bytes follow the change"));
    }
    canonical::check(&Parts {
        dependencies,
        actor,
        start,
        others,
        columns: columns
            .into_iter()
            .map(|(specification, range)| (specification, &data[range]))
            .collect(),
    })
}

fn document(body: &mut Reader<'_>, most_rows: u64) -> Result<(), Refusal> {
    body.actors(MOST_ACTORS)?;
    let heads = body.unsigned()?;
    if heads > MOST_ACTORS {
        return Err(malformed("too many heads"));
    }
    for _ in 0..heads {
        body.take(32)?;
    }
    let changes = body.columns()?;
    let operations = body.columns()?;
    body.column_data(&changes, most_rows)?;
    body.column_data(&operations, most_rows)?;
    if body.is_empty() {
        return Ok(()); // written by an older engine, without head indexes
    }
    for _ in 0..heads {
        body.unsigned()?;
    }
    if body.is_empty() {
        Ok(())
    } else {
        Err(malformed("bytes follow the document"))
    }
}

/// Adds up what one column claims.
fn column(spec: u32, data: &[u8], most_rows: u64) -> Result<(), Refusal> {
    let mut reader = Reader::new(data);
    let mut rows = Rows {
        sum: 0,
        most: most_rows,
    };
    match spec & 0b111 {
        // Group cardinality: besides its rows, the entries that the rows claim.
        0 => {
            let mut grouped = Rows {
                sum: 0,
                most: most_rows,
            };
            runs(&mut reader, &mut rows, |reader, n| {
                let entries = reader.unsigned()?;
                grouped.add(entries.saturating_mul(n))
            })
        }
        // Actor index, unsigned integer.
        1 | 2 => runs(&mut reader, &mut rows, |r, _| r.unsigned().map(drop)),
        // Delta of an integer.
        3 => runs(&mut reader, &mut rows, |r, _| r.signed().map(drop)),
        // Boolean: lengths of alternating runs.
        4 => {
            while !reader.is_empty() {
                let n = reader.unsigned()?;
                rows.add(n)?;
            }
            Ok(())
        }
        // Text: each length is bounded by the bytes that follow.
        5 => runs(&mut reader, &mut rows, |r, _| {
            r.length_prefixed(u64::MAX >> 1).map(drop)
        }),
        // Value metadata: length << 4 | type. The lengths that the runs claim
        // must exist in the value column, which is inside this chunk.
        6 => {
            let mut bytes = Rows {
                sum: 0,
                most: 16 * 1024 * 1024,
            };
            runs(&mut reader, &mut rows, |r, n| {
                let metadata = r.unsigned()?;
                bytes.add((metadata >> 4).saturating_mul(n))
            })
        }
        // Raw values.
        _ => Ok(()),
    }
}

struct Rows {
    sum: u64,
    most: u64,
}

impl Rows {
    fn add(&mut self, n: u64) -> Result<(), Refusal> {
        self.sum = self.sum.saturating_add(n);
        if self.sum > self.most {
            return Err((
                RejectionCode::TooManyOperations,
                format!("a column claims more than {} rows", self.most),
            ));
        }
        Ok(())
    }
}

/// Walks a run-length encoded column. `value` reads one value that stands for
/// `n` rows.
fn runs<'a>(
    reader: &mut Reader<'a>,
    rows: &mut Rows,
    mut value: impl FnMut(&mut Reader<'a>, u64) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    while !reader.is_empty() {
        match reader.signed()? {
            0 => rows.add(reader.unsigned()?)?,
            n if n > 0 => {
                rows.add(n.unsigned_abs())?;
                value(reader, n.unsigned_abs())?;
            }
            n => {
                let literals = n.unsigned_abs();
                rows.add(literals)?;
                for _ in 0..literals {
                    value(reader, 1)?;
                }
            }
        }
    }
    Ok(())
}
