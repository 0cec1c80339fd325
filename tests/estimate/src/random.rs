//! A small seeded source of random numbers: the same numbers everywhere.

/// `SplitMix64` (Steele, Lea and Flood 2014) with the distributions the synthetic
/// city needs. For simulation only, never for secrets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Gives a number between 0 and 1, neither included.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// Gives a whole number below `bound`, which must not be zero.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "bounds are far below 2^53"
    )]
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.uniform() * bound as f64) as usize).min(bound.saturating_sub(1))
    }

    /// Tells whether something of probability `p` happens.
    pub fn happens(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Gives a standard normal number (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(core::f64::consts::TAU * self.uniform())
    }

    /// Gives a gamma number of the given shape and mean 1 (Marsaglia and Tsang).
    pub fn gamma_of_mean_one(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boosted = self.gamma_of_mean_one(shape + 1.0) * (shape + 1.0);
            return boosted * libm::pow(self.uniform(), 1.0 / shape) / shape;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            if libm::log(self.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v / shape;
            }
        }
    }

    /// Gives a Poisson number.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let (mut left, mut count) = (mean, 0_u32);
        // The waiting times between arrivals, in pieces that cannot underflow.
        loop {
            left += libm::log(self.uniform());
            if left < 0.0 || count >= 1_000_000 {
                return count;
            }
            count += 1;
        }
    }

    /// Gives how many of `n` things of probability `p` happen.
    pub fn binomial(&mut self, n: u32, p: f64) -> u32 {
        (0..n).map(|_| u32::from(self.happens(p))).sum()
    }
}
