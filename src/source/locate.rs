//! Where in the files an object is written.
//!
//! Separate because errors and reviews ask for it one object at a time, after everything else.

use std::ops::Range;

use super::{
    Statements,
    name::elements,
    token::{Token, tokens},
};
use crate::diagnostic::Place;

/// The narrowest place known for `path`: its own name, else that of what holds it.
pub(super) fn locate(all: &Statements, path: &[&str]) -> Option<Place> {
    let path: Vec<&str> = path.iter().map(|part| unsigned(part)).collect();
    if let Some(statement) = provider(all, &path) {
        return Some(named(all, statement, path.last()?));
    }
    // Inside the statement of what holds it, or held by the schema itself, as an index is.
    let (&last, holder) = path.split_last()?;
    if holder.is_empty() || path.len() == 2 && provider(all, &path[1..]).is_none() {
        return None;
    }
    let held = provider(all, holder).filter(|_| path.len() > 2);
    if let Some(statement) = held
        && let Some(range) = element(all, statement, last, holder.last()?)
    {
        let base = all.statements[statement].range.start;
        return Some(all.place_of(all.statements[statement].source, base + range.start..base + range.end));
    }
    if path.len() > 2
        && let Some(statement) = provider(all, &[path[0], last])
    {
        return Some(named(all, statement, last));
    }
    held.map(|statement| named(all, statement, holder.last().unwrap_or(&last)))
}

/// `f(integer)` is written `f`.
fn unsigned(part: &str) -> &str {
    match part.find('(') {
        Some(at) if at > 0 && part.ends_with(')') => &part[..at],
        _ => part,
    }
}

/// The first statement that creates it; one that says the schema before one that leaves it out.
fn provider(all: &Statements, path: &[&str]) -> Option<usize> {
    let candidates = all.providers(path.last()?);
    let creates = |statement: usize, path: &[&str]| {
        all.statements[statement].provides.iter().any(|name| name.parts.iter().eq(path.iter().copied()))
    };
    let exact = candidates.iter().copied().find(|&statement| creates(statement, path));
    exact.or_else(|| {
        let bare = path.get(1..).filter(|bare| !bare.is_empty())?;
        candidates.iter().copied().find(|&statement| creates(statement, bare))
    })
}

/// The first token of a statement that is this name; else its first word.
fn named(all: &Statements, statement: usize, name: &str) -> Place {
    let base = all.statements[statement].range.start;
    let tokens = tokens(all.text(statement));
    let token = tokens.iter().find(|token| token.name() == Some(name)).or(tokens.first());
    let range = token.map_or(0..0, |token| token.range.clone());
    all.place_of(all.statements[statement].source, base + range.start..base + range.end)
}

/// A column, constraint, value or attribute inside the statement of its holder. A constraint that PostgreSQL
/// named itself (`t_c_key`, `t_pkey`) stands at its column or at its own words.
fn element(all: &Statements, statement: usize, name: &str, holder: &str) -> Option<Range<usize>> {
    let tokens = tokens(all.text(statement));
    let elements = elements(&tokens);
    let at = |element: &super::name::Element| tokens[element.at].range.clone();
    if let Some(element) = elements.iter().find(|element| element.name.as_deref() == Some(name)) {
        return Some(at(element));
    }
    // CONSTRAINT name after a column.
    let after = |pair: &[Token]| pair[0].is("constraint") && pair[1].name() == Some(name);
    if let Some(pair) = tokens.windows(2).find(|pair| after(pair)) {
        return Some(pair[1].range.clone());
    }
    let rest = name.strip_prefix(holder)?.strip_prefix('_')?;
    if rest == "pkey" {
        return tokens.iter().find(|token| token.is("primary")).map(|token| token.range.clone());
    }
    let columns = elements.iter().filter(|element| {
        let column = element.name.as_deref().and_then(|column| rest.strip_prefix(column));
        column.is_some_and(|suffix| suffix.starts_with('_'))
    });
    columns.max_by_key(|element| element.name.as_ref().map_or(0, String::len)).map(at)
}
