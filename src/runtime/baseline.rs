//! A baseline on a database that was there before its history: recorded, not run.
//!
//! Apart from the history, because it asks the catalog, and only for what the migration says.

use super::{Error, error::Reason};
use crate::bundle::{Bundle, Migration};
use postgres::{GenericClient, types::Type};

/// How a database without history stands towards a migration.
pub enum Presence {
    /// It has nothing of it, or the migration is not one to ask for: it runs.
    Absent,
    /// It has all of it by name: only the row of history is missing.
    Whole,
    /// It has a part, with which neither would be right.
    Part { there: Vec<String>, missing: Vec<String> },
}

/// Looks for what a migration makes; reads only.
pub fn presence(client: &mut impl GenericClient, migration: &Migration<'_>) -> Result<Presence, Error> {
    let names: Vec<&str> = migration.baseline().collect();
    if names.is_empty() {
        return Ok(Presence::Absent);
    }
    let rows = client
        .query_typed(FIND, &[(&names, Type::TEXT_ARRAY)])
        .map_err(Error::sql("cannot see what the database has of the baseline"))?;
    let (there, missing): (Vec<_>, Vec<_>) = rows
        .iter()
        .map(|row| (row.get::<_, String>(0), row.get::<_, bool>(1)))
        .partition(|(_, is_there)| *is_there);
    let [there, missing] =
        [there, missing].map(|all| all.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
    Ok(match (there.is_empty(), missing.is_empty()) {
        (true, _) => Presence::Absent,
        (_, true) => Presence::Whole,
        _ => Presence::Part { there, missing },
    })
}

/// The refusal of a database that has only a part of a baseline.
pub fn refusal(
    bundle: &Bundle<'_>,
    migration: &Migration<'_>,
    there: &[String],
    missing: &[String],
) -> Error {
    let message = format!(
        "the database has no history of `{}`, and only a part of what {} makes: {} of {}\n  = note: it has {}\n  \
         = note: it lacks {}",
        bundle.name,
        migration.stem(),
        there.len(),
        there.len() + missing.len(),
        first(there),
        first(missing),
    );
    Error::new(Reason::Refused, message).of(migration).help(
        "to record the baseline, make what is missing: `cargo run --bin plan -- diff --from URL --to schema.sql` \
         prints it; to run it, begin with an empty database",
    )
}

/// Names are `relation s.t` and `routine s.f`, quoted as SQL quotes them.
const FIND: &str = "\
SELECT name, CASE pg_catalog.split_part(name, ' ', 1)
           WHEN 'routine' THEN EXISTS (
               SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = parts[1] AND p.proname = parts[2])
           ELSE EXISTS (
               SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = parts[1] AND c.relname = parts[2])
               OR EXISTS (
               SELECT FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
               WHERE n.nspname = parts[1] AND t.typname = parts[2])
           END
FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS asked (name, place)
CROSS JOIN LATERAL pg_catalog.parse_ident(pg_catalog.substr(name, pg_catalog.strpos(name, ' ') + 1)) parts
ORDER BY place";

/// More names than this help nobody.
const SHOWN: usize = 10;

fn first(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
