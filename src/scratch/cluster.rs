//! Runs one private PostgreSQL server in a folder of its own, and leaves neither behind.
//!
//! Separate because it is about processes, users and folders, not about databases. PostgreSQL does not
//! run as root, so for root it runs as `postgres` or `nobody`.

use std::{
    fs::{self, File, Permissions},
    io::Read,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::folder::Folder;
use crate::diagnostic::{Diagnostic, Result};
use postgres::{Config, NoTls};

/// A running server; it stops when this and every keeper of it are gone.
pub(super) struct Cluster {
    /// Leads to its first database, as its first user.
    pub config: Config,
    keeper: Arc<Keeper>,
}

/// Keeps the server running.
pub(super) struct Keeper {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    user: Option<User>,
    folder: Folder,
}

#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Cluster {
    pub fn start(binaries: &Path, owner: &str) -> Result<Cluster> {
        let user = other_user()?;
        let folder = Folder::new().map_err(|error| failed("make a folder", &error))?;
        give(folder.path(), user)?;
        let data = folder.path().join("data");
        initdb(binaries, &data, owner, user)?;
        let log = folder.path().join("log");
        let (stop, thread) = serve(postgres(binaries, &data, folder.path(), user, &log)?, log.clone())?;
        let mut config = Config::new();
        config.host_path(folder.path()).user(owner).dbname("postgres").application_name("planwright");
        let keeper = Keeper { stop: Some(stop), thread: Some(thread), user, folder };
        wait(&config, &keeper, &log)?;
        Ok(Cluster { config, keeper: Arc::new(keeper) })
    }

    pub fn keeper(&self) -> Arc<Keeper> {
        self.keeper.clone()
    }

    /// A new empty folder that the server may write to.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let builder = tempfile::Builder::new().prefix(name).tempdir_in(self.keeper.folder.path());
        let folder = builder.map_err(|error| failed("make a folder", &error))?.keep();
        give(&folder, self.keeper.user)?;
        Ok(folder)
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread ends by itself; nothing is left to do if it broke.
            let _ = thread.join();
        }
    }
}

fn initdb(binaries: &Path, data: &Path, owner: &str, user: Option<User>) -> Result<()> {
    let mut command = Command::new(binaries.join("initdb"));
    command.arg("-D").arg(data).args([
        "-U",
        owner,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    ]);
    let output = as_user(&mut command, user)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed("run initdb", &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
    Err(Diagnostic::failed("engine-failed", "initdb failed").note(said).into())
}

fn postgres(binaries: &Path, data: &Path, socket: &Path, user: Option<User>, log: &Path) -> Result<Command> {
    let settings = [
        "listen_addresses=".to_string(),
        format!("unix_socket_directories={}", socket.display()),
        "fsync=off".into(),
        "full_page_writes=off".into(),
        "synchronous_commit=off".into(),
        "autovacuum=off".into(),
        "jit=off".into(),
        "max_connections=20".into(),
        "max_wal_senders=0".into(),
        // One transaction may touch every table of a large schema; this makes some 65,000 locks.
        "max_locks_per_transaction=2048".into(),
        "max_wal_size=4GB".into(),
        "checkpoint_timeout=1h".into(),
        "shared_buffers=128MB".into(),
        "lc_messages=C".into(),
    ];
    let log = File::create(log).map_err(|error| failed("write its log", &error))?;
    let mut command = Command::new(binaries.join("postgres"));
    command.arg("-D").arg(data).args(settings.iter().flat_map(|setting| ["-c", setting]));
    as_user(&mut command, user).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    die_with_parent(&mut command);
    Ok(command)
}

/// Starts the server from a thread that lives as long as it does: Linux ends it with the thread that started it.
fn serve(mut command: Command, log: PathBuf) -> Result<(mpsc::Sender<()>, JoinHandle<()>)> {
    let (stop, stopped) = mpsc::channel::<()>();
    let (started, start) = mpsc::channel();
    let thread = thread::spawn(move || match command.spawn() {
        Err(error) => drop(started.send(Err(error))),
        Ok(mut child) => {
            drop(started.send(Ok(())));
            loop {
                let asked = stopped.recv_timeout(Duration::from_millis(200));
                match asked {
                    Err(mpsc::RecvTimeoutError::Timeout) => {
                        if let Ok(Some(status)) = child.try_wait() {
                            // Whoever waits for the server finds this, and its own words above it.
                            let _ = fs::write(log.with_extension("ended"), status.to_string());
                            return;
                        }
                    }
                    _ => return end(&mut child),
                }
            }
        }
    });
    match start.recv() {
        Ok(Ok(())) => Ok((stop, thread)),
        Ok(Err(error)) => Err(failed("run postgres", &error).into()),
        Err(_) => Err(Diagnostic::failed("engine-failed", "postgres was not started").into()),
    }
}

/// SIGQUIT: at once, without writing anything; what it held goes with it.
fn end(child: &mut Child) {
    let id = i32::try_from(child.id()).expect("process ids are positive 32-bit numbers");
    // SAFETY: kill has no preconditions, and the child is not yet waited for, so its id is still its own.
    unsafe { libc::kill(id, libc::SIGQUIT) };
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn wait(config: &Config, keeper: &Keeper, log: &Path) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while config.connect(NoTls).is_err() {
        let ended = keeper.folder.path().join("log.ended").exists() || log.with_extension("ended").exists();
        if ended || Instant::now() > deadline {
            let mut said = String::new();
            let _ = File::open(log).and_then(|mut file| file.read_to_string(&mut said));
            return Err(Diagnostic::failed("engine-failed", "the local PostgreSQL server did not start")
                .note(said.trim())
                .into());
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Whom to run as when we are root.
fn other_user() -> Result<Option<User>> {
    // SAFETY: geteuid has no preconditions.
    if unsafe { libc::geteuid() } != 0 {
        return Ok(None);
    }
    for name in [c"postgres", c"nobody"] {
        // SAFETY: the name is a C string, and the entry is read before anything could call getpwnam again:
        // only this function does in this process.
        if let Some(entry) = unsafe { libc::getpwnam(name.as_ptr()).as_ref() } {
            return Ok(Some(User { uid: entry.pw_uid, gid: entry.pw_gid }));
        }
    }
    Err(Diagnostic::failed(
        "engine-failed",
        "PostgreSQL does not run as root, and there is no user postgres or nobody",
    )
    .help("run this as another user")
    .into())
}

fn as_user(command: &mut Command, user: Option<User>) -> &mut Command {
    if let Some(User { uid, gid }) = user {
        command.uid(uid).gid(gid).current_dir("/");
    }
    command.env_remove("PGDATA").env("LC_ALL", "C").env("TZ", "UTC")
}

fn give(folder: &Path, user: Option<User>) -> Result<()> {
    let made = fs::set_permissions(folder, Permissions::from_mode(0o700));
    made.and_then(|()| {
        user.map_or(Ok(()), |user| std::os::unix::fs::chown(folder, Some(user.uid), Some(user.gid)))
    })
    .map_err(|error| failed("set up a folder", &error).into())
}

#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command) {
    // SAFETY: prctl is async-signal-safe. It runs after the change of user, which would undo it.
    unsafe {
        command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGQUIT) {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        });
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent(_: &mut Command) {}

fn failed(what: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::failed(
        "engine-failed",
        format!("cannot start a local PostgreSQL server: cannot {what}: {error}"),
    )
}
