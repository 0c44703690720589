//! Indexes, statistics over several columns, and what a table says of its indexes.

use super::{
    super::model::{Draw, Key, Schema, is_first},
    columns::Column,
    expressions, one, schemas, tables, views,
};

struct Index {
    on: Key,
    sql: String,
    method: &'static str,
    whole: bool,
}

fn of(schema: &Schema, key: Key) -> Option<Index> {
    let draw = schema.draw(key);
    let on = draw.one(&schema.before(key, &["table", "materialized"]))?;
    let relation = views::relation(schema, on)?;
    let columns: Vec<Column> =
        relation.columns.into_iter().filter(|column| !column.kind.methods.is_empty()).collect();
    let column = draw.one(&columns)?;
    let methods = column.kind.methods;
    let method = methods[draw.below(methods.len() + 2).saturating_sub(2)];
    let form = draw.below(6);
    let mut element = match form {
        4 | 5 => {
            let (text, kind) = expressions::expression(schema, key, &draw, std::slice::from_ref(&column))?;
            let fits = kind.methods.contains(&method);
            if fits { format!("({text})") } else { column.name.clone() }
        }
        _ => {
            draw.skip(2);
            column.name.clone()
        }
    };
    let collated = element == column.name && column.kind.collatable && ["btree", "hash"].contains(&method);
    let details = draw.below(8);
    let made = schemas::collations(schema, key);
    match details {
        5 if collated => element += " COLLATE \"C\"",
        6 if collated => element += &made.first().map(|name| format!(" COLLATE {name}")).unwrap_or_default(),
        7 if column.kind.sql == "text" && element == column.name && method == "btree" => {
            element += " text_pattern_ops"
        }
        _ => {}
    }
    let second = draw.below(4);
    if method == "btree" {
        element += draw.pick(&["", "", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"]);
        let others =
            columns.iter().filter(|other| other.kind.methods.contains(&"btree") && **other != column);
        if second == 3
            && let Some(other) = others.clone().next()
        {
            element += &format!(", {}", other.name);
        }
    }
    let tree =
        super::KINDS[usize::from(on.kind)].name == "table" && tables::of(schema, on).strategy.is_some();
    let unique = if draw.once_in(6) && method == "btree" && !tree { "UNIQUE " } else { "" };
    let mut sql =
        format!("CREATE {unique}INDEX {} ON {} USING {method} ({element})", schema.name(key), relation.sql);
    if draw.once_in(5) && method == "btree" {
        let other = columns.iter().find(|other| !element.contains(other.name.as_str()));
        sql += &other.map(|other| format!(" INCLUDE ({})", other.name)).unwrap_or_default();
    }
    if draw.once_in(5) && ["btree", "hash", "gist", "spgist"].contains(&method) {
        sql += " WITH (fillfactor = 60)";
    }
    let mut whole = !tree;
    if draw.once_in(4)
        && let Some(condition) = expressions::condition(schema, key, &draw, &columns)
    {
        sql += &format!(" WHERE {condition}");
        whole = false;
    }
    Some(Index { on, sql, method, whole })
}

pub fn index(schema: &Schema, key: Key) -> Vec<String> {
    // PostgreSQL names the indexes of partitions after their columns, and where names meet the first is first.
    let tree = |key: Key| of(schema, key).and_then(|index| tables::tree(schema, index.on));
    let named = |key| tree(key).unwrap_or(key);
    one(of(schema, key).filter(|_| is_first(&schema.all("index"), key, named)).map(|index| index.sql))
}

pub fn statistics(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let Some(table) = draw.one(&schema.before(key, &["table"])) else { return Vec::new() };
    let mut columns = tables::columns(schema, table);
    columns.retain(|column| column.kind.methods.contains(&"btree"));
    let kinds = draw.pick(&["", " (ndistinct)", " (dependencies, mcv)", " (mcv)"]);
    let target = draw.once_in(4);
    let mut names: Vec<String> = draw.some(&columns, 3).into_iter().map(|column| column.name).collect();
    let expression = expressions::expression(schema, key, &draw, &columns);
    if draw.once_in(3) {
        names.extend(
            expression
                .filter(|(_, kind)| kind.methods.contains(&"btree"))
                .map(|(text, _)| format!("({text})")),
        );
    }
    if names.len() < 2 {
        return Vec::new();
    }
    let name = format!("{home}.{}", schema.name(key));
    let mut all = vec![format!(
        "CREATE STATISTICS {name}{kinds} ON {} FROM {}",
        names.join(", "),
        tables::of(schema, table).sql.clone()
    )];
    if target {
        all.push(format!("ALTER STATISTICS {name} SET STATISTICS 20"));
    }
    all
}

pub fn replica(schema: &Schema, key: Key) -> Vec<String> {
    let target = |key| target(schema, key, &schema.draw(key), &["table"]);
    one(target(key).filter(|_| is_first(&schema.all("replica"), key, target)).map(|table| {
        let draw = schema.draw(key);
        draw.skip(1);
        let word = draw.pick(&["FULL", "NOTHING"]);
        format!("ALTER TABLE {} REPLICA IDENTITY {word}", tables::of(schema, table).sql.clone())
    }))
}

pub fn cluster(schema: &Schema, key: Key) -> Vec<String> {
    let target = |key: Key| {
        let indexes = schema
            .before(key, &["index"])
            .into_iter()
            .filter(|key| !schema.written(*key).is_empty())
            .filter_map(|at| Some((at, of(schema, at)?)));
        let fit = indexes.filter(|(_, index)| index.whole && index.method == "btree");
        let fit: Vec<(Key, Key)> = fit.map(|(at, index)| (at, index.on)).collect();
        schema.draw(key).one(&fit)
    };
    let relation = |key| target(key).map(|(_, on)| on);
    one(target(key).filter(|_| is_first(&schema.all("cluster"), key, relation)).and_then(|(index, on)| {
        let relation = views::relation(schema, on)?;
        Some(format!("ALTER {} {} CLUSTER ON {}", relation.word, relation.sql, schema.name(index)))
    }))
}

fn target(schema: &Schema, key: Key, draw: &Draw, kinds: &[&str]) -> Option<Key> {
    draw.one(&schema.before(key, kinds))
}
