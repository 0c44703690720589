//! `plan lint`: every rule's page is true, other tools' folders are read as they run them, and what is
//! harmless is not told.

mod servers;

#[path = "lint/folders.rs"]
mod folders;

use libtest_mimic::{Arguments, Failed, Trial};
use planwright::lint::{BASE, Rule, all, page};
use serde_json::Value;
use servers::{Server, Test, tests, trials};
use std::{
    env, fs,
    path::Path,
    process::{Command, ExitCode, Stdio},
    sync::Arc,
};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let Some(server) = Server::start() else { return ExitCode::SUCCESS };
    let mut trials = trials(&server, TESTS.iter().chain(folders::TESTS));
    for rule in all() {
        let server = server.clone();
        trials.push(Trial::test(format!("rule::{}", rule.id), move || {
            the_page_of_a_rule_is_true(&server, rule);
            Ok::<(), Failed>(())
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

const TESTS: &[(&str, Test)] = tests![
    the_page_is_written,
    what_is_harmless_is_not_told,
    what_is_allowed_is_silent,
    a_comment_at_the_head_is_about_the_file,
    a_finding_has_its_line_and_the_safe_way,
    a_program_reads_the_same,
    a_broken_statement_ends_its_file_only,
    what_scratch_lacks_is_said,
    strict_adds_only,
];

/// A folder of files, linted.
pub struct Linted {
    pub code: Option<i32>,
    pub out: String,
    pub talk: String,
}

pub fn put(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }
}

/// `plan lint` with these arguments, in a folder.
pub fn lint(server: &Server, folder: &Path, arguments: &[&str]) -> Linted {
    let program = env::var_os("PLANWRIGHT_TEST_PLAN").unwrap_or_else(|| env!("CARGO_BIN_EXE_plan").into());
    let output = Command::new(program)
        .current_dir(folder)
        .arg("lint")
        .args(arguments)
        .args(["--engine", &server.url("postgres")])
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Linted { code: output.status.code(), out: text(&output.stdout), talk: text(&output.stderr) }
}

impl Linted {
    /// The rules that are broken: `file:line rule`.
    #[track_caller]
    pub fn rules(&self) -> Vec<String> {
        let report: Value = serde_json::from_str(&self.out)
            .unwrap_or_else(|_| panic!("exit {:?}\n{}\n{}", self.code, self.out, self.talk));
        let findings = report["findings"].as_array().expect("a list");
        assert_eq!(self.code, Some(i32::from(!findings.is_empty())), "{}", self.talk);
        let shown = |one: &Value| {
            format!("{}:{} {}", one["file"].as_str().unwrap(), one["line"], one["rule"].as_str().unwrap())
        };
        findings.iter().map(shown).collect()
    }
}

/// These files on top of the pages' schema, with more arguments.
fn on_base(server: &Server, files: &[&str], more: &[&str]) -> Linted {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    put(folder.path(), &[("base.sql", BASE)]);
    for (at, text) in files.iter().enumerate() {
        put(folder.path(), &[(&format!("files/{}.sql", at + 1), text)]);
    }
    lint(server, folder.path(), &[&["files", "--from", "base.sql", "--format", "json"], more].concat())
}

fn the_page_of_a_rule_is_true(server: &Server, rule: &Rule) {
    let more: &[&str] = if rule.id == "not-strict" { &["--policy", "strict"] } else { &[] };
    let bad = on_base(server, &[rule.bad], more).rules();
    let broken: Vec<&str> = bad.iter().map(|one| one.rsplit(' ').next().expect("a rule")).collect();
    assert_eq!(broken, [rule.id], "the bad example");
    let good = on_base(server, rule.good, more);
    assert_eq!(good.rules(), [""; 0], "the good example\n{}", good.out);
}

fn the_page_is_written(_: &Arc<Server>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if fs::read_to_string(&path).ok().as_deref() == Some(&*page()) {
        return;
    }
    assert!(env::var_os("CI").is_none(), "docs/rules.md is stale: run `cargo test --test lint`");
    fs::write(path, page()).expect("the folder can be written");
    panic!("docs/rules.md was stale: it is rewritten now, commit it");
}

fn what_is_harmless_is_not_told(server: &Arc<Server>) {
    for harmless in [
        "CREATE TABLE t (id bigint, age integer);\nALTER TABLE t ADD CONSTRAINT k CHECK (age > 0) NOT VALID;\n\
         ALTER TABLE t VALIDATE CONSTRAINT k;",
        "CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE INDEX ON t (id);\nALTER TABLE t ADD UNIQUE (id);\n\
         ALTER TABLE t ADD COLUMN u uuid DEFAULT gen_random_uuid();\nALTER TABLE t ALTER COLUMN u SET NOT NULL;",
        "CREATE TABLE t (id bigint, user_id bigint);\nALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES users;",
        "ALTER TABLE orders ADD COLUMN payer_id bigint REFERENCES users;",
        "ALTER TABLE users ALTER COLUMN name TYPE varchar(80);",
        "ALTER TABLE users ALTER COLUMN name TYPE text;",
        "ALTER TABLE users ADD COLUMN made timestamptz NOT NULL DEFAULT now();",
        "ALTER TABLE orders ADD COLUMN rank integer NOT NULL DEFAULT 1;",
        "ALTER TABLE orders ALTER COLUMN status DROP DEFAULT;\nALTER TABLE orders ALTER COLUMN status SET DEFAULT 'new';",
        "ALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;",
        "ALTER TABLE users RENAME name TO called;\nALTER TABLE users RENAME called TO name;",
        "DROP FUNCTION area(integer);\n\
         CREATE FUNCTION area(side integer) RETURNS integer LANGUAGE sql AS 'SELECT side';",
        "ALTER TABLE users ADD COLUMN spare text;\nALTER TABLE users DROP COLUMN spare;",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT 1';\n\
         ALTER TABLE users ADD COLUMN one integer DEFAULT one();",
        "CREATE TEMP TABLE scratch AS SELECT id FROM users;\nDROP TABLE scratch;",
    ] {
        let linted = on_base(server, &[harmless], &[]);
        assert_eq!(linted.rules(), [""; 0], "{harmless}\n{}", linted.out);
    }
}

fn what_is_allowed_is_silent(server: &Arc<Server>) {
    let above = "CREATE TABLE t (id bigint);\n-- planwright: allow index-not-concurrent (it is small)\n\
                 CREATE INDEX ON orders (status);";
    assert_eq!(on_base(server, &[above], &[]).rules(), [""; 0]);
    // About the next statement only.
    let elsewhere = "-- planwright: allow index-not-concurrent (it is small)\nCREATE INDEX ON orders (status);\n\
                     CREATE INDEX ON orders (note);";
    assert_eq!(on_base(server, &[elsewhere], &[]).rules(), ["files/1.sql:3 index-not-concurrent"]);
    let inside = "ALTER TABLE users\n  -- planwright: allow loses-data (nobody reads it)\n  \
                  -- planwright: allow breaks-old-code (nobody reads it)\n  DROP COLUMN note;";
    assert_eq!(on_base(server, &[inside], &[]).rules(), [""; 0]);
    let unknown = "-- planwright: allow index-not-concurent (it is small)\nCREATE INDEX ON orders (status);";
    let found = on_base(server, &[unknown], &[]).rules();
    assert_eq!(found, ["files/1.sql:1 allow-unused", "files/1.sql:2 index-not-concurrent"]);
    let text = "CREATE TABLE t (note text DEFAULT '\n-- planwright: allow loses-data (no comment)\n');";
    assert_eq!(on_base(server, &[text], &[]).rules(), [""; 0]);
}

fn a_comment_at_the_head_is_about_the_file(server: &Arc<Server>) {
    let head = "-- planwright: allow index-not-concurrent (all of them are small)\n\n\
                CREATE INDEX ON orders (status);\nCREATE INDEX ON orders (note);";
    assert_eq!(on_base(server, &[head], &[]).rules(), [""; 0]);
    let unused = "-- planwright: allow loses-data (all of it is old)\n\nCREATE TABLE t (id bigint);";
    assert_eq!(on_base(server, &[unused], &[]).rules(), ["files/1.sql:1 allow-unused"]);
}

fn a_finding_has_its_line_and_the_safe_way(server: &Arc<Server>) {
    let folder = tempfile::tempdir().unwrap();
    let file = "CREATE TABLE t (id bigint);\n\nALTER TABLE users\n    ADD COLUMN a integer,\n    ADD CHECK (age > 0);\n";
    put(folder.path(), &[("base.sql", BASE), ("file.sql", file)]);
    let said = lint(server, folder.path(), &["file.sql", "--from", "base.sql"]);
    assert_eq!(said.code, Some(1), "{}", said.talk);
    for words in [
        "error[constraint-validated-under-lock]: public.users is read as a whole under ACCESS EXCLUSIVE",
        "file.sql:4:5",
        "ADD COLUMN a integer,",
        "the safe way: ALTER TABLE public.users ADD CONSTRAINT … NOT VALID;",
    ] {
        assert!(said.out.contains(words), "{words} is not in\n{}", said.out);
    }
    assert!(said.talk.contains("1 finding in 1 file, 2 statements: 1 error, 0 warnings"), "{}", said.talk);
    let good = lint(server, folder.path(), &["base.sql"]);
    assert_eq!((good.code, good.out.as_str()), (Some(0), ""), "{}", good.talk);
    assert!(good.talk.contains("nothing found in 1 file"), "{}", good.talk);
    let missing = lint(server, folder.path(), &["missing.sql"]);
    assert_eq!(missing.code, Some(2), "{}", missing.talk);
    assert!(missing.talk.contains("missing.sql"), "{}", missing.talk);
}

fn a_program_reads_the_same(server: &Arc<Server>) {
    let linted = on_base(server, &["ALTER TABLE users ALTER COLUMN age TYPE bigint;"], &[]);
    let report: Value = serde_json::from_str(&linted.out).expect("it is JSON");
    assert_eq!((&report["files"], &report["statements"]), (&Value::from(1), &Value::from(1)));
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "type-change-rewrites");
    assert_eq!((&finding["line"], &finding["column"]), (&Value::from(1), &Value::from(1)));
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["message"], "public.users is written anew under ACCESS EXCLUSIVE");
    assert!(finding["safe"].as_str().unwrap().contains("public.users"), "{finding}");
}

fn a_broken_statement_ends_its_file_only(server: &Arc<Server>) {
    let files = [
        "CREATE TABLE t (id bigint);\nALTER TABLE missing ADD COLUMN a integer;\nDROP TABLE orders;",
        "SELECT 'never closed;",
        "CREATE INDEX ON orders (status);",
    ];
    let found = on_base(server, &files, &[]).rules();
    let wanted =
        ["files/1.sql:2 does-not-run", "files/2.sql:1 does-not-run", "files/3.sql:1 index-not-concurrent"];
    assert_eq!(found, wanted);
}

fn what_scratch_lacks_is_said(server: &Arc<Server>) {
    let file = "CREATE EXTENSION no_such_extension;\nCOMMENT ON EXTENSION no_such_extension IS 'none';\n\
                CREATE ROLE planwright_lint_role;\nALTER SYSTEM SET work_mem = '1MB';\nCREATE TABLE t (id bigint);";
    let linted = on_base(server, &[file], &[]);
    assert_eq!(linted.rules(), [""; 0]);
    for words in [
        "1.sql:1:1: scratch has no such extension",
        "1.sql:3:1: roles belong",
        "1.sql:4:1: it is about the server",
    ] {
        assert!(linted.talk.contains(words), "{words} is not in\n{}", linted.talk);
    }
}

fn strict_adds_only(server: &Arc<Server>) {
    let strict = |sql: &str| on_base(server, &[sql], &["--policy", "strict"]).rules();
    for adds in [
        "CREATE TABLE t (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\nALTER TABLE t ADD UNIQUE (user_id);",
        "CREATE VIEW v AS SELECT id FROM users;\nCOMMENT ON COLUMN users.id IS 'number';",
        "CREATE TYPE size AS ENUM ('s', 'l');\nCREATE TABLE t (size size);\nINSERT INTO t VALUES ('s');",
    ] {
        assert_eq!(strict(adds), [""; 0], "{adds}");
    }
    for more in [
        "ALTER TABLE users ADD COLUMN a integer;",
        "UPDATE orders SET note = '' WHERE id = 1;",
        "ALTER FUNCTION area(integer) IMMUTABLE;",
        "CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();",
    ] {
        assert_eq!(strict(more), ["files/1.sql:1 not-strict"], "{more}");
    }
    // What the project says holds where nothing else is said.
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"shop\"\n[package.metadata.planwright]\npolicy = \"strict\"\n";
    put(folder.path(), &[("base.sql", BASE), ("Cargo.toml", manifest)]);
    put(folder.path(), &[("file.sql", "ALTER TABLE users ADD COLUMN a integer;")]);
    let files = ["file.sql", "--from", "base.sql", "--format", "json"];
    assert_eq!(lint(server, folder.path(), &files).rules(), ["file.sql:1 not-strict"]);
}
