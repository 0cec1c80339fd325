//! Bayesian averaging over decomposable graphs (Madigan and York 1997), exact.

use super::graphs::{Graph, decomposable};
use super::table::{Lists, Table};

/// A term this far below the largest, in logarithms, is left out: millions of
/// them change no digit that is printed.
const NEGLIGIBLE: f64 = 45.0;

/// The numbers of unseen people handled at once.
const BLOCK: usize = 1024;

/// The most unseen people the sum may run to.
pub const MOST_UNSEEN: u64 = 500_000;

/// The prior belief about N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prior {
    /// The prior p(N) ∝ 1/N.
    OneOverN,
    Uniform,
    /// A Poisson whose mean is gamma distributed with shape a and scale b.
    GammaPoisson {
        /// The shape of the gamma distribution.
        a: f64,
        /// The scale of the gamma distribution.
        b: f64,
    },
}

impl Prior {
    fn log_density(self, n: f64) -> f64 {
        match self {
            Self::OneOverN => -libm::log(n),
            Self::Uniform => 0.0,
            Self::GammaPoisson { a, b } => {
                n * libm::log(b) - (n + a) * libm::log1p(b) + libm::lgamma(n + a)
                    - libm::lgamma(n + 1.0)
            }
        }
    }
}

/// The settings of the averaging.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// δ: the weight of the prior in each cell.
    pub delta: f64,
    pub prior: Prior,
    /// The unseen run from 1 to this.
    pub max_unseen: u64,
    /// Whether the saturated graph takes part. It should not: it explains any
    /// table with next to nobody unseen, and takes weight for that.
    pub saturated: bool,
}

impl Options {
    /// Returns the options of the method: δ = 2^−p, 1/N, up to 20 unseen for each one seen,
    /// without the saturated graph.
    pub fn for_table(table: &Table) -> Self {
        Self {
            delta: 1.0 / f64::from(1_u32 << table.lists()),
            prior: Prior::OneOverN,
            max_unseen: table.seen().saturating_mul(20),
            saturated: false,
        }
    }
}

/// The posterior of N.
#[derive(Clone, Debug, PartialEq)]
pub struct Average {
    /// The posterior mean of N.
    pub mean: f64,
    /// The 2.5 %, 50 % and 97.5 % quantiles of N.
    pub quantiles: [u64; 3],
    /// The likeliest N of the posterior.
    pub mode: u64,
    /// The graphs with their posterior weights, in the order of enumeration.
    pub graphs: Vec<(Graph, f64)>,
}

impl Average {
    /// Returns the weight of the saturated graph; zero when it took no part.
    pub fn saturated_weight(&self) -> f64 {
        self.graphs
            .iter()
            .filter(|(graph, _)| graph.is_saturated())
            .map(|(_, weight)| weight)
            .sum()
    }
}

/// Averages over all decomposable graphs of the table's lists; none for a table
/// of fewer than three or more than five lists, an empty one, no room for the
/// unseen or more than [`MOST_UNSEEN`], or a δ that is not positive.
///
/// log p(G, N) is Σ_C ℓ(C) − Σ_S ℓ(S) + (#C − #S)[lnΓ(2^pδ) − lnΓ(N + 2^pδ)] and
/// ln multinomial and ln prior, with ℓ(M) = Σ lnΓ(cell + δ_M) − |M| lnΓ(δ_M) over
/// the cells of the marginal table M and δ_M = δ2^(p − |vars|).
pub fn average(table: &Table, options: &Options) -> Option<Average> {
    let usable = (3..=5).contains(&table.lists())
        && table.seen() > 0
        && (1..=MOST_UNSEEN).contains(&options.max_unseen)
        && options.delta.is_finite()
        && options.delta > 0.0;
    if !usable {
        return None;
    }
    let graphs: Vec<Graph> = decomposable(table.lists())
        .into_iter()
        .filter(|graph| options.saturated || !graph.is_saturated())
        .collect();
    let marginals = Marginals::new(table, options.delta);
    // The part of each graph that no unseen person changes.
    let constants: Vec<f64> = graphs
        .iter()
        .map(|g| {
            g.cliques
                .iter()
                .map(|&c| marginals.fixed[c as usize])
                .sum::<f64>()
                - g.separators
                    .iter()
                    .map(|&s| marginals.fixed[s as usize])
                    .sum::<f64>()
        })
        .collect();
    let mut posterior = Posterior::new(graphs.len(), options.max_unseen);
    let mut block = Block::default();
    let mut from = 1_u64;
    while from <= options.max_unseen {
        let to = options.max_unseen.min(from + BLOCK as u64 - 1);
        block.fill(&marginals, options.prior, from, to);
        for (index, graph) in graphs.iter().enumerate() {
            block.sum(graph, constants[index]);
            posterior.take(index, from, &block.logs);
        }
        from = to + 1;
    }
    posterior.finish(table.seen(), graphs)
}

/// The contributions of the marginal tables.
struct Marginals {
    seen: f64,
    /// 2^p·δ: δ summed over the cells.
    total_delta: f64,
    /// For each set of lists, ℓ without the cell of those on none of them.
    fixed: Vec<f64>,
    /// For each set, the known part of that cell, with δ_M added.
    base: Vec<f64>,
}

