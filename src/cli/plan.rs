//! `plan`: from `schema.sql` to the next migration.

use super::{
    ahead::Ahead,
    diff, expand,
    filter::{self, Flags},
    from::{self, From},
    init, lint,
    output::{Talk, exit, in_repository, print},
    show,
    state::{Live, Scratch, State, busy, require, rows, stays_other, too_new, uncovered, unplanned},
};
use crate::{
    catalog::{Catalog, Id},
    codegen::{self, Folder, Pair},
    diagnostic::{Diagnostic, Diagnostics, Result},
    expand::held,
    files::{self, Given, Project},
    kind,
    order::Busy,
    plan::{Plan, Stage},
    prove::{self, Start},
    report::{self, show::Around},
    scratch::{Choice, Requirements},
    settings::{Policy, Settings},
    source::{self, Statements},
    step::Class,
};
use clap::{Parser, Subcommand};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    process::ExitCode,
};

/// Plans PostgreSQL schema changes: compares schema.sql with the migrations in generated/ and writes the next one.
#[derive(Parser)]
#[command(name = "plan", version, args_conflicts_with_subcommands = false)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The project's folder, which holds schema.sql.
    #[arg(short = 'C', value_name = "DIR", default_value = ".", global = true)]
    folder: PathBuf,
    /// Where to try things: embedded, local (PostgreSQL binaries on this machine) or the URL of a server.
    #[arg(long, value_name = "ENGINE", default_value = "auto", global = true)]
    engine: Choice,
    /// Say nothing but errors.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more.
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Compare with this live database instead of the migrations.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Name the migration, instead of after what changed: [a-z0-9_]+.
    #[arg(long, value_parser = migration_name)]
    name: Option<String>,
    /// Write nothing; print the migration.
    #[arg(long)]
    dry_run: bool,
    /// Write nothing; fail with a diff when a migration, the lock or the bundle is missing or stale.
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Write the migration though code written for the old schema may fail.
    #[arg(long)]
    allow_breaking: bool,
    /// Write no way back, for this reason: `migrate undo` refuses with it.
    #[arg(long, value_name = "REASON", value_parser = reason)]
    irreversible: Option<String>,
    /// Plan for a database that nobody uses meanwhile: fewer migrations, longer locks.
    #[arg(long)]
    offline: bool,
    /// Do of a breaking change what breaks nothing, and keep old and new names the same; the rest is pending.
    #[arg(long, conflicts_with_all = ["allow_breaking", "check"])]
    expand: bool,
    /// Write what is pending: no program that was written for the old schema runs any more.
    #[arg(long, conflicts_with_all = ["expand", "check"])]
    contract: bool,
    /// Take objects that look like renamed ones for dropped and added.
    #[arg(long)]
    no_renames: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Print the SQL that turns one state into another; changes nothing.
    Diff(diff::Arguments),
    /// Begin a project, with what a database or files have.
    Init(init::Arguments),
    /// Show what a reviewer must know of migrations; reads the files and changes nothing.
    Show(show::Arguments),
    /// Run migrations of any tool on scratch and judge what each statement locks, reads, rewrites and breaks.
    Lint(lint::Arguments),
}

/// `main` of the program `plan`.
pub fn plan() -> ExitCode {
    let arguments = Arguments::parse();
    let has_product =
        matches!(arguments.command, Some(Command::Diff(_) | Command::Show(_))) || arguments.dry_run;
    let talk = Talk { quiet: arguments.quiet, verbose: arguments.verbose, has_product };
    let result = match &arguments.command {
        Some(Command::Diff(diff)) => diff::run(diff, &arguments.engine, &talk),
        Some(Command::Lint(lint)) => match lint::run(lint, &arguments.folder, &arguments.engine, &talk) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Some(Command::Init(init)) => init::run(init, &arguments.folder, &arguments.engine, &talk),
        Some(Command::Show(show)) => show::run(show, &arguments.folder),
        None => arguments.run(&talk),
    };
    exit(result, &talk)
}

fn migration_name(text: &str) -> std::result::Result<String, String> {
    let good =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if good { Ok(text.to_string()) } else { Err("a name is made of a to z, 0 to 9 and _".into()) }
}

fn reason(text: &str) -> std::result::Result<String, String> {
    let text = text.trim();
    let good = !text.is_empty() && !text.contains(['\n', '\r']);
    if good { Ok(text.to_string()) } else { Err("say in one line why there is no way back".into()) }
}

