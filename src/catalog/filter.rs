//! What is left to others: objects that rules name, and what programs make in a database by themselves.
//!
//! Apart from reading, because both sides of a comparison go through it, wherever they come from.

use super::{Catalog, Id, Object, Registered, read};
use crate::{diagnostic::Result, kind};
use postgres::Client;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
    sync::Arc,
};

/// Which objects no plan looks at.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Where there are any, an object that none of them matches is left to others.
    pub only: Vec<Rule>,
    /// The last that matches decides.
    pub ignore: Vec<Rule>,
    /// What is left to others where `known` does not hold it.
    pub registered: Registered,
    /// What somebody has written down all the same.
    pub known: BTreeSet<Id>,
    /// The tables whose rows are looked at; those of all others are nobody's business.
    pub data: Vec<Marked>,
}

/// A table whose rows are compared too.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Marked {
    /// Its name, the schema only where that was written.
    pub table: Vec<String>,
    /// The columns that are read; all where there is no list.
    pub columns: Option<Vec<String>>,
    /// Those of them that are not compared.
    pub unwritten: Vec<String>,
}

/// A marked table in a database.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its schema and its name.
    pub table: Vec<String>,
    /// Why its rows cannot be told apart.
    pub indistinct: Option<String>,
    /// The columns that INSERTs write.
    pub written: Vec<String>,
    /// The others, but those that PostgreSQL computes.
    pub unwritten: Vec<String>,
}

impl Marked {
    /// A table that is wanted as it was found.
    pub fn wanted(found: &Found) -> Marked {
        let Found { table, written, unwritten, .. } = found.clone();
        Marked { table, columns: Some(written), unwritten }
    }

    /// The same table in the state that it is in, where these columns, or all, may have been written. Those that go are
    /// compared as well, so that the way back has their values.
    pub fn was(&mut self, columns: Option<Vec<String>>) {
        self.columns = self.columns.take().zip(columns).map(|(own, more)| [own, more].concat());
    }

    /// A table that goes, or may, with all that it holds.
    pub fn whole(table: Vec<String>) -> Marked {
        Marked { table, columns: None, unwritten: Vec::new() }
    }

    fn compares(&self, column: &str) -> bool {
        let is_read = self.columns.as_ref().is_none_or(|columns| columns.iter().any(|name| name == column));
        is_read && !self.unwritten.iter().any(|name| name == column)
    }
}

/// `schema=audit name=log_*`: all of it must match. One that begins with `!` says what is kept after all.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    keeps: bool,
    terms: Vec<(Term, String)>,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Term {
    Schema,
    Name,
    Kind,
    Owner,
}

/// What a filter took out.
#[derive(Clone, Debug, Default)]
pub struct Left {
    pub objects: BTreeMap<Id, Arc<Object>>,
    /// What was kept for what is in it: a schema.
    pub holding: Vec<Arc<Object>>,
    /// What was kept, and what it needs that was not.
    pub torn: Vec<(Id, Id)>,
}

impl Filters {
    /// The catalog of a scratch database without what is left to others.
    pub fn read(&self, client: &mut Client) -> Result<Catalog> {
        let mut catalog = read::again(client, &self.data)?;
        self.apply(&mut catalog);
        Ok(catalog)
    }

