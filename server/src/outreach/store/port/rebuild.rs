//! The read model, made again from the log and the archive.

use super::Answer;

/// The difference that a rebuild found in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table's name.
    pub table: &'static str,
    /// Rows that were there and should not have been.
    pub surplus: u64,
    /// Rows that should have been there and were not.
    pub missing: u64,
}

/// The result of a rebuild.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Documents that were read.
    pub documents: u64,
    /// Tables that were not as they should have been. They are now.
    pub differences: Vec<Difference>,
}

/// Operations that keep the read model true.
pub trait RebuildStore {
    /// Makes the read model again, in one transaction, and returns what differed.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn rebuild(&self) -> impl Answer<Rebuilt>;

    /// Works out the place-nights that were too many for the job that touched them, in
    /// jobs of the writer between which others' come.
    ///
    /// # Errors
    /// When the store cannot do it; what is left is done the next time.
    fn catch_up(&self) -> impl Answer<()>;
}