impl Arguments {
    fn run(&self, talk: &Talk) -> Result<()> {
        let project = Project::open(&self.folder)?;
        let settings = Settings::read(&self.folder)?;
        let folder = Folder::read(&project.generated()).map_err(files::broken)?;
        let schema = source::read(&project.sources())?;
        if schema.statements.is_empty() {
            return Err(empty(&project).into());
        }
        rows(&schema).iter().chain(&unplanned(&schema)).for_each(|diagnostic| talk.warn(diagnostic));
        let mut filters = filter::rules(std::iter::once(&schema), &Flags::default())?;
        let mut live = self.database.as_deref().map(|url| Live::read(url, &filters)).transpose()?;
        too_new(&schema, live.as_ref(), settings.postgresql)?;

        let mut requirements = Requirements::default();
        schema.sources.iter().for_each(|source| requirements.add(&source.text));
        folder.pairs.iter().for_each(|pair| requirements.add(&pair.up));
        if let Some(live) = &live {
            require(&live.catalog, &mut requirements);
        }
        let mut scratch = Scratch::choose(&self.engine, requirements, live.as_ref(), settings.postgresql)?;
        talk.detail(&scratch.why);

        // While schema.sql is read, the database that it is compared with is built.
        let told = from::told(&folder)?;
        let major = scratch.engine.version() / 10_000;
        let whole = |(catalog, is_whole): &(Catalog, bool)| *is_whole && catalog.major() == major;
        let known = told.as_ref().map_or(folder.pairs.is_empty(), whole);
        let ahead = (known && live.is_none() && !self.check)
            .then(|| Ahead::begin(told.as_ref().map(|(catalog, _)| catalog), &mut scratch))
            .transpose()?;

        let to = State::Files(schema);
        let mut desired = to.catalog(&mut scratch, &filters)?;
        let State::Files(schema) = to else { unreachable!("it was made of files") };
        filter::data(&schema, &desired, &mut filters)?;
        uncovered(&desired).iter().for_each(|diagnostic| talk.warn(diagnostic));

        let parents = filter::runtime_partitions(&schema, &desired)?;
        filters.registered.parents.extend(parents.iter().map(|id| id.path.to_vec()));
        filters.known = desired.objects.keys().cloned().collect();
        if let Some(trash) = settings.trash() {
            refuse_in_trash(&desired, trash)?;
            filters.registered.schemas.extend(["planwright".to_string(), trash.to_string()]);
        }
        if let Some(live) = &mut live {
            filters.data.iter_mut().for_each(|marked| marked.was(None));
            filters.registered.extend(std::mem::take(&mut live.registered));
            live.say_what_is_usual(&desired);
            live.leave(&filters)?;
            filter::keep_holding(&live.left, &mut desired);
        }
        let locked = from::locked(told, &desired, &mut filters);
        let from = From { live, locked, folder: &folder, replay: self.check };
        let known = from.known(&scratch);
        known.iter().for_each(|known| desired.share(known));
        let pending = expand::pending(&folder);
        let renames = expand::renames(&schema.renames, &pending);
        let waits = if self.contract { BTreeSet::new() } else { pending.clone() };
        if let Some(current) = &known
            && renames.is_empty()
            && !self.expand
            && crate::diff::diff(current, &held(current, &desired, &waits)).is_empty()
        {
            stays_other(current, &desired).iter().for_each(|diagnostic| talk.warn(diagnostic));
            let waits = self.nothing(talk, &project, &folder, &schema, current, &desired)?;
            return remind(talk, &waits, current, &desired, &BTreeMap::new());
        }
        let (database, read) = match ahead.and_then(|ahead| ahead.take(known.as_ref())) {
            Some(built) => built.map(|(database, read)| (database, Some(read)))?,
            None => (from.database(&mut scratch, known.as_ref())?, None),
        };
        let mut start = Start::new(
            database,
            read,
            from.built(known.as_ref()),
            if self.expand { &[] } else { &renames },
            &desired,
            &filters,
        )?;
        let around = |start: &mut Start| {
            start.trash = settings.trash().map(String::from);
            start.busy = busy(from.live.as_ref(), &settings, self.offline);
        };
        around(&mut start);
        if let Some(live) = &from.live {
            filter::refuse_reaching(live, &start.catalog, &desired)?;
        }
        uncovered(&start.catalog).iter().for_each(|diagnostic| talk.warn(diagnostic));
        stays_other(&start.catalog, &desired).iter().for_each(|diagnostic| talk.warn(diagnostic));
        let (mut done, mut changes) = (Plan::default(), String::new());
        if self.contract {
            for waits in crate::expand::turns(&start.catalog, &desired, &pending) {
                expand::swap(&mut start, &desired, &waits)?;
                let now = held(&start.catalog, &desired, &waits);
                let mut stages = start.stages(&now)?;
                if !crate::expand::whole(&start.renamed, &stages) {
                    start.busy = Busy::Nothing;
                    stages = start.stages(&now)?;
                }
                changes += &report::summary::changes(&start, &now);
                let turn = prove::prove(start, stages, &now, scratch.engine.describe())?;
                start = expand::after(&turn, &mut scratch, &desired, &filters)?;
                around(&mut start);
                done = done.then(turn);
            }
            expand::end(&mut start, &desired, &schema.renames)?;
        }
        let mut alone = BTreeMap::new();
        let (now, mut stages) = if self.expand {
            expand::expand(&mut start, &mut scratch, &desired, &renames, &waits, &filters, &mut alone)?
        } else {
            let now = held(&start.catalog, &desired, &waits);
            let stages = start.stages(&now)?;
            (now, stages)
        };
        if settings.policy == Policy::Strict {
            stages.iter_mut().for_each(|stage| stage.judge_strictly(&desired));
        }
        if stages.is_empty() && done.drafts.is_empty() {
            let current = &start.catalog;
            let waits = self.nothing(talk, &project, &folder, &schema, current, &desired)?;
            return remind(talk, &waits, current, &desired, &alone);
        }
        self.refuse(&start.catalog, &now, &stages, &schema, &pending)?;
        changes += &report::summary::changes(&start, &now);
        let mut plan = done.then(prove::prove(start, stages, &now, scratch.engine.describe())?);
        if let Some(url) = &self.database {
            prove::ask(&mut plan, &mut crate::scratch::connect(url)?)?;
        }
        plan.pending = crate::expand::pending(&now, &desired);
        if plan.class() == Class::Breaking && !self.allow_breaking && !self.contract {
            let steps = plan.drafts.iter().flat_map(|draft| &draft.up);
            return Err(report::refusal::breaking(steps, &schema, self.expand));
        }
        self.finish(talk, &project, &folder, &schema, &plan, &changes)?;
        remind(talk, &plan.pending, &now, &desired, &alone)
    }

