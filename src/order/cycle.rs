//! Changes that wait for each other: cut by rebuilding one of them where that costs no data, else told.

use super::{Action, edges, graph::Graph};
use crate::{
    catalog::{Id, Object},
    diagnostic::{Diagnostic, Diagnostics},
    diff::{self, Changes},
    kind,
    step::Step,
};
use std::collections::BTreeSet;

/// Nodes that wait for each other.
pub(super) struct Cycle {
    pub graph: Graph,
    pub members: Vec<usize>,
}

impl Cycle {
    /// Rebuilds the latest of those that would be altered, or what keeps their names apart; false when that would cost
    /// data.
    pub fn cut(&self, changes: &mut Changes) -> bool {
        let altered = self.members.iter().map(|&at| &self.graph.nodes[at]);
        let altered =
            altered.filter(|(action, id)| *action == Action::Alter && !changes.replaced.contains(id));
        let keeps = |id: &&Id| {
            let drop = changes.old.get(id).map(|object| kind::of(id).drop(object));
            drop.is_some_and(|steps| !steps.is_empty() && !steps.iter().any(Step::takes_data))
        };
        let altered: Vec<&Id> = altered.map(|(_, id)| id).collect();
        let free = altered.iter().copied().filter(keeps);
        if let Some(latest) = free.max_by_key(|id| kind::of(id).rank()) {
            diff::rebuild_altered(changes, latest);
            return true;
        }
        let moved = altered.iter().flat_map(|id| edges::moved(changes.old, changes.new, id));
        let moved: BTreeSet<Vec<String>> = moved.collect();
        let keeps_apart = |object: &&Object| {
            let mut slots = kind::of(&object.id).slots(object).into_iter();
            slots.any(|slot| {
                let next = moved.range(slot.clone()..).next();
                next.is_some_and(|next| next.len() > slot.len() && next.starts_with(&slot))
            })
        };
        let objects = changes.old.objects.values().map(AsRef::as_ref).filter(|_| !moved.is_empty());
        let rebuilt: Vec<Id> = objects.filter(keeps_apart).map(|object| object.id.clone()).collect();
        diff::rebuild_for(changes, &rebuilt, altered[0])
    }
}

impl From<Box<Cycle>> for Diagnostics {
    fn from(cycle: Box<Cycle>) -> Diagnostics {
        let Cycle { graph, members } = *cycle;
        let say = |&(from, to): &(usize, usize)| {
            let word = |at: usize| {
                let (action, id) = &graph.nodes[at];
                format!("{} {id}", format!("{action:?}").to_lowercase())
            };
            format!("{} must come before {}", word(from), word(to))
        };
        let mut diagnostic =
            Diagnostic::failed("cycle", "these changes wait for each other, and none can be first")
                .help("split the change: write part of it to schema.sql, plan, then the rest");
        let inside = |edge: &&(usize, usize)| members.contains(&edge.0) && members.contains(&edge.1);
        diagnostic.notes.extend(graph.hard.iter().filter(inside).map(say));
        diagnostic.into()
    }
}
