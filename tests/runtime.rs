//! Bundles applied to a real PostgreSQL: in order, once, whole, by one session at a time.
//!
//! Runs on local PostgreSQL binaries, which it starts itself, and says so where there are none.

#[cfg(feature = "cli")]
#[path = "runtime/command.rs"]
mod command;
#[path = "runtime/database.rs"]
mod database;
#[cfg(feature = "embedded")]
#[path = "runtime/embedded.rs"]
mod embedded;
#[path = "runtime/pooler.rs"]
mod pooler;
#[path = "runtime/server.rs"]
mod server;

use database::Database;
use libtest_mimic::{Arguments, Failed, Trial};
use planwright::{
    Bundle, Migration, Migrator,
    bundle::{Class, Mode, Version},
    codegen::checksum,
    runtime::{self, Event, State},
};
use postgres::Client;
use server::Server;
use std::{
    cell::RefCell,
    process::ExitCode,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    #[cfg(feature = "embedded")]
    trials.extend(ALONE.iter().map(|(name, test)| trial("embedded", name, test, embedded::database)));
    let server = Server::start().map(Arc::new);
    match &server {
        Some(server) => trials.extend(ALONE.iter().chain(TOGETHER).map(|(name, test)| {
            let server = server.clone();
            trial("local", name, test, move || (server.database(name), ()))
        })),
        None => eprintln!("skipped: the tests on local PostgreSQL found no initdb and pg_ctl"),
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(server);
    conclusion.exit_code()
}

/// A test on a database of its own, with what serves it.
fn trial<Served>(
    engine: &str,
    name: &str,
    test: &'static Test,
    database: impl FnOnce() -> (Database, Served) + Send + 'static,
) -> Trial {
    Trial::test(format!("{engine}::{name}"), move || {
        let (database, _served) = database();
        test(&database);
        Ok::<(), Failed>(())
    })
}

type Test = fn(&Database);

macro_rules! tests {
    ($($(#[$when:meta])? $test:ident),* $(,)?) => { &[$($(#[$when])? (stringify!($test), $test)),*] };
}

/// On every engine: one session at a time.
const ALONE: &[(&str, Test)] = tests![
    pending_migrations_run_in_order_with_their_history,
    a_second_time_nothing_happens,
    an_edited_migration_is_refused_with_both_checksums,
    another_branchs_migration_is_refused_by_name,
    a_hole_in_the_history_is_refused,
    a_failure_leaves_nothing_of_its_migration,
    an_error_has_its_place_and_what_postgres_said_about_it,
    a_constraint_that_fails_at_commit_leaves_nothing,
    undo_brings_the_state_before_and_history_keeps_both,
    undo_without_migrations_does_nothing,
    what_is_irreversible_is_not_undone,
    status_reads_only,
    status_says_what_up_would_refuse,
    an_older_program_starts_on_a_newer_patch_and_on_no_other_major,
    what_a_migration_sets_does_not_outlive_it,
    the_settings_of_the_session_are_the_users_again,
    statements_outside_a_transaction_go_on_where_they_stopped,
    a_half_done_undo_is_completed_by_undo_only,
    no_lock_is_left_after_a_failure,
    a_migration_cannot_end_its_transaction,
    a_broken_bundle_is_refused,
    bundles_share_a_database,
    a_baseline_runs_on_an_empty_database,
    a_baseline_that_is_there_is_recorded_and_never_undone,
    a_part_of_a_baseline_is_refused_before_anything_is_written,
    hostile_names_are_only_names,
    text_runs_with_lf_line_ends,
    history_belongs_to_whoever_may_write_it,
];

/// On servers that have several sessions.
const TOGETHER: &[(&str, Test)] = tests![
    two_migrators_at_once_both_succeed_and_apply_once,
    an_index_is_built_concurrently_while_another_deployer_polls,
    who_waits_too_long_is_told_for_whom,
    a_table_in_use_is_tried_again_until_it_is_free,
    a_table_that_stays_in_use_fails_by_naming_the_transaction,
    a_killed_index_build_is_completed_by_the_next_run,
    a_transaction_pooler_is_recognised,
    no_message_holds_a_password,
    #[cfg(feature = "cli")]
    the_command_applies_shows_and_undoes,
];

fn pending_migrations_run_in_order_with_their_history(database: &Database) {
    let mut client = database.client();
    let bundle = bundle("shop", &[additive("add_a", A), breaking("add_b", B), additive("add_c", C)]);
    let events = RefCell::new(Vec::new());
    let report = Migrator::new(&bundle).listen(|event| events.borrow_mut().push(event.clone()));
    let report = report.up(&mut client).unwrap();
    assert_eq!(names(&report), ["0001_add_a", "0002_add_b", "0003_add_c"]);
    assert_eq!(report.version, Some(Version { major: 2, patch: 1 }));
    assert_eq!(tables(&mut client), ["a", "b", "c"]);
    let finished = |event: &Event| matches!(event, Event::Finished(_));
    // Planwright's own are the first.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/generated/migrations");
    let own = std::fs::read_dir(folder).unwrap().count() / 2;
    assert_eq!(events.borrow().iter().filter(|event| finished(event)).count(), own + 3);
    let rows = client
        .query(
            "SELECT number, name, direction, major, patch, checksum, role, finished_at >= started_at
             FROM planwright.migration WHERE bundle = 'shop' ORDER BY id",
            &[],
        )
        .unwrap();
    assert_eq!(rows.len(), 3);
    let row = &rows[1];
    assert_eq!((row.get::<_, i32>(0), row.get::<_, &str>(1), row.get::<_, &str>(2)), (2, "add_b", "up"));
    assert_eq!((row.get::<_, i32>(3), row.get::<_, i32>(4)), (2, 0));
    assert_eq!(row.get::<_, &str>(5), bundle.migrations[1].checksum);
    assert_eq!(row.get::<_, &str>(6), "postgres");
    assert!(row.get::<_, bool>(7));
}

fn a_second_time_nothing_happens(database: &Database) {
    let mut client = database.client();
    let one = bundle("shop", &[additive("add_a", A)]);
    up(&one, &mut client);
    let before = history(&mut client);
    let report = up(&one, &mut client);
    assert!(report.applied.is_empty());
    assert_eq!(report.version, Some(Version::FIRST));
    assert_eq!(history(&mut client), before);
    let more = bundle("shop", &[additive("add_a", A), additive("add_b", B)]);
    assert_eq!(names(&up(&more, &mut client)), ["0002_add_b"]);
}

fn an_edited_migration_is_refused_with_both_checksums(database: &Database) {
    let mut client = database.client();
    let was = bundle("shop", &[additive("add_a", A)]);
    up(&was, &mut client);
    let is = bundle("shop", &[additive("add_a", "CREATE TABLE a (y int);"), additive("add_b", B)]);
    let error = refused(&is, &mut client);
    assert!(error.is_modified());
    assert_eq!(error.migration(), Some("0001_add_a"));
    let said = error.to_string();
    for part in [
        "0001_add_a.up.sql",
        was.migrations[0].checksum,
        is.migrations[0].checksum,
        "UTC by postgres (tests)",
        "help: put the file back",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert_eq!(tables(&mut client), ["a"]);
}

fn another_branchs_migration_is_refused_by_name(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A), additive("add_b", B)]), &mut client);
    let error = refused(&bundle("shop", &[additive("add_a", A), additive("add_c", C)]), &mut client);
    let said = error.to_string();
    assert!(said.contains("0002_add_b") && said.contains("0002_add_c"), "{said}");
    assert!(error.is_refusal() && !error.is_modified());
    let error = refused(&bundle("shop", &[]), &mut client);
    assert!(error.to_string().contains("0001_add_a"), "{error}");
}

fn a_hole_in_the_history_is_refused(database: &Database) {
    let mut client = database.client();
    let all = bundle("shop", &[additive("add_a", A), additive("add_b", B), additive("add_c", C)]);
    up(&all, &mut client);
    client.execute("DELETE FROM planwright.migration WHERE name = 'add_b'", &[]).unwrap();
    let said = refused(&all, &mut client).to_string();
    assert!(said.contains("0003_add_c, but no migration 0002"), "{said}");
}

fn a_failure_leaves_nothing_of_its_migration(database: &Database) {
    let mut client = database.client();
    let bad = additive("add_b", "CREATE TABLE b ();\nCREATE TABLE a ();");
    let error = failed(&bundle("shop", &[additive("add_a", A), bad, additive("add_c", C)]), &mut client);
    assert_eq!(error.migration(), Some("0002_add_b"));
    assert_eq!(names(error.applied()), ["0001_add_a"]);
    assert_eq!(tables(&mut client), ["a"]);
    assert_eq!(history(&mut client), ["up 1"]);
    let mended = bundle("shop", &[additive("add_a", A), additive("add_b", B), additive("add_c", C)]);
    assert_eq!(names(&up(&mended, &mut client)), ["0002_add_b", "0003_add_c"]);
}

fn an_error_has_its_place_and_what_postgres_said_about_it(database: &Database) {
    let mut client = database.client();
    let up = "CREATE TABLE a (x int UNIQUE);\n-- ü;\nCREATE TABLE b (\n  ü text,\n  y nonsense\n);";
    let error = failed(&bundle("shop", &[additive("add_a", up)]), &mut client);
    assert!(error.is_sql() && !error.is_refusal());
    assert_eq!(error.position(), Some((5, 5)));
    let said = error.to_string();
    for part in ["generated/migrations/0001_add_a.up.sql:5:5", "5 |   y nonsense\n", " |     ^", "42704"] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    let up = "CREATE TABLE a (x int UNIQUE);\nINSERT INTO a VALUES (7), (7);";
    let said = failed(&bundle("shop", &[additive("add_a", up)]), &mut client).to_string();
    assert!(said.contains("0001_add_a.up.sql:2") && said.contains("detail: Key (x)=(7)"), "{said}");
    let up = "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nSELECT f('a'::text);";
    let said = failed(&bundle("shop", &[additive("add_f", up)]), &mut client).to_string();
    assert!(said.contains("hint: No function matches"), "{said}");
}

fn a_constraint_that_fails_at_commit_leaves_nothing(database: &Database) {
    let mut client = database.client();
    let up = "CREATE TABLE a (x int PRIMARY KEY, y int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
              INSERT INTO a VALUES (1, 2);";
    let said = failed(&bundle("shop", &[additive("add_a", up)]), &mut client).to_string();
    assert!(said.contains("0001_add_a.up.sql") && said.contains("detail: Key (y)=(2)"), "{said}");
    assert!(tables(&mut client).is_empty());
    assert!(history(&mut client).is_empty());
}

fn two_migrators_at_once_both_succeed_and_apply_once(database: &Database) {
    let slow = "SELECT pg_sleep(0.3); CREATE TABLE b ();";
    let all = bundle("shop", &[additive("add_a", A), additive("add_b", slow), additive("add_c", C)]);
    let applied: usize = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| up(&all, &mut database.client()).applied.len())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(applied, 3);
    assert_eq!(history(&mut database.client()), ["up 1", "up 2", "up 3"]);
}