impl Marginals {
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    fn new(table: &Table, delta: f64) -> Self {
        let cells = table.cells();
        let (mut fixed, mut base) = (Vec::new(), Vec::new());
        for set in 0..cells.len() {
            let size = 1_usize << set.count_ones();
            let delta_m = delta * (cells.len() / size) as f64;
            let mut marginal = vec![0_u64; cells.len()];
            for (cell, &people) in cells.iter().enumerate() {
                marginal[cell & set] += people;
            }
            let mut sum = -(size as f64) * libm::lgamma(delta_m);
            for (cell, &people) in marginal.iter().enumerate().skip(1) {
                if cell & set == cell {
                    sum += libm::lgamma(people as f64 + delta_m);
                }
            }
            fixed.push(sum);
            base.push(marginal[0] as f64 + delta_m);
        }
        Self {
            seen: table.seen() as f64,
            total_delta: delta * cells.len() as f64,
            fixed,
            base,
        }
    }
}

/// The logarithms over one run of numbers of unseen people.
#[derive(Default)]
struct Block {
    /// For each set of lists, lnΓ(base + unseen).
    varying: Vec<Vec<f64>>,
    /// lnΓ(2^pδ) − lnΓ(N + 2^pδ).
    normaliser: Vec<f64>,
    /// ln multinomial + ln prior.
    common: Vec<f64>,
    logs: Vec<f64>,
}

impl Block {
    #[expect(clippy::cast_precision_loss, reason = "at most 5·10⁵ unseen")]
    fn fill(&mut self, marginals: &Marginals, prior: Prior, from: u64, to: u64) {
        self.varying.resize(marginals.base.len(), Vec::new());
        for (set, values) in self.varying.iter_mut().enumerate().skip(1) {
            values.clear();
            values.extend((from..=to).map(|u| libm::lgamma(marginals.base[set] + u as f64)));
        }
        self.normaliser.clear();
        self.common.clear();
        let none = libm::lgamma(marginals.total_delta);
        for unseen in from..=to {
            let unseen = unseen as f64;
            let n = marginals.seen + unseen;
            self.normaliser
                .push(none - libm::lgamma(n + marginals.total_delta));
            self.common
                .push(libm::lgamma(n + 1.0) - libm::lgamma(unseen + 1.0) + prior.log_density(n));
        }
    }

    fn sum(&mut self, graph: &Graph, constant: f64) {
        self.logs.clear();
        #[expect(clippy::cast_precision_loss, reason = "at most five")]
        let parts = graph.components() as f64;
        self.logs.extend(
            self.common
                .iter()
                .zip(&self.normaliser)
                .map(|(common, normaliser)| constant + common + parts * normaliser),
        );
        let mut add = |sets: &[Lists], sign: f64| {
            for &set in sets {
                for (log, value) in self.logs.iter_mut().zip(&self.varying[set as usize]) {
                    *log += sign * value;
                }
            }
        };
        add(&graph.cliques, 1.0);
        add(&graph.separators, -1.0);
    }
}

/// Weights by graph and by N, relative to the largest term so far.
struct Posterior {
    largest: f64,
    by_graph: Vec<f64>,
    by_unseen: Vec<f64>,
}

impl Posterior {
    fn new(graphs: usize, max_unseen: u64) -> Self {
        Self {
            largest: f64::NEG_INFINITY,
            by_graph: vec![0.0; graphs],
            by_unseen: vec![0.0; usize::try_from(max_unseen).unwrap_or(0)],
        }
    }

    fn take(&mut self, graph: usize, from: u64, logs: &[f64]) {
        let top = logs
            .iter()
            .fold(f64::NEG_INFINITY, |top: f64, &l| top.max(l));
        if top > self.largest {
            let scale = libm::exp(self.largest - top);
            for weight in self.by_graph.iter_mut().chain(&mut self.by_unseen) {
                *weight *= scale;
            }
            self.largest = top;
        }
        let start = usize::try_from(from - 1).unwrap_or(usize::MAX);
        let least = self.largest - NEGLIGIBLE;
        for (offset, &log) in logs.iter().enumerate() {
            if log > least {
                let weight = libm::exp(log - self.largest);
                self.by_graph[graph] += weight;
                self.by_unseen[start + offset] += weight;
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "at most 5·10⁵ unseen")]
    fn finish(self, seen: u64, graphs: Vec<Graph>) -> Option<Average> {
        let sum: f64 = self.by_unseen.iter().sum();
        if !(sum.is_finite() && sum > 0.0) {
            return None;
        }
        let (mut mean, mut mode, mut most) = (0.0, 0_u64, 0.0);
        for (people, &weight) in (seen + 1..).zip(&self.by_unseen) {
            mean += people as f64 * weight;
            if weight > most {
                most = weight;
                mode = people;
            }
        }
        let quantile = |share: f64| {
            let mut below = 0.0;
            let mut last = seen;
            for (people, &weight) in (seen + 1..).zip(&self.by_unseen) {
                below += weight;
                last = people;
                if below >= share * sum {
                    break;
                }
            }
            last
        };
        let all: f64 = self.by_graph.iter().sum();
        Some(Average {
            mean: mean / sum,
            quantiles: [0.025, 0.5, 0.975].map(quantile),
            mode,
            graphs: graphs
                .into_iter()
                .zip(self.by_graph.iter().map(|weight| weight / all))
                .collect(),
        })
    }
}
