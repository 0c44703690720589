//! Old code: statements that a program written for the schema as it was would run, prepared before the first step
//! and executed after each, in transactions that are rolled back. What fails from a step on is what that breaks.
//!
//! Every statement is sent from here, because the embedded engine catches no error inside PL/pgSQL and serves one
//! connection.

mod reach;
mod statements;

use super::rows::query;
use crate::{
    diagnostic::Result,
    plan::Broken,
    scratch::{Database, diagnose, has_foreign_tables},
};
use postgres::error::{DbError, SqlState};
use std::collections::BTreeSet;

pub use reach::Reach;
use statements::{Statement, statements};

/// Schema and name of relations and routines.
pub type Names = BTreeSet<(String, String)>;

/// The statements that have not failed yet, and those that have since the last migration ended.
#[derive(Default)]
pub struct Probes {
    standing: Vec<Statement>,
    fallen: Vec<Statement>,
    /// Something of the schema is on other servers, which are not to be asked.
    far: bool,
}

/// What a step was seen to do to old code.
#[derive(Default)]
pub struct Felt {
    pub breaks: Vec<Broken>,
    /// What statements that were prepared before must be prepared again for.
    pub prepare_again: Vec<String>,
}

impl Probes {
    /// Prepares what code would run on the named relations and routines, or on all there are. Writes take their values
    /// from the rows that are there; what fails already is left out.
    ///
    /// # Errors
    ///
    /// PostgreSQL refuses to be asked.
    pub fn begin(database: &mut Database, names: Option<&Names>) -> Result<Probes> {
        if names.is_some_and(BTreeSet::is_empty) {
            return Ok(Probes::default());
        }
        let far = has_foreign_tables(&mut database.client).map_err(|error| diagnose(&error, None))?;
        let alone = alone(database, far)?;
        let all = statements(database, names, &alone)?;
        let (prepared, _) = each(database, all, &alone, Statement::prepare)?;
        let (standing, _) = each(database, prepared, &alone, Statement::execute)?;
        Ok(Probes { standing, fallen: Vec::new(), far })
    }

    /// Runs what is about the named relations and routines, or everything.
    ///
    /// # Errors
    ///
    /// The connection is lost.
    pub fn after(&mut self, database: &mut Database, names: Option<&Names>) -> Result<Felt> {
        let about = |one: &Statement| names.is_none_or(|names| names.contains(&one.about));
        let (due, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.standing).into_iter().partition(about);
        self.standing = rest;
        let alone = alone(database, self.far)?;
        let (works, fails) = each(database, due, &alone, Statement::execute)?;
        self.standing.extend(works);
        // A driver prepares once more; only what fails then too is broken.
        let (works, fallen) = anew(database, fails, &alone)?;
        let mut felt = Felt { breaks: fallen.iter().map(Statement::broken).collect(), ..Felt::default() };
        felt.prepare_again.extend(works.iter().map(|one| one.on.clone()));
        felt.prepare_again.sort();
        felt.prepare_again.dedup();
        self.standing.extend(works);
        self.fallen.extend(fallen);
        Ok(felt)
    }

    /// A migration has ended: gives back what fails for good, and how. Nobody sees the states inside a transaction.
    ///
    /// # Errors
    ///
    /// The connection is lost.
    pub fn ended(&mut self, database: &mut Database) -> Result<Vec<Broken>> {
        let fallen = std::mem::take(&mut self.fallen);
        if fallen.is_empty() {
            return Ok(Vec::new());
        }
        let alone = alone(database, self.far)?;
        let (works, fallen) = anew(database, fallen, &alone)?;
        self.standing.extend(works);
        Ok(fallen.iter().map(Statement::broken).collect())
    }
}

/// What works, and what does not, once it is prepared again.
fn anew(
    database: &mut Database,
    statements: Vec<Statement>,
    alone: &str,
) -> Result<(Vec<Statement>, Vec<Statement>)> {
    let (prepared, mut fails) = each(database, statements, alone, Statement::prepare)?;
    let (works, more) = each(database, prepared, alone, Statement::execute)?;
    fails.extend(more);
    Ok((works, fails))
}

/// What PostgreSQL says of a statement that fails.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub code: String,
    pub message: String,
    /// The column that it is about.
    pub column: Option<String>,
}

impl Refusal {
    fn of(error: &DbError) -> Refusal {
        Refusal {
            code: error.code().code().to_string(),
            message: error.message().to_string(),
            column: error.column().map(String::from),
        }
    }
}

/// What keeps a transaction from asking other servers, in which old code would write: it ends with the transaction.
fn alone(database: &mut Database, far: bool) -> Result<String> {
    if !far {
        return Ok(String::new());
    }
    let wrappers = "SELECT pg_catalog.format(' ALTER FOREIGN DATA WRAPPER %I NO HANDLER;', fdwname)
        FROM pg_catalog.pg_foreign_data_wrapper WHERE fdwhandler <> 0";
    let rows = query(database, wrappers)?;
    let changes: String = rows.iter().filter_map(|row| row.get(0)).collect();
    // PostgreSQL warns of each.
    Ok(format!(" SET LOCAL client_min_messages = error;{changes}"))
}

/// So many statements are sent at once.
const TOGETHER: usize = 200;

/// Runs each by itself and takes it back; what works, and what fails, with its error. Many go in one message: where
/// one fails, halves of it show which.
fn each(
    database: &mut Database,
    mut statements: Vec<Statement>,
    alone: &str,
    text: fn(&mut Statement) -> String,
) -> Result<(Vec<Statement>, Vec<Statement>)> {
    for chunk in statements.chunks_mut(TOGETHER) {
        halves(database, chunk, alone, text)?;
    }
    Ok(statements.into_iter().partition(|one| one.error.is_none()))
}

fn halves(
    database: &mut Database,
    statements: &mut [Statement],
    alone: &str,
    text: fn(&mut Statement) -> String,
) -> Result<()> {
    let mut message = format!("BEGIN; SET LOCAL statement_timeout = '5s';{alone}\n");
    for statement in statements.iter_mut() {
        statement.error = None;
        message += &format!("SAVEPOINT probe; {}; ROLLBACK TO SAVEPOINT probe;\n", text(statement));
    }
    let Err(error) = database.client.batch_execute(&(message + "ROLLBACK")) else { return Ok(()) };
    let Some(refusal) = error.as_db_error().map(Refusal::of) else {
        return Err(diagnose(&error, None).into());
    };
    let ended = database.client.batch_execute("ROLLBACK");
    ended.map_err(|error| diagnose(&error, None))?;
    if let [statement] = statements {
        statement.error = Some(refusal);
        return Ok(());
    }
    let (one, other) = statements.split_at_mut(statements.len() / 2);
    halves(database, one, alone, text)?;
    halves(database, other, alone, text)
}

impl Statement {
    fn broken(&self) -> Broken {
        let error = self.error.as_ref().expect("it has failed");
        let rows = error.code.starts_with("22") || error.code.starts_with("23") || error.code == "P0001";
        let omitted = error.code == SqlState::NOT_NULL_VIOLATION.code()
            && error.column.as_ref().is_some_and(|column| self.omits(column));
        Broken {
            statement: self.told.clone(),
            code: error.code.clone(),
            message: error.message.clone(),
            by_data: rows && !omitted,
        }
    }
}
