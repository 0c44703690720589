//! Changes → steps in an order that PostgreSQL accepts. Names no kind of object.
//!
//! `inline` decides which objects another's CREATE carries, `edges` says what must come before
//! what, `sort` which of those that could comes first, and this file writes the steps.

mod arrange;
mod busy;
mod cycle;
mod deferred;
mod edges;
mod graph;
mod inline;
mod sort;
mod texts;

use crate::{
    catalog::{Id, Object},
    diagnostic::Result,
    diff::{self, Alter, Cause, Changes},
    kind::{self, FILLED_LATER, Part},
    sql::{AFTER, clipped},
    step::{Class, Lock, Online, Step, Transaction},
};
pub use arrange::{Arranged, Section, arrange, joinable};
pub use busy::Busy;
use cycle::Cycle;
use deferred::check_between;
use graph::Graph;
use inline::Grouping;
use sort::{apart, pieces, sort};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// One statement in its place.
#[derive(Clone, Debug)]
pub struct Placed {
    pub step: Step,
    /// The object that it is about.
    pub id: Id,
    pub action: Action,
    /// Is it about what the user changed, and not about what had to move because of it?
    pub wanted: bool,
    /// Does it concern nothing that existed before?
    pub on_new: bool,
    /// Does it hold a body that PostgreSQL would check against what is not there yet?
    pub unchecked: bool,
    /// The relation that people use, on which it keeps writers or all waiting.
    pub felt_on: Option<Id>,
    /// The table that it locks, where no transaction around it shows that.
    pub alone_on: Option<Id>,
}

impl Placed {
    /// What somebody wanted of an object that is there.
    pub fn wanted(id: Id, action: Action, step: Step) -> Placed {
        let (on_new, unchecked) = (false, false);
        Placed { step, id, action, wanted: true, on_new, unchecked, felt_on: None, alone_on: None }
    }
}

/// What is done to an object. Their order is the order where nothing else decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    Drop,
    /// Renamed out of the way of what replaces it.
    Aside,
    Alter,
    /// Removed again, because PostgreSQL brought it about by itself.
    TakeBack,
    /// Its name made known to what it needs, which needs it too.
    Shell,
    Create,
}

/// What is done to one object, and all that goes with it.
pub(crate) type Node = (Action, Id);

/// All steps, in order, where nobody else uses the database.
///
/// # Errors
///
/// A cycle that inlining less does not cut: its members, and why each waits for the next.
pub fn order(mut changes: Changes) -> Result<Vec<Placed>> {
    loop {
        let (grouping, graph) = match acyclic(&changes) {
            Err(cycle) if cycle.cut(&mut changes) => continue,
            found => found?,
        };
        let sorted = sort(&changes, &graph, &apart(&graph), |_| 1);
        let steps = steps(&changes, &grouping, &Busy::Nothing, sorted.nodes(&graph));
        return Ok(check_between(&changes, steps));
    }
}

/// All steps, in order, so that nobody waits for all rows of a busy table.
///
/// # Errors
///
/// As [`order`].
pub fn order_online(mut changes: Changes, busy: &Busy) -> Result<Vec<Placed>> {
    if matches!(busy, Busy::Nothing) {
        return order(changes);
    }
    changes.written = written(&changes);
    set_apart(&mut changes, busy);
    leave_first(&mut changes, busy);
    side_by_side(&mut changes, busy);
    loop {
        let (grouping, graph) = match acyclic(&changes) {
            Err(_) if !changes.beside.is_empty() => {
                let beside = changes.beside.iter().cloned().collect();
                in_place(&mut changes, &beside);
                continue;
            }
            Err(cycle) if cycle.cut(&mut changes) => continue,
            found => found?,
        };
        // What ends transactions comes after what needs none of its own.
        let sorted =
            sort(&changes, &graph, &pieces(&changes, &graph), |at| turn(&changes, busy, &graph.nodes[at]));
        let nodes =
            sorted.nodes(&graph).filter(|((_, id), together)| *together && changes.beside.contains(id));
        let tied: BTreeSet<Id> = nodes.map(|((_, id), _)| id.clone()).collect();
        if tied.is_empty() {
            let steps = steps(&changes, &grouping, busy, sorted.nodes(&graph));
            let (late, steps): (Vec<Placed>, Vec<Placed>) =
                steps.into_iter().partition(|placed| placed.step.late);
            let (mut first, steps): (Vec<Placed>, Vec<Placed>) =
                steps.into_iter().partition(|placed| placed.step.early);
            first.extend(steps);
            first.extend(late);
            return Ok(check_between(&changes, first));
        }
        in_place(&mut changes, &tied);
    }
}

