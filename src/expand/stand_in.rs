//! What does for a twin what keys, foreign keys and NOT NULL do for what it stands beside, so that nothing is built or
//! read as a whole when it takes its place. Names no kind of object.
//!
//! Apart from the twins because there can be two of those, and only one primary key.

use super::Twin;
use crate::{
    catalog::{Catalog, Id, Object},
    kind,
    rename::Renamed,
    sql::dotted,
    step::{Lock, Step},
};
use std::collections::{BTreeMap, BTreeSet};

/// What stands in for one object until twins take their places.
#[derive(Clone, Debug)]
pub struct StandIn {
    pub id: Id,
    /// The statement that makes it; `None` where the twin itself is all that there is before.
    pub made: Option<String>,
    /// Takes the place, and is undone by `back`.
    pub step: Step,
    pub back: Step,
    /// Must what it stands in for be gone before?
    pub replaces: bool,
    /// Those with a lower one are made and take their places before it.
    pub turn: u8,
}

/// What is to stand in, by what for; `beside` is what is desired where the twins have their own names.
pub fn stand_ins(beside: &Catalog, twins: &BTreeMap<Id, Twin>) -> Vec<(Id, StandIn)> {
    let hangs = |object: &Object| twins.values().any(|twin| object.needs.contains(&twin.id));
    let others = beside.objects.values().filter(|object| hangs(object)).map(|object| (&object.id, object));
    let twins = twins.iter().filter_map(|(id, twin)| Some((id, beside.objects.get(&twin.id)?)));
    in_turn(twins.chain(others).map(|(id, object)| (id, &**object)))
}

fn in_turn<'a>(objects: impl Iterator<Item = (&'a Id, &'a Object)>) -> Vec<(Id, StandIn)> {
    let found = objects.filter_map(|(id, object)| Some((id.clone(), kind::of(id).stand_in(object, id)?)));
    let mut found: Vec<(Id, StandIn)> = found.collect();
    found.sort_by(|(a, one), (b, other)| (one.turn, a).cmp(&(other.turn, b)));
    found
}

/// Can all that relies on an object do with what stands in for it?
pub fn spares(catalog: &Catalog, id: &Id) -> bool {
    let mut relying = catalog.objects.values().filter(|object| object.needs.contains(id));
    relying.all(|object| {
        object.dropped_with.contains(id) || kind::of(&object.id).stand_in(object, &object.id).is_some()
    })
}

/// The steps around those by which twins take their places: what they are replaced by goes, what stands in takes over.
pub fn take_over(current: &Catalog, desired: &Catalog, twins: &[Id]) -> [Vec<Renamed>; 2] {
    let concerns =
        |object: &Object| twins.contains(&object.id) || object.needs.iter().any(|need| twins.contains(need));
    let wanted = desired.objects.values().filter(|object| concerns(object));
    let mut found = in_turn(wanted.map(|object| (&object.id, &**object)));
    found.retain(|(_, stand_in)| current.contains(&stand_in.id));
    let why = "what stands in for it takes its place in the same transaction";
    let gone = found.iter().rev().filter(|(_, stand_in)| stand_in.replaces).filter_map(|(id, _)| {
        let step = kind::of(id).drop(current.get(id)?).pop()?;
        Some(Renamed::of(id, step, None).harmless(why))
    });
    let gone: Vec<Renamed> = gone.collect();
    let relations = found.iter().filter_map(|(id, _)| current.get(id)).flat_map(|object| {
        let ids = object.needs.iter().chain([&object.id]);
        ids.filter(|id| current.get(id).is_some_and(|object| object.host().is_some()))
            .filter_map(|id| current.root(id))
    });
    let tables: BTreeSet<&Id> = relations.chain(twins.iter().filter_map(|id| current.root(id))).collect();
    let locked = (!found.is_empty()).then(|| Renamed::of(&twins[0], locked(&tables), None));
    let taken = found.iter().map(|(id, stand_in)| {
        Renamed::of(id, stand_in.step.clone(), Some(stand_in.back.clone()))
            .harmless("it has been so for the twin")
    });
    [locked.into_iter().chain(gone).collect(), taken.collect()]
}

/// All at once, and no longer than it takes until PostgreSQL looks for a deadlock (`deadlock_timeout`, a second): it
/// would end a statement of a program.
fn locked(tables: &BTreeSet<&Id>) -> Step {
    let names: Vec<String> = tables.iter().map(|table| dotted(&table.path)).collect();
    let sql = format!(
        "SET LOCAL lock_timeout = '500ms';\nLOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        names.join(", ")
    );
    Step::additive(sql, Lock::AccessExclusive, "who holds one of them waits for none of the others")
}
