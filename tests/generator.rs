//! Random schemas and random edits, held to laws on a real server.
//!
//! `PLANWRIGHT_PAIRS` (100) is how many pairs are tried, `PLANWRIGHT_SEED` (1) that of the first; the next has
//! the next. A pair that fails is made smaller for `PLANWRIGHT_SHRINKING` (120) seconds and left in `target/generator/<seed>`, as two files that can
//! become a case: PLANWRIGHT_SEED=<seed> PLANWRIGHT_PAIRS=1 tries it again.
//!
//! Separate from the cases because nobody thought of these.

#[path = "generator/kinds/mod.rs"]
mod kinds;
#[path = "generator/law.rs"]
mod law;
#[path = "generator/model.rs"]
mod model;
#[path = "generator/pair.rs"]
mod pair;
mod servers;

use std::{
    collections::BTreeSet,
    env, fs,
    path::Path,
    process::ExitCode,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use law::{Broken, check};
use libtest_mimic::{Arguments, Failed, Trial};
use pair::{Pair, Pairs};
use planwright::catalog::attributes;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use servers::Server;

/// What the pairs of a run were like.
#[derive(Default)]
struct Tally {
    /// Kinds of objects that the program saw.
    kinds: BTreeSet<&'static str>,
    invalid: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let (seed, pairs) = (number("PLANWRIGHT_SEED", 1), number("PLANWRIGHT_PAIRS", 100));
    let Some(server) = Server::start() else { return ExitCode::SUCCESS };
    let tally = Arc::new(Mutex::new(Tally::default()));
    println!("PLANWRIGHT_SEED={seed} PLANWRIGHT_PAIRS={pairs}");
    let trial = |seed| {
        let (server, tally) = (server.clone(), tally.clone());
        Trial::test(format!("PLANWRIGHT_SEED={seed}"), move || attempt(&server, seed, &tally))
    };
    let conclusion = libtest_mimic::run(&arguments, (seed..seed + pairs).map(trial).collect());
    if pairs < 100 {
        return conclusion.exit_code();
    }
    match tally.lock().expect("no pair panics while it counts").wrong(pairs) {
        None => conclusion.exit_code(),
        Some(wrong) => {
            eprintln!("{wrong}");
            ExitCode::FAILURE
        }
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// One pair, made smaller when it fails.
fn attempt(server: &Arc<Server>, seed: u64, tally: &Mutex<Tally>) -> Result<(), Failed> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut tree = Pairs.new_tree(&mut runner).expect("pairs are made of what there is");
    let broken = match check(server, &tree.current()) {
        Ok(catalogs) => {
            let ids = catalogs.iter().flat_map(|catalog| catalog.objects.keys());
            tally.lock().expect("no pair panics while it counts").kinds.extend(ids.map(|id| id.kind));
            return Ok(());
        }
        Err(Broken::Generator(why)) => {
            let invalid = format!("PLANWRIGHT_SEED={seed}: {why}");
            eprintln!("{invalid}");
            tally.lock().expect("no pair panics while it counts").invalid.push(invalid);
            return Ok(());
        }
        Err(broken) => broken,
    };
    let end = Instant::now() + Duration::from_secs(number("PLANWRIGHT_SHRINKING", 120));
    let (mut smallest, mut failure) = (tree.current(), broken.clone());
    let mut smaller = tree.simplify();
    while smaller && Instant::now() < end {
        smaller = match check(server, &tree.current()) {
            Err(found) if found.is_like(&broken) => {
                (smallest, failure) = (tree.current(), found);
                tree.simplify()
            }
            _ => tree.complicate(),
        };
    }
    Err(report(seed, &smallest, &failure).into())
}

fn report(seed: u64, pair: &Pair, broken: &Broken) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("generator").join(seed.to_string());
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let mut text = String::new();
    for (name, schema) in [("old", pair.old.clone()), ("new", pair.new_schema())] {
        let sql: String = schema.statements().iter().map(|statement| format!("{statement};\n")).collect();
        fs::write(folder.join(format!("{name}.sql")), &sql).expect("the target folder can be written");
        text += &format!("-- {name}.sql\n{sql}\n");
    }
    let Broken::Law { law, why } = broken else { unreachable!("only a broken law is reported") };
    format!("{law}: {why}\n\n{}:\n{text}", folder.display())
}

impl Tally {
    /// What the generator itself does badly.
    fn wrong(&self, pairs: u64) -> Option<String> {
        if self.invalid.len() as u64 > pairs / 20 {
            return Some(format!("PostgreSQL refuses too many of the schemas:\n{}", self.invalid.join("\n")));
        }
        let never = include_str!("generator/never.txt").lines().filter_map(|line| line.split_once(": "));
        let never: BTreeSet<&str> = never.map(|(kind, _)| kind).collect();
        let unseen = attributes().map(|(kind, _)| kind).filter(|kind| !self.kinds.contains(kind));
        let unseen: Vec<&str> = unseen.filter(|kind| !never.contains(kind)).collect();
        (!unseen.is_empty()).then(|| format!("no schema had any {}", unseen.join(", ")))
    }
}
