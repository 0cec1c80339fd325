//! Figures of the store's own work, for whoever watches over it.

use sync_core::time::Instant;

use super::Answer;

/// The figures at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Changes that wait for a coordinator's decision.
    pub quarantined: u64,
    /// Documents past their retention that are not destroyed yet.
    pub hidden: u64,
    /// Bytes of the write-ahead log.
    pub log_bytes: u64,
    /// Enrolled devices that were not revoked.
    pub devices: u64,
    /// Of them, those that have not been heard of since an instant.
    pub devices_behind: u64,
}

/// Operations that count the store's own work.
pub trait FiguresStore {
    /// Counts; devices are behind that were not heard of since `since`.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn standing(&self, since: Instant) -> impl Answer<Standing>;
}
