//! Four rows for every table that can have any: a plain one, one of extremes, one of NULLs, and one
//! that repeats the first in all that need not be unique.
//!
//! Separate from `rows`, which asks what became of them. Every statement is sent from here, because
//! the embedded engine catches no error inside PL/pgSQL.

mod condition;
mod table;
mod value;

use super::rows::query;
use crate::{
    diagnostic::Result,
    scratch::{Database, diagnose},
    sql::literal,
};
use condition::{Condition, candidates, conditions};
use postgres::{SimpleQueryRow, error::SqlState};
use std::collections::{BTreeMap, BTreeSet};
use table::{Table, tables};

/// A row that a table holds or may come to hold: texts by the number of the column.
type Row = BTreeMap<i16, Option<String>>;

/// Fills every table that can be, but those of `data`, which hold what the schema says; what cannot be, by name,
/// and why.
///
/// # Errors
///
/// PostgreSQL refuses to be asked; that it refuses rows is in the answer.
pub(super) fn sow(database: &mut Database, data: &BTreeSet<String>) -> Result<BTreeMap<String, String>> {
    // No trigger of a user, no rule and no foreign key is asked.
    set(database, "SET session_replication_role = replica; SET synchronous_commit = off")?;
    let tables = tables(database)?;
    let mut sowing = Sowing {
        database,
        tables: &tables,
        rows: BTreeMap::new(),
        given: tables.iter().filter(|(_, table)| data.contains(&table.name)).map(|(&oid, _)| oid).collect(),
        doubtful: BTreeSet::new(),
        conditions: None,
        unseeded: BTreeMap::new(),
    };
    sowing.take_given()?;
    let mut order = order(&tables);
    order.retain(|oid| !sowing.given.contains(oid));
    for together in order.chunks(TOGETHER) {
        sowing.all(together)?;
    }
    sowing.weed()?;
    let unseeded = sowing.unseeded;
    set(database, "SET session_replication_role = origin; RESET synchronous_commit")?;
    Ok(unseeded)
}

fn set(database: &mut Database, sql: &str) -> Result<()> {
    database.client.batch_execute(sql).map_err(|error| diagnose(&error, None).into())
}

/// Tables that are filled by one message. They share a transaction, so where one refuses its rows,
/// all are filled again, each by itself.
const TOGETHER: usize = 50;

/// So many rows are tried for a table's conditions.
const TRIES: usize = 200;

#[derive(Clone, Copy, PartialEq)]
enum Variant {
    Plain,
    Extreme,
}

struct Sowing<'a> {
    database: &'a mut Database,
    tables: &'a BTreeMap<u32, Table>,
    rows: BTreeMap<u32, Vec<Row>>,
    /// Tables that have their rows already.
    given: BTreeSet<u32>,
    /// Tables and their foreign keys that may reference no row.
    doubtful: BTreeSet<(u32, usize)>,
    /// Read when the first is not met.
    conditions: Option<Vec<Condition>>,
    unseeded: BTreeMap<String, String>,
}