/// Rebuilds these where they are after all.
fn in_place(changes: &mut Changes, ids: &BTreeSet<Id>) {
    changes.beside.retain(|id| !ids.contains(id));
    changes.replaced.retain(|id| !ids.contains(id));
}

/// What can be missed goes before all that must not be; what ends transactions after all that does not.
fn turn(changes: &Changes, busy: &Busy, node: &Node) -> u8 {
    let (action, id) = node;
    match divides(changes, busy, node) {
        true if *action == Action::Drop && changes.apart.contains(id) => 0,
        true => 2,
        false => 1,
    }
}

/// Does a node have statements that no transaction around may hold?
fn divides(changes: &Changes, busy: &Busy, (action, id): &Node) -> bool {
    let steps = match action {
        Action::Create => changes.new.get(id).map(|object| kind::of(id).create(object, &[])),
        Action::Drop => changes.old.get(id).map(|object| kind::of(id).drop(object)),
        Action::Alter => changes.alters.get(id).map(|alter| alter.steps.clone()),
        Action::Aside | Action::TakeBack | Action::Shell => None,
    };
    let divides = |step: &Step| {
        let online = step.online.as_ref().filter(|online| busy.holds(changes, &online.table));
        online.is_some_and(|online| online.steps.iter().any(|step| step.transaction != Transaction::Inside))
    };
    steps.is_some_and(|steps| steps.iter().any(divides))
}

/// What PostgreSQL would look at all rows for is not there while it changes what that is for.
fn set_apart(changes: &mut Changes, busy: &Busy) {
    let aside = |step: &Step| {
        step.online.as_ref().is_some_and(|online| online.aside && busy.holds(changes, &online.table))
    };
    let altered = changes.alters.iter().filter(|(_, alter)| alter.implied_by.is_none());
    let altered: BTreeSet<&Id> =
        altered.filter(|(_, alter)| alter.steps.iter().any(aside)).map(|(id, _)| id).collect();
    if altered.is_empty() {
        return;
    }
    // One that reads otherwise after the change is rebuilt anyway.
    let moves = |id: &Id| match changes.drops.get(id) {
        Some(change) => matches!(change.cause, Cause::Rebuilt { .. }),
        None => true,
    };
    let stays = |object: &&Object| changes.new.contains(&object.id) && moves(&object.id);
    let can = |object: &&Object| kind::of(&object.id).can_stand_aside(object);
    let objects = changes.old.objects.values().map(AsRef::as_ref).filter(stays).filter(can);
    let apart = objects.filter_map(|object| {
        let of = object.needs.iter().find(|need| altered.contains(need))?;
        Some((object.id.clone(), of.clone()))
    });
    let apart: Vec<(Id, Id)> = apart.collect();
    diff::set_apart(changes, &apart);
    // What needs no transaction of its own is put back at once.
    let divided = |id: &Id| divides(changes, busy, &(Action::Create, id.clone()));
    let apart = changes.apart.iter().filter(|id| divided(id)).cloned().collect();
    changes.apart = apart;
}

fn written(changes: &Changes) -> BTreeSet<Id> {
    let touched = changes.drops.keys().chain(changes.creates.keys()).chain(changes.alters.keys());
    let objects = touched.filter_map(|id| changes.new.get(id).or_else(|| changes.old.get(id)));
    let rows = objects.filter(|object| !kind::of(&object.id).columns(object).is_empty());
    rows.flat_map(|row| row.dropped_with.iter().cloned()).collect()
}

