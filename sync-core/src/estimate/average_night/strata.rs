//! Stratified expansion: the mean of a sample for every place of its stratum.

use serde::{Deserialize, Serialize};

/// A stratum and the sums over its sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stratum {
    /// N_h: the places of the stratum.
    pub population: f64,
    /// n_h: the places sampled.
    pub n: f64,
    /// Σx over the sample.
    pub sum: f64,
    /// Σx² over the sample.
    pub sum_of_squares: f64,
}

impl Stratum {
    /// Returns N_h x̄_h; nothing when nothing was sampled of a stratum with places.
    pub fn total(&self) -> Option<f64> {
        if self.n > 0.0 {
            Some(self.population * self.sum / self.n)
        } else if self.population > 0.0 {
            None
        } else {
            Some(0.0)
        }
    }

    /// Returns s_h²; nothing for fewer than two.
    pub fn sample_variance(&self) -> Option<f64> {
        (self.n > 1.0).then(|| {
            ((self.sum_of_squares - self.sum * self.sum / self.n) / (self.n - 1.0)).max(0.0)
        })
    }

    /// Returns N_h²(1 − n_h/N_h)s_h²/n_h; zero when all were sampled, nothing when the
    /// spread is unknown.
    pub fn variance(&self) -> Option<f64> {
        if self.n >= self.population {
            return Some(0.0);
        }
        let s2 = self.sample_variance()?;
        let expansion = self.population * (self.population - self.n) / self.n;
        Some(expansion * s2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let stratum = Stratum {
            population: 10.0,
            n: 4.0,
            sum: 12.0,
            sum_of_squares: 46.0,
        };
        assert_eq!(stratum.total(), Some(30.0));
        // s² = (46 − 36)/3, N²(1 − n/N)/n = 15.
        assert!((stratum.variance().unwrap() - 50.0).abs() < 1e-12);
        let full = Stratum {
            population: 4.0,
            ..stratum
        };
        assert_eq!(full.variance(), Some(0.0));
        let single = Stratum { n: 1.0, ..stratum };
        assert_eq!(single.variance(), None);
    }
}