fn an_index_is_built_concurrently_while_another_deployer_polls(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A)]), &mut client);
    let all =
        bundle("shop", &[additive("add_a", A), outside("add_i", "CREATE INDEX CONCURRENTLY i ON a (x);")]);
    // CREATE INDEX CONCURRENTLY waits for whoever has a snapshot from before it.
    let mut other = database.client();
    let mut snapshot = other.build_transaction().isolation_level(postgres::IsolationLevel::RepeatableRead);
    snapshot = snapshot.read_only(true);
    let mut snapshot = snapshot.start().unwrap();
    snapshot.query("SELECT FROM pg_class LIMIT 1", &[]).unwrap();
    // A deadlock would be seen as a retry.
    let deploy = || {
        let migrator = Migrator::new(&all).listen(|event| {
            assert!(!matches!(event, Event::Retrying { .. }), "{event}");
        });
        migrator.up(&mut database.client()).unwrap().applied.len()
    };
    let applied: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(deploy)).collect();
        thread::sleep(Duration::from_millis(1500));
        snapshot.commit().unwrap();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(applied, 1);
    assert_eq!(indexes(&mut client), [("i".to_owned(), true)]);
}

fn who_waits_too_long_is_told_for_whom(database: &Database) {
    let slow = bundle("shop", &[additive("add_a", "SELECT pg_sleep(3);")]);
    let begun = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = database.client();
            let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
            client.execute(&format!("SET application_name = 'deployer {pid}'"), &[]).unwrap();
            up(&slow, &mut client);
        });
        let mut client = database.client();
        wait_until(&mut client, "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%'
                                 AND pid <> pg_backend_pid() AND state = 'active' AND datname = current_database()");
        let status = Migrator::new(&slow).status(&mut client).unwrap();
        assert_eq!((status.pending(), status.refusal), (1, None), "status does not wait");
        let events = RefCell::new(Vec::new());
        let migrator = Migrator::new(&slow)
            .wait_for_turn(Duration::from_millis(600))
            .listen(|event| events.borrow_mut().push(event.to_string()));
        let error = migrator.up(&mut client).unwrap_err();
        assert!(error.is_locked() && !error.is_refusal());
        let pid: i32 = client
            .query_one("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'deployer %' AND datname = current_database()", &[])
            .unwrap()
            .get(0);
        let said = error.to_string();
        assert!(said.contains(&format!("pid {pid}, application deployer {pid}")), "{said}");
        assert!(events.borrow()[0].starts_with(&format!("waiting for pid {pid}")), "{events:?}");
        assert!(begun.elapsed() < Duration::from_secs(3));
    });
}

