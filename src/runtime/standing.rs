//! A bundle against the history of a database: what is applied, what is pending, what does not fit.
//!
//! Apart from the database, so that every rule about versions and checksums stands in one place.

use super::{Entry, Error, State, error::Reason, history::Run};
use crate::bundle::{Bundle, Class, Direction, Migration, Version};
use std::collections::BTreeMap;

/// How a database stands towards a bundle.
pub struct Standing<'a> {
    bundle: &'a Bundle<'a>,
    /// The newest run that counts of each migration that is applied, or half applied.
    runs: BTreeMap<u32, Run>,
}

impl<'a> Standing<'a> {
    pub fn new(bundle: &'a Bundle<'a>, history: Vec<Run>) -> Standing<'a> {
        let mut runs = BTreeMap::new();
        for run in history {
            match (run.direction, run.finished) {
                (Direction::Down, true) => runs.remove(&run.number),
                _ => runs.insert(run.number, run),
            };
        }
        Standing { bundle, runs }
    }

    /// Refuses a database that this bundle must not touch, or that its program must not start on.
    pub fn judge(&self) -> Result<(), Error> {
        if let Some(why) = self.bundle.broken {
            return Err(Error::new(
                Reason::Refused,
                format!("the migrations of `{}` could not be embedded\n{why}", self.bundle.name),
            )
            .help("mend the files, then run `cargo build`"));
        }
        let last = self.bundle.migrations.len() as u32;
        for (expected, run) in (1..).zip(self.runs.values()) {
            if run.number != expected {
                return Err(self.hole(expected, run));
            }
            match self.bundle.migrations.get(expected as usize - 1) {
                Some(migration) => self.same(migration, run)?,
                None => self.newer(last, run)?,
            }
        }
        Ok(())
    }

    /// What `up` has to run, in order, each with the interrupted run that it goes on from.
    pub fn pending(&self) -> impl Iterator<Item = (&'a Migration<'a>, Option<&Run>)> {
        self.bundle.migrations.iter().filter_map(|migration| match self.runs.get(&migration.number) {
            None => Some((migration, None)),
            Some(run) if !run.finished => Some((migration, Some(run))),
            Some(_) => None,
        })
    }

    /// An undo that was interrupted: only `undo` may go on from it.
    pub fn refuse_half_undone(&self) -> Result<(), Error> {
        match self.runs.values().find(|run| run.direction == Direction::Down) {
            None => Ok(()),
            Some(run) => Err(Error::new(
                Reason::Refused,
                format!(
                    "the undo of {} was interrupted after {} of its statements (begun {} by {})",
                    crate::bundle::stem(run.number, &run.name),
                    run.statements_done,
                    run.started_at,
                    run.by()
                ),
            )
            .help("run `migrate undo` to finish it")),
        }
    }

    /// The newest migration that the database has, and its run.
    pub fn newest(&self) -> Result<Option<(&'a Migration<'a>, &Run)>, Error> {
        let Some(run) = self.runs.values().next_back() else { return Ok(None) };
        match self.bundle.migrations.get(run.number as usize - 1) {
            Some(migration) => Ok(Some((migration, run))),
            None => Err(Error::new(
                Reason::Refused,
                format!(
                    "{} was applied {} by {}; this program does not know it",
                    crate::bundle::stem(run.number, &run.name),
                    run.started_at,
                    run.by()
                ),
            )
            .help("undo it with the program that applied it")),
        }
    }

    /// The version that the database has.
    pub fn version(&self) -> Option<Version> {
        self.runs.values().rfind(|run| run.finished).map(|run| run.version)
    }

    /// How many migrations the database has that the bundle does not know.
    pub fn ahead(&self) -> usize {
        self.runs.len().saturating_sub(self.bundle.migrations.len())
    }

    /// Every migration that either knows.
    pub fn entries(&self) -> Vec<Entry> {
        let known = self.bundle.migrations.iter().map(|migration| Entry {
            number: migration.number,
            name: migration.name.to_owned(),
            class: Some(migration.class),
            version: migration.version,
            state: match self.runs.get(&migration.number) {
                None => State::Pending,
                Some(run) if run.is_recorded() => {
                    State::Recorded { at: run.started_at.clone(), by: run.by() }
                }
                Some(run) if run.finished => State::Applied { at: run.started_at.clone(), by: run.by() },
                Some(run) => State::Interrupted {
                    direction: run.direction,
                    done: run.statements_done,
                    at: run.started_at.clone(),
                    by: run.by(),
                },
            },
        });
        let last = self.bundle.migrations.len() as u32;
        let unknown = self.runs.values().filter(|run| run.number > last).map(|run| Entry {
            number: run.number,
            name: run.name.clone(),
            class: Class::read(&run.class),
            version: run.version,
            state: State::Unknown { at: run.started_at.clone(), by: run.by() },
        });
        known.chain(unknown).collect()
    }

    fn same(&self, migration: &Migration<'_>, run: &Run) -> Result<(), Error> {
        let (at, by) = (&run.started_at, run.by());
        if run.name != migration.name {
            return Err(Error::new(
                Reason::Refused,
                format!(
                    "the database has a migration {:04}_{} (applied {at} by {by}), which this program does not \
                     know: its own is {}",
                    run.number,
                    run.name,
                    migration.stem()
                ),
            )
            .of(migration)
            .help("the two come from different branches: plan this one again on top of the other"));
        }
        let (checksum, file) = match run.direction {
            Direction::Up => (migration.checksum, migration.file(Direction::Up)),
            Direction::Down => (migration.down_checksum, migration.file(Direction::Down)),
        };
        if run.checksum != checksum {
            return Err(Error::new(
                Reason::Modified,
                format!(
                    "{} was edited after it was applied\n  --> {file}\n  = note: applied {at} by {by} with \
                     checksum {}\n  = note: the program has it with checksum     {checksum}",
                    migration.stem(),
                    run.checksum
                ),
            )
            .of(migration)
            .help(format!(
                "put the file back with `git checkout`; to change the schema further, edit schema.sql and run \
                 `cargo run --bin plan` (`sha256sum {file}` prints its checksum)"
            )));
        }
        Ok(())
    }

    fn newer(&self, last: u32, run: &Run) -> Result<(), Error> {
        let ours = self.bundle.version().map_or(run.version.major, |version| version.major);
        if last > 0 && run.version.major == ours {
            return Ok(());
        }
        let known = match self.bundle.migrations.last() {
            Some(newest) => format!("up to {}, version {}", newest.stem(), newest.version),
            None => "none".to_owned(),
        };
        Err(Error::new(
            Reason::Refused,
            format!(
                "the database has {:04}_{}, version {} (applied {} by {}), and this program knows {known}",
                run.number,
                run.name,
                run.version,
                run.started_at,
                run.by()
            ),
        )
        .help("this program is too old for the database: start a newer one"))
    }

    fn hole(&self, expected: u32, run: &Run) -> Error {
        Error::new(
            Reason::Refused,
            format!(
                "the history of this database has {:04}_{}, but no migration {expected:04}",
                run.number, run.name
            ),
        )
        .help("rows are missing from planwright.migration: restore them from a backup")
    }
}
