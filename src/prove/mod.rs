//! Runs a plan on scratch, up, down and up again, before anybody else may.
//!
//! The first run goes step by step, each in a transaction of its own, so that what it locks is
//! seen; the second runs every migration as the runtime will.

mod back;
mod between;
mod build;
mod guard;
mod measure;
mod probe;
mod replay;
mod rows;
mod run;
mod seed;
mod start;
mod state;
mod trash;
mod watch;

use crate::{
    bundle::{Class, Mode},
    catalog::{Catalog, Filters},
    diagnostic::{Diagnostic, Diagnostics, Result},
    diff::{diff, explain},
    order::{Action, Placed, order},
    plan::{Broken, Draft, Measured, Plan, Stage, cut, name},
    scratch::{Database, diagnose},
    sql::dotted,
    step::Lock,
};

pub use build::{build, build_ahead};
pub use guard::ask;
use measure::Measuring;
use probe::{Felt, Reach};
pub use probe::{Names, Probes};
pub use replay::replay;
pub use rows::ALL;
use rows::{Rows, about_rows};
use run::{again, failed};
pub use start::Start;
pub use state::{Column, Index, Relation, State};
pub use watch::{Seen, Watch};

/// Runs the stages up, down and up; what comes back is fit to be written.
///
/// # Errors
///
/// The step that fails with PostgreSQL's error, or what differs from what was wanted.
pub fn prove(mut start: Start, stages: Vec<Stage>, desired: &Catalog, proved: String) -> Result<Plan> {
    if stages.is_empty() {
        return Ok(Plan { proved, ends: start.catalog, ..Plan::default() });
    }
    let unknown = between::unknown(&start, &stages);
    let (database, filters) = (&mut start.database, &start.filters);
    let renames = start.renamed.len();
    let mut states = vec![Some(start.catalog.clone())];
    let mut drafts: Vec<Draft> = Vec::new();
    let measuring = &mut start.measuring;
    let last = stages.len() - 1;
    let reach = Reach::new(&start.catalog, desired);
    let steps = || stages.iter().flat_map(|stage| &stage.steps);
    let declared = steps().any(|placed| placed.step.loses.is_some());
    let mut data: Vec<String> = filters.data.iter().map(|marked| dotted(&marked.table)).collect();
    if steps().any(|placed| trash::calls(&placed.step.sql)) {
        data.extend(trash::install(database)?);
    }
    let mut rows = Rows::sow(database, data)?;
    let unseeded = std::mem::take(&mut rows.unseeded);
    let mut discarded = Rows::default();
    let mut settled = false;
    let touched = steps().filter(|placed| is_felt(placed));
    let touched: Names = touched.flat_map(|placed| reach.of(&placed.id)).collect();
    let mut probes = Probes::begin(database, Some(&touched))?;
    for (at, mut stage) in stages.into_iter().enumerate() {
        // Renames were done when the start was read.
        let done = if at == 0 { renames } else { 0 };
        let mut measured: Vec<Measured> = start.measured.drain(..done).collect();
        for placed in &stage.steps[done..] {
            let seen = step(database, measuring, placed, &mut rows, declared)?;
            measured.push(felt(database, &mut probes, &reach, placed, seen)?);
        }
        let mut state = None;
        if at == last || unknown[at] {
            let mut now = read(database, desired, filters)?;
            now.share(states.iter().flatten().next_back().expect("there is the first"));
            state = Some(now);
        }
        let mut more = Stage { steps: Vec::new(), mode: Mode::Transaction };
        let mut more_measured = Vec::new();
        let ran = state.clone();
        if let Some(state) = state.as_mut().filter(|_| at == last) {
            let message = "after all steps the schema is not the one that schema.sql describes";
            let run = |database: &mut Database, placed: &Placed| {
                let seen = step(database, measuring, placed, &mut rows, declared)?;
                more_measured.push(felt(database, &mut probes, &reach, placed, seen)?);
                Ok(())
            };
            more.steps = settle(database, state, desired, filters, message, run)?;
            settled = !more.steps.is_empty();
            kept(database, &rows, declared)?;
            if let Some(trash) = &start.trash {
                discarded = rows.of(&trash::within(database, trash)?);
            }
        }
        let broken = probes.ended(database)?;
        for (steps, measured) in [(&mut stage.steps, &mut measured), (&mut more.steps, &mut more_measured)] {
            for (placed, measured) in steps.iter_mut().zip(measured) {
                let last =
                    |felt: Broken| broken.iter().find(|broken| broken.statement == felt.statement).cloned();
                measured.breaks = std::mem::take(&mut measured.breaks).into_iter().filter_map(last).collect();
                judge(placed, measured);
            }
        }
        if stage.mode == Mode::Transaction {
            stage.steps.append(&mut more.steps);
            measured.append(&mut more_measured);
        } else if !more.steps.is_empty() {
            drafts.push(draft(stage, measured));
            states.push(ran);
            (stage, measured) = (more, more_measured);
        }
        drafts.push(draft(stage, measured));
        states.push(state);
    }
    back::back(&mut start, &mut drafts, states, settled, &mut rows, &mut discarded)?;
    let (database, filters) = (&mut start.database, &start.filters);
    // Rows that were in the way are no longer there to be looked for.
    let lost = if rows.any() { discarded.lost(database, false)? } else { Vec::new() };
    if !lost.is_empty() {
        return Err(unproven("running down does not bring back what was discarded", lost));
    }
    for draft in &drafts {
        again(database, draft.mode, &draft.up, "up again", &mut rows)?;
    }
    let ends = read(database, desired, filters)?;
    let changes = diff(&ends, desired);
    if !changes.is_empty() {
        return Err(unproven("running up again does not lead where it should", explain(&changes)));
    }
    Ok(Plan { drafts, proved, ends, unseeded, ..Plan::default() })
}