    /// Says that there is nothing to do; returns what waits.
    fn nothing(
        &self,
        talk: &Talk,
        project: &Project,
        folder: &Folder,
        schema: &Statements,
        current: &Catalog,
        desired: &Catalog,
    ) -> Result<BTreeSet<Id>> {
        let pending = crate::expand::pending(current, desired);
        let facts = Plan { ends: current.clone(), pending, ..Plan::default() };
        let files = project.render(&facts, folder, schema, &Given::default());
        let locked = folder.lock.as_deref().map(codegen::lf);
        let told = files.iter().all(|(_, text)| locked.as_ref() == Some(text));
        let stale = self.database.is_none() && (!told && !folder.pairs.is_empty() || self.check);
        if self.check {
            if stale {
                check(project, &files)?;
            }
            codegen::check(&project.generated()).map_err(stale_bundle)?;
        } else if stale && !self.dry_run {
            project.write(&files)?;
        } else if !self.dry_run {
            codegen::write(&project.generated()).map_err(files::broken)?;
        }
        let what = if self.database.is_some() { "the database" } else { "generated/migrations" };
        if facts.pending.is_empty() {
            talk.say(&format!("nothing to do: {what} is what schema.sql says"));
        } else {
            talk.say(&format!("nothing to do now: {what} is what schema.sql says, but for what waits"));
        }
        Ok(facts.pending)
    }

    fn around(&self) -> Around {
        Around { folder: in_repository(&self.folder.to_string_lossy()), rows: None }
    }

