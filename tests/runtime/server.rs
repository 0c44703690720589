//! A PostgreSQL server of the tests' own, on a socket in a temporary folder.

use super::database::Database;
use std::{
    env,
    ffi::OsStr,
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

pub struct Server {
    folder: TempDir,
    binaries: PathBuf,
    /// PostgreSQL refuses to run as root.
    user: Option<(u32, u32)>,
    /// Stops the server when its standard input ends, also when the tests are killed.
    stopper: Option<Child>,
}

impl Server {
    /// `None` when there are no binaries.
    pub fn start() -> Option<Server> {
        let binaries = binaries()?;
        let folder = TempDir::new().unwrap();
        let is_root =
            fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
        let mut server = Server { folder, binaries, user: is_root.then(postgres_user), stopper: None };
        if let Some((user, group)) = server.user {
            chown(server.folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = server.data();
        server.run("initdb", &["-D", &data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"]);
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c max_connections=60",
            server.folder.path().display()
        );
        let log = server.folder.path().join("log").display().to_string();
        server.run("pg_ctl", &["-D", &data, "-o", &options, "-l", &log, "-w", "start"]);
        let stop = format!(
            "cat; {} -D {data} -m immediate -w stop >/dev/null 2>&1; rm -rf {data}",
            server.binaries.join("pg_ctl").display()
        );
        // In a group of its own, an interrupt of the tests does not reach it.
        let mut stopper = server.command("sh", &["-c", &stop]);
        server.stopper = Some(stopper.stdin(Stdio::piped()).process_group(0).spawn().unwrap());
        Some(server)
    }

    /// An empty database of that name.
    pub fn database(&self, name: &str) -> Database {
        // PostgreSQL cuts a name at 63 bytes.
        let name: String = name.chars().take(63).collect();
        let database = |name: &str| Database { folder: self.folder.path().to_owned(), name: name.to_owned() };
        database("postgres").client().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        database(&name)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn command(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = self.command(self.binaries.join(program), arguments);
        // The server inherits the output: read through a pipe, it would never end.
        let log = self.folder.path().join(format!("{program}.log"));
        let output = fs::File::create(&log).unwrap();
        command.stdout(output.try_clone().unwrap()).stderr(output);
        let status = command.status().unwrap();
        assert!(status.success(), "{program}: {}", fs::read_to_string(log).unwrap_or_default());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut stopper) = self.stopper.take() {
            drop(stopper.stdin.take());
            stopper.wait().unwrap();
        }
    }
}

/// On PATH, or where Debian puts them: the newest.
fn binaries() -> Option<PathBuf> {
    let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>());
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            Some((folder.file_name()?.to_str()?.parse().ok()?, folder.join("bin")))
        })
        .collect();
    debian.sort();
    let debian = debian.into_iter().rev().map(|(_, folder)| folder);
    let complete = |folder: &PathBuf| ["initdb", "pg_ctl"].iter().all(|name| folder.join(name).is_file());
    on_path.unwrap_or_default().into_iter().chain(debian).find(complete)
}

fn postgres_user() -> (u32, u32) {
    let users = fs::read_to_string(Path::new("/etc/passwd")).unwrap();
    let user =
        users.lines().find(|line| line.starts_with("postgres:")).expect("PostgreSQL came with its user");
    let fields: Vec<&str> = user.split(':').collect();
    (fields[2].parse().unwrap(), fields[3].parse().unwrap())
}
