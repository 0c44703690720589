//! Schemas and what is in them beside tables, types and routines, and what is in none.

use super::{
    super::model::{Key, Schema, is_first},
    columns::{self, Column},
    hanging, one, tables,
};

pub fn schema(schema: &Schema, key: Key) -> Vec<String> {
    vec![format!("CREATE SCHEMA {}", schema.name(key))]
}

pub fn extension(schema: &Schema, key: Key) -> Vec<String> {
    let name = |key| schema.draw(key).pick(&["hstore", "citext", "pg_trgm"]);
    let first = is_first(&schema.all("extension"), key, name);
    one(first.then(|| format!("CREATE EXTENSION {}", name(key))))
}

pub fn collation(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let name = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let options = draw.pick(&[
        "provider = libc, locale = 'C'",
        "provider = icu, locale = 'de'",
        "provider = icu, locale = 'und', deterministic = true",
    ]);
    vec![format!("CREATE COLLATION {name} ({options})")]
}

/// All collations before that object.
pub fn collations(schema: &Schema, key: Key) -> Vec<String> {
    qualified(schema, key, "collation")
}

pub fn sequences(schema: &Schema, key: Key) -> Vec<String> {
    qualified(schema, key, "sequence")
}

fn qualified(schema: &Schema, key: Key, kind: &str) -> Vec<String> {
    let keys = schema.before(key, &[kind]);
    keys.into_iter()
        .map(|key| format!("{}.{}", schema.home(key, &schema.draw(key)), schema.name(key)))
        .collect()
}

pub fn method(schema: &Schema, key: Key) -> Vec<String> {
    let handler = schema.draw(key).pick(&["TABLE HANDLER heap_tableam_handler", "INDEX HANDLER bthandler"]);
    vec![format!("CREATE ACCESS METHOD {} TYPE {handler}", schema.name(key))]
}

pub fn language(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let trusted = draw.pick(&["", "TRUSTED "]);
    let inline = draw.pick(&[
        "",
        " INLINE plpgsql_inline_handler",
        " INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator",
    ]);
    vec![format!("CREATE {trusted}LANGUAGE {} HANDLER plpgsql_call_handler{inline}", schema.name(key))]
}

pub fn conversion(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let name = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let way = draw
        .pick(&["'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1", "'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8"]);
    vec![format!("CREATE CONVERSION {name} FOR {way}")]
}

pub fn sequence(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let name = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let unlogged = draw.pick(&["", "", "", "UNLOGGED "]);
    let mut sql = format!("CREATE {unlogged}SEQUENCE {name}");
    sql += draw.pick(&["", "", " AS integer", " AS smallint"]);
    sql += draw.pick(&["", "", " INCREMENT BY 5", " INCREMENT BY -1"]);
    sql += draw.pick(&["", "", " CACHE 4"]);
    sql += draw.pick(&["", "", " CYCLE"]);
    if !sql.contains("-1") {
        sql += draw.pick(&["", "", " MINVALUE 3", " MAXVALUE 900 START WITH 8"]);
    }
    vec![sql]
}

/// A sequence that goes with a column; both must belong to one role.
pub fn owned(schema: &Schema, key: Key) -> Vec<String> {
    let pair = |key: Key| {
        let draw = schema.draw(key);
        let sequence = draw.one(&schema.before(key, &["sequence"]))?;
        let mut tables = tables::roots(schema, key);
        tables.retain(|table| !hanging::is_given_away(schema, *table));
        let table = draw.one(&tables)?;
        let mut columns = columns::own(schema, table);
        columns.retain(|column| !column.generated);
        Some((sequence, table, draw.one(&columns)?.name))
    };
    let first = is_first(&schema.all("owned"), key, |key| pair(key).map(|(sequence, ..)| sequence));
    one(pair(key).filter(|(sequence, ..)| first && !hanging::is_given_away(schema, *sequence)).map(
        |(sequence, table, column)| {
            let name = format!("{}.{}", schema.home(sequence, &schema.draw(sequence)), schema.name(sequence));
            let table = tables::of(schema, table).sql.clone();
            // A sequence is in its table's schema.
            match name.split('.').next() == table.split('.').next() {
                true => format!("ALTER SEQUENCE {name} OWNED BY {table}.{column}"),
                false => format!("ALTER SEQUENCE {name} OWNED BY NONE"),
            }
        },
    ))
}

pub fn publication(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let form = draw.below(5);
    let mut tables = schema.before(key, &["table"]);
    tables.retain(|table| !tables::is_unlogged(schema, *table));
    let tables = draw.some(&tables, 3);
    let entry = |table: &Key| {
        let columns = tables::columns(schema, *table);
        let of = tables::of(schema, *table);
        // Without ONLY it is about the children that there are by then, too.
        let only = if of.strategy.is_none() { "ONLY " } else { "" };
        let sql = format!("{only}{}", of.sql);
        let fits = |column: &&Column| !column.generated && of.strategy.is_none() && column.kind.is_own;
        match (form, columns.iter().find(fits)) {
            (1, Some(column)) => format!("{sql} ({})", column.name),
            (2, Some(column)) => format!("{sql} WHERE ({} IS NOT NULL)", column.name),
            _ => sql,
        }
    };
    let entries: Vec<String> = tables.iter().map(entry).collect();
    let homes = schema.before(key, &["schema"]);
    let what = match (form, draw.one(&homes)) {
        (3, Some(home)) => format!(" FOR TABLES IN SCHEMA {}", schema.name(home)),
        (4, _) => " FOR ALL TABLES".into(),
        _ if entries.is_empty() => String::new(),
        _ => format!(" FOR TABLE {}", entries.join(", ")),
    };
    let options = draw.pick(&[
        "",
        " WITH (publish = 'insert')",
        " WITH (publish_via_partition_root = true)",
        " WITH (publish = 'insert, truncate')",
    ]);
    // Row filters and column lists need keys once rows change.
    let options = if (1..3).contains(&form) && !options.contains("'insert") {
        " WITH (publish = 'insert')"
    } else {
        options
    };
    vec![format!("CREATE PUBLICATION {}{what}{options}", schema.name(key))]
}
