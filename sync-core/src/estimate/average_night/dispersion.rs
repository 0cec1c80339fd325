//! φ: how much two counts of the same place on the same night differ.

use serde::{Deserialize, Serialize};

/// The dispersion of counts: the variance of a single count c is φ·c.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phi {
    /// The factor; 1 when nothing was recounted.
    pub value: f64,
    /// How many place-nights were counted more than once.
    pub recounted: u32,
}

impl Phi {
    /// The assumption when nothing was recounted: counts vary like Poisson.
    pub const ASSUMED: Self = Self {
        value: 1.0,
        recounted: 0,
    };

    /// Returns whether φ was measured rather than assumed.
    pub fn measured(self) -> bool {
        self.recounted > 0
    }
}

impl Default for Phi {
    fn default() -> Self {
        Self::ASSUMED
    }
}
