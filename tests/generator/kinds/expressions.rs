//! Expressions over columns. All mean the same whenever they are asked, so that an index may hold them.

use super::{
    super::model::{Draw, Key, Schema},
    columns::Column,
    routines,
    types::Type,
};

/// A condition over one of the columns.
pub fn condition(schema: &Schema, key: Key, draw: &Draw, columns: &[Column]) -> Option<String> {
    let form = draw.below(6);
    let Column { name, kind, .. } = draw.one(columns)?;
    let value = &kind.values[form % 2];
    let ordered = kind.methods.contains(&"btree");
    let called = routines::callable(schema, key);
    let call = called.get(usize::from(key.number) % called.len().max(1));
    Some(match (form, call) {
        (1 | 2, _) if ordered => format!("{name} >= {value}"),
        (3, _) if ordered => format!("{name} IN ({}, {})", kind.values[0], kind.values[1]),
        (4, Some((call, _))) if kind.sql == "integer" => format!("{call}({name}) > 0"),
        (5, _) => format!("CASE WHEN {name} IS NULL THEN 1 ELSE 2 END = 2"),
        _ => format!("{name} IS NOT NULL"),
    })
}

/// An expression over one of the columns, and its type.
pub fn expression(schema: &Schema, key: Key, draw: &Draw, columns: &[Column]) -> Option<(String, Type)> {
    let form = draw.below(5);
    let Column { name, kind, .. } = draw.one(columns)?;
    let called = routines::callable(schema, key);
    let call = called.get(usize::from(key.number) % called.len().max(1));
    Some(match (form, call) {
        (1, _) => (format!("coalesce({name}, {})", kind.values[1]), kind),
        (2, Some((call, result))) if kind.sql == "integer" => (format!("{call}({name})"), result.clone()),
        (3, _) => (format!("({name} IS NULL)"), super::types::named("boolean")),
        (4, _) if kind.sql == "text" => (format!("lower({name})"), kind),
        _ => (format!("(CASE WHEN {name} IS NULL THEN 1 ELSE 2 END)"), super::types::named("integer")),
    })
}
