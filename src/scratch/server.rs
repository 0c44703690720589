//! Scratch databases on a server that somebody named for it.
//!
//! Separate because here nothing is ours but the databases: no role is made, nothing is changed.

use postgres::Config;

use super::{Database, Engine, Requirements, connect, diagnose, quoted};
use crate::diagnostic::{Diagnostic, Result};

pub(super) struct Server {
    config: Config,
    version: u32,
    role: String,
    made: u32,
}

impl Server {
    pub fn new(url: &str) -> Result<Server> {
        let config = connect::config(url)?;
        let mut client = connect::open(&config)?;
        let row = client
            .query_one("SELECT current_setting('server_version_num')::int, session_user::text", &[])
            .map_err(|error| diagnose(&error, None))?;
        let version: i32 = row.get(0);
        Ok(Server { config, version: version.unsigned_abs(), role: row.get(1), made: 0 })
    }
}

impl Engine for Server {
    fn describe(&self) -> String {
        format!("PostgreSQL {} (server {})", shown(self.version), connect::address(&self.config))
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn role(&self) -> String {
        self.role.clone()
    }

    fn database(&mut self, role: &str, _: &Requirements) -> Result<Database> {
        self.made += 1;
        let name = format!("planwright_scratch_{}_{}", std::process::id(), self.made);
        let mut dropped = create(&self.config, &name, self.version)?;
        dropped.config.dbname(&name);
        let mut client = connect::open(&dropped.config)?;
        let known = client
            .query_opt("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", &[&role])
            .map_err(|error| diagnose(&error, None))?;
        if known.is_none() {
            let problem = Diagnostic::failed(
                "no-role",
                format!("the server {} has no role \"{role}\"", connect::address(&self.config)),
            );
            return Err(problem.help(format!("create it there: CREATE ROLE {};", quoted(role))).into());
        }
        let other = (role != self.role).then_some(role);
        Database::begin(client, other, false, Box::new(dropped))
    }
}

/// `170005` as people write it.
pub(super) fn shown(version: u32) -> String {
    format!("{}.{}", version / 10_000, version % 10_000)
}

/// Makes a database through `config`'s own; the result drops it.
pub(super) fn create(config: &Config, name: &str, version: u32) -> Result<Dropped> {
    let mut client = connect::open(config)?;
    let create = format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", quoted(name));
    client.batch_execute(&create).map_err(|error| {
        diagnose(&error, None)
            .help("name a server and a role that may create databases: ALTER ROLE … CREATEDB")
    })?;
    Ok(Dropped {
        config: config.clone(),
        maintenance: config.clone(),
        name: name.to_string(),
        force: version >= 130_000,
    })
}

/// A database that is dropped with this.
pub(super) struct Dropped {
    /// Leads to the database.
    pub config: Config,
    maintenance: Config,
    name: String,
    force: bool,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let force = if self.force { " WITH (FORCE)" } else { "" };
        // A server that went away took it along, or keeps a database whose name says what it is.
        if let Ok(mut client) = connect::open(&self.maintenance) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {}{force}", quoted(&self.name)));
        }
    }
}
