//! Tables: plain ones, trees of partitions, children that inherit.

use std::rc::Rc;

use super::{
    super::model::{Draw, Key, Schema},
    columns::{self, Column},
    types::{self, Type},
};

pub struct Table {
    pub sql: String,
    pub place: Place,
    /// `range`, `list` or `hash`.
    pub strategy: Option<&'static str>,
    /// Where it takes up values among its siblings.
    bound: usize,
    unlogged: bool,
    options: &'static str,
    /// What the partition key is.
    key: usize,
}

#[derive(Clone, PartialEq)]
pub enum Place {
    Alone,
    PartitionOf(Key),
    ChildOf(Vec<Key>),
}

/// The table that an object is.
pub fn of(schema: &Schema, key: Key) -> Rc<Table> {
    schema.once(key, || table_of(schema, key))
}

fn table_of(schema: &Schema, key: Key) -> Table {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let place = place(schema, key, &draw);
    let alone = place == Place::Alone;
    let strategy = match draw.below(7) {
        _ if matches!(place, Place::ChildOf(_)) => None,
        4 => Some("range"),
        5 => Some("list"),
        6 => Some("hash"),
        _ => None,
    };
    Table {
        sql: format!("{home}.{}", schema.name(key)),
        place,
        strategy,
        bound: draw.below(3),
        unlogged: draw.once_in(8) && alone,
        options: draw.pick(&[
            "",
            "",
            "",
            "",
            "fillfactor = 70",
            "autovacuum_enabled = false, toast.autovacuum_enabled = false",
        ]),
        key: draw.below(5),
    }
}

fn place(schema: &Schema, key: Key, draw: &Draw) -> Place {
    let choice = draw.below(8);
    let tables = schema.before(key, &["table"]);
    let of: Vec<(Key, Rc<Table>)> = tables.into_iter().map(|key| (key, of(schema, key))).collect();
    let chosen = |fits: &dyn Fn(&Table) -> bool, draw: &Draw, most| -> Vec<Key> {
        let keys: Vec<Key> = of.iter().filter(|(_, table)| fits(table)).map(|(key, _)| *key).collect();
        draw.some(&keys, most)
    };
    match choice {
        4 | 5 => match chosen(&|table| table.strategy.is_some(), draw, 1).first() {
            Some(parent) => Place::PartitionOf(*parent),
            None => Place::Alone,
        },
        6 | 7 => {
            let fits =
                |table: &Table| table.strategy.is_none() && !matches!(table.place, Place::PartitionOf(_));
            match chosen(&fits, draw, 2) {
                parents if parents.is_empty() => Place::Alone,
                parents => Place::ChildOf(parents),
            }
        }
        _ => {
            draw.skip(1);
            Place::Alone
        }
    }
}

/// The table whose columns a partition has.
pub fn root(schema: &Schema, key: Key) -> Key {
    match of(schema, key).place {
        Place::PartitionOf(parent) => root(schema, parent),
        _ => key,
    }
}

/// The root of the tree, for what is partitioned.
pub fn tree(schema: &Schema, key: Key) -> Option<Key> {
    let is_partitioned = is_table(key) && of(schema, key).strategy.is_some();
    is_partitioned.then(|| root(schema, key))
}

fn is_table(key: Key) -> bool {
    super::KINDS[usize::from(key.kind)].name == "table"
}

/// The tables that are no partitions.
pub fn roots(schema: &Schema, key: Key) -> Vec<Key> {
    let tables = schema.before(key, &["table"]);
    tables.into_iter().filter(|key| !matches!(of(schema, *key).place, Place::PartitionOf(_))).collect()
}

/// The type of the columns that a whole tree is partitioned by, `k`.
pub fn key_type(schema: &Schema, root: Key) -> Type {
    types::named(["integer", "integer", "bigint", "text", "numeric"][of(schema, root).key])
}

/// All columns, those of parents first.
pub fn columns(schema: &Schema, key: Key) -> Vec<Column> {
    schema.once(key, || all_columns(schema, key)).to_vec()
}

fn all_columns(schema: &Schema, key: Key) -> Vec<Column> {
    let table = of(schema, key);
    let mut all = match &table.place {
        Place::PartitionOf(_) => columns(schema, root(schema, key)),
        Place::ChildOf(parents) => {
            let inherited = parents.iter().flat_map(|parent| columns(schema, *parent));
            let mut all: Vec<Column> = Vec::new();
            for column in inherited {
                if !all.iter().any(|known| known.name == column.name) {
                    // No inherited column is a key of its parent's.
                    all.push(Column { inherited: true, ..column });
                }
            }
            all
        }
        Place::Alone => Vec::new(),
    };
    if !matches!(table.place, Place::PartitionOf(_)) {
        if table.strategy.is_some() {
            all.push(Column::plain("k", key_type(schema, key)));
        }
        all.extend(columns::own(schema, key));
    }
    all
}

/// Does another table have its columns from this one?
pub fn has_heirs(schema: &Schema, key: Key) -> bool {
    schema.all("table").into_iter().any(|other| match &of(schema, other).place {
        Place::Alone => false,
        Place::PartitionOf(parent) => *parent == key,
        Place::ChildOf(parents) => parents.contains(&key),
    })
}

pub fn is_unlogged(schema: &Schema, key: Key) -> bool {
    of(schema, key).unlogged
}

pub fn table(schema: &Schema, key: Key) -> Vec<String> {
    let table = of(schema, key);
    let word = if table.unlogged && table.strategy.is_none() { "UNLOGGED TABLE" } else { "TABLE" };
    let mut sql = format!("CREATE {word} {}", table.sql);
    let columns: Vec<Column> = columns(schema, key);
    let own: Vec<String> = columns
        .iter()
        .filter(|column| !column.inherited)
        .map(|column| format!("\n    {}", column.clause))
        .collect();
    let mut statements = Vec::new();
    match &table.place {
        Place::PartitionOf(parent) => {
            let parent = of(schema, *parent);
            sql += &format!(" PARTITION OF {} {}", parent.sql, bounds(&parent, &table, key));
        }
        Place::ChildOf(parents) => {
            let parents: Vec<String> = parents.iter().map(|parent| of(schema, *parent).sql.clone()).collect();
            sql += &format!(" ({}) INHERITS ({})", own.join(","), parents.join(", "));
        }
        Place::Alone => sql += &format!(" ({}\n)", own.join(",")),
    }
    if let Some(strategy) = table.strategy {
        sql += &format!(" PARTITION BY {strategy} (k)");
    } else if !table.options.is_empty() {
        sql += &format!(" WITH ({})", table.options);
    }
    statements.push(sql);
    // Whether an heir gets them too depends on which comes first.
    let settings = columns.iter().flat_map(|column| &column.settings);
    statements.extend(settings.map(|change| format!("ALTER TABLE ONLY {} {change}", table.sql)));
    statements
}

/// No two partitions of one parent overlap, whatever they are.
fn bounds(parent: &Table, table: &Table, key: Key) -> String {
    let number = usize::from(key.number);
    match parent.strategy {
        Some("hash") => format!("FOR VALUES WITH (MODULUS 32, REMAINDER {number})"),
        _ if number == 0 => "DEFAULT".into(),
        Some("list") => match table.bound {
            0 => format!("FOR VALUES IN ('{number:05}')"),
            more => format!("FOR VALUES IN ('{number:05}', '{:05}')", number + more * 100),
        },
        _ => format!(
            "FOR VALUES FROM ('{:05}') TO ('{:05}')",
            number * 100,
            number * 100 + 40 + table.bound * 20
        ),
    }
}
