//! A private PostgreSQL server on a socket in a temporary folder, gone when dropped.
//! Separate because starting one as root, and not leaving one behind, is most of the work.

use std::{
    env,
    fs::{self, File, Permissions},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{Binaries, Database};

/// The roles that every test server has. Roles are cluster-wide, so that no case creates its own.
pub const ROLES: [&str; 3] = ["planwright_reader", "planwright_writer", "planwright \"odd\" ; role"];

/// Settings that trade durability for speed, and room for a few thousand tables in one transaction.
const SETTINGS: [&str; 11] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=512MB",
    "checkpoint_timeout=1h",
    "autovacuum=off",
    "max_locks_per_transaction=2048",
    "max_connections=100",
];

/// Where Linux keeps files in memory, and how much of it (bytes) must be free; containers often have 64 MB.
const MEMORY: &std::ffi::CStr = c"/dev/shm";
const ROOM: u64 = 8 << 30;

/// A running server whose superuser is `postgres`, without a password.
pub struct Server {
    pub binaries: Binaries,
    folder: TempDir,
    process: Child,
    databases: AtomicU32,
    port: String,
}

impl Server {
    /// Starts one; where the machine cannot, says on stderr that the tests are skipped, and why.
    ///
    /// To be called on the main thread: the kernel ends the server with the thread that started it.
    pub fn start() -> Option<Arc<Server>> {
        Server::start_with(&[], &[])
    }

    /// The same with further settings, and files of these names and texts among its data.
    pub fn start_with(settings: &[&str], files: &[(&str, &str)]) -> Option<Arc<Server>> {
        let binaries = match Binaries::find() {
            Ok(binaries) => binaries,
            Err(reason) => {
                // A server that was asked for and is not there is no reason to skip.
                assert!(env::var_os("PLANWRIGHT_TEST_PG_BIN").is_none(), "{reason}");
                eprintln!("skipped: {reason}");
                return None;
            }
        };
        let server =
            Server::start_from(binaries, settings, files).expect("the binaries of this machine start");
        Some(Arc::new(server))
    }

    /// The URL of one of its databases, as libpq and the `postgres` crate both read it.
    pub fn url(&self, database: &str) -> String {
        let socket = self.folder.path().to_str().expect("the folder's name is ours");
        format!("postgresql://postgres@{}:{}/{database}", socket.replace('/', "%2F"), self.port)
    }

    /// A new empty database.
    pub fn empty(self: &Arc<Server>) -> Database {
        self.create("template0")
    }

    /// A new database that starts as `database` is. Nobody may be connected to that one.
    pub fn copy(self: &Arc<Server>, database: &Database) -> Database {
        self.create(&database.name)
    }

    /// A file in the server's own folder, which vanishes with it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Creates the role unless it exists.
    pub fn ensure_role(&self, role: &str) {
        let quoted = role.replace('"', "\"\"");
        let exists = format!("select from pg_roles where rolname = '{}'", role.replace('\'', "''"));
        let mut client = self.connect("postgres").expect("a running server answers");
        if client.query(&exists, &[]).expect("pg_roles can be read").is_empty() {
            client.batch_execute(&format!("create role \"{quoted}\"")).expect("a role can be made");
        }
    }

    /// Creates a tablespace in a folder beside the server's data.
    pub fn create_tablespace(&self, name: &str) {
        let folder = self.file(name);
        fs::create_dir(&folder).expect("the server's folder can be written");
        if let Some((uid, gid)) = unprivileged_user() {
            chown(&folder, Some(uid), Some(gid)).expect("root may give a folder away");
        }
        let mut client = self.connect("postgres").expect("a running server answers");
        let statement = format!("create tablespace {name} location '{}'", folder.display());
        client.batch_execute(&statement).expect("a tablespace can be made");
    }

    pub(super) fn connect(&self, database: &str) -> Result<postgres::Client, postgres::Error> {
        postgres::Client::connect(&self.url(database), postgres::NoTls)
    }

    fn create(self: &Arc<Server>, template: &str) -> Database {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut client = self.connect("postgres").expect("a running server answers");
        // The default since then is for servers that wait for their disk.
        let strategy = if self.binaries.major >= 15 { " strategy file_copy" } else { "" };
        client
            .batch_execute(&format!("create database {name} template {template}{strategy}"))
            .expect("a database can be made");
        Database { name, server: self.clone() }
    }