/// A migration whose way back is still to be found.
fn draft(stage: Stage, measured: Vec<Measured>) -> Draft {
    Draft {
        name: name(&stage.steps),
        class: stage.class(),
        mode: stage.mode,
        up: stage.steps,
        measured,
        down_mode: Mode::Transaction,
        down: Vec::new(),
        baseline: Vec::new(),
        before: String::new(),
        after: String::new(),
    }
}

/// May code that runs now feel it?
fn is_felt(placed: &Placed) -> bool {
    !(placed.on_new && placed.step.lock == Lock::None)
}

/// Adds what code that was written for the schema before feels of it.
fn felt(
    database: &mut Database,
    probes: &mut Probes,
    reach: &Reach,
    placed: &Placed,
    measured: Measured,
) -> Result<Measured> {
    if !is_felt(placed) {
        return Ok(measured);
    }
    let Felt { breaks, prepare_again } = probes.after(database, Some(&reach.of(&placed.id)))?;
    Ok(Measured { breaks, prepare_again, ..measured })
}

/// A step is what it was seen to be where that is worse than what its rule says.
fn judge(placed: &mut Placed, measured: &Measured) {
    if !measured.fired.is_empty() {
        placed.step.why =
            format!("{}; triggers change {}", placed.step.why, measured.fired.join(", ")).into();
    }
    let class = measured.class();
    if class <= placed.step.class {
        return;
    }
    let worst = measured.breaks.iter().find(|broken| !broken.by_data || class == Class::DataDependent);
    let why = worst.map(ToString::to_string).or_else(|| measured.fails.clone());
    placed.step.class = class;
    placed.step.why = why.unwrap_or_default().into();
}

/// Runs one step over rows, and sees what triggers make of that.
fn step(
    database: &mut Database,
    measuring: &mut Measuring,
    placed: &Placed,
    rows: &mut Rows,
    declared: bool,
) -> Result<Measured> {
    if !placed.step.fires {
        return over_rows(database, measuring, placed, rows, declared);
    }
    let before = rows.look(database)?;
    let measured = over_rows(database, measuring, placed, rows, declared)?;
    // Where rows were in its way, all of them are others now.
    if measured.fails.is_some() {
        return Ok(measured);
    }
    Ok(Measured { fired: rows.moved(database, &before)?, ..measured })
}

