//! Runs a plan on scratch, up, down and up again, before anybody else may.
//!
//! The first run goes step by step, each in a transaction of its own, so that what it locks is
//! seen; the second runs every migration as the runtime will. The way back from each state is
//! planned from the catalog that was read there, not from the one that was hoped for.

mod build;
mod measure;
mod probe;
mod replay;
mod rows;
mod seed;

use crate::{
    bundle::{Class, Mode},
    catalog::{Catalog, Filters, fingerprint},
    diagnostic::{Diagnostic, Diagnostics, Result},
    diff::{diff, explain},
    order::{Placed, order},
    plan::{Broken, Draft, Measured, Plan, Stage, class, cut, down_mode, name},
    rename::{self, Renamed},
    scratch::{Database, diagnose},
    source::Rename,
    sql::dotted,
    step::Lock,
};

pub use build::build;
use measure::Measuring;
use probe::{Felt, Names, Probes, Reach};
pub use replay::replay;
pub use rows::ALL;
use rows::{Rows, about_rows};

/// A scratch database in the state that a plan starts from, and how that state reads there.
pub struct Start {
    pub database: Database,
    pub catalog: Catalog,
    /// Renames that `schema.sql` asks for, done already.
    pub renamed: Vec<Renamed>,
    filters: Filters,
    /// The state before the renames.
    began: Catalog,
    measuring: Measuring,
    measured: Vec<Measured>,
}

impl Start {
    /// Reads the state that a database is in and carries out the renames. `built` is the state that it
    /// was built from, where that was a catalog.
    ///
    /// # Errors
    ///
    /// A state that cannot be built, or a rename that cannot be: both names exist, or PostgreSQL refuses.
    pub fn new(
        mut database: Database,
        built: Option<&Catalog>,
        renames: &[Rename],
        desired: &Catalog,
        filters: &Filters,
    ) -> Result<Start> {
        unchecked(&mut database)?;
        let filters = filters.clone();
        let mut catalog = read(&mut database, desired, &filters)?;
        if let Some(built) = built {
            build::settle(&mut database, &mut catalog, built, &filters)?;
        }
        let began = catalog.clone();
        let mut renamed = Vec::new();
        let mut measured = Vec::new();
        let mut measuring = Measuring::begin(&mut database, !catalog.objects.is_empty())?;
        // A table's new name is part of its columns' identities: outer names first, then look again.
        loop {
            let due = rename::due(renames, &catalog, desired)?;
            if due.is_empty() {
                return Ok(Start { database, catalog, renamed, filters, began, measuring, measured });
            }
            for one in &due {
                let seen = measured_by(&mut measuring, &mut database, &one.placed());
                measured.push(seen.map_err(|error| diagnose(&error, one.place.clone()))?);
            }
            renamed.extend(due);
            catalog = read(&mut database, desired, &filters)?;
        }
    }

    /// What has to be done, in order, and nothing run yet.
    pub fn stages(&self, desired: &Catalog) -> Result<Vec<Stage>> {
        let mut steps: Vec<Placed> = self.renamed.iter().map(Renamed::placed).collect();
        steps.extend(order(&diff(&self.catalog, desired))?);
        Ok(cut(steps))
    }
}

/// Runs the stages up, down and up; what comes back is fit to be written.
///
/// # Errors
///
/// The step that fails with PostgreSQL's error, or what differs from what was wanted.
pub fn prove(mut start: Start, stages: Vec<Stage>, desired: &Catalog, proved: String) -> Result<Plan> {
    if stages.is_empty() {
        return Ok(Plan { proved, ends: start.catalog, ..Plan::default() });
    }
    let (database, filters) = (&mut start.database, &start.filters);
    let renames = start.renamed.len();
    let mut states = vec![start.catalog.clone()];
    let mut drafts = Vec::new();
    let measuring = &mut start.measuring;
    let last = stages.len() - 1;
    let declared = stages.iter().flat_map(|stage| &stage.steps).any(|placed| placed.step.loses.is_some());
    let reach = Reach::new(&start.catalog, desired);
    let data = filters.data.iter().map(|marked| dotted(&marked.table)).collect();
    let mut rows = Rows::sow(database, data)?;
    let unseeded = std::mem::take(&mut rows.unseeded);
    let touched = stages.iter().flat_map(|stage| &stage.steps).filter(|placed| is_felt(placed));
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
        let mut state = read(database, desired, filters)?;
        state.share(&states[at]);
        if at == last {
            let message = "after all steps the schema is not the one that schema.sql describes";
            let run = |database: &mut Database, placed: &Placed| {
                let seen = step(database, measuring, placed, &mut rows, declared)?;
                measured.push(felt(database, &mut probes, &reach, placed, seen)?);
                Ok(())
            };
            let more = settle(database, &mut state, desired, filters, stage.mode(), message, run)?;
            stage.steps.extend(more);
            kept(database, &rows, declared)?;
        }
        let broken = probes.ended(database)?;
        for (placed, measured) in stage.steps.iter_mut().zip(&mut measured) {
            let last =
                |felt: Broken| broken.iter().find(|broken| broken.statement == felt.statement).cloned();
            measured.breaks = std::mem::take(&mut measured.breaks).into_iter().filter_map(last).collect();
            judge(placed, measured);
        }
        let draft = Draft {
            name: name(&stage.steps),
            class: stage.class(),
            mode: stage.mode(),
            up: stage.steps,
            measured,
            down_mode: Mode::Transaction,
            down: Vec::new(),
            baseline: Vec::new(),
            before: fingerprint(&states[at]),
            after: fingerprint(&state),
        };
        drafts.push(draft);
        states.push(state);
    }
    for at in (0..drafts.len()).rev() {
        let mut down = order(&diff(&states[at + 1], &states[at]))?;
        if at == 0 {
            down.extend(start.renamed.iter().rev().map(Renamed::reversed));
        }
        drafts[at].down_mode = down_mode(&down);
        drafts[at].down = down;
        again(database, drafts[at].down_mode, &drafts[at].down, "down", &mut rows)?;
        let before = if at == 0 { &start.began } else { &states[at] };
        let mut state = read(database, before, filters)?;
        let message = "running down does not lead where it should";
        let mode = drafts[at].down_mode;
        let run = |database: &mut Database, placed: &Placed| {
            again(database, mode, std::slice::from_ref(placed), "down", &mut rows)
        };
        let more = settle(database, &mut state, before, filters, mode, message, run)?;
        drafts[at].down.extend(more);
    }
    for draft in &drafts {
        again(database, draft.mode, &draft.up, "up again", &mut rows)?;
    }
    let ends = read(database, desired, filters)?;
    let changes = diff(&ends, desired);
    if !changes.is_empty() {
        return Err(unproven("running up again does not lead where it should", explain(&changes)));
    }
    if let Some(first) = drafts.first_mut() {
        first.before = fingerprint(&start.began);
    }
    Ok(Plan { drafts, proved, ends, unseeded })
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
    let class = measured.class();
    if class <= placed.step.class {
        return;
    }
    let worst = measured.breaks.iter().find(|broken| !broken.by_data || class == Class::DataDependent);
    let why = worst.map(ToString::to_string).or_else(|| measured.fails.clone());
    placed.step.class = class;
    placed.step.why = why.unwrap_or_default().into();
}