    /// Takes out what is left to others, with all that hangs on it.
    pub fn apply(&self, catalog: &mut Catalog) -> Left {
        self.narrow(catalog);
        let mut gone = self.chosen(catalog);
        if gone.is_empty() {
            return Left::default();
        }
        hang(catalog, &mut gone);
        let held: BTreeSet<Id> = (catalog.objects.values())
            .filter(|object| !gone.contains(&object.id))
            .flat_map(|object| object.needs.iter().filter(|need| gone.contains(*need)))
            .chain(self.known.iter().filter(|known| gone.contains(*known)))
            .filter(|id| holds_others(&catalog.objects[*id]))
            .cloned()
            .collect();
        gone.retain(|id| !held.contains(id));
        let mut left = Left::default();
        left.holding.extend(held.iter().map(|id| catalog.objects[id].clone()));
        for id in gone {
            let object = catalog.objects.remove(&id).expect("what is chosen is in the catalog");
            left.objects.insert(id, object);
        }
        let is_left = |id: &Id| left.objects.contains_key(id);
        let mut torn = Vec::new();
        for object in catalog.objects.values_mut() {
            let named = object.needs.iter().chain(&object.dropped_with).chain(&object.comes_with);
            if !named.clone().any(is_left) {
                continue;
            }
            let needed = object.needs.iter().filter(|need| is_left(need));
            torn.extend(needed.map(|need| (object.id.clone(), need.clone())));
            let Object { needs, dropped_with, comes_with, .. } = Arc::make_mut(object);
            for named in [needs, dropped_with, comes_with] {
                named.retain(|id| !is_left(id));
            }
        }
        left.torn = torn;
        left
    }

    fn narrow(&self, catalog: &mut Catalog) {
        if self.data.is_empty() {
            return;
        }
        for object in catalog.objects.values_mut().filter(|object| kind::of(&object.id).data().is_some()) {
            let is_its =
                |marked: &&Marked| object.host().is_some_and(|table| table.path.ends_with(&marked.table));
            if let Some(marked) = self.data.iter().find(is_its) {
                let kind = kind::of(&object.id);
                kind.narrow(Arc::make_mut(object), &|column| marked.compares(column));
            }
        }
    }

    fn chosen(&self, catalog: &Catalog) -> BTreeSet<Id> {
        let mut chosen = BTreeSet::new();
        if !self.only.is_empty() || !self.ignore.is_empty() {
            let owners = owners(catalog);
            for object in catalog.objects.values() {
                if self.ignores(&Seen::new(catalog, &owners, object)) {
                    chosen.insert(object.id.clone());
                }
            }
        }
        let is_marked = |table: &Id| self.data.iter().any(|marked| table.path.ends_with(&marked.table));
        let unknown = |object: &&Arc<Object>| !self.known.contains(&object.id);
        for object in catalog.objects.values() {
            let kind = kind::of(&object.id);
            if kind.data().is_some() && !object.host().is_some_and(is_marked) {
                chosen.insert(object.id.clone());
            }
            if !unknown(&object) {
                continue;
            }
            let attached = kind.attaches(object);
            let attached = attached.filter(|(child, parent)| {
                self.registered.parents.contains(&*parent.path) && !self.known.contains(child)
            });
            chosen.extend(attached.map(|(child, _)| child).filter(|child| catalog.contains(child)));
            if self.registered.holds(object) {
                chosen.insert(object.id.clone());
            }
        }
        chosen
    }

    fn ignores(&self, seen: &Seen) -> bool {
        let matches = |rule: &&Rule| rule.matches(seen);
        let unwanted =
            !self.only.is_empty() && seen.is_root && !self.only.iter().any(|rule| rule.matches(seen));
        unwanted || self.ignore.iter().rev().find(matches).is_some_and(|rule| !rule.keeps)
    }
}

/// Is it a schema, by what its kind says?
fn holds_others(object: &Object) -> bool {
    object.id.path.len() == 1 && kind::of(&object.id).schema(object) == Some(object.id.name())
}

/// Adds what goes with what is gone.
fn hang(catalog: &Catalog, gone: &mut BTreeSet<Id>) {
    loop {
        let hangs = |object: &&Arc<Object>| {
            let attached = kind::of(&object.id).attaches(object);
            let hosts = object.hosts().iter().chain(attached.iter().map(|(_, parent)| parent));
            hosts.into_iter().any(|host| gone.contains(host))
        };
        let mut more: Vec<Id> = Vec::new();
        for object in catalog.objects.values().filter(hangs) {
            more.push(object.id.clone());
            // The partitions of what is left to others are their makers' too.
            let attached = kind::of(&object.id).attaches(object).filter(|(_, parent)| gone.contains(parent));
            more.extend(attached.map(|(child, _)| child).filter(|child| catalog.contains(child)));
        }
        let before = gone.len();
        gone.extend(more);
        if gone.len() == before {
            return;
        }
    }
}

