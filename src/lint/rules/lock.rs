//! Locks that last longer, or reach further, than the statement says.

use crate::{
    lint::{
        file::File,
        rule::{Found, Rule, Severity, each, list},
    },
    prove::State,
    step::Lock,
};
use std::collections::BTreeSet;

pub const RULES: &[Rule] = &[
    Rule {
        id: "locks-held-together",
        severity: Severity::Warning,
        what: "One transaction takes ACCESS EXCLUSIVE on one table and then, by another statement, on a second one.",
        why: "While it waits for the second table, nobody can use the first; and with a program that uses them in the \
              other order it is a deadlock.",
        safe: "one migration for each table; or lock them all at first: LOCK TABLE a, b IN ACCESS EXCLUSIVE MODE",
        bad: "BEGIN;\nALTER TABLE users ADD COLUMN a integer;\nALTER TABLE orders ADD COLUMN a integer;\nCOMMIT;",
        good: &["ALTER TABLE users ADD COLUMN a integer;", "ALTER TABLE orders ADD COLUMN a integer;"],
        check: together,
    },
    Rule {
        id: "locks-another-table",
        severity: Severity::Warning,
        what: "A statement takes ACCESS EXCLUSIVE on a table that it does not name: dropping a foreign key locks the \
               table that it references.",
        why: "Queries on that table stop, which nobody who reads the migration expects; and the order in which the \
              tables are locked is left to PostgreSQL.",
        safe: "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;  before it in the same transaction, the referenced table first",
        bad: "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;",
        good: &["BEGIN;\nLOCK TABLE users, orders IN ACCESS EXCLUSIVE MODE;\n\
                 ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;\nCOMMIT;"],
        check: |file| each(file, another),
    },
    Rule {
        id: "sequence-locked",
        severity: Severity::Warning,
        what: "ALTER SEQUENCE is followed by other statements in its transaction.",
        why: "nextval() of everybody else waits until the transaction ends, and with it every INSERT.",
        safe: "put ALTER SEQUENCE last, or into a migration of its own",
        bad: "BEGIN;\nALTER SEQUENCE tickets INCREMENT BY 10;\nCOMMENT ON TABLE users IS 'people';\nCOMMIT;",
        good: &["ALTER SEQUENCE tickets INCREMENT BY 10;"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let taken = statement.seen.as_ref()?.taken.iter();
                let mut sequences = taken.filter(|(oid, lock)| {
                    **lock >= Lock::ShareRowExclusive && file.before.relations[*oid].kind == 'S'
                });
                let (sequence, lock) =
                    sequences.next().filter(|_| statement.begins(&["alter", "sequence"]))?;
                let rest = file.statements[at + 1..].iter();
                let more = rest
                    .filter(|other| other.transaction == statement.transaction && other.seen.is_some())
                    .count();
                let name = file.name(*sequence);
                let message = format!("{lock} on {name} is held while {more} more statements run");
                (more > 0).then(|| Found::at(at, message).table(name))
            })
        },
    },
];

/// Tables that stand for themselves: what partitions and children belong to.
fn root(state: &State, table: u32) -> u32 {
    let parents = state.relations.get(&table).map(|relation| relation.parents.as_slice());
    match parents.and_then(<[u32]>::first) {
        Some(&parent) => root(state, parent),
        None => table,
    }
}

fn together(file: &File) -> Vec<Found> {
    let end = file.statements.iter().rev().find_map(|statement| statement.seen.as_ref());
    let stays = |table: &u32| end.is_some_and(|seen| seen.after.relations.contains_key(table));
    let roots = |at: usize| -> BTreeSet<u32> {
        let locked = file.locked(at, Lock::AccessExclusive).into_iter().map(|(table, _)| table);
        locked.filter(stays).map(|table| root(&file.before, table)).collect()
    };
    let mut found: Vec<Found> = Vec::new();
    let mut told = BTreeSet::new();
    for at in 0..file.statements.len() {
        let transaction = file.statements[at].transaction;
        let mut before = BTreeSet::new();
        for earlier in (0..at).filter(|one| file.statements[*one].transaction == transaction) {
            before.extend(roots(earlier));
        }
        let new: Vec<String> =
            roots(at).difference(&before).map(|table| file.name(*table).to_string()).collect();
        if new.is_empty() || before.is_empty() || !told.insert(transaction) {
            continue;
        }
        let held: Vec<String> = before.iter().map(|table| file.name(*table).to_string()).collect();
        let message =
            format!("{} stays under ACCESS EXCLUSIVE while {} is waited for", list(&held), list(&new));
        found.push(Found::at(at, message).table(new[0].clone()));
    }
    found
}

fn another(file: &File, at: usize) -> Option<Found> {
    let statement = &file.statements[at];
    let changes = statement.begins(&["alter", "table"]) || statement.begins(&["drop"]);
    // An index names no table, and CASCADE is a rule of its own.
    if !changes || statement.begins(&["drop", "index"]) || statement.says(&["cascade"]) {
        return None;
    }
    let after = &statement.seen.as_ref()?.after;
    let named = |table: u32| statement.names(&file.before.relations[&table].bare);
    let related = |table: u32| {
        let same = |other: &u32| root(&file.before, *other) == root(&file.before, table) && named(*other);
        file.before.relations.keys().any(same)
    };
    let locked = file.locked(at, Lock::AccessExclusive).into_iter();
    let mut others = locked.filter(|(table, _)| after.relations.contains_key(table) && !related(*table));
    let (table, lock) = others.next()?;
    let message = format!("it takes {lock} on {} too, which it does not name", file.name(table));
    Some(Found::at(at, message).table(file.name(table)))
}
