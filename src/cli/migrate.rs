//! `migrate up|status|undo|purge`: the runtime as a command.
//!
//! What is asked for goes to stdout, talk about it to stderr. Exit 0 done, 1 refused, 2 failed.

use crate::{
    bundle::Bundle,
    codegen::Folder,
    runtime::{self, Entry, Migrator, Report, State, Status, Trashed},
};
use clap::{Parser, Subcommand, ValueEnum};
use serde_json::json;
use std::{
    env,
    io::{self, ErrorKind, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// `migrate` with the bundle that a program was built with: `main` of a user's own binary.
pub fn migrate(bundle: &Bundle<'_>) -> ExitCode {
    let arguments = Arguments::parse();
    exit(arguments.run(bundle))
}

/// `migrate` on the `generated/` folder of a project, read as it is now.
pub fn migrate_project() -> ExitCode {
    let project = Project::parse();
    exit(project.run())
}

/// Applies the migrations of a project to a PostgreSQL database.
#[derive(Parser)]
#[command(name = "migrate", version)]
struct Project {
    /// The project's folder, which holds generated/.
    #[arg(short = 'C', value_name = "DIR", default_value = ".", global = true)]
    folder: PathBuf,
    #[command(flatten)]
    arguments: Arguments,
}

/// Applies the migrations that this program was built with to a PostgreSQL database.
#[derive(Parser)]
#[command(name = "migrate", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The database, as postgres://user@host:port/database; else DATABASE_URL says it.
    #[arg(long, value_name = "URL", global = true)]
    database: Option<String>,
    /// How many seconds to wait for another session that migrates.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, global = true)]
    wait: u64,
    /// Say nothing but what is asked for, and errors.
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Apply every migration that the database does not have.
    Up,
    /// Show which migrations the database has; changes nothing.
    Status {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Undo the newest migration.
    Undo,
    /// Drop for good the tables that migrations have dropped, which wait in the trash.
    Purge {
        /// Only what was dropped so long ago: 7d, 12h, 30m, 0s.
        #[arg(long, value_name = "AGE", value_parser = age)]
        older_than: Option<Duration>,
        /// Show what would be dropped; change nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// How a command ends when not well.
struct Failure {
    said: String,
    /// The answer is no, rather than that the tool failed.
    refused: bool,
}

impl Project {
    fn run(&self) -> Result<(), Failure> {
        let generated = self.folder.join("generated");
        if !generated.is_dir() {
            return Err(Failure {
                said: format!(
                    "there is no folder generated/ in {}\n  = help: name the project's folder with -C DIR",
                    self.folder.display()
                ),
                refused: false,
            });
        }
        let folder = Folder::read(&generated)?;
        let migrations = folder.migrations();
        self.arguments.run(&folder.bundle(&migrations))
    }
}

impl Arguments {
    fn run(&self, bundle: &Bundle<'_>) -> Result<(), Failure> {
        let url = self.database.clone().or_else(|| env::var("DATABASE_URL").ok()).ok_or_else(|| Failure {
            said: "no database was named\n  = help: give --database URL, or set DATABASE_URL".to_owned(),
            refused: false,
        })?;
        let mut client = runtime::connect(&url)?;
        let migrator = Migrator::new(bundle).wait_for_turn(Duration::from_secs(self.wait)).listen(|event| {
            self.say(&event.to_string());
        });
        match &self.command {
            Command::Up => {
                let report = migrator.up(&mut client)?;
                self.say(&summary(&report, "nothing to apply"));
                Ok(())
            }
            Command::Undo => {
                let report = migrator.undo(&mut client)?;
                self.say(&summary(&report, "nothing to undo"));
                Ok(())
            }
            Command::Purge { older_than, dry_run } => {
                let trash = migrator.trash(&mut client)?;
                let Some(older_than) = older_than else { return Err(no_age(&trash)) };
                let old = trash.iter().filter(|trashed| trashed.age >= *older_than);
                if *dry_run {
                    return print(&old.map(|trashed| format!("would purge {trashed}\n")).collect::<String>());
                }
                match migrator.purge(&mut client, *older_than)?.len() {
                    0 => self.say("nothing to purge: nothing has been in the trash for so long"),
                    purged => self.say(&format!("{purged} {} purged", tables(purged))),
                }
                Ok(())
            }
            Command::Status { format } => {
                let status = migrator.status(&mut client)?;
                print(&match format {
                    Format::Text => text(&status),
                    Format::Json => json(&status),
                })?;
                match status.refusal {
                    Some(said) => Err(Failure { said, refused: true }),
                    None => Ok(()),
                }
            }
        }
    }

    fn say(&self, words: &str) {
        if !self.quiet {
            // Nobody can be told that stderr is closed.
            let _ = writeln!(io::stderr(), "{words}");
        }
    }
}

fn exit(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { said, refused }) => {
            let said = if said.starts_with("error") { said } else { format!("error: {said}") };
            let _ = writeln!(io::stderr(), "{said}");
            ExitCode::from(if refused { 1 } else { 2 })
        }
    }
}

/// `7d` as people write it.
fn age(text: &str) -> Result<Duration, String> {
    let wrong = || "an age is a number and its unit, s, m, h or d: 7d".to_owned();
    let (number, seconds) = match text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)? {
        (number, "s") => (number, 1),
        (number, "m") => (number, 60),
        (number, "h") => (number, 60 * 60),
        (number, "d") => (number, 24 * 60 * 60),
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

/// What is lost for good is named first.
fn no_age(trash: &[Trashed]) -> Failure {
    let lies: String = trash.iter().map(|trashed| format!("\n  = note: {trashed}")).collect();
    let help = "\n  = help: a week is a good age: --older-than 7d; --older-than 0s empties the trash";
    let said =
        format!("purge drops tables for good: say how long they must have been in the trash{lies}{help}");
    Failure { said, refused: false }
}

fn tables(count: usize) -> &'static str {
    if count == 1 { "table" } else { "tables" }
}

fn summary(report: &Report, nothing: &str) -> String {
    let version = report.version.map_or("no version yet".to_owned(), |version| format!("version {version}"));
    let ahead = match report.ahead {
        0 => String::new(),
        ahead => format!(", {ahead} migrations ahead of this program"),
    };
    match report.applied.len() + report.recorded.len() {
        0 => format!("{nothing}: the database is at {version}{ahead}"),
        _ => format!("the database is at {version}{ahead}"),
    }
}

fn text(status: &Status) -> String {
    let version = status.version.map_or("none".to_owned(), |version| version.to_string());
    let latest = status.latest.map_or("none".to_owned(), |version| version.to_string());
    let mut text = format!("{} in database {}\n", status.bundle, status.database);
    text += &format!("version {version}, latest {latest}, {} pending\n", status.pending());
    for Entry { number, name, class, version, state, .. } in &status.migrations {
        let class = class.map_or("?".to_owned(), |class| class.to_string());
        let state = match state {
            State::Pending => "pending".to_owned(),
            State::Unrecorded => "there already, to be recorded".to_owned(),
            State::Recorded { at, by } => format!("recorded {at} by {by}, there already"),
            State::Applied { at, by } => format!("applied {at} by {by}"),
            State::Unknown { at, by } => format!("applied {at} by {by}, not known to this program"),
            State::Interrupted { direction, done, at, by } => {
                format!("unfinished: {direction} begun {at} by {by}, {done} statements done")
            }
        };
        text += &format!("  {number:04}_{name}  {version} {class}  {state}\n");
    }
    text.extend(status.backfills.iter().map(|backfill| format!("backfill: {backfill}\n")));
    if !status.trash.is_empty() {
        text +=
            &format!("trash: {} {}, until `migrate purge`\n", status.trash.len(), tables(status.trash.len()));
        text.extend(status.trash.iter().map(|trashed| format!("  {trashed}\n")));
    }
    text
}

fn json(status: &Status) -> String {
    let migrations: Vec<_> = status.migrations.iter().map(entry).collect();
    let trash = status.trash.iter().map(|trashed| {
        json!({
            "table": trashed.table,
            "trash_name": trashed.trash_name,
            "discarded_at": trashed.discarded_at,
            "discarded_by": trashed.discarded_by,
            "age_seconds": trashed.age.as_secs(),
            "bytes": trashed.bytes,
            "rows": trashed.rows,
            "published_by": trashed.published_by,
        })
    });
    let backfills = status.backfills.iter().map(|backfill| {
        json!({
            "table": backfill.table,
            "work": backfill.work,
            "pages_done": backfill.done,
            "pages": backfill.pages,
            "started_at": backfill.started_at,
            "written_at": backfill.written_at,
        })
    });
    let document = json!({
        "format": 1,
        "bundle": status.bundle,
        "database": status.database,
        "version": status.version.map(|version| version.to_string()),
        "latest": status.latest.map(|version| version.to_string()),
        "pending": status.pending(),
        "refusal": status.refusal,
        "migrations": migrations,
        "backfills": backfills.collect::<Vec<_>>(),
        "trash": trash.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn entry(entry: &Entry) -> serde_json::Value {
    let (state, at, by, done) = match &entry.state {
        State::Pending => ("pending", None, None, None),
        State::Unrecorded => ("unrecorded", None, None, None),
        State::Recorded { at, by } => ("recorded", Some(at), Some(by), None),
        State::Applied { at, by } => ("applied", Some(at), Some(by), None),
        State::Unknown { at, by } => ("unknown", Some(at), Some(by), None),
        State::Interrupted { at, by, done, .. } => ("unfinished", Some(at), Some(by), Some(done)),
    };
    json!({
        "number": entry.number,
        "name": entry.name,
        "class": entry.class.map(|class| class.to_string()),
        "version": entry.version.to_string(),
        "state": state,
        "at": at,
        "by": by,
        "statements_done": done,
    })
}

/// A reader that has seen enough and closes the pipe is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure { said: format!("cannot write to stdout: {error}"), refused: false })
        }
        _ => Ok(()),
    }
}

impl From<runtime::Error> for Failure {
    fn from(error: runtime::Error) -> Failure {
        Failure { said: error.to_string(), refused: error.is_refusal() }
    }
}

impl From<crate::codegen::Error> for Failure {
    fn from(error: crate::codegen::Error) -> Failure {
        Failure { said: error.to_string(), refused: false }
    }
}
