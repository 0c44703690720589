//! `-- @renamed from=old_name` → the renames that are still to be done. Names no kind of object.

use crate::{
    catalog::{Catalog, Id, Object},
    diagnostic::{Diagnostic, Place, Result},
    kind,
    order::{Action, Placed},
    source::Rename,
    step::{Class, Lock, Step},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
};

/// One rename that a database has not seen.
#[derive(Clone, Debug)]
pub struct Renamed {
    pub before: Id,
    pub after: Id,
    pub step: Step,
    /// `None` where the rest of the way back makes again what this removes.
    back: Option<Step>,
    /// Gives what has its old name again the values that it had lost.
    pub refill: Option<Step>,
    pub place: Option<Place>,
}

impl Renamed {
    /// What stands under the old name from now on, and how it is removed.
    pub fn bridged(&self, [there, back]: &[String; 2]) -> Renamed {
        let step =
            |sql: &str| Step::additive(sql, Lock::None, "who knows the old name finds the same under it");
        Renamed { step: step(there), back: Some(step(back)), place: None, ..self.clone() }
    }

    /// It breaks nothing, neither there nor back.
    pub fn harmless(mut self, why: &'static str) -> Renamed {
        for step in iter::once(&mut self.step).chain(&mut self.back) {
            step.class = Class::Additive;
            step.why = why.into();
        }
        self
    }

    /// What else is done to an object in the same transaction, and what undoes that.
    pub fn of(id: &Id, step: Step, back: Option<Step>) -> Renamed {
        Renamed { before: id.clone(), after: id.clone(), step, back, refill: None, place: None }
    }

    pub fn placed(&self) -> Placed {
        placed(&self.before, &self.step)
    }

    /// The step of the way back.
    pub fn reversed(&self) -> Option<Placed> {
        Some(placed(&self.after, self.back.as_ref()?))
    }

    /// It loses its values once it has its new name, and gets them back by this step.
    pub fn refilled_by(self, step: Step) -> Renamed {
        Renamed { refill: Some(step), ..self }
    }

    /// The step that fills it on the way back.
    pub fn refilled(&self) -> Option<Placed> {
        Some(placed(&self.before, self.refill.as_ref()?))
    }
}

fn placed(id: &Id, step: &Step) -> Placed {
    Placed::wanted(id.clone(), Action::Alter, step.clone())
}

/// An object that is to have another name, and gets its own back on the way back.
pub fn to(id: &Id, name: &str) -> Option<Renamed> {
    let mut path = id.path.to_vec();
    path[kind::of(id).name_at(id)] = name.to_string();
    one(id, &Id::new(id.kind, path), &id.path[kind::of(id).name_at(id)], name, None)
}

/// The renames of the outermost names that are due; none when all are done.
///
/// # Errors
///
/// An annotation whose old and new object both exist.
pub fn due(renames: &[Rename], current: &Catalog, desired: &Catalog) -> Result<Vec<Renamed>> {
    let mut due: Vec<Renamed> = Vec::new();
    for rename in renames {
        for (new, at) in targets(rename, desired) {
            let mut path = new.path.to_vec();
            let to = std::mem::replace(&mut path[at], rename.from.clone());
            let old = Id::new(new.kind, path);
            if !current.contains(&old) || rename.from == to {
                continue;
            }
            if current.contains(&new) && !desired.contains(&old) {
                return Err(both(rename, &old, &new).into());
            }
            if current.contains(&new) || desired.contains(&old) {
                continue;
            }
            due.extend(one(&old, &new, &rename.from, &to, Some(rename.place.clone())));
        }
    }
    due.extend(renames.iter().flat_map(|rename| elements(rename, current, desired)));
    let outermost = due.iter().map(|renamed| renamed.before.path.len()).min();
    due.retain(|renamed| Some(renamed.before.path.len()) == outermost);
    let followers: Vec<Renamed> =
        due.iter().flat_map(|renamed| followers(renamed, current, desired)).collect();
    due.extend(followers);
    let mut seen = BTreeSet::new();
    due.retain(|renamed| seen.insert(renamed.step.sql.clone()));
    Ok(due)
}

/// The old and the new one where both are there, and the old one is to go.
pub fn both_there(renames: &[Rename], current: &Catalog, desired: &Catalog) -> Vec<(Id, Id)> {
    let pairs = renames.iter().flat_map(|rename| {
        targets(rename, desired).into_iter().map(|(new, at)| {
            let mut path = new.path.to_vec();
            path[at] = rename.from.clone();
            (Id::new(new.kind, path), new)
        })
    });
    let both =
        |(old, new): &(Id, Id)| current.contains(old) && current.contains(new) && !desired.contains(old);
    pairs.filter(both).collect()
}

/// Pairs of one dropped and one created object that look like the same, renamed.
///
/// They are of one kind in one place, alike, and most of what hangs on the one hangs on the other.
pub fn look_alikes(current: &Catalog, desired: &Catalog) -> Vec<(Id, Id)> {
    let gone = current.objects.values().filter(|object| !desired.contains(&object.id));
    let new: Vec<_> = desired.objects.values().filter(|object| !current.contains(&object.id)).collect();
    let (before, after) = (insides(current), insides(desired));
    let mut pairs = Vec::new();
    let mut beside: BTreeMap<_, Vec<&Object>> = BTreeMap::new();
    new.iter().for_each(|new| beside.entry(place(&new.id)).or_default().push(new));
    for old in gone {
        // What goes or comes with its owner is the owner's story.
        let carried =
            |object: &Object, other: &Catalog| object.dropped_with.iter().any(|host| !other.contains(host));
        if carried(old, desired) || kind::of(&old.id).rename(&old.id, "x").is_none() {
            continue;
        }
        for &new in beside.get(&place(&old.id)).into_iter().flatten() {
            if !carried(new, current)
                && kind::of(&old.id).alike(old, new)
                && same_inside(before.get(&old.id), after.get(&new.id))
            {
                pairs.push((old.id.clone(), new.id.clone()));
            }
        }
    }
    pairs
}

