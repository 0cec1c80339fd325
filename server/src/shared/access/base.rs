//! What every product's requests stand on.

use std::sync::Arc;

use sync_core::time::Instant;

use crate::config::Config;
use crate::shared::accounts::Accounts;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::http::rate::Limiters;

/// Accounts, configuration, time, randomness and limits; clones share them. A product's
/// state gives it to the extractors with `FromRef`.
#[derive(Debug, Clone)]
pub struct Base {
    /// Who may sign in.
    pub accounts: Accounts,
    /// What the operator set.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// How often who may ask.
    pub limiters: Arc<Limiters>,
}

impl Base {
    /// The present instant.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
}
