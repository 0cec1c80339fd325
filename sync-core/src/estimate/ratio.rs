//! Places nobody visited, predicted by the ratio measured at drawn places.

use serde::{Deserialize, Serialize};

/// A place that was drawn, visited and completely counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnPlace {
    /// a: the previous reconciled figure, above zero.
    pub previous: f64,
    /// x: this period's figure.
    pub current: f64,
}

/// The ratio of this period's figures to the previous ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// β̂ = Σ_R x / Σ_R a.
    pub beta: f64,
    /// σ̂²: the residual variance per previous person.
    pub sigma2: f64,
    /// The degrees of freedom of σ̂².
    pub df: f64,
    /// n_R: the places behind it.
    pub places: u32,
    /// A_R: the sum of their previous figures.
    pub previous: f64,
}

impl Ratio {
    /// Measures the ratio on `drawn`, in the order given. Gives nothing for
    /// fewer than two places, since nothing is then known of the spread.
    ///
    /// Royall's ratio predictor (x = βa + e, Var e = σ²a): β̂ = Σx/Σa,
    /// σ̂² = Σ(x − β̂a)²/a/(n − 1).
    pub fn measure(drawn: &[DrawnPlace]) -> Option<Self> {
        let places = u32::try_from(drawn.len()).ok()?;
        if places < 2 {
            return None;
        }
        let (mut previous, mut current) = (0.0, 0.0);
        for place in drawn {
            previous += place.previous;
            current += place.current;
        }
        if previous <= 0.0 {
            return None;
        }
        let beta = current / previous;
        let mut squares = 0.0;
        for place in drawn {
            let residual = place.current - beta * place.previous;
            squares += residual * residual / place.previous;
        }
        let df = f64::from(places) - 1.0;
        Some(Self {
            beta,
            sigma2: squares / df,
            df,
            places,
            previous,
        })
    }

    /// Gives the variance of the prediction of places whose previous figures sum
    /// to `unseen`: σ̂²(A_U + A_U²/A_R).
    pub fn prediction_variance(&self, unseen: f64) -> f64 {
        self.sigma2 * (unseen + unseen * unseen / self.previous)
    }

    /// Gives the covariance of the predictions of two disjoint sets of unseen
    /// places: σ̂²·A_Ud·A_Ue/A_R. They share β̂.
    pub fn prediction_covariance(&self, one: f64, other: f64) -> f64 {
        self.sigma2 * one * other / self.previous
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_weighted_regression() {
        // R: lm(y ~ 0 + a, weights = 1/a).
        let previous = [12.0, 8.0, 30.0, 5.0, 3.0, 1.0, 22.0, 7.0];
        let current = [9.0, 6.0, 21.0, 5.0, 1.0, 0.0, 18.0, 4.0];
        let drawn: Vec<_> = previous
            .iter()
            .zip(current)
            .map(|(&previous, current)| DrawnPlace { previous, current })
            .collect();
        let ratio = Ratio::measure(&drawn).unwrap();
        assert!((ratio.beta - 0.727_272_727_3).abs() < 1e-9);
        assert!((ratio.sigma2 - 0.250_123_685_8).abs() < 1e-9);
        assert!((ratio.prediction_variance(30.0).sqrt() - 3.172_033_058_7).abs() < 1e-9);
        assert!(Ratio::measure(&drawn[..1]).is_none());
    }
}
