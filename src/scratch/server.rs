//! Scratch databases on a server that somebody named for it.
//!
//! Separate because here nothing is ours but the databases: no role is made, nothing is changed.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use postgres::Client;

use super::{Database, Engine, Requirements, connect, diagnose, quoted};
use crate::{
    conninfo::Conninfo,
    diagnostic::{Diagnostic, Result},
};

pub(super) struct Server {
    conninfo: Conninfo,
    /// The session that makes and drops databases.
    maintenance: Arc<Mutex<Client>>,
    version: u32,
    role: String,
}

/// How many databases this process has made; one process may use several servers, and one server several times.
static MADE: AtomicU32 = AtomicU32::new(0);

impl Server {
    pub fn new(url: &str) -> Result<Server> {
        let conninfo = connect::conninfo(url)?;
        let mut client = connect::open(&conninfo)?;
        let row = client
            .query_one("SELECT current_setting('server_version_num')::int, session_user::text", &[])
            .map_err(|error| diagnose(&error, None))?;
        let version: i32 = row.get(0);
        let maintenance = Arc::new(Mutex::new(client));
        Ok(Server { conninfo, maintenance, version: version.unsigned_abs(), role: row.get(1) })
    }

    fn known(&self, role: &str) -> Result<bool> {
        let sql = "SELECT FROM pg_catalog.pg_roles WHERE rolname = $1";
        let row = self.maintenance.lock().unwrap_or_else(PoisonError::into_inner).query_opt(sql, &[&role]);
        Ok(row.map_err(|error| diagnose(&error, None))?.is_some())
    }
}

impl Engine for Server {
    fn describe(&self) -> String {
        format!("PostgreSQL {} (server {})", shown(self.version), connect::address(&self.conninfo.config))
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn role(&self) -> String {
        self.role.clone()
    }

    fn database(&mut self, role: &str, _: &Requirements) -> Result<Database> {
        let other = (role != self.role).then_some(role);
        if other.is_some() && !self.known(role)? {
            let problem = Diagnostic::failed(
                "no-role",
                format!("the server {} has no role \"{role}\"", connect::address(&self.conninfo.config)),
            );
            return Err(problem.help(format!("create it there: CREATE ROLE {};", quoted(role))).into());
        }
        let made = MADE.fetch_add(1, Ordering::Relaxed) + 1;
        let name = format!("planwright_scratch_{}_{made}", std::process::id());
        create(&mut self.maintenance.lock().unwrap_or_else(PoisonError::into_inner), &name)?;
        let dropped = Dropped {
            maintenance: self.maintenance.clone(),
            name: name.clone(),
            force: self.version >= 130_000,
        };
        let mut conninfo = self.conninfo.clone();
        conninfo.config.dbname(&name);
        let client = connect::open(&conninfo)?;
        Database::begin(client, other, false, Box::new(dropped))
    }
}

/// `170005` as people write it.
pub(super) fn shown(version: u32) -> String {
    format!("{}.{}", version / 10_000, version % 10_000)
}

/// Copying the files is five times as fast where PostgreSQL waits for no disk; elsewhere it writes all that it
/// holds to the disk before and after (measured on 15, which was the first to have the choice).
const STRATEGY: &str = "SELECT CASE WHEN current_setting('server_version_num')::int >= 150000
    AND current_setting('fsync') = 'off' THEN ' STRATEGY file_copy' ELSE '' END";

/// Makes an empty database.
pub(super) fn create(maintenance: &mut Client, name: &str) -> Result<()> {
    let made = maintenance.query_one(STRATEGY, &[]).and_then(|row| {
        let strategy: &str = row.get(0);
        let name = quoted(name);
        maintenance
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'{strategy}"))
    });
    made.map_err(|error| {
        diagnose(&error, None)
            .help("name a server and a role that may create databases: ALTER ROLE … CREATEDB")
            .into()
    })
}

/// A database that is dropped with this.
struct Dropped {
    maintenance: Arc<Mutex<Client>>,
    name: String,
    force: bool,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let force = if self.force { " WITH (FORCE)" } else { "" };
        let drop = format!("DROP DATABASE IF EXISTS {}{force}", quoted(&self.name));
        // A server that went away took it along, or keeps a database whose name says what it is.
        let _ = self.maintenance.lock().unwrap_or_else(PoisonError::into_inner).batch_execute(&drop);
    }
}
