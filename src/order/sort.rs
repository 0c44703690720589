//! Which step comes first, of those that could.
//!
//! What is taken away and put back is one piece with all that must happen in between, and nothing else: it is missing
//! for one transaction, which locks no more than it must.

use super::{Action, Node, graph::Graph};
use crate::{
    diff::Changes,
    kind,
    step::{Step, Transaction},
};
use petgraph::{algo::tarjan_scc, graph::DiGraph};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

/// Nodes of a graph, in order.
pub(super) struct Sorted {
    pub order: Vec<usize>,
    /// Is a node, by its index, part of a piece with others?
    together: Vec<bool>,
}

impl Sorted {
    /// The nodes in order, and whether each is part of a piece with others.
    pub fn nodes<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = (&'a Node, bool)> {
        self.order.iter().map(|&at| (&graph.nodes[at], self.together[at]))
    }
}

/// Among what is ready, that whose `turn` it is (of nodes that are alone) comes first, then what waits for no mention,
/// then by action, rank and identity.
pub(super) fn sort(
    changes: &Changes,
    graph: &Graph,
    pieces: &[Vec<usize>],
    turn: impl Fn(usize) -> u8,
) -> Sorted {
    let count = graph.nodes.len();
    let mut piece = vec![0; count];
    for (at, members) in pieces.iter().enumerate() {
        members.iter().for_each(|&node| piece[node] = at);
    }
    let rank = |at: usize| {
        let (action, id) = &graph.nodes[at];
        let rank = i32::from(kind::of(id).rank());
        let rank = match action {
            // What is created last is dropped first.
            Action::Drop => -rank,
            // At once, before its host gets another owner.
            Action::TakeBack => 0,
            Action::Aside | Action::Alter | Action::Shell | Action::Create => rank,
        };
        (*action > Action::Aside, rank, at)
    };
    // What must be committed before it is used waits, so that nothing else is cut off from it.
    let turn = |members: &[usize]| match members {
        _ if members.iter().any(|&node| commits(changes, graph, node)) => 2,
        [node] => turn(*node),
        _ => 1,
    };
    let keys: Vec<_> = pieces
        .iter()
        .map(|members| {
            (turn(members), members.iter().map(|&node| rank(node)).min().expect("no piece is empty"))
        })
        .collect();
    let between = |edges: &BTreeSet<(usize, usize)>| -> Vec<(usize, usize)> {
        let ends = edges.iter().map(|&(from, to)| (piece[from], piece[to]));
        ends.filter(|(from, to)| from != to).collect()
    };
    let mut inside: BTreeMap<usize, [Vec<(usize, usize)>; 2]> = BTreeMap::new();
    for (at, edges) in [&graph.hard, &graph.soft].into_iter().enumerate() {
        for &(from, to) in edges.iter().filter(|(from, to)| piece[*from] == piece[*to]) {
            inside.entry(piece[from]).or_default()[at].push((from, to));
        }
    }
    let mut order = Vec::with_capacity(count);
    for at in first(pieces.len(), &between(&graph.hard), &between(&graph.soft), |at| keys[at]) {
        let members = &pieces[at];
        if let [node] = members[..] {
            order.push(node);
            continue;
        }
        let local: BTreeMap<usize, usize> =
            members.iter().enumerate().map(|(at, &node)| (node, at)).collect();
        let [hard, soft] = inside
            .remove(&at)
            .unwrap_or_default()
            .map(|edges| edges.into_iter().map(|(from, to)| (local[&from], local[&to])).collect::<Vec<_>>());
        let key = |at: usize| (u8::from(commits(changes, graph, members[at])), rank(members[at]));
        order.extend(first(members.len(), &hard, &soft, key).into_iter().map(|at| members[at]));
    }
    debug_assert_eq!(order.len(), count, "the graph has no cycle");
    Sorted { order, together: piece.iter().map(|&at| pieces[at].len() > 1).collect() }
}

/// Each node by itself, for what is one transaction anyway.
pub(super) fn apart(graph: &Graph) -> Vec<Vec<usize>> {
    (0..graph.nodes.len()).map(|at| vec![at]).collect()
}

/// Nodes that must stand together, each in ascending order.
pub(super) fn pieces(changes: &Changes, graph: &Graph) -> Vec<Vec<usize>> {
    let at: BTreeMap<_, usize> =
        graph.nodes.iter().zip(0..).map(|((action, id), at)| ((*action, id), at)).collect();
    let mut whole = DiGraph::<(), ()>::with_capacity(graph.nodes.len(), graph.hard.len());
    let nodes: Vec<_> = graph.nodes.iter().map(|_| whole.add_node(())).collect();
    whole.extend_with_edges(graph.hard.iter().map(|&(from, to)| (nodes[from], nodes[to])));
    // An edge back from what puts a thing back to what takes it away ties all between them together.
    for id in changes.drops.keys().filter(|id| {
        changes.creates.contains_key(*id) && !changes.beside.contains(*id) && !changes.apart.contains(*id)
    }) {
        let of = |action| at.get(&(action, id));
        let back = match of(Action::Aside) {
            Some(aside) => (of(Action::Drop), Some(aside)),
            None => (of(Action::Create), of(Action::Drop)),
        };
        if let (Some(&last), Some(&first)) = back {
            whole.add_edge(nodes[last], nodes[first], ());
        }
    }
    let mut pieces: Vec<Vec<usize>> = tarjan_scc(&whole)
        .into_iter()
        .map(|piece| piece.into_iter().map(|node| node.index()).collect())
        .collect();
    pieces.iter_mut().for_each(|piece| piece.sort_unstable());
    pieces
}

/// Must it be committed before it is used?
fn commits(changes: &Changes, graph: &Graph, node: usize) -> bool {
    let commits = |step: &Step| step.transaction == Transaction::CommitAfter;
    let (action, id) = &graph.nodes[node];
    *action == Action::Alter && changes.alters[id].steps.iter().any(commits)
}

/// Kahn's algorithm. Of what is ready, the smallest comes first: by its turn, by whether a soft edge leads to it
/// from what is still to come, by the rest of its key.
fn first<K: Ord>(
    count: usize,
    hard: &[(usize, usize)],
    soft: &[(usize, usize)],
    key: impl Fn(usize) -> (u8, K),
) -> Vec<usize> {
    let mut after: Vec<Vec<(usize, bool)>> = vec![Vec::new(); count];
    let mut waits_for = vec![[0usize; 2]; count];
    for (edges, is_soft) in [(hard, false), (soft, true)] {
        for &(from, to) in edges {
            after[from].push((to, is_soft));
            waits_for[to][usize::from(is_soft)] += 1;
        }
    }
    let entry = |at: usize, soft: usize| {
        let (turn, key) = key(at);
        Reverse((turn, soft > 0, key, at))
    };
    let mut ready: BinaryHeap<_> =
        (0..count).filter(|&at| waits_for[at][0] == 0).map(|at| entry(at, waits_for[at][1])).collect();
    let mut done = vec![false; count];
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse((.., at))) = ready.pop() {
        if std::mem::replace(&mut done[at], true) {
            continue;
        }
        order.push(at);
        for &(next, is_soft) in &after[at] {
            waits_for[next][usize::from(is_soft)] -= 1;
            if waits_for[next][0] == 0 && !done[next] {
                ready.push(entry(next, waits_for[next][1]));
            }
        }
    }
    order
}
