//! Which relations and routines a step may concern: those that it names, and those that depend on what it names.

use super::Names;
use crate::catalog::{Catalog, Id};
use std::collections::{BTreeMap, BTreeSet};

/// What depends on what, in the schema as it was.
pub struct Reach<'a> {
    before: &'a Catalog,
    after: &'a Catalog,
    dependents: BTreeMap<&'a Id, Vec<&'a Id>>,
}

impl<'a> Reach<'a> {
    pub fn new(before: &'a Catalog, after: &'a Catalog) -> Reach<'a> {
        let mut dependents: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
        for object in before.objects.values() {
            for need in object.needs.iter().chain(&object.dropped_with).chain(&object.comes_with) {
                dependents.entry(need).or_default().push(&object.id);
            }
        }
        Reach { before, after, dependents }
    }

    /// The names of what a change of this object may concern.
    pub fn of(&self, id: &Id) -> Names {
        let mut names = Names::new();
        for object in [self.before, self.after].iter().filter_map(|catalog| catalog.get(id)) {
            let around = object.needs.iter().chain(&object.dropped_with).chain(&object.comes_with);
            around.for_each(|id| name(id, &mut names));
        }
        let mut seen: BTreeSet<&Id> = BTreeSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            name(id, &mut names);
            let more = self.dependents.get(id).into_iter().flatten();
            next.extend(more.filter(|id| seen.insert(*id)));
        }
        names
    }
}

fn name(id: &Id, names: &mut Names) {
    // What hangs on any object has the kind of that in front of its path.
    let hangs = usize::from(crate::kind::named(&id.path[0]).is_some());
    for path in [&id.path[..], &id.path[hangs..]] {
        if let [schema, name, ..] = path {
            names.insert((schema.clone(), name.clone()));
        }
    }
}
