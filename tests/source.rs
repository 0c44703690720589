//! Reading schema files: where statements end, in which order they run, what annotations and names stand at.

#![cfg(feature = "planner")]

use std::{fs, path::PathBuf, sync::Arc};

use planwright::{
    catalog::Id,
    diagnostic::{Diagnostic, Diagnostics},
    source::{self, Source, Statements},
};

fn parse(text: &str) -> Statements {
    tried(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn tried(text: &str) -> Result<Statements, Diagnostics> {
    source::parse(vec![Source { path: "schema.sql".into(), text: Arc::from(text) }])
}

fn texts(statements: &Statements) -> Vec<&str> {
    (0..statements.statements.len()).map(|at| statements.text(at)).collect()
}

/// The first words of each statement in the order in which they run.
fn ordered(text: &str) -> Vec<String> {
    let statements = parse(text);
    let order = statements.order();
    order
        .iter()
        .map(|&at| statements.text(at).split_whitespace().take(3).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn statements_end_only_where_postgresql_says() {
    let single = [
        "CREATE TABLE a (b text DEFAULT 'x;y''z;')",
        r"SELECT E'a\';b\\', 'c\'",
        r"SELECT E'it''s \'; ' 'x'",
        "SELECT E'a\\''\n  'b\\';c'",
        "SELECT U&'d\\0061t;' , U&\"d\\0061;t\", N'x;', B'01', X'ff'",
        "CREATE TABLE \"a;\"\"b;\" (\"c;\" int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2; $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $a$ SELECT '$$;'; $b$ ; $b$ $a$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $ä$ ; $ä$",
        "SELECT 1 /* ; /* ; */ ; */ + 2",
        "SELECT 1 -- ; '\n + 2",
        "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE a WHEN 1 THEN 2 ELSE 3 END; SELECT 4; END",
        "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); DELETE FROM t; END",
        "CREATE FUNCTION begin() RETURNS int LANGUAGE sql RETURN 1",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)",
        "PREPARE p AS SELECT $1::int + $2",
        "SELECT a$b$c FROM t WHERE a @-@ b OR a ?| c OR a #>> d OR a <-> b OR a !~~* '%;'",
        "SELECT 1_000 + 0xFF + 1e5 + .5",
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = f)",
        "CREATE TABLE 🚀 (größe int)",
        "SELECT ARRAY[1, 2][1:2], '{\"a\": 1}'::jsonb @> '{}', 5 !~ 'x'",
    ];
    for one in single {
        assert_eq!(texts(&parse(&format!("{one};"))), [one], "ended by a semicolon");
        assert_eq!(texts(&parse(one)), [one], "ended by the end of the file");
        let pair = format!("{one}; SELECT 'next';");
        assert_eq!(texts(&parse(&pair)), [one, "SELECT 'next'"], "with a next one on its line");
    }
}

#[test]
fn comments_white_space_and_empty_statements_are_no_statements() {
    for text in ["", " \n\t", "-- only a comment", "/* /* nested */ */", ";;; ;\n;"] {
        assert!(parse(text).statements.is_empty(), "{text:?}");
    }
    assert_eq!(
        texts(&parse("-- before\nSELECT 1 -- inside\n; -- after\n/* between */ SELECT 2")),
        ["SELECT 1", "SELECT 2"]
    );
}

#[test]
fn lines_of_psql_that_pg_dump_writes_are_skipped() {
    let dump = "\\restrict abc\n\\connect shop\nCREATE TABLE a ();\n\\unrestrict abc\n";
    assert_eq!(texts(&parse(dump)), ["CREATE TABLE a ()"]);
    let empty = "CREATE TABLE a (b int);\nCOPY a (b) FROM stdin;\n\\.\n\nCREATE TABLE c ();";
    assert_eq!(texts(&parse(empty)), ["CREATE TABLE a (b int)", "CREATE TABLE c ()"]);
    assert!(parse(empty).rows.is_empty());
}

#[test]
fn rows_of_a_dump_are_left_out_and_known() {
    let dump = "CREATE TABLE a (b text);\nCOPY a (b) FROM stdin;\nit's; $x$\n\\.x\n\\.\n\nCREATE TABLE c ();";
    let all = parse(dump);
    assert_eq!(texts(&all), ["CREATE TABLE a (b text)", "CREATE TABLE c ()"]);
    assert_eq!(all.rows.iter().map(planwright::diagnostic::Place::line_column).collect::<Vec<_>>(), [(2, 1)]);
}

#[test]
fn what_cannot_be_cut_is_one_error_at_its_start() {
    let cases = [
        ("SELECT 1;\nSELECT 'abc;\n", "unclosed", (2, 8)),
        ("SELECT E'a\\'", "unclosed", (1, 9)),
        ("SELECT \"abc", "unclosed", (1, 8)),
        ("SELECT $x$ abc $y$", "unclosed", (1, 8)),
        ("SELECT 1 /* a /* b */", "unclosed", (1, 10)),
        ("\\i other.sql", "psql-command", (1, 1)),
        ("SELECT 1 \\gexec", "psql-command", (1, 10)),
        ("\\connect a\nSELECT 1;\n\\connect b", "psql-command", (3, 1)),
        ("CREATE TABLE a ();\nCOPY a FROM stdin;\n1\tit's\n", "unclosed", (2, 1)),
    ];
    for (text, code, at) in cases {
        let problems = tried(text).expect_err(text);
        let [problem] = problems.0.as_slice() else { panic!("{text:?}: {problems}") };
        assert_eq!(problem.code, code, "{text:?}");
        assert_eq!(
            problem.place.as_ref().map(planwright::diagnostic::Place::line_column),
            Some(at),
            "{text:?}"
        );
        assert!(!problem.help.is_empty(), "{text:?}");
    }
}

#[test]
fn a_statement_waits_for_what_a_later_one_creates() {
    let cases: &[(&str, &[&str])] = &[
        (
            "CREATE TABLE orders (id int, person int REFERENCES people); CREATE TABLE people (id int PRIMARY KEY);",
            &["CREATE TABLE people", "CREATE TABLE orders"],
        ),
        (
            "CREATE VIEW v AS SELECT * FROM s.t; CREATE TABLE s.t (m mood); CREATE TYPE mood AS ENUM ('x'); CREATE SCHEMA s;",
            &["CREATE TYPE mood", "CREATE SCHEMA s", "CREATE TABLE s.t", "CREATE VIEW v"],
        ),
        (
            "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TABLE t (); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ begin return new; end $$;",
            &["CREATE TABLE t", "CREATE FUNCTION f()", "CREATE TRIGGER g"],
        ),
        (
            "CREATE TABLE t (id int DEFAULT nextval('q')); CREATE SEQUENCE q;",
            &["CREATE SEQUENCE q;", "CREATE TABLE t"],
        ),
        (
            "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p (a int) PARTITION BY LIST (a);",
            &["CREATE TABLE p", "CREATE TABLE p1"],
        ),
        (
            "COMMENT ON COLUMN t.added IS 'x'; CREATE TABLE t (); ALTER TABLE t ADD added int;",
            &["CREATE TABLE t", "ALTER TABLE t", "COMMENT ON COLUMN"],
        ),
    ];
    for (text, expected) in cases {
        let found = ordered(text);
        let found: Vec<&str> = found.iter().map(|words| words.trim_end_matches("()")).collect();
        let expected: Vec<&str> =
            expected.iter().map(|words| words.trim_end_matches([';']).trim_end_matches("()")).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_file_in_order_stays_in_order() {
    let cases = [
        // Used, replaced, used again.
        "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT a FROM v; CREATE OR REPLACE VIEW v AS SELECT a FROM u;",
        // A circle.
        "CREATE TABLE a (b int REFERENCES b); CREATE TABLE b (a int REFERENCES a);",
        // DROP first, as scripts do.
        "DROP TABLE IF EXISTS t CASCADE; CREATE TABLE t (); DROP VIEW IF EXISTS v; CREATE VIEW v AS TABLE t;",
        // A view made before a column is added does not have it.
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t; ALTER TABLE t ADD b int; CREATE VIEW w AS SELECT * FROM t;",
        // Columns called like tables that come later.
        "CREATE TABLE t (orders int, people text); CREATE TABLE orders (); CREATE TABLE people ();",
    ];
    for text in cases {
        let statements = parse(text);
        let order = statements.order();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            (0..statements.statements.len()).collect::<Vec<_>>(),
            "every statement once: {text}"
        );
        if !text.contains("people text") {
            assert_eq!(order, sorted, "{text}");
        }
    }
}

#[test]
fn session_settings_hold_for_what_follows_them_in_their_file() {
    let one = "CREATE TABLE a (); SET search_path = x; SELECT pg_catalog.set_config('row_security', 'off', false); \
               CREATE TABLE b (); SET search_path = y; CREATE TABLE c (); RESET search_path;";
    let sources = [one, "CREATE TABLE d ();"].map(|text| Source { path: "s".into(), text: Arc::from(text) });
    let statements = source::parse(sources.into()).unwrap();
    let in_force: Vec<Vec<&str>> = statements
        .statements
        .iter()
        .map(|statement| {
            let settings = &statements.settings[statement.settings];
            settings.iter().map(|setting| setting.variable.as_str()).collect()
        })
        .collect();
    assert_eq!(
        texts(&statements),
        ["CREATE TABLE a ()", "CREATE TABLE b ()", "CREATE TABLE c ()", "CREATE TABLE d ()"]
    );
    let none: [&str; 0] = [];
    assert_eq!(in_force[0], none);
    assert_eq!(in_force[1], ["search_path", "row_security"]);
    assert_eq!(in_force[2], ["row_security", "search_path"]);
    assert_eq!(in_force[3], none, "another file is another session");
}

#[test]
fn annotations_stand_at_tables_columns_constraints_and_values() {
    let text = r#"
-- @renamed from=people
-- and another comment
CREATE TABLE public.users ( -- the users
    id int,
    name text NOT NULL
        DEFAULT 'x', -- @renamed from=full_name
    -- @renamed from="E Mail"
    "e-mail" text CHECK ("e-mail" <> ''),
    CONSTRAINT positive CHECK (id > 0), -- @renamed from=id_check
    last int -- @renamed from=final
);
CREATE TYPE mood AS ENUM (
    'happy', -- @renamed from=glad
    'sad' /* @renamed from='blue' */
);
CREATE TYPE pair AS (
    -- @renamed from=x
    a int, b int);
CREATE INDEX i ON public.users (name); -- @renamed from=j
-- @renamed from=old_name
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
"#;
    let statements = parse(text);
    let found: Vec<(String, String)> =
        statements.renames.iter().map(|rename| (rename.from.clone(), rename.target.join("/"))).collect();
    let expected = [
        ("people", "public/users"),
        ("full_name", "public/users/name"),
        ("E Mail", "public/users/e-mail"),
        ("id_check", "public/users/positive"),
        ("final", "public/users/last"),
        ("glad", "mood/happy"),
        ("blue", "mood/sad"),
        ("x", "pair/a"),
        ("j", "public/i"),
        ("old_name", "public/users/users_pkey"),
    ];
    assert_eq!(found, expected.map(|(from, target)| (from.to_string(), target.to_string())));
    let place = &statements.renames[1].place;
    assert_eq!(
        (place.line_column(), &place.text[place.range.clone()]),
        ((7, 22), "-- @renamed from=full_name")
    );
    let old = Id::new("column", ["public", "users", "full_name"]);
    let place = statements.nearest(&old).expect("it is written under its new name");
    assert_eq!(place.line_column().0, 6);
}

#[test]
fn an_annotation_at_nothing_is_an_error_that_names_its_line() {
    let cases = [
        ("CREATE TABLE t ();\n\n-- @renamed from=x\n", 3),
        ("CREATE TABLE t (\n  a int\n  -- @renamed from=x\n);", 3),
        ("CREATE TABLE t (\n  a int, -- @renamed was x\n  b int);", 2),
        ("-- @renamed from=x\nGRANT SELECT ON t TO u;", 1),
        ("CREATE TABLE t (\n  PRIMARY KEY (a) -- @renamed from=x\n);", 2),
        ("-- @renamed from=s.x\nCREATE TABLE t ();", 1),
    ];
    for (text, line) in cases {
        let problems = tried(text).expect_err(text);
        let [problem] = problems.0.as_slice() else { panic!("{text:?}: {problems}") };
        assert_eq!(problem.code, "stray-annotation");
        assert_eq!(problem.place.as_ref().unwrap().line_column().0, line, "{text:?}");
    }
}

#[test]
fn objects_are_found_where_they_are_written() {
    let text = r#"CREATE SCHEMA app;
CREATE TABLE app.users (
    id serial PRIMARY KEY,
    "E;mail" text CONSTRAINT one_mail UNIQUE,
    team int REFERENCES teams,
    CONSTRAINT old CHECK (id > 0)
);
CREATE TABLE teams (id int PRIMARY KEY);
ALTER TABLE ONLY app.users ADD CONSTRAINT late CHECK (id < 9);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS by_team ON app.users (team);
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE OR REPLACE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.g();
CREATE POLICY mine ON app.users USING (true);
CREATE MATERIALIZED VIEW "Totals" AS SELECT 1;
"#;
    let statements = parse(text);
    let cases: &[(&[&str], (usize, &str))] = &[
        (&["app"], (1, "app")),
        (&["app", "users"], (2, "users")),
        (&["app", "users", "id"], (3, "id")),
        (&["app", "users", "E;mail"], (4, "\"E;mail\"")),
        (&["app", "users", "one_mail"], (4, "one_mail")),
        (&["app", "users", "old"], (6, "old")),
        (&["app", "users", "users_pkey"], (3, "PRIMARY")),
        (&["app", "users", "users_team_fkey"], (5, "team")),
        (&["app", "users", "late"], (9, "late")),
        (&["app", "users", "unheard_of"], (2, "users")),
        (&["public", "teams"], (8, "teams")),
        (&["public", "teams", "id"], (8, "id")),
        (&["app", "by_team"], (10, "by_team")),
        (&["app", "users", "by_team"], (10, "by_team")),
        (&["public", "mood", "sad"], (11, "'sad'")),
        (&["app", "f(integer)"], (12, "f")),
        (&["app", "users", "touch"], (13, "touch")),
        (&["app", "users", "mine"], (14, "mine")),
        (&["public", "Totals"], (15, "\"Totals\"")),
    ];
    for (path, (line, text)) in cases {
        let place = statements.locate(path).unwrap_or_else(|| panic!("{path:?} is nowhere"));
        assert_eq!((place.line_column().0, &place.text[place.range.clone()]), (*line, *text), "{path:?}");
    }
    for path in [&["app", "nobody"][..], &["public", "users"], &["nowhere"]] {
        assert_eq!(statements.locate(path), None, "{path:?}");
    }
}

#[test]
fn a_place_counts_characters_and_lines() {
    let statements = parse("-- größe\nSELECT 'ä'; CREATE TABLE \"ü\" (\n  \"naïve\" int);");
    let place = statements.locate(&["public", "ü", "naïve"]).unwrap();
    assert_eq!(place.line_column(), (3, 3));
    assert_eq!(statements.place(1).line_column(), (2, 13));
}

#[test]
fn what_a_statement_creates_and_mentions() {
    let cases = [
        ("CREATE UNIQUE INDEX i ON s.t (a)", "INDEX s.i"),
        ("CREATE INDEX ON s.t (a)", ""),
        ("CREATE TABLE IF NOT EXISTS \"a b\".\"C\" (x serial)", "TABLE a b.C, SEQUENCE a b.C_x_seq"),
        ("CREATE UNLOGGED TABLE t (id int GENERATED ALWAYS AS IDENTITY)", "TABLE t, SEQUENCE t_id_seq"),
        ("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", "EXTENSION uuid-ossp"),
        ("CREATE ROLE r LOGIN", "ROLE r"),
        ("CREATE SCHEMA AUTHORIZATION joe", "SCHEMA joe"),
        ("CREATE SCHEMA s CREATE TABLE t () CREATE VIEW v AS SELECT 1", "SCHEMA s, TABLE s.t, VIEW s.v"),
        ("CREATE CONSTRAINT TRIGGER g AFTER INSERT ON s.t EXECUTE FUNCTION f()", "TRIGGER s.t.g"),
        ("CREATE RULE r AS ON INSERT TO t DO NOTHING", "RULE t.r"),
        ("CREATE TEXT SEARCH CONFIGURATION s.c (COPY = simple)", "TEXT SEARCH CONFIGURATION s.c"),
        ("CREATE CAST (a AS b) WITHOUT FUNCTION", ""),
        (
            "ALTER TABLE t ADD COLUMN IF NOT EXISTS c int, ADD CONSTRAINT k CHECK (c > 0), ADD CHECK (c > 1)",
            "COLUMN t.c, CONSTRAINT t.k",
        ),
        ("CREATE TABLE TABLE_ONE (A int)", "TABLE table_one"),
    ];
    for (text, expected) in cases {
        let statements = parse(text);
        let provides = &statements.statements[0].provides;
        let found: Vec<String> =
            provides.iter().map(|name| format!("{} {}", name.class, name.parts.join("."))).collect();
        assert_eq!(found.join(", "), expected, "{text}");
    }
    let long = "x".repeat(70);
    let statements = parse(&format!("CREATE TABLE {long} ()"));
    assert_eq!(statements.statements[0].provides[0].parts[0].len(), 63, "PostgreSQL cuts names to 63 bytes");
}

#[test]
fn files_and_folders_are_read_in_the_order_of_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    };
    write("b.sql", b"\xef\xbb\xbfSELECT 'b';\r\nSELECT 'c\r\nd';\r\n");
    write("a/z.sql", b"SELECT 'a'");
    write("notes.txt", b"not SQL at all");
    let statements = source::read(&[folder.path().to_path_buf()]).unwrap();
    assert_eq!(texts(&statements), ["SELECT 'a'", "SELECT 'b'", "SELECT 'c\nd'"]);
}

#[test]
fn what_cannot_be_read_is_said_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.sql");
    let latin = folder.path().join("latin.sql");
    fs::write(&latin, b"SELECT 1;\nSELECT 'caf\xe9';\n").unwrap();
    let cases: [(PathBuf, &str, &str); 3] = [
        (missing.clone(), "unreadable", "none.sql"),
        (folder.path().join("empty"), "no-sql", "empty"),
        (latin, "not-utf8", "byte 21 (0xe9, line 2)"),
    ];
    fs::create_dir(folder.path().join("empty")).unwrap();
    for (path, code, part) in cases {
        let problems = source::read(&[path]).unwrap_err();
        assert_eq!((problems.0.len(), problems.0[0].code), (1, code));
        assert!(problems.0[0].message.contains(part), "{problems}");
    }
}

