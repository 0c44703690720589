//! A wish that would break code that runs now, in two parts: what can be done at once, and what waits until that
//! code is gone. Names no kind of object.
//!
//! What waits stays as it is: the desired state takes it over from the current one, and the lock lists it as
//! pending. What is renamed is there under both names meanwhile; PostgreSQL keeps the two the same.

mod stand_in;

pub use stand_in::{StandIn, stand_ins, take_over};

use crate::{
    bundle::{Class, Mode},
    catalog::{Catalog, Filters, Id, Object},
    diagnostic::Result,
    diff::{Cause, diff},
    kind::{self, Alteration},
    order::{Action, Placed},
    plan::Stage,
    prove,
    rename::{self, Renamed},
    scratch::{Database, diagnose},
    sql::{BEFORE, clipped},
    step::{Lock, Step},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How what was renamed is there under both names.
#[derive(Clone, Debug, Default)]
pub struct Bridge {
    /// Where the old one takes the new name: what stands under its old name in the same transaction, and how
    /// that is removed.
    pub in_place: Option<[String; 2]>,
    /// Statements that keep the two the same.
    pub statements: Vec<String>,
    /// Gives the new one what the old one holds.
    pub fill: Option<Step>,
    /// Lets PostgreSQL know its values once it has them.
    pub analyze: Option<Step>,
    /// Ends that, and is undone by the last of `statements`.
    pub ends: Option<String>,
    /// Gives the old one, once it is there again, what the new one holds.
    pub refill: Option<Step>,
    /// What the new one has only when the old one is gone.
    pub waits: Vec<Id>,
}

/// What stands beside an object until it takes its place.
#[derive(Clone, Debug)]
pub struct Twin {
    pub id: Id,
    pub bridge: Bridge,
}

/// What is desired, but for what waits: that stays as it is, with all that hangs on it.
pub fn held(current: &Catalog, desired: &Catalog, waits: &BTreeSet<Id>) -> Catalog {
    hold(current, desired, waits, |_| None)
}

/// The same, where what is `known` only by code of before, or of after, is such that other code can do without.
pub fn relaxed(current: &Catalog, desired: &Catalog, waits: &BTreeSet<Id>, twins: &BTreeSet<Id>) -> Catalog {
    hold(current, desired, waits, |object| {
        let both = current.contains(&object.id) && desired.contains(&object.id);
        if both || twins.contains(&object.id) { None } else { kind::of(&object.id).relaxed(object) }
    })
}

/// What is rebuilt for what stands beside its twin, and the twin needs as it is: renamed out of the way.
pub fn aside(current: &Catalog, desired: &Catalog, twins: &BTreeSet<Id>) -> Vec<Renamed> {
    let needing = current.objects.values().filter(|old| old.needs.iter().any(|need| twins.contains(need)));
    let rebuilt = needing.filter(|old| {
        let kind = kind::of(&old.id);
        let differs = |new: &Object| matches!(kind.alter(old, new, &[]), Some(Alteration::Recreate { .. }));
        kind.beside(old).is_some() && desired.get(&old.id).is_some_and(differs)
    });
    let why = "no statement names it, and what takes its place gets the name";
    let aside = rebuilt.filter_map(|old| rename::to(&old.id, &clipped(old.id.name(), BEFORE)));
    aside.map(|renamed| renamed.harmless(why)).collect()
}

fn hold(
    current: &Catalog,
    desired: &Catalog,
    waits: &BTreeSet<Id>,
    relaxed: impl Fn(&Object) -> Option<Object>,
) -> Catalog {
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
        now.objects.insert(id.clone(), relaxed(object).map_or_else(|| object.clone(), Arc::new));
    }
    let mut missing: BTreeSet<Id> = waits.iter().filter(|id| !current.contains(id)).cloned().collect();
    // One that code can live with is made at once, and what it is to be besides waits.
    missing.retain(|id| {
        let made = desired.get(id).and_then(&relaxed);
        let lives = made.is_some();
        made.into_iter().for_each(|object| drop(now.objects.insert(id.clone(), Arc::new(object))));
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
    database: Database,
    now: &Catalog,
    bridges: &BTreeMap<Id, Bridge>,
    filters: &Filters,
) -> Result<Catalog> {
    let statements = bridges.values().flat_map(|bridge| &bridge.statements);
    spelled(database, now, statements.map(String::as_str), filters)
}

/// What gets its values a few at a time beside what is there, by what it takes the place of.
pub fn twins(current: &Catalog, desired: &Catalog) -> BTreeMap<Id, Twin> {
    let both = desired.objects.values().filter_map(|new| Some((current.get(&new.id)?, new)));
    let twins = both.filter_map(|(old, new)| Some((new.id.clone(), kind::of(&new.id).twin(new, old)?.ok()?)));
    twins.filter(|(_, twin)| !desired.contains(&twin.id)).collect()
}

/// What is written anew in one go, and why it can have no twin.
pub fn without_twin(current: &Catalog, desired: &Catalog) -> BTreeMap<Id, String> {
    let both = desired.objects.values().filter_map(|new| Some((current.get(&new.id)?, new)));
    let told = both.filter_map(|(old, new)| {
        let why = kind::of(&new.id).twin(new, old)?.err()?;
        Some((new.id.clone(), why.to_string()))
    });
    told.collect()
}

/// What is desired as PostgreSQL spells it where the twins have their own names.
///
/// # Errors
///
/// PostgreSQL refuses: their names are taken.
pub fn beside(
    database: Database,
    desired: &Catalog,
    twins: &BTreeMap<Id, Twin>,
    filters: &Filters,
) -> Result<Catalog> {
    let renamed = |(id, twin): (&Id, &Twin)| kind::of(id).rename(id, twin.id.name());
    let steps: Vec<Step> = twins.iter().filter_map(renamed).collect();
    spelled(database, desired, steps.iter().map(|step| step.sql.as_str()), filters)
}

/// What a catalog is after these statements, as PostgreSQL spells it.
///
/// # Errors
///
/// PostgreSQL refuses: a name is taken.
pub fn spelled<'a>(
    mut database: Database,
    catalog: &Catalog,
    statements: impl Iterator<Item = &'a str>,
    filters: &Filters,
) -> Result<Catalog> {
    // Rows that are planned would be in the way, and are spelled as they are.
    let is_row = |object: &Arc<Object>| !kind::of(&object.id).columns(object).is_empty();
    let mut empty = catalog.clone();
    empty.objects.retain(|_, object| !is_row(object));
    prove::build(&mut database, &empty)?;
    for statement in statements {
        database
            .run(statement)
            .map_err(|error| diagnose(&error, None).note(format!("the statement: {statement}")))?;
    }
    let mut spelled = filters.read(&mut database.client)?;
    spelled.share(catalog);
    let rows = catalog.objects.values().filter(|object| is_row(object));
    spelled.objects.extend(rows.map(|row| (row.id.clone(), row.clone())));
    Ok(spelled)
}

/// What is for the twins only once they have taken their places, as code that runs names what they stand beside.
pub fn acting(beside: &Catalog, twins: &BTreeMap<Id, Twin>) -> BTreeSet<Id> {
    let on_twin = |object: &Object| twins.values().any(|twin| object.needs.contains(&twin.id));
    let acting =
        beside.objects.values().filter(|object| kind::of(&object.id).acts(object) && on_twin(object));
    acting.map(|object| object.id.clone()).collect()
}

/// The twins of what cannot be had beside what is there, and why: something besides it must wait for the twin.
pub fn alone(
    current: &Catalog,
    beside: &Catalog,
    waits: &BTreeSet<Id>,
    twins: &BTreeMap<Id, Twin>,
) -> BTreeMap<Id, String> {
    let replaced: BTreeSet<Id> = twins.keys().cloned().collect();
    let aside: Vec<Renamed> = aside(current, beside, &replaced);
    let is_made = |object: &Object| {
        let kind = kind::of(&object.id);
        kind.acts(object)
            || aside.iter().any(|renamed| renamed.before == object.id)
            || kind.stand_in(object, &object.id).is_some() && stand_in::spares(current, &object.id)
    };
    // On a twin that is not filled yet it would say less of the rows than it does, or refuse to have them filled.
    let is_rebuilt = |old: &&Arc<Object>| {
        let rebuilt = |new: &Object| kind::of(&old.id).alter(old, new, &[]);
        let rebuilt = beside.get(&old.id).and_then(rebuilt);
        let guards = matches!(rebuilt, Some(Alteration::Recreate { class, .. }) if class != Class::Additive);
        guards && old.needs.iter().any(|need| replaced.contains(need))
    };
    let rebuilt = current.objects.values().filter(is_rebuilt).map(|old| &old.id);
    let waiting = waits.iter().chain(rebuilt).filter_map(|id| beside.objects.get(id));
    let waiting: Vec<&Arc<Object>> = waiting.filter(|object| !is_made(object)).collect();
    let why = |twin: &Twin| {
        let hangs =
            |object: &Object| object.needs.contains(&twin.id) || object.dropped_with.contains(&twin.id);
        let mut waiting = waiting.iter().map(AsRef::as_ref);
        let waits = waiting.find(|object| hangs(object) && !twin.bridge.waits.contains(&object.id));
        let mut parts = beside.objects.values().filter(|object| object.comes_with.contains(&twin.id));
        let waits = waits.map(|object| format!("{} cannot be built on both columns", object.id));
        waits.or_else(|| Some(format!("{} has it too", parts.next()?.host()?)))
    };
    twins.iter().filter_map(|(id, twin)| Some((id.clone(), why(twin)?))).collect()
}

/// What waits while the twins of one table after another take their places, each table in a transaction of its own,
/// or with others of which something needs both.
pub fn turns(current: &Catalog, desired: &Catalog, pending: &BTreeSet<Id>) -> Vec<BTreeSet<Id>> {
    let there = twins(current, desired).into_iter().filter(|(_, twin)| current.contains(&twin.id));
    let mut tables: BTreeMap<&Id, BTreeSet<Id>> = BTreeMap::new();
    for (id, twin) in there {
        let Some(table) = current.root(&twin.id) else { continue };
        tables.entry(table).or_default().extend([id, twin.id]);
    }
    let mut turns: Vec<BTreeSet<Id>> = Vec::new();
    for mut now in tables.values().map(|columns| moving(current, desired, pending, columns)) {
        let (same, others) = turns.into_iter().partition(|turn: &BTreeSet<Id>| !turn.is_disjoint(&now));
        turns = others;
        now.extend(same.into_iter().flatten());
        turns.push(now);
    }
    let mut left = pending.clone();
    let waits = |now: BTreeSet<Id>| {
        left.retain(|id| !now.contains(id));
        left.clone()
    };
    turns.into_iter().map(waits).collect()
}

/// Of what is pending, a table's twins and what they take the place of, what needs those, and what nothing else needs.
/// Other columns of the table are not written anew in the same transaction.
fn moving(
    current: &Catalog,
    desired: &Catalog,
    pending: &BTreeSet<Id>,
    columns: &BTreeSet<Id>,
) -> BTreeSet<Id> {
    let uses =
        |object: &Object| object.needs.iter().chain(&object.dropped_with).any(|id| columns.contains(id));
    let on_them = |id: &&Id| {
        columns.contains(*id) || [current, desired].iter().any(|catalog| catalog.get(id).is_some_and(uses))
    };
    let mut now: BTreeSet<Id> = pending.iter().filter(on_them).cloned().collect();
    loop {
        // A view needs the columns of another.
        let moves =
            |need: &Id| now.contains(need) || current.root(need).is_some_and(|root| now.contains(root));
        let needs = |id: &&Id| current.get(id).is_some_and(|object| object.needs.iter().any(moves));
        let more: Vec<Id> = pending.iter().filter(|id| !now.contains(id)).filter(needs).cloned().collect();
        if more.is_empty() {
            break;
        }
        now.extend(more);
    }
    let objects = || current.objects.values();
    let (mine, others): (Vec<&Arc<Object>>, Vec<&Arc<Object>>) =
        objects().partition(|object| now.contains(&object.id));
    let others: BTreeSet<&Id> = others.into_iter().flat_map(|object| &object.needs).collect();
    let only: Vec<Id> = mine.into_iter().flat_map(|object| &object.needs).cloned().collect();
    now.extend(only.into_iter().filter(|need| pending.contains(need) && !others.contains(need)));
    now
}

/// Do twins take their places in one transaction with all that goes for that?
pub fn whole(renamed: &[Renamed], stages: &[Stage]) -> bool {
    let late = stages.iter().skip(1).flat_map(|stage| &stage.steps);
    let mut drops = late.filter(|placed| placed.action == Action::Drop);
    !drops.any(|placed| renamed.iter().any(|renamed| renamed.after == placed.id))
}

/// The steps by which a twin takes the place of what it stood beside, which is dropped then.
pub fn swap(id: &Id, twin: &Twin, desired: &Catalog) -> Option<Vec<Renamed>> {
    let why = "what takes its place does so in the same transaction";
    let away = rename::to(id, &clipped(id.name(), BEFORE))?.harmless(why);
    let mut here = rename::to(&twin.id, id.name())?;
    here.step.why = "code that decodes the old type fails; each row has its value already".into();
    let ended = ended(&away.after, &twin.bridge)?;
    // What it could not have before is not missed either.
    let waited = twin.bridge.waits.iter().map(|wait| Id::new(wait.kind, id.path.iter().cloned()));
    let given = waited.filter_map(|id| {
        let (kind, object) = (kind::of(&id), desired.get(&id)?);
        let (step, back) = (kind.create(object, &[]).pop()?, kind.drop(object).pop()?);
        Some(Renamed::of(&id, step, Some(back)).harmless(why))
    });
    let given: Vec<Renamed> = given.collect();
    Some([ended, away, here].into_iter().chain(given).collect())
}

/// Ends what keeps two names the same, of which one goes; on the way back that gets its values again.
pub fn ended(goes: &Id, bridge: &Bridge) -> Option<Renamed> {
    let why = "what it keeps the same goes in the same transaction";
    let step = |sql: &str| Step::additive(sql, Lock::AccessExclusive, why);
    let ended = Renamed::of(goes, step(bridge.ends.as_ref()?), Some(step(bridge.statements.last()?)));
    Some(ended.refilled_by(bridge.refill.clone()?))
}

/// The stages that give the new names what the old ones hold, and the one after which PostgreSQL knows it.
pub fn fills(bridges: &BTreeMap<Id, Bridge>) -> Vec<Stage> {
    let placed = |id: &Id, step: &Step| Placed::wanted(id.clone(), Action::Alter, step.clone());
    let fills = bridges.iter().filter_map(|(id, bridge)| Some(placed(id, bridge.fill.as_ref()?)));
    let mut stages: Vec<Stage> = fills.map(|fill| Stage { steps: vec![fill], mode: Mode::None }).collect();
    let mut known = BTreeSet::new();
    let analyzed = bridges.iter().filter_map(|(id, bridge)| Some(placed(id, bridge.analyze.as_ref()?)));
    let steps: Vec<Placed> = analyzed.filter(|placed| known.insert(placed.step.sql.clone())).collect();
    if !steps.is_empty() {
        stages.push(Stage { steps, mode: Mode::Transaction });
    }
    stages
}
