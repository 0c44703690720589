//! What a statement, or a plan, was seen to do to what was there before.

use super::form::Form;
use planwright::{
    catalog::{self, Catalog},
    diagnostic::Result,
    plan::Measured,
    prove::{Probes, State, Watch},
    scratch::{Database, diagnose},
    step::Lock,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

#[derive(Debug, Default)]
pub struct Seen {
    /// The table of each index that was there.
    indexes: BTreeMap<String, String>,
    refused: String,
    locks: BTreeMap<String, Lock>,
    scans: BTreeSet<String>,
    rewrites: BTreeSet<String>,
    again: BTreeSet<String>,
    breaks: BTreeSet<String>,
    depends: BTreeSet<String>,
}

/// Runs a form with code of before around it: what was there, and what is there after it if it can be run.
pub fn run(database: &mut Database, form: &Form) -> Result<(Catalog, Seen, Option<Catalog>)> {
    let catalog = catalog::read(&mut database.client)?;
    let before = State::read(database)?;
    let name = |oid: &u32| before.relations[oid].name.clone();
    let indexes = before.indexes.iter().map(|(oid, index)| (name(oid), name(&index.table)));
    let mut seen = Seen { indexes: indexes.collect(), ..Seen::default() };
    let mut probes = Probes::begin(database, None)?;
    let mut watch = Watch::begin(database, &before, Rc::new(before.clone()), true)?;
    let watched = match watch.run(database, &form.run) {
        Ok(watched) => watched,
        Err(error) => {
            let code = error.code().map(|code| code.code().to_string());
            seen.refused = code.ok_or_else(|| diagnose(&error, None))?;
            // A form that no transaction may hold is to run without one.
            if seen.refused == "25001" {
                let _ = watch.end(database, false);
                let mut watch = Watch::begin(database, &before, Rc::new(before.clone()), false)?;
                watch.run(database, &form.run).map_err(|error| diagnose(&error, None))?;
            }
            return Ok((catalog, seen, None));
        }
    };
    watch.end(database, true).map_err(|error| diagnose(&error, None))?;
    seen.take(watched.held.iter().map(|(oid, lock)| (name(oid), *lock)).collect());
    let is_table = |oid: &&u32| "rm".contains(before.relations[*oid].kind);
    let rewritten = watched.rewritten.iter().map(name).collect();
    let scanned = watched.scanned.iter().filter(is_table).map(name).collect();
    seen.whole(scanned, rewritten);
    let felt = probes.after(database, None)?;
    seen.again.extend(felt.prepare_again);
    for broken in probes.ended(database)? {
        let list = if broken.by_data { &mut seen.depends } else { &mut seen.breaks };
        list.insert(broken.code);
    }
    Ok((catalog, seen, Some(catalog::read(&mut database.client)?)))
}

impl Seen {
    /// The same relations, and nothing done to them.
    pub fn nothing_yet(&self) -> Seen {
        Seen { indexes: self.indexes.clone(), ..Seen::default() }
    }

    /// Adds what a step of a plan does; what others wait for in proportion to what a table holds.
    pub fn add(&mut self, measured: &Measured) -> Vec<String> {
        let mut step = self.nothing_yet();
        step.take(measured.locks.iter().cloned().collect());
        step.whole(measured.scanned.iter().cloned().collect(), measured.rewritten.iter().cloned().collect());
        let mut waits = Vec::new();
        for (word, names) in [("scans", &step.scans), ("rewrites", &step.rewrites)] {
            let held = |name: &&String| step.locks.get(*name).is_some_and(|lock| *lock >= Lock::Share);
            let told = |name: &String| format!("{word} {} under {}", short(name), letters(step.locks[name]));
            waits.extend(names.iter().filter(held).map(told));
        }
        self.take(step.locks);
        self.scans.extend(step.scans);
        self.rewrites.extend(step.rewrites);
        waits
    }

    fn take(&mut self, locks: BTreeMap<String, Lock>) {
        for (name, lock) in &locks {
            // Who waits for the table waits for its indexes.
            let on_table = self.indexes.get(name).and_then(|table| locks.get(table));
            if *lock > Lock::AccessShare && on_table.is_none_or(|on_table| on_table < lock) {
                let strongest = self.locks.entry(name.clone()).or_insert(*lock);
                *strongest = (*lock).max(*strongest);
            }
        }
    }

    fn whole(&mut self, scanned: BTreeSet<String>, rewritten: BTreeSet<String>) {
        self.scans.extend(scanned.difference(&rewritten).cloned());
        let alone = |name: &&String| self.indexes.get(*name).is_none_or(|table| !rewritten.contains(table));
        self.rewrites.extend(rewritten.iter().filter(alone).cloned());
    }

    /// As the table says it.
    pub fn told(&self) -> Vec<(&'static str, String)> {
        let list = |names: &BTreeSet<String>| {
            names.iter().map(|name| short(name).to_string()).collect::<Vec<_>>().join(", ")
        };
        let locks = self.locks.iter().map(|(name, lock)| format!("{} {}", short(name), letters(*lock)));
        vec![
            ("refused", self.refused.clone()),
            ("locks", locks.collect::<Vec<_>>().join(", ")),
            ("scans", list(&self.scans)),
            ("rewrites", list(&self.rewrites)),
            ("again", list(&self.again)),
            ("breaks", list(&self.breaks)),
            ("depends", list(&self.depends)),
        ]
    }

    /// What it does that another does not do.
    pub fn beyond(&self, other: &Seen) -> Vec<String> {
        let stronger = |name: &str, lock: Lock| other.locks.get(name).is_none_or(|known| *known < lock);
        let locks = self.locks.iter().filter(|(name, lock)| {
            let table = self.indexes.get(*name);
            stronger(name, **lock) && table.is_none_or(|table| stronger(table, **lock))
        });
        let mut more: Vec<String> =
            locks.map(|(name, lock)| format!("{} {}", short(name), letters(*lock))).collect();
        more.extend(self.scans.difference(&other.scans).map(|name| format!("scans {}", short(name))));
        more.extend(
            self.rewrites.difference(&other.rewrites).map(|name| format!("rewrites {}", short(name))),
        );
        more
    }
}

fn short(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}

/// As the table writes it.
fn letters(lock: Lock) -> &'static str {
    match lock {
        Lock::None => "none",
        Lock::AccessShare => "AS",
        Lock::RowShare => "RS",
        Lock::RowExclusive => "RX",
        Lock::ShareUpdateExclusive => "SUX",
        Lock::Share => "S",
        Lock::ShareRowExclusive => "SRX",
        Lock::Exclusive => "X",
        Lock::AccessExclusive => "AX",
    }
}
