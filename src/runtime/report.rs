//! What the runtime did, what it is doing, and how a database stands.

use super::{Backfill, Trashed};
use crate::bundle::{Class, Direction, Version};
use std::{fmt, time::Duration};

/// What a call of the migrator did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// In the order in which they ran; none when there was nothing to do.
    pub applied: Vec<Applied>,
    /// Baselines of which the database had all already: `0001_baseline`.
    pub recorded: Vec<String>,
    /// The version of the schema now; `None` before the first migration.
    pub version: Option<Version>,
    /// How many migrations the database has that this program does not know; of the same major version.
    pub ahead: usize,
}

/// One migration that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// `0007_add_orders`.
    pub migration: String,
    pub direction: Direction,
    pub took: Duration,
}

/// What happens while the migrator runs; see [`Migrator::listen`](super::Migrator::listen).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Another session migrates this bundle.
    Waiting { holder: String },
    /// The migration begins.
    Started { migration: String, direction: Direction },
    /// The migration had been interrupted and goes on after the statements that are done.
    Resumed { migration: String, direction: Direction, done: usize },
    /// A lock was not to be had in time; the migration is tried again.
    Retrying { migration: String, after: Duration, reason: String },
    /// The database has all of a baseline: only its row of history was made.
    Recorded { migration: String },
    /// The migration is done.
    Finished(Applied),
    /// A table is gone from the trash.
    Purged(Trashed),
}

/// How a database stands towards a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    pub bundle: String,
    pub database: String,
    /// The version that the database has; `None` before the first migration.
    pub version: Option<Version>,
    /// The version that the bundle ends in.
    pub latest: Option<Version>,
    /// Every migration that the bundle or the database knows, by number.
    pub migrations: Vec<Entry>,
    /// Backfills of any bundle that are under way or were interrupted.
    pub backfills: Vec<Backfill>,
    /// Dropped tables of any bundle that are not yet purged, oldest first.
    pub trash: Vec<Trashed>,
    /// Why `up` would be refused.
    pub refusal: Option<String>,
}

/// One line of a status.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    pub number: u32,
    pub name: String,
    pub class: Option<Class>,
    pub version: Version,
    pub state: State,
}

/// What became of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    /// A baseline that the database has without its history: `up` records it.
    Unrecorded,
    Applied {
        at: String,
        by: String,
    },
    /// A baseline that the database had already when its row of history was made.
    Recorded {
        at: String,
        by: String,
    },
    /// A run outside a transaction has not finished; or it runs right now.
    Interrupted {
        direction: Direction,
        done: usize,
        at: String,
        by: String,
    },
    /// Applied by a newer program: the bundle does not have it.
    Unknown {
        at: String,
        by: String,
    },
}

impl Status {
    /// The migrations that `up` would apply or record.
    pub fn pending(&self) -> usize {
        let runs = |entry: &&Entry| {
            matches!(entry.state, State::Pending | State::Unrecorded | State::Interrupted { .. })
        };
        self.migrations.iter().filter(runs).count()
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Waiting { holder } => write!(f, "waiting for {holder}"),
            Event::Started { migration, direction } => write!(f, "{direction} {migration}"),
            Event::Resumed { migration, direction, done } => {
                write!(f, "{direction} {migration}, going on after the {done} statements that are done")
            }
            Event::Retrying { migration, after, reason } => {
                write!(f, "{migration} tries again in {} ms: {reason}", after.as_millis())
            }
            Event::Recorded { migration } => {
                write!(f, "recorded {migration}, which the database has already")
            }
            Event::Finished(applied) => write!(f, "{applied}"),
            Event::Purged(trashed) => write!(f, "purged {trashed}"),
        }
    }
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Applied { migration, direction, took } = self;
        let done = if *direction == Direction::Up { "applied" } else { "undone" };
        write!(f, "{done} {migration} in {} ms", took.as_millis())
    }
}
