//! Where a hostile writer's choices come from: a seed, or a fuzzer's bytes.

/// A source of choices.
#[derive(Debug, Clone)]
pub enum Choices<'a> {
    /// Drawn from a seed.
    Seeded(fastrand::Rng),
    /// Read from bytes; zeros follow them.
    Told(&'a [u8]),
}

impl Choices<'_> {
    /// Returns the choices of a seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(fastrand::Rng::with_seed(seed))
    }

    /// Checks whether nothing is left to tell.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Told(bytes) if bytes.is_empty())
    }

    /// A number below `most`, which is not 0.
    pub fn below(&mut self, most: usize) -> usize {
        match self {
            Self::Seeded(rng) => rng.usize(..most.max(1)),
            Self::Told(bytes) => {
                let mut number = 0;
                // As many bytes as the number asks for: a fuzzer changes one of them.
                let mut reach = 1;
                while reach < most {
                    let byte = bytes.split_off_first().copied().unwrap_or(0);
                    number = number << 8 | usize::from(byte);
                    reach <<= 8;
                }
                number % most.max(1)
            }
        }
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Chooses one of several.
    pub fn of<'b, T>(&mut self, several: &'b [T]) -> Option<&'b T> {
        if several.is_empty() {
            return None;
        }
        several.get(self.below(several.len()))
    }

    /// Chooses bytes, each by itself.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = u8::try_from(self.below(256)).unwrap_or(0);
        }
        bytes
    }
}
