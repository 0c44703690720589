//! `plan init`: a new project, with what a database or files have.

use super::{
    filter::{self, Flags, RUNTIME_PARTITIONS},
    output::Talk,
    state::{Scratch, State, rows, uncovered},
};
use crate::{
    catalog::{Catalog, Filters, Id},
    codegen::Folder,
    diagnostic::{Diagnostic, Result},
    diff::{Cause, Change, diff, explain},
    files::{self, Given, Project, Written},
    order,
    plan::{Plan, baseline},
    prove::{self, Start},
    report::schema::{self, Words},
    scratch::{Choice, Requirements},
    source::{self, Source, Statements},
};
use clap::Args;
use std::{collections::BTreeSet, path::Path};

#[derive(Args)]
pub(super) struct Arguments {
    /// What there is: a database URL, a .sql file, a folder of .sql files, or `empty`.
    #[arg(long, value_name = "STATE", default_value = "empty")]
    from: String,
    /// A file for each object, in schema/<schema>/<kind>/, instead of one schema.sql.
    #[arg(long)]
    split: bool,
    #[command(flatten)]
    filters: Flags,
}

pub(super) fn run(arguments: &Arguments, folder: &Path, choice: &Choice, talk: &Talk) -> Result<()> {
    let project = Project::begin(folder)?;
    let files = State::files(&arguments.from)?;
    let mut filters = filter::rules(files.iter(), &arguments.filters)?;
    // A schema begins without rows.
    filters.data.clear();
    let mut from = State::read(&arguments.from, &filters)?;
    if let State::Empty = from {
        project
            .write_sources(&[("schema.sql".into(), format!("{}{EXAMPLE}", filter::annotations(&filters)))])?;
        talk.say("wrote schema.sql\nnext: say in it what the database should look like, then run `cargo run --bin plan`");
        return Ok(());
    }
    if let State::Live(live) = &mut from {
        filters.registered = live.registered.clone();
        live.leave(&filters)?;
    }
    files.iter().filter_map(rows).for_each(|diagnostic| talk.warn(&diagnostic));
    let mut requirements = Requirements::default();
    from.require(&mut requirements);
    let mut scratch = Scratch::choose(choice, requirements, from.live(), None)?;
    talk.detail(&scratch.why);

    let there = from.catalog(&mut scratch, &filters)?;
    filters.known = there.objects.keys().cloned().collect();
    uncovered(from.live().map_or(&there, |live| &live.catalog))
        .iter()
        .for_each(|diagnostic| talk.warn(diagnostic));
    let start = Start::new(scratch.database()?, None, None, &[], &there, &filters)?;
    let parents = filters.registered.parents.iter();
    let mut parents: Vec<Id> =
        parents.flat_map(|path| there.objects.keys().filter(|id| *id.path == **path)).cloned().collect();
    if let Some(files) = &files {
        parents.extend(filter::runtime_partitions(files, &there)?);
    }
    let mut words = Words {
        head: filter::annotations(&filters),
        notes: parents.into_iter().map(|id| (id, RUNTIME_PARTITIONS.into())).collect(),
        unchecked: None,
    };
    if arguments.split {
        words.head += "-- What is in no schema; the rest is in schema/, a file for each object.\n";
    }
    let mut joined = order::joinable(&diff(&start.catalog, &there));
    let (sources, written) = loop {
        let arranged = order::arrange(diff(&start.catalog, &there), joined.clone())?;
        words.unchecked = arranged.circular.then_some("Bodies of functions mention each other.");
        let write = |words: &Words| match arguments.split {
            true => schema::split(&arranged.sections, words, &there),
            false => schema::whole(&arranged.sections, words),
        };
        let mut sources = write(&words);
        let mut written = read_back(&sources, &mut scratch, &filters);
        let mut failing = None;
        if written.is_err() && words.unchecked.is_none() {
            // In a database, too, there are bodies that fail, or that find by search_path what they name.
            words.unchecked = Some("Some bodies do not pass PostgreSQL's check as it stands here.");
            sources = write(&words);
            failing = std::mem::replace(&mut written, read_back(&sources, &mut scratch, &filters)).err();
        }
        let apart = match &written {
            Ok(written) => made_otherwise(&joined, &there, written),
            Err(_) => joined.clone(),
        };
        if apart.is_empty() {
            let written = written?;
            failing.iter().flat_map(|failing| &failing.0).for_each(|problem| talk.warn(problem));
            break (sources, written);
        }
        joined.retain(|link| !apart.contains(link));
    };
    refuse_difference(&there, &written)?;

    let stages = start.stages(&written)?;
    let mut plan = prove::prove(start, stages, &written, scratch.engine.describe())?;
    for draft in &mut plan.drafts {
        draft.baseline = baseline(&draft.up, &plan.ends);
    }
    finish(&project, sources, &plan, talk)
}

/// What a project that begins with nothing finds in its schema.sql.
const EXAMPLE: &str = "-- What the database should look like, in plain SQL and in any order. For example:
--
-- CREATE TABLE author (
--     id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
--     name text NOT NULL
-- );
";

fn refuse_difference(there: &Catalog, written: &Catalog) -> Result<()> {
    let changes = diff(there, written);
    if changes.is_empty() {
        return Ok(());
    }
    let mut unproven = Diagnostic::no("unproven", "the files that init would write do not say what is there");
    unproven.notes.extend(explain(&changes).into_iter().take(20));
    Err(unproven.help("this is a mistake in Planwright: please report it with the schema").into())
}

/// Those of `joined` that PostgreSQL makes otherwise where CREATE says that they belong to their parents.
fn made_otherwise(joined: &BTreeSet<Id>, there: &Catalog, written: &Catalog) -> BTreeSet<Id> {
    let changes = diff(there, written);
    let own = |(id, change)| (!matches!(change, &Change { cause: Cause::Carried(_), .. })).then_some(id);
    let made = changes.drops.iter().chain(&changes.creates).filter_map(own);
    let differing: Vec<&Id> = made.chain(changes.alters.keys()).collect();
    let about = |link: &&Id| {
        let of = |id: &Id| id.path.starts_with(&link.path);
        let near = |id: &Id| {
            [there, written]
                .iter()
                .any(|catalog| catalog.get(id).is_some_and(|object| object.needs.iter().any(of)))
        };
        differing.iter().any(|id| of(id) || near(id))
    };
    let found: BTreeSet<Id> = joined.iter().filter(about).cloned().collect();
    if found.is_empty() && !differing.is_empty() { joined.clone() } else { found }
}

/// The files as `plan` reads them.
fn read_back(sources: &[Written], scratch: &mut Scratch, filters: &Filters) -> Result<Catalog> {
    State::Files(statements(sources)?).catalog(scratch, filters)
}

fn statements(sources: &[Written]) -> Result<Statements> {
    let source = |(path, text): &Written| Source { path: path.clone(), text: text.as_str().into() };
    source::parse(sources.iter().map(source).collect())
}

fn finish(project: &Project, sources: Vec<Written>, plan: &Plan, talk: &Talk) -> Result<()> {
    let folder = Folder::read(&project.generated()).map_err(files::broken)?;
    let migrations = project.render(
        plan,
        &folder,
        &statements(&sources)?,
        &Given { name: Some("baseline"), irreversible: None },
    );
    let count = sources.len();
    // schema.sql comes last: once it is there, the project is somebody else's to open.
    let all: Vec<Written> = migrations.iter().cloned().chain(sources.into_iter().rev()).collect();
    project.write(&all)?;
    talk.say(&schema::summary(plan, count, &migrations, project.is_crate()));
    Ok(())
}
