//! Every attribute of every kind, changed by itself on a real server, forth and back.
//!
//! `tests/properties/<kind>.sql` says how; all of a kind's changes are one plan, each in an object of its
//! own. `PLANWRIGHT_TEST_PG_BIN` names the folder of another PostgreSQL server to run on. The newest, which has
//! all that any has, writes `docs/kinds.md`.
//!
//! Separate from the cases because the list of attributes is the program's own: one that nothing changes
//! here fails.

#[path = "properties/changed.rs"]
mod changed;
#[path = "properties/measured.rs"]
mod measured;
#[path = "properties/page.rs"]
mod page;
#[path = "properties/sections.rs"]
mod sections;
mod servers;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex},
};

use changed::{changed, read};
use libtest_mimic::{Arguments, Failed, Trial};
use page::Page;
use planwright::{
    catalog::{Catalog, Marked, attributes},
    diff::{diff, explain},
    order::order,
    source,
};
use servers::{Answer, Database, Plan, Server, differences, end_of};

/// The newest major version that is supported.
const NEWEST: u32 = 18;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("every attribute is changed by itself", complete)];
    let page = Arc::new(Mutex::new(Page::new()));
    let server = Server::start();
    if let Some(server) = &server {
        server.create_tablespace("planwright_space");
        for (kind, _) in attributes().filter(|(kind, _)| file(kind).exists()) {
            let (server, page) = (server.clone(), page.clone());
            trials.push(Trial::test(kind, move || Ok(change(kind, &server, &page)?)));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    let newest = server.is_some_and(|server| server.binaries.major == NEWEST);
    if newest && conclusion.num_failed + conclusion.num_filtered_out == 0 {
        let page = page.lock().expect("no test panics while it writes");
        if let Err(stale) = page::write(&page) {
            eprintln!("{stale}");
            return ExitCode::FAILURE;
        }
    }
    conclusion.exit_code()
}

/// Every attribute has a section of its own, or `excluded.txt` says why it cannot have one.
fn complete() -> Result<(), Failed> {
    let excluded = excluded();
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for (kind, attributes) in attributes() {
        let text = fs::read_to_string(file(kind)).unwrap_or_default();
        let alone = sections::read(kind, &text).alone();
        for attribute in &attributes {
            let name = format!("{kind}.{attribute}");
            match (alone.contains(*attribute), excluded.contains(&name)) {
                (false, false) => {
                    wrong.push(format!("no section of tests/properties/{kind}.sql changes {attribute}"))
                }
                (true, true) => wrong.push(format!("excluded.txt has {name}, which is changed by itself")),
                _ => {}
            }
            known.insert(name);
        }
        let unknown = alone.iter().filter(|attribute| !attributes.contains(&attribute.as_str()));
        wrong.extend(unknown.map(|attribute| format!("{kind} has no attribute {attribute}")));
    }
    wrong.extend(excluded.difference(&known).map(|name| format!("excluded.txt: there is no {name}")));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Changes every attribute of a kind, each in an object of its own, and back again.
fn change(kind: &'static str, server: &Arc<Server>, page: &Mutex<Page>) -> Result<(), String> {
    let text = fs::read_to_string(file(kind)).expect("it was seen a moment ago");
    let sections = sections::read(kind, &text).of(server.binaries.major);
    if sections.expected.is_empty() {
        return Ok(());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("properties").join(kind);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let [old, new] = ["old", "new"].map(|side| folder.join(format!("{side}.sql")));
    fs::write(&old, &sections.old).expect("the target folder can be written");
    fs::write(&new, &sections.new).expect("the target folder can be written");

    let (candidate, wanted) = (loaded(server, &old)?, loaded(server, &new)?);
    let statements = source::read(std::slice::from_ref(&old)).map_err(|problems| problems.to_string())?;
    let marked: Vec<Marked> = statements.data().into_iter().map(|data| Marked::whole(data.table)).collect();
    let (before, after) = (read(&candidate, &marked), read(&wanted, &marked));
    let rows = page::rows(kind, &before, &after)?;
    page.lock().expect("no test panics while it writes").insert(kind, rows);
    let descriptions = (candidate.description(), wanted.description());
    let mut wrong = compare("forth", &sections.expected, changed(kind, &before, &after));
    wrong.extend(compare("back", &sections.expected, changed(kind, &after, &before)));
    let plan = Plan::new(server.url("postgres"));
    let name = |path: &Path| path.to_str().expect("kinds have plain names").to_owned();
    let mut judged = |from: &Path, to: &Path, before: &Catalog, after: &Catalog| {
        // The rules are of the plain forms; how the same is done online, cases say.
        let json = planned(plan.diff(&name(from), &name(to), &["--offline", "--format", "json"], &folder))?;
        let steps = measured::steps(&json)?;
        wrong.extend(measured::disagreements(before, after, &steps)?);
        let sql = steps.iter().map(|step| format!("{};\n", step["sql"].as_str().expect("a step is a text")));
        Ok::<_, String>(sql.fold(String::from(UNCHECKED), |text, step| text + &step))
    };
    let forth = judged(&old, &new, &before, &after);
    let backwards = judged(&new, &old, &after, &before);
    wrong.extend(backwards.err());
    let forth = forth.and_then(|sql| run(&candidate, &sql, &descriptions.1, &after, &marked));
    // The way back was proven with it; this one starts from what pg_dump compared.
    let back = forth.and_then(|()| steps(&after, &before));
    wrong.extend(back.and_then(|sql| run(&candidate, &sql, &descriptions.0, &before, &marked)).err());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The changes that were expected and not seen, and those that were seen and not expected.
fn compare(direction: &str, expected: &[Vec<String>], seen: Vec<(String, Vec<String>)>) -> Vec<String> {
    let mut missing: BTreeMap<&[String], usize> = BTreeMap::new();
    expected.iter().for_each(|fields| *missing.entry(fields).or_default() += 1);
    let mut wrong = Vec::new();
    for (object, fields) in &seen {
        match missing.get_mut(fields.as_slice()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => wrong.push(format!("{direction}: {object} changes in {}", fields.join(", "))),
        }
    }
    let missing = missing.into_iter().filter(|(_, count)| *count > 0);
    wrong.extend(missing.map(|(fields, count)| {
        format!("{direction}: {count} sections change {}, and no object does", fields.join(", "))
    }));
    wrong
}

fn planned(answer: Answer) -> Result<String, String> {
    match answer {
        Answer::Done { sql, .. } => Ok(sql),
        Answer::Refused(talk) | Answer::Failed(talk) => Err(format!("plan: {}", end_of(&talk, 3000))),
    }
}

/// The statements that lead from one state to another.
fn steps(from: &Catalog, to: &Catalog) -> Result<String, String> {
    let placed = order(diff(from, to)).map_err(|diagnostics| format!("plan: {diagnostics:?}"))?;
    let sql = placed.iter().map(|placed| format!("{};\n", placed.step.sql));
    Ok(sql.fold(UNCHECKED.into(), |text, step| text + &step))
}

/// What a body names may come later.
const UNCHECKED: &str = "SET check_function_bodies = off;\n";

/// Runs a plan; then pg_dump and the catalog say what was wanted.
fn run(
    database: &Database,
    sql: &str,
    description: &str,
    catalog: &Catalog,
    marked: &[Marked],
) -> Result<(), String> {
    database.run(sql).map_err(|error| format!("psql: {error}\nthe plan is:\n{sql}"))?;
    let mut different = differences(&database.description(), description);
    different.extend(explain(&diff(&read(database, marked), catalog)));
    if different.is_empty() { Ok(()) } else { Err(format!("{}\nthe plan is:\n{sql}", different.join("\n"))) }
}

fn loaded(server: &Arc<Server>, path: &Path) -> Result<Database, String> {
    let database = server.empty();
    database.run_file(path).map_err(|error| format!("the properties do not load: {error}"))?;
    Ok(database)
}

fn file(kind: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{kind}.sql"))
}

/// The names in `excluded.txt`, each followed by the reason.
fn excluded() -> BTreeSet<String> {
    let lines = include_str!("properties/excluded.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split_once(": ") {
            Some((name, reason)) if !reason.is_empty() => name.to_owned(),
            _ => panic!("excluded.txt gives no reason: {line}"),
        })
        .collect()
}
