//! Steps as SQL that `psql -f` runs, and as JSON for programs.

use crate::{
    bundle::Mode,
    order::Placed,
    plan::{Broken, Draft, Measured},
    source::Statements,
};
use serde_json::{Value, json};

/// Above this, one transaction could need more locks than a server with default settings has
/// (max_locks_per_transaction × max_connections, 6,400).
const ONE_TRANSACTION: usize = 1000;

/// The way there, or back, as a script.
pub fn sql(drafts: &[Draft], reverse: bool) -> String {
    let mut text = String::new();
    let mut parts: Vec<(Mode, &[Placed])> = drafts.iter().map(|draft| (draft.mode, &*draft.up)).collect();
    if reverse {
        parts = drafts.iter().rev().map(|draft| (draft.down_mode, &*draft.down)).collect();
    }
    if parts.iter().any(|(_, steps)| steps.iter().any(|placed| placed.unchecked)) {
        text += "SET check_function_bodies = off;\n";
    }
    for (mode, steps) in parts {
        let wrapped = mode == Mode::Transaction && (2..=ONE_TRANSACTION).contains(&steps.len());
        text += if wrapped { "BEGIN;\n" } else { "" };
        for placed in steps {
            text += &format!("{};\n", placed.step.sql);
        }
        text += if wrapped { "COMMIT;\n" } else { "" };
    }
    text
}

/// One document; `format` changes when its shape does.
pub fn json(drafts: &[Draft], reverse: bool, proved: Option<&str>, schema: Option<&Statements>) -> String {
    let one = |(at, draft): (usize, &Draft)| {
        let (mode, placed) = if reverse { (draft.down_mode, &draft.down) } else { (draft.mode, &draft.up) };
        let measured = |at: usize| if reverse { None } else { draft.measured.get(at) };
        let steps = placed.iter().enumerate();
        json!({
            "migration": at + 1,
            "class": crate::plan::class(placed).to_string(),
            "transaction": mode == Mode::Transaction,
            "steps": steps.map(|(at, placed)| step(placed, measured(at), schema)).collect::<Vec<_>>(),
        })
    };
    let mut migrations: Vec<Value> = drafts.iter().enumerate().map(one).collect();
    if reverse {
        migrations.reverse();
    }
    format!("{:#}\n", json!({ "format": 1, "proved": proved, "migrations": migrations }))
}

fn step(placed: &Placed, measured: Option<&Measured>, schema: Option<&Statements>) -> Value {
    let path: Vec<&str> = placed.id.path.iter().map(String::as_str).collect();
    let place = schema.and_then(|schema| schema.locate(&path));
    let locks = measured.map(|measured| {
        measured
            .locks
            .iter()
            .map(|(name, lock)| json!({ "relation": name, "lock": lock.to_string() }))
            .collect::<Vec<_>>()
    });
    json!({
        "sql": placed.step.sql,
        "action": format!("{:?}", placed.action).to_lowercase(),
        "kind": placed.id.kind,
        "object": placed.id.path.to_vec(),
        "class": placed.step.class.to_string(),
        "reason": placed.step.why,
        "lock": placed.step.lock.to_string(),
        "measured_locks": locks,
        "rewrites": measured.map(|measured| measured.rewritten.clone()),
        "reads_all_of": measured.map(|measured| measured.scanned.clone()),
        "breaks": measured.map(|measured| measured.breaks.iter().map(broken).collect::<Vec<_>>()),
        "prepare_again": measured.map(|measured| measured.prepare_again.clone()),
        "loses": placed.step.loses,
        "fails_on_rows": measured.map(|measured| measured.fails.clone()),
        "finds_rows": placed.step.finds,
        "file": place.as_ref().map(|place| place.path.clone()),
        "line": place.as_ref().map(|place| place.line_column().0),
    })
}

fn broken(broken: &Broken) -> Value {
    json!({
        "statement": broken.statement,
        "sqlstate": broken.code,
        "message": broken.message,
        "by_data": broken.by_data,
    })
}