/// What would go along with what it attaches leaves before that, where this spares a table that stays a strong lock.
fn leave_first(changes: &mut Changes, busy: &Busy) {
    let spares = |id: &Id, host: &Id| {
        let object = &changes.old.objects[id];
        let online = |step: Step| step.online.is_some_and(|online| busy.holds(changes, &online.table));
        kind::of(id).attaches(object).is_some_and(|(child, _)| child == *host)
            && kind::of(id).drop(object).into_iter().any(online)
    };
    let along = changes.drops.iter().filter_map(|(id, drop)| Some((id, drop.implied_by.as_ref()?)));
    let first: Vec<Id> = along.filter(|(id, host)| spares(id, host)).map(|(id, _)| id.clone()).collect();
    first.iter().for_each(|id| changes.drops.get_mut(id).expect("its own key").implied_by = None);
}

/// What can be built while the old one is still there takes its place only then.
fn side_by_side(changes: &mut Changes, busy: &Busy) {
    let rebuilt = changes.drops.iter().filter(|(id, change)| {
        let object = &changes.old.objects[*id];
        matches!(change.cause, Cause::Rebuilt { .. })
            && !changes.apart.contains(*id)
            && kind::of(id).beside(object).is_some_and(|table| busy.holds(changes, &table))
            && changes.new.get(id).is_some_and(|object| kind::of(id).beside(object).is_some())
    });
    changes.beside = rebuilt.map(|(id, _)| id.clone()).collect();
    changes.replaced.extend(changes.beside.iter().cloned());
}

/// What stands alone and what waits for what, once no two wait for each other.
fn acyclic(changes: &Changes) -> std::result::Result<(Grouping, Graph), Box<Cycle>> {
    let mut grouping = inline::candidates(changes);
    let mut shells = edges::Shells::new();
    let mut relaxed = false;
    loop {
        let mut graph = edges::graph(changes, &grouping, &shells);
        if relaxed {
            graph.relax();
        }
        let cycles = graph.cycles();
        if cycles.is_empty() {
            return Ok((grouping, graph));
        }
        if !inline::release(&mut grouping, changes, &graph, &cycles)
            && !edges::shell(&mut shells, changes, &graph, &cycles)
        {
            if relaxed {
                let members = cycles.into_iter().next().expect("there is one");
                return Err(Box::new(Cycle { graph, members }));
            }
            relaxed = true;
        }
    }
}

