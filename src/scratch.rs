//! Databases to try things in: the one stage that makes any.
//!
//! Separate so that every other stage is given a database and never asks whose it is. Three engines
//! stand behind one trait: PostgreSQL inside this process, binaries on this machine, a server by URL.

mod bodies;
mod cluster;
mod connect;
mod elsewhere;
#[cfg(feature = "embedded")]
mod embedded;
mod failure;
mod folder;
mod load;
mod local;
mod requirements;
mod server;

use std::any::Any;

pub use connect::connect;
pub(crate) use elsewhere::{FAR, execute, has_foreign_tables, together};
pub use failure::diagnose;
pub use load::load;
pub use requirements::Requirements;

use crate::diagnostic::{Diagnostic, Result};

/// Where to run a schema, as `--engine` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Auto,
    Embedded,
    Local,
    Url(String),
}

/// Something that makes empty databases.
pub trait Engine {
    /// For people: `PostgreSQL 17.5 (embedded)`.
    fn describe(&self) -> String;

    /// `server_version_num`.
    fn version(&self) -> u32;

    /// Did somebody choose this version? Nobody does who takes what comes with Planwright.
    fn is_chosen(&self) -> bool {
        true
    }

    /// Whom its databases log in as when nobody else is asked for.
    fn role(&self) -> String;

    /// A fresh, empty database, logged in as `role`. An engine of our own makes that role, a superuser, when
    /// it is missing; on somebody's server it has to exist.
    fn database(&mut self, role: &str, requirements: &Requirements) -> Result<Database>;
}

/// An empty database that goes, on the server too, when this does.
pub struct Database {
    pub client: postgres::Client,
    /// Is the whole server ours, so that roles may be made?
    pub(crate) private: bool,
    /// Brings the session back to how it began.
    baseline: String,
    /// Dropped after the client has closed its connection.
    _keep: Box<dyn Any + Send>,
}

impl std::str::FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Choice, String> {
        match text {
            "auto" => Ok(Choice::Auto),
            "embedded" => Ok(Choice::Embedded),
            "local" => Ok(Choice::Local),
            _ if text.contains("://") || text.contains('=') => Ok(Choice::Url(text.to_string())),
            _ => Err("expected auto, embedded, local or the URL of a server".to_string()),
        }
    }
}

/// The engine to use, and why this one, in one sentence.
pub fn choose(
    choice: &Choice,
    requirements: &Requirements,
    prefer_major: Option<u32>,
) -> Result<(Box<dyn Engine>, String)> {
    match choice {
        Choice::Url(url) => Ok((Box::new(server::Server::new(url)?), "it was named with --engine".into())),
        Choice::Local => {
            let binaries = local::Binaries::find(prefer_major, requirements).ok_or_else(no_binaries)?;
            Ok((
                Box::new(local::Local::start(&binaries)?),
                "local binaries were asked for with --engine".into(),
            ))
        }
        Choice::Embedded => match lacks(requirements) {
            lacks if lacks.is_empty() => Ok((start_embedded()?, "it was asked for with --engine".into())),
            lacks => {
                Err(cannot(&lacks).help("take --engine local, or --engine with the URL of a server").into())
            }
        },
        Choice::Auto => automatic(requirements, prefer_major),
    }
}

fn automatic(requirements: &Requirements, prefer_major: Option<u32>) -> Result<(Box<dyn Engine>, String)> {
    let lacks = lacks(requirements);
    if !lacks.is_empty() {
        let Some(binaries) = local::Binaries::find(prefer_major, requirements) else {
            return Err(cannot(&lacks)
                .note("there are no PostgreSQL binaries on this machine that could run it instead")
                .help(
                    "install PostgreSQL (its server), or set PLANWRIGHT_PG_BIN to the folder of its binaries",
                )
                .help("or name a server that may hold scratch databases: --engine postgres://user@host/")
                .into());
        };
        return Ok((
            Box::new(local::Local::start(&binaries)?),
            format!("the embedded engine has no {}", lacks.join(", no ")),
        ));
    }
    if let Some(major) = prefer_major.filter(|&major| major != EMBEDDED_MAJOR)
        && let Some(binaries) =
            local::Binaries::find(Some(major), requirements).filter(|found| found.major == major)
    {
        return Ok((
            Box::new(local::Local::start(&binaries)?),
            format!("the database is PostgreSQL {major} too"),
        ));
    }
    Ok((start_embedded()?, "it can run this schema and needs nothing installed".into()))
}

