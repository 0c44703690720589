//! What must hold for every pair of schemas, on a real server.
//!
//! * A schema differs in nothing from itself, whatever numbers PostgreSQL gave its objects and in whatever
//!   order its statements were written.
//! * A plan from one to the other proves, and so does one back; what it makes is what was wanted, by the word
//!   of pg_dump, and its way back leads where it began.

use std::sync::Arc;

use planwright::{
    catalog::{self, Catalog, Filters, fingerprint},
    diagnostic::Diagnostics,
    diff::{diff, explain},
    plan::Plan,
    prove::{self, Start},
    report::script,
    scratch::{self, Choice, Engine, Requirements},
    source::{self, Source},
};

use super::{
    model::mixed,
    pair::Pair,
    servers::{Database, Server, differences},
};

/// What a pair breaks.
#[derive(Clone, Debug)]
pub enum Broken {
    /// PostgreSQL refuses a schema as it was generated: the generator's mistake, and no failure.
    Generator(String),
    Law {
        law: &'static str,
        why: String,
    },
}

type Checked<T> = Result<T, Broken>;

impl Broken {
    /// Is it the same mistake, as far as one can tell? Names and numbers differ from pair to pair.
    pub fn is_like(&self, other: &Broken) -> bool {
        let said = |broken: &Broken| match broken {
            Broken::Generator(_) => None,
            Broken::Law { law, why } => {
                let error = why.lines().next().unwrap_or_default();
                let quoted = error.split('"').step_by(2).collect::<String>();
                Some((*law, quoted.chars().filter(|c| !c.is_ascii_digit()).take(60).collect::<String>()))
            }
        };
        said(self).is_some_and(|one| Some(one) == said(other))
    }
}

/// Holds a pair to the laws; returns the catalogs of both sides.
pub fn check(server: &Arc<Server>, pair: &Pair) -> Checked<[Catalog; 2]> {
    let (old, new) = (pair.old.statements(), pair.new_schema().statements());
    let (a, b) = (plainly(server, &old)?, plainly(server, &new)?);
    let (a_dump, b_dump) = (a.description(), b.description());
    let mut engine = engine(server);

    let (candidate, old_catalog) = disturbed(&mut *engine, &old)?;
    same(&read(&a), &old_catalog)?;
    let (desired, new_catalog) = disturbed(&mut *engine, &new)?;
    same(&read(&b), &new_catalog)?;

    let plan = proven("forth", candidate, &new_catalog)?;
    proven("back", desired, &old_catalog)?;

    // The same plan on the schema as PostgreSQL itself loaded it.
    run("up", &a, &script::sql(&plan.drafts, false), &b_dump)?;
    run("down", &a, &script::sql(&plan.drafts, true), &a_dump)?;
    Ok([old_catalog, new_catalog])
}

fn broken(law: &'static str, why: impl Into<String>) -> Broken {
    Broken::Law { law, why: why.into() }
}

fn failed(law: &'static str) -> impl Fn(Diagnostics) -> Broken {
    move |diagnostics| broken(law, diagnostics.to_string())
}

/// A database with these statements, run one after the other.
fn plainly(server: &Arc<Server>, statements: &[String]) -> Checked<Database> {
    let database = server.empty();
    database.run(&(statements.join(";\n") + ";\n")).map_err(Broken::Generator)?;
    Ok(database)
}

fn engine(server: &Server) -> Box<dyn Engine> {
    let choice = Choice::Url(server.url("postgres"));
    scratch::choose(&choice, &Requirements::default(), None).expect("the server answers").0
}

fn read(database: &Database) -> Catalog {
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).expect("the server answers");
    catalog::read(&mut client).expect("a superuser can read the catalog")
}

/// A database with these statements in any order, where other objects had numbers before.
fn disturbed(engine: &mut dyn Engine, statements: &[String]) -> Checked<(scratch::Database, Catalog)> {
    let mut shuffled: Vec<&String> = statements.iter().collect();
    // Privileges of objects to come are of those that come after.
    let first = ["CREATE SCHEMA", "CREATE EXTENSION", "ALTER DEFAULT PRIVILEGES"];
    let place = |statement: &str| first.iter().position(|words| statement.starts_with(words));
    shuffled.sort_by_key(|statement| (place(statement).unwrap_or(first.len()), mixed(statement)));
    let text: String = shuffled.iter().map(|statement| format!("{statement};\n")).collect();
    let law = "statements in any order load";
    let source = Source { path: "shuffled.sql".into(), text: text.as_str().into() };
    let parsed = source::parse(vec![source]).map_err(failed(law))?;
    let mut database = engine.database("postgres", &Requirements::default()).expect("a database can be made");
    database.client.batch_execute(DISTURBANCE).expect("PostgreSQL has tables");
    scratch::load(&parsed, &mut database)
        .map_err(|error| broken(law, format!("{error}\nthe statements:\n{text}")))?;
    let catalog = catalog::read(&mut database.client).map_err(failed(law))?;
    Ok((database, catalog))
}

const DISTURBANCE: &str = "
    create table gone (a serial primary key, b text default 'x' check (b > ''));
    create view gone_too as select * from gone;
    create type gone_type as enum ('a', 'b');
    create function gone_function() returns gone_type language sql return 'a'::gone_type;
    drop table gone cascade;
    drop type gone_type cascade";

fn same(one: &Catalog, other: &Catalog) -> Checked<()> {
    let mut differs = explain(&diff(one, other));
    differs.extend(explain(&diff(other, one)));
    if differs.is_empty() && fingerprint(one) != fingerprint(other) {
        differs.push("the fingerprints differ, and nothing else".into());
    }
    let law = "a schema differs in nothing from itself";
    if differs.is_empty() { Ok(()) } else { Err(broken(law, differs.join("\n"))) }
}

fn proven(law: &'static str, database: scratch::Database, desired: &Catalog) -> Checked<Plan> {
    let start = Start::new(database, None, &[], desired, &Filters::default()).map_err(failed(law))?;
    let stages = start.stages(desired).map_err(failed(law))?;
    let statements = stages.iter().flat_map(|stage| &stage.steps);
    let plan: String = statements.map(|placed| format!("{};\n", placed.step.sql)).collect();
    prove::prove(start, stages, desired, "a test's server".into())
        .map_err(|error| broken(law, format!("{error}\nthe plan is:\n{plan}")))
}

fn run(law: &'static str, database: &Database, sql: &str, wanted: &str) -> Checked<()> {
    database.run(sql).map_err(|error| broken(law, format!("{error}\nthe plan is:\n{sql}")))?;
    let mut different = differences(&database.description(), wanted);
    // PostgreSQL cannot change the order of parents, nor make a column a parent's that was the child's too; that the
    // rest is right is for the catalogs to say.
    let inherits = |text: &&String| text.matches("\nINHERITS (").count() == 2;
    let children = different.iter().filter(inherits).filter_map(|text| text.split_once("; Type: TABLE;"));
    let children: Vec<String> = children.map(|(name, _)| name.to_owned()).collect();
    let of =
        |text: &str, child: &str| text.strip_prefix(child).is_some_and(|rest| rest.starts_with([' ', ';']));
    different.retain(|text| !children.iter().any(|child| of(text, child)));
    if different.is_empty() {
        return Ok(());
    }
    Err(broken(law, format!("{}\nthe plan is:\n{sql}", different.join("\n"))))
}
