//! One Poisson log-linear model, fitted.

use super::existence::support;
use super::table::{Lists, Table, subset_sums, superset_sums};
use crate::estimate::numeric::Z95;
use crate::estimate::reason::Refusal;

/// A fitted log-linear model.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// n: the people seen.
    pub seen: f64,
    /// f₀ = e^β₀: the people on no list.
    pub unseen: f64,
    /// V₀₀: the variance of β₀.
    pub constant_variance: f64,
    /// The deviance from the saturated model.
    pub deviance: f64,
    /// Cells less parameters.
    pub df: u32,
    /// Akaike's criterion.
    pub aic: f64,
    /// The Bayesian criterion, ln n a parameter.
    pub bic: f64,
    /// Whether an ordinary maximum exists; else some empty cells are fitted as
    /// zero, as the limit of the likelihood has it.
    pub exists: bool,
    /// The fitted means by the bits of the lists; the first is the unseen.
    pub means: Vec<f64>,
}

impl Fit {
    /// Returns N̂ = n + f₀.
    pub fn total(&self) -> f64 {
        self.seen + self.unseen
    }

    /// Returns the standard error √(f₀ + f₀²V₀₀) of N̂.
    pub fn se(&self) -> f64 {
        (self.unseen + self.unseen * self.unseen * self.constant_variance).sqrt()
    }

    /// Returns the interval n + f₀e^(±1.96√V₀₀).
    pub fn log95(&self) -> [f64; 2] {
        let spread = Z95 * self.constant_variance.sqrt();
        [-spread, spread].map(|s| self.seen + self.unseen * libm::exp(s))
    }
}

/// Fits log μ_h = β₀ + Σβ_i h_i + the given interaction `terms` (each a set of two
/// lists or more) by Newton's method.
///
/// The design has a column for each term that is 1 where the cell's lists
/// contain the term's, so X'WX holds sums of means over supersets and Xβ sums of
/// parameters over subsets: both come from one pass over the lattice of sets.
///
/// # Errors
///
/// [`Refusal::NoData`] for an empty table, [`Refusal::NotIdentifiable`] when it cannot tell the
/// parameters apart.
pub fn fit(table: &Table, terms: &[Lists]) -> Result<Fit, Refusal> {
    let seen = table.seen();
    if seen == 0 {
        return Err(Refusal::NoData);
    }
    let mut all: Vec<Lists> = vec![0];
    all.extend((0..table.lists()).map(|list| 1 << list));
    for &term in terms {
        if !all.contains(&term) {
            all.push(term);
        }
    }
    if all.len() >= table.cells().len() {
        return Err(Refusal::NotIdentifiable);
    }
    let support = support(table, &all).ok_or(Refusal::NotIdentifiable)?;
    let mut newton = Newton::new(table, &support.active, support.terms);
    let hessian = newton.climb().ok_or(Refusal::NoFit)?;
    Ok(newton.finish(seen, &hessian, support.exists))
}

struct Newton<'a> {
    counts: Vec<f64>,
    /// Σ of counts over supersets: the sufficient statistics.
    margins: Vec<f64>,
    active: &'a [bool],
    terms: Vec<Lists>,
    beta: Vec<f64>,
    means: Vec<f64>,
    scratch: Vec<f64>,
}

impl<'a> Newton<'a> {
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    fn new(table: &Table, active: &'a [bool], terms: Vec<Lists>) -> Self {
        let counts: Vec<f64> = table.cells().iter().map(|&c| c as f64).collect();
        let mut margins = counts.clone();
        superset_sums(&mut margins);
        Self {
            margins,
            active,
            beta: vec![0.0; terms.len()],
            means: vec![0.0; counts.len()],
            scratch: vec![0.0; counts.len()],
            terms,
            counts,
        }
    }

    /// Climbs to the maximum; gives the factor of X'WX there.
    fn climb(&mut self) -> Option<Cholesky> {
        // One weighted regression of ln(count + 0.1) is a start near the top.
        let start: Vec<f64> = (0..self.counts.len())
            .map(|c| {
                if self.active[c] {
                    self.counts[c] + 0.1
                } else {
                    0.0
                }
            })
            .collect();
        self.means.clone_from(&start);
        let mut right: Vec<f64> = start
            .iter()
            .zip(&self.counts)
            .map(|(&m, &y)| {
                if m > 0.0 {
                    m * libm::log(m) + (y - m)
                } else {
                    0.0
                }
            })
            .collect();
        superset_sums(&mut right);
        let right: Vec<f64> = self.terms.iter().map(|&t| right[t as usize]).collect();
        self.beta = self.information()?.solve(&right);
        let mut height = self.height(&self.beta.clone());
        for _ in 0..100 {
            let factor = self.information()?;
            let gradient: Vec<f64> = self
                .terms
                .iter()
                .map(|&t| self.margins[t as usize] - self.scratch[t as usize])
                .collect();
            let step = factor.solve(&gradient);
            let gain: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
            if !gain.is_finite() {
                return None;
            }
            let mut scale = 1.0;
            loop {
                let next: Vec<f64> = self
                    .beta
                    .iter()
                    .zip(&step)
                    .map(|(b, s)| b + scale * s)
                    .collect();
                let next_height = self.height(&next);
                // The last steps change less than the sum can resolve.
                if next_height >= height - 1e-12 * height.abs() || scale < 1e-6 {
                    self.beta = next;
                    height = next_height;
                    break;
                }
                scale *= 0.5;
            }
            if gain < 1e-18 * (1.0 + height.abs()) {
                return self.information();
            }
        }
        None
    }

