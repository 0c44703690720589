//! Dropped tables: where they go, what comes back, and what is gone for good.
//!
//! Separate because all of it takes both commands, a server, and rows.

mod servers;

use servers::{Database, Project, Server, Test, differences, run, tests};
use std::{fs, process::ExitCode, sync::Arc};

const BEFORE: &str = include_str!("trash/before.sql");
const AFTER: &str = include_str!("trash/after.sql");
const ROWS: &str = include_str!("trash/rows.sql");

fn main() -> ExitCode {
    run(TESTS)
}

const TESTS: &[(&str, Test)] = tests![
    what_was_dropped_comes_back_as_it_was,
    what_is_in_the_trash_is_cut_off,
    a_name_is_taken_from_the_trash_newest_first,
    a_type_is_dropped_though_the_trash_uses_it,
    a_rebuilt_table_comes_back_with_its_rows,
    an_owner_who_is_no_superuser_can_do_all_of_it,
    purge_drops_what_is_old_and_says_so,
    what_was_purged_does_not_come_back,
    a_trash_that_is_off_or_taken,
];

/// Everything that people see, and every row.
fn state(database: &Database) -> (String, Vec<String>) {
    let tables = "SELECT oid::regclass::text FROM pg_class
                  WHERE relkind IN ('r', 'p', 'S') AND relnamespace::regnamespace::text IN ('public', 'archive') ORDER BY 1";
    let rows = |table: String| {
        let row = if table.contains("_seq") { "concat(last_value, is_called)" } else { "t::text" };
        let all = query(database, &format!("SELECT {row} FROM ONLY {table} t ORDER BY 1"));
        format!("{table}: {}", all.join(" "))
    };
    (database.description(), query(database, tables).into_iter().map(rows).collect())
}

fn what_was_dropped_comes_back_as_it_was(server: &Arc<Server>) {
    let project = Project::new(server, BEFORE);
    project.up();
    project.database.run(ROWS).unwrap();
    let before = state(&project.database);
    let talk = project.plan(AFTER, &["--allow-breaking", "--no-renames"]).ends(0).talk;
    assert!(talk.contains("until `migrate purge`: ") && talk.contains("proven up, down and up"), "{talk}");
    // The migrations are run again where the lock is gone.
    fs::remove_file(project.root().join("generated/schema.lock")).unwrap();
    assert!(project.plan(AFTER, &[]).ends(0).talk.contains("nothing to do"));
    assert!(project.plan(AFTER, &["--check"]).ends(0).talk.contains("nothing to do"));
    // Twice, so that what comes back can go again.
    for _ in 0..2 {
        project.up();
        let url = project.database.url();
        assert!(project.plan(AFTER, &["--database", &url]).ends(0).talk.contains("nothing to do"));
        project.undo_to_first();
        let after = state(&project.database);
        let ours = |entry: &String| !entry.contains("planwright");
        let differ = differences(&after.0, &before.0);
        assert_eq!(differ.into_iter().filter(ours).collect::<Vec<_>>(), [""; 0]);
        assert_eq!(after.1, before.1);
    }
}

fn what_is_in_the_trash_is_cut_off(server: &Arc<Server>) {
    let project = Project::new(server, BEFORE);
    project.up();
    project.database.run(ROWS).unwrap();
    project.plan(AFTER, &["--allow-breaking", "--no-renames"]).ends(0);
    project.up();
    let count = |sql: &str| query(&project.database, sql)[0].clone();
    let within = "(SELECT oid FROM pg_class WHERE relnamespace = 'planwright_trash'::regnamespace)";
    // Its own, and those of foreign keys to it.
    assert_eq!(count(&format!("SELECT count(*)::text FROM pg_trigger WHERE tgrelid IN {within}")), "0");
    assert_eq!(count(&format!("SELECT count(*)::text FROM pg_policy WHERE polrelid IN {within}")), "0");
    let keys = format!(
        "SELECT count(*)::text FROM pg_constraint WHERE contype = 'f' AND (conrelid IN {within} OR confrelid IN {within})"
    );
    assert_eq!(count(&keys), "0");
    let grants = format!(
        "SELECT count(*)::text FROM pg_class, aclexplode(relacl) WHERE oid IN {within} AND grantee <> relowner"
    );
    assert_eq!(count(&grants), "0");
    let names = query(
        &project.database,
        &format!("SELECT relname::text FROM pg_class WHERE oid IN {within} ORDER BY 1"),
    );
    for name in &names {
        let stamp = name.as_bytes().iter().take_while(|byte| byte.is_ascii_digit()).count();
        assert!(name.len() <= 63 && stamp == 17 && name.as_bytes()[17] == b'_', "{name}");
    }
    for part in [
        "_o'dd \"name; --",
        "_o'dd \"name; --_pkey",
        "_o'dd \"name; --_id_seq",
        "_o'dd \"name; --_numbered_seq",
        "_plain",
        "_tree",
        "_tree_2",
        "_tree_pkey",
        "_heir",
    ] {
        assert!(names.iter().any(|name| &name[17..] == part), "{part}: {names:?}");
    }
    // Three names that are alike but for their ends are still three.
    assert_eq!(names.iter().filter(|name| name.contains("éééé")).count(), 3, "{names:?}");
    // What referred to it goes on without.
    project.database.run("DELETE FROM kept; INSERT INTO inbound VALUES (3, 99)").unwrap();
}

