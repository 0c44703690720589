//! Rows for a plan to run over, and whether it kept them.
//!
//! Separate because a plan that works on empty tables may fail on full ones, or lose what they hold;
//! what to fill them with is in `seed`.

use super::seed;
use crate::{
    diagnostic::Result,
    scratch::{Database, FAR, diagnose},
    sql::literal,
};
use postgres::{SimpleQueryMessage, SimpleQueryRow, error::SqlState};
use std::collections::{BTreeMap, BTreeSet};

/// What the tables held when they were last filled.
#[derive(Debug, Default)]
pub struct Rows {
    /// By OID, which outlives a rename.
    tables: BTreeMap<u32, Table>,
    /// Tables that could not be filled, and why.
    pub unseeded: BTreeMap<String, String>,
    /// Tables whose rows are part of the plan.
    pub data: Vec<String>,
}

/// What tables held at one moment.
pub struct Look(BTreeMap<u32, Table>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Table {
    /// `public.users`
    name: String,
    /// Name and type by number; columns whose text another object's change may change are left out.
    columns: BTreeMap<i16, Column>,
    rows: u64,
    /// The sum of the hashes of all rows, so that their order does not matter.
    digest: String,
}

#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    r#type: String,
    /// Of PostgreSQL's own types, so that equal values have equal texts before and after.
    told: bool,
}

impl Rows {
    /// Fills every table that can be.
    ///
    /// # Errors
    ///
    /// PostgreSQL refuses to be asked; that it refuses rows is in `unseeded`.
    pub fn sow(database: &mut Database, data: Vec<String>) -> Result<Rows> {
        let mut tables = tables(database, &data)?;
        if tables.is_empty() {
            return Ok(Rows { data, ..Rows::default() });
        }
        if !may_be_replica(database)? {
            let why = "the role that runs the proof may not set session_replication_role";
            return Ok(Rows {
                tables: BTreeMap::new(),
                unseeded: [(ALL.to_string(), why.to_string())].into(),
                data,
            });
        }
        let given = with_partitions(database, &data)?;
        let unseeded = seed::sow(database, &given)?;
        count(database, &mut tables)?;
        tables.retain(|_, table| table.rows > 0);
        Ok(Rows { tables, unseeded, data })
    }

    /// Is there any row?
    pub fn any(&self) -> bool {
        !self.tables.is_empty()
    }

    /// What is known of these tables.
    pub fn of(&self, oids: &BTreeSet<u32>) -> Rows {
        let known = self.tables.iter().filter(|(oid, _)| oids.contains(oid));
        let tables = known.map(|(oid, table)| (*oid, table.clone())).collect();
        Rows { tables, data: self.data.clone(), ..Rows::default() }
    }

    /// Leaves each table its first row, the plain one, so that a step has something to read.
    pub fn thin(&self, database: &mut Database) -> Result<()> {
        let there = tables(database, &self.data)?;
        let one = |table: &Table| {
            let name = &table.name;
            format!(
                "DELETE FROM ONLY {name} WHERE ctid <> (SELECT ctid FROM ONLY {name} ORDER BY ctid LIMIT 1)"
            )
        };
        let held = there.iter().filter(|(oid, _)| self.tables.contains_key(oid));
        let texts: Vec<String> = held.map(|(_, table)| one(table)).collect();
        let sql = format!(
            "SET session_replication_role = replica; {}; SET session_replication_role = origin",
            texts.join(";\n")
        );
        database.client.batch_execute(&sql).map_err(|error| diagnose(&error, None).into())
    }

    /// Empties every table but those of the plan's rows, and what was made from them.
    pub fn clear(&mut self, database: &mut Database) -> Result<()> {
        let there = tables(database, &self.data)?;
        self.tables.clear();
        if there.is_empty() {
            return Ok(());
        }
        half_built(database)?;
        // What the plan's rows may reference is not truncated, which would take them along; and what references
        // others is truncated with them.
        let referenced = referenced(database, &self.data)?;
        let whole = partitioned(database, &self.data)?;
        let names = there.values().map(|table| table.name.as_str()).chain(whole.iter().map(String::as_str));
        let (kept, free): (Vec<&str>, Vec<&str>) = names.partition(|name| referenced.contains(*name));
        // Children are named themselves; TRUNCATE of a parent would ask the servers of foreign ones.
        let only =
            |name: &&str| if whole.contains(*name) { name.to_string() } else { format!("ONLY {name}") };
        let free: Vec<String> = free.iter().map(only).collect();
        let truncate = if free.is_empty() { None } else { Some(format!("TRUNCATE {}", free.join(", "))) };
        let delete =
            kept.iter().filter(|name| !whole.contains(**name)).map(|name| format!("DELETE FROM ONLY {name}"));
        let statements: Vec<String> = truncate.into_iter().chain(delete).collect();
        // Event triggers and triggers of users are not asked.
        let sql = format!(
            "SET session_replication_role = replica; {}; SET session_replication_role = origin",
            statements.join("; ")
        );
        database.client.batch_execute(&sql).map_err(|error| diagnose(&error, None))?;
        // Those that read others were made after them.
        let views = format!(
            "{FAR}
            SELECT pg_catalog.format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND c.relispopulated AND c.oid NOT IN (SELECT oid FROM far) ORDER BY c.oid"
        );
        for row in query(database, &views)? {
            let refresh = row.get(0).unwrap_or_default();
            match database.client.batch_execute(refresh) {
                // Its owner may not read what it shows, so nobody can refresh it.
                Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {}
                other => other.map_err(|error| diagnose(&error, None))?,
            }
        }
        Ok(())
    }

