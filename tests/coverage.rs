//! Every column of every table of `pg_catalog` is read by a kind, or `excluded.txt` says why not.
//!
//! `PLANWRIGHT_TEST_PG_BIN` names the folder of another PostgreSQL server to ask.
//!
//! Separate from the cases because it finds what nobody thought of: a release's new column is unknown here
//! until a kind reads it.

#[path = "coverage/lists.rs"]
mod lists;
#[path = "coverage/reading.rs"]
mod reading;
mod servers;

use std::{collections::BTreeSet, process::ExitCode, sync::Arc};

use libtest_mimic::{Arguments, Failed, Trial};
use lists::{Excluded, Shown};
use reading::{Column, Reading};
use servers::Server;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let Some(server) = Server::start() else {
        return libtest_mimic::run(&arguments, Vec::new()).exit_code();
    };
    let major = server.binaries.major;
    let database = server.empty();
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).expect("the server answers");
    let reading = Arc::new(Reading::of_all_kinds(&mut client));
    let shown = Arc::new(lists::shown(major));
    let excluded = Arc::new(lists::excluded(major));
    let trial = |name: &str, check: fn(&Facts) -> Vec<String>| {
        let facts = Facts { reading: reading.clone(), shown: shown.clone(), excluded: excluded.clone() };
        Trial::test(format!("{name} (PostgreSQL {major})"), move || match check(&facts) {
            wrong if wrong.is_empty() => Ok(()),
            wrong => Err(Failed::from(format!("{}\n{} in all", wrong.join("\n"), wrong.len()))),
        })
    };
    let trials = vec![
        trial("every column is read or excluded", unknown),
        trial("what is excluded is there and not read", stale),
        trial("what functions and views are said to show is there and used", unused),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

struct Facts {
    reading: Arc<Reading>,
    shown: Arc<Vec<Shown>>,
    excluded: Arc<Vec<Excluded>>,
}

impl Facts {
    /// What the kinds read, by themselves or through a function or a view.
    fn read(&self) -> BTreeSet<&Column> {
        let used = self.shown.iter().filter(|shown| self.reading.uses(&shown.by));
        self.reading.columns.iter().chain(used.flat_map(|shown| &shown.columns)).collect()
    }

    fn excludes(&self, column: &Column) -> bool {
        self.excluded.iter().any(|line| line.covers(column))
    }
}

/// Columns that no kind reads and no line excludes.
fn unknown(facts: &Facts) -> Vec<String> {
    let read = facts.read();
    let mut unknown: Vec<String> = facts
        .reading
        .catalog
        .iter()
        .filter(|column| !read.contains(column) && !facts.excludes(column))
        .map(|column| format!("{column}: no kind reads it, and tests/coverage/excluded.txt does not say why"))
        .collect();
    unknown.sort();
    unknown
}

/// Lines of the list that exclude nothing, or what is read after all.
fn stale(facts: &Facts) -> Vec<String> {
    let read = facts.read();
    let one = |line: &Excluded| {
        let covered: Vec<&Column> =
            facts.reading.catalog.iter().filter(|column| line.covers(column)).collect();
        let left = covered.iter().any(|column| !read.contains(column));
        match (line.expected, covered.is_empty(), left) {
            (true, true, _) => Some("this major version does not have it"),
            (false, false, _) => Some("this major version has it, unlike the line says"),
            (true, false, false) => Some("a kind reads it"),
            _ => None,
        }
        .map(|why| format!("excluded.txt:{}: {}: {why}", line.number, line.name))
    };
    facts.excluded.iter().filter_map(one).collect()
}

/// Functions and views that no query uses, columns that are not there, and views that no line explains.
fn unused(facts: &Facts) -> Vec<String> {
    let mut wrong = Vec::new();
    for shown in facts.shown.iter() {
        if !facts.reading.uses(&shown.by) {
            wrong.push(format!("shown.txt:{}: no query of a kind uses {}", shown.number, shown.by));
        }
        let missing = shown.columns.iter().filter(|column| !facts.reading.catalog.contains(column));
        wrong.extend(missing.map(|column| format!("shown.txt:{}: there is no {column}", shown.number)));
    }
    let views = facts.reading.view_columns.iter();
    let unsaid = views.filter(|column| !facts.shown.iter().any(|shown| shown.by == column.to_string()));
    wrong.extend(unsaid.map(|column| format!("shown.txt does not say what {column} shows")));
    wrong
}
