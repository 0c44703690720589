//! `plan diff`: the SQL that turns one state into another, changing nothing.

use super::{
    filter::{self, Flags},
    output::{Talk, print},
    state::{Scratch, State, busy, rows, stays_other, too_new, uncovered, unplanned},
};
use crate::{
    bundle::Mode,
    catalog::{Catalog, Filters, Registered, fingerprint},
    diagnostic::Result,
    order::Placed,
    plan::{Draft, Stage, down_mode, name},
    prove::{self, Start},
    report::script,
    scratch::{Choice, Requirements},
    settings::Settings,
};
use clap::{Args, ValueEnum};

#[derive(Args)]
pub(super) struct Arguments {
    /// What there is: a database URL, a .sql file, a folder of .sql files, or `empty`.
    #[arg(long, value_name = "STATE")]
    from: String,
    /// What there should be: the same choices.
    #[arg(long, value_name = "STATE")]
    to: String,
    /// Print the way back instead.
    #[arg(long)]
    reverse: bool,
    #[arg(long, value_enum, default_value_t = Format::Sql)]
    format: Format,
    #[command(flatten)]
    filters: Flags,
    /// Do not run the SQL up, down and up on a scratch database first.
    #[arg(long)]
    no_proof: bool,
    /// Plan for a database that nobody uses meanwhile: fewer statements, longer locks.
    #[arg(long)]
    offline: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Sql,
    Json,
}

pub(super) fn run(arguments: &Arguments, choice: &Choice, talk: &Talk) -> Result<()> {
    let files = [State::files(&arguments.from)?, State::files(&arguments.to)?];
    let mut filters = filter::rules(files.iter().flatten(), &arguments.filters)?;
    let mut from = State::read(&arguments.from, &filters)?;
    let to = State::read(&arguments.to, &filters)?;
    for state in [&from, &to] {
        let State::Files(statements) = state else { continue };
        rows(statements).iter().chain(&unplanned(statements)).for_each(|diagnostic| talk.warn(diagnostic));
    }
    let mut requirements = Requirements::default();
    from.require(&mut requirements);
    to.require(&mut requirements);
    if let State::Files(statements) = &to {
        too_new(statements, from.live(), None)?;
    }
    let mut scratch = Scratch::choose(choice, requirements, from.live().or(to.live()), None)?;
    talk.detail(&scratch.why);

    let mut desired = to.catalog(&mut scratch, &filters)?;
    if let State::Files(statements) = &to {
        filter::data(statements, &desired, &mut filters)?;
    }
    match &from {
        State::Files(statements) => filter::was_data(filter::marked(statements), &desired, &mut filters),
        State::Live(_) => filters.data.iter_mut().for_each(|marked| marked.was(None)),
        State::Empty => {}
    }
    leave(&mut from, &to, &mut desired, &mut filters, &mut scratch)?;
    from.live().iter().for_each(|live| desired.share(&live.catalog));
    let renames = match &to {
        State::Files(statements) => statements.renames.as_slice(),
        _ => &[],
    };
    if let Some(live) = from.live().filter(|_| renames.is_empty())
        && live.catalog.major() == desired.major()
        && crate::diff::diff(&live.catalog, &desired).is_empty()
    {
        uncovered(&live.catalog).iter().for_each(|diagnostic| talk.warn(diagnostic));
        uncovered(&desired).iter().for_each(|diagnostic| talk.warn(diagnostic));
        stays_other(&live.catalog, &desired).iter().for_each(|diagnostic| talk.warn(diagnostic));
        talk.say("nothing to do: the two states are the same");
        return Ok(());
    }
    let built = from.live().map(|live| &live.catalog);
    let mut start = Start::new(from.database(&mut scratch)?, None, built, renames, &desired, &filters)?;
    start.busy = busy(from.live(), &Settings::default(), arguments.offline);
    for catalog in [built, Some(&start.catalog), Some(&desired)].into_iter().flatten() {
        uncovered(catalog).iter().for_each(|diagnostic| talk.warn(diagnostic));
    }
    if let Some(live) = from.live() {
        filter::refuse_reaching(live, &start.catalog, &desired)?;
    }
    stays_other(&start.catalog, &desired).iter().for_each(|diagnostic| talk.warn(diagnostic));
    let stages = start.stages(&desired)?;
    for (gone, new) in crate::rename::look_alikes(&start.catalog, &desired) {
        talk.say(&format!(
            "{gone} is dropped and {new} added: if that is a rename, say `-- @renamed from={}`",
            gone.name()
        ));
    }
    let drafts = if arguments.no_proof {
        unproven(&start, stages, &desired)?
    } else {
        prove::prove(start, stages, &desired, scratch.engine.describe())?.drafts
    };
    if drafts.is_empty() {
        talk.say("nothing to do: the two states are the same");
        return Ok(());
    }
    let lossy: Vec<&str> = drafts
        .iter()
        .flat_map(|draft| if arguments.reverse { &draft.down } else { &draft.up })
        .filter_map(|placed| placed.step.loses.as_deref())
        .collect();
    if !lossy.is_empty() {
        let (named, more) = lossy.split_at(lossy.len().min(NAMED));
        let more = if more.is_empty() { String::new() } else { format!(", and of {} more", more.len()) };
        talk.say(&format!("running this loses {}{more}", named.join(", ")));
    }
    let schema = match &to {
        State::Files(statements) => Some(statements),
        _ => None,
    };
    let proved = (!arguments.no_proof).then(|| scratch.engine.describe());
    print(&match arguments.format {
        Format::Sql => script::sql(&drafts, arguments.reverse),
        Format::Json => script::json(&drafts, arguments.reverse, proved.as_deref(), schema),
    })
}

