//! A server of our own from PostgreSQL binaries on this machine.
//!
//! Separate from `cluster`, which runs them: this finds them and hands out databases.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use postgres::Client;

use super::{
    Database, Engine, Requirements, cluster::Cluster, connect, diagnose, ensure_role, quoted, server,
};
use crate::diagnostic::Result;

/// A folder with `initdb` and `postgres` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    pub folder: PathBuf,
    pub major: u32,
    /// As `postgres --version` says it: `15.18`.
    pub version: String,
}

/// Where packages put them; a `*` stands for a version.
const USUAL: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

impl Binaries {
    /// Those of the major version that is preferred, else the newest, that can read what is required.
    pub fn find(prefer: Option<u32>, requirements: &Requirements) -> Option<Binaries> {
        let least = requirements.major.map_or(0, |(major, _)| major);
        let mut found: Vec<Binaries> = folders().iter().filter_map(|folder| Binaries::at(folder)).collect();
        found.retain(|binaries| binaries.major >= least && binaries.has(requirements));
        found.sort_by_key(|binaries| (Some(binaries.major) == prefer, binaries.major));
        found.pop()
    }

    fn at(folder: &Path) -> Option<Binaries> {
        // /usr/local/bin often has links to a version's own folder, where all else is found.
        let initdb = fs::canonicalize(folder.join("initdb")).ok()?;
        let folder = initdb.parent().filter(|real| real.join("postgres").is_file()).unwrap_or(folder);
        let said = output(&folder.join("postgres"), "--version")?;
        let version =
            said.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
        let major = version.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()?;
        Some(Binaries { folder: folder.to_path_buf(), major, version: version.to_string() })
    }

    /// Are the required extensions installed beside them? Where that cannot be told, loading will tell.
    fn has(&self, requirements: &Requirements) -> bool {
        let Some(folder) = self.shared().map(|share| share.join("extension")) else { return true };
        requirements.extensions.iter().all(|name| folder.join(format!("{name}.control")).is_file())
    }

    fn shared(&self) -> Option<PathBuf> {
        if let Some(share) = output(&self.folder.join("pg_config"), "--sharedir") {
            return Some(PathBuf::from(share.trim()));
        }
        // Many packages leave pg_config to the development files. Debian's share by version, others beside bin.
        let beside = self.folder.with_file_name("share");
        let folders =
            [format!("/usr/share/postgresql/{}", self.major).into(), beside.join("postgresql"), beside];
        let debian = self.folder.starts_with("/usr/lib/postgresql");
        folders.into_iter().skip(usize::from(!debian)).find(|share| share.join("extension").is_dir())
    }
}

/// Where to look, in no order that matters.
fn folders() -> BTreeSet<PathBuf> {
    if let Some(folder) = env::var_os("PLANWRIGHT_PG_BIN") {
        return BTreeSet::from([PathBuf::from(folder)]);
    }
    let mut folders = BTreeSet::new();
    folders.extend(output(Path::new("pg_config"), "--bindir").map(|folder| PathBuf::from(folder.trim())));
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    for usual in USUAL {
        match usual.split_once('*') {
            None => folders.extend([PathBuf::from(usual)]),
            Some((before, after)) => {
                let (parent, prefix) = before.rsplit_once('/').expect("usual folders are absolute");
                for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
                    if entry.file_name().to_string_lossy().starts_with(prefix) {
                        folders.insert(entry.path().join(after.trim_start_matches('/')));
                    }
                }
            }
        }
    }
    folders
}

fn output(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One running server, with as many databases as are asked for; they go with it.
pub(super) struct Local {
    /// The session that makes databases.
    maintenance: Client,
    cluster: Cluster,
    version: u32,
    shown: String,
    made: u32,
}

/// Whom `initdb` makes.
const OWNER: &str = "postgres";

impl Local {
    pub fn start(binaries: &Binaries) -> Result<Local> {
        let cluster = Cluster::start(&binaries.folder, OWNER)?;
        let mut maintenance = connect::open(&cluster.config.clone().into())?;
        let row = maintenance.query_one("SELECT current_setting('server_version_num')::int", &[]);
        let version: i32 = row.map_err(|error| diagnose(&error, None))?.get(0);
        let shown = binaries.version.clone();
        Ok(Local { maintenance, cluster, version: version.unsigned_abs(), shown, made: 0 })
    }

    fn prepare(&mut self, role: &str, requirements: &Requirements) -> Result<()> {
        let client = &mut self.maintenance;
        for name in &requirements.tablespaces {
            let folder = self.cluster.folder(&format!("tablespace_{}", self.made))?;
            let location = folder.display().to_string().replace('\'', "''");
            // Another database of this server may have needed it before.
            let _ =
                client.batch_execute(&format!("CREATE TABLESPACE {} LOCATION '{location}'", quoted(name)));
        }
        ensure_role(client, role, "SUPERUSER LOGIN")?;
        requirements.roles.iter().try_for_each(|name| ensure_role(client, name, "NOLOGIN"))
    }
}

impl Engine for Local {
    fn describe(&self) -> String {
        format!("PostgreSQL {} (local)", self.shown)
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn role(&self) -> String {
        OWNER.to_string()
    }

    fn database(&mut self, role: &str, requirements: &Requirements) -> Result<Database> {
        self.made += 1;
        self.prepare(role, requirements)?;
        let name = format!("scratch_{}", self.made);
        server::create(&mut self.maintenance, &name)?;
        let mut config = self.cluster.config.clone();
        config.dbname(&name).user(role);
        let client = connect::open(&config.into())?;
        Database::begin(client, None, true, Box::new(self.cluster.keeper()))
    }
}
