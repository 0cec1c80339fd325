//! Numbers from a seed: for the draw of places, which anybody with the seed can
//! repeat, and for made-up cities. Not for secrets.

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
#[derive(Debug, Clone)]
pub struct Seeded(u64);

impl Seeded {
    /// Starts from a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, each equally likely; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // Numbers from the incomplete last round would favour the small ones.
        let rounds = u64::MAX - u64::MAX % n;
        loop {
            let bits = self.bits();
            if bits < rounds {
                return bits % n;
            }
        }
    }

    /// A number in [0, 1).
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws whether something of this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Draws bytes, each value equally likely.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.bits().to_be_bytes()[..chunk.len()]);
        }
        out
    }

    /// `n` of the items, each set of them equally likely (Fisher–Yates, stopped
    /// after `n`); all of them when there are no more.
    pub fn choose<T>(&mut self, mut items: Vec<T>, n: usize) -> Vec<T> {
        let n = n.min(items.len());
        for i in 0..n {
            let rest = (items.len() - i) as u64;
            let other = usize::try_from(self.below(rest)).unwrap_or(0);
            items.swap(i, i + other);
        }
        items.truncate(n);
        items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_published_sequence() {
        // From the reference implementation, seed 1234567.
        let mut seeded = Seeded::new(1_234_567);
        let first: Vec<_> = (0..3).map(|_| seeded.bits()).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn chooses_evenly() {
        let mut hits = [0_u32; 10];
        for seed in 0..20_000 {
            for item in Seeded::new(seed).choose((0..10_usize).collect(), 3) {
                hits[item] += 1;
            }
        }
        // 6,000 expected, standard deviation 65.
        assert!(hits.iter().all(|n| (5_700..6_300).contains(n)), "{hits:?}");
        assert_eq!(Seeded::new(1).choose(vec![1], 5), [1]);
    }
}
