//! Columns of tables, and what partitions and children have otherwise.

use super::{
    super::model::{Draw, Key, Schema, is_first},
    constraints, one, routines, schemas, tables,
    types::{self, Type},
};

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub kind: Type,
    /// As CREATE TABLE has it.
    pub clause: String,
    /// What only ALTER TABLE can say.
    pub settings: Vec<String>,
    pub inherited: bool,
    /// PostgreSQL computes it or counts it.
    pub generated: bool,
}

impl Column {
    pub fn plain(name: impl Into<String>, kind: Type) -> Column {
        let name = name.into();
        let clause = format!("{name} {}", kind.sql);
        Column { name, kind, clause, settings: Vec::new(), inherited: false, generated: false }
    }
}

impl std::hash::Hash for Column {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Column {}

impl PartialOrd for Column {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Column {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}

/// Those that a table, which is no partition, has of its own.
pub fn own(schema: &Schema, table: Key) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for key in schema.all("column") {
        let draw = schema.draw(key);
        if owner(schema, key, &draw) == Some(table) {
            let column = of(schema, key, &draw, table, &columns);
            columns.push(column);
        }
    }
    columns.extend(constraints::columns(schema, table));
    columns
}

/// The table that a column belongs to, by the next value.
pub fn owner(schema: &Schema, key: Key, draw: &Draw) -> Option<Key> {
    draw.one(&schema.before(key, &["table"])).map(|table| tables::root(schema, table))
}

fn of(schema: &Schema, key: Key, draw: &Draw, table: Key, earlier: &[Column]) -> Column {
    let kind = types::any(schema, key, draw);
    let mut column = Column::plain(schema.name(key), kind);
    let Column { name, kind, .. } = column.clone();
    let choice = draw.below(12);
    let value = draw.below(4);
    let whole = ["integer", "bigint", "smallint"].contains(&kind.sql.as_str());
    let collation = draw.below(6);
    if kind.collatable && collation > 3 {
        let made = schemas::collations(schema, key);
        let collation = if collation == 4 { None } else { made.first() };
        column.clause += &format!(" COLLATE {}", collation.map_or("\"C\"", String::as_str));
    }
    // A child's column merges with none of another parent's: identity and generation do not.
    let plain = tables::of(schema, table).strategy.is_none();
    match choice {
        4 | 5 => column.clause += &format!(" DEFAULT {}", kind.values[value % 2]),
        6 if whole => {
            let sequences = schemas::sequences(schema, key);
            match (value % 2, sequences.get(value / 2), routines::callable(schema, key).get(value / 2)) {
                (0, Some(sequence), _) => {
                    column.clause += &format!(" DEFAULT nextval('{}')", sequence.replace('\'', "''"));
                }
                (1, _, Some((call, _))) => column.clause += &format!(" DEFAULT {call}({value})"),
                _ => {}
            }
        }
        6 if kind.sql.starts_with("timestamp") => column.clause += " DEFAULT now()",
        7 => {
            let bases: Vec<&Column> = earlier.iter().filter(|base| !base.generated).collect();
            if let Some(base) = bases.get(value % bases.len().max(1)) {
                let [some, none] = &kind.values;
                column.clause += &format!(
                    " GENERATED ALWAYS AS (CASE WHEN {} IS NULL THEN {none} ELSE {some} END) STORED",
                    base.name
                );
                column.generated = true;
            }
        }
        8 if whole && plain => {
            let options = ["", "", " (INCREMENT BY 2)", " (START WITH 5 CACHE 3)"][value];
            let word = if draw.once_in(2) { "ALWAYS" } else { "BY DEFAULT" };
            column.clause += &format!(" GENERATED {word} AS IDENTITY{options}");
            column.generated = true;
        }
        9 if whole => {
            let size = kind.sql.strip_suffix("int").unwrap_or_default();
            column.clause = format!("{name} {size}serial");
        }
        10 | 11 => column.clause += " NOT NULL",
        _ => {}
    }
    let settings = [draw.below(8), draw.below(8)];
    if kind.long && settings[0] > 5 {
        let storage = ["MAIN", "EXTERNAL"][settings[0] - 6];
        column.settings.push(format!("ALTER COLUMN {name} SET STORAGE {storage}"));
    }
    match settings[1] {
        5 => column.settings.push(format!("ALTER COLUMN {name} SET STATISTICS 50")),
        6 => column.settings.push(format!("ALTER COLUMN {name} SET (n_distinct = 7)")),
        7 if kind.long => column.settings.push(format!("ALTER COLUMN {name} SET COMPRESSION pglz")),
        _ => {}
    }
    column
}

/// What is otherwise in a table that has a column of a parent's.
pub fn override_of(schema: &Schema, key: Key) -> Vec<String> {
    let target = |key: Key| {
        let draw = schema.draw(key);
        let mut heirs = schema.before(key, &["table"]);
        heirs.retain(|table| tables::of(schema, *table).place != tables::Place::Alone);
        heirs.retain(|table| !tables::has_heirs(schema, *table));
        let table = draw.one(&heirs)?;
        let mut columns = tables::columns(schema, table);
        let partition = tables::root(schema, table) != table;
        columns.retain(|column| {
            (column.inherited || partition) && !column.generated && !column.clause.contains("serial")
        });
        Some((table, draw.one(&columns)?, draw.below(4)))
    };
    let overrides = schema.all("override");
    let same = |key| target(key).map(|(table, column, _)| (table, column.name));
    one(target(key).filter(|_| is_first(&overrides, key, same)).map(|(table, column, change)| {
        let Column { name, kind, .. } = column;
        let change = match change {
            0 => format!("SET DEFAULT {}", kind.values[0]),
            1 => format!("SET DEFAULT {}", kind.values[1]),
            _ => "SET NOT NULL".into(),
        };
        format!("ALTER TABLE ONLY {} ALTER COLUMN {name} {change}", tables::of(schema, table).sql.clone())
    }))
}
