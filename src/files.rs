//! The files of a project: the only place of the planner that writes any.
//!
//! What is to be written is first laid out whole in `generated/.pending`, then moved into place. A
//! run that is killed leaves either what was there before or a `.pending` that the next completes.

mod begin;

use crate::{
    bundle::{Class, Mode, Version, stem},
    catalog::to_facts,
    codegen::{
        self, Folder, checksum,
        header::{self, DownHeader, Header},
        lock::{Lock, Locked},
    },
    diagnostic::{Diagnostic, Result},
    order::{Action, Placed},
    plan::{self, Draft, Measured, Plan},
    source::Statements,
    step::Lock as TableLock,
};
use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A project's folder, which nobody else plans in while this lives.
pub struct Project {
    root: PathBuf,
    _begun: Option<begin::Begun>,
    /// Its lock goes with it.
    _schema: File,
}

/// What people say of a plan beside the schema.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// What its migrations are called, instead of after what changed.
    pub name: Option<&'a str>,
    /// Why there shall be no way back.
    pub irreversible: Option<&'a str>,
}

/// A file that a plan makes, relative to the project, and its text.
pub type Written = (String, String);

impl Project {
    /// Takes the folder; finishes what a killed run had begun.
    ///
    /// # Errors
    ///
    /// No `schema.sql`, somebody else planning, or a file that cannot be moved.
    pub fn open(root: &Path) -> Result<Project> {
        let path = root.join(SCHEMA);
        let schema = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Diagnostic::failed("no-schema", format!("there is no {}", path.display()))
                .help("write what the database should look like into schema.sql, or name the project's folder: -C DIR")
                .help("to begin with a database that there is: cargo run --bin plan -- init --from URL"),
            _ => failed("read", &path, &error),
        })?;
        lock(&schema, root)?;
        let project = Project { root: root.to_path_buf(), _begun: None, _schema: schema };
        project.finish()?;
        Ok(project)
    }

    pub fn schema(&self) -> PathBuf {
        self.typed().join(SCHEMA)
    }

    /// What says how the schema should be: `schema.sql`, and the folder `schema` where that holds SQL.
    pub fn sources(&self) -> Vec<PathBuf> {
        let folder = self.typed().join("schema");
        let folder = Some(folder).filter(|folder| crate::source::holds_sql(folder));
        std::iter::once(self.schema()).chain(folder).collect()
    }

    /// The folder as the user would type it.
    fn typed(&self) -> &Path {
        self.root.strip_prefix(".").unwrap_or(&self.root)
    }

    pub fn generated(&self) -> PathBuf {
        self.root.join("generated")
    }

    /// The text of a file, empty when there is none.
    pub fn text(&self, path: &str) -> Result<String> {
        let path = self.root.join(path);
        match fs::read_to_string(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("read", &path, &error).into())
            }
            text => Ok(text.unwrap_or_default()),
        }
    }

    /// Is there a crate to embed migrations in?
    pub fn is_crate(&self) -> bool {
        self.root.join("Cargo.toml").exists()
    }

    /// The files of a plan: a pair for each draft, and `schema.lock`. `schema` is what it was planned from.
    pub fn render(
        &self,
        plan: &Plan,
        folder: &Folder,
        schema: &Statements,
        given: &Given<'_>,
    ) -> Vec<Written> {
        let mut files = Vec::new();
        let mut locked: Vec<Locked> = folder
            .pairs
            .iter()
            .map(|pair| Locked {
                stem: pair.stem(),
                up: pair.checksum.clone(),
                down: pair.down_checksum.clone(),
            })
            .collect();
        let mut number = folder.pairs.last().map_or(0, |pair| pair.number);
        let mut version = folder.pairs.last().map(|pair| pair.header.version);
        let mut newest = folder.pairs.last().map(|pair| (pair.number, pair.up.clone(), pair.down.clone()));
        for draft in &plan.drafts {
            number += 1;
            let next = version.map_or(Version::FIRST, |version| version.after(draft.class));
            version = Some(next);
            let stem = stem(number, given.name.unwrap_or(&draft.name));
            let (up, down) = (self.up(draft, next, &plan.proved, schema), down(draft, given.irreversible));
            locked.push(Locked { stem: stem.clone(), up: checksum(&up), down: checksum(&down) });
            files.push((format!("generated/migrations/{stem}.up.sql"), up.clone()));
            files.push((format!("generated/migrations/{stem}.down.sql"), down.clone()));
            newest = Some((number, up, down));
        }
        let head = codegen::lock::head(
            newest.as_ref().map(|(number, up, down)| (*number, up.as_str(), down.as_str())),
        );
        let pending = plan.pending.iter().map(crate::catalog::to_text).collect();
        let lock =
            Lock { engine: plan.ends.version, migrations: locked, pending, facts: to_facts(&plan.ends) };
        files.push((LOCK.to_string(), lock.text(&head)));
        files
    }

    /// Writes all of them or none, and `migrations.rs` after them.
    pub fn write(&self, files: &[Written]) -> Result<()> {
        self.write_sources(files)?;
        codegen::write(&self.generated()).map_err(broken)?;
        Ok(())
    }

    /// Writes all of them or none.
    pub fn write_sources(&self, files: &[Written]) -> Result<()> {
        let pending = self.generated().join(PENDING);
        fs::create_dir_all(&pending).map_err(|error| failed("make the folder", &pending, &error))?;
        let numbered =
            files.iter().enumerate().map(|(at, (path, text))| (at.to_string(), format!("{path}\n{text}")));
        for (name, text) in numbered.chain([(READY.to_string(), files.len().to_string())]) {
            let place = pending.join(name);
            if let Err(error) = put(&place, &text) {
                // Half of it is nothing; what cannot be removed either is removed by the next run.
                let _ = fs::remove_dir_all(&pending);
                return Err(failed("write", &place, &error).into());
            }
        }
        self.finish()
    }

    fn up(&self, draft: &Draft, version: Version, proved: &str, schema: &Statements) -> String {
        let nothing = Measured::default();
        let steps = draft
            .up
            .iter()
            .enumerate()
            .map(|(at, placed)| self.told(placed, draft.measured.get(at).unwrap_or(&nothing), schema));
        let header = Header {
            class: draft.class,
            version,
            mode: draft.mode,
            before: Some(draft.before.clone()),
            after: Some(draft.after.clone()),
            proved: Some(proved.to_string()),
            baseline: draft.baseline.clone(),
            steps: steps.collect(),
        };
        format!("{header}\n{}", body(&draft.up, draft.mode))
    }

    /// What a reviewer must know about a step.
    fn told(&self, placed: &Placed, measured: &Measured, schema: &Statements) -> header::Step {
        let step = &placed.step;
        let strong = measured.locks.iter().filter(|(_, lock)| *lock > TableLock::RowExclusive);
        let broken = |one: &plan::Broken| header::Broken {
            statement: one.statement.clone(),
            code: one.code.clone(),
            message: one.message.clone(),
            by_data: one.by_data,
        };
        header::Step {
            action: format!("{:?}", placed.action).to_lowercase(),
            object: placed.id.to_string(),
            class: step.class,
            place: schema
                .nearest(&placed.id)
                .map(|place| (self.relative(&place.path), place.line_column().0)),
            why: step.why.to_string(),
            locks: strong.map(|(name, lock)| (name.clone(), lock.to_string())).collect(),
            rewrites: measured.rewritten.clone(),
            scans: measured.scanned.clone(),
            loses: step.loses.clone(),
            breaks: measured.breaks.iter().map(broken).collect(),
            prepare_again: measured.prepare_again.clone(),
            fails: measured.fails.clone(),
            finds: step.finds.clone(),
            found: measured.found.clone(),
        }
    }

    /// A path of a source, as it is called in the project's folder.
    fn relative(&self, path: &str) -> String {
        let inside = Path::new(path).strip_prefix(self.typed()).map(Path::to_string_lossy);
        inside.map_or_else(|_| path.to_string(), Into::into)
    }

    /// Moves what lies ready into place; throws away what was never complete.
    fn finish(&self) -> Result<()> {
        let pending = self.generated().join(PENDING);
        if let Ok(count) = fs::read_to_string(pending.join(READY)) {
            for at in 0..count.trim().parse::<usize>().unwrap_or(0) {
                let from = pending.join(at.to_string());
                let Ok(text) = fs::read_to_string(&from) else { continue };
                let (path, text) = text.split_once('\n').unwrap_or_default();
                let to = self.root.join(path);
                let folder = to.parent().expect("a file is in a folder");
                fs::create_dir_all(folder).map_err(|error| failed("make the folder", folder, &error))?;
                let whole = from.with_extension("text");
                put(&whole, text).map_err(|error| failed("write", &whole, &error))?;
                fs::rename(&whole, &to).map_err(|error| failed("write", &to, &error))?;
                fs::remove_file(&from).map_err(|error| failed("remove", &from, &error))?;
            }
        }
        match fs::remove_dir_all(&pending) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", &pending, &error).into())
            }
            _ => Ok(()),
        }
    }
}

