//! The same statements as people read them: what belongs to one object together, and what it needs
//! before it.
//!
//! Apart from the order in which a plan runs, where only what PostgreSQL accepts counts.

use super::{Busy, Placed, acyclic, apart, graph::Graph, sort, steps};
use crate::{
    catalog::{Id, Object},
    diagnostic::Result,
    diff::{self, Changes},
    kind,
};
use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};
use std::collections::{BTreeMap, BTreeSet};

/// All statements, in an order in which they run.
#[derive(Clone, Debug, Default)]
pub struct Arranged {
    pub sections: Vec<Section>,
    /// Are there bodies that mention each other, so that one comes before what it mentions?
    pub circular: bool,
}

/// Statements that stand together.
#[derive(Clone, Debug)]
pub struct Section {
    /// The object that they are about or belong to.
    pub about: Id,
    pub steps: Vec<Placed>,
}

/// What is created together with what it is attached to, can say so, and has in the same order what that has.
pub fn joinable(changes: &Changes) -> BTreeSet<Id> {
    let new = |id: &Id| changes.creates.contains_key(id).then(|| changes.new.get(id)).flatten();
    let place = |object: &Object| kind::of(&object.id).inline(object, &[]).map(|part| part.order);
    let can = |id: &&Id| {
        let object = &changes.new.objects[*id];
        let parent = kind::of(id).attaches(object).map(|(_, parent)| parent);
        parent.is_some_and(|parent| new(&parent).is_some()) && place(object).is_some()
    };
    let mut links: BTreeMap<Id, Vec<(i64, i64)>> =
        changes.creates.keys().filter(can).map(|id| (id.clone(), Vec::new())).collect();
    for object in changes.creates.keys().filter_map(new) {
        let alike = |host: &&Object| host.id.kind == object.id.kind;
        for host in object.comes_with.iter().filter_map(new).filter(alike) {
            for link in kind::of(&object.id).through(object, &host.id) {
                let places = links.get_mut(&link).zip(place(object).zip(place(host)));
                places.into_iter().for_each(|(places, pair)| places.push(pair));
            }
        }
    }
    for places in links.values_mut() {
        places.sort_unstable();
    }
    let in_order = |(_, places): &(Id, Vec<(i64, i64)>)| places.is_sorted_by_key(|(_, of_host)| *of_host);
    links.into_iter().filter(in_order).map(|(link, _)| link).collect()
}

/// Statements by object; what closes a circle stands by itself, as soon as it can. What `joined` attaches is
/// created as a part of its parent.
///
/// # Errors
///
/// What waits for each other.
pub fn arrange(mut changes: Changes, mut joined: BTreeSet<Id>) -> Result<Arranged> {
    let (grouping, graph) = loop {
        diff::join(&mut changes, joined.clone());
        let (grouping, graph) = acyclic(&changes)?;
        let before = joined.len();
        joined.retain(|link| grouping.carried.contains_key(link));
        if joined.len() == before {
            break (grouping, graph);
        }
    };
    let changes = &changes;
    let (before, circular) = before(&graph);
    let order = sort(changes, &graph, &apart(&graph), |_| 1).order;
    let homes: Vec<Id> = graph.nodes.iter().map(|(_, id)| home(changes, id)).collect();
    let mut members: BTreeMap<&Id, Vec<usize>> = BTreeMap::new();
    for &at in &order {
        members.entry(&homes[at]).or_default().push(at);
    }
    let mut mentioned = vec![Vec::new(); graph.nodes.len()];
    graph.soft.iter().for_each(|&(from, to)| mentioned[to].push(from));
    let mut writer = Writer {
        graph: &graph,
        before,
        mentioned,
        homes: &homes,
        members,
        begun: BTreeSet::new(),
        written: vec![false; homes.len()],
        waiting: Vec::new(),
        sections: Vec::new(),
    };
    // An object stands where it is made, not where the first thing that belongs to it is.
    let roots = order.iter().filter(|&&at| graph.nodes[at].1 == homes[at]);
    for &at in roots.chain(&order) {
        writer.write(&homes[at]);
    }
    let nodes = writer.sections.iter().flat_map(|(_, nodes)| nodes).map(|&at| (&graph.nodes[at], false));
    let mut steps = steps(changes, &grouping, &Busy::Nothing, nodes).into_iter().peekable();
    let sections = writer.sections.iter().map(|(about, nodes)| {
        let mut section = Section { about: (*about).clone(), steps: Vec::new() };
        for (action, id) in nodes.iter().map(|&at| &graph.nodes[at]) {
            // A node may have several statements, or none.
            let own = |placed: &Placed| placed.action == *action && placed.id == *id;
            section.steps.extend(std::iter::from_fn(|| steps.next_if(own)));
        }
        section
    });
    let sections = sections.filter(|section| !section.steps.is_empty()).collect();
    Ok(Arranged { sections, circular })
}