/// Runs one step over rows, and without any where those are in its way.
fn step(
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
    measuring.run(database, &step.sql, step.transaction)
}

/// Has the plan left the rows alone?
fn kept(database: &mut Database, rows: &Rows, declared: bool) -> Result<()> {
    let lost = rows.lost(database, declared)?;
    if lost.is_empty() {
        return Ok(());
    }
    Err(unproven("the plan loses rows and does not say so", lost))
}

/// Runs a migration as the runtime does, and over empty tables where rows are in its way.
fn again(
    database: &mut Database,
    mode: Mode,
    steps: &[Placed],
    direction: &str,
    rows: &mut Rows,
) -> Result<()> {
    let Err((placed, error)) = run(database, mode, steps) else { return Ok(()) };
    if !rows.any() || !about_rows(&error) || mode == Mode::None {
        return Err(failed(direction, placed, &error));
    }
    rows.clear(database)?;
    run(database, mode, steps).map_err(|(placed, error)| failed(direction, placed, &error))
}

/// What a body names may come later; whether it is there was checked when `schema.sql` was loaded.
fn unchecked(database: &mut Database) -> Result<()> {
    let set = database.client.batch_execute("SET check_function_bodies = off");
    set.map_err(|error| diagnose(&error, None).into())
}

/// PostgreSQL does things by itself (default privileges, names of a partition's indexes, what the children
/// of a parent have). What still differs once all steps have run gets steps of its own.
fn settle(
    database: &mut Database,
    state: &mut Catalog,
    wanted: &Catalog,
    filters: &Filters,
    mode: Mode,
    message: &str,
    mut run: impl FnMut(&mut Database, &Placed) -> Result<()>,
) -> Result<Vec<Placed>> {
    let mut steps = Vec::new();
    for round in 0..=ROUNDS {
        let changes = diff(state, wanted);
        if changes.is_empty() {
            break;
        }
        let more = order(&changes)?;
        if round == ROUNDS || mode == Mode::None || cut(more.clone()).len() > 1 {
            return Err(unproven(message, explain(&changes)));
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

/// The statements of a migration as one text, run as the runtime runs it.
fn run<'a>(
    database: &mut Database,
    mode: Mode,
    steps: &'a [Placed],
) -> std::result::Result<(), (&'a Placed, postgres::Error)> {
    let client = &mut database.client;
    let Some(first) = steps.first() else { return Ok(()) };
    match mode {
        Mode::None => {
            for placed in steps {
                client.batch_execute(&placed.step.sql).map_err(|error| (placed, error))?;
            }
        }
        Mode::Transaction => {
            let mut transaction = client.transaction().map_err(|error| (first, error))?;
            for chunk in steps.chunks(100) {
                let texts: Vec<&str> = chunk.iter().map(|placed| placed.step.sql.as_str()).collect();
                if let Err(error) = transaction.batch_execute(&texts.join(";\n")) {
                    let at = failing(chunk, &error);
                    return Err((&chunk[at], error));
                }
            }
            let last = steps.last().expect("there is a first step");
            transaction.commit().map_err(|error| (last, error))?;
        }
    }
    Ok(())
}

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

/// What a proof shows to be wrong, and the first of what differs.
fn unproven(message: impl Into<String>, differs: Vec<String>) -> Diagnostics {
    let mut diagnostic = Diagnostic::no("unproven", message);
    diagnostic.notes.extend(differs.into_iter().take(20));
    diagnostic.help("this is a mistake in Planwright: please report it with the two schemas").into()
}

fn failed(direction: &str, placed: &Placed, error: &postgres::Error) -> Diagnostics {
    let mut diagnostic = diagnose(error, None);
    let message = format!("running {direction}, a step fails: {}", diagnostic.message);
    diagnostic.notes.insert(0, format!("the step: {}", placed.step.sql));
    diagnostic
        .notes
        .insert(1, format!("it is about {}; class {}", placed.id, class(std::slice::from_ref(placed))));
    Diagnostic { code: "unproven", message, verdict: crate::diagnostic::Verdict::No, ..diagnostic }.into()
}
