//! One database of a test server: filled, dumped, dropped when it goes out of scope.
//! Separate because it speaks through psql and pg_dump, as people do, and not through a driver.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use super::{Server, listing};

/// Those of the tests have no slot on a publisher, so that dropping them asks nobody.
const DROP_SUBSCRIPTIONS: &str = "
    do $$ declare name text; begin
        for name in select subname from pg_subscription s join pg_database d on d.oid = subdbid
            where datname = current_database()
        loop execute format('drop subscription %I', name); end loop;
    end $$";

/// A database that exists as long as this value.
pub struct Database {
    pub name: String,
    pub(super) server: Arc<Server>,
}

impl Database {
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Runs a file through `psql -f`, stopping at the first error, which is the error returned.
    pub fn run_file(&self, path: &Path) -> Result<(), String> {
        let output = Command::new(&self.server.binaries.psql)
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(), "-f"])
            .arg(path)
            .env("PGOPTIONS", "-c client_min_messages=error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .output()
            .map_err(|e| format!("psql does not start: {e}"))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        }
    }

    /// Runs SQL as psql would run it from a file.
    pub fn run(&self, sql: &str) -> Result<(), String> {
        let path = self.server.file(&format!("{}.sql", self.name));
        fs::write(&path, sql).map_err(|e| e.to_string())?;
        let result = self.run_file(&path);
        let _ = fs::remove_file(&path);
        result
    }

    /// The whole schema as text that [`differences`](super::differences) can compare: of pg_dump if it can.
    pub fn description(&self) -> String {
        self.dump().unwrap_or_else(|| {
            let mut client = self.server.connect(&self.name).expect("a running server answers");
            listing::list(&mut client).expect("the catalog can be listed")
        })
    }

    /// `pg_dump --schema-only`, None where this machine's pg_dump is older than the server.
    pub fn dump(&self) -> Option<String> {
        let pg_dump = self.server.binaries.pg_dump.as_ref()?;
        let output = Command::new(pg_dump)
            .args(["--schema-only", "-d", &self.url()])
            .stdin(Stdio::null())
            .output()
            .expect("pg_dump was found and starts");
        assert!(
            output.status.success(),
            "pg_dump of {}: {}",
            self.name,
            String::from_utf8_lossy(&output.stderr)
        );
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A database with a subscription cannot be dropped.
        if let Ok(mut client) = self.server.connect(&self.name) {
            let _ = client.batch_execute(DROP_SUBSCRIPTIONS);
        }
        // FORCE ends what a killed `plan` left connected; a server that is gone took the database along.
        if let Ok(mut client) = self.server.connect("postgres") {
            let _ = client.batch_execute(&format!("drop database {} with (force)", self.name));
        }
    }
}
