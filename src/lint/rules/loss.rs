//! What is gone for good.

use crate::{
    lint::{
        change::Change,
        file::File,
        rule::{Found, Rule, Severity, each, list},
    },
    prove::State,
    step::Lock,
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "loses-data",
        severity: Severity::Error,
        what: "A table, a column, or all rows of a table are dropped.",
        why: "No way back brings the rows again.",
        safe: "keep a dropped table for a while: ALTER TABLE {table} SET SCHEMA trash;  drop a column only when no code \
               names it any more, delete rows by a WHERE that says which",
        bad: "TRUNCATE orders;",
        good: &["DELETE FROM orders WHERE id BETWEEN 1 AND 1000;"],
        check: |file| each(file, loses),
    },
    Rule {
        id: "cascade-drops-more",
        severity: Severity::Error,
        what: "CASCADE drops what the statement does not name.",
        why: "Nobody who reads the migration sees what goes, and on another database it may be more.",
        safe: "drop what depends on it first, each by its name, and leave CASCADE out",
        bad: "ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE;",
        good: &["BEGIN;\nLOCK TABLE users, orders IN ACCESS EXCLUSIVE MODE;\n\
                 ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;\n\
                 ALTER TABLE users DROP CONSTRAINT users_pkey;\nCOMMIT;"],
        check: |file| each(file, cascade),
    },
];

fn loses(file: &File, at: usize) -> Option<Found> {
    let statement = &file.statements[at];
    let mut lost: Vec<(String, String)> = Vec::new();
    for change in &statement.changes {
        match change {
            Change::TableDropped { table } => {
                lost.push((table.clone(), format!("{table} and its rows are gone")));
            }
            Change::ColumnDropped { table, column } => {
                lost.push((table.clone(), format!("the values of {table}.{column} are gone")));
            }
            _ => {}
        }
    }
    let locked = |least| file.locked(at, least).first().map(|(table, _)| file.name(*table).to_string());
    let all = match () {
        () if statement.begins(&["truncate"]) => locked(Lock::AccessExclusive),
        () if statement.begins(&["delete", "from"])
            && !["where", "using"].iter().any(|word| statement.says(&[word])) =>
        {
            locked(Lock::RowExclusive)
        }
        () => None,
    };
    lost.extend(all.map(|table| (table.clone(), format!("all rows of {table} are gone"))));
    let (table, _) = lost.first()?.clone();
    let words: Vec<String> = lost.into_iter().map(|(_, words)| words).collect();
    Some(Found::at(at, list(&words)).table(table))
}

fn cascade(file: &File, at: usize) -> Option<Found> {
    let statement = &file.statements[at];
    let drops = statement.begins(&["drop"]) || statement.says(&["drop"]);
    if !drops || !statement.says(&["cascade"]) {
        return None;
    }
    let after = &statement.seen.as_ref()?.after;
    let earlier = file.statements[..at].iter().rev().find_map(|one| one.seen.as_ref());
    let before: &State = earlier.map_or(&file.before, |seen| &seen.after);
    let mut gone: Vec<String> = Vec::new();
    for (oid, relation) in &before.relations {
        // What belongs to a table goes with it.
        let stands_alone = "rpvmf".contains(relation.kind) && file.before.relations.contains_key(oid);
        if stands_alone && !after.relations.contains_key(oid) && !statement.names(&relation.bare) {
            gone.push(relation.name.clone());
        }
    }
    // With a column go the constraints that it is in; those of other tables go by CASCADE alone.
    let elsewhere = |table: u32| {
        let name = before.relations.get(&table).map(|relation| &relation.bare);
        after.relations.contains_key(&table) && name.is_some_and(|name| !statement.names(name))
    };
    for (oid, constraint) in &before.constraints {
        let lives = elsewhere(constraint.table) && file.before.constraints.contains_key(oid);
        if lives && !after.constraints.contains_key(oid) && !statement.names(&constraint.name) {
            let table = before.relations.get(&constraint.table).map_or("?", |table| table.name.as_str());
            gone.push(format!("the constraint {} of {table}", constraint.name));
        }
    }
    gone.extend(before.columns.iter().filter_map(|(key, column)| {
        let lives = elsewhere(key.0) && file.before.columns.contains_key(key);
        let table = before.relations.get(&key.0)?;
        (lives && !after.columns.contains_key(key) && !statement.names(&column.name))
            .then(|| format!("the column {}.{}", table.name, column.name))
    }));
    (!gone.is_empty()).then(|| Found::at(at, format!("it also drops {}", list(&gone))).word("cascade"))
}