fn a_table_in_use_is_tried_again_until_it_is_free(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A)]), &mut client);
    let alter = additive("alter_a", "ALTER TABLE a ADD COLUMN y int;");
    let all = bundle("shop", &[additive("add_a", A), alter]);
    let mut other = database.client();
    let mut reader = other.transaction().unwrap();
    reader.query("SELECT FROM a", &[]).unwrap();
    let retries = thread::scope(|scope| {
        let migrating = scope.spawn(|| {
            let retries = RefCell::new(0);
            let count =
                |event: &Event| *retries.borrow_mut() += usize::from(matches!(event, Event::Retrying { .. }));
            Migrator::new(&all)
                .lock_timeout(Duration::from_millis(100))
                .listen(count)
                .up(&mut database.client())
                .unwrap();
            retries.into_inner()
        });
        // A reader that comes later is not stopped for longer than the timeout.
        thread::sleep(Duration::from_millis(300));
        let begun = Instant::now();
        client.query("SELECT FROM a", &[]).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(2));
        reader.commit().unwrap();
        migrating.join().unwrap()
    });
    assert!(retries > 0);
    assert_eq!(history(&mut client), ["up 1", "up 2"]);
}

fn a_table_that_stays_in_use_fails_by_naming_the_transaction(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A)]), &mut client);
    let alter = additive("alter_a", "CREATE TABLE b ();\nALTER TABLE a ADD COLUMN y int;");
    let all = bundle("shop", &[additive("add_a", A), alter]);
    let mut other = database.client();
    let pid: i32 = other.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
    let mut reader = other.transaction().unwrap();
    reader.query("SELECT FROM a", &[]).unwrap();
    let migrator =
        Migrator::new(&all).lock_timeout(Duration::from_millis(50)).retry_for(Duration::from_millis(500));
    let error = migrator.up(&mut client).unwrap_err();
    assert!(error.is_locked(), "{error}");
    assert_eq!(error.position(), Some((2, 1)));
    assert!(error.to_string().contains(&format!("pid {pid} (tests, idle in transaction")), "{error}");
    assert_eq!(tables(&mut client), ["a"]);
}

