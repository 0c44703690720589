//! What a database holds: a flat set of objects, one grain everywhere.
//!
//! `read` fills it from `pg_catalog`; `facts` writes it as text and reads it back; `filter` takes out what
//! is left to others.

mod depend;
mod facts;
mod filter;
mod read;
mod registered;

use crate::kind::{self, Body};
use petgraph::graph::{DiGraph, NodeIndex};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

pub use facts::{are_ours, fingerprint, from_facts, to_facts};
pub use filter::{Filters, Left, Rule};
pub use read::{at_least, attributes, queries, read};
pub use registered::{Registered, registered};

/// Names one object. Its order is what makes every output deterministic.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Id {
    /// The name of the object's kind: `table`, `column`, `policy`, …
    pub kind: &'static str,
    /// From the outermost name to the innermost, unquoted: `["public", "users", "email"]`.
    pub path: Arc<[String]>,
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
    pub objects: BTreeMap<Id, Object>,
    /// Objects that no kind covers, as PostgreSQL describes them.
    pub uncovered: Vec<String>,
}

impl Id {
    pub fn new<S: Into<String>>(kind: &'static str, path: impl IntoIterator<Item = S>) -> Id {
        Id { kind, path: path.into_iter().map(Into::into).collect() }
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

impl Default for Id {
    fn default() -> Id {
        Id { kind: "", path: Arc::new([]) }
    }
}

impl fmt::Display for Id {
    /// As messages say it: `column public.users.email`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&kind::of(self).describe(self))
    }
}

impl Catalog {
    /// The major version of the server that it was read from: 15.
    pub fn major(&self) -> u32 {
        self.version / 10_000
    }

    pub fn get(&self, id: &Id) -> Option<&Object> {
        self.objects.get(id)
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
    pub fn dependents(&self) -> BTreeMap<&Id, Vec<&Id>> {
        let mut dependents: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
        for object in self.objects.values() {
            for need in &object.needs {
                dependents.entry(need).or_default().push(&object.id);
            }
        }
        dependents
    }
}

/// A kind may say that it needs what is built in or an extension's: that is always there.
fn drop_unknown(catalog: &mut Catalog) {
    let known: BTreeSet<Id> = catalog.objects.keys().cloned().collect();
    for object in catalog.objects.values_mut() {
        object.needs.retain(|need| known.contains(need));
        object.dropped_with.retain(|host| known.contains(host));
        object.comes_with.retain(|host| known.contains(host));
    }
}
