//! What must come before what.

use super::{Action, Node, inline::Grouping};
use crate::{
    catalog::{Catalog, Id, Object},
    diff::{self, Changes},
    kind,
};
use petgraph::{algo::tarjan_scc, graph::DiGraph};
use std::collections::{BTreeMap, BTreeSet};

/// The nodes that stand for statements of their own, and the edges between them, earlier first.
pub(super) struct Graph {
    /// Sorted; an index into it is how the rest names a node.
    pub nodes: Vec<Node>,
    pub hard: BTreeSet<(usize, usize)>,
    /// What would be good to have: a function after what its body mentions.
    pub soft: BTreeSet<(usize, usize)>,
    /// Those of the soft ones without which PostgreSQL refuses the later one, unless told not to check bodies.
    pub checked: BTreeSet<(usize, usize)>,
    /// For each hard edge, the objects that it comes from.
    pub because: BTreeMap<(usize, usize), Vec<(Id, Id)>>,
}

impl Graph {
    pub(super) fn new(changes: &Changes, grouping: &Grouping, shells: &Shells) -> Graph {
        let mut builder = Builder { changes, grouping, shells, at: BTreeMap::new(), nodes: Vec::new() };
        builder.collect();
        let mut graph = Graph {
            nodes: builder.nodes.clone(),
            hard: BTreeSet::new(),
            soft: BTreeSet::new(),
            checked: BTreeSet::new(),
            because: BTreeMap::new(),
        };
        builder.needs(&mut graph);
        builder.brought(&mut graph);
        builder.attachments(&mut graph);
        builder.completions(&mut graph);
        builder.slots(&mut graph);
        builder.rows(&mut graph);
        builder.mentions(&mut graph);
        builder.lists(&mut graph);
        graph
    }

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

    fn add(&mut self, before: Option<usize>, after: Option<usize>, because: (&Id, &Id)) {
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            self.hard.insert((before, after));
            self.because.entry((before, after)).or_default().push((because.0.clone(), because.1.clone()));
        }
    }
}

/// The identity of an object that steps aside for its replacement.
///
/// At most 63 bytes, the same for the same name on every machine.
pub(super) fn aside(id: &Id) -> Id {
    let path = id.path[..id.path.len() - 1].iter().cloned();
    Id::new(id.kind, path.chain([crate::sql::clipped(id.name(), ASIDE)]))
}

const ASIDE: &str = "_planwright_old";

/// What is made known by a shell first → what may then be created before it is whole.
pub(super) type Shells = BTreeMap<Id, BTreeSet<Id>>;

/// Finds what a shell would free from a cycle; false when there is nothing more.
pub(super) fn shell(shells: &mut Shells, changes: &Changes, graph: &Graph, cycles: &[Vec<usize>]) -> bool {
    let mut found = false;
    for (waits, need) in graph.inside(cycles).into_iter().flatten() {
        let made = changes.creates.contains_key(need).then(|| changes.new.get(need)).flatten();
        if waits != need && made.is_some_and(|object| kind::of(need).shell(object).is_some()) {
            found |= shells.entry(need.clone()).or_default().insert(waits.clone());
        }
    }
    found
}

fn slots(catalog: &Catalog, id: &Id) -> Vec<Vec<String>> {
    catalog.get(id).map(|object| kind::of(id).slots(object)).unwrap_or_default()
}

/// The slots that an object has in one catalog and not in the other.
pub(super) fn moved(one: &Catalog, other: &Catalog, id: &Id) -> impl Iterator<Item = Vec<String>> {
    let kept = slots(other, id);
    slots(one, id).into_iter().filter(move |slot| !kept.contains(slot))
}

/// Can there be rows with which it cannot be made?
fn is_broken_by_rows(object: &Object) -> bool {
    kind::of(&object.id).create(object, &[]).iter().any(|step| step.finds.is_some())
}

/// A type is altered to use functions that take it, and altered not to: the functions are there.
fn needs(catalog: &Catalog, id: &Id, need: &Id) -> bool {
    catalog.get(id).is_some_and(|object| object.needs.contains(need))
}

