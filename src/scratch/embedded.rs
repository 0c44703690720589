//! PostgreSQL 17 inside this process, compiled to WebAssembly.
//!
//! Separate because it is the only user of the crates behind the feature `embedded`. One server takes
//! one connection at a time, so each database is a server of its own, on a socket in a private folder.

use std::{
    mem,
    thread::{self, JoinHandle},
};

use super::{
    Database, EMBEDDED_MAJOR, Engine, Requirements, connect, diagnose, ensure_role, folder::Folder, quoted,
};
use crate::diagnostic::{Diagnostic, Result};
use pglite_oxide::{PgliteServer, extensions};
use postgres::Config;

pub(super) struct Embedded {
    asked: bool,
    next: Option<Next>,
}

/// A plan takes two databases: they start together.
struct Next {
    role: String,
    requirements: Requirements,
    database: JoinHandle<Result<Database>>,
}

/// What the bundle is built from.
const VERSION: u32 = 170_005;

/// Whom the bundle's databases belong to.
const OWNER: &str = "postgres";

/// What it cannot do of all that is required, each as what it has no …
pub(super) fn lacks(requirements: &Requirements) -> Vec<String> {
    let mut lacks = Vec::new();
    let unknown = |name: &&String| *name != "plpgsql" && extensions::by_sql_name(name).is_none();
    lacks.extend(requirements.extensions.iter().filter(unknown).map(|name| format!("extension {name}")));
    lacks.extend(
        requirements
            .languages
            .iter()
            .filter(|name| *name != "plpgsql")
            .map(|name| format!("language {name}")),
    );
    lacks.extend(requirements.tablespaces.iter().map(|name| format!("tablespace {name}")));
    lacks.extend(requirements.libraries.iter().map(|statement| format!("library for {statement}")));
    if requirements.icu {
        lacks.push("ICU collations".into());
    }
    if let Some((major, what)) = requirements.major.filter(|(major, _)| *major > EMBEDDED_MAJOR) {
        lacks.push(format!(
            "{what} (it is PostgreSQL {EMBEDDED_MAJOR}, and PostgreSQL {major} was the first to have that)"
        ));
    }
    lacks
}

/// One session needs no room for others; what that saves goes into some 65,000 locks, so that one transaction
/// may touch every table of a large schema.
const SETTINGS: &[(&str, &str)] = &[
    ("max_connections", "5"),
    ("autovacuum_max_workers", "1"),
    ("max_wal_senders", "0"),
    // PostgreSQL goes through all of them when it starts: 128 MB take as long as all else that it does then.
    ("shared_buffers", "16MB"),
    ("max_locks_per_transaction", "8192"),
    // It is started with this on, and then takes names that no other server would.
    ("allow_system_table_mods", "off"),
];

/// The bundle lacks the lists of stop words that its own dictionaries name, and nobody's files are in it.
/// An empty one serves: a schema does not depend on what a dictionary knows.
const BUILT_IN_FILES: &str = "SELECT substring(dictinitoption FROM 'stopwords = ''(.*?)''') || '.stop'
    FROM pg_catalog.pg_ts_dict";
const EMPTY_FILES: &str = "DO $$ DECLARE file text; BEGIN
    FOR file IN SELECT '/share/postgresql/tsearch_data/' || name FROM (FILES) named(name) WHERE name IS NOT NULL LOOP
        IF pg_catalog.pg_stat_file(file, true) IS NULL THEN
            EXECUTE pg_catalog.format('COPY (SELECT 1 WHERE false) TO %L', file);
        END IF;
    END LOOP;
END $$";

impl Embedded {
    pub fn start() -> Result<Embedded> {
        Ok(Embedded { asked: false, next: None })
    }
}

impl Engine for Embedded {
    fn describe(&self) -> String {
        "PostgreSQL 17.5 (embedded)".to_string()
    }

    fn version(&self) -> u32 {
        VERSION
    }

    fn is_chosen(&self) -> bool {
        false
    }

    fn role(&self) -> String {
        OWNER.to_string()
    }

    fn database(&mut self, role: &str, requirements: &Requirements) -> Result<Database> {
        if let Some(next) = self.next.take() {
            let database = joined(next.database);
            if next.role == role && next.requirements == *requirements {
                return database;
            }
        }
        if !mem::replace(&mut self.asked, true) {
            let (role, requirements) = (role.to_string(), requirements.clone());
            let database = thread::spawn({
                let (role, requirements) = (role.clone(), requirements.clone());
                move || start(&role, &requirements)
            });
            self.next = Some(Next { role, requirements, database });
        }
        start(role, requirements)
    }
}

impl Drop for Embedded {
    /// A server that nobody asked for has a folder that has to go, too.
    fn drop(&mut self) {
        let _ = self.next.take().map(|next| next.database.join());
    }
}

fn joined(database: JoinHandle<Result<Database>>) -> Result<Database> {
    database.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn start(role: &str, requirements: &Requirements) -> Result<Database> {
    let wanted: Vec<_> =
        requirements.extensions.iter().filter_map(|name| extensions::by_sql_name(name)).collect();
    let folder = Folder::new().map_err(|error| failed(&error))?;
    let parent = folder.path().parent().unwrap_or(folder.path()).display().to_string();
    let room = format!("it takes some 50 MB in {parent}: make room there, or name another folder in TMPDIR");
    let server = PgliteServer::builder()
        .path(folder.path().join("data"))
        .unix(folder.path().join(".s.PGSQL.5432"))
        .relaxed_durability(true)
        .postgres_configs(SETTINGS.iter().copied())
        .extensions(wanted.iter().copied())
        .start()
        .map_err(|error| failed(&error).help(&room))?;
    let mut config = Config::new();
    config.host_path(folder.path()).user(OWNER).dbname("template1").application_name("planwright");
    let mut client =
        connect::open(&config.into()).map_err(|problems| failed(&problems.0[0].message).help(&room))?;
    // Asking for an extension creates it; here it shall only be there to be created.
    for extension in &wanted {
        let drop = format!("DROP EXTENSION IF EXISTS {} CASCADE", quoted(extension.sql_name()));
        client.batch_execute(&drop).map_err(|error| diagnose(&error, None))?;
    }
    ensure_role(&mut client, role, "SUPERUSER LOGIN")?;
    requirements.roles.iter().try_for_each(|name| ensure_role(&mut client, name, "NOLOGIN"))?;
    let files = requirements.text_search_files.iter().map(|file| format!("('{file}')"));
    let files =
        BUILT_IN_FILES.to_string() + &files.map(|file| format!(" UNION VALUES {file}")).collect::<String>();
    client.batch_execute(&EMPTY_FILES.replace("FILES", &files)).map_err(|error| diagnose(&error, None))?;
    let other = (role != OWNER).then_some(role);
    Database::begin(client, other, true, Box::new((server, folder)))
}

fn failed(error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::failed("engine-failed", format!("the embedded PostgreSQL did not start: {error:#}"))
        .help("take --engine local, or --engine with the URL of a server")
}
