//! Which files of a folder are migrations, in which order they run, and which part of each is the way up.
//!
//! Separate because it alone knows the layouts of other tools; what a file does is told by running it.

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Result},
    source::{self, Source},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// One file as its tool runs it.
#[derive(Clone, Debug)]
pub struct Migration {
    pub source: Source,
    /// The text without the way down: blanks stand for that, so that places stay.
    pub up: String,
    pub mode: Mode,
    pub tool: Tool,
    /// Is it looked at, or only run for those after it?
    pub judged: bool,
}

/// How the tool runs a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In a transaction that the tool begins and ends.
    Wrapped,
    /// All statements sent at once: several are one transaction, unless they say where one begins.
    Together,
    /// Each statement by itself.
    Apart,
}

/// Whose layout it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Planwright,
    Diesel,
    Sqlx,
    Refinery,
    GolangMigrate,
    Dbmate,
    Goose,
    Flyway,
    /// Nothing tells.
    Unknown,
}

/// The files to run, in order, and a word on each that is left out.
#[derive(Debug, Default)]
pub struct Migrations {
    pub files: Vec<Migration>,
    pub left_out: Vec<String>,
}

/// Reads files and folders. Before a file of a folder whose layout is known, what comes before it there is run.
///
/// # Errors
///
/// A file or folder that cannot be read, or that holds no migration.
pub fn read(paths: &[PathBuf]) -> Result<Migrations> {
    let mut all = Migrations::default();
    let mut problems = Vec::new();
    // Files of one folder are read together, in its order.
    let mut named: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    let mut order: Vec<PathBuf> = Vec::new();
    for path in paths {
        let folder = if path.is_dir() { path.clone() } else { folder_of(path) };
        if !order.contains(&folder) {
            order.push(folder.clone());
        }
        named.entry(folder).or_default().insert(path.clone());
    }
    for folder in order {
        let wanted = &named[&folder];
        match Layout::of(&folder, wanted).and_then(|layout| layout.migrations(&folder, wanted)) {
            Ok(found) => {
                all.files.extend(found.files);
                all.left_out.extend(found.left_out);
            }
            Err(Diagnostics(found)) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(Diagnostics(problems)) }
}

/// The folder of migrations that a file belongs to: diesel's have a folder each.
fn folder_of(path: &Path) -> PathBuf {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_path_buf(),
        None => PathBuf::from("."),
    };
    let folder = parent(path);
    if path.file_name().is_some_and(|name| name == "up.sql") { parent(&folder) } else { folder }
}

/// The files of a folder, and whose they are.
struct Layout {
    tool: Tool,
    /// In the order in which they run.
    files: Vec<PathBuf>,
    left_out: Vec<String>,
}

impl Layout {
    fn of(folder: &Path, wanted: &BTreeSet<PathBuf>) -> Result<Layout> {
        let entries = entries(folder)?;
        let diesel: Vec<PathBuf> =
            entries.iter().map(|path| path.join("up.sql")).filter(|up| up.is_file()).collect();
        if !diesel.is_empty() {
            return Ok(Layout { tool: Tool::Diesel, files: diesel, left_out: Vec::new() });
        }
        let sql = |path: &&PathBuf| path.extension().is_some_and(|end| end == "sql") && path.is_file();
        let mut files: Vec<PathBuf> = entries.iter().filter(sql).cloned().collect();
        let rust =
            entries.iter().filter(|path| versioned(path) && path.extension().is_some_and(|e| e == "rs"));
        let left_out: Vec<String> =
            rust.map(|path| format!("{}: it is a program, not SQL", path.display())).collect();
        let begins = |word: &str| files.iter().any(|path| has_line(path, word));
        let in_rust = || folder.ancestors().take(4).any(|up| up.join("Cargo.toml").is_file());
        let tool = if files.iter().any(|path| versioned(path) || name(path).starts_with("R__")) {
            if !left_out.is_empty() || in_rust() { Tool::Refinery } else { Tool::Flyway }
        } else if files.iter().any(|path| name(path).ends_with(".up.sql")) {
            if begins("-- planwright: ") {
                Tool::Planwright
            } else if begins("-- no-transaction") || in_rust() {
                Tool::Sqlx
            } else {
                Tool::GolangMigrate
            }
        } else if begins("-- +goose Up") {
            Tool::Goose
        } else if begins("-- migrate:up") {
            Tool::Dbmate
        } else if files.iter().all(|path| number(path).is_some()) && !files.is_empty() && in_rust() {
            Tool::Sqlx
        } else {
            Tool::Unknown
        };
        let down = |path: &PathBuf| {
            let name = name(path);
            name.ends_with(".down.sql")
                || ["U", "B"].iter().any(|undo| name.starts_with(undo))
                    && name.contains("__")
                    && tool == Tool::Flyway
                || name.starts_with('U') && name.contains("__") && tool == Tool::Refinery
        };
        files.retain(|path| !down(path));
        let ups = files.iter().any(|path| name(path).ends_with(".up.sql"));
        files.retain(|path| !ups || name(path).ends_with(".up.sql"));
        files.sort_by_cached_key(|path| sort_key(path));
        if tool == Tool::Unknown && files.iter().any(|path| number(path).is_none()) {
            // No order is known: only what was named, or all below the folder by path.
            files = if wanted.contains(folder) { below(folder)? } else { wanted.iter().cloned().collect() };
        }
        Ok(Layout { tool, files, left_out })
    }