impl Sowing<'_> {
    /// Learns what others may reference in the tables that have their rows.
    fn take_given(&mut self) -> Result<()> {
        for oid in &self.given {
            let table = &self.tables[oid];
            let texts: Vec<String> =
                table.columns.values().map(|column| format!("{}::text", column.name)).collect();
            let found = query(
                self.database,
                &format!("SELECT {} FROM ONLY {} LIMIT 100", texts.join(", "), table.name),
            )?;
            let row = |found: &SimpleQueryRow| {
                let values = table.columns.keys().enumerate();
                values.map(|(at, number)| (*number, found.get(at).map(String::from))).collect()
            };
            self.rows.insert(*oid, found.iter().map(row).collect());
        }
        Ok(())
    }

    /// Fills several tables, in this order.
    fn all(&mut self, together: &[u32]) -> Result<()> {
        let mut message = String::new();
        let doubtful = self.doubtful.clone();
        for &oid in together {
            let table = &self.tables[&oid];
            let variant = |n| if n == 2 { Variant::Extreme } else { Variant::Plain };
            let rows: Vec<Row> = (1..=4).map(|n| self.attempt(oid, n, variant(n))).collect();
            message += &insert(table, &rows);
            self.rows.insert(oid, rows);
        }
        if self.database.client.batch_execute(&message).is_ok() {
            return Ok(());
        }
        self.doubtful = doubtful;
        together.iter().for_each(|oid| drop(self.rows.remove(oid)));
        together.iter().try_for_each(|&oid| self.one(oid))
    }

    /// Fills one table row by row.
    fn one(&mut self, oid: u32) -> Result<()> {
        let table = &self.tables[&oid];
        let (mut why, mut tries) = (String::new(), 0);
        for n in 1..=4 {
            let variants: &[Variant] =
                if n == 2 { &[Variant::Extreme, Variant::Plain] } else { &[Variant::Plain] };
            for &variant in variants {
                let row = self.attempt(oid, n, variant);
                match self.settle(oid, n, row, variant, &mut tries)? {
                    Ok(row) => {
                        self.rows.entry(oid).or_default().push(row);
                        break;
                    }
                    Err(message) => why = message,
                }
            }
        }
        if !self.rows.contains_key(&oid) {
            self.unseeded.insert(table.name.clone(), why);
        }
        Ok(())
    }

    /// The Nth row of a table, as far as types and keys say what it may hold.
    fn attempt(&mut self, oid: u32, n: usize, variant: Variant) -> Row {
        let table = &self.tables[&oid];
        let mut row: Row = BTreeMap::new();
        for (&number, column) in &table.columns {
            let plain = if n == 4 && !column.unique { 1 } else { n };
            let value = match (n, variant) {
                (3, _) if !column.required && !column.unique => None,
                (_, Variant::Extreme) => {
                    value::extreme(&column.r#type).or_else(|| Some(value::plain(&column.r#type, plain)))
                }
                _ => Some(value::plain(&column.r#type, plain)),
            };
            row.insert(number, value);
        }
        for (at, key) in table.keys.iter().enumerate() {
            let mine = key.columns.iter().filter(|(mine, _)| table.columns.contains_key(mine));
            if key.parents == [oid] {
                for (mine, theirs) in mine {
                    let value = row.get(theirs).cloned();
                    row.extend(value.map(|value| (*mine, value)));
                }
            } else if mine.clone().any(|(mine, _)| row[mine].is_some()) {
                let parents: Vec<&Row> =
                    key.parents.iter().filter_map(|parent| self.rows.get(parent)).flatten().collect();
                let parent = parents.get((n - 1) % parents.len().max(1));
                for (mine, theirs) in mine {
                    let value = match parent.map(|parent| parent.get(theirs)) {
                        Some(Some(value)) => value.clone(),
                        // Its own row may come to match one of a table that is still empty.
                        None if !table.columns[mine].required => None,
                        _ => {
                            self.doubtful.insert((oid, at));
                            continue;
                        }
                    };
                    row.insert(*mine, value);
                }
            }
        }
        row
    }

    /// Inserts a row. Where a condition is not met, values are changed one at a time; what leads on to
    /// another fault is kept.
    fn settle(
        &mut self,
        oid: u32,
        n: usize,
        mut row: Row,
        variant: Variant,
        tries: &mut usize,
    ) -> Result<std::result::Result<Row, String>> {
        let table = &self.tables[&oid];
        let Some(mut fault) = self.try_row(table, &row)? else { return Ok(Ok(row)) };
        while let (Variant::Plain, Some(condition)) = (variant, fault.condition.clone()) {
            if *tries >= TRIES {
                break;
            }
            let conditions = match self.conditions.take() {
                Some(conditions) => conditions,
                None => conditions(self.database)?,
            };
            let found = candidates(&conditions, oid, table, &condition, n);
            self.conditions = Some(conditions);
            let mut moved = false;
            for candidate in found {
                *tries += 1;
                let mut changed = row.clone();
                changed.extend(candidate);
                let next = self.try_row(table, &changed)?;
                let leads_on =
                    |fault: &Fault| fault.condition.as_ref().is_some_and(|other| *other != condition);
                moved = next.as_ref().is_none_or(leads_on);
                if moved {
                    row = changed;
                    // What was changed may have been part of a key.
                    self.doubtful.extend((0..table.keys.len()).map(|at| (oid, at)));
                    let Some(next) = next else { return Ok(Ok(row)) };
                    fault = next;
                    break;
                }
            }
            if !moved {
                break;
            }
        }
        Ok(Err(fault.message))
    }

    /// Inserts one row; what stands in its way.
    fn try_row(&mut self, table: &Table, row: &Row) -> Result<Option<Fault>> {
        let Err(error) = self.database.client.batch_execute(&insert(table, std::slice::from_ref(row))) else {
            return Ok(None);
        };
        let Some(db) = error.as_db_error() else { return Err(diagnose(&error, None).into()) };
        let constraint = || db.constraint().unwrap_or_default().to_string();
        let condition = (*db.code() == SqlState::CHECK_VIOLATION).then(constraint);
        Ok(Some(Fault { message: db.message().to_string(), condition }))
    }

    /// Removes rows that reference none, and what referenced those.
    fn weed(&mut self) -> Result<()> {
        let mut children: BTreeMap<u32, Vec<(u32, usize)>> = BTreeMap::new();
        for (&oid, table) in self.tables {
            for (at, key) in table.keys.iter().enumerate() {
                key.parents.iter().for_each(|&parent| children.entry(parent).or_default().push((oid, at)));
            }
        }
        while let Some((oid, at)) = self.doubtful.pop_first() {
            let table = &self.tables[&oid];
            if self.given.contains(&oid) {
                continue;
            }
            let gone = match self.database.client.execute(&table.keys[at].weed, &[]) {
                // A publication publishes what is deleted, and nothing tells the rows apart.
                Err(error) if error.code() == Some(&SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE) => {
                    self.unseeded.insert(table.name.clone(), diagnose(&error, None).message);
                    let all = format!("TRUNCATE ONLY {} CASCADE", table.name);
                    self.database.client.execute(&all, &[]).map(|_| 0)
                }
                gone => gone,
            };
            let gone = gone.map_err(|error| diagnose(&error, None))?;
            if gone > 0 {
                self.doubtful.extend(children.get(&oid).into_iter().flatten().copied());
            }
        }
        Ok(())
    }
}

/// Why PostgreSQL refuses a row.
struct Fault {
    message: String,
    /// The name of the condition that it does not meet; empty where that is a partition's bound.
    condition: Option<String>,
}

/// Each table after those that it references; of tables that reference each other, the first one first.
fn order(tables: &BTreeMap<u32, Table>) -> Vec<u32> {
    let mut waits: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (&oid, table) in tables {
        let parents = table.keys.iter().flat_map(|key| &key.parents).copied();
        let parents: BTreeSet<u32> =
            parents.filter(|parent| *parent != oid && tables.contains_key(parent)).collect();
        parents.iter().for_each(|&parent| children.entry(parent).or_default().push(oid));
        waits.insert(oid, parents);
    }
    let mut ready: BTreeSet<u32> =
        waits.iter().filter(|(_, parents)| parents.is_empty()).map(|(&oid, _)| oid).collect();
    let mut order = Vec::new();
    while let Some(next) = ready.pop_first().or_else(|| waits.keys().next().copied()) {
        waits.remove(&next);
        order.push(next);
        for child in children.get(&next).into_iter().flatten() {
            if let Some(parents) = waits.get_mut(child) {
                parents.remove(&next);
                ready.extend(parents.is_empty().then_some(*child));
            }
        }
    }
    order
}

/// The statements that give a table these rows.
fn insert(table: &Table, rows: &[Row]) -> String {
    let Table { name, columns, .. } = table;
    if columns.is_empty() {
        return format!("INSERT INTO {name} DEFAULT VALUES;\n").repeat(rows.len());
    }
    let names: Vec<&str> = columns.values().map(|column| column.name.as_str()).collect();
    let value = |(number, text): (&i16, &Option<String>)| {
        let text = text.as_ref().map_or("NULL".to_string(), |text| literal(text));
        format!("{text}::{}", columns[number].type_name)
    };
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("({})", row.iter().map(value).collect::<Vec<_>>().join(", ")))
        .collect();
    // An identity that is GENERATED ALWAYS takes no value otherwise.
    format!("INSERT INTO {name} ({}) OVERRIDING SYSTEM VALUE VALUES {};\n", names.join(", "), rows.join(", "))
}
