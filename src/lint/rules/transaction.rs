//! What does not run, or not as its author thinks.

use crate::lint::{
    file::File,
    folder::Mode,
    rule::{Found, Rule, Severity, each},
    run::controls,
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "does-not-run",
        severity: Severity::Error,
        what: "PostgreSQL refuses a statement on top of those before it. The rest of the file is not looked at.",
        why: "It will be refused where it matters, too.",
        safe: "correct it; where it needs what no file makes, say --from what there is",
        bad: "ALTER TABLE missing ADD COLUMN a integer;",
        good: &["ALTER TABLE users ADD COLUMN a integer;"],
        check: |file| failing(file, |code| !["25001", "55P04"].contains(&code)),
    },
    Rule {
        id: "not-in-a-transaction",
        severity: Severity::Error,
        what: "A statement that PostgreSQL allows in no transaction stands in one.",
        why: "It fails with 25001, and so does the migration.",
        safe: "put it into a file of its own that runs outside of a transaction",
        bad: "-- +goose Up\nCREATE INDEX CONCURRENTLY orders_status ON orders (status);\n\
              CREATE INDEX CONCURRENTLY orders_note ON orders (note);",
        good: &[
            "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY orders_status ON orders (status);\n\
                 CREATE INDEX CONCURRENTLY orders_note ON orders (note);",
        ],
        check: |file| {
            let mut found = failing(file, |code| code == "25001");
            found.iter_mut().for_each(|one| one.notes.push(file.tool.without_transaction().to_string()));
            found
        },
    },
    Rule {
        id: "enum-value-used-too-early",
        severity: Severity::Error,
        what: "A value that was added to an enum is used before its transaction is committed.",
        why: "PostgreSQL refuses it with 55P04.",
        safe: "put ALTER TYPE … ADD VALUE into a migration before this one",
        bad: "BEGIN;\nALTER TYPE mood ADD VALUE 'fine';\nINSERT INTO moods VALUES ('fine');\nCOMMIT;",
        good: &["ALTER TYPE mood ADD VALUE 'fine';", "INSERT INTO moods VALUES ('fine');"],
        check: |file| failing(file, |code| code == "55P04"),
    },
    Rule {
        id: "transaction-in-transaction",
        severity: Severity::Error,
        what: "BEGIN, COMMIT or ROLLBACK in a file that its tool runs in a transaction.",
        why: "COMMIT ends the tool's transaction: what comes after it is kept even where the migration fails.",
        safe: "leave it out, or tell the tool to run the file outside of a transaction",
        bad: "-- +goose Up\nBEGIN;\nALTER TABLE users ADD COLUMN a integer;\nCOMMIT;",
        good: &["-- +goose Up\nALTER TABLE users ADD COLUMN a integer;"],
        check: |file| {
            let controls = |at: &usize| file.mode == Mode::Wrapped && controls(&file.statements[*at]);
            let first = (0..file.statements.len()).find(controls);
            let message = "the tool begins and ends the transaction of this file by itself";
            first.map(|at| Found::at(at, message)).into_iter().collect()
        },
    },
    Rule {
        id: "transaction-left-open",
        severity: Severity::Error,
        what: "A file begins a transaction and does not end it.",
        why: "When the tool closes its connection, all of it is undone, and nothing says so.",
        safe: "write COMMIT at its end",
        bad: "BEGIN;\nALTER TABLE users ADD COLUMN a integer;",
        good: &["BEGIN;\nALTER TABLE users ADD COLUMN a integer;\nCOMMIT;"],
        check: |file| {
            let own = file.mode != Mode::Wrapped;
            let last = file.statements.iter().rposition(controls).filter(|_| own);
            let begins =
                |at: &usize| ["begin", "start"].iter().any(|word| file.statements[*at].begins(&[word]));
            let open = last.filter(begins).map(|at| Found::at(at, "no COMMIT follows in this file"));
            open.into_iter().collect()
        },
    },
    Rule {
        id: "no-statement",
        severity: Severity::Warning,
        what: "A file holds no statement.",
        why: "A migration that does nothing is recorded as done, and never runs again when somebody fills it in.",
        safe: "write the statement, or remove the file while it has run nowhere",
        bad: "-- to be done",
        good: &["CREATE TABLE done (id bigint PRIMARY KEY);"],
        check: |file| {
            let message = "there is no statement in this file".to_string();
            let found = || Found { message, table: None, notes: Vec::new(), word: None, statement: None };
            if file.statements.is_empty() { vec![found()] } else { Vec::new() }
        },
    },
];

fn failing(file: &File, which: impl Fn(&str) -> bool) -> Vec<Found> {
    each(file, |file, at| {
        let failure = file.statements[at].error.as_ref().filter(|failure| which(&failure.code))?;
        let mut found = Found::at(at, failure.diagnostic.message.clone());
        found.notes.clone_from(&failure.diagnostic.notes);
        Some(found)
    })
}