    fn migrations(self, folder: &Path, wanted: &BTreeSet<PathBuf>) -> Result<Migrations> {
        let whole = wanted.contains(folder);
        let is_wanted = |path: &PathBuf| whole || wanted.iter().any(|one| same(one, path));
        let last = self.files.iter().rposition(is_wanted);
        let mut files = self.files;
        files.truncate(last.map_or(0, |at| at + 1));
        // What was named and is no migration by its name is run all the same, after those that are.
        for path in wanted.iter().filter(|path| !path.is_dir()) {
            if !files.iter().any(|file| same(file, path)) {
                files.push(path.clone());
            }
        }
        if files.is_empty() && self.left_out.is_empty() {
            let problem =
                Diagnostic::failed("no-sql", format!("there is no migration in {}", folder.display()));
            return Err(problem.help("name a file, or a folder with files that end in .sql").into());
        }
        let left_out = if whole { self.left_out } else { Vec::new() };
        let mut found = Migrations { files: Vec::new(), left_out };
        let mut problems = Vec::new();
        for path in files {
            match source::source(&path) {
                Ok(source) => found.files.push(Migration::new(source, &path, self.tool, is_wanted(&path))),
                Err(Diagnostics(more)) => problems.extend(more),
            }
        }
        if problems.is_empty() { Ok(found) } else { Err(Diagnostics(problems)) }
    }
}

impl Migration {
    fn new(source: Source, path: &Path, tool: Tool, judged: bool) -> Migration {
        let text = &source.text;
        let marked = |word: &str| text.lines().any(|line| line.trim() == word);
        let up = |from: &str, to: &str| only(text, from, to);
        let (up, mode) = if has_marker(text, "-- +goose Up") {
            let apart = marked("-- +goose NO TRANSACTION");
            (up("-- +goose Up", "-- +goose Down"), if apart { Mode::Apart } else { Mode::Wrapped })
        } else if has_marker(text, "-- migrate:up") {
            let line = text.lines().find(|line| line.trim().starts_with("-- migrate:up"));
            let apart = line.is_some_and(|line| line.replace(' ', "").contains("transaction:false"));
            (up("-- migrate:up", "-- migrate:down"), if apart { Mode::Apart } else { Mode::Wrapped })
        } else {
            let apart = match tool {
                Tool::Planwright => marked("-- mode: none"),
                Tool::Sqlx => text.starts_with("-- no-transaction"),
                Tool::Diesel => setting(&path.with_file_name("metadata.toml"), "run_in_transaction=false"),
                Tool::Flyway => {
                    setting(Path::new(&format!("{}.conf", path.display())), "executeInTransaction=false")
                }
                _ => false,
            };
            let mode = match tool {
                _ if apart => Mode::Apart,
                Tool::Planwright | Tool::Sqlx | Tool::Diesel | Tool::Refinery => Mode::Wrapped,
                _ => Mode::Together,
            };
            (text.to_string(), mode)
        };
        Migration { source, up, mode, tool, judged }
    }
}

impl Tool {
    /// How to say that a file is to run outside of a transaction.
    pub fn without_transaction(self) -> &'static str {
        match self {
            Tool::Planwright => "run `plan`, which writes such a migration by itself",
            Tool::Diesel => "write `run_in_transaction = false` into a metadata.toml beside the file",
            Tool::Sqlx => "write `-- no-transaction` as the first line of the file",
            Tool::Goose => "write `-- +goose NO TRANSACTION` at the top of the file",
            Tool::Dbmate => "write `-- migrate:up transaction:false`",
            Tool::Flyway => "write `executeInTransaction=false` into a .conf file beside it",
            Tool::Refinery => "refinery runs all files in transactions: run the statement by other means",
            Tool::GolangMigrate | Tool::Unknown => "put it into a file of its own",
        }
    }
}

/// The text between two lines that begin so, with blanks for the rest.
fn only(text: &str, from: &str, to: &str) -> String {
    let mut inside = false;
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.starts_with(from) {
            inside = true;
        } else if trimmed.starts_with(to) {
            inside = false;
        }
        if inside {
            kept += line;
        } else {
            // As many bytes, so that places stay.
            kept.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
    }
    kept
}

fn has_marker(text: &str, marker: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with(marker))
}

fn has_line(path: &Path, marker: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|text| has_marker(&text, marker))
}

fn setting(path: &Path, line: &str) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().any(|found| found.replace(' ', "") == line)
}

fn same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `V1__x`, as flyway and refinery have it.
fn versioned(path: &Path) -> bool {
    let name = name(path);
    let rest = name.strip_prefix('V').unwrap_or_default();
    rest.starts_with(|first: char| first.is_ascii_digit()) && rest.contains("__")
}

/// The number that a name begins with.
fn number(path: &Path) -> Option<u128> {
    let name = name(path);
    let digits = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    name[..digits].parse().ok()
}

/// Numbers by value, dotted versions part by part; what is repeatable last.
fn sort_key(path: &Path) -> (bool, Vec<u128>, String) {
    let name = name(path);
    let version = name.strip_prefix('V').unwrap_or(&name);
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(version.len());
    let version = version[..end].split("__").next().unwrap_or_default();
    let parts = version.split(['.', '_']).map_while(|part| part.parse().ok()).collect();
    (name.starts_with("R__"), parts, name)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |error: std::io::Error| {
        let problem = Diagnostic::failed("unreadable", format!("cannot read {}: {error}", folder.display()));
        Diagnostics::from(problem.help("check the path"))
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        found.push(if folder == Path::new(".") {
            path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path)
        } else {
            path
        });
    }
    found.sort();
    Ok(found)
}

/// Every `.sql` file below a folder, by path.
fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            found.extend(below(&path)?);
        } else if path.extension().is_some_and(|end| end == "sql") && !name(&path).ends_with(".down.sql") {
            found.push(path);
        }
    }
    Ok(found)
}