fn undo_brings_the_state_before_and_history_keeps_both(database: &Database) {
    let mut client = database.client();
    let all = bundle(
        "shop",
        &[additive("add_a", A).down("DROP TABLE a;"), breaking("add_b", B).down("DROP TABLE b;")],
    );
    up(&all, &mut client);
    let report = Migrator::new(&all).undo(&mut client).unwrap();
    assert_eq!(names(&report), ["0002_add_b"]);
    assert_eq!(report.version, Some(Version::FIRST));
    assert_eq!(tables(&mut client), ["a"]);
    assert_eq!(names(&up(&all, &mut client)), ["0002_add_b"]);
    Migrator::new(&all).undo(&mut client).unwrap();
    assert_eq!(Migrator::new(&all).undo(&mut client).unwrap().version, None);
    assert!(tables(&mut client).is_empty());
    assert_eq!(history(&mut client), ["up 1", "up 2", "down 2", "up 2", "down 2", "down 1"]);
}

fn undo_without_migrations_does_nothing(database: &Database) {
    let mut client = database.client();
    let report = Migrator::new(&bundle("shop", &[additive("add_a", A)])).undo(&mut client).unwrap();
    assert!(report.applied.is_empty());
    assert!(!planwright_exists(&mut client));
}

fn what_is_irreversible_is_not_undone(database: &Database) {
    let mut client = database.client();
    let mut migration = additive("add_a", A).down("DROP TABLE a;");
    migration.irreversible = Some("an enum value cannot be removed");
    let all = bundle("shop", &[migration]);
    up(&all, &mut client);
    let error = Migrator::new(&all).undo(&mut client).unwrap_err();
    assert!(error.is_refusal());
    assert!(error.to_string().contains("an enum value cannot be removed"), "{error}");
    assert_eq!(tables(&mut client), ["a"]);
}

fn status_reads_only(database: &Database) {
    let mut client = database.client();
    let all = bundle("shop", &[additive("add_a", A), additive("add_b", B)]);
    let status = Migrator::new(&all).status(&mut client).unwrap();
    assert_eq!((status.version, status.pending()), (None, 2));
    assert!(!planwright_exists(&mut client));
    up(&bundle("shop", &[additive("add_a", A)]), &mut client);
    // As a role that may read and nothing else.
    client
        .batch_execute(
            "CREATE ROLE reader; GRANT USAGE ON SCHEMA planwright TO reader;
             GRANT SELECT ON planwright.migration TO reader",
        )
        .unwrap();
    client.batch_execute("SET ROLE reader").unwrap();
    let status = Migrator::new(&all).status(&mut client).unwrap();
    assert_eq!(status.version, Some(Version::FIRST));
    assert_eq!(status.latest, Some(Version { major: 1, patch: 1 }));
    assert_eq!(status.refusal, None);
    assert!(matches!(&status.migrations[0].state, State::Applied { by, .. } if by == "postgres (tests)"));
    assert_eq!(status.migrations[1].state, State::Pending);
    client.batch_execute("RESET ROLE; DROP OWNED BY reader; DROP ROLE reader").unwrap();
}

fn status_says_what_up_would_refuse(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A), additive("add_b", B)]), &mut client);
    let edited = bundle("shop", &[additive("add_a", "CREATE TABLE a ();")]);
    let status = Migrator::new(&edited).status(&mut client).unwrap();
    assert!(status.refusal.unwrap().contains("0001_add_a was edited"));
    assert!(matches!(status.migrations[1].state, State::Unknown { .. }));
}

fn an_older_program_starts_on_a_newer_patch_and_on_no_other_major(database: &Database) {
    let mut client = database.client();
    let old = bundle("shop", &[additive("add_a", A)]);
    up(&bundle("shop", &[additive("add_a", A), additive("add_b", B)]), &mut client);
    let report = up(&old, &mut client);
    assert_eq!((report.applied.len(), report.ahead), (0, 1));
    assert_eq!(report.version, Some(Version { major: 1, patch: 1 }));
    let error = Migrator::new(&old).undo(&mut client).unwrap_err();
    assert!(error.is_refusal() && error.to_string().contains("0002_add_b"), "{error}");
    assert_eq!(tables(&mut client), ["a", "b"]);

    up(&bundle("shop", &[additive("add_a", A), additive("add_b", B), breaking("add_c", C)]), &mut client);
    let error = refused(&old, &mut client);
    let said = error.to_string();
    assert!(said.contains("0003_add_c, version 2.0") && said.contains("version 1.0"), "{said}");
}

