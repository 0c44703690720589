//! Every kind's cases: `tests/cases/<kind>/<case>/{old.sql,new.sql}`, planned and run in both directions.
//!
//! `PLANWRIGHT_TEST_PG_BIN` names the folder of another PostgreSQL server to run on.
//! `PLANWRIGHT_CASES_EVERY=N` runs every Nth case only.
//! `PLANWRIGHT_TEST_EMBEDDED=1` plans on the embedded engine; the server, where there is one, still judges.
//!
//! Separate from the unit tests because nothing here knows how a plan comes about: it only runs it.

#[path = "cases/case.rs"]
mod case;
mod servers;

use std::{env, path::Path, process::ExitCode, sync::Arc};

use case::{Case, Direction};
use libtest_mimic::{Arguments, Failed, Trial};
use servers::{Answer, Database, Plan, Server, differences, end_of};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let embedded = env::var("PLANWRIGHT_TEST_EMBEDDED").is_ok_and(|value| value == "1");
    let server = Server::start();
    let plan = match (&server, embedded) {
        (_, true) | (None, false) => Plan::new("embedded"),
        (Some(server), false) => Plan::new(server.url("postgres")),
    };
    let every = env::var("PLANWRIGHT_CASES_EVERY").map_or(1, |every| every.parse().expect("it is a number"));
    let mut trials = Vec::new();
    let cases = case::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")));
    for case in cases.into_iter().step_by(every) {
        let case = Arc::new(case);
        let skipped = match &server {
            Some(server) => embedded && !case.embedded || server.binaries.major > case.maximum,
            None => !(embedded && case.embedded),
        };
        let directions: &[Direction] =
            if case.back { &[Direction::Forward, Direction::Back] } else { &[Direction::Forward] };
        for &direction in directions {
            let (case, server, plan) = (case.clone(), server.clone(), plan.clone());
            let name = format!("{}/{}", case.name, direction.name());
            let test = move || run(&case, direction, &plan, server.as_ref());
            trials.push(Trial::test(name, test).with_ignored_flag(skipped));
        }
    }
    if let Some(server) = server.filter(|server| server.binaries.major < 15) {
        trials
            .push(Trial::test("what older servers allow by default is not planned", move || usual(&server)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Plans one direction, runs the plan, compares, and plans again.
fn run(case: &Case, direction: Direction, plan: &Plan, server: Option<&Arc<Server>>) -> Result<(), Failed> {
    let (from, to) = case.sides(direction);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .with_file_name("cases")
        .join(&case.name)
        .join(direction.name());
    std::fs::create_dir_all(folder.join("again"))?;
    if let Some(server) = server.filter(|server| server.binaries.major < case.minimum) {
        return since(case, direction, server, plan, &folder);
    }
    let sql = match plan.diff(&from.written, &to.written, &[], &folder) {
        Answer::Done { sql, .. } => sql,
        Answer::Refused(talk) => return case.expect_refusal(direction, &talk).map_err(Failed::from),
        Answer::Failed(talk) => return Err(format!("plan: {}", end_of(&talk, 2000)).into()),
    };
    if server.map_or(0, |server| server.binaries.major) >= case.since {
        case.expect(direction, &sql)?;
    }
    let Some(server) = server else {
        return Ok(());
    };
    let candidate = loaded(server, &from.loaded)?;
    candidate.run(&sql).map_err(|error| format!("psql: {error}\nthe plan is:\n{sql}"))?;
    let wanted = loaded(server, &to.loaded)?;
    let different = differences(&candidate.description(), &wanted.description());
    if !different.is_empty() {
        return Err(format!("{}\nthe plan is:\n{sql}", different.join("\n")).into());
    }
    match plan.diff(&candidate.url(), &to.written, &[], &folder.join("again")) {
        Answer::Done { sql: again, .. } if again.trim().is_empty() => Ok(()),
        Answer::Done { sql: again, .. } => {
            Err(format!("a second plan is not empty:\n{again}\nthe first was:\n{sql}").into())
        }
        Answer::Refused(talk) | Answer::Failed(talk) => {
            Err(format!("a second plan: {}", end_of(&talk, 2000)).into())
        }
    }
}

/// What a server of an older major version cannot have is an error that says since when others do.
fn since(
    case: &Case,
    direction: Direction,
    server: &Server,
    plan: &Plan,
    folder: &Path,
) -> Result<(), Failed> {
    let (_, to) = case.sides(direction);
    let wanted = format!("since PostgreSQL {}", case.minimum);
    match (plan.diff("empty", &to.written, &[], folder), direction) {
        (Answer::Failed(talk), _) if talk.contains(&wanted) => Ok(()),
        // It may be the other side that has it.
        (Answer::Done { .. }, Direction::Back) => Ok(()),
        (Answer::Done { .. } | Answer::Refused(_), _) => {
            Err(format!("PostgreSQL {} takes what is new in {}", server.binaries.major, case.minimum).into())
        }
        (Answer::Failed(talk), _) => Err(format!("not said: {wanted}\n{}", end_of(&talk, 2000)).into()),
    }
}

/// A file that says what a server of an older major version has by itself, on the newest engine that there is.
fn usual(server: &Arc<Server>) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("usual");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("dumped.sql");
    let said = "GRANT ALL ON SCHEMA public TO PUBLIC;\nCREATE TABLE users (id integer);\n";
    std::fs::write(&file, said)?;
    let database = server.empty();
    database.run(said)?;
    for (allowed, wanted) in [(true, ""), (false, "GRANT CREATE ON SCHEMA public TO PUBLIC;")] {
        if !allowed {
            database.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")?;
        }
        match Plan::new("local").diff(&database.url(), &file.to_string_lossy(), &[], &folder) {
            Answer::Done { sql, .. } if sql.trim() == wanted => {}
            Answer::Done { sql, .. } => return Err(format!("not {wanted:?} but {sql}").into()),
            Answer::Refused(talk) | Answer::Failed(talk) => return Err(end_of(&talk, 2000).into()),
        }
    }
    Ok(())
}

fn loaded(server: &Arc<Server>, path: &Path) -> Result<Database, String> {
    let database = server.empty();
    database.run_file(path).map_err(|error| format!("the case does not load: {error}"))?;
    Ok(database)
}
