//! The advisory lock that lets one session at a time migrate a bundle.
//!
//! Apart because of what it must never do: wait in `pg_advisory_lock`. A session that waits there
//! holds a snapshot, which `CREATE INDEX CONCURRENTLY` of the session that has the lock waits for: a
//! deadlock that leaves an invalid index.

use super::{Error, Event, error::Reason};
use postgres::{Client, types::Type};
use std::{
    ops::{Deref, DerefMut},
    thread::sleep,
    time::{Duration, Instant},
};

/// A session that holds the lock; it lets go of it when dropped.
pub struct Held<'a> {
    client: &'a mut Client,
    key: i64,
    pid: i32,
}

impl<'a> Held<'a> {
    /// Polls until it has the lock, or fails with who has it.
    pub fn acquire(
        client: &'a mut Client,
        bundle: &str,
        patience: Duration,
        listen: &dyn Fn(&Event),
    ) -> Result<Held<'a>, Error> {
        let fail = Error::sql("cannot lock the database for migrating");
        let database: String =
            client.query_typed_one("SELECT current_database()", &[]).map_err(&fail)?.get(0);
        let key = key(&database, bundle);
        let begun = Instant::now();
        let mut told = None;
        loop {
            let row = client
                .query_typed_one(
                    "SELECT pg_catalog.pg_try_advisory_lock($1), pg_catalog.pg_backend_pid()",
                    &[(&key, Type::INT8)],
                )
                .map_err(&fail)?;
            if row.get(0) {
                let mut held = Held { client, key, pid: row.get(1) };
                // A pooler that gives each transaction any server session shows itself within a few.
                for _ in 0..3 {
                    held.verify()?;
                }
                return Ok(held);
            }
            let holder = holder(client, key)?;
            if begun.elapsed() >= patience {
                return Err(Error::new(
                    Reason::Locked,
                    format!(
                        "another session has been migrating `{bundle}` for the {} s that this one waited: {holder}",
                        patience.as_secs()
                    ),
                )
                .help("wait for it to finish, or end it with pg_terminate_backend(pid)"));
            }
            if told.as_ref() != Some(&holder) {
                listen(&Event::Waiting { holder: holder.clone() });
                told = Some(holder);
            }
            sleep(POLL.min(patience));
        }
    }

    /// Fails when this is no longer the session that took the lock.
    pub fn verify(&mut self) -> Result<(), Error> {
        let row = self
            .client
            .query_typed_one(
                "SELECT pg_catalog.pg_backend_pid(), EXISTS (
                     SELECT FROM pg_catalog.pg_locks
                     WHERE locktype = 'advisory' AND granted AND pid = pg_catalog.pg_backend_pid()
                     AND (classid::bigint << 32) | objid::bigint = $1 AND objsubid = 1)",
                &[(&self.key, Type::INT8)],
            )
            .map_err(Error::sql("cannot look after the lock"))?;
        let (pid, held): (i32, bool) = (row.get(0), row.get(1));
        if pid == self.pid && held {
            return Ok(());
        }
        Err(Error::new(
            Reason::Connection,
            format!(
                "the lock was taken by server session {}, but this statement ran in session {pid}: a connection \
                 pooler stands between, and gives every transaction another session",
                self.pid
            ),
        )
        .help(format!(
            "migrate over a direct connection to the server (with PgBouncer: its own port, or pool_mode = \
             session); the lock stays with session {} until it ends: SELECT pg_terminate_backend({})",
            self.pid, self.pid
        )))
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // When this fails the connection is gone, and the lock with it.
        let _ =
            self.client.query_typed("SELECT pg_catalog.pg_advisory_unlock($1)", &[(&self.key, Type::INT8)]);
    }
}

impl Deref for Held<'_> {
    type Target = Client;
    fn deref(&self) -> &Client {
        self.client
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Client {
        self.client
    }
}

const POLL: Duration = Duration::from_millis(250);

/// The same number in every version of every program: FNV-1a over what it names.
pub fn key(database: &str, bundle: &str) -> i64 {
    let name = format!("planwright\0{database}\0{bundle}");
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

/// Who has the lock, in words.
fn holder(client: &mut Client, key: i64) -> Result<String, Error> {
    let sql = "\
SELECT l.pid, coalesce(a.usename, '?'), coalesce(nullif(a.application_name, ''), 'unnamed'),
       coalesce(host(a.client_addr), 'local'),
       coalesce(floor(extract(epoch FROM now() - a.query_start)), 0)::bigint
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
AND (l.classid::bigint << 32) | l.objid::bigint = $1";
    let row = client
        .query_typed_opt(sql, &[(&key, Type::INT8)])
        .map_err(Error::sql("cannot see who holds the lock"))?;
    Ok(match row {
        Some(row) => {
            let (pid, role, application, host): (i32, &str, &str, &str) =
                (row.get(0), row.get(1), row.get(2), row.get(3));
            format!("pid {pid}, application {application}, role {role}, from {host}")
        }
        None => "a session that has just let go".to_owned(),
    })
}
