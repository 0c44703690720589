//! What must come before what.

use super::{Action, Node, graph::Graph, inline::Grouping};
use crate::{
    catalog::{Catalog, Id, Object},
    diff::{self, Changes},
    kind,
};
use std::collections::{BTreeMap, BTreeSet};

/// What stands for a statement of its own, and what must come before what.
pub(super) fn graph(changes: &Changes, grouping: &Grouping, shells: &Shells) -> Graph {
    let mut builder = Builder { changes, grouping, shells, at: BTreeMap::new(), nodes: Vec::new() };
    builder.collect();
    let mut graph = Graph { nodes: builder.nodes.clone(), ..Graph::default() };
    builder.needs(&mut graph);
    builder.brought(&mut graph);
    builder.attachments(&mut graph);
    builder.names_of_children(&mut graph);
    builder.detachments(&mut graph);
    builder.completions(&mut graph);
    builder.slots(&mut graph);
    builder.rows(&mut graph);
    builder.mentions(&mut graph);
    builder.lists(&mut graph);
    graph
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

pub(super) struct Builder<'a> {
    pub changes: &'a Changes<'a>,
    grouping: &'a Grouping,
    shells: &'a Shells,
    pub at: BTreeMap<(Action, &'a Id), usize>,
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
    pub(super) fn node(&self, action: Action, id: &'a Id) -> Option<usize> {
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
                        for host in self.takers(need).filter(|host| !object.dropped_with.contains(host)) {
                            graph.add(self.node(Drop, id), self.node(Drop, host), (id, host));
                        }
                    }
                    // What steps aside itself may go on needing what did.
                    if self.leaves(id) == self.node(Drop, id) {
                        graph.add(self.node(Drop, id), self.node(Aside, need), pair);
                    }
                    if !needs(changes.old, need, id) {
                        graph.add(self.node(Drop, id), self.node(Alter, need), pair);
                    }
                    // What made way comes back once that is gone: PostgreSQL chooses among equal keys.
                    if !kind::of(id).lets_go(object, need) {
                        graph.add_weak(self.leaves(need), self.node(Create, id), pair);
                    }
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
                // What its type takes from now on.
                let types = changes.new.get(&before).into_iter().flat_map(|column| &column.needs);
                for one in types.filter(|one| changes.alters.contains_key(*one)) {
                    for then in [Create, Alter] {
                        graph.add(self.node(Alter, one), self.node(then, id), (id, one));
                    }
                }
                let Some(&before) = touched.get(&before) else { continue };
                if self.leaves_value(id, before) {
                    graph.add(self.node(Alter, id), self.node(Alter, before), (before, id));
                    continue;
                }
                for (first, then) in [(Create, Create), (Create, Alter), (Alter, Create), (Alter, Alter)] {
                    graph.add(self.node(first, before), self.node(then, id), (id, before));
                }
            }
            // An object makes room for itself, and leaves for good under the name that it has then.
            graph.add(self.node(Aside, id), self.node(Drop, id), (id, id));
            graph.add(self.leaves(id), self.node(Create, id), (id, id));
            graph.add(self.leaves(id), self.node(Shell, id), (id, id));
            graph.add(self.node(Shell, id), self.node(Create, id), (id, id));
            if changes.beside.contains(id) {
                graph.add(self.node(Create, id), self.node(Drop, id), (id, id));
            }
        }
    }

    /// Does a row leave a value that its column's type is to have no more, for one that the type has already?
    fn leaves_value(&self, row: &Id, column: &Id) -> bool {
        let changes = self.changes;
        let altered = [row, column].iter().all(|id| changes.alters.contains_key(*id));
        let (true, Some(old), Some(new)) = (altered, changes.old.get(row), changes.new.get(row)) else {
            return false;
        };
        let admitted = |catalog: &Catalog, text: &str| {
            let types = catalog.get(column).into_iter().flat_map(|column| &column.needs);
            types.filter_map(|id| catalog.get(id)).all(|object| kind::of(&object.id).admits(object, text))
        };
        let changed = kind::of(row).changed(old, new);
        let mut here = changed.iter().filter(|(changed, ..)| changed == column);
        here.any(|(_, left, taken)| admitted(changes.old, taken) && !admitted(changes.new, left))
    }

    /// What takes an object along that goes with something else: the first of them does.
    fn takers(&self, id: &Id) -> impl Iterator<Item = &'a Id> {
        let along = self.changes.drops.get(id).is_some_and(|drop| drop.implied_by.is_some());
        let object = self.changes.old.get(id).filter(|_| along && !self.grouping.alone.contains(id));
        object
            .into_iter()
            .flat_map(|object| &object.dropped_with)
            .filter(|host| self.changes.drops.contains_key(*host))
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

    /// A child has nothing of its own under the name of what its parent has.
    fn names_of_children(&self, graph: &mut Graph) {
        use Action::{Create, Drop};
        let changes = self.changes;
        let created = (Create, changes.new, changes.creates.keys().collect::<Vec<_>>());
        let dropped = (Drop, changes.old, changes.drops.keys().collect());
        let there = [&created, &dropped].map(|(_, _, ids)| ids.iter().copied().collect::<BTreeSet<&Id>>());
        for ((action, catalog, ids), others) in [created, dropped].iter().zip([&there[1], &there[0]]) {
            let mut parents: BTreeMap<Id, Vec<(&Id, Id)>> = BTreeMap::new();
            for &link in ids {
                if let Some((child, parent)) = kind::of(link).joins(&catalog.objects[link]) {
                    parents.entry(child).or_default().push((link, parent));
                }
            }
            for &part in ids.iter().filter(|_| !parents.is_empty()) {
                for child in
                    catalog.objects[part].dropped_with.iter().filter(|host| part.path.starts_with(&host.path))
                {
                    for (link, parent) in parents.get(child).into_iter().flatten() {
                        let path = parent.path.iter().chain(&part.path[child.path.len()..]).cloned();
                        let Some(&theirs) = others.get(&Id::new(part.kind, path)) else { continue };
                        match action {
                            Create => {
                                graph.add(self.node(Drop, theirs), self.node(Create, link), (link, theirs))
                            }
                            _ => graph.add(self.node(Drop, link), self.node(Create, theirs), (link, theirs)),
                        }
                    }
                }
            }
        }
    }

    /// What refers to rows of a whole from outside, and goes, no longer keeps a part from leaving with its rows.
    fn detachments(&self, graph: &mut Graph) {
        use Action::Drop;
        let (old, drops) = (self.changes.old, &self.changes.drops);
        let mut leaving: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
        for id in drops.keys() {
            let attaches = old.get(id).and_then(|object| kind::of(id).attaches(object));
            if let (Some((_, host)), Some(&at)) = (attaches, self.at.get(&(Drop, id))) {
                leaving.entry(host).or_default().push(at);
            }
        }
        if leaving.is_empty() {
            return;
        }
        let attached = old.objects.values().filter_map(|object| kind::of(&object.id).attaches(object));
        let attached: Vec<(Id, Id)> = attached.collect();
        let mut inside: BTreeSet<&Id> = leaving.keys().collect();
        let mut before = 0;
        while before < inside.len() {
            before = inside.len();
            let parts = attached.iter().filter(|(_, host)| inside.contains(host)).map(|(part, _)| part);
            inside.extend(parts.collect::<Vec<_>>());
        }
        let top = |object: &'a Object| {
            let up = |object: &&'a Object| object.host().and_then(|host| old.get(host));
            std::iter::successors(Some(object), up).last().unwrap_or(object)
        };
        let gone = drops.keys().filter_map(|id| old.get(id));
        for object in gone.filter(|object| !inside.contains(&top(object).id)) {
            for need in &object.needs {
                let hosts = old.get(need).into_iter().flat_map(|need| &need.dropped_with).chain([need]);
                for at in hosts.filter_map(|host| leaving.get(host)).flatten() {
                    graph.add_weak(self.node(Drop, &object.id), Some(*at), (&object.id, need));
                }
            }
        }
    }

    fn outlives(&self, object: &Object, host: &Id) -> bool {
        kind::of(&object.id).stays(object) && object.comes_with.contains(host)
    }

    /// What needs a host waits for what completes it.
    fn completions(&self, graph: &mut Graph) {
        use Action::{Alter, Create};
        let changes = self.changes;
        let created = changes.creates.keys().map(|id| (Create, id));
        let made: Vec<(Action, &Id)> = created.chain(changes.alters.keys().map(|id| (Alter, id))).collect();
        let mut completed: BTreeMap<Id, Vec<(Action, &'a Id)>> = BTreeMap::new();
        for &(action, id) in made.iter().filter(|made| self.at.contains_key(made)) {
            let hosts = kind::of(id).completes(&changes.new.objects[id]);
            // What values go over to is completed once they have.
            let takes_over = |host: &Id| kind::of(id).by_place() && changes.replaced.contains(host);
            for host in hosts.into_iter().filter(|host| !takes_over(host)) {
                completed.entry(host).or_default().push((action, id));
            }
        }
        for (action, id) in made {
            let object = &changes.new.objects[id];
            let completes = kind::of(id).completes(object);
            for need in object.needs.iter().filter(|need| !completes.contains(need)) {
                // What is part of the host is not what relies on it.
                if !kind::of(id).through(object, need).is_empty() {
                    continue;
                }
                for &(done, by) in completed.get(need).into_iter().flatten() {
                    graph.add(self.node(done, by), self.node(action, id), (id, by));
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
}
