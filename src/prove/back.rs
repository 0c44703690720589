//! The ways back: each migration's is planned from the state that it leads to, and run.
//!
//! That state is the one that was read there, not the one that was hoped for. Where it was only told, the ways back
//! are believed once they have led, in their order and without any correction, to where the plan began.

use super::{Start, between, read, rows::Rows, run::again, settle, trash};
use crate::{
    bundle::Mode,
    catalog::{Catalog, Id, Object, fingerprints},
    diagnostic::Result,
    diff::diff,
    kind,
    order::{Action, Placed, order, order_online},
    plan::{Draft, down_mode},
    rename::Renamed,
    scratch::Database,
};
use std::{collections::BTreeSet, iter, sync::Arc};

/// Plans and runs the ways back. `states` are those around the migrations, as far as they were read; what PostgreSQL
/// did by itself was `settled` at the end.
pub(super) fn back(
    start: &mut Start,
    drafts: &mut [Draft],
    states: Vec<Option<Catalog>>,
    settled: bool,
    rows: &mut Rows,
    discarded: &mut Rows,
) -> Result<()> {
    let was_read: Vec<bool> = states.iter().map(Option::is_some).collect();
    let all = vec![true; states.len()];
    if was_read == all {
        let states: Vec<Catalog> = states.into_iter().flatten().collect();
        ways(start, drafts, &states, &all, rows, discarded)?;
        mark(start, drafts, &states);
        return Ok(());
    }
    let told = if settled { None } else { between::tell(drafts, states) };
    if let Some(states) = told
        && matches!(ways(start, drafts, &states, &was_read, rows, discarded), Ok(true))
    {
        mark(start, drafts, &states);
        return Ok(());
    }
    let states = look_again(start, drafts, rows)?;
    ways(start, drafts, &states, &all, rows, discarded)?;
    mark(start, drafts, &states);
    Ok(())
}

/// Whether each way led where it should without more steps, as far as one looked.
fn ways(
    start: &mut Start,
    drafts: &mut [Draft],
    states: &[Catalog],
    was_read: &[bool],
    rows: &mut Rows,
    discarded: &mut Rows,
) -> Result<bool> {
    let (database, filters) = (&mut start.database, &start.filters);
    let mut straight = true;
    let mut made = BTreeSet::new();
    for at in (0..drafts.len()).rev() {
        let mut down = trash::restores(&drafts[at].up, start.trash.as_deref(), &states[at], &states[at + 1])?;
        let mut done = down.len();
        if done == 0 && drafts[at].up.iter().any(|placed| placed.step.discards.is_some()) {
            *discarded = Rows::default();
        }
        let restored = match done {
            0 => states[at + 1].clone(),
            _ => {
                again(database, Mode::Transaction, &down, "down", rows)?;
                read(database, &states[at], filters)?
            }
        };
        let refilled = if at == 0 { brought_back(&restored, &states[at], &start.renamed) } else { None };
        down.extend(order_online(diff(&restored, refilled.as_ref().unwrap_or(&states[at])), &start.busy)?);
        if at == 0 {
            down.extend(start.renamed.iter().rev().filter_map(Renamed::reversed));
        }
        if refilled.is_some() {
            again(database, down_mode(&down), &down[done..], "down", rows)?;
            done = down.len();
            let state = read(database, &start.began, filters)?;
            down.extend(start.renamed.iter().filter_map(Renamed::refilled));
            down.extend(order_online(diff(&state, &start.began), &start.busy)?);
        }
        drafts[at].down_mode = down_mode(&down);
        drafts[at].down = down;
        again(database, drafts[at].down_mode, &drafts[at].down[done..], "down", rows)?;
        if !was_read[at] {
            continue;
        }
        let before = if at == 0 { &start.began } else { &states[at] };
        let mut state = read(database, before, filters)?;
        let down = drafts[at].down.iter().filter(|placed| placed.action == Action::Create);
        made.extend(down.map(|placed| placed.id.clone()));
        take_as_told(&mut state, before, &made);
        let message = "running down does not lead where it should";
        let mode = drafts[at].down_mode;
        let run = |database: &mut Database, placed: &Placed| {
            again(database, mode, std::slice::from_ref(placed), "down", rows)
        };
        let more = settle(database, &mut state, before, filters, message, run)?;
        straight &= more.is_empty();
        drafts[at].down.extend(more);
    }
    Ok(straight)
}

/// What was made as `wanted` spells it is that, however PostgreSQL spells it now.
fn take_as_told(state: &mut Catalog, wanted: &Catalog, made: &BTreeSet<Id>) {
    for id in made {
        if let (Some(one), Some(other)) = (state.get(id), wanted.get(id))
            && kind::of(id).respelled(one, other)
        {
            state.objects.insert(id.clone(), wanted.objects[id].clone());
        }
    }
}

/// Where the way back leads first if what it brings back gets its values only under its old name: that is empty until
/// then, and nothing hangs on it.
fn brought_back(from: &Catalog, to: &Catalog, renamed: &[Renamed]) -> Option<Catalog> {
    let refilled = renamed.iter().filter(|one| one.refill.is_some()).map(|one| &one.after);
    let mut missing: BTreeSet<Id> = refilled.filter(|id| !from.contains(id)).cloned().collect();
    if missing.is_empty() {
        return None;
    }
    let mut bare = to.clone();
    for id in &missing {
        let object = to.get(id)?;
        bare.objects.insert(
            id.clone(),
            kind::of(id).relaxed(object).map_or_else(|| to.objects[id].clone(), Arc::new),
        );
    }
    let kept = missing.clone();
    loop {
        let hangs = |object: &Object| object.needs.iter().any(|need| missing.contains(need));
        let more = bare.objects.values().filter(|object| hangs(object) && !missing.contains(&object.id));
        let more: Vec<Id> = more.map(|object| object.id.clone()).collect();
        if more.is_empty() {
            break;
        }
        missing.extend(more);
    }
    bare.objects.retain(|id, _| kept.contains(id) || !missing.contains(id));
    Some(bare)
}

/// The states around the migrations, read: from wherever the database is now, all is taken back at once and run again
/// one by one.
fn look_again(start: &mut Start, drafts: &[Draft], rows: &mut Rows) -> Result<Vec<Catalog>> {
    let (database, filters, first) = (&mut start.database, &start.filters, &start.catalog);
    let mut state = read(database, first, filters)?;
    let at_once = order(diff(&state, first))?;
    again(database, down_mode(&at_once), &at_once, "down", rows)?;
    state = read(database, first, filters)?;
    let message = "running down at once does not lead where it should";
    settle(database, &mut state, first, filters, message, |database, placed| {
        again(database, Mode::Transaction, std::slice::from_ref(placed), "down", rows)
    })?;
    let mut states = vec![first.clone()];
    for draft in drafts {
        again(database, draft.mode, &draft.up, "up again", rows)?;
        let before = states.last().expect("there is the first");
        let state = read(database, before, filters)?;
        states.push(state);
    }
    Ok(states)
}

/// Tells each migration between which states it stands.
fn mark(start: &Start, drafts: &mut [Draft], states: &[Catalog]) {
    let prints = fingerprints(iter::once(&start.began).chain(&states[1..]));
    for (draft, prints) in drafts.iter_mut().zip(prints.windows(2)) {
        (draft.before, draft.after) = (prints[0].clone(), prints[1].clone());
    }
}