fn what_a_migration_sets_does_not_outlive_it(database: &Database) {
    let mut client = database.client();
    let sets = "CREATE SCHEMA other; CREATE ROLE sets_role; SET search_path = other; SET ROLE sets_role;
                SET lock_timeout = '7s'; SELECT set_config('row_security', 'off', false);";
    let all = bundle(
        "shop",
        &[
            additive("add_other", sets),
            additive("add_a", A),
            outside("add_b", "SET search_path = other; CREATE TABLE b ();"),
        ],
    );
    up(&all, &mut client);
    // Outside a transaction every statement stands for itself.
    assert_eq!(
        column(
            &mut client,
            "SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname IN ('a', 'b')"
        ),
        ["public"; 2]
    );
    assert_eq!(history(&mut client), ["up 1", "up 2", "up 3"]);
    for (setting, expected) in [("role", "none"), ("lock_timeout", "0"), ("row_security", "on")] {
        let value: String = client.query_one("SELECT current_setting($1)", &[&setting]).unwrap().get(0);
        assert_eq!(value, expected, "{setting}");
    }
    client.batch_execute("DROP ROLE sets_role").unwrap();
}

fn the_settings_of_the_session_are_the_users_again(database: &Database) {
    let mut client = database.client();
    client
        .batch_execute("SET search_path = pg_temp; SET statement_timeout = '9s'; SET lock_timeout = '8s'")
        .unwrap();
    let bad = outside("add_b", "CREATE TABLE b (); CREATE TABLE b ();");
    failed(&bundle("shop", &[additive("add_a", A), bad]), &mut client);
    for (setting, expected) in [
        ("search_path", "pg_temp"),
        ("statement_timeout", "9s"),
        ("lock_timeout", "8s"),
        ("application_name", "tests"),
    ] {
        let value: String = client.query_one("SELECT current_setting($1)", &[&setting]).unwrap().get(0);
        assert_eq!(value, expected, "{setting}");
    }
    assert_eq!(tables(&mut client), ["a", "b"]);
}

fn statements_outside_a_transaction_go_on_where_they_stopped(database: &Database) {
    let mut client = database.client();
    let table = additive("add_a", "CREATE TABLE a (x int, y int); INSERT INTO a VALUES (1, 1), (2, 1);");
    let indexes_of_a = outside(
        "add_i",
        "CREATE INDEX CONCURRENTLY one ON a (x);\nCREATE UNIQUE INDEX CONCURRENTLY \"two;\" ON a (y);\n\
         CREATE INDEX CONCURRENTLY three ON a (x, y);",
    );
    let all = bundle("shop", &[table, indexes_of_a]);
    let error = failed(&all, &mut client);
    assert_eq!((error.migration(), error.position().map(|at| at.0)), (Some("0002_add_i"), Some(2)));
    assert!(error.to_string().contains("1 of its 3 statements are done"), "{error}");
    assert_eq!(indexes(&mut client), [("one".to_owned(), true)], "the invalid index is cleared away");

    let status = Migrator::new(&all).status(&mut client).unwrap();
    assert!(matches!(status.migrations[1].state, State::Interrupted { done: 1, .. }), "{status:?}");
    assert_eq!((status.version, status.pending()), (Some(Version::FIRST), 1));
    let failure: String = client
        .query_one("SELECT failure FROM planwright.migration WHERE finished_at IS NULL", &[])
        .unwrap()
        .get(0);
    assert!(failure.contains("23505"), "{failure}");
    let error = Migrator::new(&all).undo(&mut client).unwrap_err();
    assert!(error.is_refusal() && error.to_string().contains("migrate up"), "{error}");

    client.batch_execute("UPDATE a SET y = x").unwrap();
    let resumed = RefCell::new(None);
    let migrator = Migrator::new(&all).listen(|event| {
        if let Event::Resumed { done, .. } = event {
            *resumed.borrow_mut() = Some(*done);
        }
    });
    migrator.up(&mut client).unwrap();
    assert_eq!(*resumed.borrow(), Some(1));
    assert_eq!(indexes(&mut client), ["one", "three", "two;"].map(|name| (name.to_owned(), true)));
    assert_eq!(history(&mut client), ["up 1", "up 2"]);
}

fn a_killed_index_build_is_completed_by_the_next_run(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A)]), &mut client);
    let all = bundle(
        "shop",
        &[additive("add_a", A), outside("add_i", "CREATE INDEX CONCURRENTLY i ON public.a (x);")],
    );
    let mut other = database.client();
    let mut snapshot =
        other.build_transaction().isolation_level(postgres::IsolationLevel::RepeatableRead).start().unwrap();
    snapshot.query("SELECT FROM pg_class LIMIT 1", &[]).unwrap();
    snapshot.execute("SELECT pg_current_xact_id()", &[]).unwrap();
    thread::scope(|scope| {
        let migrating = scope.spawn(|| Migrator::new(&all).up(&mut database.client()).unwrap_err());
        wait_until(&mut client, "SELECT count(*) = 1 FROM pg_index WHERE indexrelid = to_regclass('i')");
        client
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE query LIKE 'CREATE INDEX CONC%' AND datname = current_database()",
                &[],
            )
            .unwrap();
        let error = migrating.join().unwrap();
        assert_eq!(error.migration(), Some("0002_add_i"), "{error}");
    });
    snapshot.commit().unwrap();
    assert_eq!(indexes(&mut client), [("i".to_owned(), false)]);
    up(&all, &mut client);
    assert_eq!(indexes(&mut client), [("i".to_owned(), true)]);

    // Killed after the build, before it was noted.
    client.batch_execute("UPDATE planwright.migration SET finished_at = NULL, statements_done = 0 WHERE number = 2 AND bundle = 'shop'").unwrap();
    assert_eq!(names(&up(&all, &mut client)), ["0002_add_i"]);
    assert_eq!(indexes(&mut client), [("i".to_owned(), true)]);
}

