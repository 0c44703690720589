//! Which objects another's CREATE carries: as many as there is no cycle in.
//!
//! `CREATE TABLE` with its columns, keys and defaults reads best. Where that makes two statements
//! wait for each other (tables that reference each other, a default that calls a function of the
//! table), what can stand by itself is released, the latest kind first.

use super::edges::Graph;
use crate::{catalog::Id, diff::Changes, kind};
use std::collections::{BTreeMap, BTreeSet};

/// Guest → host, for everything that could be carried.
pub(super) fn candidates(changes: &Changes) -> BTreeMap<Id, Id> {
    let created = |id: &Id| changes.creates.get(id).is_some_and(|change| change.implied_by.is_none());
    let guests = changes.creates.keys().filter(|id| created(id));
    guests
        .filter_map(|id| {
            let part = kind::of(id).inline(changes.new.get(id)?, &[])?;
            created(&part.host).then(|| (id.clone(), part.host))
        })
        .collect()
}

/// Releases guests that are in a cycle; false when there are none.
pub(super) fn release(carried: &mut BTreeMap<Id, Id>, graph: &Graph, cycles: &[Vec<usize>]) -> bool {
    let mut released = false;
    for cycle in cycles {
        let members: BTreeSet<usize> = cycle.iter().copied().collect();
        let inside =
            graph.because.iter().filter(|((from, to), _)| members.contains(from) && members.contains(to));
        // The guest that waits, not the one waited for, is what can stand by itself.
        let waiting: BTreeSet<&Id> = inside
            .flat_map(|(_, pairs)| pairs)
            .map(|(waits, _)| waits)
            .filter(|id| carried.contains_key(*id))
            .collect();
        let Some(latest) = waiting.iter().map(|id| kind::of(id).rank()).max() else { continue };
        let chosen: Vec<Id> =
            waiting.into_iter().filter(|id| kind::of(id).rank() == latest).cloned().collect();
        for id in chosen {
            carried.remove(&id);
            released = true;
        }
    }
    released
}
