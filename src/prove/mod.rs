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
mod state;
mod trash;
mod watch;

use crate::{
    bundle::{Class, Mode},
    catalog::{Catalog, Filters, Id, fingerprint},
    diagnostic::{Diagnostic, Diagnostics, Result},
    diff::{diff, explain},
    order::{Busy, Placed, order, order_online},
    plan::{Broken, Draft, Measured, Plan, Stage, class, cut, down_mode, name},
    rename::{self, Renamed},
    scratch::{Database, diagnose},
    source::Rename,
    sql::dotted,
    step::Lock,
};

use std::collections::BTreeSet;

pub use build::build;
use measure::Measuring;
use probe::{Felt, Reach};
pub use probe::{Names, Probes};
pub use replay::replay;
pub use rows::ALL;
use rows::{Rows, about_rows};
pub use state::{Column, Index, Relation, State};
pub use watch::{Seen, Watch};

/// A scratch database in the state that a plan starts from, and how that state reads there.
pub struct Start {
    pub database: Database,
    pub catalog: Catalog,
    /// Renames that `schema.sql` asks for, done already.
    pub renamed: Vec<Renamed>,
    /// The schema where tables are moved to instead of being dropped, if there is one.
    pub trash: Option<String>,
    /// The tables that people use meanwhile.
    pub busy: Busy,
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
        let measuring = Measuring::begin(&mut database, !catalog.objects.is_empty())?;
        let (renamed, measured, busy, trash) = (Vec::new(), Vec::new(), Busy::Nothing, None);
        let mut start =
            Start { database, catalog, renamed, busy, trash, filters, began, measuring, measured };
        start.rename(renames, desired)?;
        Ok(start)
    }

    /// Carries out renames.
    ///
    /// # Errors
    ///
    /// Both names exist, or PostgreSQL refuses.
    pub fn rename(&mut self, renames: &[Rename], desired: &Catalog) -> Result<()> {
        // A table's new name is part of its columns' identities: outer names first, then look again.
        loop {
            let due = rename::due(renames, &self.catalog, desired)?;
            if due.is_empty() {
                return Ok(());
            }
            for one in &due {
                let seen = measured_by(&mut self.measuring, &mut self.database, &one.placed());
                self.measured.push(seen.map_err(|error| diagnose(&error, one.place.clone()))?);
            }
            self.renamed.extend(due);
            self.catalog = read(&mut self.database, desired, &self.filters)?;
        }
    }

    /// Makes what stands under an old name right after a rename; returns what there is more of then.
    ///
    /// # Errors
    ///
    /// PostgreSQL refuses.
    pub fn bridge(&mut self, one: Renamed, desired: &Catalog) -> Result<BTreeSet<Id>> {
        let seen = measured_by(&mut self.measuring, &mut self.database, &one.placed());
        self.measured.push(seen.map_err(|error| diagnose(&error, None))?);
        self.renamed.push(one);
        let before = std::mem::take(&mut self.catalog);
        self.catalog = read(&mut self.database, desired, &self.filters)?;
        Ok(self.catalog.objects.keys().filter(|id| !before.contains(id)).cloned().collect())
    }

    /// What has to be done, in order, and nothing run yet.
    pub fn stages(&self, desired: &Catalog) -> Result<Vec<Stage>> {
        let mut steps: Vec<Placed> = self.renamed.iter().map(Renamed::placed).collect();
        let mut changes = diff(&self.catalog, desired);
        changes.trash = self.trash.as_deref();
        steps.extend(order_online(changes, &self.busy)?);
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
        let mut state = read(database, desired, filters)?;
        state.share(&states[at]);
        let mut more = Stage { steps: Vec::new(), mode: Mode::Transaction };
        let mut more_measured = Vec::new();
        let ran = state.clone();
        if at == last {
            let message = "after all steps the schema is not the one that schema.sql describes";
            let run = |database: &mut Database, placed: &Placed| {
                let seen = step(database, measuring, placed, &mut rows, declared)?;
                more_measured.push(felt(database, &mut probes, &reach, placed, seen)?);
                Ok(())
            };
            more.steps = settle(database, &mut state, desired, filters, message, run)?;
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
            drafts.push(draft(stage, measured, &states[at], &ran));
            states.push(ran);
            (stage, measured) = (more, more_measured);
        }
        drafts.push(draft(stage, measured, states.last().expect("there is the first"), &state));
        states.push(state);
    }
    for at in (0..drafts.len()).rev() {
        let mut down = trash::restores(&drafts[at].up, start.trash.as_deref(), &states[at], &states[at + 1])?;
        let done = down.len();
        if done == 0 && drafts[at].up.iter().any(|placed| placed.step.discards.is_some()) {
            discarded = Rows::default();
        }
        let restored = match done {
            0 => states[at + 1].clone(),
            _ => {
                again(database, Mode::Transaction, &down, "down", &mut rows)?;
                read(database, &states[at], filters)?
            }
        };
        down.extend(order_online(diff(&restored, &states[at]), &start.busy)?);
        if at == 0 {
            down.extend(start.renamed.iter().rev().map(Renamed::reversed));
        }
        drafts[at].down_mode = down_mode(&down);
        drafts[at].down = down;
        again(database, drafts[at].down_mode, &drafts[at].down[done..], "down", &mut rows)?;
        let before = if at == 0 { &start.began } else { &states[at] };
        let mut state = read(database, before, filters)?;
        let message = "running down does not lead where it should";
        let mode = drafts[at].down_mode;
        let run = |database: &mut Database, placed: &Placed| {
            again(database, mode, std::slice::from_ref(placed), "down", &mut rows)
        };
        let more = settle(database, &mut state, before, filters, message, run)?;
        drafts[at].down.extend(more);
    }
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
    if let Some(first) = drafts.first_mut() {
        first.before = fingerprint(&start.began);
    }
    Ok(Plan { drafts, proved, ends, unseeded, ..Plan::default() })
}

/// A migration whose way back is still to be found.
fn draft(stage: Stage, measured: Vec<Measured>, before: &Catalog, after: &Catalog) -> Draft {
    Draft {
        name: name(&stage.steps),
        class: stage.class(),
        mode: stage.mode,
        up: stage.steps,
        measured,
        down_mode: Mode::Transaction,
        down: Vec::new(),
        baseline: Vec::new(),
        before: fingerprint(before),
        after: fingerprint(after),
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
    let Err((at, error)) = run(database, mode, steps) else { return Ok(()) };
    if !rows.any() || !about_rows(&error) {
        return Err(failed(direction, &steps[at], &error));
    }
    rows.clear(database)?;
    // What runs statement by statement goes on where it stopped.
    let left = if mode == Mode::None { &steps[at..] } else { steps };
    run(database, mode, left).map_err(|(at, error)| failed(direction, &left[at], &error))
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
        if round == ROUNDS || cut(more.clone()).len() > 1 {
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
                client.batch_execute(&placed.step.sql).map_err(|error| (at, error))?;
            }
        }
        Mode::Transaction if steps.is_empty() => {}
        Mode::Transaction => {
            let mut transaction = client.transaction().map_err(|error| (0, error))?;
            for (chunk, begin) in steps.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
                let texts: Vec<&str> = chunk.iter().map(|placed| placed.step.sql.as_str()).collect();
                if let Err(error) = transaction.batch_execute(&texts.join(";\n")) {
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