/// The major version of the embedded engine.
const EMBEDDED_MAJOR: u32 = 17;

#[cfg(feature = "embedded")]
fn lacks(requirements: &Requirements) -> Vec<String> {
    embedded::lacks(requirements)
}

#[cfg(feature = "embedded")]
fn start_embedded() -> Result<Box<dyn Engine>> {
    Ok(Box::new(embedded::Embedded::start()?))
}

#[cfg(not(feature = "embedded"))]
fn lacks(_: &Requirements) -> Vec<String> {
    vec!["place in this build (feature `embedded` is off)".to_string()]
}

#[cfg(not(feature = "embedded"))]
fn start_embedded() -> Result<Box<dyn Engine>> {
    Err(cannot(&lacks(&Requirements::default())).into())
}

fn cannot(lacks: &[String]) -> Diagnostic {
    Diagnostic::failed(
        "no-engine",
        format!("the embedded engine cannot run this schema: it has no {}", lacks.join(", no ")),
    )
}

fn no_binaries() -> Diagnostic {
    Diagnostic::failed("no-engine", "there are no PostgreSQL binaries on this machine")
        .note("looked at PLANWRIGHT_PG_BIN, pg_config --bindir, PATH and the usual folders for initdb and postgres")
        .help("install PostgreSQL (its server), or set PLANWRIGHT_PG_BIN to the folder of its binaries")
}

/// Whom a session acts as.
pub fn role(client: &mut postgres::Client) -> Result<String> {
    let row = client.query_one("SELECT current_user::text", &[]);
    Ok(row.map_err(|error| diagnose(&error, None))?.get(0))
}

/// `"name"`, with its quotes doubled.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Makes a role unless it is there.
fn ensure_role(client: &mut postgres::Client, name: &str, options: &str) -> Result<()> {
    let known = client.query_opt("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", &[&name]);
    if known.map_err(|error| diagnose(&error, None))?.is_none() {
        let made = client.batch_execute(&format!("CREATE ROLE {} {options}", quoted(name)));
        made.map_err(|error| diagnose(&error, None))?;
    }
    Ok(())
}

/// How a session begins in every engine; what a file sets is put on top of this.
const SESSION: &str = "SET client_min_messages = warning; SET jit = off; SET standard_conforming_strings = on; \
    SET TimeZone = 'UTC'; SET lock_timeout = 0; SET statement_timeout = 0; \
    SET search_path = \"$user\", public;";

impl Database {
    /// `client` is logged in and may do anything here; from now on it acts as `role`.
    fn begin(
        client: postgres::Client,
        acts_as: Option<&str>,
        private: bool,
        keep: Box<dyn Any + Send>,
    ) -> Result<Database> {
        let role = acts_as.map(|role| format!("SET SESSION AUTHORIZATION {};", quoted(role)));
        let baseline = format!(
            "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; {SESSION} {}",
            role.unwrap_or_default()
        );
        let mut database = Database { client, private, baseline, _keep: keep };
        let begun = database.client.batch_execute(&database.baseline);
        begun.map_err(|error| diagnose(&error, None))?;
        Ok(database)
    }

    /// From now on what is read says which statements a server of this major version has, for a plan that runs there.
    pub fn plan_for(&mut self, major: u32) -> Result<()> {
        let target = format!(" SET planwright.target = '{major}0000';");
        self.baseline += &target;
        self.client.batch_execute(&target).map_err(|error| diagnose(&error, None).into())
    }

    /// The server's major version.
    fn major(&mut self) -> Result<u32> {
        let row = self.client.query_one("SELECT current_setting('server_version_num')::int / 10000", &[]);
        let major: i32 = row.map_err(|error| diagnose(&error, None))?.get(0);
        Ok(major.unsigned_abs())
    }
}