/// Where the canonical catalog is, relative to the project.
pub const LOCK: &str = "generated/schema.lock";

const SCHEMA: &str = "schema.sql";
const PENDING: &str = ".pending";
const READY: &str = "ready";

fn down(draft: &Draft, irreversible: Option<&str>) -> String {
    if let Some(why) = irreversible {
        let (loses, costs) = (Vec::new(), Vec::new());
        let header =
            DownHeader { mode: Mode::Transaction, loses, costs, irreversible: Some(why.to_string()) };
        return header.to_string();
    }
    let loses = draft.down.iter().filter_map(|placed| placed.step.loses.clone()).collect();
    let costs = draft.down.iter().filter_map(cost).collect();
    let header = DownHeader { mode: draft.down_mode, loses, costs, irreversible: None };
    format!("{header}\n{}", body(&draft.down, draft.down_mode))
}

/// What is not free about a step of a way back. That code for what goes away fails goes without saying.
fn cost(placed: &Placed) -> Option<String> {
    let Placed { step, id, action, wanted, .. } = placed;
    let free = step.class == Class::Additive || step.loses.is_some();
    if free || *wanted && *action == Action::Drop {
        return None;
    }
    let finds = step.finds.iter().map(|query| format!("; this finds the rows in its way: {query}"));
    let verb = format!("{action:?}").to_lowercase();
    Some(format!("{verb} {id}: {}{}", step.why, finds.collect::<String>()))
}