    /// What may not be written without a word from the user.
    fn refuse(
        &self,
        current: &Catalog,
        desired: &Catalog,
        stages: &[Stage],
        schema: &Statements,
        pending: &BTreeSet<Id>,
    ) -> Result<()> {
        if !self.no_renames && !self.expand {
            let pairs = crate::rename::look_alikes(current, desired);
            let refusals: Vec<Diagnostic> =
                pairs.iter().map(|(old, new)| report::refusal::look_alike(old, new, schema)).collect();
            if !refusals.is_empty() {
                return Err(Diagnostics(refusals));
            }
        }
        let breaking = stages.iter().any(|stage| stage.class() == Class::Breaking);
        let allowed = self.allow_breaking || self.contract && !pending.is_empty();
        if breaking && !allowed {
            return Err(report::refusal::breaking(
                stages.iter().flat_map(|stage| &stage.steps),
                schema,
                self.expand,
            ));
        }
        Ok(())
    }

    fn finish(
        &self,
        talk: &Talk,
        project: &Project,
        folder: &Folder,
        schema: &Statements,
        plan: &Plan,
        changes: &str,
    ) -> Result<()> {
        let given = Given { name: self.name.as_deref(), irreversible: self.irreversible.as_deref() };
        let files = project.render(plan, folder, schema, &given);
        talk.annotate(|| report::show::annotations(&written(&files), &self.around()));
        if self.check {
            check(project, &files)?;
        }
        if self.dry_run {
            let texts = files.iter().filter(|(path, _)| path.ends_with(".sql"));
            print(&texts.map(|(path, text)| format!("-- {path}\n{text}\n")).collect::<String>())?;
        } else {
            project.write(&files)?;
        }
        let classes: Vec<Class> = plan.drafts.iter().map(|draft| draft.class).collect();
        let version = files::version_after(folder, &classes);
        talk.say(&report::summary::summary(plan, version, changes, &files, &given, self.dry_run));
        Ok(())
    }
}

/// The migrations among files that are to be written.
fn written(files: &[files::Written]) -> Vec<Pair> {
    let pair = |two: &[files::Written]| Pair::written(&two[0].0, &two[0].1, &two[1].1);
    files.chunks_exact(2).filter_map(pair).collect()
}

/// A file without statements is more often an accident than the wish to drop everything.
fn empty(project: &Project) -> Diagnostic {
    Diagnostic::failed("empty-schema", format!("{} holds no statement", project.schema().display()))
        .help("write what the database should look like into it")
        .help("if it should hold nothing at all, say that: CREATE SCHEMA IF NOT EXISTS public;")
}

/// What is in the trash is looked after by nobody's schema.
fn refuse_in_trash(desired: &Catalog, trash: &str) -> Result<()> {
    let within =
        |object: &&std::sync::Arc<crate::catalog::Object>| kind::of(&object.id).schema(object) == Some(trash);
    let Some(object) = desired.objects.values().find(within) else { return Ok(()) };
    let message = format!("{} is in the schema {trash}, where dropped tables go", object.id);
    Err(Diagnostic::failed("trash", message)
        .help("move it to another schema, or name another one for the trash: `trash` in [package.metadata.planwright] of Cargo.toml")
        .into())
}

/// Says what waits for the old program to be gone.
fn remind(
    talk: &Talk,
    waits: &BTreeSet<Id>,
    now: &Catalog,
    desired: &Catalog,
    alone: &BTreeMap<Id, String>,
) -> Result<()> {
    if !waits.is_empty() {
        talk.say(&expand::told(waits, now, desired, alone));
    }
    Ok(())
}

/// Every file that is not what it should be, as a unified diff.
fn check(project: &Project, files: &[files::Written]) -> Result<()> {
    let mut diffs = String::new();
    for (path, text) in files {
        let found = codegen::lf(&project.text(path)?);
        if found != *text {
            let diff = similar::TextDiff::from_lines(&found, text);
            let (is, should) = (format!("{path} (as it is)"), format!("{path} (as it should be)"));
            diffs += &diff.unified_diff().header(&is, &should).to_string();
        }
    }
    if diffs.is_empty() {
        return Ok(());
    }
    print(&diffs)?;
    Err(Diagnostic::no("stale", "generated/ is not what schema.sql says: the difference is above")
        .help("run `cargo run --bin plan` and commit what it writes")
        .help("where that writes nothing, remove generated/schema.lock first: it is written anew from the migrations")
        .into())
}

fn stale_bundle(error: codegen::Error) -> Diagnostics {
    match error {
        codegen::Error::Stale { diff } => match print(&diff) {
            Ok(()) => Diagnostic::no(
                "stale",
                "generated/migrations.rs is not what generated/migrations says: the difference is above",
            )
            .help("run `cargo build` and commit generated/migrations.rs")
            .into(),
            Err(error) => error,
        },
        other => files::broken(other),
    }
}
