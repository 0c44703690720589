//! Every form of statement that changes a schema: what it locks, reads and writes anew, what code written before
//! feels of it, and what a plan does instead.
//!
//! `tests/forms/*.txt` is the table. The locks, scans and rewrites in it were measured by others, on PostgreSQL 13
//! to 18; that Planwright measures the same is one half of the test. The other: its plan for the same change is of the class
//! that the table says, takes no stronger lock, reads and writes no more; and where people use the table,
//! nothing is read or written as a whole while they wait. `PLANWRIGHT_TEST_PG_BIN` names the folder of another server,
//! `PLANWRIGHT_FORMS_EVERY=N` takes every Nth form, others on each major version.

mod servers;

#[path = "forms/form.rs"]
mod form;
#[path = "forms/seen.rs"]
mod seen;

use form::Form;
use libtest_mimic::{Arguments, Failed, Trial};
use planwright::{
    bundle::Class,
    catalog::{Catalog, Filters},
    diagnostic::Diagnostics,
    diff::diff,
    order::{Busy, order_online},
    prove::{Start, prove},
    scratch::{Choice, Database, Requirements, choose},
};
use seen::Seen;
use servers::Server;
use std::{collections::BTreeSet, env, process::ExitCode, sync::Arc};

const SCHEMA: &str = include_str!("forms/schema.sql");
const ROWS: &str = include_str!("forms/rows.sql");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let Some(server) = Server::start() else { return ExitCode::SUCCESS };
    let major = server.binaries.major;
    let forms = form::all().into_iter().filter(|form| form.since <= major);
    let trial = |form: Form| {
        let server = server.clone();
        Trial::test(format!("{}::{}", form.file, form.name), move || Ok::<(), Failed>(check(&server, &form)?))
    };
    let every = env::var("PLANWRIGHT_FORMS_EVERY").map_or(1, |every| every.parse().expect("it is a number"));
    let trials = forms.skip(major as usize % every).step_by(every).map(trial).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Holds a form to its table.
fn check(server: &Arc<Server>, form: &Form) -> Result<(), String> {
    let mut database = database(server, form, ROWS)?;
    let (before, seen, after) = seen::run(&mut database, form).map_err(|error| told(&error))?;
    let mut found = seen.told();
    if let Some(wanted) = after {
        let steps = |busy| -> Result<Vec<String>, String> {
            let placed = order_online(diff(&before, &wanted), busy).map_err(|error| told(&error))?;
            Ok(placed.into_iter().map(|placed| placed.step.sql).collect())
        };
        let (apart, together) = (steps(&Busy::All)?, steps(&Busy::Nothing)?);
        let plain = planned(server, form, &wanted, Busy::Nothing, &seen)?;
        found.extend(plain.class.iter().map(|class| ("class", class.to_string())));
        found.push(("more", plain.seen.beyond(&seen).join(", ")));
        let online = match apart == together {
            true => plain,
            false => planned(server, form, &wanted, Busy::All, &seen)?,
        };
        found.push(("waits", Vec::from_iter(online.waits).join(", ")));
    }
    let wrong = form.disagreements(server.binaries.major, &found);
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{}\n{}", wrong.join("\n"), form::block(form, &found)))
    }
}

/// What a plan was seen to do.
#[derive(Default)]
struct Planned {
    /// None where there is nothing to do.
    class: Option<Class>,
    seen: Seen,
    /// What is read or written as a whole while others wait for it: `scans sale under S`.
    waits: BTreeSet<String>,
}

/// The plan for the change that a statement was seen to make.
fn planned(
    server: &Arc<Server>,
    form: &Form,
    wanted: &Catalog,
    busy: Busy,
    like: &Seen,
) -> Result<Planned, String> {
    let database = database(server, form, "")?;
    let plan = || {
        let mut start = Start::new(database, None, None, &[], wanted, &Filters::default())?;
        start.busy = busy;
        let stages = start.stages(wanted)?;
        prove(start, stages, wanted, String::new())
    };
    let plan = plan().map_err(|error: Diagnostics| format!("the plan: {}", told(&error)))?;
    let mut planned = Planned { seen: like.nothing_yet(), ..Planned::default() };
    for draft in &plan.drafts {
        planned.class = planned.class.max(Some(draft.class));
        for measured in &draft.measured {
            planned.waits.extend(planned.seen.add(measured));
        }
    }
    Ok(planned)
}

/// A database of scratch in the state that a form is about.
fn database(server: &Arc<Server>, form: &Form, rows: &str) -> Result<Database, String> {
    let choice = Choice::Url(server.url("postgres"));
    let made = choose(&choice, &Requirements::default(), None)
        .and_then(|(mut engine, _)| engine.database(&engine.role(), &Requirements::default()));
    let mut database = made.map_err(|error| told(&error))?;
    let given = form.given.iter().filter(|sql| !rows.is_empty() || !sql.starts_with("INSERT"));
    let text = given.fold(format!("{SCHEMA}{rows}"), |text, sql| text + sql + ";\n");
    database.client.batch_execute(&text).map_err(|error| format!("what is given fails: {error:?}"))?;
    Ok(database)
}

fn told(error: &Diagnostics) -> String {
    error.0.iter().map(|one| format!("{}\n{}", one.message, one.notes.join("\n"))).collect()
}
