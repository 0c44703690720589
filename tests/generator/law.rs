//! What must hold for every pair of schemas, on a real server.
//!
//! * A schema differs in nothing from itself, whatever numbers PostgreSQL gave its objects and in whatever
//!   order its statements were written.
//! * A plan from one to the other proves, and so does one back; what it makes is what was wanted, by the word
//!   of pg_dump and by the rows of the tables that `-- @data` marks, and its way back leads where it began.

use std::sync::Arc;

use planwright::{
    catalog::{self, Catalog, Filters, Id, Marked, fingerprint},
    diagnostic::Diagnostics,
    diff::{diff, explain},
    plan::Plan,
    prove::{self, Start},
    report::script,
    scratch::{self, Choice, Engine, Requirements},
    source::{self, Data, Source},
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
    let (old_data, new_data) = (marked(&old), marked(&new));
    let mut engine = engine(server);

    let (mut candidate, old_catalog) = disturbed(&mut *engine, &old, &old_data)?;
    same(&read(&a, &old_data), &old_catalog)?;
    let (mut desired, new_catalog) = disturbed(&mut *engine, &new, &new_data)?;
    same(&read(&b, &new_data), &new_catalog)?;

    // Which rows a plan is about is for the state that is wanted to say.
    let forth = planned(&old_data, &new_catalog);
    let back = planned(&new_data, &old_catalog);
    let wanted = [(&mut desired, &forth), (&mut candidate, &back)];
    let [new_wanted, old_wanted] = wanted.map(|(database, filters)| filters.read(&mut database.client));
    let (new_wanted, old_wanted) =
        (new_wanted.map_err(failed("forth"))?, old_wanted.map_err(failed("back"))?);
    let (before, after) = (Holding::of(&a, &forth), Holding::of(&b, &forth));
    let plan = proven("forth", candidate, &new_wanted, &forth)?;
    proven("back", desired, &old_wanted, &back)?;

    // The same plan on the schema as PostgreSQL itself loaded it.
    run("up", &a, &script::sql(&plan.drafts, false), &forth, &after)?;
    run("down", &a, &script::sql(&plan.drafts, true), &forth, &before)?;
    Ok([old_catalog, new_catalog])
}

/// What a database holds, without a word of the program.
struct Holding {
    dump: String,
    rows: Vec<String>,
}

impl Holding {
    /// The schema, and the rows of the tables that a plan is about.
    fn of(database: &Database, filters: &Filters) -> Holding {
        let mut client = client(database);
        let rows = filters.data.iter().flat_map(|marked| rows(&mut client, marked)).collect();
        Holding { dump: database.description(), rows }
    }
}

/// The rows of a table, a text each.
fn rows(client: &mut postgres::Client, marked: &Marked) -> Vec<String> {
    let columns = "
        SELECT to_regclass(format('%I.%I', $1::text, $2::text))::text, format('%I', attname) FROM pg_attribute
        WHERE attrelid = to_regclass(format('%I.%I', $1::text, $2::text)) AND attnum > 0 AND NOT attisdropped
          AND attgenerated = '' AND attname <> ALL ($3::text[]) AND ($4::text[] IS NULL OR attname = ANY ($4))
        ORDER BY attname";
    let [schema, table] = &marked.table[..] else { panic!("every name is written with its schema") };
    let found = client
        .query(columns, &[schema, table, &marked.unwritten, &marked.columns])
        .expect("columns can be listed");
    let Some(first) = found.first() else { return Vec::new() };
    let name: String = first.get(0);
    let columns: Vec<String> = found.iter().map(|row| format!("{}::text", row.get::<_, String>(1))).collect();
    let columns = columns.join(", ");
    let rows = client.query(&format!("SELECT ROW({columns})::text AS row FROM {name} ORDER BY 1"), &[]);
    let rows = rows.expect("rows can be read");
    rows.iter().map(|row| format!("{name} ({columns}): {}", row.get::<_, String>(0))).collect()
}

/// The tables that these statements mark.
fn marked(statements: &[String]) -> Vec<Marked> {
    let source = Source { path: "schema.sql".into(), text: script_of(statements).into() };
    let parsed = source::parse(vec![source]).expect("what PostgreSQL takes can be cut");
    let marked = |data: Data| Marked { columns: data.columns, ..Marked::whole(data.table) };
    parsed.data().into_iter().map(marked).collect()
}

