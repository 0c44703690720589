//! Routines over tables and views, some with bodies that PostgreSQL reads when they are made.

use super::{
    super::model::{Key, Schema},
    one, views,
};

pub struct Query {
    pub name: String,
    pub inputs: String,
    sql: String,
}

pub fn of(schema: &Schema, key: Key) -> Option<Query> {
    let draw = schema.draw(key);
    let name = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let form = draw.below(6);
    let from = draw.one(&schema.before(key, &["table", "data", "foreign_table", "view", "materialized"]))?;
    let relation = views::relation(schema, from)?;
    let column = draw.one(&relation.columns)?;
    let (source, column, kind) = (relation.sql, column.name, column.kind.sql);
    let (inputs, sql) = match form {
        0 | 1 => {
            let body = format!("BEGIN ATOMIC SELECT {column} FROM {source}; END");
            ("", format!("() RETURNS SETOF {kind} LANGUAGE sql {body}"))
        }
        2 => ("", format!("() RETURNS SETOF {source} LANGUAGE sql AS $$ SELECT * FROM {source} $$")),
        3 => {
            let inputs = source.clone();
            let sql =
                format!("(one {source}) RETURNS {kind} LANGUAGE sql STABLE AS $$ SELECT one.{column} $$");
            return Some(Query { sql: format!("CREATE FUNCTION {name}{sql}"), name, inputs });
        }
        4 => ("", format!("() RETURNS SETOF {kind} LANGUAGE sql AS $$ SELECT {column} FROM {source} $$")),
        _ => {
            let body = format!("BEGIN RETURN (SELECT count({column}) FROM {source}); END");
            ("", format!("() RETURNS bigint LANGUAGE plpgsql AS $$ {body} $$"))
        }
    };
    Some(Query { sql: format!("CREATE FUNCTION {name}{sql}"), name, inputs: inputs.into() })
}

pub fn query(schema: &Schema, key: Key) -> Vec<String> {
    one(of(schema, key).map(|query| query.sql))
}