/// What a rename keeps: the kind, and all of the path before the name.
fn place(id: &Id) -> (&'static str, &[String]) {
    (id.kind, &id.path[..kind::of(id).name_at(id)])
}

/// Do most of the names inside two objects agree?
fn same_inside<'a>(old: Option<&BTreeSet<Inside<'a>>>, new: Option<&BTreeSet<Inside<'a>>>) -> bool {
    let none = BTreeSet::new();
    let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
    2 * old.intersection(new).count() >= old.len().max(new.len())
}

/// Kind and the rest of the path of what hangs on an object.
type Inside<'a> = (&'static str, &'a [String]);

fn insides(catalog: &Catalog) -> BTreeMap<&Id, BTreeSet<Inside<'_>>> {
    let mut insides: BTreeMap<&Id, BTreeSet<Inside<'_>>> = BTreeMap::new();
    for object in catalog.objects.values() {
        for host in &object.dropped_with {
            if object.id.path.len() > host.path.len() && object.id.path.starts_with(&host.path) {
                let rest = &object.id.path[host.path.len()..];
                insides.entry(host).or_default().insert((object.id.kind, rest));
            }
        }
    }
    insides
}

/// What an annotation means when it stands inside an object that is one with its elements: an
/// enumerated type and its values.
fn elements(rename: &Rename, current: &Catalog, desired: &Catalog) -> Vec<Renamed> {
    let Some((to, host)) = rename.target.split_last() else { return Vec::new() };
    let hosts = desired.objects.keys().filter(|id| !host.is_empty() && id.path.ends_with(host));
    hosts
        .filter_map(|id| {
            let mut object = current.get(id)?.clone();
            let wanted = kind::of(id).rename_element(&mut desired.get(id)?.clone(), &rename.from, to);
            if wanted.is_some() {
                return None;
            }
            let step = kind::of(id).rename_element(&mut object, &rename.from, to)?;
            let back = kind::of(id).rename_element(&mut object, to, &rename.from)?;
            let (before, after) = (id.clone(), id.clone());
            Some(Renamed {
                before,
                after,
                step,
                back: Some(back),
                refill: None,
                place: Some(rename.place.clone()),
            })
        })
        .collect()
}

/// PostgreSQL makes names of constraints, indexes and sequences from those of their table and
/// column, and keeps them when these are renamed; `schema.sql` makes them anew.
fn followers(renamed: &Renamed, current: &Catalog, desired: &Catalog) -> Vec<Renamed> {
    let changed = renamed.before.path.iter().zip(renamed.after.path.iter()).find(|(old, new)| old != new);
    let Some((from, to)) = changed else { return Vec::new() };
    let hang = |id: &Id| current.objects[id].dropped_with.contains(&renamed.before);
    let candidates = current.objects.keys().filter(|id| hang(id) && id.name().contains(from.as_str()));
    candidates
        .filter_map(|id| {
            let name = id.name().replacen(from.as_str(), to, 1);
            // Its identity may begin with the name of what was renamed.
            let moved = |path: &[String]| {
                let mut path = path.to_vec();
                if path.starts_with(&renamed.before.path) {
                    path[..renamed.after.path.len()].clone_from_slice(&renamed.after.path);
                }
                path
            };
            let before = Id::new(id.kind, moved(&id.path));
            let mut path = moved(&id.path);
            *path.last_mut()? = name.clone();
            let after = Id::new(id.kind, path);
            let due = desired.contains(&after) && !desired.contains(&before) && !current.contains(&after);
            if due { one(&before, &after, id.name(), &name, None) } else { None }
        })
        .collect()
}

fn one(before: &Id, after: &Id, from: &str, to: &str, place: Option<Place>) -> Option<Renamed> {
    let step = kind::of(before).rename(before, to)?;
    let back = kind::of(after).rename(after, from)?;
    let back = Some(back);
    Some(Renamed { before: before.clone(), after: after.clone(), step, back, refill: None, place })
}

/// The objects that an annotation can mean, and which part of the path it renames.
fn targets(rename: &Rename, desired: &Catalog) -> Vec<(Id, usize)> {
    let parts = &rename.target;
    let meant = |id: &Id| {
        // Written with its schema or without.
        let start = (0..2).find(|start| id.path.get(*start..start + parts.len()) == Some(parts))?;
        let at = start + parts.len() - 1;
        // A routine's identity ends with its arguments, which nobody writes in an annotation.
        (at == kind::of(id).name_at(id)).then_some(at)
    };
    let ids = desired.objects.keys().filter(|id| kind::of(id).rename(id, "x").is_some());
    ids.filter_map(|id| Some((id.clone(), meant(id)?))).collect()
}

fn both(rename: &Rename, old: &Id, new: &Id) -> Diagnostic {
    Diagnostic::failed("rename-conflict", format!("{old} cannot be renamed: {new} exists too"))
        .at(Some(rename.place.clone()))
        .help("take the annotation away if both are meant to be, or drop one of them first")
}
