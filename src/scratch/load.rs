//! Runs the statements of a schema in a scratch database.
//!
//! Separate from the engines because it asks only for a session: the same loading on each of them is
//! what makes their catalogs comparable.

use std::collections::BTreeSet;

use postgres::error::SqlState;

use super::{
    Database, bodies, diagnose,
    elsewhere::{execute, together},
    quoted,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Result},
    source::{Novelty, Statement, Statements, newer},
};

/// Statements sent at once; they share a transaction, so one that fails makes all of them run again by one.
const TOGETHER: usize = 100;

/// More problems than this help nobody.
const SHOWN: usize = 20;

/// Runs every statement, each after what it needs. What fails is tried again when others have succeeded since.
pub fn load(statements: &Statements, database: &mut Database) -> Result<()> {
    let private = database.private;
    let refused: Vec<Diagnostic> =
        (0..statements.statements.len()).filter_map(|at| outside(statements, at, private)).collect();
    if !refused.is_empty() {
        return Err(Diagnostics(refused));
    }
    let mut waiting: Vec<usize> = statements.order();
    waiting.retain(|&at| !controls_transaction(&statements.statements[at]));
    let mut session = Session::new(statements, database);
    let mut failed: Vec<(usize, Failure)> = Vec::new();
    loop {
        let before = waiting.len();
        let (hopeless, postponed): (Vec<_>, Vec<_>) =
            session.run(&waiting)?.into_iter().partition(|(_, failure)| failure.hopeless);
        failed.extend(hopeless);
        waiting = postponed.iter().map(|(at, _)| *at).collect();
        if waiting.is_empty() || waiting.len() == before {
            failed.extend(postponed);
            break;
        }
    }
    session.problems.extend(causes(statements, failed));
    let mut problems = std::mem::take(&mut session.problems);
    if problems.is_empty() {
        problems = bodies::check(&mut session)?;
    }
    session.end()?;
    if problems.is_empty() {
        return Ok(());
    }
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    if let (1.., Some(last)) = (more, problems.last_mut()) {
        last.notes.push(format!("{more} more statements failed"));
    }
    Err(Diagnostics(problems))
}

/// A session in which the settings that hold for a statement are in force when it runs.
pub(super) struct Session<'a> {
    pub statements: &'a Statements,
    pub database: &'a mut Database,
    /// Settings lines that failed.
    pub problems: Vec<Diagnostic>,
    in_force: Option<usize>,
}

struct Failure {
    problem: Diagnostic,
    /// No other statement can make this one run.
    hopeless: bool,
}

