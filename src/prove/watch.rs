//! Watches the statements of one transaction: which locks it holds after each, what each reads as a
//! whole and what it writes anew.
//!
//! Separate from `measure`, which runs a plan's steps one by one: here locks add up, as they do
//! when several statements share a transaction.

use super::{State, rows::number};
use crate::{
    diagnostic::Result,
    scratch::{Database, diagnose, execute},
    step::Lock,
};
use postgres::{SimpleQueryMessage, SimpleQueryRow};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// What was seen of one statement; relations by OID, and only those that were there at the beginning.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The strongest lock that the transaction holds on each after it.
    pub held: BTreeMap<u32, Lock>,
    /// Those that it did not hold, or held weaker, before it.
    pub taken: BTreeMap<u32, Lock>,
    /// Tables that it read as a whole.
    pub scanned: BTreeSet<u32>,
    /// Relations whose storage is another.
    pub rewritten: BTreeSet<u32>,
    /// A `lock_timeout` is in force.
    pub timeout: bool,
    /// What there is after it; that of a statement that only adds may be of an earlier one.
    pub after: Rc<State>,
}

/// A transaction that is open.
pub struct Watch<'a> {
    before: &'a State,
    held: BTreeMap<u32, Lock>,
    /// How often each table and its indexes were scanned so far.
    scans: BTreeMap<u32, (u64, u64)>,
    storage: BTreeMap<u32, u32>,
    /// Locks are seen only while their transaction lasts.
    open: bool,
    now: Rc<State>,
    /// More was added since.
    stale: bool,
}

type Outcome<T> = std::result::Result<T, postgres::Error>;

impl<'a> Watch<'a> {
    /// Begins a transaction; one that is not `open` runs each statement by itself, and sees no locks.
    pub fn begin(
        database: &mut Database,
        before: &'a State,
        now: Rc<State>,
        open: bool,
    ) -> Result<Watch<'a>> {
        let storage = now.relations.iter().filter(|(oid, _)| before.relations.contains_key(oid));
        let storage = storage.map(|(oid, relation)| (*oid, relation.storage)).collect();
        let mut watch =
            Watch { before, held: BTreeMap::new(), scans: BTreeMap::new(), storage, open, now, stale: false };
        if open {
            watch.start(database).map_err(|error| diagnose(&error, None))?;
        }
        Ok(watch)
    }

    fn start(&mut self, database: &mut Database) -> Outcome<()> {
        database.client.batch_execute("BEGIN")?;
        // Counts of the transaction before may still be there.
        let scans = "SELECT c.oid, pg_catalog.pg_stat_get_xact_numscans(c.oid),
                (SELECT coalesce(sum(pg_catalog.pg_stat_get_xact_numscans(i.indexrelid)), 0)
                 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid)
            FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384";
        for row in rows(database, scans)? {
            self.scans.insert(at(&row, 0), (at(&row, 1), at(&row, 2)));
        }
        Ok(())
    }

    /// Runs a statement.
    pub fn run(&mut self, database: &mut Database, sql: &str) -> Outcome<Seen> {
        execute(&mut database.client, sql)?;
        let mut seen = Seen::default();
        let first =
            sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
        for row in rows(database, HELD)? {
            seen.timeout |= row.get(4) == Some("t");
            let oid: u32 = at(&row, 0);
            if !self.before.relations.contains_key(&oid) {
                continue;
            }
            let lock = Lock::from_mode(row.get(3).unwrap_or_default());
            let strongest = seen.held.entry(oid).or_insert(lock);
            *strongest = lock.max(*strongest);
            let now: (u64, u64) = (at(&row, 1), at(&row, 2));
            let scans = self.scans.entry(oid).or_default();
            // Only validating a constraint, of all that ALTER does, goes through an index.
            if now.0 > scans.0 || first == "alter" && now.1 > scans.1 {
                seen.scanned.insert(oid);
            }
            *scans = (scans.0.max(now.0), scans.1.max(now.1));
        }
        let taken = seen.held.iter().filter(|(oid, lock)| self.held.get(oid) < Some(lock));
        seen.taken = taken.map(|(&oid, &lock)| (oid, lock)).collect();
        self.held.clone_from(&seen.held);
        let touches = seen.taken.values().any(|lock| *lock > Lock::RowShare);
        self.stale = !touches && ADDING.contains(&&*first);
        if !self.stale {
            self.look(database)?;
            for (oid, storage) in &mut self.storage {
                let Some(relation) = self.now.relations.get(oid) else { continue };
                if relation.storage != std::mem::replace(storage, relation.storage) {
                    seen.rewritten.insert(*oid);
                }
            }
        }
        seen.after = self.now.clone();
        Ok(seen)
    }

    fn look(&mut self, database: &mut Database) -> Outcome<()> {
        self.now = Rc::new(State::of(&mut database.client)?);
        self.stale = false;
        Ok(())
    }

    /// What there is after all that ran; asked before the end.
    pub fn state(&mut self, database: &mut Database) -> Outcome<Rc<State>> {
        if self.stale {
            self.look(database)?;
        }
        Ok(self.now.clone())
    }

    /// Runs a statement that nobody looks at.
    pub fn blindly(&mut self, database: &mut Database, sql: &str) -> Outcome<()> {
        database.client.batch_execute(sql)
    }

    /// Keeps what was done, or not.
    pub fn end(self, database: &mut Database, keep: bool) -> Outcome<()> {
        if !self.open {
            return Ok(());
        }
        database.client.batch_execute(if keep { "COMMIT" } else { "ROLLBACK" })
    }
}

/// Statements that take nothing away where they lock nothing that was there: what they leave need not be read
/// after each of them.
const ADDING: &[&str] = &["create", "comment", "insert", "grant", "set"];

/// Each lock with how often this transaction has begun to read its table, and to look something up in its indexes.
const HELD: &str = "
    SELECT l.relation, pg_catalog.pg_stat_get_xact_numscans(l.relation),
           (SELECT coalesce(sum(pg_catalog.pg_stat_get_xact_numscans(i.indexrelid)), 0)
            FROM pg_catalog.pg_index i WHERE i.indrelid = l.relation),
           l.mode, current_setting('lock_timeout') NOT IN ('0', '0ms')
    FROM pg_catalog.pg_locks l
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted";

fn rows(database: &mut Database, sql: &str) -> Outcome<Vec<SimpleQueryRow>> {
    let messages = database.client.simple_query(sql)?;
    let row = |message| if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None };
    Ok(messages.into_iter().filter_map(row).collect())
}

fn at<T: std::str::FromStr>(row: &SimpleQueryRow, column: usize) -> T {
    number(row.get(column).unwrap_or("0"))
}