fn a_name_is_taken_from_the_trash_newest_first(server: &Arc<Server>) {
    let (first, none, second) =
        ("CREATE TABLE t (a integer);", "CREATE TABLE s ();", "CREATE TABLE t (b integer);");
    let project = Project::new(server, first);
    project.up();
    project.database.run("INSERT INTO t VALUES (1)").unwrap();
    for (schema, row) in [(none, ""), (second, "INSERT INTO t VALUES (2)"), (none, "")] {
        project.plan(schema, &["--allow-breaking", "--no-renames"]).ends(0);
        project.up();
        project.database.run(row).unwrap();
    }
    assert_eq!(project.migrate(&["status"]).ends(0).talk.matches("public.t, dropped").count(), 2);
    project.migrate(&["undo"]).ends(0);
    assert_eq!(query(&project.database, "SELECT b::text FROM t"), ["2"]);
    project.migrate(&["undo"]).ends(0);
    project.migrate(&["undo"]).ends(0);
    assert_eq!(query(&project.database, "SELECT a::text FROM t"), ["1"]);
}

fn a_type_is_dropped_though_the_trash_uses_it(server: &Arc<Server>) {
    let types = "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN small AS integer CHECK (VALUE < 10);
                 CREATE TYPE pair AS (a integer, b text); CREATE TYPE span AS RANGE (subtype = integer);";
    let table =
        "CREATE TABLE t (id integer PRIMARY KEY, m mood DEFAULT 'sad', ms mood[], s small, p pair, r span);";
    let project = Project::new(server, &format!("{types} {table}"));
    project.up();
    let rows = "INSERT INTO t VALUES (1, 'glad', '{sad,glad}', 3, '(1,x)', '[1,4)')";
    project.database.run(rows).unwrap();
    let before = state(&project.database);
    for schema in [types, "CREATE TABLE s ();"] {
        project.plan(schema, &["--allow-breaking"]).ends(0);
        project.up();
    }
    project.undo_to_first();
    let after = state(&project.database);
    let ours = |entry: &String| !entry.contains("planwright");
    assert_eq!(differences(&after.0, &before.0).into_iter().filter(ours).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(after.1, before.1);
}

fn a_rebuilt_table_comes_back_with_its_rows(server: &Arc<Server>) {
    let by = |key: &str| {
        format!(
            "CREATE TABLE t (a integer, b integer) PARTITION BY LIST ({key}); CREATE TABLE t_1 PARTITION OF t DEFAULT; CREATE VIEW v AS SELECT a FROM t;"
        )
    };
    let project = Project::new(server, &by("a"));
    project.up();
    project.database.run("INSERT INTO t VALUES (1, 2)").unwrap();
    project.plan(&by("b"), &["--allow-breaking"]).ends(0);
    project.up();
    // The new one has the partitions of the old one, which lies in the trash without.
    assert_eq!(query(&project.database, "SELECT count(*)::text FROM t"), ["1"]);
    assert_eq!(query(&project.database, "SELECT name FROM planwright.trash"), ["t"]);
    project.migrate(&["undo"]).ends(0);
    assert_eq!(query(&project.database, "SELECT a || ' ' || b FROM t_1 JOIN v USING (a)"), ["1 2"]);
}

fn an_owner_who_is_no_superuser_can_do_all_of_it(server: &Arc<Server>) {
    let project = Project::new(
        server,
        "CREATE TABLE t (id serial PRIMARY KEY, at date); CREATE INDEX ON t (at); GRANT SELECT ON t TO planwright_reader;",
    );
    let name = &project.database.name;
    let rights = format!(
        "ALTER ROLE planwright_writer LOGIN; GRANT CREATE ON DATABASE {name} TO planwright_writer; GRANT CREATE ON SCHEMA public TO planwright_writer"
    );
    project.database.run(&rights).unwrap();
    let project = Project { url: project.url.replace("postgres@", "planwright_writer@"), ..project };
    project.up();
    project.database.run("INSERT INTO t VALUES (5)").unwrap();
    project.plan("CREATE TABLE s ();", &["--allow-breaking", "--no-renames"]).ends(0);
    project.up();
    project.migrate(&["undo"]).ends(0);
    assert_eq!(query(&project.database, "SELECT id::text FROM t"), ["5"]);
    project.up();
    assert!(project.migrate(&["purge", "--older-than", "0s"]).ends(0).talk.contains("1 table purged"));
}

fn purge_drops_what_is_old_and_says_so(server: &Arc<Server>) {
    let project = Project::new(
        server,
        "CREATE TABLE a (id integer); CREATE TABLE b (id integer) PARTITION BY LIST (id); CREATE TABLE b_1 PARTITION OF b DEFAULT;",
    );
    project.up();
    project.database.run("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1), (2)").unwrap();
    project.plan("CREATE TABLE s ();", &["--allow-breaking", "--no-renames"]).ends(0);
    project.up();
    let asked = project.migrate(&["purge"]).ends(2).talk;
    assert!(asked.contains("--older-than 7d") && asked.contains("public.a, dropped"), "{asked}");
    let wrong = project.migrate(&["purge", "--older-than", "7 days"]).ends(2).talk;
    assert!(wrong.contains("7d"), "{wrong}");
    let old = "UPDATE planwright.trash SET discarded_at = discarded_at - interval '8 days' WHERE name = 'b'";
    project.database.run(old).unwrap();
    let would = project.migrate(&["purge", "--older-than", "7d", "--dry-run"]).ends(0).talk;
    assert!(
        would.contains("would purge public.b") && would.contains("2 rows") && !would.contains("public.a"),
        "{would}"
    );
    let count = "SELECT count(*)::text FROM pg_class WHERE relnamespace = 'planwright_trash'::regnamespace";
    assert_eq!(query(&project.database, count), ["3"]);
    let done = project.migrate(&["purge", "--older-than", "7d"]).ends(0).talk;
    assert!(done.contains("purged public.b") && done.contains("1 table purged"), "{done}");
    assert_eq!(query(&project.database, count), ["1"]);
    // What somebody made of it stays, with it.
    let trashed = query(
        &project.database,
        "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'planwright_trash'::regnamespace",
    );
    project.database.run(&format!("CREATE VIEW v AS SELECT * FROM {}", trashed[0])).unwrap();
    let kept = project.migrate(&["purge", "--older-than", "0s"]).ends(2).talk;
    assert!(kept.contains("view v depends on table"), "{kept}");
    project.database.run("DROP VIEW v").unwrap();
    assert!(project.migrate(&["status"]).ends(0).talk.contains("trash: 1 table"));
}

fn what_was_purged_does_not_come_back(server: &Arc<Server>) {
    let project = Project::new(server, "CREATE TABLE a (id integer);");
    project.up();
    project.plan("CREATE TABLE s ();", &["--allow-breaking", "--no-renames"]).ends(0);
    project.up();
    project.migrate(&["purge", "--older-than", "0s"]).ends(0);
    let gone = project.migrate(&["undo"]).ends(2).talk;
    assert!(
        gone.contains("public.a cannot be brought back: it was purged") && gone.contains("backup"),
        "{gone}"
    );
    // It has changed nothing, and the trash that is left is no difference.
    let url = project.database.url();
    assert!(project.plan("CREATE TABLE s ();", &["--database", &url]).ends(0).talk.contains("nothing to do"));
}

fn a_trash_that_is_off_or_taken(server: &Arc<Server>) {
    let project = Project::new(server, "CREATE TABLE a (id integer);");
    let taken =
        project.plan("CREATE SCHEMA planwright_trash; CREATE TABLE planwright_trash.a ();", &[]).ends(2).talk;
    assert!(taken.contains("where dropped tables go") && taken.contains("Cargo.toml"), "{taken}");
    project.setting("trash = \"waste\"");
    project.plan("CREATE TABLE s ();", &["--allow-breaking", "--no-renames"]).ends(0);
    project.up();
    assert_eq!(query(&project.database, "SELECT trash_schema FROM planwright.trash"), ["waste"]);
    assert!(
        project
            .plan("CREATE TABLE s ();", &["--database", &project.database.url()])
            .ends(0)
            .talk
            .contains("nothing to do")
    );
    project.setting("trash = \"off\"");
    let dropped = project.plan("CREATE SCHEMA x;", &["--allow-breaking"]).ends(0).talk;
    assert!(!dropped.contains("migrate purge"), "{dropped}");
    assert!(project.text("0003_").contains("DROP TABLE public.s;"));
}

fn query(database: &Database, sql: &str) -> Vec<String> {
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).unwrap();
    client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}
