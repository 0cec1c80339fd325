//! The part of the state that every product's requests need.

use std::sync::Arc;

use sync_core::time::Instant;

use super::Forwarded;
use crate::config::Config;
use crate::shared::accounts::Accounts;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::http::rate::Limiters;

/// Accounts, configuration, time, randomness and limits; clones share them. A product's
/// state gives it to the extractors with `FromRef`.
#[derive(Debug, Clone)]
pub struct Base {
    /// Organisations, members, devices and sessions.
    pub accounts: Accounts,
    /// The operator's configuration.
    pub config: Arc<Config>,
    pub clock: Clock,
    pub entropy: Entropy,
    /// The rate limits of devices and addresses.
    pub limiters: Arc<Limiters>,
    /// Where requests come from, when proxies ask for others.
    pub forwarded: Arc<Forwarded>,
}

impl Base {
    /// Puts the parts together, with the configuration's limits.
    pub fn new(accounts: Accounts, config: Config, clock: Clock, entropy: Entropy) -> Self {
        Self {
            accounts,
            limiters: Arc::new(Limiters::new(&config.rates)),
            config: Arc::new(config),
            clock,
            entropy,
            forwarded: Arc::default(),
        }
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
}