    fn start_from(binaries: Binaries, settings: &[&str], files: &[(&str, &str)]) -> Result<Server, String> {
        // Short: a socket's path holds 107 bytes at most.
        // In memory where there is such a place: hundreds of databases are made, some seven megabytes each.
        let memory = MEMORY.to_str().expect("it is ASCII").into();
        let parent: PathBuf = if free(MEMORY) >= ROOM { memory } else { env::temp_dir() };
        let folder = tempfile::Builder::new().prefix("pw").tempdir_in(parent).map_err(|e| e.to_string())?;
        let user = unprivileged_user();
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid)).map_err(|e| e.to_string())?;
        }
        let data = folder.path().join("data");
        let log = folder.path().join("log");
        let created = command(&binaries.folder.join("initdb"), user, folder.path())
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D"])
            .arg(&data)
            .output()
            .map_err(|e| e.to_string())?;
        if !created.status.success() {
            return Err(String::from_utf8_lossy(&created.stderr).into_owned());
        }
        for (name, text) in files {
            let path = data.join(name);
            fs::write(&path, text).map_err(|e| e.to_string())?;
            // PostgreSQL takes no key that others may read.
            fs::set_permissions(&path, Permissions::from_mode(0o600)).map_err(|e| e.to_string())?;
            if let Some((uid, gid)) = user {
                chown(&path, Some(uid), Some(gid)).map_err(|e| e.to_string())?;
            }
        }
        let output = File::create(&log).map_err(|e| e.to_string())?;
        let mut postgres = command(&binaries.folder.join("postgres"), user, folder.path());
        postgres.arg("-D").arg(&data).arg("-k").arg(folder.path());
        for setting in SETTINGS.iter().chain(settings) {
            postgres.arg("-c").arg(setting);
        }
        postgres.stderr(output);
        // SAFETY: prctl is async-signal-safe and touches nothing but the new process.
        unsafe {
            postgres.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGQUIT);
                Ok(())
            });
        }
        let process = postgres.spawn().map_err(|e| e.to_string())?;
        let port =
            settings.iter().find_map(|setting| setting.strip_prefix("port=")).unwrap_or("5432").to_owned();
        let mut server = Server { binaries, folder, process, databases: AtomicU32::new(0), port };
        server.wait_until_ready(&log)?;
        ROLES.iter().for_each(|role| server.ensure_role(role));
        Ok(server)
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while let Err(error) = self.connect("postgres") {
            let ended = self.process.try_wait().map_err(|e| e.to_string())?.is_some();
            if ended || Instant::now() > deadline {
                let log = fs::read_to_string(log).unwrap_or_default();
                return Err(format!("the server does not answer: {error}\n{log}"));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGQUIT is PostgreSQL's immediate shutdown: nothing of this server is kept.
        // SAFETY: the process is a child that nobody has waited for, so that its id is still its own.
        unsafe { libc::kill(self.process.id() as libc::pid_t, libc::SIGQUIT) };
        let _ = self.process.wait();
    }
}

/// A command that runs as `user`, in a folder that this user may read.
fn command(program: &Path, user: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).env("LC_ALL", "C");
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// PostgreSQL refuses to run as root: the user and group to run it as instead, when this is root.
fn unprivileged_user() -> Option<(u32, u32)> {
    // SAFETY: both calls read process-wide facts; the result of getpwnam is copied before another call.
    unsafe {
        if libc::geteuid() != 0 {
            return None;
        }
        [c"postgres", c"nobody"].iter().find_map(|name| {
            let entry = libc::getpwnam(name.as_ptr());
            (!entry.is_null()).then(|| ((*entry).pw_uid, (*entry).pw_gid))
        })
    }
}

/// Bytes that are free there; none where there is no such folder.
fn free(folder: &std::ffi::CStr) -> u64 {
    // SAFETY: statvfs is plain numbers, for which zero is a value; the call fills it in for a path that ends in NUL.
    unsafe {
        let mut answer: libc::statvfs = std::mem::zeroed();
        if libc::statvfs(folder.as_ptr(), &mut answer) == 0 { answer.f_bavail * answer.f_frsize } else { 0 }
    }
}
