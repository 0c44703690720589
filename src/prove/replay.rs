//! Builds the state that a folder of migrations ends in, by running them.

use crate::{
    bundle::{Direction, Mode},
    codegen::Folder,
    diagnostic::{Place, Result},
    scratch::{Database, diagnose},
    source,
};

/// Runs every up file, in order.
///
/// # Errors
///
/// The statement of a migration that PostgreSQL refuses, at its line.
pub fn replay(database: &mut Database, folder: &Folder) -> Result<()> {
    for pair in &folder.pairs {
        let path = pair.migration().file(Direction::Up);
        let statements = source::parse(vec![source::Source { path, text: pair.up.as_str().into() }])?;
        let whole = Place {
            path: statements.sources[0].path.clone(),
            text: pair.up.as_str().into(),
            range: 0..pair.up.len(),
        };
        if (0..statements.statements.len()).any(|at| super::trash::calls(statements.text(at))) {
            super::trash::install(database)?;
        }
        match pair.header.mode {
            Mode::Transaction => {
                let all = (0..statements.statements.len()).map(|at| statements.text(at));
                let done = database.run_together(&pair.up, &all.collect::<Vec<_>>());
                done.map_err(|error| diagnose(&error, Some(whole)))?;
            }
            Mode::None => {
                for at in 0..statements.statements.len() {
                    let done = database.run(statements.text(at));
                    done.map_err(|error| diagnose(&error, Some(statements.place(at))))?;
                }
            }
        }
        let reset = database.client.batch_execute("SET check_function_bodies = off; RESET search_path");
        reset.map_err(|error| diagnose(&error, None))?;
    }
    Ok(())
}