    /// What the tables hold now, in the columns that there were.
    pub fn look(&self, database: &mut Database) -> Result<Look> {
        let mut tables = tables(database, &self.data)?;
        tables.retain(|oid, _| self.tables.contains_key(oid));
        for (oid, table) in &mut tables {
            table.columns.retain(|number, _| self.tables[oid].columns.contains_key(number));
        }
        count(database, &mut tables)?;
        Ok(Look(tables))
    }

    /// The tables whose rows are others than a moment ago, which from now on is how they were.
    pub fn moved(&mut self, database: &mut Database, before: &Look) -> Result<Vec<String>> {
        let Look(now) = self.look(database)?;
        let mut moved = Vec::new();
        for (oid, table) in now {
            let was = &before.0[&oid];
            if (was.rows, &was.digest) == (table.rows, &table.digest) {
                continue;
            }
            let known = self.tables.get_mut(&oid).expect("only what is known was looked at");
            moved.push(table.name.clone());
            if known.columns.len() == table.columns.len() {
                known.digest = table.digest;
            }
            known.rows = table.rows;
        }
        Ok(moved)
    }

    /// What is no longer as it was, a sentence each. What is gone as a whole is left out when the
    /// plan has `declared` that something goes.
    pub fn lost(&self, database: &mut Database, declared: bool) -> Result<Vec<String>> {
        let there = tables(database, &self.data)?;
        let mut lost = Vec::new();
        let mut tables = BTreeMap::new();
        for (oid, before) in &self.tables {
            let Some(table) = there.get(oid) else {
                lost.extend((!declared).then(|| format!("the rows of {} are gone", before.name)));
                continue;
            };
            let gone = before.columns.iter().filter(|(number, _)| !table.columns.contains_key(number));
            for (_, column) in gone.filter(|_| !declared) {
                lost.push(format!("the values of {}.{} are gone", before.name, column.name));
            }
            // The columns that there were, by the names that they have now.
            let mut table = table.clone();
            table.columns.retain(|number, _| before.columns.contains_key(number));
            tables.insert(*oid, table);
        }
        count(database, &mut tables)?;
        for (oid, table) in &tables {
            let before = &self.tables[oid];
            let same = |(number, column): (&i16, &Column)| {
                table.columns.get(number).is_some_and(|now| now.r#type == column.r#type)
            };
            if table.rows != before.rows {
                lost.push(format!("{} held {} rows and holds {} now", table.name, before.rows, table.rows));
            } else if before.columns.iter().all(same) && table.digest != before.digest {
                lost.push(format!("the rows of {} are not what they were", table.name));
            }
        }
        Ok(lost)
    }
}

/// Drops what `CREATE INDEX CONCURRENTLY` has left where rows were in its way.
fn half_built(database: &mut Database) -> Result<()> {
    // Nothing else leaves one on scratch that is not valid.
    let indexes = "
        SELECT pg_catalog.format('DROP INDEX %I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_index x
        JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'i' AND NOT x.indisvalid AND n.nspname !~ '^pg_toast'";
    for row in query(database, indexes)? {
        let drop = row.get(0).unwrap_or_default();
        database.client.batch_execute(drop).map_err(|error| diagnose(&error, None))?;
    }
    Ok(())
}

/// Is this what PostgreSQL may say when rows, not the schema, are in the way: a data exception, a constraint that is
/// violated, or something else that was computed from a row?
pub fn about_rows(error: &postgres::Error) -> bool {
    // What a function raises, and what types of extensions say that set no code.
    const CLASSES: [&str; 4] = ["22", "23", "P0", "XX"];
    let Some(error) = error.as_db_error() else { return false };
    // The input of some types calls what it cannot read a syntax error, which is at no place in the statement.
    let of_value = *error.code() == SqlState::SYNTAX_ERROR && error.position().is_none();
    of_value || CLASSES.iter().any(|class| error.code().code().starts_with(class))
}

/// What stands for the names of all tables.
pub const ALL: &str = "all tables";

/// What a table `c` in schema `n` is when people keep rows in it.
pub(super) const USER_TABLE: &str = "
    c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";

/// May this role keep triggers and foreign keys from being asked? Before 15, only a superuser may.
fn may_be_replica(database: &mut Database) -> Result<bool> {
    let set = database
        .client
        .batch_execute("SET session_replication_role = replica; RESET session_replication_role");
    match set {
        Ok(()) => Ok(true),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => Ok(false),
        Err(error) => Err(diagnose(&error, None).into()),
    }
}

/// So many tables are counted by one query.
const AT_ONCE: usize = 200;

/// The tables that hold rows of their own, and not the plan's.
fn tables(database: &mut Database, data: &[String]) -> Result<BTreeMap<u32, Table>> {
    let sql = format!(
        "SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), a.attnum, pg_catalog.quote_ident(a.attname),
                a.atttypid || ':' || a.atttypmod, t.typtype = 'b' AND t.typnamespace = 'pg_catalog'::regnamespace
         FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_catalog.pg_attribute a
             ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         WHERE {USER_TABLE}"
    );
    let mut tables: BTreeMap<u32, Table> = BTreeMap::new();
    for row in query(database, &sql)? {
        let text = |at: usize| row.get(at).unwrap_or_default().to_string();
        let table = tables.entry(number(&text(0))).or_default();
        table.name = text(1);
        if let Some(at) = row.get(2) {
            let column = Column { name: text(3), r#type: text(4), told: row.get(5) == Some("t") };
            table.columns.insert(number(at), column);
        }
    }
    let data = with_partitions(database, data)?;
    tables.retain(|_, table| !data.contains(&table.name));
    Ok(tables)
}

/// These tables, as far as they are there, and their partitions.
fn with_partitions(database: &mut Database, tables: &[String]) -> Result<BTreeSet<String>> {
    if tables.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names = tables.iter().map(|name| literal(name)).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
         FROM unnest(ARRAY[{names}]) name
         CROSS JOIN LATERAL (SELECT pg_catalog.to_regclass(name) AS oid
                             UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(name))) one
         JOIN pg_catalog.pg_class c ON c.oid = one.oid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    );
    Ok(query(database, &sql)?.iter().filter_map(|row| row.get(0)).map(String::from).collect())
}

/// The partitioned tables that hold no row of the plan's.
fn partitioned(database: &mut Database, data: &[String]) -> Result<BTreeSet<String>> {
    let data: Vec<String> = with_partitions(database, data)?.iter().map(|name| literal(name)).collect();
    let sql = format!(
        "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
         FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'p' AND c.relpersistence <> 't' AND NOT EXISTS (
             SELECT FROM pg_catalog.pg_partition_tree(c.oid) one
             WHERE one.relid = ANY (ARRAY[{}]::text[]::regclass[])
                OR one.relid IN (SELECT ftrelid FROM pg_catalog.pg_foreign_table))",
        data.join(", ")
    );
    Ok(query(database, &sql)?.iter().filter_map(|row| row.get(0)).map(String::from).collect())
}

/// What foreign keys of these tables reference, and of those that they reference.
fn referenced(database: &mut Database, tables: &[String]) -> Result<BTreeSet<String>> {
    let tables: Vec<String> = with_partitions(database, tables)?.iter().map(|name| literal(name)).collect();
    if tables.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = format!(
        "WITH RECURSIVE referenced AS (
             SELECT unnest(ARRAY[{}])::regclass::oid AS oid
             UNION
             SELECT k.confrelid FROM referenced r
             JOIN pg_catalog.pg_constraint k ON k.conrelid = r.oid AND k.contype = 'f'
         )
         SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
         FROM referenced r
         JOIN pg_catalog.pg_class c ON c.oid = r.oid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
        tables.join(", ")
    );
    Ok(query(database, &sql)?.iter().filter_map(|row| row.get(0)).map(String::from).collect())
}

/// Fills in how many rows they hold, and which.
fn count(database: &mut Database, tables: &mut BTreeMap<u32, Table>) -> Result<()> {
    let all: Vec<String> = tables
        .iter()
        .map(|(oid, table)| {
            let columns = table.columns.values().filter(|column| column.told);
            let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
            format!(
                "SELECT {oid}, count(*), sum(hashtextextended(ROW({})::text, 0)::numeric) FROM ONLY {}",
                columns.join(", "),
                table.name
            )
        })
        .collect();
    for chunk in all.chunks(AT_ONCE) {
        for row in query(database, &chunk.join("\nUNION ALL "))? {
            let text = |at: usize| row.get(at).unwrap_or_default();
            let table = tables.get_mut(&number(text(0))).expect("each counts one of them");
            table.rows = number(text(1));
            table.digest = text(2).to_string();
        }
    }
    Ok(())
}

pub(super) fn query(database: &mut Database, sql: &str) -> Result<Vec<SimpleQueryRow>> {
    let messages = database.client.simple_query(sql).map_err(|error| diagnose(&error, None))?;
    let row = |message| if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None };
    Ok(messages.into_iter().filter_map(row).collect())
}

pub(super) fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("PostgreSQL was asked for a number and said {text}"))
}