fn steps<'a>(
    changes: &Changes,
    grouping: &Grouping,
    busy: &Busy,
    order: impl Iterator<Item = (&'a Node, bool)>,
) -> Vec<Placed> {
    let altered = changes.alters.keys().filter_map(|id| changes.new.get(id));
    let filled: BTreeSet<Id> = altered.flat_map(|object| kind::of(&object.id).fills(object)).collect();
    let mut guests: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for (guest, host) in &grouping.carried {
        guests.entry(host).or_default().push(guest);
    }
    let fresh = &grouping.fresh;
    let taken_along = taken_along(changes);
    // A way back may bring what was made beside an object on the way there.
    let moved = changes.creates.keys().chain(changes.drops.keys()).map(|id| id.name());
    let beside: BTreeSet<&str> = moved.filter(|name| name.ends_with(AFTER)).collect();
    let (mut out, mut late) = (Vec::new(), Vec::new());
    for ((action, id), together) in order {
        let mut place = |step: Step, wanted: bool| {
            let on_new = *action != Action::Drop && fresh.contains(id);
            // What hangs on nothing may still change how all else behaves: an event trigger.
            let hangs = changes.new.get(id).is_some_and(|object| !object.dropped_with.is_empty());
            let class = if on_new && hangs { Class::Additive } else { step.class };
            let body = changes.new.get(id).filter(|_| *action != Action::Drop);
            let unchecked = body.is_some_and(|object| kind::of(id).mentions(object).is_some());
            let online = step.online.clone();
            let online = online.filter(|online| !on_new && busy.holds(changes, &online.table));
            let table = online.as_ref().map(|online| online.table.clone());
            let steps = match online {
                Some(online) if together => {
                    at_once(online, || !beside.contains(&*clipped(id.name(), AFTER)) && early(changes, id))
                }
                online => online.map(|online| online.steps),
            };
            // What is taken away and put back must not be missed in between.
            let steps = steps.unwrap_or_else(|| vec![Step { class, late: false, ..step }]);
            let count = steps.len();
            for step in steps {
                // Nothing is in the way of what is new.
                let finds = step.finds.filter(|_| !on_new);
                let strong = !on_new && step.lock >= Lock::ShareRowExclusive;
                let felt_on = if strong { busy.felt_on(changes, id) } else { None };
                // Until the new one is good for all rows, the old one is.
                let late = step.late && !changes.beside.contains(id);
                let alone_on = table.clone().filter(|_| step.transaction == Transaction::Outside);
                let step = Step { finds, late, online: None, ..step };
                out.push(Placed {
                    step,
                    id: id.clone(),
                    action: *action,
                    wanted,
                    on_new,
                    unchecked,
                    felt_on,
                    alone_on,
                });
            }
            count
        };
        match action {
            Action::Drop => {
                let object = changes.old.get(id).expect("what is dropped is in the old catalog");
                let aside = changes.replaced.contains(id).then(|| edges::aside(id));
                let object = aside.map_or_else(|| object.clone(), |id| Object { id, ..object.clone() });
                let cause = &changes.drops[id].cause;
                let kind = kind::of(id);
                let only = changes.spared.contains(id).then(|| kind.drop_only(&object)).flatten();
                let discard = || match taken_along.contains(id) {
                    true => Some(Vec::new()),
                    false => kind.discard(&object, changes.trash?),
                };
                let only = only.or_else(discard);
                for step in only.unwrap_or_else(|| kind.drop(&object)) {
                    place(judged(step, cause, true), matches!(cause, Cause::Wanted | Cause::Rebuilt { .. }));
                }
            }
            Action::Aside => {
                let step =
                    kind::of(id).rename(id, edges::aside(id).name()).expect("what steps aside has a name");
                let why = "renamed out of the way in the same transaction";
                place(Step { class: Class::Additive, why: Cow::Borrowed(why), ..step }, false);
            }
            Action::Alter => {
                let Alter { steps, fields, .. } = &changes.alters[id];
                // What rows may be in the way of waits for those that the plan changes.
                let waits = |step: &&Step| filled.contains(id) && step.finds.is_some();
                let (waiting, ready): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(waits);
                for step in ready {
                    place(step.clone(), !fields.is_empty());
                }
                let count: usize =
                    waiting.iter().map(|step| place((*step).clone(), !fields.is_empty())).sum();
                late.extend(out.split_off(out.len() - count));
            }
            Action::TakeBack => {
                let objects = &changes.brought[id];
                for step in objects.iter().flat_map(|object| kind::of(id).drop(object)) {
                    let why = Cow::Borrowed("it came by itself with the creation above, and is not wanted");
                    place(Step { class: Class::Additive, why, ..step }, false);
                }
            }
            Action::Shell => {
                let object = changes.new.get(id).expect("what is created is in the new catalog");
                let cause = &changes.creates[id].cause;
                if let Some(step) = kind::of(id).shell(object) {
                    place(judged(step, cause, false), matches!(cause, Cause::Wanted | Cause::Rebuilt { .. }));
                }
            }
            Action::Create => {
                let object = changes.new.get(id).expect("what is created is in the new catalog");
                let cause = &changes.creates[id].cause;
                let mut parts = parts(changes, grouping, &guests, id);
                if filled.contains(id) {
                    let (host, slot, text) = (id.clone(), FILLED_LATER, String::new());
                    parts.push(Part { host, slot, order: 0, text, after: Vec::new() });
                }
                let after = parts.iter().flat_map(|part| part.after.clone());
                let create =
                    released(changes, object, &parts).unwrap_or_else(|| kind::of(id).create(object, &parts));
                for step in create.into_iter().chain(after) {
                    place(judged(step, cause, false), matches!(cause, Cause::Wanted | Cause::Rebuilt { .. }));
                }
            }
        }
    }
    out.extend(late);
    out
}

/// Can no transaction hold them?
fn divided(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.transaction == Transaction::Outside)
}

