//! Builds a state that is known only as a catalog.

use crate::{
    catalog::{self, Catalog},
    diagnostic::Result,
    diff::diff,
    order::order,
    scratch::{Database, diagnose},
};

/// Makes an empty scratch database hold what a catalog says.
///
/// # Errors
///
/// The statement that PostgreSQL refuses.
pub fn build(database: &mut Database, state: &Catalog) -> Result<()> {
    super::unchecked(database)?;
    let empty = catalog::read(&mut database.client)?;
    let steps = order(&diff(&empty, state))?;
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
