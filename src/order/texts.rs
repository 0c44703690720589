//! What had better come first because a text is about it, though PostgreSQL records nothing.

use super::{Action, edges::Builder, graph::Graph};
use crate::{catalog::Id, kind};
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Builder<'a> {
    /// What a text names without PostgreSQL knowing had better be there first.
    pub(super) fn mentions(&self, graph: &mut Graph) {
        let mut named: BTreeMap<String, Vec<&'a Id>> = BTreeMap::new();
        for id in self.changes.creates.keys().filter(|id| id.path.len() <= 3) {
            if id.path.len() < 3 || self.changes.new.objects[id].dropped_with.is_empty() {
                let name = if id.path.len() > 1 { &id.path[1] } else { &id.path[0] };
                named.entry(name.to_lowercase()).or_default().push(id);
            }
        }
        for id in self.changes.creates.keys().chain(self.changes.alters.keys()) {
            let object = &self.changes.new.objects[id];
            let Some(text) = kind::of(id).mentions(object) else { continue };
            let resolved = words(kind::of(id).resolved(object).unwrap_or_default());
            let to = self.node(Action::Create, id).or_else(|| self.node(Action::Alter, id));
            for word in words(text) {
                for &named in named.get(&word).into_iter().flatten() {
                    if let (Some(from), Some(to)) = (self.node(Action::Create, named), to)
                        && from != to
                        && !graph.hard.contains(&(to, from))
                    {
                        graph.soft.insert((from, to));
                        if resolved.contains(&word) {
                            graph.checked.insert((from, to));
                        }
                    }
                }
            }
        }
    }

    /// What lists all columns of something had better be made after those that it does not use.
    pub(super) fn lists(&self, graph: &mut Graph) {
        use Action::{Alter, Create};
        let new = self.changes.new;
        let made = self.changes.creates.keys().chain(self.changes.alters.keys()).filter_map(|id| new.get(id));
        let listing: Vec<_> = made.filter(|object| kind::of(&object.id).lists_columns(object)).collect();
        if listing.is_empty() {
            return;
        }
        let wholes = |part: &Id| new.get(part).into_iter().flat_map(|part| &part.dropped_with);
        let mut parts: BTreeMap<(&str, &Id), Vec<usize>> = BTreeMap::new();
        for id in self.changes.creates.keys() {
            let at = self.at.get(&(Create, id)).copied();
            wholes(id).for_each(|whole| parts.entry((id.kind, whole)).or_default().extend(at));
        }
        for object in listing {
            let at = self.node(Create, &object.id).or_else(|| self.node(Alter, &object.id));
            for need in &object.needs {
                for part in wholes(need).filter_map(|whole| parts.get(&(need.kind, whole))).flatten() {
                    graph.soft.extend(at.filter(|at| at != part).map(|at| (*part, at)));
                }
            }
        }
    }
}

/// The words of a text in lower case.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