struct Builder<'a> {
    changes: &'a Changes<'a>,
    grouping: &'a Grouping,
    shells: &'a Shells,
    at: BTreeMap<(Action, &'a Id), usize>,
    nodes: Vec<Node>,
}

impl<'a> Builder<'a> {
    fn collect(&mut self) {
        let changes = self.changes;
        let alone = |id: &Id| self.grouping.alone.contains(id);
        let drops = changes.drops.iter().filter(|(id, change)| change.implied_by.is_none() || alone(id));
        let creates = changes
            .creates
            .iter()
            .filter(|(id, change)| change.implied_by.is_none() && !self.grouping.carried.contains_key(*id));
        let alters = changes.alters.iter().filter(|(_, alter)| alter.implied_by.is_none());
        let nodes = (drops.map(|(id, _)| (Action::Drop, id)))
            .chain(changes.replaced.iter().map(|id| (Action::Aside, id)))
            .chain(alters.map(|(id, _)| (Action::Alter, id)))
            .chain(changes.brought.keys().map(|id| (Action::TakeBack, id)))
            .chain(self.shells.keys().map(|id| (Action::Shell, id)))
            .chain(creates.map(|(id, _)| (Action::Create, id)));
        for (at, (action, id)) in nodes.enumerate() {
            self.at.insert((action, id), at);
            self.nodes.push((action, id.clone()));
        }
    }

    /// The node in which an object's drop, creation or change happens, whoever does it.
    fn node(&self, action: Action, id: &'a Id) -> Option<usize> {
        let mut id = id;
        // A guest's host may be a guest; what implies may be implied.
        for _ in 0..16 {
            if let Some(at) = self.at.get(&(action, id)) {
                return Some(*at);
            }
            let next =
                match action {
                    Action::Create => self.grouping.carried.get(id).or_else(|| {
                        self.changes.creates.get(id).and_then(|change| change.implied_by.as_ref())
                    }),
                    Action::Drop => self.changes.drops.get(id).and_then(|change| change.implied_by.as_ref()),
                    Action::Alter => self.changes.alters.get(id).and_then(|alter| alter.implied_by.as_ref()),
                    Action::Aside | Action::TakeBack | Action::Shell => None,
                };
            id = next?;
        }
        None
    }

    /// The node after which an object's name is free: dropped, or aside with all that it takes along.
    fn leaves(&self, id: &'a Id) -> Option<usize> {
        let drop = self.node(Action::Drop, id)?;
        let whole = self.changes.replaced.get(&self.nodes[drop].1);
        whole.map_or(Some(drop), |whole| self.node(Action::Aside, whole))
    }

