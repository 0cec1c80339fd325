//! Three or more occasions: Schnabel and Schumacher–Eschmeyer.

use crate::estimate::numeric::t95;
use crate::estimate::reason::Refusal;
use crate::estimate::thresholds::Thresholds;

/// One occasion of capture and recapture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// n: the people met on it.
    pub caught: u64,
    /// m: those of them met before.
    pub recaptured: u64,
    /// M: people met before this occasion.
    pub marked: u64,
}

/// The estimates from several occasions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OccasionsEstimate {
    /// ΣnM/Σm; none without recaptures.
    pub schnabel: Option<f64>,
    /// With Chapman's correction: ΣnM/(Σm + 1).
    pub schnabel_chapman: f64,
    /// ΣnM²/ΣmM; none without recaptures.
    pub schumacher: Option<f64>,
    /// Its 95 % interval from the regression of m/n on M; none when the
    /// regression allows any size.
    pub schumacher_t95: Option<[f64; 2]>,
    /// Σm, the people met again.
    pub recaptures: u64,
}

impl OccasionsEstimate {
    /// Returns the reasons not to use the estimate.
    pub fn refusals(&self, thresholds: &Thresholds) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if self.recaptures < thresholds.least_overlap {
            refusals.push(Refusal::OverlapTooSmall);
        }
        if self
            .schumacher_t95
            .is_none_or(|[low, high]| high > thresholds.widest_interval * low)
        {
            refusals.push(Refusal::IntervalTooWide);
        }
        refusals
    }
}

/// Estimates from the occasions (Schnabel 1938; Chapman's +1; Schumacher and
/// Eschmeyer 1943, interval as in Krebs 1999: the reciprocal of a slope with
/// `occasions − 2` degrees of freedom). The order of the occasions is that of
/// the sums, so it must be that of time.
#[expect(clippy::cast_precision_loss, reason = "counts of people")]
pub fn occasions(rows: &[Occasion]) -> OccasionsEstimate {
    let (mut nm, mut nmm, mut mm, mut mmn, mut recaptures) = (0.0, 0.0, 0.0, 0.0, 0_u64);
    let mut used = 0_u32;
    for row in rows {
        let (n, m, marked) = (row.caught as f64, row.recaptured as f64, row.marked as f64);
        nm += n * marked;
        nmm += n * marked * marked;
        mm += m * marked;
        if row.caught > 0 {
            mmn += m * m / n;
            used += 1;
        }
        recaptures += row.recaptured;
    }
    let m = recaptures as f64;
    let interval = (used > 2 && mm > 0.0).then(|| {
        let df = f64::from(used - 2);
        let slope = mm / nmm;
        let residual = ((mmn - mm * slope) / df).max(0.0);
        let se = (residual / nmm).sqrt();
        let t = t95(df);
        [1.0 / (slope + t * se), 1.0 / (slope - t * se)]
    });
    OccasionsEstimate {
        schnabel: (recaptures > 0).then(|| nm / m),
        schnabel_chapman: nm / (m + 1.0),
        schumacher: (mm > 0.0).then(|| nmm / mm),
        schumacher_t95: interval.filter(|[_, high]| high.is_finite() && *high > 0.0),
        recaptures,
    }
}
