//! Builds a state that is known only as a catalog.

use crate::{
    catalog::{self, Catalog, Filters},
    diagnostic::Result,
    diff::{diff, explain},
    order::{Placed, order},
    scratch::{Database, diagnose, together},
};
use std::sync::atomic::{AtomicBool, Ordering};

/// Makes an empty scratch database hold what a catalog says.
///
/// # Errors
///
/// The statement that PostgreSQL refuses.
pub fn build(database: &mut Database, state: &Catalog) -> Result<()> {
    super::run::unchecked(database)?;
    let empty = catalog::again(&mut database.client, &[])?;
    run(database, &order(diff(&empty, state))?, &AtomicBool::new(false))
}

/// The same, and what is there then; without a state, what is in an empty database. It is left unfinished where
/// somebody says `stop` meanwhile.
///
/// # Errors
///
/// As above.
pub fn build_ahead(database: &mut Database, state: Option<&Catalog>, stop: &AtomicBool) -> Result<Catalog> {
    super::run::unchecked(database)?;
    let empty = catalog::again(&mut database.client, &[])?;
    let Some(state) = state else { return Ok(empty) };
    run(database, &order(diff(&empty, state))?, stop)?;
    if stop.load(Ordering::Relaxed) { Ok(empty) } else { catalog::again(&mut database.client, &[]) }
}

/// Makes what was built from a catalog equal to it: PostgreSQL does things by itself, such as attaching
/// the first of two indexes that match. `found` is what was read, and in the end what is there.
///
/// # Errors
///
/// What differs after all.
pub(super) fn settle(
    database: &mut Database,
    found: &mut Catalog,
    state: &Catalog,
    filters: &Filters,
) -> Result<()> {
    // Another major version spells things otherwise.
    if found.major() != state.major() {
        return Ok(());
    }
    for round in 0..=super::ROUNDS {
        let changes = diff(found, state);
        if changes.is_empty() {
            break;
        }
        if round == super::ROUNDS {
            return Err(super::unproven("the schema as it is cannot be built on scratch", explain(&changes)));
        }
        let more = order(changes)?;
        run(database, &more, &AtomicBool::new(false))?;
        *found = filters.read(&mut database.client)?;
    }
    Ok(())
}

fn run(database: &mut Database, steps: &[Placed], stop: &AtomicBool) -> Result<()> {
    let texts: Vec<&str> = steps.iter().map(|placed| placed.step.sql.as_str()).collect();
    for chunk in texts.chunks(100) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let together = together(&mut database.client, chunk).map_err(|error| diagnose(&error, None))?;
        if together && database.client.batch_execute(&chunk.join(";\n")).is_ok() {
            continue;
        }
        for text in chunk {
            database
                .run(text)
                .map_err(|error| diagnose(&error, None).note(format!("the statement: {text}")))?;
        }
    }
    Ok(())
}
