//! Reads numbers and lengths from bytes, none of which is trusted.

use crate::rejection::{Refusal, malformed};

/// Longest LEB128 form of 64 bits.
const LEB_BYTES: usize = 10;

/// A place in some bytes.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Returns the bytes read since `from`, a value of [`Reader::at`].
    pub(super) fn since(&self, from: usize) -> &'a [u8] {
        &self.bytes[from..self.at]
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8], Refusal> {
        let end = self
            .at
            .checked_add(n)
            .filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| malformed("the chunk ends too early"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut value: u64 = 0;
        for i in 0..LEB_BYTES {
            let byte = self.take(1)?[0];
            let low = u64::from(byte & 0x7f);
            if i == LEB_BYTES - 1 && low > 1 {
                return Err(malformed("a number has too many bits"));
            }
            value |= low << (7 * i);
            if byte & 0x80 == 0 {
                if i > 0 && byte == 0 {
                    return Err(malformed("a number is longer than it needs to be"));
                }
                return Ok(value);
            }
        }
        Err(malformed("a number is too long"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, Refusal> {
        let mut value: i64 = 0;
        let mut before = 0;
        for i in 0..LEB_BYTES {
            let byte = self.take(1)?[0];
            let shift = 7 * i;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let extends = if before & 0x40 == 0 { 0 } else { 0x7f };
                if i > 0 && byte == extends {
                    return Err(malformed("a number is longer than it needs to be"));
                }
                let used = shift + 7;
                if used < 64 && byte & 0x40 != 0 {
                    value |= -1 << used;
                }
                return Ok(value);
            }
            before = byte;
        }
        Err(malformed("a number is too long"))
    }

    pub(super) fn length_prefixed(&mut self, most: u64) -> Result<&'a [u8], Refusal> {
        let n = self.unsigned()?;
        if n > most {
            return Err(malformed("a length is out of bounds"));
        }
        // Bounded by `most`, far below any usize.
        self.take(usize::try_from(n).map_err(|_| malformed("a length is out of bounds"))?)
    }
}
