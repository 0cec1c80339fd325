//! Finds files that lead back to themselves.

use std::collections::{BTreeMap, BTreeSet};

/// The circles of a graph: sets of nodes each of which is reached from every other one.
///
/// Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972).
pub(crate) fn circles<N: Ord + Clone>(arrows: &BTreeMap<N, BTreeSet<N>>) -> Vec<Vec<N>> {
    let mut search = Search {
        arrows,
        order: BTreeMap::new(),
        low: BTreeMap::new(),
        path: Vec::new(),
        found: Vec::new(),
    };
    for node in arrows.keys() {
        if !search.order.contains_key(node) {
            search.visit(node);
        }
    }
    search.found
}

struct Search<'a, N> {
    arrows: &'a BTreeMap<N, BTreeSet<N>>,
    order: BTreeMap<N, usize>,
    low: BTreeMap<N, usize>,
    path: Vec<N>,
    found: Vec<Vec<N>>,
}

impl<N: Ord + Clone> Search<'_, N> {
    fn visit(&mut self, node: &N) {
        let number = self.order.len();
        self.order.insert(node.clone(), number);
        self.low.insert(node.clone(), number);
        self.path.push(node.clone());
        for next in self.arrows.get(node).into_iter().flatten() {
            let reached = match self.order.get(next) {
                None => {
                    self.visit(next);
                    self.low[next]
                }
                Some(&order) if self.path.contains(next) => order,
                Some(_) => continue,
            };
            if reached < self.low[node] {
                self.low.insert(node.clone(), reached);
            }
        }
        if self.low[node] == number {
            let start = self.path.iter().position(|on_it| on_it == node);
            let mut circle = self.path.split_off(start.unwrap_or_default());
            if circle.len() > 1 {
                circle.sort();
                self.found.push(circle);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(arrows: &[(char, char)]) -> BTreeMap<char, BTreeSet<char>> {
        let mut graph: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
        for &(from, to) in arrows {
            graph.entry(from).or_default().insert(to);
        }
        graph
    }

    #[test]
    fn a_graph_that_runs_one_way_has_no_circle() {
        assert!(circles(&graph(&[('a', 'b'), ('b', 'c'), ('a', 'c')])).is_empty());
    }

    #[test]
    fn each_circle_is_found_once_and_whole() {
        let found = circles(&graph(&[
            ('a', 'b'),
            ('b', 'c'),
            ('c', 'a'),
            ('c', 'd'),
            ('d', 'e'),
            ('e', 'd'),
            ('e', 'f'),
        ]));
        assert_eq!(found, [vec!['d', 'e'], vec!['a', 'b', 'c']]);
    }
}
