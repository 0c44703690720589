//! Asks a live database for the rows that are in a plan's way.
//!
//! Separate because it is the one part of a proof that is about the rows of a user and not about those of scratch.

use crate::{
    bundle::Class,
    catalog::Id,
    diagnostic::{Diagnostic, Diagnostics, Result},
    plan::{Plan, class},
    scratch::diagnose,
    step::Lock,
};
use postgres::{Client, error::SqlState};
use std::collections::{BTreeMap, BTreeSet};

/// Runs the queries that find rows in the way of steps, read-only and for five seconds each; what they find is part
/// of the plan. Where they find nothing, what depends on rows depends on none.
///
/// # Errors
///
/// Rows are in the way, and nothing in the plan changes any; or the connection is lost.
pub fn ask(plan: &mut Plan, client: &mut Client) -> Result<()> {
    let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
    let mut refused: Vec<Diagnostic> = Vec::new();
    let mut free: BTreeSet<Id> = BTreeSet::new();
    let mut writes = false;
    for draft in &mut plan.drafts {
        for (placed, measured) in draft.up.iter().zip(&mut draft.measured) {
            writes |= placed.step.lock == Lock::RowExclusive;
            let Some(query) = &placed.step.finds else { continue };
            let answer = match answers.get(query) {
                Some(answer) => *answer,
                None => *answers.entry(query.clone()).or_insert(count(client, query)?),
            };
            measured.found = answer.told();
            match answer {
                Answer::Rows(0) => drop(free.insert(placed.id.clone())),
                Answer::Rows(_) if !writes => refused.push(in_the_way(&placed.id, query, &answer)),
                _ => {}
            }
        }
    }
    if !refused.is_empty() {
        refused.dedup_by(|a, b| a.message == b.message);
        return Err(Diagnostics(refused));
    }
    for draft in &mut plan.drafts {
        for (placed, measured) in draft.up.iter_mut().zip(&draft.measured) {
            let by_rows = placed.step.class == Class::DataDependent && measured.breaks.is_empty();
            if by_rows && free.contains(&placed.id) {
                placed.step.class = Class::Additive;
                placed.step.why = format!("no row of the database is in its way; {}", placed.step.why).into();
            }
        }
        draft.class = class(&draft.up);
    }
    Ok(())
}

/// What a database says.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    Rows(i64),
    /// It takes longer than anybody waits for here.
    Late,
    /// What the query is about is not there yet.
    None,
}

impl Answer {
    fn told(self) -> Option<String> {
        match self {
            Answer::Rows(0) => Some("no row".into()),
            Answer::Rows(1) => Some("1 row".into()),
            Answer::Rows(rows) => Some(format!("{rows} rows")),
            Answer::Late => Some("no answer within five seconds".into()),
            Answer::None => None,
        }
    }
}

fn count(client: &mut Client, query: &str) -> Result<Answer> {
    let begun = client.build_transaction().read_only(true).start();
    let mut transaction = begun.map_err(|error| diagnose(&error, None))?;
    let asked = transaction
        .batch_execute("SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '1s'")
        .and_then(|()| transaction.query_one(&format!("SELECT count(*) FROM ({query}) AS found"), &[]));
    match asked {
        Ok(row) => Ok(Answer::Rows(row.get(0))),
        Err(error) if error.as_db_error().is_none() => Err(diagnose(&error, None).into()),
        Err(error) => {
            let late = [SqlState::QUERY_CANCELED, SqlState::LOCK_NOT_AVAILABLE];
            Ok(if error.code().is_some_and(|code| late.contains(code)) { Answer::Late } else { Answer::None })
        }
    }
}

fn in_the_way(id: &Id, query: &str, answer: &Answer) -> Diagnostic {
    let told = answer.told().unwrap_or_default();
    let verb = if *answer == Answer::Rows(1) { "is" } else { "are" };
    Diagnostic::no("rows-in-the-way", format!("{id}: {told} of the database {verb} in its way"))
        .note(format!("this finds them: {query}"))
        .help("change or remove them, then plan again")
}
