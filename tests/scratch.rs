//! Scratch databases: what loads, what is said when something does not, and what is left behind.

#![cfg(feature = "planner")]

use std::sync::Arc;

use planwright::{
    diagnostic::{Diagnostics, Verdict},
    scratch::{Choice, Database, Engine, Requirements, choose, connect, load},
    source::{self, Source, Statements},
};

/// Every engine that this build and this machine have.
fn engines() -> Vec<Box<dyn Engine>> {
    let mut engines = Vec::new();
    for choice in [Choice::Local, Choice::Embedded] {
        match choose(&choice, &Requirements::default(), None) {
            Ok((engine, _)) => engines.push(engine),
            Err(problems) => assert_eq!(problems.0[0].code, "no-engine", "{problems}"),
        }
    }
    assert!(!engines.is_empty() || !cfg!(feature = "embedded"));
    engines
}

fn parse(text: &str) -> Statements {
    source::parse(vec![Source { path: "schema.sql".into(), text: Arc::from(text) }]).unwrap()
}

fn database(engine: &mut dyn Engine, text: &str) -> Database {
    let role = engine.role();
    engine.database(&role, &Requirements::of([text].into_iter())).unwrap()
}

fn loaded(engine: &mut dyn Engine, text: &str) -> Result<Database, Diagnostics> {
    let mut database = database(engine, text);
    load(&parse(text), &mut database).map(|()| database)
}

fn value(database: &mut Database, sql: &str) -> String {
    database.client.query_one(sql, &[]).unwrap().get::<_, Option<String>>(0).unwrap_or_default()
}

#[test]
fn a_schema_in_any_order_becomes_one_database() {
    let text = r#"
        CREATE VIEW app.names AS SELECT name, app.shout(name) AS loud FROM app.people;
        CREATE TRIGGER touch BEFORE UPDATE ON app.people FOR EACH ROW EXECUTE FUNCTION app.touch();
        CREATE INDEX CONCURRENTLY by_name ON app.people (name);
        CREATE TABLE app.people (id int PRIMARY KEY, name citext NOT NULL, mood app.mood DEFAULT 'new', team int REFERENCES teams);
        ALTER TYPE app.mood ADD VALUE 'new';
        GRANT SELECT ON app.people TO "a reader";
        ALTER TABLE app.people OWNER TO keeper;
        CREATE FUNCTION app.shout(t citext) RETURNS text LANGUAGE sql AS $$ SELECT upper(t::text) FROM teams $$;
        CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := 'x;y'; RETURN NEW; END $$;
        CREATE TYPE app.mood AS ENUM ('old');
        BEGIN;
        CREATE TABLE teams (id int PRIMARY KEY);
        COMMIT;
        CREATE SCHEMA app;
        CREATE EXTENSION citext;
    "#;
    for mut engine in engines() {
        let shown = engine.describe();
        let mut database =
            loaded(engine.as_mut(), text).unwrap_or_else(|problems| panic!("{shown}: {problems}"));
        let relations = value(
            &mut database,
            "SELECT string_agg(relname, ' ' ORDER BY relname)::text FROM pg_class \
             WHERE relnamespace IN ('app'::regnamespace, 'public'::regnamespace) AND relkind IN ('r', 'v', 'i')",
        );
        assert_eq!(relations, "by_name names people people_pkey teams teams_pkey", "{shown}");
        assert_eq!(
            value(&mut database, "SELECT tableowner::text FROM pg_tables WHERE tablename = 'people'"),
            "keeper"
        );
        assert_eq!(
            value(&mut database, "SHOW check_function_bodies"),
            "on",
            "{shown}: the session is as it began"
        );
    }
}

