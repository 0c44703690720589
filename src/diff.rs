//! Old catalog × new catalog → changes. Names no kind of object.
//!
//! Beside what differs, this finds what must move because of it: dependents of what is dropped or
//! rebuilt, and all that those carried. What PostgreSQL does by itself is marked as implied.

use crate::{
    catalog::{Catalog, Id, Object},
    kind::{self, Alteration},
    step::{Class, Step},
};
use std::{
    cell::LazyCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What must be done to get from `old` to `new`.
pub struct Changes<'a> {
    pub old: &'a Catalog,
    pub new: &'a Catalog,
    pub drops: BTreeMap<Id, Change>,
    pub creates: BTreeMap<Id, Change>,
    pub alters: BTreeMap<Id, Alter>,
    /// Rebuilt under their own name while objects that hold data follow: the old one steps aside.
    pub replaced: BTreeSet<Id>,
    /// Those that step aside so that what they are for is never missed: they go when the new one is built.
    pub beside: BTreeSet<Id>,
    /// Those that are taken away before something else and put back after, and can be missed meanwhile.
    pub apart: BTreeSet<Id>,
    /// Dropped while what came with them stays.
    pub spared: BTreeSet<Id>,
    /// Attachments that the creation of what they attach says, so that it gets from its parent what it has of it.
    pub joined: BTreeSet<Id>,
    /// What creations bring about by themselves and the new catalog does not have so.
    pub brought: BTreeMap<Id, Vec<Object>>,
    /// Tables whose rows are planned and change: they are few, and what keeps them as they are may have to go meanwhile.
    pub written: BTreeSet<Id>,
    /// The schema where what holds data is moved to instead of being dropped.
    pub trash: Option<&'a str>,
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

impl Alter {
    /// The kinds of dependents that are in its way.
    pub(crate) fn without(&self) -> &[&'static str] {
        &self.without
    }
}

impl Changes<'_> {
    pub fn is_empty(&self) -> bool {
        self.drops.is_empty() && self.creates.is_empty() && self.alters.is_empty()
    }

    /// What steps aside while its values go over to its new form, each part to the one in the same place: this one
    /// leaves before and joins after.
    pub(crate) fn out_of_place(&self, object: &Object) -> Option<&Id> {
        let one_sided = self.old.contains(&object.id) != self.new.contains(&object.id);
        let whole = object.dropped_with.first().filter(|_| one_sided && kind::of(&object.id).by_place())?;
        self.replaced.get(whole).filter(|whole| self.old.contains(whole) && self.new.contains(whole))
    }
}

/// Compares by identity, attribute by attribute.
pub fn diff<'a>(old: &'a Catalog, new: &'a Catalog) -> Changes<'a> {
    let mut changes = compare(old, new);
    complete(&mut changes);
    changes
}

/// Takes dependents of what changes in place out of its way, which the change itself would not need; each with what
/// it depends on.
pub(crate) fn set_apart(changes: &mut Changes, apart: &[(Id, Id)]) {
    for (id, of) in apart {
        rebuild(changes, id, of, &mut Vec::new());
        changes.apart.insert(id.clone());
    }
    complete(changes);
}

/// Creates what these attach as parts of what they attach it to.
pub(crate) fn join(changes: &mut Changes, links: BTreeSet<Id>) {
    changes.joined = links;
    imply(changes);
}

/// Drops and creates what would be altered.
pub(crate) fn rebuild_altered(changes: &mut Changes, id: &Id) {
    let Some(Alter { fields, steps, .. }) = changes.alters.remove(id) else { return };
    let class = steps.iter().map(|step| step.class).max().unwrap_or(Class::Additive);
    let why = "it is dropped and created because its old form is in the way of what its new form needs";
    let change = Change { cause: Cause::Rebuilt { fields, class, why }, implied_by: None };
    changes.drops.insert(id.clone(), change.clone());
    changes.creates.insert(id.clone(), change);
    complete(changes);
}

/// Drops and creates these, which would stay as they are; false when all of them are dropped as it is.
pub(crate) fn rebuild_for(changes: &mut Changes, ids: &[Id], because: &Id) -> bool {
    let before = changes.drops.len();
    ids.iter().for_each(|id| rebuild(changes, id, because, &mut Vec::new()));
    complete(changes);
    changes.drops.len() > before
}

