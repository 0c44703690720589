//! A wish that would break code that runs now, in two parts: what can be done at once, and what waits until that
//! code is gone. Names no kind of object.
//!
//! What waits stays as it is: the desired state takes it over from the current one, and the lock lists it as
//! pending. What is renamed is there under both names meanwhile; PostgreSQL keeps the two the same.

use crate::{
    bundle::Class,
    catalog::{Catalog, Filters, Id, Object},
    diagnostic::Result,
    diff::{Cause, diff},
    kind,
    order::{Action, Placed},
    plan::Stage,
    prove,
    scratch::{Database, diagnose},
    step::Step,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How what was renamed is there under both names.
#[derive(Clone, Debug, Default)]
pub struct Bridge {
    /// Does the old one take the new name, so that only its old name is made anew?
    pub in_place: bool,
    /// Statements that keep the two the same.
    pub statements: Vec<String>,
    /// Gives the new one what the old one holds.
    pub fill: Option<Step>,
    /// What the new one has only when the old one is gone.
    pub waits: Vec<Id>,
}

/// What is desired, but for what waits: that stays as it is, with all that hangs on it.
pub fn held(current: &Catalog, desired: &Catalog, waits: &BTreeSet<Id>) -> Catalog {
    let mut now = desired.clone();
    let mut kept: BTreeSet<&Id> = waits.iter().filter(|id| current.contains(id)).collect();
    let gone: Vec<&Arc<Object>> =
        current.objects.values().filter(|object| !desired.contains(&object.id)).collect();
    loop {
        let on_kept = |id: &Id| kept.contains(id) && !desired.contains(id);
        let more = gone.iter().filter(|object| {
            !kept.contains(&object.id)
                && (object.needs.iter().any(on_kept) || object.dropped_with.iter().any(on_kept))
        });
        let more: Vec<&Id> = more.map(|object| &object.id).collect();
        if more.is_empty() {
            break;
        }
        kept.extend(more);
    }
    for id in kept {
        let object = &current.objects[id];
        let relaxed = if desired.contains(id) { None } else { kind::of(id).relaxed(object) };
        now.objects.insert(id.clone(), relaxed.map_or_else(|| object.clone(), Arc::new));
    }
    let mut missing: BTreeSet<Id> = waits.iter().filter(|id| !current.contains(id)).cloned().collect();
    // One that code can live with is made at once, and what it is to be besides waits.
    missing.retain(|id| {
        let relaxed = desired.get(id).and_then(|object| kind::of(id).relaxed(object));
        let lives = relaxed.is_some();
        relaxed.into_iter().for_each(|object| drop(now.objects.insert(id.clone(), Arc::new(object))));
        !lives
    });
    loop {
        let hangs = |object: &Object| object.needs.iter().any(|need| missing.contains(need));
        let more: Vec<Id> =
            now.objects.values().filter(|object| hangs(object)).map(|object| object.id.clone()).collect();
        missing.iter().for_each(|id| drop(now.objects.remove(id)));
        if more.is_empty() {
            return now;
        }
        missing.extend(more);
    }
}

/// The objects of steps that break code which runs now.
pub fn breaking(stages: &[Stage]) -> BTreeSet<Id> {
    let steps = stages.iter().flat_map(|stage| &stage.steps);
    steps.filter(|placed| placed.step.class == Class::Breaking).map(|placed| placed.id.clone()).collect()
}

/// What is left to do once `now` is there.
pub fn pending(now: &Catalog, desired: &Catalog) -> BTreeSet<Id> {
    let changes = diff(now, desired);
    let own = |cause: &Cause| !matches!(cause, Cause::Carried(_));
    let moved = changes.drops.iter().chain(&changes.creates).filter(|(_, change)| own(&change.cause));
    let altered = changes.alters.iter().filter(|(_, alter)| !alter.fields.is_empty()).map(|(id, _)| id);
    moved.map(|(id, _)| id).chain(altered).cloned().collect()
}

/// What `now` is once the bridges stand in it, as PostgreSQL spells them.
///
/// # Errors
///
/// A bridge that PostgreSQL refuses: its name is taken.
pub fn bridged(
    mut database: Database,
    now: &Catalog,
    bridges: &BTreeMap<Id, Bridge>,
    filters: &Filters,
) -> Result<Catalog> {
    prove::build(&mut database, now)?;
    for statement in bridges.values().flat_map(|bridge| &bridge.statements) {
        database
            .run(statement)
            .map_err(|error| diagnose(&error, None).note(format!("the statement: {statement}")))?;
    }
    let mut bridged = filters.read(&mut database.client)?;
    bridged.share(now);
    Ok(bridged)
}

/// The stages that give the new names what the old ones hold.
pub fn fills(bridges: &BTreeMap<Id, Bridge>) -> impl Iterator<Item = Stage> {
    let steps = bridges.iter().filter_map(|(id, bridge)| Some((id, bridge.fill.clone()?)));
    steps.map(|(id, step)| {
        let (id, action) = (id.clone(), Action::Alter);
        let placed =
            Placed { step, id, action, wanted: false, on_new: false, unchecked: false, felt_on: None };
        Stage { steps: vec![placed], mode: crate::bundle::Mode::None }
    })
}
