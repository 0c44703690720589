//! The states between the migrations of a plan, told from those before and after that were read.
//!
//! Apart from the proof, because it is there for time only: a reading of thousands of tables takes seconds, and a
//! plan that changes twenty tables in use is twenty migrations.

use super::Start;
use crate::{
    catalog::{Catalog, Id, Object},
    order::{Action, Placed},
    plan::{Draft, Stage},
    step::Transaction,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// After which of these stages must the state be read? An object is half done there, or what the plan does is not
/// told by what it starts from and ends in.
pub(super) fn unknown(start: &Start, stages: &[Stage]) -> Vec<bool> {
    let steps = || stages.iter().flat_map(|stage| &stage.steps);
    // Renames bring a state that none of them starts from; what comes back from the trash is looked for.
    let aside = |placed: &Placed| placed.action == Action::Aside || placed.step.discards.is_some();
    if !start.renamed.is_empty() || steps().any(aside) {
        return vec![true; stages.len()];
    }
    let mut spans: BTreeMap<&Id, (usize, usize)> = BTreeMap::new();
    for (at, placed) in about(stages.iter().map(|stage| &stage.steps)) {
        // What is made and was there has gone with something else.
        let gone = placed.action == Action::Create && start.catalog.contains(&placed.id);
        let first = if gone { 0 } else { at };
        spans.entry(&placed.id).and_modify(|span| span.1 = at).or_insert((first, at));
    }
    let mut unknown = vec![false; stages.len()];
    for (first, last) in spans.into_values() {
        unknown[first..last].fill(true);
    }
    unknown
}

/// The steps that change what is compared, with the place of their migration.
fn about<'a>(migrations: impl Iterator<Item = &'a Vec<Placed>>) -> impl Iterator<Item = (usize, &'a Placed)> {
    let steps = |(at, steps): (usize, &'a Vec<Placed>)| steps.iter().map(move |placed| (at, placed));
    let changes = |(_, placed): &(usize, &Placed)| placed.step.transaction != Transaction::Shared;
    migrations.enumerate().flat_map(steps).filter(changes)
}

/// All states, where some were read; none where something changed that no step is about: it may have done so
/// anywhere between.
pub(super) fn tell(drafts: &[Draft], read: Vec<Option<Catalog>>) -> Option<Vec<Catalog>> {
    let mut states: Vec<Catalog> = Vec::with_capacity(read.len());
    for (at, state) in read.into_iter().enumerate() {
        let Some(state) = state else { continue };
        if let Some(before) = states.last() {
            let between = &drafts[states.len() - 1..at];
            states.extend(compose(between, before, &state)?);
        }
        states.push(state);
    }
    Some(states)
}

/// The states after each of the migrations between two, but for the last, after which is the second.
fn compose(drafts: &[Draft], before: &Catalog, after: &Catalog) -> Option<Vec<Catalog>> {
    let Some(last) = drafts.len().checked_sub(1).filter(|last| *last > 0) else { return Some(Vec::new()) };
    let known = about(drafts.iter().map(|draft| &draft.up)).map(|(at, placed)| (&placed.id, at)).collect();
    let mut changes: Vec<Vec<&Id>> = vec![Vec::new(); drafts.len()];
    for id in differing(before, after) {
        let at = of(id, &known, before, after)?;
        changes[at].push(id);
    }
    let mut state = before.clone();
    let mut states = Vec::new();
    for changes in &changes[..last] {
        for id in changes {
            match after.objects.get(*id) {
                Some(object) => state.objects.insert((*id).clone(), object.clone()),
                None => state.objects.remove(*id),
            };
        }
        states.push(state.clone());
    }
    Some(states)
}

fn differing<'a>(before: &'a Catalog, after: &'a Catalog) -> BTreeSet<&'a Id> {
    let same = |id: &Id, object: &Arc<Object>, other: &Catalog| {
        other.objects.get(id).is_some_and(|other| Arc::ptr_eq(object, other) || object == other)
    };
    let gone = before.objects.iter().filter(|(id, object)| !same(id, object, after));
    let new = after.objects.iter().filter(|(id, object)| !same(id, object, before));
    gone.chain(new).map(|(id, _)| id).collect()
}

/// The migration that makes an object what it is: that of its own step, or of what it comes or goes with.
fn of(id: &Id, known: &BTreeMap<&Id, usize>, before: &Catalog, after: &Catalog) -> Option<usize> {
    let mut id = id;
    loop {
        if let Some(at) = known.get(id) {
            return Some(*at);
        }
        id = match (before.get(id), after.get(id)) {
            (Some(object), None) => object.host().filter(|host| !after.contains(host))?,
            (None, Some(object)) => object.host().filter(|host| !before.contains(host))?,
            _ => return None,
        };
    }
}
