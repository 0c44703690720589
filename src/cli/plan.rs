//! `plan`: from `schema.sql` to the next migration.

use super::{
    diff,
    filter::{self, Flags},
    init, lint,
    output::{Talk, exit, print},
    state::{Live, Scratch, State, require, rows, too_new, uncovered, unplanned},
};
use crate::{
    catalog::{Catalog, Filters, are_ours, from_facts, to_facts},
    codegen::{self, Folder, lock::Lock},
    diagnostic::{Diagnostic, Diagnostics, Result},
    files::{self, LOCK, Project},
    kind,
    plan::{Plan, Stage},
    prove::{self, Start},
    report,
    scratch::{Choice, Database, Requirements},
    settings::{Policy, Settings},
    source::{self, Statements},
    step::Class,
};
use clap::{Parser, Subcommand};
use std::{collections::BTreeSet, path::PathBuf, process::ExitCode};

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
    /// Run migrations of any tool on scratch and judge what each statement locks, reads, rewrites and breaks.
    Lint(lint::Arguments),
}

/// `main` of the program `plan`.
pub fn plan() -> ExitCode {
    let arguments = Arguments::parse();
    let talk = Talk { quiet: arguments.quiet, verbose: arguments.verbose };
    exit(match &arguments.command {
        Some(Command::Diff(diff)) => diff::run(diff, &arguments.engine, &talk),
        Some(Command::Lint(lint)) => match lint::run(lint, &arguments.folder, &arguments.engine, &talk) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Some(Command::Init(init)) => init::run(init, &arguments.folder, &arguments.engine, &talk),
        None => arguments.run(&talk),
    })
}

fn migration_name(text: &str) -> std::result::Result<String, String> {
    let good =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if good { Ok(text.to_string()) } else { Err("a name is made of a to z, 0 to 9 and _".into()) }
}

impl Arguments {
    fn run(&self, talk: &Talk) -> Result<()> {
        let project = Project::open(&self.folder)?;
        let folder = Folder::read(&project.generated()).map_err(files::broken)?;
        let schema = source::read(&project.sources())?;
        if schema.statements.is_empty() {
            return Err(empty(&project).into());
        }
        rows(&schema).iter().chain(&unplanned(&schema)).for_each(|diagnostic| talk.warn(diagnostic));
        let mut filters = filter::rules(std::iter::once(&schema), &Flags::default())?;
        let mut live = self.database.as_deref().map(|url| Live::read(url, &filters)).transpose()?;
        live.as_ref().map_or(Ok(()), |live| too_new(&schema, live))?;

        let mut requirements = Requirements::default();
        schema.sources.iter().for_each(|source| requirements.add(&source.text));
        folder.pairs.iter().for_each(|pair| requirements.add(&pair.up));
        if let Some(live) = &live {
            require(&live.catalog, &mut requirements);
        }
        let mut scratch = Scratch::choose(&self.engine, requirements, live.as_ref())?;
        talk.detail(&scratch.why);

        let to = State::Files(schema);
        let mut desired = to.catalog(&mut scratch, &filters)?;
        let State::Files(schema) = to else { unreachable!("it was made of files") };
        filter::data(&schema, &desired, &mut filters)?;
        uncovered(&desired).iter().for_each(|diagnostic| talk.warn(diagnostic));

        let parents = filter::runtime_partitions(&schema, &desired)?;
        filters.registered.parents.extend(parents.iter().map(|id| id.path.to_vec()));
        filters.known = desired.objects.keys().cloned().collect();
        if let Some(live) = &mut live {
            filters.registered.extend(std::mem::take(&mut live.registered));
            live.leave(&filters)?;
            filter::keep_holding(&live.left, &mut desired);
        }
        let locked = locked(&folder, &desired, &mut filters)?;
        let from = From { live, locked, folder: &folder, replay: self.check };
        let known = from.known(&scratch);
        known.iter().for_each(|known| desired.share(known));
        if let Some(current) = &known
            && schema.renames.is_empty()
            && crate::diff::diff(current, &desired).is_empty()
        {
            return self.nothing(talk, &project, &folder, current);
        }
        let start = Start::new(
            from.database(&mut scratch, known.as_ref())?,
            from.built(known.as_ref()),
            &schema.renames,
            &desired,
            &filters,
        )?;
        if let Some(live) = &from.live {
            filter::refuse_reaching(live, &start.catalog, &desired)?;
        }
        uncovered(&start.catalog).iter().for_each(|diagnostic| talk.warn(diagnostic));
        let mut stages = start.stages(&desired)?;
        let settings = Settings::read(&self.folder)?;
        if settings.policy == Policy::Strict {
            stages.iter_mut().for_each(|stage| stage.judge_strictly(&desired));
        }
        if stages.is_empty() {
            return self.nothing(talk, &project, &folder, &start.catalog);
        }
        self.refuse(&start.catalog, &desired, &stages, &schema)?;
        let changes = report::summary::changes(&start, &desired);
        let plan = prove::prove(start, stages, &desired, scratch.engine.describe())?;
        if plan.class() == Class::Breaking && !self.allow_breaking {
            let steps = plan.drafts.iter().flat_map(|draft| &draft.up);
            return Err(report::refusal::breaking(steps, &schema));
        }
        self.finish(talk, &project, &folder, &plan, &changes)
    }

