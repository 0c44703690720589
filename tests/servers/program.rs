//! The `plan` program as a user calls it, with a time limit.
//! Separate because every test of whole commands needs its exit code, both streams and an end.

use std::{
    env,
    fs::{self, File},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long one call may take.
const LIMIT: Duration = Duration::from_secs(300);

/// How long one may that runs the whole history of a project.
const LONG: Duration = Duration::from_secs(1200);

/// The program under test and the engine that it is told to use.
#[derive(Clone)]
pub struct Plan {
    program: PathBuf,
    engine: String,
}

/// What one call answered.
pub enum Answer {
    /// Exit 0: the SQL on stdout, the talk on stderr.
    Done { sql: String, talk: String },
    /// Exit 1: the answer is no, with the talk on stderr.
    Refused(String),
    /// Any other end, with the talk on stderr.
    Failed(String),
}

impl Plan {
    /// `PLANWRIGHT_TEST_PLAN` names another program than the one that cargo built.
    pub fn new(engine: impl Into<String>) -> Plan {
        let built = || PathBuf::from(env!("CARGO_BIN_EXE_plan"));
        let program = env::var_os("PLANWRIGHT_TEST_PLAN").map_or_else(built, PathBuf::from);
        Plan { program, engine: engine.into() }
    }

    /// `plan diff --from X --to Y`, with stdout and stderr kept as plan.sql and stderr.txt in `folder`.
    pub fn diff(&self, from: &str, to: &str, more: &[&str], folder: &Path) -> Answer {
        run(self.command(from, to, more), folder, LIMIT)
    }

    /// `plan` with these arguments, with stdout and stderr kept like those of [`Plan::diff`].
    pub fn run(&self, arguments: &[&str], folder: &Path) -> Answer {
        let mut command = Command::new(&self.program);
        command.args(arguments).args(["--engine", &self.engine]).env_remove("CI");
        run(command, folder, LIMIT)
    }

    /// `plan lint` of a folder, like [`Plan::run`]; exit 1 says that something was found.
    pub fn lint(&self, migrations: &str, more: &[&str], folder: &Path) -> Answer {
        let mut command = Command::new(&self.program);
        command.args(["lint", migrations, "--format", "json", "--engine", &self.engine]).args(more);
        run(command, folder, LONG)
    }

    /// The command that [`Plan::diff`] runs.
    pub fn command(&self, from: &str, to: &str, more: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["diff", "--from", from, "--to", to, "--engine", &self.engine]).args(more);
        command
    }
}

fn run(mut command: Command, folder: &Path, limit: Duration) -> Answer {
    let (sql, talk) = (folder.join("plan.sql"), folder.join("stderr.txt"));
    command
        .stdin(Stdio::null())
        .stdout(File::create(&sql).expect("the folder can be written"))
        .stderr(File::create(&talk).expect("the folder can be written"))
        .process_group(0);
    let end = wait(command, limit);
    let sql = String::from_utf8_lossy(&fs::read(sql).unwrap_or_default()).into_owned();
    let talk = String::from_utf8_lossy(&fs::read(talk).unwrap_or_default()).into_owned();
    match end {
        Ok(0) => Answer::Done { sql, talk },
        Ok(1) => Answer::Refused(talk),
        Ok(code) => Answer::Failed(format!("exit {code}\n{talk}")),
        Err(reason) => Answer::Failed(format!("{reason}\n{talk}")),
    }
}

/// The last `count` bytes of a text, cut where a character begins.
pub fn end_of(text: &str, count: usize) -> &str {
    let mut start = text.len().saturating_sub(count);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// The exit code, or why there is none. Past the limit the program ends with all that it started.
fn wait(mut command: Command, limit: Duration) -> Result<i32, String> {
    let mut child = command.spawn().map_err(|e| format!("plan does not start: {e}"))?;
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return status.code().ok_or_else(|| format!("ended by signal {:?}", status.signal()));
        }
        if Instant::now() > deadline {
            // SAFETY: the child leads its own group and has not been waited for.
            unsafe { libc::kill(-(child.id() as libc::pid_t), libc::SIGKILL) };
            let _ = child.wait();
            return Err(format!("took longer than {} s", limit.as_secs()));
        }
        sleep(Duration::from_millis(5));
    }
}
