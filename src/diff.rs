//! Old catalog × new catalog → changes. Names no kind of object.
//!
//! Beside what differs, this finds what must move because of it: dependents of what is dropped or
//! rebuilt, and all that those carried. What PostgreSQL does by itself is marked as implied.

use crate::{
    catalog::{Catalog, Id},
    kind::{self, Alteration},
    step::{Class, Step},
};
use std::collections::{BTreeMap, BTreeSet};

/// What must be done to get from `old` to `new`.
pub struct Changes<'a> {
    pub old: &'a Catalog,
    pub new: &'a Catalog,
    pub drops: BTreeMap<Id, Change>,
    pub creates: BTreeMap<Id, Change>,
    pub alters: BTreeMap<Id, Alter>,
    /// Rebuilt under their own name while objects that hold data follow: the old one steps aside.
    pub replaced: BTreeSet<Id>,
}

/// One object that is dropped or created.
#[derive(Clone, Debug)]
pub struct Change {
    pub cause: Cause,
    /// The object whose drop or creation does this one's as well.
    pub implied_by: Option<Id>,
}

/// Why an object is dropped or created.
#[derive(Clone, Debug)]
pub enum Cause {
    /// It is in one catalog only.
    Wanted,
    /// It differs in what no statement changes.
    Rebuilt { fields: Vec<&'static str>, class: Class, why: &'static str },
    /// It does not differ, but this one is in the way or takes it along.
    Carried(Id),
}

/// One object that is changed in place.
#[derive(Clone, Debug)]
pub struct Alter {
    pub fields: Vec<&'static str>,
    pub steps: Vec<Step>,
    without: Vec<&'static str>,
    pub implied_by: Option<Id>,
}

impl Changes<'_> {
    pub fn is_empty(&self) -> bool {
        self.drops.is_empty() && self.creates.is_empty() && self.alters.is_empty()
    }
}

/// Compares by identity, attribute by attribute.
pub fn diff<'a>(old: &'a Catalog, new: &'a Catalog) -> Changes<'a> {
    let mut changes = compare(old, new);
    carry(&mut changes);
    imply(&mut changes);
    changes
}

fn compare<'a>(old: &'a Catalog, new: &'a Catalog) -> Changes<'a> {
    let mut changes = Changes {
        old,
        new,
        drops: BTreeMap::new(),
        creates: BTreeMap::new(),
        alters: BTreeMap::new(),
        replaced: BTreeSet::new(),
    };
    let change = |cause| Change { cause, implied_by: None };
    for id in old.objects.keys().filter(|id| !new.contains(id)) {
        changes.drops.insert(id.clone(), change(Cause::Wanted));
    }
    for (id, object) in &new.objects {
        let Some(before) = old.get(id) else {
            changes.creates.insert(id.clone(), change(Cause::Wanted));
            continue;
        };
        match kind::of(id).alter(before, object) {
            None => {}
            Some(Alteration::Recreate { fields, class, why }) => {
                let cause = Cause::Rebuilt { fields, class, why };
                let whole = kind::of(id).rebuilt_as(before);
                changes.drops.insert(whole.clone(), change(cause.clone()));
                changes.creates.insert(whole, change(cause));
            }
            Some(Alteration::Steps { fields, steps, without }) => {
                changes.alters.insert(id.clone(), Alter { fields, steps, without, implied_by: None });
            }
        }
    }
    changes
}