#[test]
fn a_problem_is_shown_with_its_line() {
    let problems = tried("SELECT 1;\nSELECT $x$ abc $y$").unwrap_err();
    let shown = planwright::report::diagnostic::render(&problems);
    // Without its styles, as a pipe gets it.
    let parts = shown.split('\u{1b}').enumerate();
    let plain: String =
        parts.map(|(at, part)| if at == 0 { part } else { part.split_once('m').unwrap().1 }).collect();
    for part in [
        "error[unclosed]: a dollar-quoted string begins here and never ends",
        "schema.sql:2:8",
        "2 | SELECT $x$ abc $y$",
        "^^^",
        "help: end it",
    ] {
        assert!(plain.contains(part), "{part:?} is not in\n{plain}");
    }
    let nowhere = Diagnostic::failed("unreachable", "no server").note("a note").help("a help");
    let shown = planwright::report::diagnostic::render(&nowhere.into());
    for part in ["unreachable", "no server", "a note", "a help"] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
}

#[test]
fn a_large_file_takes_time_in_proportion() {
    let table = |at: usize| {
        format!(
            "CREATE TABLE t{at} (id int PRIMARY KEY, other int REFERENCES t{}, note text DEFAULT 'a;b');\n",
            at + 1
        )
    };
    let text: String = (0..5_000).map(table).collect();
    let start = std::time::Instant::now();
    let statements = parse(&text);
    let order = statements.order();
    assert_eq!(order.first(), Some(&4_999), "each needs the next, so the last runs first");
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn an_open_parenthesis_is_found() {
    let statements =
        parse("CREATE TABLE a (x text DEFAULT '(', y text CHECK (length(y) > (2));\nCREATE TABLE b (z int);");
    let place = statements.unclosed(0).unwrap();
    assert_eq!(place.line_column(), (1, 16));
    assert_eq!(parse("SELECT (1); SELECT (2)").unclosed(1), None);
}
