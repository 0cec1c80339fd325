//! Limits by where requests come from.

use std::net::IpAddr;

use sync_core::time::Instant;

use super::Limiter;
use crate::config::Rate;
use crate::shared::http::neighbourhood::{neighbourhood, region};

/// Of the rate of one neighbourhood: what its /48 of IPv6 may.
const REGION: u32 = 4;

/// One bucket for each address (IPv4, or a /64 of IPv6), one for each /48 of IPv6, and
/// one for all: who has many addresses is limited too.
#[derive(Debug)]
pub struct ByAddress {
    neighbourhood: Limiter<IpAddr>,
    region: Limiter<IpAddr>,
    all: Limiter<()>,
}

impl ByAddress {
    /// Limits with this rate for an address, and `all` times that for all together.
    pub fn new(rate: Rate, all: u32) -> Self {
        Self {
            neighbourhood: Limiter::new(rate),
            region: Limiter::new(rate.times(REGION)),
            all: Limiter::new(rate.times(all)),
        }
    }

    /// Takes a token of the address, then of its region, then of all: one that has none
    /// left takes none of the others'.
    ///
    /// # Errors
    /// The seconds until there is one again.
    pub fn take(&self, address: IpAddr, now: Instant) -> Result<(), u32> {
        self.neighbourhood.take(neighbourhood(address), now)?;
        if is_part(address) {
            self.region.take(region(address), now)?;
        }
        self.all.take((), now)
    }

    /// Puts back the token that an address took.
    pub fn give_back(&self, address: IpAddr, now: Instant) {
        self.neighbourhood.give_back(neighbourhood(address), now);
        if is_part(address) {
            self.region.give_back(region(address), now);
        }
        self.all.give_back((), now);
    }
}

/// Checks whether the neighbourhood of an address is part of a larger region.
fn is_part(address: IpAddr) -> bool {
    address.to_canonical().is_ipv6()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Within;

    const NOW: Instant = Instant(0);

    fn through(limits: &ByAddress, addresses: impl Iterator<Item = String>) -> usize {
        addresses
            .filter(|address| limits.take(address.parse().unwrap(), NOW).is_ok())
            .count()
    }

    fn limits() -> ByAddress {
        let rate = Rate {
            per_minute: Within::constant::<6>(),
            burst: Within::constant::<5>(),
        };
        ByAddress::new(rate, 10)
    }

    #[test]
    fn many_addresses_of_one_region_are_limited_and_so_are_many_regions() {
        let limits = limits();
        let same = (0..100).map(|n| format!("2001:db8:1:1::{n:x}"));
        assert_eq!(through(&limits, same), 5);
        let neighbours = (2..1_000).map(|n| format!("2001:db8:1:{n:x}::1"));
        assert_eq!(through(&limits, neighbours), 15);
        let regions = (2..1_000).map(|n| format!("2001:db8:{n:x}::1"));
        assert_eq!(through(&limits, regions), 30);
    }

    #[test]
    fn who_has_no_token_left_takes_none_of_the_others() {
        let limits = limits();
        let one = (0..100_000).map(|_| "192.0.2.1".to_owned());
        assert_eq!(through(&limits, one), 5);
        let others = (2..50).map(|n| format!("192.0.2.{n}"));
        assert_eq!(through(&limits, others), 45);
    }

    #[test]
    fn what_is_given_back_was_not_taken() {
        let limits = limits();
        let address = "2001:db8::1".parse().unwrap();
        for _ in 0..1_000 {
            assert_eq!(limits.take(address, NOW), Ok(()));
            limits.give_back(address, NOW);
        }
    }
}