#[test]
fn settings_hold_where_they_stand_whatever_the_order() {
    let text = r#"
        SET transaction_timeout = 0;
        SET no_such_setting = 1;
        CREATE SCHEMA one;
        CREATE SCHEMA two;
        SET search_path = one;
        CREATE VIEW v AS SELECT * FROM t;
        SELECT pg_catalog.set_config('search_path', 'two', false);
        CREATE TABLE t (second int);
        SET search_path = one;
        CREATE TABLE t (first int);
        SET SESSION AUTHORIZATION somebody;
        RESET SESSION AUTHORIZATION;
        SET check_function_bodies = false;
        CREATE FUNCTION unchecked() RETURNS int LANGUAGE sql AS 'SELECT nothing FROM nowhere';
    "#;
    for mut engine in engines() {
        let shown = engine.describe();
        let mut database =
            loaded(engine.as_mut(), text).unwrap_or_else(|problems| panic!("{shown}: {problems}"));
        let columns = "SELECT string_agg(attrelid::regclass || '.' || attname, ' ' ORDER BY attrelid::regclass::text)::text \
                       FROM pg_attribute WHERE attname IN ('first', 'second')";
        assert_eq!(value(&mut database, columns), "one.t.first one.v.first two.t.second", "{shown}");
        assert_eq!(value(&mut database, "SHOW search_path"), "\"$user\", public", "{shown}");
    }
}

#[test]
fn every_problem_is_told_once_at_its_place() {
    // The text, and for each expected problem: line, column, the marked text, a part of what is said.
    type Case = (&'static str, &'static [(usize, usize, &'static str, &'static str)]);
    let cases: &[Case] = &[
        ("CREATE TABLE a (\n  b int,,\n);", &[(2, 9, ",", "syntax error")]),
        ("CREATE TABLE a (\n  b int", &[(2, 7, "t", "end of input")]),
        ("SELECT 1;\nCREATE TABLE ü (b integr);", &[(2, 19, "integr", "type \"integr\" does not exist")]),
        (
            "CREATE TABLE a (b int REFERENCES nowhere);",
            &[(1, 1, "CREATE TABLE a (b int REFERENCES nowhere)", "\"nowhere\" does not exist")],
        ),
        ("CREATE TABLE a ();\nCREATE TABLE a ();", &[(2, 1, "CREATE TABLE a ()", "already exists")]),
        // What depends on a broken statement is not a second problem; another broken one is.
        (
            "CREATE VIEW v AS TABLE a;\nCREATE TABLE a (b broken);\nCREATE TABLE c (d wrong);",
            &[(2, 19, "broken", "does not exist"), (3, 19, "wrong", "does not exist")],
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT id\n  FROM missing $$;",
            &[(3, 8, "missing", "does not exist")],
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRUN 1;\nEND $$;",
            &[(3, 3, "RETRUN", "syntax error")],
        ),
        (
            "SET search_path = public;\nSET statement_timeout = 'soon';\nCREATE TABLE b ();",
            &[(2, 1, "SET statement_timeout = 'soon'", "invalid value")],
        ),
        (
            "CREATE EXTENSION no_such_thing;\nCREATE TABLE a (b type_of_it);\nCREATE TABLE a2 (b,);",
            &[(1, 1, "CREATE EXTENSION no_such_thing", "no_such_thing"), (3, 20, ")", "syntax error")],
        ),
        ("CREATE DATABASE x;", &[(1, 1, "CREATE DATABASE x", "does not belong in a schema file")]),
        (
            "ALTER SYSTEM SET work_mem = '1GB';",
            &[(1, 1, "ALTER SYSTEM SET work_mem = '1GB'", "whole server")],
        ),
    ];
    for mut engine in engines() {
        let shown = engine.describe();
        for (text, expected) in cases {
            let Err(problems) = loaded(engine.as_mut(), text) else { panic!("{shown} loads {text}") };
            assert_eq!(problems.0.len(), expected.len(), "{shown}: {text}\n{problems}");
            for (problem, (line, column, marked, said)) in problems.0.iter().zip(*expected) {
                let place = problem.place.as_ref().unwrap();
                let found = (place.line_column(), &place.text[place.range.clone()]);
                assert_eq!(found, ((*line, *column), *marked), "{shown}: {problems}");
                assert!(problem.message.contains(said), "{shown}: {problems}");
                assert_eq!(problem.verdict, Verdict::Failed);
            }
        }
    }
}

#[test]
fn detail_and_hint_of_postgresql_are_kept() {
    let text = "CREATE TABLE a (b int);\nCREATE UNIQUE INDEX i ON a (b);\nINSERT INTO a VALUES (1), (1);\nSELECT lenght('x');";
    for mut engine in engines() {
        let Err(problems) = loaded(engine.as_mut(), text) else { panic!("it loads") };
        assert!(problems.0[0].notes.iter().any(|note| note.contains("(b)=(1) already exists")), "{problems}");
        assert!(problems.0[1].help.iter().any(|help| help.contains("explicit type casts")), "{problems}");
    }
}