/// Adds what must move because of what does.
fn complete(changes: &mut Changes) {
    carry(changes);
    while loosen(changes) {
        carry(changes);
    }
    accompany(changes);
    imply(changes);
    changes.brought.clear();
    bring(changes);
}

fn compare<'a>(old: &'a Catalog, new: &'a Catalog) -> Changes<'a> {
    let mut changes = Changes {
        old,
        new,
        drops: BTreeMap::new(),
        creates: BTreeMap::new(),
        alters: BTreeMap::new(),
        replaced: BTreeSet::new(),
        beside: BTreeSet::new(),
        apart: BTreeSet::new(),
        spared: BTreeSet::new(),
        joined: BTreeSet::new(),
        brought: BTreeMap::new(),
        written: BTreeSet::new(),
        trash: None,
    };
    let change = |cause| Change { cause, implied_by: None };
    // Both are in the order of their names.
    let mut olds = old.objects.iter().peekable();
    for (id, object) in &new.objects {
        while let Some((gone, _)) = olds.next_if(|(theirs, _)| *theirs < id) {
            changes.drops.insert(gone.clone(), change(Cause::Wanted));
        }
        let Some((_, before)) = olds.next_if(|(theirs, _)| *theirs == id) else {
            changes.creates.insert(id.clone(), change(Cause::Wanted));
            continue;
        };
        if Arc::ptr_eq(before, object) {
            continue;
        }
        match kind::of(id).alter(before, object, &[]) {
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
    changes.drops.extend(olds.map(|(gone, _)| (gone.clone(), change(Cause::Wanted))));
    changes
}

/// Rebuilds the dependents of what is dropped, rebuilt or altered under them.
fn carry(changes: &mut Changes) {
    let dependents = changes.old.dependents();
    let holders = LazyCell::new({
        let new = changes.new;
        move || holders(new)
    });
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
            let through = kind::of(dependent).through(before, &gone);
            if through.iter().any(|link| changes.drops.contains_key(link)) {
                continue;
            }
            let hangs = before.dropped_with.contains(&gone);
            let released =
                !hangs && !after.needs.contains(&gone) && kind::of(dependent).lets_go(before, &gone);
            let moved = || taken(changes, &gone, &holders) || returns_to(changes, &gone, after);
            if released && changes.alters.contains_key(*dependent) && !moved() {
                continue;
            }
            if !hangs
                && (comes_back || takes_over(changes, &gone, after))
                && steps_aside
                && let Some((steps, without)) = kind::of(dependent).follow(after, before)
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

/// What steps aside goes on needing what it needed, which steps aside as well where it is rebuilt.
fn accompany(changes: &mut Changes) {
    let mut queue: Vec<Id> = changes.replaced.iter().cloned().collect();
    let mut parts: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    if !queue.is_empty() {
        for object in changes.old.objects.values() {
            object.dropped_with.iter().for_each(|whole| parts.entry(whole).or_default().push(&object.id));
        }
    }
    while let Some(id) = queue.pop() {
        let all = parts.get(&id).into_iter().flatten().copied().chain([&id]);
        let needs = all.filter_map(|id| changes.old.get(id)).flat_map(|object| &object.needs);
        let rebuilt = |need: &&Id| {
            changes.drops.contains_key(*need)
                && changes.creates.contains_key(*need)
                && !changes.replaced.contains(*need)
                && kind::of(need).rename(need, "").is_some()
        };
        let more: BTreeSet<Id> = needs.filter(rebuilt).cloned().collect();
        queue.extend(more.iter().cloned());
        changes.replaced.extend(more);
    }
}

/// Does something else take a name of this object, so that it must be gone before that is there?
///
/// What is altered lets go of the old only together with holding on to the new.
fn taken(changes: &Changes, gone: &Id, holders: &BTreeMap<Vec<String>, Vec<&Id>>) -> bool {
    let slots = kind::of(gone).slots(&changes.old.objects[gone]);
    let mut takers = slots.iter().filter_map(|slot| holders.get(slot)).flatten();
    takers.any(|id| *id != gone && changes.creates.contains_key(*id))
}

/// Does the object need what hangs on the new form of that on which this one hung?
fn returns_to(changes: &Changes, gone: &Id, after: &Object) -> bool {
    let wholes = &changes.old.objects[gone].dropped_with;
    let rebuilt = |id: &Id| changes.drops.contains_key(id) && changes.creates.contains_key(id);
    let on_a_new = |need: &Id| {
        let object = changes.new.get(need);
        object.is_some_and(|object| {
            object.dropped_with.iter().any(|whole| wholes.contains(whole) && rebuilt(whole))
        })
    };
    after.needs.iter().any(|need| wholes.contains(need) && rebuilt(need) || on_a_new(need))
}

/// Who has each slot.
fn holders(catalog: &Catalog) -> BTreeMap<Vec<String>, Vec<&Id>> {
    let mut holders: BTreeMap<_, Vec<&Id>> = BTreeMap::new();
    for object in catalog.objects.values() {
        for slot in kind::of(&object.id).slots(object) {
            holders.entry(slot).or_default().push(&object.id);
        }
    }
    holders
}

/// Rebuilds what holds on to an object that must go; false when nothing does.
fn loosen(changes: &mut Changes) -> bool {
    let held: Vec<(Id, Id)> = (changes.drops.keys())
        .filter(|id| drops(changes, id).is_none())
        .flat_map(|id| {
            let object = &changes.old.objects[id];
            let holders = kind::of(id).held_by(object).into_iter();
            holders.filter(|holder| attached(changes, object, holder)).map(|holder| (id.clone(), holder))
        })
        .collect();
    let before = changes.drops.len();
    for (id, holder) in held {
        rebuild(changes, &holder, &id, &mut Vec::new());
    }
    changes.drops.len() > before
}

/// Does the object need what takes the name of the one that is gone, though it is of another kind?
fn takes_over(changes: &Changes, gone: &Id, after: &Object) -> bool {
    let slots = kind::of(gone).slots(&changes.old.objects[gone]);
    let new = after.needs.iter().filter(|need| changes.creates.contains_key(*need));
    new.flat_map(|need| kind::of(need).slots(&changes.new.objects[need])).any(|slot| slots.contains(&slot))
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
    changes.spared = spared(changes);
    for id in changes.drops.keys().cloned().collect::<Vec<_>>() {
        let host = drops(changes, &id);
        changes.drops.get_mut(&id).expect("its own key").implied_by = host;
    }
    for id in changes.creates.keys().cloned().collect::<Vec<_>>() {
        let host = brings(changes, &id);
        changes.creates.get_mut(&id).expect("its own key").implied_by = host;
    }
    for id in changes.alters.keys().cloned().collect::<Vec<_>>() {
        follow(changes, &id);
    }
}

/// Every difference in a line of its own, as messages show it.
pub fn explain(changes: &Changes) -> Vec<String> {
    let both = |id: &Id| changes.drops.contains_key(id) && changes.creates.contains_key(id);
    let missing = changes.creates.keys().filter(|id| !both(id)).map(|id| format!("{id} is missing"));
    let surplus = changes.drops.keys().filter(|id| !both(id)).map(|id| format!("{id} should not be there"));
    let altered = changes.alters.iter().map(|(id, alter)| (id, alter.fields.as_slice()));
    let rebuilt = changes.drops.iter().filter_map(|(id, change)| match &change.cause {
        Cause::Rebuilt { fields, .. } => Some((id, fields.as_slice())),
        _ => None,
    });
    let differing = altered.chain(rebuilt).flat_map(|(id, fields)| {
        let json = |catalog: &Catalog| kind::of(id).json(&*catalog.objects[id].body);
        let (old, new) = (json(changes.old), json(changes.new));
        fields
            .iter()
            .map(move |field| format!("{id}: {field} is {}, not {}", old[*field], new[*field]))
            .collect::<Vec<_>>()
    });
    missing.chain(surplus).chain(differing).collect()
}

/// Finds what creations bring about by themselves, other than it is wanted.
///
/// What is dropped is dropped before anything is created, and what brings something is created and
/// altered last, so the old catalog says what is in force while the plan runs.
fn bring(changes: &mut Changes) {
    let old = changes.old.objects.values();
    let in_force: Vec<&Object> = old
        .map(AsRef::as_ref)
        .filter(|object| kind::of(&object.id).has_brings() && !changes.drops.contains_key(&object.id))
        .collect();
    for id in changes.creates.keys() {
        let made = changes.new.get(id).expect("what is created is in the new catalog");
        for object in in_force.iter().filter_map(|object| kind::of(&object.id).brings(object, made)) {
            changes.brought.entry(object.id.clone()).or_default().push(object);
        }
    }
    changes.brought.retain(|id, objects| {
        let wanted = changes.new.get(id);
        let as_wanted =
            |object: &Object| wanted.is_some_and(|wanted| kind::of(id).alter(object, wanted, &[]).is_none());
        !objects.iter().all(as_wanted)
    });
}

/// Is what attaches the object to its host neither made nor removed?
pub(crate) fn attached(changes: &Changes, object: &Object, host: &Id) -> bool {
    let through = kind::of(&object.id).through(object, host);
    !through.iter().any(|link| changes.drops.contains_key(link) || changes.creates.contains_key(link))
}

/// The host whose drop takes the object along.
fn drops(changes: &Changes, id: &Id) -> Option<Id> {
    let object = &changes.old.objects[id];
    let goes = |host: &&Id| changes.drops.contains_key(*host) && attached(changes, object, host);
    let with_all = || comes_with_the_gone(changes, object).filter(|host| !changes.spared.contains(*host));
    object.dropped_with.iter().find(goes).or_else(with_all).cloned()
}

/// The first of those that it came with, when all of them go: it goes with the last.
fn comes_with_the_gone<'a>(changes: &Changes, object: &'a Object) -> Option<&'a Id> {
    let goes = |host: &Id| changes.drops.contains_key(host) && attached(changes, object, host);
    let all = !kind::of(&object.id).stays(object) && object.comes_with.iter().all(goes);
    object.comes_with.first().filter(|_| all)
}

/// Those whose drop would take along what is wanted, and those whose drop would take these along.
fn spared(changes: &Changes) -> BTreeSet<Id> {
    let goes_along =
        |object: &&Object| !object.comes_with.is_empty() && comes_with_the_gone(changes, object).is_some();
    let stays = |object: &&Object| {
        changes.new.contains(&object.id) && !changes.drops.contains_key(&object.id) && goes_along(object)
    };
    let mut queue: Vec<&Object> = changes.old.objects.values().map(AsRef::as_ref).filter(stays).collect();
    let mut spared = BTreeSet::new();
    while let Some(object) = queue.pop() {
        let hosts = object.comes_with.iter().filter_map(|host| changes.old.get(host));
        for host in hosts.filter(|host| kind::of(&host.id).drop_only(host).is_some()) {
            if spared.insert(host.id.clone()) {
                queue.extend(Some(host).filter(goes_along));
            }
        }
    }
    spared
}

/// The host whose creation brings the object.
fn brings(changes: &Changes, id: &Id) -> Option<Id> {
    let object = &changes.new.objects[id];
    let owner_is_new = |owner: &Id| changes.creates.contains_key(owner) && brings(changes, owner).is_none();
    if let Some(link) = joined(changes, object) {
        return Some(link);
    }
    if kind::of(id).stays(object) || object.dropped_with.iter().any(owner_is_new) {
        return None;
    }
    let mut hosts = object.comes_with.iter();
    hosts.find(|host| changes.creates.contains_key(*host) && attached(changes, object, host)).cloned()
}

/// The attachment that is made with what the object is in, and brings it.
fn joined(changes: &Changes, object: &Object) -> Option<Id> {
    if changes.joined.is_empty() || kind::of(&object.id).stays(object) {
        return None;
    }
    let hosts = object.comes_with.iter().chain(&object.dropped_with);
    let hosts = hosts.filter(|host| changes.creates.contains_key(*host));
    let mut links = hosts.flat_map(|host| kind::of(&object.id).through(object, host));
    links.find(|link| *link != object.id && changes.joined.contains(link))
}

/// Leaves to the host what changes with it.
fn follow(changes: &mut Changes, id: &Id) {
    let (before, after) = (&changes.old.objects[id], &changes.new.objects[id]);
    let kind = kind::of(id);
    let altered = |host: &&Id| changes.alters.contains_key(*host) && attached(changes, after, host);
    let Some(host) = after.comes_with.iter().find(altered) else { return };
    let theirs = &changes.alters[host].fields;
    let ours = &changes.alters[id].fields;
    let follows = |field: &&str| theirs.contains(field) && kind.follows(before, after, field);
    let left: Vec<&str> = ours.iter().copied().filter(follows).collect();
    let implied_by = (left.len() == ours.len()).then(|| host.clone());
    let steps = match kind.alter(before, after, &left) {
        Some(Alteration::Steps { steps, .. }) if !left.is_empty() => Some(steps),
        _ => None,
    };
    let alter = changes.alters.get_mut(id).expect("its own key");
    alter.implied_by = implied_by;
    alter.steps = steps.unwrap_or_else(|| std::mem::take(&mut alter.steps));
}
