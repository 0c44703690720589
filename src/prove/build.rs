//! Builds a state that is known only as a catalog.

use crate::{
    catalog::{self, Catalog},
    diagnostic::{Diagnostic, Result},
    diff::{diff, explain},
    order::{Placed, order},
    scratch::{Database, diagnose},
};

/// PostgreSQL does things by itself: it attaches the first of two indexes that match. What differs
/// because of that gets statements of its own, this often.
const ROUNDS: usize = 2;

/// Makes an empty scratch database hold what a catalog says.
///
/// # Errors
///
/// The statement that PostgreSQL refuses, or what differs after all.
pub fn build(database: &mut Database, state: &Catalog) -> Result<()> {
    super::unchecked(database)?;
    let empty = catalog::read(&mut database.client)?;
    run(database, &order(&diff(&empty, state))?)?;
    // Another major version spells things otherwise.
    if empty.version / 10_000 != state.version / 10_000 {
        return Ok(());
    }
    for round in 0..=ROUNDS {
        let found = catalog::read(&mut database.client)?;
        let changes = diff(&found, state);
        if changes.is_empty() {
            break;
        }
        if round == ROUNDS {
            let mut diagnostic = Diagnostic::no("unproven", "the schema as it is cannot be built on scratch");
            diagnostic.notes.extend(explain(&changes).into_iter().take(20));
            return Err(diagnostic.help(super::REPORT).into());
        }
        run(database, &order(&changes)?)?;
    }
    Ok(())
}

fn run(database: &mut Database, steps: &[Placed]) -> Result<()> {
    let texts: Vec<&str> = steps.iter().map(|placed| placed.step.sql.as_str()).collect();
    for chunk in texts.chunks(100) {
        if database.client.batch_execute(&chunk.join(";\n")).is_ok() {
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