fn body(steps: &[Placed], mode: Mode) -> String {
    let mut text = String::new();
    if steps.iter().any(|placed| placed.unchecked) {
        let word = if mode == Mode::None { "" } else { "LOCAL " };
        text += &format!("SET {word}check_function_bodies = off;\n\n");
    }
    for placed in steps {
        text += &format!("{};\n", placed.step.sql);
    }
    text
}

/// Keeps everybody else out for as long as the file is open.
fn lock(schema: &File, root: &Path) -> Result<()> {
    schema.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => {
            Diagnostic::failed("busy", format!("another plan is running in {}", shown(root)))
                .help("wait until it has ended, then run this again")
                .into()
        }
        TryLockError::Error(error) => failed("lock", &root.join(SCHEMA), &error).into(),
    })
}

/// Written whole or not at all, as far as the disk says so.
fn put(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(doing: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let diagnostic = Diagnostic::failed("file", format!("cannot {doing} {}: {error}", shown(path)));
    match error.kind() {
        io::ErrorKind::StorageFull => diagnostic.help("make room on the disk, then run this again"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            diagnostic.help("make the project's folder writable, or look only: --dry-run")
        }
        _ => diagnostic,
    }
}

fn shown(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    if path.as_os_str().is_empty() { ".".into() } else { path.display().to_string() }
}

/// What codegen finds wrong, as the planner says it.
pub fn broken(error: codegen::Error) -> crate::diagnostic::Diagnostics {
    let codegen::Error::Broken(problems) = error else {
        return Diagnostic::failed("file", error.to_string()).into();
    };
    let diagnostics = problems.into_iter().map(|problem| {
        let places = problem.places.iter().map(|(path, line)| match line {
            Some(line) => format!("{path}:{line}"),
            None => path.clone(),
        });
        let mut diagnostic = Diagnostic::failed(problem.code, problem.message);
        diagnostic.notes = places.collect();
        diagnostic.help(problem.help)
    });
    crate::diagnostic::Diagnostics(diagnostics.collect())
}

/// The class that a plan has, for messages.
pub fn version_after(folder: &Folder, classes: &[Class]) -> Version {
    let start = folder.pairs.last().map(|pair| pair.header.version);
    classes
        .iter()
        .fold(start, |version, class| Some(version.map_or(Version::FIRST, |version| version.after(*class))))
        .unwrap_or(Version::FIRST)
}