    /// Sets the means for `beta` and gives the log-likelihood up to a constant.
    fn height(&mut self, beta: &[f64]) -> f64 {
        self.means.fill(0.0);
        for (&term, &b) in self.terms.iter().zip(beta) {
            self.means[term as usize] = b;
        }
        subset_sums(&mut self.means);
        let mut height = 0.0;
        self.means[0] = 0.0;
        for cell in 1..self.means.len() {
            if self.active[cell] {
                let mean = libm::exp(self.means[cell]);
                height += self.counts[cell] * self.means[cell] - mean;
                self.means[cell] = mean;
            } else {
                self.means[cell] = 0.0;
            }
        }
        if height.is_nan() {
            f64::NEG_INFINITY
        } else {
            height
        }
    }

    /// Factors X'WX at the current means, which leaves their superset sums in
    /// `scratch`.
    fn information(&mut self) -> Option<Cholesky> {
        self.scratch.copy_from_slice(&self.means);
        self.scratch[0] = 0.0;
        superset_sums(&mut self.scratch);
        let size = self.terms.len();
        let mut matrix = vec![0.0; size * size];
        for (i, &one) in self.terms.iter().enumerate() {
            for (j, &other) in self.terms[..=i].iter().enumerate() {
                matrix[i * size + j] = self.scratch[(one | other) as usize];
            }
        }
        Cholesky::new(matrix, size)
    }

    fn finish(self, seen: u64, factor: &Cholesky, exists: bool) -> Fit {
        let parameters = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        let cells = u32::try_from(self.active.iter().filter(|&&a| a).count()).unwrap_or(u32::MAX);
        let (mut deviance, mut likelihood) = (0.0, 0.0);
        for cell in 1..self.counts.len() {
            let (y, mean) = (self.counts[cell], self.means[cell]);
            if y > 0.0 {
                deviance += 2.0 * (y * libm::log(y / mean) - (y - mean));
                likelihood += y * libm::log(mean) - mean - libm::lgamma(y + 1.0);
            } else {
                deviance += 2.0 * mean;
                likelihood -= mean;
            }
        }
        let mut unit = vec![0.0; self.terms.len()];
        unit[0] = 1.0;
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let n = seen as f64;
        let k = f64::from(parameters);
        let mut means = self.means;
        means[0] = libm::exp(self.beta[0]);
        Fit {
            seen: n,
            unseen: means[0],
            constant_variance: factor.solve(&unit)[0],
            deviance: deviance.max(0.0),
            df: cells.saturating_sub(parameters),
            aic: -2.0 * likelihood + 2.0 * k,
            bic: -2.0 * likelihood + k * libm::log(n),
            exists,
            means,
        }
    }
}

/// The factor L of a symmetric positive definite matrix LL'.
struct Cholesky {
    lower: Vec<f64>,
    size: usize,
}

impl Cholesky {
    /// Factors a matrix of which only the lower triangle is read; none when it
    /// is not positive definite.
    fn new(mut lower: Vec<f64>, size: usize) -> Option<Self> {
        for i in 0..size {
            for j in 0..=i {
                let mut sum = lower[i * size + j];
                for k in 0..j {
                    sum -= lower[i * size + k] * lower[j * size + k];
                }
                if i == j {
                    if sum.is_nan() || sum <= lower[i * size + i].abs() * 1e-14 || sum <= 0.0 {
                        return None;
                    }
                    lower[i * size + i] = sum.sqrt();
                } else {
                    lower[i * size + j] = sum / lower[j * size + j];
                }
            }
        }
        Some(Self { lower, size })
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = right.to_vec();
        for i in 0..n {
            for k in 0..i {
                x[i] -= self.lower[i * n + k] * x[k];
            }
            x[i] /= self.lower[i * n + i];
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                x[i] -= self.lower[k * n + i] * x[k];
            }
            x[i] /= self.lower[i * n + i];
        }
        x
    }
}
