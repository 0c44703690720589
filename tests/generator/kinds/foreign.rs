//! Data that is elsewhere: wrappers, servers, mappings, foreign tables.

use super::{
    super::model::{Key, Schema, is_first},
    columns::Column,
    one, types,
    views::Relation,
};

pub fn wrapper(schema: &Schema, key: Key) -> Vec<String> {
    let options =
        schema.draw(key).pick(&["", " OPTIONS (debug 'true')", " OPTIONS (debug 'false', other 'it''s')"]);
    vec![format!("CREATE FOREIGN DATA WRAPPER {}{options}", schema.name(key))]
}

pub fn server(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let wrapper = draw.one(&schema.before(key, &["wrapper"]));
    let options = draw.pick(&["", " OPTIONS (host 'one')", " OPTIONS (host 'two', port '5432')"]);
    let version = draw.pick(&["", " VERSION '1'", " TYPE 't' VERSION '2'"]);
    one(wrapper.map(|wrapper| {
        format!(
            "CREATE SERVER {}{version} FOREIGN DATA WRAPPER {}{options}",
            schema.name(key),
            schema.name(wrapper)
        )
    }))
}

/// The servers that are there before that object.
fn servers(schema: &Schema, key: Key) -> Vec<Key> {
    let servers = schema.before(key, &["server"]).into_iter();
    servers.filter(|key| !server(schema, *key).is_empty()).collect()
}

pub fn mapping(schema: &Schema, key: Key) -> Vec<String> {
    let of = |key: Key| {
        let draw = schema.draw(key);
        Some((draw.one(&servers(schema, key))?, draw.pick(&["PUBLIC", "planwright_reader"])))
    };
    let first = is_first(&schema.all("mapping"), key, of);
    one(of(key).filter(|_| first).map(|(server, role)| {
        let draw = schema.draw(key);
        draw.skip(2);
        let options = draw.pick(&["", " OPTIONS (\"user\" 'a')", " OPTIONS (\"user\" 'b', other 'c')"]);
        format!("CREATE USER MAPPING FOR {role} SERVER {}{options}", schema.name(server))
    }))
}

pub fn relation(schema: &Schema, key: Key) -> Option<Relation> {
    let draw = schema.draw(key);
    draw.one(&servers(schema, key))?;
    let sql = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let count = 1 + draw.below(3);
    let column = |at: usize| Column::plain(format!("r{at}"), types::any(schema, key, &draw));
    Some(Relation { word: "FOREIGN TABLE", sql, columns: (0..count).map(column).collect() })
}

pub fn table(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let Some(server) = draw.one(&servers(schema, key)) else { return Vec::new() };
    one(relation(schema, key).map(|relation| {
        draw.skip(11);
        let details = ["", " OPTIONS (name 'x')", " NOT NULL", " COLLATE \"C\""];
        let details = details[draw.below(3)];
        let options = draw.pick(&["", " OPTIONS (t 'x')", " OPTIONS (t 'y', u 'z')"]);
        let columns: Vec<String> =
            relation.columns.iter().map(|column| format!("{}{details}", column.clause)).collect();
        format!(
            "CREATE FOREIGN TABLE {} ({}) SERVER {}{options}",
            relation.sql,
            columns.join(", "),
            schema.name(server)
        )
    }))
}