/// An object as rules look at it.
struct Seen<'a> {
    kind: &'a str,
    name: &'a str,
    schema: Option<&'a str>,
    owner: Option<String>,
    is_root: bool,
}

impl<'a> Seen<'a> {
    fn new(catalog: &'a Catalog, owners: &BTreeMap<Id, String>, object: &'a Object) -> Seen<'a> {
        let mut root = object;
        while let Some(host) = root.host().and_then(|host| catalog.get(host)) {
            root = host;
        }
        let schema = kind::of(&root.id).schema(root);
        let path = &object.id.path;
        let is_root = root.id == object.id;
        // A function's name is followed by the types of its parameters.
        let name = if is_root && schema.is_some() && path.len() > 1 { &path[1] } else { object.id.name() };
        Seen { kind: object.id.kind, name, schema, owner: owners.get(&root.id).cloned(), is_root }
    }
}

/// Who owns what, where that is not the role that reads.
fn owners(catalog: &Catalog) -> BTreeMap<Id, String> {
    let owners = catalog.objects.values().filter_map(|object| {
        let role = kind::of(&object.id).role(object)?;
        Some((object.host()?.clone(), unquoted(role)))
    });
    owners.collect()
}

fn unquoted(role: &str) -> String {
    match role.strip_prefix('"').and_then(|role| role.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => role.to_string(),
    }
}

impl Rule {
    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What hangs on another object goes with that, unless a rule asks for its kind.
    fn matches(&self, seen: &Seen) -> bool {
        let names_kind = self.terms.iter().any(|(term, _)| *term == Term::Kind);
        (seen.is_root || names_kind)
            && self.terms.iter().all(|(term, glob)| match term {
                Term::Schema => seen.schema.is_some_and(|schema| matches(glob, schema)),
                Term::Name => matches(glob, seen.name),
                Term::Kind => matches(glob, seen.kind),
                Term::Owner => seen.owner.as_ref().is_some_and(|owner| matches(glob, owner)),
            })
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Rule, String> {
        let text = text.trim();
        let (keeps, mut rest) = match text.strip_prefix('!') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text),
        };
        let mut terms = Vec::new();
        while !rest.is_empty() {
            let (word, after) = rest.split_once('=').ok_or_else(|| format!("`{rest}` has no `=`: {FORM}"))?;
            let term = match word.trim() {
                "schema" => Term::Schema,
                "name" => Term::Name,
                "kind" => Term::Kind,
                "owner" => Term::Owner,
                other => return Err(format!("`{other}` is no word of a rule: {FORM}")),
            };
            let (glob, after) = value(after).ok_or_else(|| format!("a quote is not closed: {FORM}"))?;
            terms.push((term, glob));
            rest = after.trim_start();
        }
        if terms.is_empty() {
            return Err(format!("a rule says what it is about: {FORM}"));
        }
        Ok(Rule { keeps, terms, text: text.to_string() })
    }
}

const FORM: &str = "a rule is one or more of schema=, name=, kind= and owner=, each with a name in which * and ? \
                    stand for others; ! before it keeps what it matches";

/// A name up to the next blank, or in double quotes, and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return Some((text[..end].to_string(), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        name += before;
        match after.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return Some((name, after)),
        }
    }
}

/// Does the name match, where `*` stands for any characters, `?` for one, and `\` takes the next as it is?
fn matches(glob: &str, name: &str) -> bool {
    let mut characters = glob.chars();
    let rest = |characters: std::str::Chars| characters.as_str().to_string();
    match characters.next() {
        None => name.is_empty(),
        Some('*') => {
            let after = rest(characters);
            let mut ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.any(|at| matches(&after, &name[at..]))
        }
        Some(mut wanted) => {
            let any = wanted == '?';
            if wanted == '\\' {
                wanted = characters.next().unwrap_or('\\');
            }
            let mut found = name.chars();
            found.next().is_some_and(|c| any || c == wanted) && matches(characters.as_str(), found.as_str())
        }
    }
}
