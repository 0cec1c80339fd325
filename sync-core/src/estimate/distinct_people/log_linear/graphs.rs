//! Decomposable graphs over three to five lists.

use super::table::Lists;

/// A decomposable (chordal) graph: lists that are not joined are independent
/// given the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The cliques, sorted.
    pub cliques: Vec<Lists>,
    /// The separators between them, repeated as often as they separate; those
    /// that are empty are left out.
    pub separators: Vec<Lists>,
}

impl Graph {
    /// Returns whether every list is joined with every other.
    pub fn is_saturated(&self) -> bool {
        self.cliques.len() == 1
    }

    /// Returns the number of parts that are not joined at all.
    pub fn components(&self) -> usize {
        self.cliques.len() - self.separators.len()
    }
}

/// Returns every decomposable graph over `lists` lists, the saturated one last: 8 for
/// three, 61 for four, 822 for five.
pub fn decomposable(lists: u32) -> Vec<Graph> {
    let pairs: Vec<(u32, u32)> = (0..lists)
        .flat_map(|i| (i + 1..lists).map(move |j| (i, j)))
        .collect();
    (0_u32..1 << pairs.len())
        .filter_map(|edges| {
            let mut neighbours = vec![0; lists as usize];
            for (bit, &(i, j)) in pairs.iter().enumerate() {
                if edges >> bit & 1 == 1 {
                    neighbours[i as usize] |= 1 << j;
                    neighbours[j as usize] |= 1 << i;
                }
            }
            cliques(&neighbours)
        })
        .map(|cliques| Graph {
            separators: separators(&cliques),
            cliques,
        })
        .collect()
}

/// Returns the cliques of a chordal graph by taking away vertices whose neighbours are all
/// joined; none when no such vertex is left, so that it is not chordal.
fn cliques(neighbours: &[Lists]) -> Option<Vec<Lists>> {
    let mut left: Lists = (1 << neighbours.len()) - 1;
    let mut found: Vec<Lists> = Vec::new();
    while left != 0 {
        let simplicial = (0..neighbours.len()).find(|&v| {
            let around = neighbours[v] & left;
            left >> v & 1 == 1
                && (0..neighbours.len())
                    .all(|u| around >> u & 1 == 0 || around & !(neighbours[u] | 1 << u) == 0)
        })?;
        let clique = neighbours[simplicial] & left | 1 << simplicial;
        if !found.iter().any(|&other| clique & !other == 0) {
            found.push(clique);
        }
        left &= !(1 << simplicial);
    }
    found.sort_unstable();
    Some(found)
}

/// Returns the non-empty intersections along a spanning tree of the cliques with the
/// largest intersections: the separators (Blair and Peyton 1993).
fn separators(cliques: &[Lists]) -> Vec<Lists> {
    let mut joined = vec![false; cliques.len()];
    joined[0] = true;
    let mut separators = Vec::new();
    for _ in 1..cliques.len() {
        let mut best: Option<(u32, usize, Lists)> = None;
        for (_, &one) in cliques.iter().enumerate().filter(|&(i, _)| joined[i]) {
            for (j, &other) in cliques.iter().enumerate().filter(|&(j, _)| !joined[j]) {
                let size = (one & other).count_ones();
                if best.is_none_or(|(most, _, _)| size > most) {
                    best = Some((size, j, one & other));
                }
            }
        }
        if let Some((size, j, separator)) = best {
            joined[j] = true;
            if size > 0 {
                separators.push(separator);
            }
        }
    }
    separators.sort_unstable();
    separators
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_of_graphs() {
        for (lists, expected) in [(2, 2), (3, 8), (4, 61), (5, 822)] {
            let graphs = decomposable(lists);
            assert_eq!(graphs.len(), expected);
            assert!(graphs.last().unwrap().is_saturated());
            assert_eq!(graphs.iter().filter(|g| g.is_saturated()).count(), 1);
            for graph in &graphs {
                // Cliques and separators count each list once.
                let sizes = |sets: &[Lists]| sets.iter().map(|s| s.count_ones()).sum::<u32>();
                assert_eq!(sizes(&graph.cliques) - sizes(&graph.separators), lists);
            }
        }
    }
}
