//! One look at a database: a transaction that only reads, and what is asked in it first.
//!
//! Apart from what is read, because how it is asked depends on how often the same session is looked at.

use postgres::{Client, Error, IsolationLevel, SimpleQueryMessage, SimpleQueryRow, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// A repeatable-read transaction with `search_path` set to `pg_catalog`.
pub(super) struct Snapshot<'a> {
    pub transaction: Transaction<'a>,
    pub version: u32,
    prepared: Option<Prepared>,
}

/// Queries that the session keeps, so that PostgreSQL plans them once: most of the time that reading a small
/// catalog takes is planning.
struct Prepared {
    /// Tells plans that were made for a catalog of another size.
    size: u32,
    names: BTreeSet<String>,
}

/// The setting that lists their names.
const NAMES: &str = "planwright.prepared";

/// What a query needs to know before it is asked.
pub(super) struct There {
    /// The catalogs by name.
    pub classes: BTreeMap<String, u32>,
    /// The columns that lines are marked with and that the role may not read.
    pub unreadable: BTreeSet<String>,
    /// Of what the kinds say that their objects are rows of, what somebody has made.
    rows: BTreeSet<String>,
}

impl<'a> Snapshot<'a> {
    /// With `keep`, the session is ours, and is looked at again.
    pub fn begin(client: &'a mut Client, keep: bool) -> Result<Snapshot<'a>, Error> {
        // To list the session's statements takes long where others have prepared thousands. What is left of a look that
        // failed halfway is listed.
        let told = match keep {
            true => {
                client.simple_query(&format!("SELECT current_setting('{NAMES}', true); SET {NAMES} = ''"))?
            }
            false => Vec::new(),
        };
        let told: Vec<String> = told
            .into_iter()
            .filter_map(row)
            .filter_map(|row| row.get(0).map(String::from))
            .flat_map(|names| {
                names.split(',').filter(|name| !name.is_empty()).map(String::from).collect::<Vec<_>>()
            })
            .collect();
        let mut transaction = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()?;
        // The planner's JIT would compile queries that run once (PostgreSQL 11+); the columns of thousands of tables are
        // sorted in memory.
        transaction.batch_execute(
            "SET LOCAL search_path = pg_catalog; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'",
        )?;
        let row = transaction.query_one(
            "SELECT current_setting('server_version_num')::int, pg_relation_size('pg_depend'),
                    CASE WHEN $1 THEN ARRAY(SELECT name FROM pg_prepared_statements WHERE name LIKE 'planwright %') ELSE '{}' END",
            &[&(keep && told.is_empty())],
        )?;
        let version: i32 = row.get(0);
        let size: i64 = row.get(1);
        let names = row.get::<_, Vec<String>>(2).into_iter().chain(told).collect();
        let prepared = keep.then(|| Prepared { size: size.max(1).ilog2(), names });
        Ok(Snapshot { transaction, version: version.unsigned_abs(), prepared })
    }

    /// Ends it; what the session keeps is known to the next.
    pub fn end(mut self) -> Result<(), Error> {
        if let Some(Prepared { names, .. }) = &self.prepared {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            self.transaction.batch_execute(&format!("SET {NAMES} = '{}'", names.join(",")))?;
        }
        self.transaction.commit()
    }

    /// The answer to a query, in one round trip. `name` tells it from the others.
    pub fn ask(&mut self, name: &str, query: &str) -> Result<Vec<SimpleQueryRow>, Error> {
        let answer = match &mut self.prepared {
            None => self.transaction.simple_query(query)?,
            Some(Prepared { size, names }) => {
                let name = format!("planwright {name} {size}");
                let execute = format!("EXECUTE \"{name}\"");
                let known = names.contains(&name);
                let text = if known { execute } else { format!("PREPARE \"{name}\" AS {query};\n{execute}") };
                let answer = self.transaction.simple_query(&text)?;
                names.insert(name);
                answer
            }
        };
        Ok(answer.into_iter().filter_map(row).collect())
    }

    /// What there is of the `rows` that kinds name, and which of `columns` the role may not read.
    pub fn look(&mut self, columns: &BTreeSet<&str>, rows: &BTreeSet<&str>) -> Result<There, Error> {
        let mut arms = vec![
            "SELECT 'class', relname::text, oid::text FROM pg_class
             WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'"
                .to_string(),
        ];
        arms.extend(columns.iter().map(|name| {
            let (table, column) = name.split_once('.').expect("a column is named with its table");
            format!("SELECT 'unreadable', '{name}', '' WHERE NOT has_column_privilege('{table}', '{column}', 'select')")
        }));
        // One arm goes through a catalog for all values that kinds name.
        let sources: BTreeSet<&str> =
            rows.iter().map(|rows| rows.split(' ').next().unwrap_or(rows)).collect();
        arms.extend(sources.iter().map(|source| match source.split_once('.') {
            Some((table, column)) => {
                format!("SELECT 'rows', '{source} ' || {column}::text, '' FROM {table} WHERE oid >= 16384 GROUP BY {column}")
            }
            None => format!("SELECT 'rows', '{source}', '' WHERE EXISTS (SELECT FROM {source} WHERE oid >= 16384)"),
        }));
        let mut there =
            There { classes: BTreeMap::new(), unreadable: BTreeSet::new(), rows: BTreeSet::new() };
        for row in self.ask("look", &arms.join("\nUNION ALL "))? {
            let [what, name, oid] = [0, 1, 2].map(|at| row.get(at).unwrap_or_default());
            match what {
                "class" => drop(there.classes.insert(name.to_string(), oid.parse().unwrap_or_default())),
                "unreadable" => drop(there.unreadable.insert(name.to_string())),
                _ => drop(there.rows.insert(name.to_string())),
            }
        }
        Ok(there)
    }
}

impl There {
    /// May a kind that says this of itself have any object?
    pub fn may_hold(&self, rows: &[&str]) -> bool {
        rows.is_empty() || rows.iter().any(|rows| self.rows.contains(*rows))
    }
}

pub(super) fn row(message: SimpleQueryMessage) -> Option<SimpleQueryRow> {
    if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None }
}
