//! Checks the bodies of functions once everything that they may mention is there.
//!
//! Separate from `load`, which turns PostgreSQL's own check off so that the order of functions does
//! not matter; this calls the same validators that CREATE FUNCTION would have called.

use postgres::error::SqlState;

use super::{diagnose, load::Session};
use crate::diagnostic::{Diagnostic, Result};

/// What the schema created and PostgreSQL keeps as text; a BEGIN ATOMIC body was checked when it was made.
const ROUTINES: &str = "
    SELECT p.oid, p.proname::text, p.prosrc, l.lanvalidator::regproc::text, coalesce(p.proconfig, '{}')
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE l.lanname IN ('sql', 'plpgsql')
      AND p.prosrc <> ''
      AND p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    ORDER BY p.oid";

struct Routine {
    oid: u32,
    body: String,
    validator: String,
    /// `SET` clauses: they hold while the body is checked, as in CREATE FUNCTION.
    configuration: Vec<String>,
    statement: usize,
}

pub(super) fn check(session: &mut Session) -> Result<Vec<Diagnostic>> {
    session.switch(0)?;
    let mut routines = routines(session)?;
    routines.sort_by_key(|routine| session.statements.statements[routine.statement].settings);
    let mut problems = Vec::new();
    let settings = |routine: &Routine| session.statements.statements[routine.statement].settings;
    let groups: Vec<&[Routine]> = routines.chunk_by(|one, next| settings(one) == settings(next)).collect();
    for group in groups {
        session.switch(session.statements.statements[group[0].statement].settings)?;
        let plain = group.iter().filter(|routine| routine.configuration.is_empty());
        let calls: String = plain.map(|routine| routine.call()).collect();
        let together = session.database.client.batch_execute(&format!("BEGIN; {CHECKED} {calls} ROLLBACK;"));
        if together.is_err() {
            session.execute("ROLLBACK")?;
        }
        for routine in group {
            if together.is_ok() && routine.configuration.is_empty() {
                continue;
            }
            problems.extend(one(session, routine)?);
        }
    }
    problems
        .sort_by_key(|problem| problem.place.as_ref().map(|place| (place.path.clone(), place.range.start)));
    Ok(problems)
}

const CHECKED: &str = "SET LOCAL check_function_bodies = on;";

impl Routine {
    fn call(&self) -> String {
        format!("SELECT {}({}::oid);", self.validator, self.oid)
    }
}

fn routines(session: &mut Session) -> Result<Vec<Routine>> {
    let rows = session.database.client.query(ROUTINES, &[]).map_err(|error| diagnose(&error, None))?;
    let statements = session.statements;
    let mut routines = Vec::new();
    for row in rows {
        let (name, body): (String, String) = (row.get(1), row.get(2));
        // The last one wrote it, where several replace or overload each other.
        let candidates = statements.providers(&name).iter().rev().copied();
        let Some(statement) = candidates.clone().find(|&at| statements.text(at).contains(&body)) else {
            continue;
        };
        if !unchecked(session, statement) {
            let (oid, validator, configuration) = (row.get(0), row.get(3), row.get(4));
            routines.push(Routine { oid, body, validator, configuration, statement });
        }
    }
    Ok(routines)
}

/// Does the file itself turn the check off there, as pg_dump does?
fn unchecked(session: &Session, statement: usize) -> bool {
    let settings = &session.statements.settings[session.statements.statements[statement].settings];
    let setting = settings.iter().rev().find(|setting| setting.variable == "check_function_bodies");
    setting.is_some_and(|setting| {
        let text = session.statements.setting_text(setting).to_ascii_lowercase();
        ["off", "false", "no", "0"].iter().any(|off| text.trim_end_matches('\'').ends_with(off))
    })
}

fn one(session: &mut Session, routine: &Routine) -> Result<Option<Diagnostic>> {
    session.execute(&format!("BEGIN; {CHECKED}"))?;
    for line in &routine.configuration {
        if let Some((variable, value)) = line.split_once('=') {
            let set = session
                .database
                .client
                .execute("SELECT pg_catalog.set_config($1, $2, true)", &[&variable, &value]);
            set.map_err(|error| diagnose(&error, None))?;
        }
    }
    let checked = session.database.client.batch_execute(&routine.call());
    session.execute("ROLLBACK")?;
    let Err(error) = checked else { return Ok(None) };
    // A table that the body itself makes is not there yet, in a real database as little as here.
    let makes_its_own = error.code() == Some(&SqlState::UNDEFINED_TABLE)
        && routine.body.to_ascii_lowercase().contains("temp");
    Ok((!makes_its_own).then(|| diagnose(&error, Some(session.statements.place(routine.statement)))))
}
