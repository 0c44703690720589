//! What is left of an interrupted `CREATE INDEX CONCURRENTLY`, an index that is not valid and in the way, and of an
//! interrupted `DETACH PARTITION … CONCURRENTLY`, a partition whose rows the parent shows no longer.
//!
//! Apart because it is the one place where the runtime has to know what a statement says.

use super::{Error, lock::Held, statements::Statement};
use postgres::types::Type;

/// Whether the statement had done its work before it was interrupted; clears away what it left if not.
pub fn is_done(held: &mut Held<'_>, statement: &Statement<'_>) -> Result<bool, Error> {
    if let Some((parent, partition)) = detached(statement.sql) {
        return detach(held, parent, partition).map(|place| place != Place::Attached);
    }
    match index(held, statement)? {
        Some(Index { valid: true, .. }) => Ok(true),
        Some(index) => index.remove(held).map(|()| false),
        None => Ok(false),
    }
}

/// Clears away what a statement that failed has left; whether that has done its work.
pub fn clear(held: &mut Held<'_>, statement: &Statement<'_>) -> Result<bool, Error> {
    if let Some((parent, partition)) = detached(statement.sql) {
        return detach(held, parent, partition).map(|place| place == Place::Completed);
    }
    match index(held, statement)? {
        Some(index) if !index.valid => index.remove(held).map(|()| false),
        _ => Ok(false),
    }
}

#[derive(PartialEq)]
enum Place {
    Attached,
    /// It was half detached, and is now.
    Completed,
    Elsewhere,
}

/// Completes what has begun of detaching a partition.
fn detach(held: &mut Held<'_>, parent: &str, partition: &str) -> Result<Place, Error> {
    // The column is there since PostgreSQL 14.
    let sql = "\
SELECT pg_catalog.to_jsonb(i) -> 'inhdetachpending' = 'true' FROM pg_catalog.pg_inherits i
WHERE i.inhparent = pg_catalog.to_regclass($1) AND i.inhrelid = pg_catalog.to_regclass($2)";
    let fail = Error::sql("cannot look for a partition that is half detached");
    let row = held.query_typed_opt(sql, &[(&parent, Type::TEXT), (&partition, Type::TEXT)]).map_err(&fail)?;
    match row.map(|row| row.get::<_, Option<bool>>(0)) {
        None => Ok(Place::Elsewhere),
        Some(Some(true)) => held
            .batch_execute(&format!("ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE"))
            .map(|()| Place::Completed)
            .map_err(Error::sql("cannot complete what an interrupted run has begun to detach")),
        Some(_) => Ok(Place::Attached),
    }
}

/// Parent and partition of `ALTER TABLE parent DETACH PARTITION partition CONCURRENTLY`, as they are written.
fn detached(sql: &str) -> Option<(&str, &str)> {
    let rest = keyword(keyword(sql, "alter")?, "table")?;
    let rest = ["if", "exists"].iter().try_fold(rest, |rest, word| keyword(rest, word)).unwrap_or(rest);
    let (parent, rest) = name(rest)?;
    let (partition, rest) = name(keyword(keyword(rest, "detach")?, "partition")?)?;
    keyword(rest, "concurrently").map(|_| (parent, partition))
}

struct Index {
    /// Quoted and with its schema.
    name: String,
    valid: bool,
}

impl Index {
    fn remove(&self, held: &mut Held<'_>) -> Result<(), Error> {
        held.batch_execute(&format!("DROP INDEX CONCURRENTLY {}", self.name))
            .map_err(Error::sql("cannot remove the invalid index that an interrupted run left"))
    }
}

/// The index that the statement creates concurrently, if it is there.
fn index(held: &mut Held<'_>, statement: &Statement<'_>) -> Result<Option<Index>, Error> {
    let Some((index, table)) = created(statement.sql) else { return Ok(None) };
    // An index lives in its table's schema, and may be named without it only.
    let sql = "\
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), i.indisvalid
FROM pg_catalog.pg_class t
JOIN pg_catalog.pg_class c ON c.relnamespace = t.relnamespace AND c.relname = ($1::text::name[])[1]
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid AND i.indrelid = t.oid
WHERE t.oid = pg_catalog.to_regclass($2)";
    let names = "SELECT pg_catalog.parse_ident($1)::text";
    let fail = Error::sql("cannot look for an invalid index");
    let index: String = held.query_typed_one(names, &[(&index, Type::TEXT)]).map_err(&fail)?.get(0);
    let row = held.query_typed_opt(sql, &[(&index, Type::TEXT), (&table, Type::TEXT)]).map_err(&fail)?;
    Ok(row.map(|row| Index { name: row.get(0), valid: row.get(1) }))
}

/// Index and table of `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] index ON [ONLY] table …`, as
/// they are written.
fn created(sql: &str) -> Option<(&str, &str)> {
    let mut rest = sql;
    let mut skip = |words: &[&str]| {
        let skipped = words.iter().try_fold(rest, |rest, word| keyword(rest, word));
        rest = skipped.unwrap_or(rest);
        skipped.is_some()
    };
    let create = skip(&["create"]);
    skip(&["unique"]);
    if !create || !skip(&["index", "concurrently"]) {
        return None;
    }
    skip(&["if", "not", "exists"]);
    let (index, after) = name(rest)?;
    let after = keyword(after, "on")?;
    let (table, _) = name(keyword(after, "only").unwrap_or(after))?;
    Some((index, table))
}

fn keyword<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let (head, rest) = text.split_at_checked(word.len())?;
    (head.eq_ignore_ascii_case(word) && !rest.starts_with(is_word)).then_some(rest)
}

/// A name with its quotes and dots, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut quoted = false;
    let end = text.find(|character: char| {
        quoted ^= character == '"';
        !quoted && !is_word(character) && !matches!(character, '"' | '.')
    });
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    (!name.is_empty()).then_some((name, rest))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}
