//! A project's migrations as const data: what codegen writes and the runtime applies.
//!
//! Apart from both, and free of dependencies, because `build.rs` compiles this file too.

use std::fmt;

/// All migrations of one project; `generated/migrations.rs` holds one as `BUNDLE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bundle<'a> {
    /// The project's name. Several bundles may share a database: the history is kept by this name.
    pub name: &'a str,
    /// Number and checksum of the newest migration. Two branches that both add one conflict here.
    pub head: &'a str,
    /// The text of `schema.lock`, or nothing when the project has none.
    pub lock: &'a str,
    /// Contiguous from 1.
    pub migrations: &'a [Migration<'a>],
    /// Why these files could not be bundled. A bundle that says so is never applied.
    pub broken: Option<&'a str>,
}

/// One numbered pair of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration<'a> {
    pub number: u32,
    pub name: &'a str,
    pub class: Class,
    /// The version of the schema once this migration has run.
    pub version: Version,
    pub mode: Mode,
    /// SHA-256 of `up` with LF line ends, as `sha256sum` prints it.
    pub checksum: &'a str,
    pub up: &'a str,
    pub down_mode: Mode,
    /// SHA-256 of `down` with LF line ends.
    pub down_checksum: &'a str,
    pub down: &'a str,
    /// Why `down` cannot bring the old state back.
    pub irreversible: Option<&'a str>,
}

/// What a migration does to code that was written for the schema before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// That code keeps working.
    Additive,
    /// It keeps working if the rows that there are, and those that it writes, allow it.
    DataDependent,
    /// It may not.
    Breaking,
}

/// How the statements of a file are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// All of them in one transaction, with the row of history.
    Transaction,
    /// One by one, outside any transaction.
    None,
}

/// `major.patch`: a program built at (M, p) may start on a database at (M, q ≥ p).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u32,
    pub patch: u32,
}

/// Which half of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Up,
    Down,
}

/// How a line of a header begins that names what a baseline makes.
pub const BASELINE: &str = "-- baseline: ";

impl Bundle<'_> {
    /// The version that the schema has once every migration has run; `None` when there is none.
    pub fn version(&self) -> Option<Version> {
        self.migrations.last().map(|newest| newest.version)
    }
}

impl Migration<'_> {
    /// `0007_add_orders`, as files and messages name it.
    pub fn stem(&self) -> String {
        stem(self.number, self.name)
    }

    /// What a database that has all of this already has by name, as the header of `up` says it:
    /// `relation public.users`. Nothing for a migration that always runs.
    pub fn baseline(&self) -> impl Iterator<Item = &str> {
        let header = self.up.lines().take_while(|line| line.starts_with("--"));
        header.filter_map(|line| line.strip_prefix(BASELINE))
    }

    /// The path of one half, relative to the project.
    pub fn file(&self, direction: Direction) -> String {
        format!("generated/migrations/{}.{direction}.sql", self.stem())
    }
}

impl Version {
    /// The version of the first migration of a project.
    pub const FIRST: Version = Version { major: 1, patch: 0 };

    /// The version after a migration of this class.
    pub fn after(self, class: Class) -> Version {
        match class {
            Class::Additive | Class::DataDependent => Version { patch: self.patch + 1, ..self },
            Class::Breaking => Version { major: self.major + 1, patch: 0 },
        }
    }

    /// Reads `major.patch`.
    pub fn read(text: &str) -> Option<Version> {
        let (major, patch) = text.split_once('.')?;
        Some(Version { major: number(major)?, patch: number(patch)? })
    }
}

impl Class {
    pub fn read(text: &str) -> Option<Class> {
        let all = [Class::Additive, Class::DataDependent, Class::Breaking];
        all.into_iter().find(|class| class.to_string() == text)
    }
}

impl Mode {
    pub fn read(text: &str) -> Option<Mode> {
        [Mode::Transaction, Mode::None].into_iter().find(|mode| mode.to_string() == text)
    }
}

/// `0007_add_orders`: at least four digits.
pub fn stem(number: u32, name: &str) -> String {
    format!("{number:04}_{name}")
}

/// Digits only: `u32::from_str` alone also takes a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Additive => "additive",
            Class::DataDependent => "data-dependent",
            Class::Breaking => "breaking",
        })
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Transaction => "transaction",
            Mode::None => "none",
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.patch)
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Up => "up",
            Direction::Down => "down",
        })
    }
}
