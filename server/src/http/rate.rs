//! Token buckets: so many requests at once, then so many a minute.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use crate::config::{Rate, Rates};

/// When there are more buckets than this, the full ones are thrown away: a
/// full bucket says no more than none.
const MOST_BUCKETS: usize = 10_000;

/// The limiters of the running server.
#[derive(Debug)]
pub struct Limiters {
    /// Everything a device asks for.
    pub device: Limiter<DeviceId>,
    /// Enrolments from an address.
    pub enrol: Limiter<IpAddr>,
    /// Views left, and answers read, from an address.
    pub feedback: Limiter<IpAddr>,
    /// Envelopes from an address.
    pub envelope: Limiter<IpAddr>,
}

impl Limiters {
    /// Limiters with these rates.
    pub fn new(rates: &Rates) -> Self {
        Self {
            device: Limiter::new(rates.device),
            enrol: Limiter::new(rates.enrol),
            feedback: Limiter::new(rates.feedback),
            envelope: Limiter::new(rates.envelope),
        }
    }
}

/// One bucket a key.
#[derive(Debug)]
pub struct Limiter<K> {
    per_millisecond: f64,
    burst: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl<K: Hash + Eq> Limiter<K> {
    /// A limiter whose buckets are full.
    pub fn new(rate: Rate) -> Self {
        Self {
            per_millisecond: f64::from(rate.per_minute.get()) / 60_000.0,
            burst: f64::from(rate.burst.get()),
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The seconds until there is one again (at least 1).
    pub fn take(&self, key: K, now: Instant) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_BUCKETS && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.burst);
        }
        let bucket = buckets.entry(key).or_insert(Bucket {
            tokens: self.burst,
            at: now,
        });
        let tokens = self.filled(*bucket, now);
        let enough = tokens >= 1.0;
        *bucket = Bucket {
            tokens: if enough { tokens - 1.0 } else { tokens },
            at: now,
        };
        if enough {
            return Ok(());
        }
        let seconds = (1.0 - tokens) / self.per_millisecond / 1000.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 1..=3600"
        )]
        Err(seconds.ceil().clamp(1.0, 3600.0) as u32)
    }

    // A clock that jumps back neither fills nor empties a bucket.
    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds since the last request"
        )]
        let elapsed = (now.0 - bucket.at.0).max(0) as f64;
        (bucket.tokens + elapsed * self.per_millisecond).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Within;

    fn limiter() -> Limiter<u8> {
        Limiter::new(Rate {
            per_minute: Within::constant::<60>(),
            burst: Within::constant::<3>(),
        })
    }

    #[test]
    fn a_burst_then_a_trickle() {
        let limiter = limiter();
        for _ in 0..3 {
            assert_eq!(limiter.take(1, Instant(0)), Ok(()));
        }
        assert_eq!(limiter.take(1, Instant(0)), Err(1));
        assert_eq!(limiter.take(2, Instant(0)), Ok(()), "another key");
        assert_eq!(limiter.take(1, Instant(1000)), Ok(()));
        assert_eq!(limiter.take(1, Instant(1000)), Err(1));
    }

    #[test]
    fn a_clock_that_jumps_back_gives_nothing() {
        let limiter = limiter();
        for _ in 0..3 {
            assert_eq!(limiter.take(1, Instant(1_000_000)), Ok(()));
        }
        assert!(limiter.take(1, Instant(0)).is_err());
        assert_eq!(limiter.take(1, Instant(1000)), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let limiter: Limiter<u32> = Limiter::new(Rate {
            per_minute: Within::constant::<60>(),
            burst: Within::constant::<1>(),
        });
        for key in 0..30_000_u32 {
            let now = Instant(i64::from(key));
            assert_eq!(limiter.take(key, now), Ok(()));
        }
        assert!(limiter.buckets.lock().unwrap().len() <= MOST_BUCKETS);
    }
}
