//! Failures of acts.

use crate::outreach::store::StoreError;

/// Why an act was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The subject is no longer there.
    #[error("there is no such thing")]
    Unknown,
    /// Things are no longer as they were when it was asked for.
    #[error("it is no longer as it was when it was asked for")]
    Changed,
    /// The subject that was asked for cannot be read.
    #[error("what was asked for cannot be read: {0}")]
    Unreadable(&'static str),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}
