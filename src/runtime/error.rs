//! What the runtime can fail with, and what had been applied by then.
//!
//! One opaque type: callers ask what they can act on, and print the rest.

use super::{Report, statements::Statement};
use crate::bundle::{Direction, Migration};
use std::fmt;

/// Why migrations were not applied, and which were.
pub struct Error(Box<Inside>);

struct Inside {
    reason: Reason,
    message: String,
    help: Option<String>,
    migration: Option<String>,
    position: Option<(usize, usize)>,
    database: Option<postgres::Error>,
    report: Report,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// PostgreSQL refused or could not be reached.
    Sql,
    /// Another session was in the way for too long.
    Locked,
    /// The migration is not the one that was applied.
    Modified,
    /// The answer is no.
    Refused,
    /// The connection, or the way to it, cannot be used for this.
    Connection,
}

impl Error {
    /// Whether another session held something for too long: trying again later may help.
    pub fn is_locked(&self) -> bool {
        self.0.reason == Reason::Locked
    }

    /// Whether a migration differs from the one of the same number that the database has.
    pub fn is_modified(&self) -> bool {
        self.0.reason == Reason::Modified
    }

    /// Whether PostgreSQL refused a statement or could not be reached.
    pub fn is_sql(&self) -> bool {
        self.0.reason == Reason::Sql
    }

    /// Whether the database and the program do not fit: nothing failed, and nothing will change by itself.
    pub fn is_refusal(&self) -> bool {
        matches!(self.0.reason, Reason::Modified | Reason::Refused)
    }

    /// The migration that it is about, as `0007_add_orders`.
    pub fn migration(&self) -> Option<&str> {
        self.0.migration.as_deref()
    }

    /// Line and column in the migration's file, from 1.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.0.position
    }

    /// What did succeed before.
    pub fn applied(&self) -> &Report {
        &self.0.report
    }

    pub(super) fn new(reason: Reason, message: impl Into<String>) -> Error {
        Error(Box::new(Inside {
            reason,
            message: message.into(),
            help: None,
            migration: None,
            position: None,
            database: None,
            report: Report::default(),
        }))
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Error {
        self.0.help = Some(help.into());
        self
    }

    pub(super) fn of(mut self, migration: &Migration<'_>) -> Error {
        self.0.migration = Some(migration.stem());
        self
    }

    pub(super) fn after(mut self, report: Report) -> Error {
        self.0.report = report;
        self
    }

    /// A function for `map_err`: what was being done when PostgreSQL refused.
    pub(super) fn sql(doing: &str) -> impl Fn(postgres::Error) -> Error + '_ {
        move |error| {
            let mut this = Error::new(Reason::Sql, format!("{doing}: {}", said(&error)));
            this.0.database = Some(error);
            this
        }
    }

    /// PostgreSQL refused a statement of a migration.
    pub(super) fn statement(
        migration: &Migration<'_>,
        direction: Direction,
        statement: &Statement<'_>,
        error: postgres::Error,
    ) -> Error {
        let position = match error.as_db_error().and_then(|error| error.position()) {
            Some(postgres::error::ErrorPosition::Original(at)) => statement.place(*at as usize),
            _ => (statement.line, 1),
        };
        let (line, column) = position;
        let source = statement.sql.lines().nth(line - statement.line).unwrap_or_default();
        let margin = " ".repeat(line.to_string().len());
        let caret = " ".repeat(column - 1);
        let mut this = Error::new(
            Reason::Sql,
            format!(
                "{}\n{margin}--> {}:{line}:{column}\n{margin} |\n{line} | {source}\n{margin} | {caret}^",
                said(&error),
                migration.file(direction),
            ),
        )
        .of(migration);
        this.0.position = Some(position);
        this.0.database = Some(error);
        this
    }

    /// The SQLSTATE, when PostgreSQL gave one.
    pub(super) fn code(&self) -> Option<&postgres::error::SqlState> {
        self.0.database.as_ref()?.code()
    }

    pub(super) fn with_reason(mut self, reason: Reason) -> Error {
        self.0.reason = reason;
        self
    }

    pub(super) fn message(&self) -> &str {
        &self.0.message
    }
}

/// The message of a database or of the connection to it, which postgres spreads over two errors.
fn said(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(database) => format!("{} ({})", database.message(), database.code().code()),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inside { message, help, database, report, .. } = &*self.0;
        f.write_str(message)?;
        if let Some(error) = database.as_ref().and_then(|error| error.as_db_error()) {
            for (name, text) in
                [("detail", error.detail()), ("hint", error.hint()), ("context", error.where_())]
            {
                text.iter().try_for_each(|text| write!(f, "\n  = {name}: {text}"))?;
            }
        }
        if !report.applied.is_empty() {
            let applied: Vec<_> = report.applied.iter().map(|applied| &*applied.migration).collect();
            write!(f, "\n  = note: applied before it, and kept: {}", applied.join(", "))?;
        }
        help.iter().try_for_each(|help| write!(f, "\n  = help: {help}"))
    }
}

impl fmt::Debug for Error {
    /// As people read it: `fn main() -> Result<(), Error>` prints this.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.database.as_ref().map(|error| error as _)
    }
}
