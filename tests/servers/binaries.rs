//! Which PostgreSQL programs this machine has.
//! Separate because a server's folder and its clients' folder are not always the same one.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder of a PostgreSQL server and the clients that go with it.
pub struct Binaries {
    pub folder: PathBuf,
    pub major: u32,
    pub psql: PathBuf,
    /// None where every pg_dump of the machine is older than the server: it refuses newer servers.
    pub pg_dump: Option<PathBuf>,
}

impl Binaries {
    /// Those of `PLANWRIGHT_TEST_PG_BIN`, else of `pg_config`, else the newest of Debian's folders.
    pub fn find() -> Result<Binaries, String> {
        let folder = match env::var_os("PLANWRIGHT_TEST_PG_BIN") {
            Some(named) => PathBuf::from(named),
            None => folders()
                .into_iter()
                .find(|folder| folder.join("postgres").exists() && folder.join("initdb").exists())
                .ok_or("this machine has no PostgreSQL server binaries")?,
        };
        let major = major_of(&folder.join("postgres"))
            .ok_or_else(|| format!("{} has no postgres that runs", folder.display()))?;
        let psql = client("psql", 0, &folder).ok_or("this machine has no psql")?;
        let pg_dump = client("pg_dump", major, &folder);
        Ok(Binaries { folder, major, psql, pg_dump })
    }
}

/// A client program whose major version is at least `major`, from beside the server if it has one.
pub fn client(name: &str, major: u32, beside: &Path) -> Option<PathBuf> {
    let mut candidates = vec![beside.join(name)];
    candidates.extend(folders().into_iter().map(|folder| folder.join(name)));
    candidates.push(PathBuf::from(name));
    candidates.into_iter().find(|program| major_of(program).is_some_and(|found| found >= major))
}

/// The folders in which PostgreSQL's programs are usually found, best first.
fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    let mut versions: Vec<(u32, PathBuf)> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev().map(|(_, path)| path.join("bin")));
    folders
}

/// 15 of `postgres (PostgreSQL) 15.18 (Debian ...)`.
fn major_of(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_once("(PostgreSQL) ")?.1;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
