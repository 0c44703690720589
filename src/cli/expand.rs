//! `plan --expand` and `plan --contract`: what a breaking wish does now, and what it does later.

use super::state::Scratch;
use crate::{
    catalog::{Catalog, Filters, Id, from_text},
    codegen::{Folder, lock::Lock},
    diagnostic::Result,
    expand::{self, Bridge, Twin},
    kind,
    order::Placed,
    plan::{Plan, Stage},
    prove::{self, Start},
    rename::{self, Renamed},
    source::Rename,
    step::Class,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the lock says is pending.
pub(super) fn pending(folder: &Folder) -> BTreeSet<Id> {
    let lock = folder.lock.as_deref().and_then(|text| Lock::read(text).ok());
    // One that no kind knows any more is done by whatever is planned.
    lock.map(|(lock, _)| lock.pending.iter().filter_map(|line| from_text(line)).collect()).unwrap_or_default()
}

/// The renames but for those whose old name waits to be removed: they are done.
pub(super) fn renames(all: &[Rename], pending: &BTreeSet<Id>) -> Vec<Rename> {
    let waits = |rename: &&Rename| {
        let host = rename.target.split_last().map(|(_, host)| host).unwrap_or_default();
        pending.iter().any(|id| {
            let (name, outer) = id.path.split_last().expect("an object has a name");
            *name == rename.from && outer.ends_with(host)
        })
    };
    all.iter().filter(|rename| !waits(rename)).cloned().collect()
}

/// What breaks nothing: the state that it leads to, and how. What is written anew in one go after all is added to what is
/// `alone`, with the reason.
///
/// # Errors
///
/// PostgreSQL refuses what keeps two names the same.
pub(super) fn expand(
    start: &mut Start,
    scratch: &mut Scratch,
    desired: &Catalog,
    renames: &[Rename],
    pending: &BTreeSet<Id>,
    filters: &Filters,
    alone: &mut BTreeMap<Id, String>,
) -> Result<(Catalog, Vec<Stage>)> {
    let mut waits = pending.clone();
    let (mut bridges, mut twins) = bridges(start, desired, renames, &mut waits)?;
    let beside = beside(start, scratch, desired, pending, filters, alone)?;
    if let Some((beside, twins)) = &beside {
        waits.extend(expand::acting(beside, twins));
    }
    let stand_ins = beside.as_ref().map_or_else(Vec::new, |(beside, twins)| expand::stand_ins(beside, twins));
    waits.extend(stand_ins.iter().map(|(id, _)| id.clone()));
    let desired = beside.as_ref().map_or(desired, |(desired, _)| desired);
    for (id, twin) in beside.iter().flat_map(|(_, twins)| twins) {
        waits.insert(id.clone());
        waits.extend(twin.bridge.waits.iter().cloned());
        twins.insert(id.clone());
        bridges.insert(twin.id.clone(), twin.bridge.clone());
    }
    let aside = expand::aside(&start.catalog, desired, &twins);
    if !aside.is_empty() {
        waits.extend(start.bridge(aside, desired)?);
    }
    let without = without_breaking(start, desired, &mut waits, &twins)?;
    let now = match bridges.is_empty() {
        true => without.clone(),
        false => expand::bridged(scratch.database()?, &without, &bridges, filters)?,
    };
    let mut stages = start.stages(&now)?;
    // Indexes are built and checks validated over values that are there.
    let kept_same = |placed: &Placed| now.contains(&placed.id) && !without.contains(&placed.id);
    let last = stages.iter().rposition(|stage| stage.steps.iter().any(kept_same));
    let at = last.map_or(stages.len(), |last| last + 1);
    stages.splice(at..at, expand::fills(&bridges));
    // What stands in for keys is built over values that are there, too.
    let made: Vec<&str> = stand_ins.iter().filter_map(|(_, stand_in)| stand_in.made.as_deref()).collect();
    let standing = match made.is_empty() {
        true => now.clone(),
        false => expand::spelled(scratch.database()?, &now, made.into_iter(), filters)?,
    };
    stages.extend(start.stages_after(&now, &standing)?);
    Ok((standing, stages))
}

/// What breaks nothing; what does is added to what `waits`.
fn without_breaking(
    start: &Start,
    desired: &Catalog,
    waits: &mut BTreeSet<Id>,
    twins: &BTreeSet<Id>,
) -> Result<Catalog> {
    loop {
        let now = expand::relaxed(&start.catalog, desired, waits, twins);
        let before = waits.len();
        waits.extend(expand::breaking(&start.stages(&now)?));
        if waits.len() == before {
            return Ok(now);
        }
    }
}

/// What is desired with the twins beside what they take the place of, where there can be any.
fn beside(
    start: &Start,
    scratch: &mut Scratch,
    desired: &Catalog,
    pending: &BTreeSet<Id>,
    filters: &Filters,
    alone: &mut BTreeMap<Id, String>,
) -> Result<Option<(Catalog, BTreeMap<Id, Twin>)>> {
    let mut twins = expand::twins(&start.catalog, desired);
    twins.retain(|_, twin| !start.catalog.contains(&twin.id));
    while !twins.is_empty() {
        let beside = expand::beside(scratch.database()?, desired, &twins, filters)?;
        let mut waits = pending.clone();
        waits.extend(twins.keys().cloned());
        waits.extend(twins.values().flat_map(|twin| twin.bridge.waits.iter().cloned()));
        waits.extend(expand::acting(&beside, &twins));
        waits.extend(expand::stand_ins(&beside, &twins).into_iter().map(|(id, _)| id));
        without_breaking(start, &beside, &mut waits, &twins.keys().cloned().collect())?;
        let more = expand::alone(&start.catalog, &beside, &waits, &twins);
        if more.is_empty() {
            return Ok(Some((beside, twins)));
        }
        twins.retain(|id, _| !more.contains_key(id));
        alone.extend(more);
    }
    Ok(None)
}

/// Lets the twins that are there, but for what `waits`, take the place of what they stand beside.
///
/// # Errors
///
/// PostgreSQL refuses.
pub(super) fn swap(start: &mut Start, desired: &Catalog, waits: &BTreeSet<Id>) -> Result<()> {
    let mut twins = expand::twins(&start.catalog, desired);
    twins.retain(|id, twin| start.catalog.contains(&twin.id) && !waits.contains(id));
    if twins.is_empty() {
        return Ok(());
    }
    let replaced: Vec<Id> = twins.keys().cloned().collect();
    let [gone, taken] = expand::take_over(&start.catalog, desired, &replaced);
    let swapped = twins.iter().filter_map(|(id, twin)| expand::swap(id, twin, desired)).flatten();
    let all = gone.into_iter().chain(swapped).chain(taken).collect();
    start.bridge(all, desired).map(drop)
}

/// Ends what keeps two names the same where the old one goes.
///
/// # Errors
///
/// PostgreSQL refuses.
pub(super) fn end(start: &mut Start, desired: &Catalog, renames: &[Rename]) -> Result<()> {
    let ended =
        rename::both_there(renames, &start.catalog, desired).into_iter().filter_map(|(before, after)| {
            let bridge = kind::of(&after).bridge(desired.get(&after)?, &before)?;
            expand::ended(&before, &bridge)
        });
    let ended: Vec<Renamed> = ended.collect();
    if ended.is_empty() { Ok(()) } else { start.bridge(ended, desired).map(drop) }
}

/// Where a plan goes on after another.
///
/// # Errors
///
/// The state that the other ends in cannot be built.
pub(super) fn after(
    plan: &Plan,
    scratch: &mut Scratch,
    desired: &Catalog,
    filters: &Filters,
) -> Result<Start> {
    let mut database = scratch.database()?;
    prove::build(&mut database, &plan.ends)?;
    Start::new(database, None, Some(&plan.ends), &[], desired, filters)
}

/// Carries out the renames that break nothing, and finds how the others are there under both names.
fn bridges(
    start: &mut Start,
    desired: &Catalog,
    renames: &[Rename],
    waits: &mut BTreeSet<Id>,
) -> Result<(BTreeMap<Id, Bridge>, BTreeSet<Id>)> {
    let (mut bridges, mut twins) = (BTreeMap::new(), BTreeSet::new());
    loop {
        let mut now = Vec::new();
        for one in rename::due(renames, &start.catalog, desired)? {
            let bridge =
                desired.get(&one.after).and_then(|object| kind::of(&one.after).bridge(object, &one.before));
            let in_place = match &bridge {
                Some(bridge) => bridge.in_place.is_some(),
                None => one.step.class != Class::Breaking,
            };
            if in_place {
                now.extend(
                    renames.iter().filter(|rename| one.place.as_ref() == Some(&rename.place)).cloned(),
                );
            }
            if let Some(bridge) = bridge {
                if bridge.in_place.is_none() {
                    waits.insert(one.before.clone());
                    twins.insert(one.before.clone());
                }
                waits.extend(bridge.waits.iter().cloned());
                bridges.insert(one.after, bridge);
            }
        }
        if now.is_empty() {
            break;
        }
        let done = start.renamed.len();
        start.rename(&now, desired)?;
        let renamed: Vec<Renamed> = start.renamed[done..].to_vec();
        for one in renamed {
            let there = bridges.get(&one.after).and_then(|bridge: &Bridge| bridge.in_place.as_ref());
            if let Some(there) = there.filter(|_| one.place.is_some()) {
                waits.extend(start.bridge(vec![one.bridged(there)], desired)?);
            }
        }
    }
    // What follows a name has no annotation of its own; nobody reaches it through a view.
    let bridged = |one: &&mut Renamed| one.place.is_none() || bridges.contains_key(&one.after);
    for renamed in start.renamed.iter_mut().filter(bridged) {
        renamed.step.class = Class::Additive;
        renamed.step.why = "a view has the old name in the same transaction".into();
    }
    Ok((bridges, twins))
}

/// What waits, a line each, as the summary has it.
pub(super) fn told(
    pending: &BTreeSet<Id>,
    now: &Catalog,
    desired: &Catalog,
    alone: &BTreeMap<Id, String>,
) -> String {
    let mut text = "until no program of before runs, this waits:\n".to_string();
    let without_twin = expand::without_twin(now, desired);
    for id in pending {
        let sign = match (now.contains(id), desired.contains(id)) {
            (true, false) => '-',
            (false, true) => '+',
            _ => '~',
        };
        let why = alone.get(id).or_else(|| without_twin.get(id));
        let why =
            why.map(|why| format!(": all rows are written anew in one go, with the table locked, as {why}"));
        text += &format!("  {sign} {id}{}\n", why.unwrap_or_default());
    }
    text + "then: cargo run --bin plan -- --contract"
}