/// Runs one step over rows, and without any where those are in its way.
fn over_rows(
    database: &mut Database,
    measuring: &mut Measuring,
    placed: &Placed,
    rows: &mut Rows,
    declared: bool,
) -> Result<Measured> {
    match measured_by(measuring, database, placed) {
        Ok(measured) => Ok(measured),
        Err(error) if rows.any() && about_rows(&error) => {
            kept(database, rows, declared)?;
            let measured = fewer(database, measuring, placed, rows)?;
            *rows = Rows::sow(database, std::mem::take(&mut rows.data))?;
            measuring.settle(database)?;
            Ok(Measured { fails: Some(diagnose(&error, None).message), ..measured })
        }
        Err(error) => Err(failed("up", placed, &error)),
    }
}

/// Runs a step over the plain row of each table, or over none where that does not comply.
fn fewer(
    database: &mut Database,
    measuring: &mut Measuring,
    placed: &Placed,
    rows: &mut Rows,
) -> Result<Measured> {
    // A published table may refuse to lose rows one by one.
    if rows.thin(database).is_ok()
        && let Ok(measured) = measured_by(measuring, database, placed)
    {
        rows.clear(database)?;
        return Ok(measured);
    }
    rows.clear(database)?;
    measuring.settle(database)?;
    measured_by(measuring, database, placed).map_err(|error| failed("up", placed, &error))
}

/// Runs a step and looks at what it does; what is new and locks nothing needs no look.
fn measured_by(
    measuring: &mut Measuring,
    database: &mut Database,
    placed: &Placed,
) -> std::result::Result<Measured, postgres::Error> {
    let step = &placed.step;
    if !is_felt(placed) {
        return database.run(&step.sql).map(|()| Measured::default());
    }
    let mut measured = measuring.run(database, &step.sql, step.transaction)?;
    // What runs in no transaction does not show it: `tests/forms` has seen what it locks, and what is made of a table's
    // rows there reads them all. Where it commits in between, as for each partition, it reads under a weaker lock than
    // its strongest.
    if let Some(table) = placed.alone_on.as_ref().map(|table| dotted(&table.path)) {
        let reads = placed.action != Action::Drop && step.lock < Lock::Share;
        measured.scanned.extend(reads.then(|| table.clone()));
        measured.locks.push((table, step.lock));
    }
    Ok(measured)
}

/// Has the plan left the rows alone?
fn kept(database: &mut Database, rows: &Rows, declared: bool) -> Result<()> {
    let lost = rows.lost(database, declared)?;
    if lost.is_empty() {
        return Ok(());
    }
    Err(unproven("the plan loses rows and does not say so", lost))
}

/// PostgreSQL does things by itself (default privileges, names of a partition's indexes, what the children
/// of a parent have). What still differs once all steps have run gets steps of its own.
fn settle(
    database: &mut Database,
    state: &mut Catalog,
    wanted: &Catalog,
    filters: &Filters,
    message: &str,
    mut run: impl FnMut(&mut Database, &Placed) -> Result<()>,
) -> Result<Vec<Placed>> {
    let mut steps = Vec::new();
    for round in 0..=ROUNDS {
        let changes = diff(state, wanted);
        if changes.is_empty() {
            break;
        }
        let more = order(changes)?;
        if round == ROUNDS || cut(more.clone()).len() > 1 {
            return Err(unproven(message, explain(&diff(state, wanted))));
        }
        more.iter().try_for_each(|placed| run(database, placed))?;
        steps.extend(more);
        *state = read(database, wanted, filters)?;
    }
    Ok(steps)
}

/// The catalog as it is, which will be much like this one.
fn read(database: &mut Database, like: &Catalog, filters: &Filters) -> Result<Catalog> {
    let mut catalog = filters.read(&mut database.client)?;
    catalog.share(like);
    Ok(catalog)
}

/// How often what PostgreSQL did by itself is corrected.
const ROUNDS: usize = 2;

/// What a proof shows to be wrong, and the first of what differs.
fn unproven(message: impl Into<String>, differs: Vec<String>) -> Diagnostics {
    let mut diagnostic = Diagnostic::no("unproven", message);
    diagnostic.notes.extend(differs.into_iter().take(20));
    diagnostic.help("this is a mistake in Planwright: please report it with the two schemas").into()
}