/// Rebuilds the dependents of what is dropped, rebuilt or altered under them.
fn carry(changes: &mut Changes) {
    let dependents = changes.old.dependents();
    let of = |id: &Id| dependents.get(id).map(Vec::as_slice).unwrap_or_default();
    let mut queue: Vec<Id> = changes.drops.keys().cloned().collect();
    for (id, alter) in changes.alters.clone() {
        out_of_the_way(changes, of(&id), &id, &alter.without, &mut queue);
    }
    while let Some(gone) = queue.pop() {
        changes.alters.remove(&gone);
        let comes_back = changes.new.contains(&gone);
        let steps_aside = kind::of(&gone).rename(&gone, "").is_some();
        for dependent in of(&gone) {
            let (Some(before), Some(after)) = (changes.old.get(dependent), changes.new.get(dependent)) else {
                continue;
            };
            if changes.drops.contains_key(*dependent) {
                continue;
            }
            let hangs = before.dropped_with.contains(&gone);
            let released = !hangs && !after.needs.contains(&gone);
            if released && changes.alters.contains_key(*dependent) {
                continue;
            }
            if !hangs
                && comes_back
                && steps_aside
                && let Some((steps, without)) = kind::of(dependent).follow(after, &gone)
            {
                changes.replaced.insert(gone.clone());
                let id = (*dependent).clone();
                let alter = changes.alters.entry(id.clone()).or_insert_with(|| Alter {
                    fields: Vec::new(),
                    steps: Vec::new(),
                    without: Vec::new(),
                    implied_by: None,
                });
                alter.steps.splice(
                    0..0,
                    steps.into_iter().filter(|step| !alter.steps.contains(step)).collect::<Vec<_>>(),
                );
                out_of_the_way(changes, of(&id), &id, without, &mut queue);
                continue;
            }
            rebuild(changes, dependent, &gone, &mut queue);
        }
    }
}

fn out_of_the_way(changes: &mut Changes, dependents: &[&Id], of: &Id, kinds: &[&str], queue: &mut Vec<Id>) {
    for dependent in dependents.iter().filter(|dependent| kinds.contains(&dependent.kind)) {
        rebuild(changes, dependent, of, queue);
    }
}

fn rebuild(changes: &mut Changes, id: &Id, because: &Id, queue: &mut Vec<Id>) {
    let Some(object) = changes.old.get(id) else { return };
    let whole = kind::of(id).rebuilt_as(object);
    let id = if changes.drops.contains_key(&whole) { id } else { &whole };
    if !changes.new.contains(id) || changes.drops.contains_key(id) {
        return;
    }
    let change = Change { cause: Cause::Carried(because.clone()), implied_by: None };
    changes.drops.insert(id.clone(), change.clone());
    changes.creates.insert(id.clone(), change);
    queue.push(id.clone());
}

/// Marks what PostgreSQL does by itself.
fn imply(changes: &mut Changes) {
    let hosts = |object: &crate::catalog::Object| {
        object.dropped_with.iter().chain(&object.comes_with).cloned().collect::<Vec<_>>()
    };
    let ids: Vec<Id> = changes.drops.keys().cloned().collect();
    for id in ids {
        let object = changes.old.get(&id).expect("what is dropped is in the old catalog");
        let host = hosts(object).into_iter().find(|host| changes.drops.contains_key(host));
        changes.drops.get_mut(&id).expect("its own key").implied_by = host;
    }
    let ids: Vec<Id> = changes.creates.keys().cloned().collect();
    for id in ids {
        let object = changes.new.get(&id).expect("what is created is in the new catalog");
        let owner_is_new = object.dropped_with.iter().any(|owner| changes.creates.contains_key(owner));
        let host = object.comes_with.iter().find(|host| changes.creates.contains_key(*host)).cloned();
        changes.creates.get_mut(&id).expect("its own key").implied_by = host.filter(|_| !owner_is_new);
    }
    let ids: Vec<Id> = changes.alters.keys().cloned().collect();
    for id in ids {
        let object = changes.new.get(&id).expect("what is altered is in both catalogs");
        let fields = changes.alters[&id].fields.clone();
        let same = |host: &&Id| {
            let theirs = changes.alters.get(*host);
            theirs.is_some_and(|theirs| fields.iter().all(|field| theirs.fields.contains(field)))
        };
        let host = object.comes_with.iter().find(same).cloned();
        changes.alters.get_mut(&id).expect("its own key").implied_by = host;
    }
}
