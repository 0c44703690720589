//! A catalog as sorted text, one line for each fact, and back: what `schema.lock` holds.
//!
//! ```text
//! format 4f0c2a9d51e37b86
//! column public.users.email
//! column public.users.email type = "text"
//! column public.users.email needs table public.users
//! ```
//!
//! An attribute that has its default value (null, false, empty) has no line.

use super::{Catalog, Id, Object, read};
use crate::{
    kind::{self, Fields},
    sql::ident,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::Arc,
};

/// All facts, sorted by object.
pub fn to_facts(catalog: &Catalog) -> String {
    let mut text = first_line();
    for object in catalog.objects.values() {
        let id = written(&object.id);
        let _ = writeln!(text, "{id}");
        for (field, value) in kind::of(&object.id).json(&*object.body) {
            if !is_default(&value) {
                let _ = writeln!(text, "{id} {field} = {value}");
            }
        }
        let kind = kind::of(&object.id);
        // What the kind itself says is not repeated.
        let said = [
            kind.needs(&object.id, &*object.body),
            kind.dropped_with(&object.id, &*object.body),
            kind.comes_with(&object.id, &*object.body),
        ];
        let lists = [&object.needs, &object.dropped_with, &object.comes_with];
        for ((word, ids), said) in ["needs", "dropped-with", "comes-with"].into_iter().zip(lists).zip(said) {
            for other in ids.iter().filter(|id| !said.contains(id)) {
                let _ = writeln!(text, "{id} {word} {}", written(other));
            }
        }
    }
    text
}

/// Were these facts told as this Planwright tells them? Another one may have read other attributes.
pub fn are_ours(facts: &str) -> bool {
    facts.starts_with(&first_line())
}

/// The catalog that `to_facts` wrote.
///
/// # Errors
///
/// The first line that is none of its lines, counted from 1, and why.
pub fn from_facts(version: u32, text: &str) -> Result<Catalog, (usize, String)> {
    let mut objects: Vec<Object> = Vec::new();
    let mut open: Option<Open> = None;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with(FORMAT)) {
        let fail = |why: String| (at + 1, why);
        let (id, rest) = read_id(line).ok_or_else(|| fail("this is not a fact".into()))?;
        if rest.is_empty() {
            if let Some(open) = open.replace(Open { id, ..Open::default() }) {
                objects.push(open.close().map_err(fail)?);
            }
            continue;
        }
        let open = open
            .as_mut()
            .filter(|open| open.id == id)
            .ok_or_else(|| fail("its object has no line".into()))?;
        let other = |rest: &str| read_id(rest).filter(|(_, rest)| rest.is_empty()).map(|(id, _)| id);
        if let Some(rest) = rest.strip_prefix("needs ") {
            open.needs.insert(other(rest).ok_or_else(|| fail("this names no object".into()))?);
        } else if let Some(rest) = rest.strip_prefix("dropped-with ") {
            open.dropped_with.insert(other(rest).ok_or_else(|| fail("this names no object".into()))?);
        } else if let Some(rest) = rest.strip_prefix("comes-with ") {
            open.comes_with.insert(other(rest).ok_or_else(|| fail("this names no object".into()))?);
        } else {
            let (field, value) = rest.split_once(" = ").ok_or_else(|| fail("this is not a fact".into()))?;
            let value = serde_json::from_str(value).map_err(|error| fail(error.to_string()))?;
            open.fields.insert(field.to_string(), value);
        }
    }
    if let Some(open) = open {
        objects.push(open.close().map_err(|why| (text.lines().count(), why))?);
    }
    for object in &mut objects {
        let kind = kind::of(&object.id);
        object.needs.extend(kind.needs(&object.id, &*object.body));
        object.dropped_with.extend(kind.dropped_with(&object.id, &*object.body));
        object.comes_with.extend(kind.comes_with(&object.id, &*object.body));
    }
    let ids = objects.iter().map(|object| object.id.clone()).collect();
    Ok(Catalog::of(version, objects, &ids))
}

