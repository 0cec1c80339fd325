//! One bucket a key, in bounded memory.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, PoisonError};

use sync_core::time::Instant;

use crate::config::Rate;

/// When there are as many buckets as this, the full ones are thrown away: a full bucket
/// says no more than none. Those that are not full stay; further keys share.
const MOST_BUCKETS: usize = 10_000;
/// Buckets that further keys share, by a hash that nobody outside can compute: of a flood
/// of keys, one in so many is in the way of a given other.
const SHARED: usize = 1_024;
/// Milliseconds between two searches for full buckets.
const SWEEP: i64 = 1_000;

/// One bucket a key.
#[derive(Debug)]
pub struct Limiter<K> {
    per_millisecond: f64,
    burst: f64,
    buckets: Mutex<Buckets<K>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

#[derive(Debug)]
struct Buckets<K> {
    own: HashMap<K, Bucket>,
    shared: Vec<Option<Bucket>>,
    hasher: RandomState,
    swept: Option<Instant>,
}

impl<K: Hash + Eq> Limiter<K> {
    /// A limiter whose buckets are full.
    pub fn new(rate: Rate) -> Self {
        Self {
            per_millisecond: f64::from(rate.per_minute.get()) / 60_000.0,
            burst: f64::from(rate.burst.get()),
            buckets: Mutex::new(Buckets {
                own: HashMap::new(),
                shared: vec![None; SHARED],
                hasher: RandomState::new(),
                swept: None,
            }),
        }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The seconds until there is one again (at least 1).
    pub fn take(&self, key: K, now: Instant) -> Result<(), u32> {
        self.with(key, now, |bucket| {
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
        })
    }

    /// Puts a token back in its bucket: what it was taken for is not limited after all.
    pub fn give_back(&self, key: K, now: Instant) {
        self.with(key, now, |bucket| {
            bucket.tokens = (bucket.tokens + 1.0).min(self.burst);
        });
    }

    fn with<T>(&self, key: K, now: Instant, act: impl FnOnce(&mut Bucket) -> T) -> T {
        let mut guard = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = &mut *guard;
        let full = Bucket {
            tokens: self.burst,
            at: now,
        };
        if buckets.own.len() >= MOST_BUCKETS && !buckets.own.contains_key(&key) {
            let due = buckets
                .swept
                .is_none_or(|at| now.0 - at.0 >= SWEEP || now.0 < at.0);
            if due {
                buckets.swept = Some(now);
                buckets
                    .own
                    .retain(|_, bucket| self.filled(*bucket, now) < self.burst);
            }
            if buckets.own.len() >= MOST_BUCKETS {
                let hash = buckets.hasher.hash_one(&key);
                let slot = usize::try_from(hash % SHARED as u64).unwrap_or_default();
                return match buckets.shared.get_mut(slot) {
                    Some(bucket) => act(bucket.get_or_insert(full)),
                    None => act(&mut { full }),
                };
            }
        }
        act(buckets.own.entry(key).or_insert(full))
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

    fn limiter() -> Limiter<u32> {
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
        limiter.give_back(1, Instant(1000));
        assert_eq!(limiter.take(1, Instant(1000)), Ok(()));
        assert_eq!(limiter.take(1, Instant(1000)), Err(1));
    }

    #[test]
    fn no_more_is_given_back_than_a_bucket_holds() {
        let limiter = limiter();
        limiter.give_back(1, Instant(0));
        for _ in 0..3 {
            assert_eq!(limiter.take(1, Instant(0)), Ok(()));
        }
        assert_eq!(limiter.take(1, Instant(0)), Err(1));
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
    fn a_flood_of_keys_takes_bounded_memory_and_resets_nobody() {
        let limiter = limiter();
        let now = Instant(0);
        for _ in 0..3 {
            assert_eq!(limiter.take(u32::MAX, now), Ok(()));
        }
        let let_through = (0..100_000_u32)
            .filter(|key| limiter.take(*key, now).is_ok())
            .count();
        assert!(limiter.buckets.lock().unwrap().own.len() <= MOST_BUCKETS);
        // Those beyond share what there is for all of them.
        assert!(let_through <= MOST_BUCKETS + 3 * SHARED, "{let_through}");
        assert!(limiter.take(u32::MAX, now).is_err(), "still empty");
        // When the flood is over, there is a bucket for everybody again.
        let later = Instant(60_000);
        for key in 200_000..205_000_u32 {
            assert_eq!(limiter.take(key, later), Ok(()));
        }
    }
}