#[test]
fn databases_are_separate_and_belong_to_the_role_that_was_asked_for() {
    let role = "o'wn\"er; drop table x; -- é";
    for mut engine in engines() {
        let shown = engine.describe();
        let requirements = Requirements::default();
        let mut one = engine.database(role, &requirements).unwrap();
        let mut other = engine.database(role, &requirements).unwrap();
        for database in [&mut one, &mut other] {
            load(&parse("CREATE TABLE t (); CREATE ROLE made; GRANT SELECT ON t TO met;"), database)
                .or_else(|problems| {
                    if problems.0[0].message.contains("\"made\" already exists") {
                        Ok(())
                    } else {
                        Err(problems)
                    }
                })
                .unwrap_or_else(|problems| panic!("{shown}: {problems}"));
            assert_eq!(
                value(database, "SELECT tableowner::text FROM pg_tables WHERE tablename = 't'"),
                role,
                "{shown}"
            );
            assert_eq!(value(database, "SELECT current_user::text"), role, "{shown}");
        }
        drop(one);
        assert_eq!(
            value(&mut other, "SELECT count(*)::text FROM pg_tables WHERE tablename = 't'"),
            "1",
            "{shown}"
        );
    }
}

#[test]
fn a_server_that_is_named_gets_a_database_and_loses_it_again() {
    let Ok((mut local, _)) = choose(&Choice::Local, &Requirements::default(), None) else { return };
    let mut host = database(local.as_mut(), "");
    let socket = value(&mut host, "SHOW unix_socket_directories");
    for url in [
        format!("host={socket} user=postgres dbname=postgres"),
        format!("postgres://postgres@{}/postgres", socket.replace('/', "%2F")),
    ] {
        let (mut server, why) = choose(&Choice::Url(url.clone()), &Requirements::default(), None).unwrap();
        assert!(server.describe().contains("(server "), "{}", server.describe());
        assert!(!why.is_empty());
        let databases = "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'planwright_scratch_%'";
        let made = loaded(server.as_mut(), "CREATE TABLE t ();").unwrap();
        assert_eq!(value(&mut host, databases), "1");
        drop(made);
        assert_eq!(value(&mut host, databases), "0");
        let Err(problems) = loaded(server.as_mut(), "CREATE TABLE t ();\nGRANT SELECT ON t TO stranger;")
        else {
            panic!("a role was made")
        };
        assert!(problems.0[0].message.contains("role \"stranger\" does not exist"), "{problems}");
        assert!(
            problems.0[0].help.iter().any(|help| help.contains("CREATE ROLE \"stranger\"")),
            "{problems}"
        );
        let Err(problems) = loaded(server.as_mut(), "CREATE ROLE stranger;") else {
            panic!("a role was made")
        };
        assert_eq!(problems.0[0].code, "not-schema");
        let Err(problems) = server.database("nobody here", &Requirements::default()) else {
            panic!("a role was made")
        };
        assert_eq!(problems.0[0].code, "no-role");
        assert_eq!(value(&mut host, databases), "0");
        let mut client = connect(&url).unwrap();
        assert_eq!(client.query_one("SELECT 1", &[]).unwrap().get::<_, i32>(0), 1);
    }
    let Err(problems) = connect(&format!("host={socket} user=postgres dbname=none_such")) else {
        panic!("connected")
    };
    assert_eq!(
        (problems.0[0].code, problems.0[0].message.contains("\"none_such\"")),
        ("no-database", true),
        "{problems}"
    );
    let Err(problems) = connect(&format!("host={socket} user=none_such dbname=postgres")) else {
        panic!("connected")
    };
    assert_eq!(problems.0[0].code, "login-refused", "{problems}");
}

