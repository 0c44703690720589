//! Statements, and which must come before which.

use super::Node;
use crate::catalog::Id;
use petgraph::{algo::tarjan_scc, graph::DiGraph};
use std::collections::{BTreeMap, BTreeSet};

/// The nodes that stand for statements of their own, and the edges between them, earlier first.
#[derive(Default)]
pub(super) struct Graph {
    /// Sorted; an index into it is how the rest names a node.
    pub nodes: Vec<Node>,
    pub hard: BTreeSet<(usize, usize)>,
    /// Those of the hard ones that can give way.
    pub weak: BTreeSet<(usize, usize)>,
    /// What would be good to have: a function after what its body mentions.
    pub soft: BTreeSet<(usize, usize)>,
    /// Those of the soft ones without which PostgreSQL refuses the later one, unless told not to check bodies.
    pub checked: BTreeSet<(usize, usize)>,
    /// For each hard edge, the objects that it comes from.
    pub because: BTreeMap<(usize, usize), Vec<(Id, Id)>>,
}

impl Graph {
    /// Groups of nodes that wait for each other.
    pub(super) fn cycles(&self) -> Vec<Vec<usize>> {
        let mut graph = DiGraph::<(), ()>::with_capacity(self.nodes.len(), self.hard.len());
        let indexes: Vec<_> = self.nodes.iter().map(|_| graph.add_node(())).collect();
        for &(from, to) in &self.hard {
            graph.add_edge(indexes[from], indexes[to], ());
        }
        let cycles = tarjan_scc(&graph).into_iter().filter(|group| group.len() > 1);
        cycles.map(|group| group.into_iter().map(|node| node.index()).collect()).collect()
    }

    /// Makes soft what can give way in a cycle.
    pub(super) fn relax(&mut self) {
        let cycles = self.cycles();
        let of: BTreeMap<usize, usize> = cycles
            .iter()
            .zip(0..)
            .flat_map(|(members, at)| members.iter().map(move |&node| (node, at)))
            .collect();
        let inside = |edge: &&(usize, usize)| of.get(&edge.0).is_some_and(|at| of.get(&edge.1) == Some(at));
        for edge in self.weak.iter().filter(inside) {
            self.hard.remove(edge);
            self.because.remove(edge);
            self.soft.insert(*edge);
        }
    }

    /// For each cycle, what its edges come from.
    pub(super) fn inside(&self, cycles: &[Vec<usize>]) -> Vec<Vec<&(Id, Id)>> {
        let mut cycle = vec![None; self.nodes.len()];
        for (at, members) in cycles.iter().enumerate() {
            members.iter().for_each(|&node| cycle[node] = Some(at));
        }
        let mut inside = vec![Vec::new(); cycles.len()];
        for ((from, to), pairs) in &self.because {
            if let (Some(at), true) = (cycle[*from], cycle[*from] == cycle[*to]) {
                inside[at].extend(pairs);
            }
        }
        inside
    }

    pub(super) fn add(&mut self, before: Option<usize>, after: Option<usize>, because: (&Id, &Id)) {
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            self.hard.insert((before, after));
            self.weak.remove(&(before, after));
            self.because.entry((before, after)).or_default().push((because.0.clone(), because.1.clone()));
        }
    }

    pub(super) fn add_weak(&mut self, before: Option<usize>, after: Option<usize>, because: (&Id, &Id)) {
        let edge = before.zip(after).filter(|edge| !self.hard.contains(edge) || self.weak.contains(edge));
        self.add(before, after, because);
        self.weak.extend(edge.filter(|(before, after)| before != after));
    }
}