fn a_half_done_undo_is_completed_by_undo_only(database: &Database) {
    let mut client = database.client();
    let all = bundle(
        "shop",
        &[outside("add_ab", "CREATE TABLE a (); CREATE TABLE b ();").down("DROP TABLE b; DROP TABLE a;")],
    );
    up(&all, &mut client);
    client.batch_execute("CREATE VIEW v AS SELECT FROM a").unwrap();
    let error = Migrator::new(&all).undo(&mut client).unwrap_err();
    assert!(error.is_sql(), "{error}");
    let error = refused(&all, &mut client);
    assert!(error.to_string().contains("migrate undo"), "{error}");
    client.batch_execute("DROP VIEW v").unwrap();
    Migrator::new(&all).undo(&mut client).unwrap();
    assert!(tables(&mut client).is_empty());
    assert_eq!(history(&mut client), ["up 1", "down 1"]);
}

fn no_lock_is_left_after_a_failure(database: &Database) {
    let mut client = database.client();
    for bad in [additive("add_a", "nonsense"), outside("add_a", "nonsense")] {
        failed(&bundle("shop", &[bad]), &mut client);
        assert_eq!(locks(&mut client), 0);
    }
}

fn a_migration_cannot_end_its_transaction(database: &Database) {
    let mut client = database.client();
    for statement in
        ["COMMIT", "begin", "START TRANSACTION", "END", "ROLLBACK", "abort", "PREPARE TRANSACTION 'a'"]
    {
        let up = format!("CREATE TABLE a ();\n{statement};");
        let error = refused(&bundle("shop", &[additive("add_a", &up)]), &mut client);
        assert!(error.to_string().contains("0001_add_a.up.sql:2"), "{error}");
        assert!(tables(&mut client).is_empty());
    }
    let savepoints = "SAVEPOINT s; CREATE TABLE a (); ROLLBACK TO s; RELEASE s;";
    up(&bundle("shop", &[additive("add_a", savepoints)]), &mut client);
    assert!(tables(&mut client).is_empty());
}

fn a_broken_bundle_is_refused(database: &Database) {
    let mut client = database.client();
    let broken = Bundle { broken: Some("error[migration-gap]: …"), ..bundle("shop", &[]) };
    let error = refused(&broken, &mut client);
    assert!(error.to_string().contains("migration-gap") && error.to_string().contains("shop"), "{error}");
    assert!(!planwright_exists(&mut client));
}

fn bundles_share_a_database(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A)]), &mut client);
    let other = bundle("stock", &[additive("add_b", B).down("DROP TABLE b;")]);
    assert_eq!(names(&up(&other, &mut client)), ["0001_add_b"]);
    Migrator::new(&other).undo(&mut client).unwrap();
    assert_eq!(tables(&mut client), ["a"]);
}

fn a_baseline_runs_on_an_empty_database(database: &Database) {
    let mut client = database.client();
    let bundle = bundle("shop", &[baseline(BASELINE).down("DROP TABLE a, \"b \"\" c\"; DROP FUNCTION f();")]);
    assert_eq!(state(&bundle, &mut client), State::Pending);
    let report = up(&bundle, &mut client);
    assert_eq!((names(&report), report.recorded.len()), (vec!["0001_baseline"], 0));
    assert!(matches!(state(&bundle, &mut client), State::Applied { .. }));
    Migrator::new(&bundle).undo(&mut client).unwrap();
    assert_eq!(tables(&mut client), [""; 0]);
}

fn a_baseline_that_is_there_is_recorded_and_never_undone(database: &Database) {
    let mut client = database.client();
    client.batch_execute(BASELINE).unwrap();
    let bundle = bundle(
        "shop",
        &[baseline(BASELINE).down("DROP TABLE a;"), additive("add_c", C).down("DROP TABLE c;")],
    );
    assert_eq!(state(&bundle, &mut client), State::Unrecorded);
    assert_eq!(Migrator::new(&bundle).status(&mut client).unwrap().pending(), 2);
    let events = RefCell::new(Vec::new());
    let report = Migrator::new(&bundle).listen(|event| events.borrow_mut().push(event.to_string()));
    let report = report.up(&mut client).unwrap();
    assert_eq!(report.recorded, ["0001_baseline"]);
    assert_eq!(names(&report), ["0002_add_c"]);
    assert!(events.borrow().iter().any(|event| event.starts_with("recorded 0001_baseline")), "{events:?}");
    assert!(matches!(state(&bundle, &mut client), State::Recorded { .. }));
    assert!(up(&bundle, &mut client).recorded.is_empty());
    Migrator::new(&bundle).undo(&mut client).unwrap();
    let error = Migrator::new(&bundle).undo(&mut client).unwrap_err();
    assert!(error.is_refusal() && error.to_string().contains("recorded, not run"), "{error}");
    assert_eq!(tables(&mut client), ["a", "b \" c"]);
}

