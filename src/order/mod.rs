//! Changes → steps in an order that PostgreSQL accepts. Names no kind of object.
//!
//! `inline` decides which objects another's CREATE carries, `edges` says what must come before
//! what, and this file sorts and writes the steps.

mod arrange;
mod busy;
mod edges;
mod inline;

use crate::{
    catalog::{Id, Object},
    diagnostic::{Diagnostic, Result},
    diff::{Alter, Cause, Changes},
    kind::{self, FILLED_LATER, Part},
    step::{Class, Lock, Step, Transaction},
};
pub use arrange::{Arranged, Section, arrange};
pub use busy::Busy;
use edges::Graph;
use inline::Grouping;
use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
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
pub fn order(changes: &Changes) -> Result<Vec<Placed>> {
    let (grouping, graph) = acyclic(changes)?;
    let order = sort(changes, &graph, |_| false);
    Ok(steps(changes, &grouping.carried, &Busy::Nothing, order.iter().map(|&at| &graph.nodes[at])))
}

/// All steps, in order, so that nobody waits for all rows of a busy table.
///
/// # Errors
///
/// As [`order`].
pub fn order_online(mut changes: Changes, busy: &Busy) -> Result<Vec<Placed>> {
    // What is renamed out of the way is so in one transaction only, which must hold all that follows it.
    let busy = if changes.replaced.is_empty() { busy } else { &Busy::Nothing };
    side_by_side(&mut changes, busy);
    let (grouping, graph) = match acyclic(&changes) {
        Err(_) if !changes.beside.is_empty() => {
            changes.replaced.retain(|id| !changes.beside.contains(id));
            changes.beside.clear();
            acyclic(&changes)?
        }
        found => found?,
    };
    // What ends transactions must not stand between what is taken away and what puts it back.
    let order = sort(&changes, &graph, |node| divides(&changes, busy, node));
    let steps = steps(&changes, &grouping.carried, busy, order.iter().map(|&at| &graph.nodes[at]));
    let (late, mut first): (Vec<Placed>, Vec<Placed>) =
        steps.into_iter().partition(|placed| placed.step.late);
    first.extend(late);
    Ok(first)
}

/// Does a node have statements that no transaction around may hold?
fn divides(changes: &Changes, busy: &Busy, (action, id): &Node) -> bool {
    let rebuilt = changes.drops.contains_key(id) && changes.creates.contains_key(id);
    if rebuilt && !changes.beside.contains(id) {
        return false;
    }
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

/// What can be built while the old one is still there takes its place only then.
fn side_by_side(changes: &mut Changes, busy: &Busy) {
    let rebuilt = changes.drops.iter().filter(|(id, change)| {
        let object = &changes.old.objects[*id];
        matches!(change.cause, Cause::Rebuilt { .. })
            && kind::of(id).beside(object).is_some_and(|table| busy.holds(changes, &table))
            && changes.new.get(id).is_some_and(|object| kind::of(id).beside(object).is_some())
    });
    changes.beside = rebuilt.map(|(id, _)| id.clone()).collect();
    changes.replaced.extend(changes.beside.iter().cloned());
}

/// What stands alone and what waits for what, once no two wait for each other.
fn acyclic(changes: &Changes) -> Result<(Grouping, Graph)> {
    let mut grouping = inline::candidates(changes);
    let mut shells = edges::Shells::new();
    loop {
        let graph = Graph::new(changes, &grouping, &shells);
        let cycles = graph.cycles();
        if cycles.is_empty() {
            return Ok((grouping, graph));
        }
        if !inline::release(&mut grouping, changes, &graph, &cycles)
            && !edges::shell(&mut shells, changes, &graph, &cycles)
        {
            return Err(cycle(&graph, &cycles[0]));
        }
    }
}

/// Kahn's algorithm; among what is ready, what does not wait first, then what waits for no mention, then action, rank, id.
fn sort(changes: &Changes, graph: &Graph, waits: impl Fn(&Node) -> bool) -> Vec<usize> {
    let count = graph.nodes.len();
    let (mut hard, mut soft) = (vec![0usize; count], vec![0usize; count]);
    for &(_, to) in &graph.hard {
        hard[to] += 1;
    }
    for &(_, to) in &graph.soft {
        soft[to] += 1;
    }
    let mut after: Vec<Vec<(usize, bool)>> = vec![Vec::new(); count];
    for (list, is_hard) in [(&graph.hard, true), (&graph.soft, false)] {
        for &(from, to) in list {
            after[from].push((to, is_hard));
        }
    }
    let waiting: Vec<bool> = graph.nodes.iter().map(waits).collect();
    let key = |at: usize, soft: usize| {
        let (action, id) = &graph.nodes[at];
        let rank = i32::from(kind::of(id).rank());
        let rank = match action {
            // What is created last is dropped first.
            Action::Drop => -rank,
            // At once, before its host gets another owner.
            Action::TakeBack => 0,
            Action::Aside | Action::Alter | Action::Shell | Action::Create => rank,
        };
        // What must be committed before it is used waits, so that nothing else is cut off from it.
        let commits = *action == Action::Alter && changes.alters[id].steps.iter().any(commits);
        Reverse((commits || waiting[at], soft > 0, *action > Action::Aside, rank, at))
    };
    let mut ready: BinaryHeap<_> =
        (0..count).filter(|&at| hard[at] == 0).map(|at| key(at, soft[at])).collect();
    let mut done = vec![false; count];
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse((.., at))) = ready.pop() {
        if std::mem::replace(&mut done[at], true) {
            continue;
        }
        order.push(at);
        for &(next, is_hard) in &after[at] {
            let count = if is_hard { &mut hard[next] } else { &mut soft[next] };
            *count -= 1;
            if hard[next] == 0 && !done[next] {
                ready.push(key(next, soft[next]));
            }
        }
    }
    debug_assert_eq!(
        order.len(),
        graph.nodes.len(),
        "the graph has no cycle, of {} changes",
        changes.alters.len()
    );
    order
}

