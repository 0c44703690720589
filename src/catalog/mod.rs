//! What a database holds: a flat set of objects, one grain everywhere.
//!
//! `read` fills it from `pg_catalog`; `facts` writes it as text and reads it back; `filter` takes out what
//! is left to others.

mod depend;
mod facts;
mod filter;
mod read;
mod registered;
mod sizes;
mod snapshot;
pub(crate) mod text;

use crate::kind::{self, Body};
use petgraph::graph::{DiGraph, NodeIndex};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Deref,
    sync::Arc,
    thread,
};

pub use facts::{are_ours, fingerprint, fingerprints, from_facts, from_text, to_facts, to_text};
pub use filter::{Filters, Found, Left, Marked, Rule};
pub use read::{again, at_least, attributes, is_compared, queries, read, with_rows};
pub use registered::{Registered, registered};
pub use sizes::sizes;

/// In the order in which they came. A catalog is looked up in a million times; nobody chooses its names to collide.
type Map<K, V> = indexmap::IndexMap<K, V, foldhash::fast::RandomState>;
type Set<K> = indexmap::IndexSet<K, foldhash::fast::RandomState>;

/// Names one object. Its order is what makes every output deterministic.
///
/// The objects of a catalog name each other by the very ids that they have there, so that most
/// comparisons are of two pointers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Id(Arc<Identity>);

/// What an [`Id`] says.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Identity {
    /// The name of the object's kind: `table`, `column`, `policy`, …
    pub kind: &'static str,
    /// From the outermost name to the innermost, unquoted: `["public", "users", "email"]`.
    pub path: Box<[String]>,
}

/// One object: who it is, what it is, and what it hangs on.
#[derive(Clone, Debug)]
pub struct Object {
    pub id: Id,
    /// The kind's own struct.
    pub body: Box<dyn Body>,
    /// What must exist before this object can.
    pub needs: BTreeSet<Id>,
    /// What takes this object with it when it is dropped.
    pub dropped_with: BTreeSet<Id>,
    /// What brings this object about when it is created: a parent's column brings its child's.
    pub comes_with: BTreeSet<Id>,
}

/// All objects of one database.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// `server_version_num` of the server whose spelling the definitions have: 150018.
    pub version: u32,
    pub objects: BTreeMap<Id, Arc<Object>>,
    /// Objects that no kind covers, as PostgreSQL describes them.
    pub uncovered: Vec<String>,
    /// The marked tables, as they were found.
    pub marked: Vec<Found>,
}

impl Id {
    pub fn new<S: Into<String>>(kind: &'static str, path: impl IntoIterator<Item = S>) -> Id {
        Id(Arc::new(Identity { kind, path: path.into_iter().map(Into::into).collect() }))
    }

    /// The last name of the path: `email`.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The same path, or its first `len` names, as an object of another kind.
    pub fn of(&self, kind: &'static str, len: usize) -> Id {
        Id::new(kind, self.path[..len].iter().cloned())
    }
}

impl Object {
    /// What takes it along when that is dropped; for what nothing does, what brings it about.
    pub fn hosts(&self) -> &BTreeSet<Id> {
        if self.dropped_with.is_empty() { &self.comes_with } else { &self.dropped_with }
    }

    /// The object that it belongs to: of several hosts the one that its own name begins with, else what is
    /// made first.
    pub fn host(&self) -> Option<&Id> {
        let path = &self.id.path;
        self.hosts().iter().min_by_key(|host| (!path.starts_with(&host.path), kind::of(host).rank(), *host))
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        self.id == other.id
            && self.body.same(&*other.body)
            && self.needs == other.needs
            && self.dropped_with == other.dropped_with
            && self.comes_with == other.comes_with
    }
}

impl Default for Id {
    fn default() -> Id {
        Id::new("", [""; 0])
    }
}

impl Deref for Id {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.0
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Id) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Id) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Id {
    /// As messages say it: `column public.users.email`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&kind::of(self).describe(self))
    }
}

impl Catalog {
    /// What an object hangs on in the end: a default on its column, that on its table.
    pub fn root(&self, id: &Id) -> Option<&Id> {
        let mut object = self.get(id)?;
        for _ in 0..16 {
            match object.host().and_then(|host| self.get(host)) {
                Some(host) => object = host,
                None => break,
            }
        }
        Some(&object.id)
    }

    /// Of these objects, which have these ids; what they say that they need and is not among them is built in or an
    /// extension's: that is always there.
    fn of(version: u32, mut objects: Vec<Object>, ids: &Set<Id>) -> Catalog {
        let known = |named: &mut BTreeSet<Id>| {
            if !named.is_empty() {
                *named = named.iter().filter_map(|id| ids.get(id).cloned()).collect();
            }
        };
        let of = |object: &mut Object| {
            let Object { needs, dropped_with, comes_with, .. } = object;
            [needs, dropped_with, comes_with].into_iter().for_each(known);
        };
        let half = objects.len() / 2;
        let (some, others) = objects.split_at_mut(half);
        thread::scope(|scope| {
            scope.spawn(|| some.iter_mut().for_each(of));
            others.iter_mut().for_each(of);
        });
        let objects = objects.into_iter().map(|object| (object.id.clone(), Arc::new(object))).collect();
        Catalog { version, objects, ..Catalog::default() }
    }

    /// Holds what is equal in another catalog by the same pointers: it takes memory once, and
    /// comparing the two looks at what differs.
    /// What lists columns keeps the list that fits its own catalog.
    pub fn share(&mut self, other: &Catalog) {
        let mut theirs = other.objects.iter().peekable();
        let shared = |(id, object): (Id, Arc<Object>)| {
            while theirs.next_if(|(their, _)| **their < id).is_some() {}
            match theirs.next_if(|(their, _)| **their == id) {
                Some((id, theirs)) if *theirs == object && !kind::of(id).lists_columns(&object) => {
                    (id.clone(), theirs.clone())
                }
                _ => (id, object),
            }
        };
        self.objects = std::mem::take(&mut self.objects).into_iter().map(shared).collect();
    }

    /// The major version of the server that it was read from: 15.
    pub fn major(&self) -> u32 {
        self.version / 10_000
    }

    pub fn get(&self, id: &Id) -> Option<&Object> {
        self.objects.get(id).map(Arc::as_ref)
    }

    pub fn contains(&self, id: &Id) -> bool {
        self.objects.contains_key(id)
    }

    /// The graph of dependencies: an edge points from an object to what it needs.
    pub fn graph(&self) -> DiGraph<&Id, ()> {
        let mut graph = DiGraph::with_capacity(self.objects.len(), self.objects.len() * 2);
        let nodes: BTreeMap<&Id, NodeIndex> =
            self.objects.keys().map(|id| (id, graph.add_node(id))).collect();
        for object in self.objects.values() {
            for need in object.needs.iter().filter_map(|need| nodes.get(need)) {
                graph.add_edge(nodes[&object.id], *need, ());
            }
        }
        graph
    }

    /// Who needs whom, the other way round.
    pub fn dependents(&self) -> Map<&Id, Vec<&Id>> {
        let mut dependents: Map<&Id, Vec<&Id>> = Map::default();
        for object in self.objects.values() {
            for need in &object.needs {
                dependents.entry(need).or_default().push(&object.id);
            }
        }
        dependents
    }
}
