//! `schema.lock`: the migrations that were planned, with their checksums, above the catalog's facts.
//!
//! The facts are the planner's own and opaque here; what codegen holds the files to stands above them.

use super::checksum::{checksum, lf};
use std::fmt;

/// The whole of `schema.lock`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// `server_version_num` of the engine that the facts were read from.
    pub engine: u32,
    pub migrations: Vec<Locked>,
    /// What waits until no program of before runs, a line for each object: the planner's own, and opaque here.
    pub pending: Vec<String>,
    /// One line per fact of the catalog.
    pub facts: String,
}

/// One migration as it was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// `0007_add_orders`.
    pub stem: String,
    pub up: String,
    pub down: String,
}

/// Why a lock cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub message: String,
}

/// Number and checksum of the newest migration: the line on which two branches must conflict.
///
/// The checksum is that of the up text followed by the down text.
pub fn head(newest: Option<(u32, &str, &str)>) -> String {
    match newest {
        Some((number, up, down)) => format!("{number:04} {}", checksum(&(lf(up) + &lf(down)))),
        None => "0000 -".to_owned(),
    }
}

impl Lock {
    /// The text of the file, given the [`head`] of the same migrations.
    pub fn text(&self, head: &str) -> String {
        let mut text = format!("{FIRST_LINE}\nengine {}\nhead {head}\n", self.engine);
        for locked in &self.migrations {
            text.push_str(&format!("{locked}\n"));
        }
        for pending in &self.pending {
            text.push_str(&format!("{PENDING}{pending}\n"));
        }
        text + "\n" + &self.facts
    }

    /// The lock and its head.
    pub fn read(text: &str) -> Result<(Lock, String), Unreadable> {
        let text = lf(text);
        if let Some(at) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
            return Err(unreadable(at, "a merge conflict: two branches each added a migration"));
        }
        let (top, facts) = text.split_once("\n\n").unwrap_or((text.trim_end_matches('\n'), ""));
        let lines: Vec<&str> = top.lines().collect();
        if lines.first() != Some(&FIRST_LINE) {
            return Err(unreadable(0, &format!("the first line is not `{FIRST_LINE}`")));
        }
        let engine = lines.get(1).and_then(|line| line.strip_prefix("engine ")).and_then(|v| v.parse().ok());
        let engine = engine.ok_or_else(|| unreadable(1, "no `engine` line with a version number"))?;
        let head = lines.get(2).and_then(|line| line.strip_prefix("head "));
        let head = head.ok_or_else(|| unreadable(2, "no `head` line"))?.to_owned();
        let pending = lines.iter().filter_map(|line| line.strip_prefix(PENDING)).map(str::to_owned).collect();
        let own = |(_, line): &(usize, &&str)| !line.starts_with(PENDING);
        let migrations = lines.iter().enumerate().skip(3).filter(own).map(|(at, line)| {
            Locked::read(line).ok_or_else(|| {
                unreadable(at, "not of the form `migration NNNN_name <sha256 of up> <sha256 of down>`")
            })
        });
        let migrations = migrations.collect::<Result<_, _>>()?;
        Ok((Lock { engine, migrations, pending, facts: facts.to_owned() }, head))
    }
}

impl Locked {
    fn read(line: &str) -> Option<Locked> {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["migration", stem, up, down] => {
                Some(Locked { stem: stem.to_owned(), up: up.to_owned(), down: down.to_owned() })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "migration {} {} {}", self.stem, self.up, self.down)
    }
}

const PENDING: &str = "pending ";
const FIRST_LINE: &str = "planwright-lock 1";

fn unreadable(index: usize, message: &str) -> Unreadable {
    Unreadable { line: index + 1, message: message.to_owned() }
}