#[test]
fn a_wrong_password_is_said_and_not_shown() {
    let Ok((mut local, _)) = choose(&Choice::Local, &Requirements::default(), None) else { return };
    let mut host = database(local.as_mut(), "");
    let socket = value(&mut host, "SHOW unix_socket_directories");
    let rules = value(&mut host, "SHOW hba_file");
    host.client.batch_execute("CREATE ROLE guarded LOGIN PASSWORD 'right'").unwrap();
    let guarded = format!("local all guarded scram-sha-256\n{}", std::fs::read_to_string(&rules).unwrap());
    std::fs::write(&rules, guarded).unwrap();
    host.client.batch_execute("SELECT pg_reload_conf(); SELECT pg_sleep(0.5)").unwrap();
    let url = |password: &str| format!("host={socket} user=guarded dbname=postgres {password}");
    assert!(connect(&url("password=right")).is_ok());
    for password in ["password=hunter2", ""] {
        let Err(problems) = connect(&url(password)) else { panic!("connected") };
        assert_eq!(problems.0[0].code, "wrong-password", "{problems}");
        assert!(!format!("{problems}").contains("hunter2"), "{problems}");
    }
}

#[test]
fn an_unreachable_server_is_said_without_its_password() {
    let cases = [
        ("postgres://me:hunter2@127.0.0.1:1/shop", "unreachable", "127.0.0.1:1"),
        ("postgres://me:hunter2@no-such-host.invalid/shop", "unreachable", "no-such-host.invalid"),
        ("host=/no/such/socket user=me password=hunter2", "unreachable", "/no/such/socket"),
        ("postgres://me:hunter2@127.0.0.1:port/shop", "database-url", ""),
        ("nonsense", "database-url", ""),
    ];
    for (url, code, part) in cases {
        let Err(problems) = connect(url) else { panic!("{url} connects") };
        assert_eq!(problems.0[0].code, code, "{problems}");
        assert!(problems.0[0].message.contains(part), "{problems}");
        assert!(!format!("{problems}").contains("hunter2"), "{problems}");
        assert!(!problems.0[0].help.is_empty());
    }
}

#[test]
fn what_sql_requires_is_read_from_it() {
    let text = r#"
        CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
        CREATE EXTENSION hstore;
        CREATE COLLATION german (provider = icu, locale = 'de');
        CREATE TABLE t (a int) TABLESPACE fast;
        SET default_tablespace = '';
        CREATE INDEX i ON t (a) TABLESPACE pg_default;
        CREATE TRUSTED PROCEDURAL LANGUAGE plperl;
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ CREATE EXTENSION inner_one; $$;
        -- CREATE EXTENSION commented;
        ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a);
    "#;
    let found = Requirements::of([text].into_iter());
    let names = |set: &std::collections::BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names(&found.extensions), "hstore uuid-ossp");
    assert_eq!(names(&found.languages), "plperl");
    assert_eq!(names(&found.tablespaces), "fast");
    assert!(found.icu);
    assert_eq!(found.major, Some((15, "NULLS NOT DISTINCT")));
    assert_eq!(Requirements::of(["CREATE TABLE plain (provider text)"].into_iter()), Requirements::default());
}

#[test]
fn the_engine_is_chosen_by_what_the_schema_needs() {
    let plain = Requirements::default();
    if cfg!(feature = "embedded") {
        let (engine, why) = choose(&Choice::Auto, &plain, None).unwrap();
        assert!(engine.describe().ends_with("(embedded)"), "{}", engine.describe());
        assert!(!why.is_empty());
    }
    let collation = Requirements::of(["CREATE COLLATION c (provider = 'icu', locale = 'de')"].into_iter());
    let Err(problems) = choose(&Choice::Embedded, &collation, None) else { panic!("embedded has no ICU") };
    assert_eq!(problems.0[0].code, "no-engine");
    let impossible = Requirements::of(["CREATE EXTENSION no_such_extension"].into_iter());
    let Err(problems) = choose(&Choice::Auto, &impossible, None) else { panic!("nothing has that") };
    assert_eq!(problems.0[0].code, "no-engine");
    assert!(!problems.0[0].help.is_empty(), "{problems}");
    if let Ok((engine, why)) = choose(&Choice::Auto, &collation, None) {
        assert!(engine.describe().ends_with("(local)"), "{}", engine.describe());
        assert!(why.contains(if cfg!(feature = "embedded") { "ICU" } else { "embedded" }), "{why}");
    }
}
