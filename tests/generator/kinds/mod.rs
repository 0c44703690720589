//! What the generator can make, in the order in which one refers to another; each file has some of it.

pub mod acts;
pub mod columns;
pub mod constraints;
pub mod data;
pub mod expressions;
pub mod foreign;
pub mod hanging;
pub mod indexes;
pub mod queries;
pub mod routines;
pub mod schemas;
pub mod searches;
pub mod tables;
pub mod types;
pub mod views;

use super::model::{Key, Kind, Schema};

const fn kind(name: &'static str, weight: u32, write: fn(&Schema, Key) -> Vec<String>) -> Kind {
    Kind { name, weight, write }
}

/// It is written with what it belongs to.
fn with_another(_: &Schema, _: Key) -> Vec<String> {
    Vec::new()
}

/// A statement that is written when its parts are there.
fn one(statement: Option<String>) -> Vec<String> {
    statement.into_iter().collect()
}

pub const KINDS: &[Kind] = &[
    kind("schema", 3, schemas::schema),
    kind("extension", 1, schemas::extension),
    kind("standing", 1, hanging::default_privilege),
    kind("collation", 1, schemas::collation),
    kind("parser", 1, searches::parser),
    kind("template", 1, searches::template),
    kind("dictionary", 1, searches::dictionary),
    kind("configuration", 1, searches::configuration),
    kind("wrapper", 1, foreign::wrapper),
    kind("server", 2, foreign::server),
    kind("mapping", 2, foreign::mapping),
    kind("method", 1, schemas::method),
    kind("language", 1, schemas::language),
    kind("conversion", 1, schemas::conversion),
    kind("enumeration", 4, types::enumeration),
    kind("domain", 4, types::domain),
    kind("composite", 3, types::composite),
    kind("range", 2, types::range),
    kind("domain_check", 2, with_another),
    kind("sequence", 3, schemas::sequence),
    kind("routine", 8, routines::routine),
    kind("aggregate", 1, routines::aggregate),
    kind("operator", 1, routines::operator),
    kind("family", 1, routines::family),
    kind("operators", 1, routines::class),
    kind("cast", 1, routines::cast),
    kind("transform", 1, routines::transform),
    kind("trigger_function", 2, routines::trigger_function),
    kind("event", 1, acts::event),
    kind("table", 12, tables::table),
    kind("column", 24, with_another),
    kind("foreign_table", 3, foreign::table),
    kind("key", 5, constraints::key),
    kind("check", 4, constraints::check),
    kind("foreign_key", 3, constraints::foreign_key),
    kind("exclusion", 1, constraints::exclusion),
    kind("override", 2, columns::override_of),
    kind("data", 5, data::table),
    kind("data_column", 6, with_another),
    kind("row", 10, data::row),
    kind("statistics", 2, indexes::statistics),
    kind("view", 8, views::view),
    kind("materialized", 3, views::materialized),
    kind("view_default", 1, views::default),
    kind("index", 6, indexes::index),
    kind("owned", 1, schemas::owned),
    kind("query", 5, queries::query),
    kind("trigger", 4, acts::trigger),
    kind("rule", 2, acts::rule),
    kind("policy", 3, acts::policy),
    kind("row_security", 2, acts::row_security),
    kind("replica", 1, indexes::replica),
    kind("cluster", 1, indexes::cluster),
    kind("publication", 2, schemas::publication),
    kind("comment", 4, hanging::comment),
    kind("grant", 4, hanging::grant),
    kind("owner", 2, hanging::owner),
];
