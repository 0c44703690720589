//! What is to be checked when a transaction ends is checked before it goes on to change tables: PostgreSQL alters none
//! that has events pending (55006).

use super::{Action, Placed};
use crate::{
    catalog::Id,
    diff::Changes,
    kind,
    step::{Lock, Step, Transaction},
};

/// Puts a check between what writes rows and what follows it.
pub(super) fn check_between(changes: &Changes, steps: Vec<Placed>) -> Vec<Placed> {
    let objects = || changes.old.objects.values().chain(changes.new.objects.values());
    let is_row = |id: &Id| {
        let object = changes.new.get(id).or_else(|| changes.old.get(id));
        object.is_some_and(|object| !kind::of(id).columns(object).is_empty())
    };
    let writes = |placed: &Placed| {
        placed.step.transaction == Transaction::Inside && (placed.step.fires || is_row(&placed.id))
    };
    if !steps.iter().any(writes) || !objects().any(|object| kind::of(&object.id).defers(object)) {
        return steps;
    }
    let mut checked: Vec<Placed> = Vec::with_capacity(steps.len());
    for placed in steps {
        if let Some(last) = checked.last().filter(|last| writes(last) && !writes(&placed)) {
            let why = "what waits for the end of the transaction would keep tables from being altered";
            let step = Step::additive("SET CONSTRAINTS ALL IMMEDIATE", Lock::None, why);
            let check = Placed { on_new: false, ..Placed::wanted(last.id.clone(), Action::Alter, step) };
            checked.push(Placed { wanted: false, ..check });
        }
        checked.push(placed);
    }
    checked
}