fn commits(step: &Step) -> bool {
    step.transaction == Transaction::CommitAfter
}

fn steps<'a>(
    changes: &Changes,
    carried: &BTreeMap<Id, Id>,
    busy: &Busy,
    order: impl Iterator<Item = &'a Node>,
) -> Vec<Placed> {
    let altered = changes.alters.keys().filter_map(|id| changes.new.get(id));
    let filled: BTreeSet<Id> = altered.flat_map(|object| kind::of(&object.id).fills(object)).collect();
    let mut guests: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for (guest, host) in carried {
        guests.entry(host).or_default().push(guest);
    }
    let fresh = fresh(changes);
    let taken_along = taken_along(changes);
    let (mut out, mut late) = (Vec::new(), Vec::new());
    for (action, id) in order {
        let mut place = |step: Step, wanted: bool| {
            let on_new = *action != Action::Drop && fresh.contains(id);
            // What hangs on nothing may still change how all else behaves: an event trigger.
            let hangs = changes.new.get(id).is_some_and(|object| !object.dropped_with.is_empty());
            let class = if on_new && hangs { Class::Additive } else { step.class };
            let body = changes.new.get(id).filter(|_| *action != Action::Drop);
            let unchecked = body.is_some_and(|object| kind::of(id).mentions(object).is_some());
            // What is taken away and put back must not be missed in between.
            let rebuilt = changes.drops.contains_key(id) && changes.creates.contains_key(id);
            let at_once = on_new || rebuilt && !changes.beside.contains(id);
            let online = step.online.clone().filter(|online| !at_once && busy.holds(changes, &online.table));
            let steps = match online {
                Some(online) => online.steps,
                None => vec![Step { class, late: false, ..step }],
            };
            let count = steps.len();
            for step in steps {
                // Nothing is in the way of what is new.
                let finds = step.finds.filter(|_| !on_new);
                let strong = !on_new && step.lock >= Lock::ShareRowExclusive;
                let felt_on = if strong { busy.felt_on(changes, id) } else { None };
                // Until the new one is good for all rows, the old one is.
                let late = step.late && !changes.beside.contains(id);
                let step = Step { finds, late, online: None, ..step };
                out.push(Placed {
                    step,
                    id: id.clone(),
                    action: *action,
                    wanted,
                    on_new,
                    unchecked,
                    felt_on,
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
                let (waiting, at_once): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(waits);
                for step in at_once {
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
                let mut parts = parts(changes, &guests, id);
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
fn parts(changes: &Changes, guests: &BTreeMap<&Id, Vec<&Id>>, host: &Id) -> Vec<Part> {
    let mut parts: Vec<Part> = guests
        .get(host)
        .into_iter()
        .flatten()
        .filter_map(|guest| {
            let inner = parts(changes, guests, guest);
            let mut part = kind::of(guest).inline(changes.new.get(guest)?, &inner)?;
            part.after.extend(inner.into_iter().flat_map(|part| part.after));
            Some(part)
        })
        .collect();
    parts.sort_by(|a, b| (a.slot, a.order, &a.text).cmp(&(b.slot, b.order, &b.text)));
    parts
}

/// A step that only takes something aside or puts it back breaks nothing, unless data goes.
fn judged(step: Step, cause: &Cause, dropping: bool) -> Step {
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

fn cycle(graph: &Graph, members: &[usize]) -> crate::diagnostic::Diagnostics {
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
