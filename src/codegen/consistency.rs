//! What must hold between the migrations of a folder: numbers, versions, and what the lock says.
//!
//! Apart from reading them, because each rule here is about more than one file.

use super::{Problem, checksum, folder::Pair, folder::path, lock::Lock};
use crate::bundle::{Direction, Version, stem};
use std::collections::BTreeMap;

/// Contiguous from 1, each number once.
pub fn numbers<'a>(all: impl Iterator<Item = &'a (u32, String)>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut previous: Option<&(u32, String)> = None;
    for this in all {
        let expected = previous.map_or(1, |previous| previous.0 + 1);
        let places =
            || previous.into_iter().chain([this]).map(|(number, name)| up(&stem(*number, name))).collect();
        if this.0 < expected {
            problems.push(Problem {
                code: "migration-duplicate",
                message: format!("two migrations have the number {:04}", this.0),
                places: places(),
                help: "keep the one that is released; remove the other with its down file and plan again"
                    .to_owned(),
            });
        } else if this.0 > expected {
            let missing = match this.0 - 1 {
                last if last == expected => format!("migration {expected:04} is missing"),
                last => format!("migrations {expected:04} to {last:04} are missing"),
            };
            problems.push(Problem {
                code: "migration-gap",
                message: missing,
                places: places(),
                help: "restore the missing files from git".to_owned(),
            });
        }
        previous = Some(this);
    }
    problems
}

/// The first is 1.0; an additive one raises the patch, a breaking one the major.
pub fn versions(pairs: &[Pair]) -> Vec<Problem> {
    let first = pairs.first().filter(|first| first.number == 1 && first.header.version != Version::FIRST);
    let first = first.map(|first| Problem {
        code: "migration-version",
        message: format!("the first migration has version {}, not {}", first.header.version, Version::FIRST),
        places: vec![(path(&first.stem(), Direction::Up), None)],
        help: "restore the header that `cargo run --bin plan` wrote".to_owned(),
    });
    let broken = pairs.windows(2).filter_map(|two| {
        let (before, this) = (&two[0], &two[1]);
        let expected = before.header.version.after(this.header.class);
        // A gap says enough.
        let neighbours = this.number == before.number + 1;
        (neighbours && this.header.version != expected).then(|| Problem {
            code: "migration-version",
            message: format!(
                "{} is {} after version {}: its version is {}, not {}",
                this.stem(),
                this.header.class,
                before.header.version,
                expected,
                this.header.version
            ),
            places: vec![up(&before.stem()), up(&this.stem())],
            help: "restore the header that `cargo run --bin plan` wrote".to_owned(),
        })
    });
    first.into_iter().chain(broken).collect()
}

/// Every file is as it was when it was planned.
pub fn locked(text: &str, pairs: &[Pair], head: &str) -> Vec<Problem> {
    let (lock, locked_head) = match Lock::read(text) {
        Ok(read) => read,
        Err(error) => {
            return vec![Problem {
                code: "lock-unreadable",
                message: error.message,
                places: vec![(LOCK.to_owned(), Some(error.line))],
                help: "restore generated/schema.lock from git; after a merge, keep the released branch's \
                       generated/ and plan the other branch's change again"
                    .to_owned(),
            }];
        }
    };
    let mut problems = Vec::new();
    let mut files: BTreeMap<String, &Pair> = pairs.iter().map(|pair| (pair.stem(), pair)).collect();
    for locked in &lock.migrations {
        match files.remove(&locked.stem) {
            Some(pair) => {
                problems.extend(changed(pair, Direction::Up, &locked.up));
                problems.extend(changed(pair, Direction::Down, &locked.down));
            }
            None => problems.push(Problem {
                code: "migration-removed",
                message: format!("{} is in the lock, but there is no such migration", locked.stem),
                places: vec![(LOCK.to_owned(), None), up(&locked.stem)],
                help: "restore both files from git; to undo a change, edit schema.sql and plan again"
                    .to_owned(),
            }),
        }
    }
    problems.extend(files.keys().map(|stem| {
        Problem {
            code: "migration-unplanned",
            message: format!("{stem} is not in the lock"),
            places: vec![up(stem), (LOCK.to_owned(), None)],
            help:
                "migrations are written by `cargo run --bin plan`; after a merge, remove this one with its \
               down file and plan again"
                    .to_owned(),
        }
    }));
    if problems.is_empty() && locked_head != head {
        problems.push(Problem {
            code: "lock-head",
            message: format!("the lock's head is `{locked_head}`, but the newest migration is `{head}`"),
            places: vec![(LOCK.to_owned(), Some(3))],
            help: "restore generated/schema.lock from git, or plan again".to_owned(),
        });
    }
    problems
}

const LOCK: &str = "generated/schema.lock";

fn up(stem: &str) -> (String, Option<usize>) {
    (path(stem, Direction::Up), None)
}

fn changed(pair: &Pair, direction: Direction, locked: &str) -> Option<Problem> {
    let text = if direction == Direction::Up { &pair.up } else { &pair.down };
    let found = checksum(text);
    let file = path(&pair.stem(), direction);
    (found != locked).then(|| Problem {
        code: "migration-changed",
        message: format!("changed after it was planned: the checksum is {found}, but was {locked}"),
        help: format!(
            "put it back with `git checkout -- {file}`; to change the schema further, edit schema.sql and \
             run `cargo run --bin plan`"
        ),
        places: vec![(file, None)],
    })
}
