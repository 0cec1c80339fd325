//! Which tokens and sessions somebody has: behind an address that tries one after the
//! other, those go on working.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use sync_core::time::Instant;

use crate::shared::principal::SecretHash;

/// Most hashes of a generation; there are two.
const MOST: usize = 20_000;
/// Milliseconds between two readings from the store.
const READING: i64 = 10_000;

/// Hashes of tokens and sessions that were good lately. Whether they still are, the store
/// tells each time.
#[derive(Debug)]
pub struct Known {
    generations: Mutex<[HashSet<SecretHash>; 2]>,
    read_at: AtomicI64,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            generations: Mutex::default(),
            read_at: AtomicI64::new(i64::MIN),
        }
    }
}

impl Known {
    /// Checks whether this one was good lately.
    pub fn holds(&self, secret: &SecretHash) -> bool {
        let generations = self.lock();
        generations.iter().any(|hashes| hashes.contains(secret))
    }

    /// Notes a good one.
    pub fn note(&self, secret: SecretHash) {
        let mut generations = self.lock();
        let [young, old] = &mut *generations;
        if young.len() >= MOST && !young.contains(&secret) {
            *old = std::mem::take(young);
        }
        young.insert(secret);
    }

    /// Forgets one that is no longer good.
    pub fn forget(&self, secret: &SecretHash) {
        for hashes in &mut *self.lock() {
            hashes.remove(secret);
        }
    }

    /// Checks whether it is time to read from the store which are good; if so, the caller does.
    pub fn is_to_be_read(&self, now: Instant) -> bool {
        let last = self.read_at.load(Ordering::Relaxed);
        let due = now.0.saturating_sub(last) >= READING || now.0 < last;
        due && self
            .read_at
            .compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, [HashSet<SecretHash>; 2]> {
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_known_and_memory_is_bounded() {
        let known = Known::default();
        let hash = |n: usize| SecretHash::of(&n.to_string());
        for n in 0..3 * MOST {
            known.note(hash(n));
        }
        assert!(known.lock().iter().map(HashSet::len).sum::<usize>() <= 2 * MOST);
        assert!(known.holds(&hash(3 * MOST - 1)) && known.holds(&hash(2 * MOST)));
        assert!(!known.holds(&hash(0)));
        known.forget(&hash(2 * MOST));
        assert!(!known.holds(&hash(2 * MOST)));
    }

    #[test]
    fn the_store_is_asked_now_and_then() {
        let known = Known::default();
        let asked = |at| known.is_to_be_read(Instant(at));
        let all = [0, 1, READING, READING + 1, 0].map(asked);
        assert_eq!(all, [true, false, true, false, true]);
    }
}