/// An object's identity as a line of the lock has it: `column public.users.email`.
pub fn to_text(id: &Id) -> String {
    written(id)
}

/// The identity that `to_text` wrote.
pub fn from_text(line: &str) -> Option<Id> {
    read_id(line).filter(|(_, rest)| rest.is_empty()).map(|(id, _)| id)
}

/// Names the state that a catalog describes: equal for two catalogs that do not differ.
///
/// Attributes that are no difference (the position of a column) do not count.
pub fn fingerprint(catalog: &Catalog) -> String {
    fingerprints([catalog]).concat()
}

/// The same of several, much faster where they share objects.
pub fn fingerprints<'a>(catalogs: impl IntoIterator<Item = &'a Catalog>) -> Vec<String> {
    let mut told: BTreeMap<*const Object, String> = BTreeMap::new();
    let print = |catalog: &'a Catalog| {
        let mut hash = Sha256::new();
        for object in catalog.objects.values() {
            hash.update(told.entry(Arc::as_ptr(object)).or_insert_with(|| compared(object)));
        }
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    };
    catalogs.into_iter().map(print).collect()
}

/// What counts of an object, as a line.
fn compared(object: &Object) -> String {
    let kind = kind::of(&object.id);
    let mut line = written(&object.id);
    for (field, value) in kind.json(&*object.body) {
        if kind.compared(&field) && !is_default(&value) {
            line += &format!("\0{field}={value}");
        }
    }
    line + "\n"
}

const FORMAT: &str = "format ";

/// Names how facts are told: what is read of each kind, and how.
fn first_line() -> String {
    let mut hash = Sha256::new();
    for (kind, attributes) in super::attributes() {
        hash.update(format!("{kind}\0{}\n", attributes.join(",")));
    }
    for (_, query) in super::queries(u32::MAX) {
        hash.update(query);
    }
    read::data_queries().for_each(|query| hash.update(query));
    let hex: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{FORMAT}{hex}\n")
}

#[derive(Default)]
struct Open {
    id: Id,
    fields: Fields,
    needs: BTreeSet<Id>,
    dropped_with: BTreeSet<Id>,
    comes_with: BTreeSet<Id>,
}

impl Open {
    fn close(self) -> Result<Object, String> {
        let body = kind::of(&self.id).read(self.fields).map_err(|error| error.to_string())?;
        let Open { id, needs, dropped_with, comes_with, .. } = self;
        Ok(Object { id, body, needs, dropped_with, comes_with })
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// `column public.users.email`: the kind, then the path, each name quoted where it must be.
fn written(id: &Id) -> String {
    // A newline in a name would end the line; backslash is the escape, so it is escaped too.
    let name = |name: &String| ident(name).replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    format!("{} {}", id.kind, id.path.iter().map(name).collect::<Vec<_>>().join("."))
}

/// Reads what `written` wrote at the start of a line, and what follows it.
fn read_id(line: &str) -> Option<(Id, &str)> {
    let (kind, mut rest) = line.split_once(' ')?;
    let kind = kind::named(kind)?.name();
    let mut path = Vec::new();
    loop {
        let end;
        let mut name = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut characters = quoted.char_indices().peekable();
            loop {
                match characters.next()? {
                    (_, '"') if characters.next_if(|(_, c)| *c == '"').is_some() => name.push('"'),
                    (at, '"') => {
                        end = at + 2;
                        break;
                    }
                    (_, '\\') => match characters.next()?.1 {
                        'n' => name.push('\n'),
                        'r' => name.push('\r'),
                        other => name.push(other),
                    },
                    (_, other) => name.push(other),
                }
            }
        } else {
            end = rest.find(['.', ' ']).unwrap_or(rest.len());
            name.push_str(&rest[..end]);
        }
        path.push(name);
        rest = &rest[end..];
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None => break,
        }
    }
    Some((Id::new(kind, path), rest.strip_prefix(' ').unwrap_or(rest)))
}
