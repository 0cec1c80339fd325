//! The inputs of the estimate of a period, read from the read model.

use sync_core::time::{Night, Period};

use super::Answer;
use crate::outreach::projection::PeriodFacts;

/// Operations that read the inputs of the estimate.
pub trait StatisticsStore {
    /// Reads what the estimate of a period is made from, in one snapshot.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn period_facts(&self, period: Period) -> impl Answer<PeriodFacts>;

    /// Returns the first night that anybody went anywhere.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn first_night(&self) -> impl Answer<Option<Night>>;
}
