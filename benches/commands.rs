//! How long whole commands take and how much memory, beside `pg_dump --schema-only` on the same server.
//!
//! `cargo bench --bench commands`; `PLANWRIGHT_BENCH_TABLES` (100,1000,5000) are the sizes,
//! `PLANWRIGHT_BENCH_RUNS` (3) is how often each command runs: the fastest counts.
//! `PLANWRIGHT_BENCH_ENGINE` is the engine to plan on (default: the benchmark's own server).
//!
//! Separate from the criterion benchmarks because a process is measured from outside.

mod generate;
#[path = "../tests/servers/mod.rs"]
mod servers;

use std::{
    env, fs,
    process::{Command, ExitCode, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use servers::{Plan, Server};

/// The fastest of several runs, and the most memory that any of them held.
struct Measure {
    seconds: f64,
    mebibytes: f64,
}

fn main() -> ExitCode {
    let Some(server) = Server::start() else {
        return ExitCode::SUCCESS;
    };
    generate::ROLES.iter().for_each(|role| server.ensure_role(role));
    let sizes = env::var("PLANWRIGHT_BENCH_TABLES").unwrap_or_else(|_| "100,1000,5000".to_owned());
    println!("{:>6}  {:<28}{:>10}{:>12}{:>12}", "tables", "command", "seconds", "MiB", "x pg_dump");
    for size in sizes.split(',') {
        let tables = size.trim().parse().expect("PLANWRIGHT_BENCH_TABLES is a list of numbers");
        if let Err(reason) = measure_size(&server, tables) {
            eprintln!("{tables} tables: {reason}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn measure_size(server: &Arc<Server>, tables: usize) -> Result<(), String> {
    let same = server.file(&format!("same_{tables}.sql"));
    let changed = server.file(&format!("changed_{tables}.sql"));
    let write = |path, sql| fs::write(path, sql).map_err(|error| error.to_string());
    write(&same, generate::schema(tables, 0))?;
    write(&changed, generate::schema(tables, tables.div_ceil(100)))?;
    let database = server.empty();
    database.run_file(&same)?;

    let engine = env::var("PLANWRIGHT_BENCH_ENGINE").unwrap_or_else(|_| server.url("postgres"));
    let plan = Plan::new(engine);
    let diff = |to: &std::path::Path, more: &[&str]| {
        plan.command(&database.url(), to.to_str().expect("the name is ours"), more)
    };
    let pg_dump = || {
        let mut command = Command::new(server.binaries.pg_dump.as_ref().expect("checked below"));
        command.args(["--schema-only", "-d", &database.url()]);
        command
    };
    // What the proof's time is measured by: loading the schema once.
    let databases = std::cell::RefCell::new(Vec::new());
    let load = || {
        let empty = server.empty();
        let mut command = Command::new(&server.binaries.psql);
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &empty.url(), "-f"]).arg(&same);
        databases.borrow_mut().push(empty);
        command
    };
    let yardstick = match &server.binaries.pg_dump {
        Some(_) => Some(measure(pg_dump)?),
        None => None,
    };
    let report = |name: &str, measure: &Measure| {
        let ratio = yardstick.as_ref().map_or(f64::NAN, |yardstick| measure.seconds / yardstick.seconds);
        let Measure { seconds, mebibytes } = measure;
        println!("{tables:>6}  {name:<28}{seconds:>10.3}{mebibytes:>12.1}{ratio:>12.2}");
    };
    if let Some(yardstick) = &yardstick {
        report("pg_dump --schema-only", yardstick);
    }
    report("psql: the schema, once", &measure(load)?);
    report("plan diff, no change", &measure(|| diff(&same, &[]))?);
    report("plan diff, 1 % changed", &measure(|| diff(&changed, &[]))?);
    report("the same without proof", &measure(|| diff(&changed, &["--no-proof"]))?);
    Ok(())
}

fn measure(command: impl Fn() -> Command) -> Result<Measure, String> {
    let runs = env::var("PLANWRIGHT_BENCH_RUNS").map_or(3, |text| text.parse().expect("a number of runs"));
    let mut best = Measure { seconds: f64::INFINITY, mebibytes: 0.0 };
    for _ in 0..runs {
        let (time, kibibytes) = once(command())?;
        best.seconds = best.seconds.min(time.as_secs_f64());
        best.mebibytes = best.mebibytes.max(kibibytes as f64 / 1024.0);
    }
    Ok(best)
}

/// Runs a command to its end: how long it took, and its peak of resident memory in KiB.
fn once(mut command: Command) -> Result<(Duration, i64), String> {
    let start = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let mut talk = String::new();
    let mut stderr = child.stderr.take().expect("it was asked for");
    std::io::Read::read_to_string(&mut stderr, &mut talk).map_err(|error| error.to_string())?;
    let mut status = 0;
    // SAFETY: rusage is plain numbers, for which zero is a value; wait4 fills it in for our own child.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        if libc::wait4(child.id() as libc::pid_t, &mut status, 0, &mut usage) < 0 {
            return Err(std::io::Error::last_os_error().to_string());
        }
        usage
    };
    match status {
        0 => Ok((start.elapsed(), usage.ru_maxrss)),
        _ => Err(format!("{command:?} ended with {status}: {talk}")),
    }
}