fn a_part_of_a_baseline_is_refused_before_anything_is_written(database: &Database) {
    let mut client = database.client();
    client.batch_execute(A).unwrap();
    let bundle = bundle("shop", &[baseline(BASELINE)]);
    let error = refused(&bundle, &mut client).to_string();
    for part in ["1 of 3", "it has relation public.a", "relation public.\"b \"\" c\", routine public.f"] {
        assert!(error.contains(part), "{part:?} is not said:\n{error}");
    }
    assert!(Migrator::new(&bundle).status(&mut client).unwrap().refusal.is_some());
    assert!(!planwright_exists(&mut client));
}

fn hostile_names_are_only_names(database: &Database) {
    let mut client = database.client();
    let name = "o'shop\"; DROP SCHEMA planwright CASCADE; -- \u{fc}";
    let all = bundle(name, &[additive("add_a", "CREATE TABLE \"a'; DROP TABLE b; --\" (\"\u{fc};\" text);")]);
    up(&all, &mut client);
    assert!(up(&all, &mut client).applied.is_empty());
    assert_eq!(tables(&mut client), ["a'; DROP TABLE b; --"]);
}

fn text_runs_with_lf_line_ends(database: &Database) {
    let mut client = database.client();
    let up_text = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\r\nSELECT 1;\r\n$$;\r\n";
    up(&bundle("shop", &[additive("add_f", up_text)]), &mut client);
    let body: String =
        client.query_one("SELECT prosrc FROM pg_proc WHERE proname = 'f'", &[]).unwrap().get(0);
    assert_eq!(body, "\nSELECT 1;\n");
}

fn history_belongs_to_whoever_may_write_it(database: &Database) {
    let mut client = database.client();
    up(&bundle("shop", &[additive("add_a", A)]), &mut client);
    client.batch_execute("CREATE ROLE nobody; SET ROLE nobody").unwrap();
    let error = Migrator::new(&bundle("shop", &[additive("add_a", A)])).up(&mut client).unwrap_err();
    assert!(error.is_sql() && error.to_string().contains("permission denied"), "{error}");
    client.batch_execute("RESET ROLE; DROP ROLE nobody").unwrap();
}

fn a_transaction_pooler_is_recognised(database: &Database) {
    let pooler = pooler::Pooler::start(database.folder.join(".s.PGSQL.5432"));
    let mut client = pooler.client(&database.name);
    let error = Migrator::new(&bundle("shop", &[additive("add_a", A)])).up(&mut client).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("pooler") && said.contains("direct connection"), "{said}");
    drop(client);
    let mut client = database.client();
    assert!(tables(&mut client).is_empty());
}

#[cfg(feature = "cli")]
fn the_command_applies_shows_and_undoes(database: &Database) {
    let project = command::Project::new(&database.folder, &database.name);
    project.migration("0001_add_a", "additive", "1.0", A, "DROP TABLE a;");
    project.migration("0002_add_b", "breaking", "2.0", B, "DROP TABLE b;");
    let said = project.migrate(&["up"]).ends(0);
    assert_eq!(said.stdout, "");
    assert!(said.stderr.contains("applied 0002_add_b") && said.stderr.contains("at version 2.0"), "{said:?}");
    assert!(project.migrate(&["up"]).ends(0).stderr.contains("nothing to apply"));
    assert_eq!(project.migrate(&["up", "-q"]).ends(0).stderr, "");
    let status = project.migrate(&["status"]).ends(0).stdout;
    assert!(
        status.contains("version 2.0, latest 2.0, 0 pending\n  0001_add_a  1.0 additive  applied "),
        "{status}"
    );
    project.migrate(&["undo"]).ends(0);
    let status: serde_json::Value =
        serde_json::from_str(&project.migrate(&["status", "--format", "json"]).ends(0).stdout).unwrap();
    assert_eq!((&status["format"], &status["pending"]), (&1.into(), &1.into()));
    assert_eq!((&status["version"], &status["migrations"][1]["state"]), (&"1.0".into(), &"pending".into()));

    project.migration("0001_add_a", "additive", "1.0", "CREATE TABLE a ();", "DROP TABLE a;");
    let said = project.migrate(&["up"]).ends(1);
    assert!(said.stderr.contains("0001_add_a was edited"), "{said:?}");
    let said = project.migrate(&["status"]).ends(1);
    assert!(said.stdout.contains("0001_add_a") && said.stderr.contains("was edited"), "{said:?}");
    assert!(project.without_database(&["up"]).ends(2).stderr.contains("DATABASE_URL"));
    assert!(project.migrate(&["-C", "/nowhere", "up"]).ends(2).stderr.contains("-C DIR"));
    let said = project.migrate(&["--database", "postgres://me:hunter2@localhost:1/db", "up"]).ends(2);
    assert!(
        said.stderr.contains("postgres://me@localhost:1/db") && !said.stderr.contains("hunter2"),
        "{said:?}"
    );
    project.migration("0003_add_c", "additive", "9.9", C, "");
    assert!(project.migrate(&["up"]).ends(2).stderr.contains("migration-version"));
}