/// So much of what is lost is named in one sentence.
const NAMED: usize = 20;

/// Leaves alone what comes and goes by itself in a live database and the other state does not have.
fn leave(
    from: &mut State,
    to: &State,
    desired: &mut Catalog,
    filters: &mut Filters,
    scratch: &mut Scratch,
) -> Result<()> {
    let known = |catalog: &Catalog| catalog.objects.keys().cloned().collect();
    let said = |state: &State, catalog: &Catalog| match state {
        State::Files(files) => filter::runtime_partitions(files, catalog),
        _ => Ok(Vec::new()),
    };
    let wanted = known(desired);
    let registered = |state: &State| state.live().map(|live| live.registered.clone()).unwrap_or_default();
    let mut all = registered(from);
    all.extend(registered(to));
    all.parents.extend(said(to, desired)?.iter().map(|id| id.path.to_vec()));
    let annotated = matches!(from, State::Files(files) if !files.annotations.is_empty());
    if annotated || all != Registered::default() {
        let current = from.catalog(scratch, filters)?;
        all.parents.extend(said(from, &current)?.iter().map(|id| id.path.to_vec()));
        filters.registered = all;
        if to.live().is_some() {
            filters.known = known(&current);
            filter::whole(filters.apply(desired))?;
        }
    }
    filters.known = wanted;
    if let State::Live(live) = from {
        live.say_what_is_usual(desired);
        live.leave(filters)?;
        filter::keep_holding(&live.left, desired);
    }
    Ok(())
}

/// The same shape without having run anything; the way back is planned as one.
fn unproven(start: &Start, stages: Vec<Stage>, desired: &crate::catalog::Catalog) -> Result<Vec<Draft>> {
    let mut down: Vec<Placed> = crate::order::order(crate::diff::diff(desired, &start.catalog))?;
    down.extend(start.renamed.iter().rev().filter_map(crate::rename::Renamed::reversed));
    let (before, after) = (fingerprint(&start.catalog), fingerprint(desired));
    let draft = |stage: Stage| Draft {
        name: name(&stage.steps),
        class: stage.class(),
        mode: stage.mode,
        measured: Vec::new(),
        down_mode: Mode::Transaction,
        down: Vec::new(),
        baseline: Vec::new(),
        before: before.clone(),
        after: after.clone(),
        up: stage.steps,
    };
    let mut drafts: Vec<Draft> = stages.into_iter().map(draft).collect();
    if let Some(last) = drafts.last_mut() {
        last.down_mode = down_mode(&down);
        last.down = down;
    }
    Ok(drafts)
}
