//! What a step does to relations that were there before: locks from `pg_locks`, rewrites from
//! `pg_class.relfilenode`, whole reads from the counters of the transaction.

use crate::{
    diagnostic::Result,
    plan::Measured,
    scratch::{Database, diagnose, execute},
    step::{Lock, Transaction},
};
use postgres::SimpleQueryMessage;
use std::collections::BTreeMap;

/// What there was before the first step, with the storage that it has by now.
pub struct Measuring {
    /// Name and storage of each relation by OID; empty when there is nothing to be measured.
    before: BTreeMap<u32, (String, u32)>,
}

/// Rows that were read from start to end, by OID of the table. Building an index and checking a constraint count;
/// before PostgreSQL 15 a statement also counts what earlier transactions did, so that only differences tell.
const READ: &str = "
    SELECT oid, pg_catalog.pg_stat_get_xact_tuples_returned(oid) FROM pg_catalog.pg_class
    WHERE relkind IN ('r', 'm') AND oid >= 16384 AND pg_catalog.pg_stat_get_xact_tuples_returned(oid) > 0";

impl Measuring {
    pub fn begin(database: &mut Database, wanted: bool) -> Result<Measuring> {
        let sql = "SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relfilenode
                   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S', 'i', 'I') AND c.oid >= 16384
                     AND n.nspname !~ '^pg_toast'";
        let rows = if wanted { database.client.query(sql, &[]) } else { Ok(Vec::new()) };
        let rows = rows.map_err(|error| diagnose(&error, None))?;
        Ok(Measuring { before: rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect() })
    }

    /// Takes the storage that relations have now for unchanged: tables were emptied.
    pub fn settle(&mut self, database: &mut Database) -> Result<()> {
        let now = Measuring::begin(database, !self.before.is_empty())?;
        for (oid, (_, storage)) in now.before {
            self.before.entry(oid).and_modify(|known| known.1 = storage);
        }
        Ok(())
    }

    /// Runs one step in a transaction of its own and looks at it before it commits.
    pub fn run(
        &mut self,
        database: &mut Database,
        sql: &str,
        transaction: Transaction,
    ) -> std::result::Result<Measured, postgres::Error> {
        if transaction == Transaction::Outside || self.before.is_empty() {
            database.run(sql)?;
            return Ok(Measured::default());
        }
        loop {
            match self.watched(database, sql) {
                // A role that is missing is made, outside the transaction that it broke.
                Err(error) if database.mend(&error)? => {}
                result => return result,
            }
        }
    }

    fn watched(
        &mut self,
        database: &mut Database,
        sql: &str,
    ) -> std::result::Result<Measured, postgres::Error> {
        let mut transaction = database.client.transaction()?;
        let read = counted(transaction.simple_query(READ)?);
        execute(&mut transaction, sql)?;
        let held = "SELECT l.relation, l.mode, coalesce(c.relfilenode, 0)
                   FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
                   WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
                     AND l.relation >= 16384";
        let rows = transaction.query(held, &[])?;
        let now = counted(transaction.simple_query(READ)?);
        transaction.commit()?;
        let mut locks: BTreeMap<String, Lock> = BTreeMap::new();
        let mut rewritten = Vec::new();
        for row in &rows {
            let Some((name, storage)) = self.before.get_mut(&row.get(0)) else { continue };
            let lock = Lock::from_mode(row.get(1));
            let strongest = locks.entry(name.clone()).or_insert(lock);
            *strongest = lock.max(*strongest);
            let now: u32 = row.get(2);
            if now != 0 && now != std::mem::replace(storage, now) {
                rewritten.push(name.clone());
            }
        }
        rewritten.sort();
        let more = now.iter().filter(|(oid, rows)| read.get(oid).is_none_or(|before| before < rows));
        let mut scanned: Vec<String> =
            more.filter_map(|(oid, _)| Some(self.before.get(oid)?.0.clone())).collect();
        // What is written anew has been read as a whole.
        scanned.retain(|name| !rewritten.contains(name));
        scanned.sort();
        // A reader's lock stops nobody.
        let locks = locks.into_iter().filter(|(_, lock)| *lock > Lock::AccessShare);
        Ok(Measured { locks: locks.collect(), rewritten, scanned, ..Measured::default() })
    }
}

fn counted(messages: Vec<SimpleQueryMessage>) -> BTreeMap<u32, u64> {
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => Some((row.get(0)?.parse().ok()?, row.get(1)?.parse().ok()?)),
        _ => None,
    };
    messages.into_iter().filter_map(row).collect()
}
