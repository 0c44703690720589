//! Views and materialized views, over tables and over each other.

use super::{
    super::model::{Key, Schema},
    columns::Column,
    data, expressions, foreign, one, tables,
};

/// What one can select from.
#[derive(Clone)]
pub struct Relation {
    /// `TABLE`, as ALTER has it.
    pub word: &'static str,
    pub sql: String,
    pub columns: Vec<Column>,
}

const SOURCES: &[&str] = &["table", "data", "foreign_table", "view", "materialized"];

pub fn relation(schema: &Schema, key: Key) -> Option<Relation> {
    (*schema.once(key, || relation_of(schema, key))).clone()
}

fn relation_of(schema: &Schema, key: Key) -> Option<Relation> {
    let selected = |word| {
        let view = selected(schema, key)?;
        let columns = view.columns.into_iter().map(|(name, _, column)| Column { name, ..column }).collect();
        Some(Relation { word, sql: view.sql, columns })
    };
    match super::KINDS[usize::from(key.kind)].name {
        "table" => Some(Relation {
            word: "TABLE",
            sql: tables::of(schema, key).sql.clone(),
            columns: tables::columns(schema, key),
        }),
        "data" => {
            let (sql, columns) = data::relation(schema, key);
            Some(Relation { word: "TABLE", sql, columns })
        }
        "foreign_table" => foreign::relation(schema, key),
        "view" => selected("VIEW"),
        "materialized" => selected("MATERIALIZED VIEW"),
        _ => None,
    }
}

struct View {
    sql: String,
    /// Name, expression, and what the column is like.
    columns: Vec<(String, String, Column)>,
    query: String,
    /// Can rows be written through it?
    simple: bool,
    /// Can rows be read through it? Foreign tables have no handler, and what is over them may be empty.
    readable: bool,
    options: usize,
    default: usize,
}

fn selected(schema: &Schema, key: Key) -> Option<View> {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let from = draw.one(&schema.before(key, SOURCES))?;
    let is_table = |key: Key| ["table", "data"].contains(&super::KINDS[usize::from(key.kind)].name);
    let mut readable = is_table(from);
    let from = relation(schema, from).filter(|relation| !relation.columns.is_empty())?;
    let some = draw.some(&from.columns, 4);
    let mut columns: Vec<(String, String, Column)> =
        some.into_iter().map(|column| (column.name.clone(), format!("s.{}", column.name), column)).collect();
    let mut query = format!(" FROM {} s", from.sql);
    let form = draw.below(8);
    let mut simple = true;
    match form {
        4 | 5 => {
            if let Some((text, kind)) = expressions::expression(schema, key, &draw, &from.columns) {
                columns.push(("e".into(), text, Column::plain("e", kind)));
            }
        }
        6 => {
            let other = draw.one(&schema.before(key, SOURCES));
            readable &= other.is_none_or(is_table);
            let other = other.and_then(|other| relation(schema, other));
            if let Some((other, column)) =
                other.and_then(|other| Some((other.sql, draw.one(&other.columns)?)))
            {
                query += &format!(" LEFT JOIN {other} j ON j.{} IS NULL", column.name);
                columns.push(("j".into(), format!("j.{}", column.name), column));
                simple = false;
            }
        }
        _ => {}
    }
    let (filter, options, default) = (draw.below(4), draw.below(8), draw.below(4));
    if filter == 3
        && form != 6
        && let Some(condition) = expressions::condition(schema, key, &draw, &from.columns)
    {
        query += &format!(" WHERE {condition}");
    }
    if form == 7 && columns.iter().all(|(_, _, column)| column.kind.methods.contains(&"btree")) {
        columns.push(("n".into(), "count(*)".into(), Column::plain("n", super::types::named("bigint"))));
        let groups: Vec<String> = (1..columns.len()).map(|at| at.to_string()).collect();
        query += &format!(" GROUP BY {}", groups.join(", "));
        simple = false;
    }
    // Names of other views' columns come along: no two may be the same.
    let mut seen = std::collections::BTreeSet::new();
    columns.retain(|(name, ..)| seen.insert(name.clone()));
    Some(View {
        sql: format!("{home}.{}", schema.name(key)),
        columns,
        query,
        simple,
        readable,
        options,
        default,
    })
}

fn select(view: &View) -> String {
    let columns: Vec<String> =
        view.columns.iter().map(|(name, text, _)| format!("{text} AS {name}")).collect();
    format!("SELECT {}{}", columns.join(", "), view.query)
}

pub fn view(schema: &Schema, key: Key) -> Vec<String> {
    one(selected(schema, key).map(|view| {
        let options = match view.options {
            5 => " WITH (security_barrier = true)",
            6 => " WITH (security_invoker = true)",
            7 if view.simple && !view.query.contains(" LEFT JOIN ") => " WITH (security_barrier = false)",
            _ => "",
        };
        format!("CREATE VIEW {}{options} AS {}", view.sql, select(&view))
    }))
}

pub fn materialized(schema: &Schema, key: Key) -> Vec<String> {
    one(selected(schema, key).map(|view| {
        let options = if view.options == 7 { " WITH (fillfactor = 50)" } else { "" };
        let data = if view.options < 4 && view.readable { "" } else { " WITH NO DATA" };
        format!("CREATE MATERIALIZED VIEW {}{options} AS {}{data}", view.sql, select(&view))
    }))
}

/// The default of a view's column.
pub fn default(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let view = draw.one(&schema.before(key, &["view"]));
    let first = |key: &Key| schema.draw(*key).one(&schema.before(*key, &["view"])) == view;
    if schema.all("view_default").iter().find(|key| first(key)) != Some(&key) {
        return Vec::new();
    }
    one(view.and_then(|view| selected(schema, view)).and_then(|view| {
        let (name, _, column) = view.columns.get(view.default).or(view.columns.first())?;
        let value = &column.kind.values[draw.below(2)];
        Some(format!("ALTER VIEW {} ALTER COLUMN {name} SET DEFAULT {value}", view.sql))
    }))
}
