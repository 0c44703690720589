//! Constraints of tables. A foreign key and an exclusion bring the columns that they are about.

use super::{
    super::model::{Draw, Key, Schema, is_first},
    columns::{self, Column},
    expressions, one, tables, types,
};

/// The columns that constraints bring to a table.
pub fn columns(schema: &Schema, table: Key) -> Vec<Column> {
    let mut all = Vec::new();
    for key in schema.all("foreign_key") {
        if let Some((of, referenced)) = ends(schema, key, &schema.draw(key))
            && of == table
        {
            let referenced = self::referenced(schema, referenced).expect("what is referenced has columns");
            let columns = (0..).zip(&referenced);
            all.extend(
                columns
                    .map(|(at, column)| Column::plain(format!("fk{}_{at}", key.number), column.kind.clone())),
            );
        }
    }
    for key in schema.all("exclusion") {
        let of = columns::owner(schema, key, &schema.draw(key));
        if of == Some(table) && tables::of(schema, table).strategy.is_none() {
            all.push(Column::plain(format!("x{}", key.number), types::named("int4range")));
        }
    }
    all
}

/// The columns of a table that can be in keys: those that are there for themselves.
fn keyed(schema: &Schema, table: Key) -> Vec<Column> {
    let mut columns = Vec::new();
    for key in schema.all("column") {
        let draw = schema.draw(key);
        if columns::owner(schema, key, &draw) == Some(table) {
            let kind = types::any(schema, key, &draw);
            if kind.methods.contains(&"btree") {
                columns.push(Column::plain(schema.name(key), kind));
            }
        }
    }
    columns
}

/// A primary key or a unique constraint: its table, its columns, and whether others can refer to it.
fn unique(schema: &Schema, key: Key) -> Option<(Key, Vec<Column>, bool)> {
    let draw = schema.draw(key);
    let table = columns::owner(schema, key, &draw)?;
    let mut columns = draw.some(&keyed(schema, table), 2);
    if tables::of(schema, table).strategy.is_some() {
        columns.push(Column::plain("k", tables::key_type(schema, table)));
    }
    (!columns.is_empty()).then(|| (table, columns, !draw.once_in(6)))
}

/// Is it the only key of a tree? PostgreSQL names the keys of partitions, and where names meet the first is first.
fn is_written(schema: &Schema, key: Key) -> bool {
    let tree = |key| unique(schema, key).and_then(|(table, ..)| tables::tree(schema, table));
    is_first(&schema.all("key"), key, |key| tree(key).unwrap_or(key))
}

fn referenced(schema: &Schema, key: Key) -> Option<Vec<Column>> {
    unique(schema, key).map(|(_, columns, _)| columns)
}

pub fn key(schema: &Schema, key: Key) -> Vec<String> {
    let found = unique(schema, key).filter(|_| is_written(schema, key));
    let Some((table, columns, immediate)) = found else { return Vec::new() };
    let draw = schema.draw(key);
    draw.skip(3);
    let primary = draw.below(2) == 0;
    let keys = schema.all("key");
    let first = |other: &Key| unique(schema, *other).is_some_and(|(of, ..)| of == table);
    let is_primary = primary && keys.iter().find(|other| first(other)) == Some(&key);
    let form = draw.below(6);
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut sql = format!("ALTER TABLE {} ADD ", tables::of(schema, table).sql.clone());
    if !(is_primary && form == 5) {
        sql += &format!("CONSTRAINT {} ", schema.name(key));
    }
    sql += match (is_primary, form) {
        (true, _) => "PRIMARY KEY",
        (false, 4) => "UNIQUE NULLS NOT DISTINCT",
        _ => "UNIQUE",
    };
    sql += &format!(" ({})", names.join(", "));
    let more: Vec<Column> =
        keyed(schema, table).into_iter().filter(|column| !names.contains(&column.name.as_str())).collect();
    if draw.once_in(5)
        && let Some(column) = more.first()
    {
        sql += &format!(" INCLUDE ({})", column.name);
    }
    sql += draw.pick(&["", "", "", " WITH (fillfactor = 80)"]);
    if !immediate {
        sql += draw.pick(&[" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]);
    }
    vec![sql]
}

pub fn check(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let Some(table) = draw.one(&schema.before(key, &["table"])) else { return Vec::new() };
    let columns = tables::columns(schema, table);
    let has_heirs = tables::has_heirs(schema, table);
    let table = tables::of(schema, table);
    let form = draw.below(8);
    let condition = expressions::condition(schema, key, &draw, &columns);
    one(condition.map(|condition| {
        let options = match form {
            6 if table.strategy.is_none() => " NO INHERIT",
            // That of an heir is valid when the heir comes later.
            7 if !has_heirs => " NOT VALID",
            _ => "",
        };
        format!("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({condition}){options}", table.sql, schema.name(key))
    }))
}

/// The table that refers, and the key that it refers to.
fn ends(schema: &Schema, key: Key, draw: &Draw) -> Option<(Key, Key)> {
    let table = columns::owner(schema, key, draw)?;
    let mut keys = schema.all("key");
    // A permanent table cannot refer to one that is not.
    let fits = |(table, _, immediate)| immediate && !tables::is_unlogged(schema, table);
    keys.retain(|key| unique(schema, *key).is_some_and(fits) && is_written(schema, *key));
    Some((table, draw.one(&keys)?))
}

pub fn foreign_key(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    one(ends(schema, key, &draw).and_then(|(table, referenced)| {
        let (target, columns, _) = unique(schema, referenced)?;
        let (table, target) = (tables::of(schema, table), tables::of(schema, target));
        let own: Vec<String> = (0..columns.len()).map(|at| format!("fk{}_{at}", key.number)).collect();
        let theirs: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut sql = format!(
            "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
            table.sql,
            schema.name(key),
            own.join(", "),
            target.sql,
            theirs.join(", ")
        );
        sql += draw.pick(&["", "", "", " MATCH FULL"]);
        sql += draw.pick(&[
            "",
            "",
            " ON DELETE CASCADE",
            " ON DELETE RESTRICT",
            " ON DELETE SET DEFAULT",
            " ON DELETE SET NULL",
        ]);
        sql += draw.pick(&["", "", " ON UPDATE CASCADE", " ON UPDATE SET NULL"]);
        sql += draw.pick(&["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]);
        if draw.once_in(5) && table.strategy.is_none() && target.strategy.is_none() {
            sql += " NOT VALID";
        }
        Some(sql)
    }))
}

pub fn exclusion(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let table =
        columns::owner(schema, key, &draw).filter(|table| tables::of(schema, *table).strategy.is_none());
    one(table.map(|table| {
        let table = tables::of(schema, table).sql.clone();
        let column = format!("x{}", key.number);
        let operator = draw.pick(&["&&", "-|-", "&&"]);
        let filter = match draw.below(3) {
            2 => format!(" WHERE ({column} IS NOT NULL)"),
            _ => String::new(),
        };
        let deferrable = draw.pick(&["", "", " DEFERRABLE INITIALLY DEFERRED"]);
        let name = schema.name(key);
        format!("ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({column} WITH {operator}){filter}{deferrable}")
    }))
}

/// A key's table and name, for those that have both and cannot be deferred.
pub fn named(schema: &Schema, key: Key) -> Option<(Key, String)> {
    let (table, ..) = unique(schema, key)?;
    let [statement] = <[String; 1]>::try_from(self::key(schema, key)).ok()?;
    statement.contains(" CONSTRAINT ").then(|| (table, schema.name(key)))
}
