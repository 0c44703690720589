//! Real schemas that nobody here wrote, planned in both directions and judged by pg_dump's word.
//!
//! Runs when `PLANWRIGHT_CORPUS` names the corpus folder. Further environment variables:
//! `PLANWRIGHT_CORPUS_EVERY=N` takes every Nth step of each history, `PLANWRIGHT_CORPUS_MINUTES` starts no
//! new case after that time, `PLANWRIGHT_CORPUS_BAR` (0.99) is the part of pairs and history that must be
//! equal, or refused for a reason in `corpus/refused.toml`, `PLANWRIGHT_CORPUS_ENGINE` is the engine to plan on (default: this test's own server),
//! `PLANWRIGHT_CORPUS_THREADS` (2). Arguments are parts of names: only cases whose name holds all of them run.
//!
//! Separate from the other tests because it takes long, and because its data is not part of the project.

#[path = "corpus/case.rs"]
mod case;
#[path = "corpus/judge.rs"]
mod judge;
#[path = "corpus/report.rs"]
mod report;
mod servers;
#[path = "corpus/suites.rs"]
mod suites;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use case::Worker;
use report::Report;
use servers::{Plan, Server};

fn main() -> ExitCode {
    let Some(corpus) = env::var_os("PLANWRIGHT_CORPUS").map(PathBuf::from) else {
        println!("corpus: skipped, PLANWRIGHT_CORPUS names no folder");
        return ExitCode::SUCCESS;
    };
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let Some(server) = Server::start() else {
        return ExitCode::FAILURE;
    };
    let (mut batches, roles) = suites::read(&corpus, number("PLANWRIGHT_CORPUS_EVERY", 1.0) as usize);
    for batch in &mut batches {
        batch.retain(|case| wanted.iter().all(|part| case.name.contains(part)));
    }
    batches.retain(|batch| !batch.is_empty());
    roles.iter().for_each(|role| server.ensure_role(role));

    let engine = env::var("PLANWRIGHT_CORPUS_ENGINE").unwrap_or_else(|_| server.url("postgres"));
    let limit = Duration::from_secs_f64(60.0 * number("PLANWRIGHT_CORPUS_MINUTES", 1e6));
    let start = Instant::now();
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("corpus");
    let report = Mutex::new(Report::new(&output));
    let queue = Mutex::new(batches.into_iter());
    thread::scope(|scope| {
        for _ in 0..number("PLANWRIGHT_CORPUS_THREADS", 2.0) as usize {
            scope.spawn(|| {
                let mut worker = Worker::new(server.clone(), Plan::new(&engine), &corpus, &output);
                while let Some(batch) = next(&queue) {
                    for case in batch {
                        let outcome = (start.elapsed() < limit).then(|| worker.run(&case));
                        report.lock().expect("no thread panics while reporting").add(&case, outcome);
                    }
                    worker.forget();
                }
            });
        }
    });
    let report = report.into_inner().expect("no thread panics while reporting");
    match report.finish(number("PLANWRIGHT_CORPUS_BAR", 0.99)) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn next<T>(queue: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    queue.lock().expect("no thread panics while it takes work").next()
}

fn number(variable: &str, default: f64) -> f64 {
    match env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable}={text} is not a number")),
        Err(_) => default,
    }
}
