//! Plans that run while programs use the tables: nobody is stopped for long, and nothing that they wrote is lost.
//!
//! Separate because it takes a server, many rows and several programs at once.

mod servers;

use postgres::{Client, NoTls};
use servers::{Project, Server, Test, run, tests};
use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

fn main() -> ExitCode {
    run(TESTS)
}

const TESTS: &[(&str, Test)] = tests![
    programs_go_on_while_a_big_table_changes,
    an_index_that_failed_is_built_the_next_time,
    a_column_has_two_names_until_the_old_program_is_gone,
    a_table_has_two_names_until_the_old_program_is_gone,
    what_is_dropped_waits_for_the_old_program,
    a_table_that_a_database_knows_to_be_small_is_changed_at_once,
];

const SHOP: &str = "
CREATE TABLE customer (id integer PRIMARY KEY);
CREATE TABLE sale (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer integer, code text, note text);
CREATE INDEX sale_code ON sale (code);
";

/// How many rows the table has that changes under load.
const ROWS: i32 = 1_000_000;

fn programs_go_on_while_a_big_table_changes(server: &Arc<Server>) {
    let project = Project::new(server, SHOP);
    project.up();
    let fill = format!(
        "INSERT INTO customer SELECT generate_series(1, 100);
         INSERT INTO sale (customer, code, note) SELECT 1 + i % 100, 'c' || i, 'n' FROM generate_series(1, {ROWS}) i"
    );
    project.database.run(&fill).unwrap();
    let changed = "
        CREATE TABLE customer (id integer PRIMARY KEY);
        CREATE TABLE sale (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer integer NOT NULL REFERENCES customer,
            code text CHECK (code <> ''),
            note text,
            token uuid NOT NULL DEFAULT gen_random_uuid(),
            UNIQUE (code)
        );
        CREATE INDEX sale_code ON sale (lower(code));
        CREATE INDEX sale_customer ON sale (customer)";
    project.plan(changed, &[]).ends(0);

    let stop = Arc::new(AtomicBool::new(false));
    let program = |writer: i32| {
        let (stop, url) = (stop.clone(), project.url.clone());
        thread::spawn(move || {
            let mut client = Client::connect(&url, NoTls).unwrap();
            // Who waits for a lock for so long has an error, and the test fails.
            client.batch_execute("SET lock_timeout = '1s'").unwrap();
            let mut ledger = Vec::new();
            let mut at = 0;
            while !stop.load(Ordering::Relaxed) {
                at += 1;
                let code = format!("w{writer}-{at}");
                let insert = "INSERT INTO sale (customer, code, note) VALUES ($1, $2, 'new') RETURNING id";
                let id: i64 = client.query_one(insert, &[&(1 + at % 100), &code]).unwrap().get(0);
                let note = format!("{at}");
                client.execute("UPDATE sale SET note = $2 WHERE id = $1", &[&id, &note]).unwrap();
                let old = 1 + i64::from(writer) * 100_000 + i64::from(at) % 50_000;
                client.execute("UPDATE sale SET note = 'seen' WHERE id = $1", &[&old]).unwrap();
                client.query("SELECT customer, code FROM sale WHERE id = $1", &[&old]).unwrap();
                ledger.push((id, code, note));
            }
            ledger
        })
    };
    let programs: Vec<_> = (1..=3).map(program).collect();
    let ran = project.migrate(&["up"]);
    stop.store(true, Ordering::Relaxed);
    let ledgers: Vec<_> =
        programs.into_iter().map(|program| program.join().expect("no statement failed")).collect();
    ran.ends(0);

    let mut client = Client::connect(&project.url, NoTls).unwrap();
    let mut written = 0;
    for (id, code, note) in ledgers.into_iter().flatten() {
        let row = client.query_one("SELECT code, note FROM sale WHERE id = $1", &[&id]).unwrap();
        assert_eq!((row.get::<_, String>(0), row.get::<_, String>(1)), (code, note));
        written += 1;
    }
    assert!(written > 0, "the programs wrote nothing meanwhile");
    let count: i64 = client.query_one("SELECT count(*) FROM sale", &[]).unwrap().get(0);
    assert_eq!(count, i64::from(ROWS) + written);
    let unfilled: i64 =
        client.query_one("SELECT count(*) FROM sale WHERE token IS NULL", &[]).unwrap().get(0);
    assert_eq!(unfilled, 0);
    assert!(project.plan(changed, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn an_index_that_failed_is_built_the_next_time(server: &Arc<Server>) {
    let project = Project::new(server, SHOP);
    project.up();
    project.database.run("INSERT INTO sale (code) VALUES ('a'), ('a')").unwrap();
    let unique = SHOP.replace("code text", "code text UNIQUE");
    project.plan(&unique, &[]).ends(0);
    assert!(project.text("0002").contains("CREATE UNIQUE INDEX CONCURRENTLY"));
    let failed = project.migrate(&["up"]);
    assert_ne!(failed.code, Some(0), "{}", failed.talk);
    project.database.run("DELETE FROM sale WHERE id = 2").unwrap();
    project.up();
    assert!(project.plan(&unique, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

const USERS: &str = "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
CREATE INDEX users_name ON users (name);
";
const PEOPLE: &str = "CREATE TABLE users (
    id integer PRIMARY KEY,
    full_name text NOT NULL -- @renamed from=name
);
CREATE INDEX users_name ON users (full_name);
";

fn a_column_has_two_names_until_the_old_program_is_gone(server: &Arc<Server>) {
    let project = Project::new(server, USERS);
    project.up();
    project.database.run("INSERT INTO users VALUES (1, 'Ada')").unwrap();
    project.plan(PEOPLE, &[]).ends(1);
    let said = project.plan(PEOPLE, &["--expand"]).ends(0).talk;
    assert!(said.contains("this waits") && said.contains("plan -- --contract"), "{said}");
    assert!(!said.contains("breaking"), "{said}");
    project.up();

    let old = "INSERT INTO users (id, name) VALUES (2, 'Bo'); UPDATE users SET name = 'Ada L' WHERE id = 1";
    project.database.run(old).unwrap();
    let new =
        "INSERT INTO users (id, full_name) VALUES (3, 'Cy'); UPDATE users SET full_name = 'Bob' WHERE id = 2";
    project.database.run(new).unwrap();
    let rows = "SELECT concat_ws(' ', id, name, full_name) FROM users ORDER BY id";
    assert_eq!(query(&project, rows), ["1 Ada L Ada L", "2 Bob Bob", "3 Cy Cy"]);

    let said = project.plan(PEOPLE, &["--check"]).ends(0).talk;
    assert!(said.contains("--contract"), "{said}");
    project.plan(PEOPLE, &[]).ends(0);
    project.plan(PEOPLE, &["--contract"]).ends(0);
    project.up();
    assert_eq!(
        query(&project, "SELECT concat_ws(' ', id, full_name) FROM users ORDER BY id"),
        ["1 Ada L", "2 Bob", "3 Cy"]
    );
    let said = project.plan(PEOPLE, &["--check"]).ends(0).talk;
    assert!(!said.contains("--contract"), "{said}");
    assert!(project.plan(PEOPLE, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn a_table_has_two_names_until_the_old_program_is_gone(server: &Arc<Server>) {
    let project = Project::new(server, USERS);
    project.up();
    project.database.run("INSERT INTO users VALUES (1, 'Ada')").unwrap();
    let renamed = format!("-- @renamed from=users\n{}", USERS.replace("users", "people"));
    project.plan(&renamed, &["--expand"]).ends(0);
    let first = project.text("0002");
    assert!(first.contains("RENAME TO people") && first.contains("CREATE VIEW public.users"), "{first}");
    project.up();
    project.database.run("INSERT INTO users VALUES (2, 'Bo'); INSERT INTO people VALUES (3, 'Cy')").unwrap();
    project
        .database
        .run("UPDATE users SET name = 'C' WHERE id = 3; DELETE FROM people WHERE id = 1")
        .unwrap();
    for table in ["users", "people"] {
        let rows = format!("SELECT concat_ws(' ', id, name) FROM {table} ORDER BY id");
        assert_eq!(query(&project, &rows), ["2 Bo", "3 C"]);
    }
    project.plan(&renamed, &["--contract"]).ends(0);
    project.up();
    assert!(project.plan(&renamed, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn what_is_dropped_waits_for_the_old_program(server: &Arc<Server>) {
    let project = Project::new(server, USERS);
    project.up();
    let without = "CREATE TABLE users (id integer PRIMARY KEY, email text);";
    project.plan(without, &["--no-renames", "--expand"]).ends(0);
    project.up();
    // The old program names the column, the new one does not.
    project.database.run("INSERT INTO users (id, name) VALUES (1, 'Ada')").unwrap();
    project.database.run("INSERT INTO users (id, email) VALUES (2, 'b@x')").unwrap();
    project.plan(without, &["--no-renames", "--contract"]).ends(0);
    project.up();
    assert!(project.plan(without, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn a_table_that_a_database_knows_to_be_small_is_changed_at_once(server: &Arc<Server>) {
    let project = Project::new(server, SHOP);
    project.up();
    project.database.run("INSERT INTO sale (code) VALUES ('a'); ANALYZE").unwrap();
    let indexed = format!("{SHOP}CREATE INDEX sale_note ON sale (note);");
    let said = project.plan(&indexed, &["--database", &project.url, "--dry-run"]).ends(0).talk;
    assert!(said.contains("CREATE INDEX sale_note"), "{said}");
    let said = project.plan(&indexed, &["--dry-run"]).ends(0).talk;
    assert!(said.contains("CREATE INDEX CONCURRENTLY sale_note"), "{said}");
    let said = project.plan(&indexed, &["--dry-run", "--offline"]).ends(0).talk;
    assert!(said.contains("CREATE INDEX sale_note"), "{said}");
}

fn query(project: &Project, sql: &str) -> Vec<String> {
    let mut client = Client::connect(&project.url, NoTls).unwrap();
    client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}