/// What a plan to `wanted` looks at, where these tables were marked.
fn planned(was: &[Marked], wanted: &Catalog) -> Filters {
    let mut data: Vec<Marked> = wanted.marked.iter().map(Marked::wanted).collect();
    for was in was {
        match data.iter_mut().find(|marked| marked.table == was.table) {
            Some(marked) => marked.was(was.columns.clone()),
            None if wanted.contains(&Id::new("table", was.table.clone())) => {}
            None => data.push(was.clone()),
        }
    }
    Filters { data, ..Filters::default() }
}

fn script_of(statements: &[String]) -> String {
    statements.iter().map(|statement| format!("{statement};\n")).collect()
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
    database.run(&script_of(statements)).map_err(Broken::Generator)?;
    Ok(database)
}

fn engine(server: &Server) -> Box<dyn Engine> {
    let choice = Choice::Url(server.url("postgres"));
    scratch::choose(&choice, &Requirements::default(), None).expect("the server answers").0
}

fn client(database: &Database) -> postgres::Client {
    postgres::Client::connect(&database.url(), postgres::NoTls).expect("the server answers")
}

fn read(database: &Database, data: &[Marked]) -> Catalog {
    catalog::with_rows(&mut client(database), data).expect("a superuser can read the catalog")
}

/// A database with these statements in any order, where other objects had numbers before.
fn disturbed(
    engine: &mut dyn Engine,
    statements: &[String],
    data: &[Marked],
) -> Checked<(scratch::Database, Catalog)> {
    let mut shuffled: Vec<&String> = statements.iter().collect();
    // Privileges of objects to come are of those that come after, and what is revoked may be granted again.
    let first = ["CREATE SCHEMA", "CREATE EXTENSION", "ALTER DEFAULT PRIVILEGES", "REVOKE"];
    let place = |statement: &str| first.iter().position(|words| statement.starts_with(words));
    shuffled.sort_by_key(|statement| (place(statement).unwrap_or(first.len()), mixed(statement)));
    let shuffled: Vec<String> = shuffled.into_iter().cloned().collect();
    let text = script_of(&shuffled);
    let law = "statements in any order load";
    let source = Source { path: "shuffled.sql".into(), text: text.as_str().into() };
    let parsed = source::parse(vec![source]).map_err(failed(law))?;
    let mut database = engine.database("postgres", &Requirements::default()).expect("a database can be made");
    database.client.batch_execute(DISTURBANCE).expect("PostgreSQL has tables");
    scratch::load(&parsed, &mut database)
        .map_err(|error| broken(law, format!("{error}\nthe statements:\n{text}")))?;
    let catalog = catalog::with_rows(&mut database.client, data).map_err(failed(law))?;
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

fn proven(
    law: &'static str,
    database: scratch::Database,
    desired: &Catalog,
    filters: &Filters,
) -> Checked<Plan> {
    let start = Start::new(database, None, None, &[], desired, filters).map_err(failed(law))?;
    let stages = start.stages(desired).map_err(failed(law))?;
    let statements = stages.iter().flat_map(|stage| &stage.steps);
    let plan: String = statements.map(|placed| format!("{};\n", placed.step.sql)).collect();
    prove::prove(start, stages, desired, "a test's server".into())
        .map_err(|error| broken(law, format!("{error}\nthe plan is:\n{plan}")))
}

fn run(
    law: &'static str,
    database: &Database,
    sql: &str,
    filters: &Filters,
    wanted: &Holding,
) -> Checked<()> {
    database.run(sql).map_err(|error| broken(law, format!("{error}\nthe plan is:\n{sql}")))?;
    let found = Holding::of(database, filters);
    let mut different = differences(&found.dump, &wanted.dump);
    // PostgreSQL cannot change the order of parents, nor make a column a parent's that was the child's too; that the
    // rest is right is for the catalogs to say.
    let inherits = |text: &&String| text.matches("\nINHERITS (").count() == 2;
    let children = different.iter().filter(inherits).filter_map(|text| text.split_once("; Type: TABLE;"));
    let children: Vec<String> = children.map(|(name, _)| name.to_owned()).collect();
    let of =
        |text: &str, child: &str| text.strip_prefix(child).is_some_and(|rest| rest.starts_with([' ', ';']));
    different.retain(|text| !children.iter().any(|child| of(text, child)));
    let missing = wanted.rows.iter().filter(|row| !found.rows.contains(row));
    let surplus = found.rows.iter().filter(|row| !wanted.rows.contains(row));
    different.extend(missing.map(|row| format!("this row is missing: {row}")));
    different.extend(surplus.map(|row| format!("nobody wants this row: {row}")));
    if different.is_empty() {
        return Ok(());
    }
    Err(broken(law, format!("{}\nthe plan is:\n{sql}", different.join("\n"))))
}
