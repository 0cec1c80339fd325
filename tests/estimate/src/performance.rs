//! How well a method does against the truth.

use serde::Serialize;

/// What one method did in one set-up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Performance {
    /// The method.
    pub method: &'static str,
    /// The share of intervals that held the truth.
    pub coverage: f64,
    /// The share of intervals wholly above the truth.
    pub above: f64,
    /// The mean error relative to the truth.
    pub bias: f64,
    /// The root of the mean squared error, relative to the truth.
    pub rmse: f64,
    /// The mean width of the interval relative to the truth.
    pub width: f64,
    /// The share of cities for which the method gives no figure.
    pub refused: f64,
}

/// Adds up what a method does over many cities.
#[derive(Debug, Default)]
pub(super) struct Tally {
    given: f64,
    held: f64,
    above: f64,
    error: f64,
    squares: f64,
    width: f64,
}

impl Tally {
    /// Adds one city; no interval when the method refuses.
    pub(super) fn add(&mut self, truth: f64, interval: Option<[f64; 3]>) {
        let Some([low, total, high]) = interval else {
            return;
        };
        // The last bits of a sum are not a miss.
        let slack = 1e-9 * truth;
        let error = (total - truth) / truth.max(1.0);
        self.given += 1.0;
        self.held += f64::from(u8::from(low <= truth + slack && truth <= high + slack));
        self.above += f64::from(u8::from(truth < low - slack));
        self.error += error;
        self.squares += error * error;
        self.width += (high - low) / truth.max(1.0);
    }

    /// Sums up over `cities` cities.
    pub(super) fn performance(&self, method: &'static str, cities: u32) -> Performance {
        let n = self.given.max(1.0);
        Performance {
            method,
            coverage: self.held / n,
            above: self.above / n,
            bias: self.error / n,
            rmse: (self.squares / n).sqrt(),
            width: self.width / n,
            refused: 1.0 - self.given / f64::from(cities.max(1)),
        }
    }
}