    fn needs(&self, graph: &mut Graph) {
        use Action::{Alter, Aside, Create, Drop, Shell};
        let changes = self.changes;
        let touched: BTreeSet<&Id> =
            changes.drops.keys().chain(changes.creates.keys()).chain(changes.alters.keys()).collect();
        for &id in &touched {
            if let Some(object) = changes.old.get(id) {
                for need in object.needs.iter().filter(|need| touched.contains(need)) {
                    let pair = (id, need);
                    // Dependents leave before what they need is dropped, renamed away or altered; those that
                    // either of two takes along wait for none.
                    if !self.goes_with_another(object, need) {
                        graph.add(self.node(Drop, id), self.node(Drop, need), pair);
                    }
                    // What steps aside itself may go on needing what did.
                    if self.leaves(id) == self.node(Drop, id) {
                        graph.add(self.node(Drop, id), self.node(Aside, need), pair);
                    }
                    if !needs(changes.old, need, id) {
                        graph.add(self.node(Drop, id), self.node(Alter, need), pair);
                    }
                    // What made way comes back once that is gone: PostgreSQL chooses among equal keys.
                    graph.add(self.leaves(need), self.node(Create, id), pair);
                    // What is altered lets go of what is dropped.
                    graph.add(self.node(Alter, id), self.node(Drop, need), pair);
                }
            }
            // What a parent has and brings, it has brought what that needs.
            let joined = changes.creates.get(id).and_then(|change| change.implied_by.as_ref());
            let joined = joined.is_some_and(|link| changes.joined.contains(link));
            if let Some(object) = changes.new.get(id).filter(|_| !joined) {
                for need in object.needs.iter().filter(|need| touched.contains(need)) {
                    let pair = (id, need);
                    let waiting = |shell, id| self.shells.get(shell).is_some_and(|list| list.contains(id));
                    let made = if waiting(need, id) { Shell } else { Create };
                    if !waiting(id, need) {
                        graph.add(self.node(Create, need), self.node(Shell, id), pair);
                    }
                    // A foreign key takes any key that there is.
                    let rebuilt = changes.drops.contains_key(id) && !object.dropped_with.contains(need);
                    if changes.beside.contains(need) && rebuilt {
                        graph.add(self.node(Drop, need), self.node(Create, id), pair);
                    }
                    for after in [Create, Alter] {
                        graph.add(self.node(made, need), self.node(after, id), pair);
                        if !needs(changes.new, need, id) {
                            graph.add(self.node(Alter, need), self.node(after, id), pair);
                        }
                    }
                }
            }
            if let Some(whole) = changes.new.get(id).and_then(|object| changes.out_of_place(object)) {
                graph.add(self.node(Drop, whole), self.node(Create, id), (id, whole));
            }
            for before in
                changes.new.get(id).map(|object| kind::of(id).comes_after(object)).unwrap_or_default()
            {
                let Some(&before) = touched.get(&before) else { continue };
                for (first, then) in [(Create, Create), (Create, Alter), (Alter, Create), (Alter, Alter)] {
                    graph.add(self.node(first, before), self.node(then, id), (id, before));
                }
            }
            // An object makes room for itself.
            graph.add(self.leaves(id), self.node(Create, id), (id, id));
            graph.add(self.leaves(id), self.node(Shell, id), (id, id));
            graph.add(self.node(Shell, id), self.node(Create, id), (id, id));
            if changes.beside.contains(id) {
                graph.add(self.node(Create, id), self.node(Drop, id), (id, id));
            }
        }
    }

    /// Does an object that something else takes along go with this as well?
    fn goes_with_another(&self, object: &Object, need: &Id) -> bool {
        let drop = self.changes.drops.get(&object.id);
        drop.is_some_and(|drop| drop.implied_by.as_ref().is_some_and(|host| host != need))
            && !self.grouping.alone.contains(&object.id)
            && (object.dropped_with.contains(need) || object.comes_with.contains(need))
    }

    /// What came by itself leaves once its host is there, and before what is wanted in its place.
    fn brought(&self, graph: &mut Graph) {
        for (id, objects) in &self.changes.brought {
            let take_back = self.node(Action::TakeBack, id);
            for host in objects.iter().flat_map(|object| &object.dropped_with) {
                if let Some((host, _)) = self.changes.creates.get_key_value(host) {
                    graph.add(self.node(Action::Create, host), take_back, (id, host));
                }
            }
            graph.add(take_back, self.node(Action::Create, id), (id, id));
        }
    }

