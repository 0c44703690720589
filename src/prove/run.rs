//! Runs migrations on scratch as the runtime will run them.

use super::rows::{Rows, about_rows};
use crate::{
    bundle::Mode,
    diagnostic::{Diagnostic, Diagnostics, Result, Verdict},
    order::Placed,
    plan::class,
    scratch::{Database, diagnose, execute, together},
};
use postgres::error::SqlState;

/// Runs a migration as the runtime does, and over empty tables where rows are in its way.
pub(super) fn again(
    database: &mut Database,
    mode: Mode,
    steps: &[Placed],
    direction: &str,
    rows: &mut Rows,
) -> Result<()> {
    let Err((at, error)) = run(database, mode, steps) else { return Ok(()) };
    if !rows.any() || !about_rows(&error) {
        return Err(failed(direction, &steps[at], &error));
    }
    rows.clear(database)?;
    // What runs statement by statement goes on where it stopped.
    let left = if mode == Mode::None { &steps[at..] } else { steps };
    run(database, mode, left).map_err(|(at, error)| failed(direction, &left[at], &error))
}

/// The statements of a migration as one text, run as the runtime runs it; which of them fails.
fn run(
    database: &mut Database,
    mode: Mode,
    steps: &[Placed],
) -> std::result::Result<(), (usize, postgres::Error)> {
    let client = &mut database.client;
    match mode {
        Mode::None => {
            for (at, placed) in steps.iter().enumerate() {
                execute(client, &placed.step.sql).map_err(|error| (at, error))?;
            }
        }
        Mode::Transaction if steps.is_empty() => {}
        Mode::Transaction => {
            let mut transaction = client.transaction().map_err(|error| (0, error))?;
            for (chunk, begin) in steps.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
                let texts: Vec<&str> = chunk.iter().map(|placed| placed.step.sql.as_str()).collect();
                if !together(&mut transaction, &texts).map_err(|error| (begin, error))? {
                    for (at, text) in texts.iter().enumerate() {
                        execute(&mut transaction, text).map_err(|error| (begin + at, error))?;
                    }
                } else if let Err(error) = transaction.batch_execute(&texts.join(";\n")) {
                    return Err((begin + failing(chunk, &error), error));
                }
            }
            transaction.commit().map_err(|error| (steps.len() - 1, error))?;
        }
    }
    Ok(())
}

/// So many statements are sent at once.
const CHUNK: usize = 100;

/// Which of several statements sent at once an error is about, by its position where it has one.
fn failing(chunk: &[Placed], error: &postgres::Error) -> usize {
    use postgres::error::ErrorPosition::Original;
    let position = match error.as_db_error().and_then(postgres::error::DbError::position) {
        Some(Original(position)) => *position as usize,
        _ => 0,
    };
    let mut end = 0;
    for (at, placed) in chunk.iter().enumerate() {
        end += placed.step.sql.chars().count() + 2;
        if position <= end {
            return at;
        }
    }
    chunk.len() - 1
}

pub(super) fn failed(direction: &str, placed: &Placed, error: &postgres::Error) -> Diagnostics {
    let mut diagnostic = diagnose(error, None);
    let message = format!("running {direction}, a step fails: {}", diagnostic.message);
    diagnostic.notes.insert(0, format!("the step: {}", placed.step.sql));
    diagnostic
        .notes
        .insert(1, format!("it is about {}; class {}", placed.id, class(std::slice::from_ref(placed))));
    if error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) {
        let help = "PostgreSQL has no way to do this in place: make what is wanted under another name, and move what uses the old one";
        diagnostic = diagnostic.help(help);
    }
    Diagnostic { code: "unproven", message, verdict: Verdict::No, ..diagnostic }.into()
}

/// What a body names may come later; whether it is there was checked when `schema.sql` was loaded.
pub(super) fn unchecked(database: &mut Database) -> Result<()> {
    let set = database.client.batch_execute("SET check_function_bodies = off");
    set.map_err(|error| diagnose(&error, None).into())
}
