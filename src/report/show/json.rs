//! For programs; `docs/show.md` says what each field means, and `format` changes when one changes.

use super::{Around, Shown, Step, words::Held};
use crate::{
    bundle::{Direction, Mode},
    runtime::statements::Statement,
};
use serde_json::{Value, json};

pub fn json(migrations: &[Shown<'_>], around: &Around) -> String {
    let migrations: Vec<Value> = migrations.iter().map(migration).collect();
    let document = json!({
        "format": 1,
        "database_was_asked": around.rows.is_some(),
        "migrations": migrations,
    });
    format!("{document:#}\n")
}

fn migration(shown: &Shown<'_>) -> Value {
    let (header, down) = (&shown.pair.header, &shown.pair.down_header);
    json!({
        "number": shown.pair.number,
        "name": shown.pair.name,
        "file": shown.file(Direction::Up),
        "checksum": shown.pair.checksum,
        "class": header.class.to_string(),
        "version": header.version.to_string(),
        "transaction": header.mode == Mode::Transaction,
        "before": header.before,
        "after": header.after,
        "proved": header.proved,
        "baseline": header.baseline,
        "steps": shown.steps.iter().map(step).collect::<Vec<_>>(),
        "statements": statements(&shown.rest),
        "down": {
            "file": shown.file(Direction::Down),
            "checksum": shown.pair.down_checksum,
            "transaction": down.mode == Mode::Transaction,
            "loses": down.loses,
            "costs": down.costs,
            "irreversible": down.irreversible,
            "statements": statements(&shown.down),
        },
    })
}

fn step(step: &Step<'_>) -> Value {
    let told = step.told;
    let known = |text: &str| Some(text.to_string()).filter(|_| !step.is_text());
    let breaks = told
        .breaks
        .iter()
        .map(|one| json!({ "statement": one.statement, "sqlstate": one.code, "message": one.message, "by_data": one.by_data }));
    json!({
        "number": step.number,
        "action": known(&told.action),
        "object": known(&told.object),
        "class": told.class.to_string(),
        "reason": told.why,
        "sql": step.sql,
        "migration_line": step.line,
        "file": told.place.as_ref().map(|place| &place.0),
        "line": told.place.as_ref().map(|place| place.1),
        "locks": step.held.iter().map(held).collect::<Vec<_>>(),
        "rewrites": told.rewrites,
        "scans": told.scans,
        "loses": told.loses,
        "breaks": breaks.collect::<Vec<_>>(),
        "prepare_again": told.prepare_again,
        "fails_on_rows": told.fails,
        "finds_rows": told.finds,
        "found_rows": told.found,
    })
}

fn held(held: &Held<'_>) -> Value {
    json!({
        "relation": held.relation,
        "lock": held.lock,
        "waits": held.waits,
        "until": held.until,
        "lasts": held.lasts(),
        "estimated_seconds": held.seconds.map(|(least, most)| json!({ "least": least, "most": most })),
    })
}

fn statements(all: &[Statement<'_>]) -> Vec<Value> {
    all.iter().map(|statement| json!({ "sql": statement.sql, "line": statement.line })).collect()
}