impl<'a> Session<'a> {
    fn new(statements: &'a Statements, database: &'a mut Database) -> Session<'a> {
        Session { statements, database, problems: Vec::new(), in_force: None }
    }

    /// Those that failed, in order.
    fn run(&mut self, order: &[usize]) -> Result<Vec<(usize, Failure)>> {
        let mut failed = Vec::new();
        let settings = |at: usize| self.statements.statements[at].settings;
        for group in order.chunk_by(|&one, &next| settings(one) == settings(next)) {
            for chunk in group.chunks(TOGETHER) {
                self.switch(self.statements.statements[chunk[0]].settings)?;
                // The newline ends a comment that a statement may close with.
                let texts: Vec<&str> = chunk.iter().map(|&at| self.statements.text(at)).collect();
                let client = &mut self.database.client;
                let together =
                    chunk.len() > 1 && together(client, &texts).map_err(|error| diagnose(&error, None))?;
                if together && client.batch_execute(&texts.join(";\n")).is_ok() {
                    continue;
                }
                for &at in chunk {
                    if let Some(failure) = self.one(at)? {
                        failed.push((at, failure));
                    }
                }
            }
        }
        Ok(failed)
    }

    fn one(&mut self, at: usize) -> Result<Option<Failure>> {
        loop {
            self.switch(self.statements.statements[at].settings)?;
            let Err(error) = execute(&mut self.database.client, self.statements.text(at)) else {
                return Ok(None);
            };
            if self.made_role(&error)? {
                continue;
            }
            // A role outlives the scratch database that it was made for.
            let makes_role = matches!(&*self.statements.statements[at].words, [create, role, ..]
                if create == "CREATE" && ["ROLE", "USER", "GROUP"].contains(&role.as_str()));
            if self.database.private
                && makes_role
                && error.code().is_some_and(|code| MADE_MEANWHILE.contains(code))
            {
                return Ok(None);
            }
            let mut problem = diagnose(&error, Some(self.statements.place(at)));
            let Some(code) = error.code() else { return Err(problem.into()) };
            let major = self.database.major()?;
            if let Some(novelty) = newer(self.statements.text(at), major) {
                let Novelty { name, since, .. } = novelty;
                problem =
                    problem.help(format!("{name}: since PostgreSQL {since}, and this is PostgreSQL {major}"));
            }
            if *code == SqlState::SYNTAX_ERROR
                && let Some(place) = self.statements.unclosed(at)
            {
                let (line, column) = place.line_column();
                problem = problem.help(format!(
                    "close the parenthesis that {}:{line}:{column} opens: it is open where the statement ends",
                    place.path
                ));
            }
            if let Some(role) = missing_role(&error) {
                problem = problem
                    .help(format!("create the role on the server first: CREATE ROLE {};", quoted(&role)));
            }
            if self.database.private && *code == SqlState::FEATURE_NOT_SUPPORTED {
                problem = problem.help(
                    "where another PostgreSQL has it, name that: --engine local, or the URL of a server",
                );
            }
            let duplicates = [
                SqlState::DUPLICATE_TABLE,
                SqlState::DUPLICATE_OBJECT,
                SqlState::DUPLICATE_FUNCTION,
                SqlState::DUPLICATE_SCHEMA,
            ];
            let hopeless = *code == SqlState::SYNTAX_ERROR || duplicates.contains(code);
            return Ok(Some(Failure { problem, hopeless }));
        }
    }

    /// Brings a list of settings into force.
    pub fn switch(&mut self, settings: usize) -> Result<()> {
        if self.in_force == Some(settings) {
            return Ok(());
        }
        let lines = &self.statements.settings[settings];
        let texts: String =
            lines.iter().map(|line| format!("{};\n", self.statements.setting_text(line))).collect();
        let all = format!("{}\n{texts}{AFTER_SETTINGS}", self.database.baseline);
        self.in_force = Some(settings);
        if self.database.client.batch_execute(&all).is_ok() {
            return Ok(());
        }
        let baseline = self.database.baseline.clone();
        self.execute(&baseline)?;
        for line in lines {
            self.set(line)?;
        }
        self.execute(AFTER_SETTINGS)
    }

    fn set(&mut self, line: &crate::source::Setting) -> Result<()> {
        loop {
            let Err(error) = self.database.client.batch_execute(self.statements.setting_text(line)) else {
                return Ok(());
            };
            if self.made_role(&error)? {
                continue;
            }
            let problem = diagnose(&error, Some(self.statements.place_of(line.source, line.range.clone())));
            let Some(code) = error.code() else { return Err(problem.into()) };
            // Another major version's setting, as pg_dump writes them, changes nothing here.
            if *code != SqlState::UNDEFINED_OBJECT && !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            return Ok(());
        }
    }

    /// Leaves the session as it began.
    fn end(&mut self) -> Result<()> {
        let baseline = self.database.baseline.clone();
        self.execute(&baseline)
    }

    pub fn execute(&mut self, sql: &str) -> Result<()> {
        self.database.client.batch_execute(sql).map_err(|error| diagnose(&error, None).into())
    }

    /// Makes the role that an error says is missing, on a server of our own.
    fn made_role(&mut self, error: &postgres::Error) -> Result<bool> {
        let Some(role) = missing_role(error).filter(|_| self.database.private) else { return Ok(false) };
        let make = format!("{} CREATE ROLE {} NOLOGIN;", self.database.baseline, quoted(&role));
        let made = self.database.client.batch_execute(&make).or_else(is_there).is_ok();
        if let Some(settings) = self.in_force.take() {
            self.switch(settings)?;
        }
        Ok(made)
    }
}

/// Bodies are checked once all that they may call is there.
const AFTER_SETTINGS: &str = "SET check_function_bodies = off; SET client_min_messages = warning;";

impl Database {
    /// Runs SQL; a role that is missing is made first where the server is ours.
    pub fn run(&mut self, sql: &str) -> std::result::Result<(), postgres::Error> {
        loop {
            match execute(&mut self.client, sql) {
                Err(error) if self.mend(&error)? => {}
                result => return result,
            }
        }
    }

    /// Runs all statements of a text in one transaction.
    pub fn run_together(&mut self, text: &str, all: &[&str]) -> std::result::Result<(), postgres::Error> {
        if together(&mut self.client, all)? {
            // Several statements sent at once are one transaction.
            return self.run(text);
        }
        loop {
            let mut transaction = self.client.transaction()?;
            let done = all.iter().try_for_each(|sql| execute(&mut transaction, sql));
            match done.and_then(|()| transaction.commit()) {
                Err(error) if self.mend(&error)? => {}
                result => return result,
            }
        }
    }