/// What each node must come after, without circles; and whether there were any.
fn before(graph: &Graph) -> (Vec<BTreeSet<usize>>, bool) {
    let mut all = DiGraphMap::<usize, ()>::new();
    for &(from, to) in graph.hard.iter().chain(&graph.checked) {
        all.add_edge(from, to, ());
    }
    let mut circle = BTreeMap::new();
    for (number, members) in tarjan_scc(&all).into_iter().enumerate() {
        circle.extend(members.into_iter().map(|at| (at, number)));
    }
    let closes = |(from, to): &&(usize, usize)| circle[from] == circle[to];
    let mut before = vec![BTreeSet::new(); graph.nodes.len()];
    for &(from, to) in graph.hard.iter().chain(graph.checked.iter().filter(|edge| !closes(edge))) {
        before[to].insert(from);
    }
    (before, graph.checked.iter().any(|edge| closes(&edge)))
}

/// The object that a reader looks for this one at.
fn home(changes: &Changes, id: &Id) -> Id {
    let mut id = id;
    // A grant on a column of a table: three.
    for _ in 0..8 {
        let object = changes.new.get(id).or_else(|| changes.old.get(id));
        // What brings something about must not be there when that is made.
        let object = object.filter(|_| !kind::of(id).has_brings());
        match object.and_then(Object::host) {
            Some(host) => id = host,
            None => break,
        }
    }
    id.clone()
}

struct Writer<'a> {
    graph: &'a Graph,
    /// What each node must come after.
    before: Vec<BTreeSet<usize>>,
    /// What it had better come after.
    mentioned: Vec<Vec<usize>>,
    homes: &'a [Id],
    members: BTreeMap<&'a Id, Vec<usize>>,
    begun: BTreeSet<&'a Id>,
    written: Vec<bool>,
    /// What could not stand with its object.
    waiting: Vec<usize>,
    sections: Vec<(&'a Id, Vec<usize>)>,
}

impl<'a> Writer<'a> {
    /// An object after all that it needs, as far as that does not need it in turn.
    fn write(&mut self, home: &'a Id) {
        if !self.begun.insert(home) {
            return;
        }
        let members = self.members[home].clone();
        for &at in &members {
            let needs: Vec<usize> = self.before[at].iter().chain(&self.mentioned[at]).copied().collect();
            for need in needs {
                self.write(&self.homes[need]);
            }
        }
        // What an object owns does not stand before it alone.
        let makes = members.iter().find(|&&at| self.graph.nodes[at].1 == *home);
        let whole = makes.is_none_or(|&at| {
            self.before[at].iter().all(|need| self.written[*need] || members.contains(need))
        });
        for at in members {
            match whole && self.is_ready(at) {
                true => self.place(at),
                false => self.waiting.push(at),
            }
        }
        while let Some(found) = self.waiting.iter().position(|&at| self.is_ready(at)) {
            let at = self.waiting.remove(found);
            self.place(at);
        }
    }

    fn is_ready(&self, at: usize) -> bool {
        self.before[at].iter().all(|&need| self.written[need])
    }

    fn place(&mut self, at: usize) {
        self.written[at] = true;
        let home = &self.homes[at];
        match self.sections.last_mut() {
            Some((about, nodes)) if *about == home => nodes.push(at),
            _ => self.sections.push((home, vec![at])),
        }
    }
}