    /// What attaches comes after all that must be there for it, and leaves before any of that does.
    fn attachments(&self, graph: &mut Graph) {
        use Action::{Alter, Create, Drop};
        let hosted = |catalog: &'a Catalog| {
            let pairs = |object: &'a Object| {
                let hosts = object.comes_with.iter().chain(&object.dropped_with);
                hosts.map(move |host| (object, host))
            };
            catalog.objects.values().map(AsRef::as_ref).flat_map(pairs)
        };
        for (object, host) in hosted(self.changes.new) {
            let id = &object.id;
            for link in kind::of(id).through(object, host) {
                let Some((link, _)) = self.changes.creates.get_key_value(&link) else { continue };
                for (end, action) in [(id, Create), (id, Alter), (host, Create), (host, Alter)] {
                    graph.add(self.node(action, end), self.node(Create, link), (link, end));
                    // What is apart for a while is changed then, each by itself.
                    graph.add(self.node(Drop, link), self.node(action, end), (end, link));
                }
            }
            // What is there already is merged with what the host would bring.
            if object.comes_with.contains(host) && diff::attached(self.changes, object, host) {
                graph.add(self.node(Alter, id), self.node(Create, host), (host, id));
                if self.outlives(object, host) {
                    graph.add(self.node(Create, id), self.node(Create, host), (host, id));
                }
            }
        }
        for (object, host) in hosted(self.changes.old) {
            let id = &object.id;
            for link in kind::of(id).through(object, host) {
                let Some((link, drop)) = self.changes.drops.get_key_value(&link) else { continue };
                // What goes with all that is attached leaves nothing behind.
                if drop.implied_by.is_some() && !self.grouping.alone.contains(link) {
                    continue;
                }
                for end in [id, host] {
                    graph.add(self.node(Drop, link), self.node(Drop, end), (end, link));
                    graph.add(self.node(Drop, link), self.node(Alter, end), (end, link));
                    graph.add(self.node(Drop, end), self.node(Create, link), (link, end));
                }
            }
            // What goes only as a whole must be gone before it would go along.
            let whole = kind::of(id).rebuilt_as(object);
            if let Some((whole, _)) = self.changes.drops.get_key_value(&whole)
                && whole != id
                && object.comes_with.contains(host)
            {
                graph.add(self.node(Drop, whole), self.node(Drop, host), (host, whole));
            }
            let left = self.outlives(object, host) || self.changes.spared.contains(host);
            if left && diff::attached(self.changes, object, host) {
                graph.add(self.node(Drop, host), self.node(Drop, id), (id, host));
                graph.add(self.node(Drop, host), self.node(Alter, id), (id, host));
            }
        }
    }

    fn outlives(&self, object: &Object, host: &Id) -> bool {
        kind::of(&object.id).stays(object) && object.comes_with.contains(host)
    }

    /// What needs a host waits for what completes it.
    fn completions(&self, graph: &mut Graph) {
        let mut completed: BTreeMap<Id, Vec<&'a Id>> = BTreeMap::new();
        for id in self.changes.creates.keys().filter(|id| self.at.contains_key(&(Action::Create, *id))) {
            for host in kind::of(id).completes(&self.changes.new.objects[id]) {
                completed.entry(host).or_default().push(id);
            }
        }
        for id in self.changes.creates.keys() {
            let object = &self.changes.new.objects[id];
            let completes = kind::of(id).completes(object);
            for need in object.needs.iter().filter(|need| !completes.contains(need)) {
                // What is part of the host is not what relies on it.
                if !kind::of(id).through(object, need).is_empty() {
                    continue;
                }
                for &by in completed.get(need).into_iter().flatten() {
                    graph.add(self.node(Action::Create, by), self.node(Action::Create, id), (id, by));
                }
            }
        }
    }

    /// A name is free once its holder is dropped or has another, though nothing depends on anything.
    fn slots(&self, graph: &mut Graph) {
        let changes = self.changes;
        let mut leaving: BTreeMap<Vec<String>, Vec<(&'a Id, Option<usize>)>> = BTreeMap::new();
        for id in changes.drops.keys() {
            for slot in slots(changes.old, id) {
                leaving.entry(slot).or_default().push((id, self.leaves(id)));
            }
        }
        for id in changes.alters.keys() {
            for slot in moved(changes.old, changes.new, id) {
                leaving.entry(slot).or_default().push((id, self.node(Action::Alter, id)));
            }
        }
        let is_free = |slot: &[String]| (1..slot.len()).any(|end| leaving.contains_key(&slot[..end]));
        let mut take = |id: &'a Id, slot: &Vec<String>, takers: &[Action]| {
            let holders = leaving.get(slot).filter(|_| !is_free(slot)).into_iter().flatten();
            for (holder, leaves) in holders.filter(|(holder, _)| *holder != id) {
                for taker in takers {
                    graph.add(*leaves, self.node(*taker, id), (id, holder));
                }
            }
        };
        for id in changes.creates.keys() {
            slots(changes.new, id).iter().for_each(|slot| take(id, slot, &[Action::Create, Action::Shell]));
        }
        for id in changes.alters.keys() {
            moved(changes.new, changes.old, id).for_each(|slot| take(id, &slot, &[Action::Alter]));
        }
    }

    /// What rows may break is not in force while they change.
    fn rows(&self, graph: &mut Graph) {
        use Action::{Create, Drop};
        let changes = self.changes;
        let mut writers: BTreeMap<Id, Vec<(usize, &Object)>> = BTreeMap::new();
        for (at, (_, id)) in self.nodes.iter().enumerate() {
            let Some(object) = changes.new.get(id).or_else(|| changes.old.get(id)) else { continue };
            let both = [changes.old.get(id), changes.new.get(id)].into_iter().flatten();
            let columns = both.flat_map(|object| kind::of(id).fills(object));
            for column in columns.filter(|column| changes.old.contains(column)) {
                writers.entry(column).or_default().push((at, object));
            }
        }
        if writers.is_empty() {
            return;
        }
        let gone = changes.drops.keys().map(|id| (Drop, id, changes.old));
        for (action, id, catalog) in gone.chain(changes.creates.keys().map(|id| (Create, id, changes.new))) {
            let (Some(&at), Some(object)) = (self.at.get(&(action, id)), catalog.get(id)) else { continue };
            let writers = object.needs.iter().filter_map(|need| writers.get(need)).flatten();
            let writers: BTreeMap<usize, &Object> = writers.copied().collect();
            if writers.is_empty() || !is_broken_by_rows(object) {
                continue;
            }
            for (writer, row) in writers {
                let waits = self.nodes[writer].0 == Create && kind::of(&row.id).comes_after(row).contains(id);
                match action {
                    Drop => graph.add(Some(at), Some(writer), (&row.id, id)),
                    _ if !waits => graph.add(Some(writer), Some(at), (id, &row.id)),
                    _ => {}
                }
            }
        }
    }

    /// What a text names without PostgreSQL knowing had better be there first.
    fn mentions(&self, graph: &mut Graph) {
        let mut named: BTreeMap<String, Vec<&'a Id>> = BTreeMap::new();
        for id in self.changes.creates.keys().filter(|id| id.path.len() <= 3) {
            if id.path.len() < 3 || self.changes.new.objects[id].dropped_with.is_empty() {
                let name = if id.path.len() > 1 { &id.path[1] } else { &id.path[0] };
                named.entry(name.to_lowercase()).or_default().push(id);
            }
        }
        for id in self.changes.creates.keys().chain(self.changes.alters.keys()) {
            let object = &self.changes.new.objects[id];
            let Some(text) = kind::of(id).mentions(object) else { continue };
            let resolved = words(kind::of(id).resolved(object).unwrap_or_default());
            let to = self.node(Action::Create, id).or_else(|| self.node(Action::Alter, id));
            for word in words(text) {
                for &named in named.get(&word).into_iter().flatten() {
                    if let (Some(from), Some(to)) = (self.node(Action::Create, named), to)
                        && from != to
                        && !graph.hard.contains(&(to, from))
                    {
                        graph.soft.insert((from, to));
                        if resolved.contains(&word) {
                            graph.checked.insert((from, to));
                        }
                    }
                }
            }
        }
    }

    /// What lists all columns of something had better be made after those that it does not use.
    fn lists(&self, graph: &mut Graph) {
        use Action::{Alter, Create};
        let new = self.changes.new;
        let made = self.changes.creates.keys().chain(self.changes.alters.keys()).filter_map(|id| new.get(id));
        let listing: Vec<_> = made.filter(|object| kind::of(&object.id).lists_columns(object)).collect();
        if listing.is_empty() {
            return;
        }
        let wholes = |part: &Id| new.get(part).into_iter().flat_map(|part| &part.dropped_with);
        let mut parts: BTreeMap<(&str, &Id), Vec<usize>> = BTreeMap::new();
        for id in self.changes.creates.keys() {
            let at = self.at.get(&(Create, id)).copied();
            wholes(id).for_each(|whole| parts.entry((id.kind, whole)).or_default().extend(at));
        }
        for object in listing {
            let at = self.node(Create, &object.id).or_else(|| self.node(Alter, &object.id));
            for need in &object.needs {
                for part in wholes(need).filter_map(|whole| parts.get(&(need.kind, whole))).flatten() {
                    graph.soft.extend(at.filter(|at| at != part).map(|at| (*part, at)));
                }
            }
        }
    }
}

/// The words of a text in lower case.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