    fn nothing(&self, talk: &Talk, project: &Project, folder: &Folder, current: &Catalog) -> Result<()> {
        let facts = Plan { ends: current.clone(), ..Plan::default() };
        let files = files::render(&facts, folder, None);
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
        talk.say(&format!("nothing to do: {what} is what schema.sql says"));
        Ok(())
    }

    /// What may not be written without a word from the user.
    fn refuse(
        &self,
        current: &Catalog,
        desired: &Catalog,
        stages: &[Stage],
        schema: &Statements,
    ) -> Result<()> {
        if !self.no_renames {
            let pairs = crate::rename::look_alikes(current, desired);
            let refusals: Vec<Diagnostic> =
                pairs.iter().map(|(old, new)| report::refusal::look_alike(old, new, schema)).collect();
            if !refusals.is_empty() {
                return Err(Diagnostics(refusals));
            }
        }
        let breaking = stages.iter().any(|stage| stage.class() == Class::Breaking);
        if breaking && !self.allow_breaking {
            return Err(report::refusal::breaking(stages.iter().flat_map(|stage| &stage.steps), schema));
        }
        Ok(())
    }

    fn finish(
        &self,
        talk: &Talk,
        project: &Project,
        folder: &Folder,
        plan: &Plan,
        changes: &str,
    ) -> Result<()> {
        let files = files::render(plan, folder, self.name.as_deref());
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
        talk.say(&report::summary::summary(plan, version, changes, &files, self.dry_run));
        Ok(())
    }
}

/// A file without statements is more often an accident than the wish to drop everything.
fn empty(project: &Project) -> Diagnostic {
    Diagnostic::failed("empty-schema", format!("{} holds no statement", project.schema().display()))
        .help("write what the database should look like into it")
        .help("if it should hold nothing at all, say that: CREATE SCHEMA IF NOT EXISTS public;")
}

/// Where the comparison starts from.
struct From<'a> {
    live: Option<Live>,
    locked: Option<Catalog>,
    folder: &'a Folder,
    /// Do not believe the lock.
    replay: bool,
}

impl From<'_> {
    /// The state as a catalog, when that is known without a database.
    fn known(&self, scratch: &Scratch) -> Option<Catalog> {
        let catalog = match &self.live {
            Some(live) => &live.catalog,
            None => self.locked.as_ref().filter(|_| !self.replay)?,
        };
        (catalog.major() == scratch.engine.version() / 10_000).then(|| catalog.clone())
    }

    /// The catalog that a database in that state is built from; none where migrations are run.
    fn built<'a>(&'a self, known: Option<&'a Catalog>) -> Option<&'a Catalog> {
        self.live.as_ref().map(|live| &live.catalog).or(known)
    }

    /// A scratch database in that state.
    fn database(&self, scratch: &mut Scratch, known: Option<&Catalog>) -> Result<Database> {
        let mut database = scratch.database()?;
        match self.built(known) {
            Some(catalog) => prove::build(&mut database, catalog)?,
            None => prove::replay(&mut database, self.folder)?,
        }
        Ok(database)
    }
}

/// The catalog in `schema.lock`.
fn locked(folder: &Folder, desired: &Catalog, filters: &mut Filters) -> Result<Option<Catalog>> {
    let Some(text) = &folder.lock else { return Ok(None) };
    // `Folder::read` has read the lines above the facts.
    let Ok((lock, _)) = Lock::read(text) else { return Ok(None) };
    if !are_ours(&lock.facts) {
        // The migrations say what is there.
        return Ok(None);
    }
    let top = text.lines().count() - lock.facts.lines().count();
    let mut catalog = from_facts(lock.engine, &lock.facts).map_err(|(line, why)| {
        Diagnostic::failed("lock", format!("{LOCK}:{}: {why}", top + line))
            .help(format!("restore {LOCK} from version control, or remove it: the next plan writes it anew"))
    })?;
    let rows = catalog.objects.values().filter(|object| kind::of(&object.id).data().is_some());
    let tables: BTreeSet<Vec<String>> = rows.filter_map(|row| Some(row.host()?.path.to_vec())).collect();
    filter::data_of_the_gone(tables.into_iter(), desired, filters);
    // One that was merged by hand says less than the migrations.
    let is_whole = to_facts(&catalog) == lock.facts;
    // Of one that is torn apart no database can be made.
    Ok((is_whole && filters.apply(&mut catalog).torn.is_empty()).then_some(catalog))
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