    /// Leaves a transaction that is open, and brings the session back to how it began.
    pub(crate) fn reset(&mut self) -> Result<()> {
        let left = self.client.batch_execute("ROLLBACK");
        let reset = left.and_then(|()| self.client.batch_execute(&self.baseline));
        reset.map_err(|error| diagnose(&error, None).into())
    }

    /// Makes the role that an error says is missing; false when that is not what is wrong, or
    /// not ours to mend.
    pub fn mend(&mut self, error: &postgres::Error) -> std::result::Result<bool, postgres::Error> {
        let Some(role) = missing_role(error).filter(|_| self.private) else { return Ok(false) };
        let make = format!("{} CREATE ROLE {} NOLOGIN; {}", self.baseline, quoted(&role), self.baseline);
        self.client.batch_execute(&make).or_else(is_there).map(|()| true)
    }
}

/// What a role's second maker is told; another session of the same server may make it at that moment.
const MADE_MEANWHILE: [SqlState; 2] = [SqlState::DUPLICATE_OBJECT, SqlState::UNIQUE_VIOLATION];

fn is_there(error: postgres::Error) -> std::result::Result<(), postgres::Error> {
    if error.code().is_some_and(|code| MADE_MEANWHILE.contains(code)) { Ok(()) } else { Err(error) }
}

fn missing_role(error: &postgres::Error) -> Option<String> {
    let error = error.as_db_error()?;
    let named = [SqlState::UNDEFINED_OBJECT, SqlState::INVALID_PARAMETER_VALUE].contains(error.code());
    let role = error.message().strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    named.then(|| role.to_string())
}

/// Leaves out what failed only because another statement did.
fn causes(statements: &Statements, mut failed: Vec<(usize, Failure)>) -> Vec<Diagnostic> {
    failed.sort_by_key(|(at, _)| *at);
    let broken: BTreeSet<usize> = failed.iter().map(|(at, _)| *at).collect();
    let needs = if broken.len() > 1 { statements.needs() } else { Default::default() };
    // Nobody can tell from outside what an extension would have brought.
    let extension =
        |at: &usize| statements.statements[*at].words.get(1).is_some_and(|word| word == "EXTENSION");
    let unknown = broken.iter().any(extension);
    let follows = |at: usize| {
        unknown && !extension(&at) || needs.get(&at).is_some_and(|needs| !needs.is_disjoint(&broken))
    };
    let alone = failed.iter().any(|(at, failure)| failure.hopeless || !follows(*at));
    failed.retain(|(at, failure)| !alone || failure.hopeless || !follows(*at));
    failed.into_iter().map(|(_, failure)| failure.problem).collect()
}

/// The whole of a schema is one state: where its transactions begin and end says nothing.
fn controls_transaction(statement: &Statement) -> bool {
    let words: Vec<&str> = statement.words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["BEGIN" | "COMMIT" | "END", ..]
            | ["START", "TRANSACTION", ..]
            | ["SET", "TRANSACTION" | "CONSTRAINTS", ..]
    )
}

/// Statements that reach beyond one database.
fn outside(statements: &Statements, at: usize, private: bool) -> Option<Diagnostic> {
    let statement = &statements.statements[at];
    let words: Vec<&str> = statement.words.iter().map(String::as_str).collect();
    let shown = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    let why = match words.as_slice() {
        ["CREATE" | "ALTER" | "DROP", "DATABASE", ..] => {
            "a schema is what one database holds, not the database itself"
        }
        ["ALTER", "SYSTEM", ..] => "it configures a whole server",
        ["CREATE" | "ALTER" | "DROP", "TABLESPACE", ..] => "a tablespace is a folder of one server",
        ["VACUUM", ..] => "it is upkeep and leaves no trace in a schema",
        ["ROLLBACK" | "ABORT" | "SAVEPOINT", ..] | ["PREPARE", "TRANSACTION", ..] => {
            "a schema file says what is there, so nothing in it can be undone"
        }
        ["CREATE" | "ALTER" | "DROP", "USER", "MAPPING", ..] => return None,
        ["CREATE" | "ALTER" | "DROP", "ROLE" | "USER" | "GROUP", ..] if !private => {
            "roles belong to the whole server, and nothing but a scratch database is made on a server of yours"
        }
        _ => return None,
    };
    let problem =
        Diagnostic::failed("not-schema", format!("{shown} does not belong in a schema file: {why}"));
    Some(problem.at(Some(statements.place(at))).help("take it out of the file"))
}
