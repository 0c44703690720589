//! Which objects another's CREATE carries: as many as there is no cycle in.
//!
//! `CREATE TABLE` with its columns, keys and defaults reads best. Where that makes two statements
//! wait for each other (tables that reference each other, a default that calls a function of the
//! table), what can stand by itself is released, the latest kind first.

use super::{Action, graph::Graph};
use crate::{
    catalog::Id,
    diff::{Cause, Changes},
    kind::{self, ALL_NEW, Part},
};
use std::collections::{BTreeMap, BTreeSet};

/// Which objects have no statement of their own.
pub(super) struct Grouping {
    /// Guest → host, for what the host's CREATE carries.
    pub carried: BTreeMap<Id, Id>,
    /// What is dropped by itself all the same: foreign keys of tables that reference each other.
    pub alone: BTreeSet<Id>,
    /// What is new itself or hangs on nothing but what is new.
    pub fresh: BTreeSet<Id>,
}

impl Grouping {
    /// What an object is told beside the clauses that it carries.
    pub(super) fn says(&self, id: &Id) -> Option<Part> {
        let (host, text) = (id.clone(), String::new());
        self.fresh.contains(id).then_some(Part { host, slot: ALL_NEW, order: 0, text, after: Vec::new() })
    }
}

/// Everything that could be carried is, and everything that is dropped with another waits for it.
pub(super) fn candidates(changes: &Changes) -> Grouping {
    let leaves = |id: &&Id| changes.old.get(id).is_some_and(|object| changes.out_of_place(object).is_some());
    let alone = changes.drops.keys().filter(leaves).cloned().collect();
    let mut grouping = Grouping { carried: BTreeMap::new(), alone, fresh: fresh(changes) };
    let created = |id: &Id| changes.creates.get(id).is_some_and(|change| change.implied_by.is_none());
    let guests = changes.creates.keys().filter(|id| created(id));
    grouping.carried = guests
        .filter_map(|id| {
            let object = changes.new.get(id)?;
            let part = kind::of(id).inline(object, &Vec::from_iter(grouping.says(id)))?;
            if kind::of(id).attaches(object).is_some() && !changes.joined.contains(id) {
                return None;
            }
            if changes.out_of_place(object).is_some() {
                return None;
            }
            created(&part.host).then(|| (id.clone(), part.host))
        })
        .collect();
    grouping
}

/// Releases what is in a cycle and can stand by itself; false when nothing is.
pub(super) fn release(
    grouping: &mut Grouping,
    changes: &Changes,
    graph: &Graph,
    cycles: &[Vec<usize>],
) -> bool {
    let mut released = false;
    for (cycle, inside) in cycles.iter().zip(graph.inside(cycles)) {
        let has = |action| cycle.iter().any(|&at| graph.nodes[at].0 == action);
        let (drops, creates) = (has(Action::Drop), has(Action::Create));
        let grouped = |grouping: &Grouping, id: &Id| {
            let dropped = changes.drops.get(id).is_some_and(|drop| drop.implied_by.is_some());
            // What a parent brings by its CREATE would have to be there before.
            let brings =
                |object| kind::of(id).joins(object).is_some() && kind::of(id).attaches(object).is_none();
            let whole = changes.new.get(id).is_some_and(brings);
            creates && !whole && grouping.carried.contains_key(id)
                || drops && dropped && !grouping.alone.contains(id)
        };
        // The guest that waits, not the one waited for, is what can stand by itself.
        let waiting: BTreeSet<&Id> =
            inside.into_iter().map(|(waits, _)| waits).filter(|id| grouped(grouping, id)).collect();
        let Some(latest) = waiting.iter().map(|id| kind::of(id).rank()).max() else { continue };
        let chosen: Vec<Id> =
            waiting.into_iter().filter(|id| kind::of(id).rank() == latest).cloned().collect();
        for id in chosen {
            if grouping.carried.remove(&id).is_none() {
                grouping.alone.insert(id);
            }
            released = true;
        }
    }
    released
}

/// What is new itself or hangs on nothing but what is new: nothing that runs now can know it.
fn fresh(changes: &Changes) -> BTreeSet<Id> {
    let mut fresh: BTreeSet<Id> = changes
        .creates
        .iter()
        .filter(|(_, change)| matches!(change.cause, Cause::Wanted))
        .map(|(id, _)| id.clone())
        .collect();
    // Objects without an owner are new by themselves; the others only when their owner is.
    let owned: Vec<Id> =
        fresh.iter().filter(|id| !changes.new.objects[*id].dropped_with.is_empty()).cloned().collect();
    for id in owned {
        fresh.remove(&id);
    }
    loop {
        let more: Vec<Id> = changes
            .creates
            .keys()
            .chain(changes.alters.keys())
            .filter(|id| {
                let hosts = &changes.new.objects[*id].dropped_with;
                !fresh.contains(*id) && !hosts.is_empty() && hosts.iter().all(|host| fresh.contains(host))
            })
            .cloned()
            .collect();
        if more.is_empty() {
            return fresh;
        }
        fresh.extend(more);
    }
}