fn no_message_holds_a_password(database: &Database) {
    for url in [
        "postgres://me:hunter2@localhost:1/db".to_owned(),
        "postgres://me:hunter2@localhost:1/db?sslmode=require".to_owned(),
        "postgres://me:hunter2@localhost:1/db?nonsense=1".to_owned(),
        "postgres://me:hunter2@localhost:hunter2x/db".to_owned(),
        "host=localhost port=1 password=hunter2 user=me".to_owned(),
        "password='hunter2 user=me".to_owned(),
        format!(
            "host={} user=nobody_here password=hunter2 dbname={}",
            database.folder.display(),
            database.name
        ),
    ] {
        let error = connect_error(&url);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

const A: &str = "CREATE TABLE a (x int);";
const B: &str = "CREATE TABLE b ();";
const C: &str = "CREATE TABLE c ();";

/// A migration without its number and version.
#[derive(Clone)]
struct Draft {
    name: &'static str,
    class: Class,
    mode: Mode,
    up: String,
    down: String,
    irreversible: Option<&'static str>,
}

impl Draft {
    fn down(self, down: &str) -> Draft {
        Draft { down: down.to_owned(), ..self }
    }
}

fn additive(name: &'static str, up: &str) -> Draft {
    let (up, down) = (up.to_owned(), String::new());
    Draft { name, class: Class::Additive, mode: Mode::Transaction, up, down, irreversible: None }
}

fn breaking(name: &'static str, up: &str) -> Draft {
    Draft { class: Class::Breaking, ..additive(name, up) }
}

fn outside(name: &'static str, up: &str) -> Draft {
    Draft { mode: Mode::None, ..additive(name, up) }
}

/// The header names what the statements make.
fn baseline(sql: &str) -> Draft {
    let names = ["relation public.a", "relation public.\"b \"\" c\"", "routine public.f"];
    let header: String = names.iter().map(|name| format!("-- baseline: {name}\n")).collect();
    additive("baseline", &format!("-- planwright: 1\n{header}\n{sql}"))
}

const BASELINE: &str = "CREATE TABLE a (); CREATE TABLE \"b \"\" c\" ();
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";

/// What became of a bundle's first migration.
fn state(bundle: &Bundle<'_>, client: &mut Client) -> State {
    Migrator::new(bundle).status(client).unwrap().migrations.remove(0).state
}

/// A bundle as a program holds it, for as long as the program runs.
fn bundle(name: &'static str, drafts: &[Draft]) -> Bundle<'static> {
    let leak = |text: String| -> &'static str { text.leak() };
    let mut version = None;
    let migrations: Vec<Migration<'static>> = (1..)
        .zip(drafts)
        .map(|(number, draft)| {
            let this = version.map_or(Version::FIRST, |before: Version| before.after(draft.class));
            version = Some(this);
            Migration {
                number,
                name: draft.name,
                class: draft.class,
                version: this,
                mode: draft.mode,
                checksum: leak(checksum(&draft.up)),
                up: leak(draft.up.clone()),
                down_mode: draft.mode,
                down_checksum: leak(checksum(&draft.down)),
                down: leak(draft.down.clone()),
                irreversible: draft.irreversible,
            }
        })
        .collect();
    Bundle { name, head: "", lock: "", migrations: migrations.leak(), broken: None }
}

fn up(bundle: &Bundle<'_>, client: &mut Client) -> runtime::Report {
    Migrator::new(bundle).up(client).unwrap()
}

fn failed(bundle: &Bundle<'_>, client: &mut Client) -> runtime::Error {
    let error = Migrator::new(bundle).up(client).unwrap_err();
    assert!(!error.is_refusal(), "{error}");
    error
}

fn refused(bundle: &Bundle<'_>, client: &mut Client) -> runtime::Error {
    let error = Migrator::new(bundle).up(client).unwrap_err();
    assert!(error.is_refusal(), "{error}");
    error
}

fn connect_error(url: &str) -> runtime::Error {
    match runtime::connect(url) {
        Err(error) => error,
        Ok(_) => panic!("connected to {url}"),
    }
}

fn names(report: &runtime::Report) -> Vec<&str> {
    report.applied.iter().map(|applied| &*applied.migration).collect()
}

/// Tables that are not Planwright's.
fn tables(client: &mut Client) -> Vec<String> {
    column(
        client,
        "SELECT tablename::text FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'planwright') ORDER BY 1",
    )
}

/// What ran of the bundle that is not Planwright's.
fn history(client: &mut Client) -> Vec<String> {
    column(
        client,
        "SELECT direction || ' ' || number FROM planwright.migration
         WHERE bundle <> 'planwright' AND finished_at IS NOT NULL ORDER BY id",
    )
}

fn indexes(client: &mut Client) -> Vec<(String, bool)> {
    let sql = "SELECT c.relname::text, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
               WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1";
    client.query(sql, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn locks(client: &mut Client) -> i64 {
    client
        .query_one(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
            &[],
        )
        .unwrap()
        .get(0)
}

fn planwright_exists(client: &mut Client) -> bool {
    client.query_one("SELECT to_regnamespace('planwright') IS NOT NULL", &[]).unwrap().get(0)
}

fn column(client: &mut Client, sql: &str) -> Vec<String> {
    client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

fn wait_until(client: &mut Client, sql: &str) {
    let begun = Instant::now();
    while !client.query_one(sql, &[]).unwrap().get::<_, bool>(0) {
        assert!(begun.elapsed() < Duration::from_secs(20), "never true: {sql}");
        thread::sleep(Duration::from_millis(20));
    }
}
