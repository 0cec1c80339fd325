//! The numbers by which an engine finds documents.

/// A document's number: the cursor of its first change. Phones know ids; no number leaves
/// the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(pub(in crate::outreach::store) i64);

impl Number {
    /// The number that is less than any.
    pub(in crate::outreach::store) const BEFORE_ALL: Self = Self(i64::MIN);

    /// Returns that of a document whose first change takes `cursor`.
    pub(in crate::outreach::store) fn first(cursor: u64) -> Self {
        Self(signed(cursor))
    }

    /// Returns whether the document came after `cursor`.
    pub(in crate::outreach::store) fn is_after(self, cursor: u64) -> bool {
        self.0 > signed(cursor)
    }

    /// Returns whether the document had come before what took `cursor`.
    pub(in crate::outreach::store) fn is_before(self, cursor: u64) -> bool {
        self.0 < signed(cursor)
    }
}

/// Returns a cursor as databases hold it. Cursors count up from 1 and never come near the
/// limit.
pub(in crate::outreach::store) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