/// The steps of what takes the place of another in one transaction, where only what can wait, or can be done `early`, must
/// be in others.
fn at_once(online: Online, early: impl Fn() -> bool) -> Option<Vec<Step>> {
    let steps = if online.together.is_empty() { online.steps } else { online.together };
    let (first, steps): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| step.early);
    let (late, now): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| step.late);
    let can = (!late.is_empty() || !first.is_empty()) && !divided(&now) && (first.is_empty() || early());
    let together = |step| Step { transaction: Transaction::Inside, ..step };
    can.then(|| first.into_iter().chain(now.into_iter().map(together)).chain(late).collect())
}

/// Is all that the object needs there already, and stays as it is?
fn early(changes: &Changes, id: &Id) -> bool {
    let needs =
        changes.new.get(id).into_iter().flat_map(|object| object.needs.iter().chain(&object.dropped_with));
    let mut needs = needs.filter(|need| *need != id);
    needs.all(|need| {
        changes.old.contains(need) && !changes.drops.contains_key(need) && !changes.alters.contains_key(need)
    })
}

/// What goes to the trash with that to which it is attached.
fn taken_along(changes: &Changes) -> BTreeSet<Id> {
    let Some(trash) = changes.trash else { return BTreeSet::new() };
    let discarded = |id: &Id| {
        let object = changes.old.get(id).filter(|_| changes.drops.contains_key(id));
        object.is_some_and(|object| kind::of(id).discard(object, trash).is_some())
    };
    let links = changes.drops.keys().filter_map(|id| kind::of(id).attaches(changes.old.get(id)?));
    links.filter(|(child, parent)| discarded(child) && discarded(parent)).map(|(child, _)| child).collect()
}

/// The statements of an object that its host could carry but does not, because they had to wait.
fn released(changes: &Changes, object: &Object, parts: &[Part]) -> Option<Vec<Step>> {
    let part = kind::of(&object.id).inline(object, parts)?;
    let by_statements = part.text.is_empty() && !part.after.is_empty();
    (by_statements && changes.creates.contains_key(&part.host)).then_some(part.after)
}

/// The clauses that an object's CREATE carries, each with its own inside.
fn parts(changes: &Changes, grouping: &Grouping, guests: &BTreeMap<&Id, Vec<&Id>>, host: &Id) -> Vec<Part> {
    let mut parts: Vec<Part> = guests
        .get(host)
        .into_iter()
        .flatten()
        .filter_map(|guest| {
            let inner = parts(changes, grouping, guests, guest);
            let mut part = kind::of(guest).inline(changes.new.get(guest)?, &inner)?;
            part.after.extend(inner.into_iter().flat_map(|part| part.after));
            // Values go over by the places that there were.
            if kind::of(guest).by_place() && changes.replaced.contains(host) {
                part.order = kind::of(guest).inline(changes.old.get(guest)?, &[])?.order;
            }
            Some(part)
        })
        .collect();
    parts.extend(grouping.says(host));
    parts.sort_by(|a, b| (a.slot, a.order, &a.text).cmp(&(b.slot, b.order, &b.text)));
    parts
}

/// A step that only takes something aside or puts it back breaks nothing, unless data goes.
fn judged(mut step: Step, cause: &Cause, dropping: bool) -> Step {
    if let Some(online) = &mut step.online {
        // What is done late is of its own class, unless the rows complied before.
        let own = |step: &Step| step.late && matches!(cause, Cause::Rebuilt { .. });
        for step in online.steps.iter_mut().chain(&mut online.together).filter(|step| !own(step)) {
            let why = step.why.clone();
            let class = step.class;
            *step = judged(step.clone(), cause, dropping);
            // It says better how it is done.
            if class == step.class && !matches!(cause, Cause::Carried(_)) {
                step.why = why;
            }
        }
    }
    match cause {
        Cause::Wanted => step,
        Cause::Rebuilt { class, why, .. } => {
            let class = if step.takes_data() { Class::Breaking } else { *class };
            Step { class, why: Cow::Borrowed(*why), ..step }
        }
        Cause::Carried(_) if step.takes_data() => step,
        Cause::Carried(because) if dropping => Step {
            class: Class::Additive,
            why: format!("taken out of the way of {because}, and put back below").into(),
            ..step
        },
        Cause::Carried(_) => {
            Step { class: Class::Additive, why: Cow::Borrowed("put back as it was"), finds: None, ..step }
        }
    }
}
