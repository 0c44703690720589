//! Statements that people wrote in any order, in an order that PostgreSQL can run.
//!
//! Separate because it is a question about a graph, not about text.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};

use super::{Name, Statements, Strength};

/// Why one statement comes after another; where they make a circle, the first of these gives way first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Maybe,
    /// It changes or replaces the same thing, or uses it after that: the order of the file is the meaning.
    Sequence,
    Sure,
}

type Graph = DiGraphMap<usize, Need>;

/// The order of the files, except where a statement needs what a later one creates.
pub(super) fn order(statements: &Statements) -> Vec<usize> {
    let mut graph = graph(statements);
    for need in [Need::Maybe, Need::Sequence, Need::Sure] {
        cut(&mut graph, need);
    }
    let count = statements.statements.len();
    let mut missing: Vec<usize> =
        (0..count).map(|at| graph.neighbors_directed(at, petgraph::Incoming).count()).collect();
    let mut ready: BinaryHeap<Reverse<usize>> =
        (0..count).filter(|&at| missing[at] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        for next in graph.neighbors(at) {
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    order
}

/// The statements that each statement needs, directly and surely.
pub(super) fn needs(statements: &Statements) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut needs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (provider, user, _) in graph(statements).all_edges() {
        needs.entry(user).or_default().insert(provider);
    }
    needs
}

/// Takes the edges of this strength out of every circle.
fn cut(graph: &mut Graph, need: Need) {
    for circle in tarjan_scc(&*graph) {
        if circle.len() < 2 {
            continue;
        }
        let circle: BTreeSet<usize> = circle.into_iter().collect();
        let edges: Vec<(usize, usize)> = circle
            .iter()
            .flat_map(|&from| graph.edges(from))
            .filter(|(_, to, weight)| **weight == need && circle.contains(to))
            .map(|(from, to, _)| (from, to))
            .collect();
        for (from, to) in edges {
            graph.remove_edge(from, to);
        }
    }
}

/// Edges go from what is needed to what needs it.
fn graph(statements: &Statements) -> Graph {
    let mut graph = Graph::new();
    let mut edge = |from: usize, to: usize, need: Need| {
        let known = graph.edge_weight(from, to).copied();
        if from != to && known.is_none_or(|known| known < need) {
            graph.add_edge(from, to, need);
        }
    };
    // The last statement so far that changed, replaced or dropped what has this name.
    let mut changed: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, statement) in statements.statements.iter().enumerate() {
        let verb = statement.words.first().map_or("", String::as_str);
        let mut mentioned: BTreeSet<&str> = BTreeSet::new();
        for reference in &statement.references {
            mentioned.extend(reference.parts.iter().map(String::as_str));
        }
        for reference in &statement.references {
            for (depth, part) in reference.parts.iter().enumerate() {
                let written = &reference.parts[..=depth];
                let providers = if verb == "DROP" { &[] } else { statements.providers(part) };
                let means = |provider: usize| {
                    let mut provided = statements.statements[provider].provides.iter();
                    provided.find(|name| matches(name, written, &mentioned))
                };
                let mut known = false;
                for &provider in providers {
                    let Some(name) = means(provider).filter(|_| provider != index) else { continue };
                    // What comes after the first replaces or overloads it: the order of the file is the meaning.
                    if known && provider > index {
                        break;
                    }
                    known = true;
                    // `a` in `a.b` is a schema, or else likely an alias.
                    let whole = written.len() == reference.parts.len() || name.class == "SCHEMA";
                    let sure = whole && reference.strength == Strength::Sure;
                    edge(provider, index, if sure { Need::Sure } else { Need::Maybe });
                }
                if let Some(&before) = changed.get(part.as_str()) {
                    edge(before, index, Need::Sequence);
                }
            }
        }
        for name in &statement.provides {
            let last = name.parts.last().expect("a name has a part");
            if let Some(&before) = changed.get(last.as_str()) {
                edge(before, index, Need::Sequence);
            }
        }
        if verb == "ALTER" || verb == "DROP" {
            let sure = statement.references.iter().filter(|reference| reference.strength == Strength::Sure);
            let targets = sure.filter_map(|reference| reference.parts.last());
            changed.extend(targets.map(|part| (part.as_str(), index)));
        }
        if verb == "CREATE" {
            let own = statement.provides.first().and_then(|name| name.parts.last());
            changed.extend(
                own.filter(|own| statements.providers(own).len() > 1).map(|own| (own.as_str(), index)),
            );
        }
    }
    // What acts on all that is made after it does so in its own file: files have no order.
    let acts = |at: &usize| acts_on_others(&statements.statements[*at].words);
    let all = 0..statements.statements.len();
    for late in all.clone().filter(acts) {
        let file = |at: usize| statements.statements[at].source;
        for made in all.clone().filter(|&at| file(at) != file(late) && !acts(&at)) {
            edge(made, late, Need::Sequence);
        }
    }
    for index in all {
        graph.add_node(index);
    }
    graph
}

fn acts_on_others(words: &[String]) -> bool {
    let begins =
        |with: &[&str]| words.iter().zip(with).filter(|(one, other)| one == other).count() == with.len();
    begins(&["ALTER", "DEFAULT", "PRIVILEGES"]) || begins(&["CREATE", "EVENT", "TRIGGER"])
}

/// May `written`, a name as far as one of its parts, mean `name`?
fn matches(name: &Name, written: &[String], mentioned: &BTreeSet<&str>) -> bool {
    let owned = matches!(name.class.as_str(), "COLUMN" | "CONSTRAINT" | "TRIGGER" | "POLICY" | "RULE");
    match (name.parts.as_slice(), written) {
        ([.., owner, last], [.., part]) if owned => last == part && mentioned.contains(owner.as_str()),
        ([schema, last], [.., before, part]) => last == part && schema == before,
        ([.., last], [.., part]) => last == part,
        _ => false,
    }
}
